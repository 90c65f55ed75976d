"""How large the live page is, how fast it is painted, and how fast it answers, in a headless Chromium.

python benchmarks/page.py        (needs the extra `browser` and a Chromium)
"""

from __future__ import annotations

import math
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

import viz
from autograd import Value, tanh

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
REPEATS, OPENED = 30, 5
# To the end of the frame in which the change can be seen.
TIMED = """([what, repeats]) => new Promise((done) => {
  const page = live.opened.page, times = [], work = [];
  const once = (k) => {
    if (k === repeats) {
      times.sort((a, b) => a - b);
      work.sort((a, b) => a - b);
      done([work[0], work[repeats >> 1], times[repeats >> 1]]);
      return;
    }
    const began = performance.now();
    if (what === 'step') page.player.go(page.steps.length - 2 - k);
    else if (what === 'sums') { page.graph.set(page.graph.knobs[0], 0.3 + 0.001 * k); page.graph.update(); }
    else page.change(page.graph.knobs[0], 0.3 + 0.001 * k);
    document.body.getBoundingClientRect();
    work.push(performance.now() - began);
    requestAnimationFrame(() => setTimeout(() => { times.push(performance.now() - began); once(k + 1); }, 0));
  };
  once(0);
})"""
PAINTED = """() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(
  performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? performance.now()), 0)))"""


def three() -> Value:
    """J = 3(a + bc)."""
    a, b, c = Value(5, label="a"), Value(3, label="b"), Value(2, label="c")
    J = 3 * (a + b * c)
    J.label = "J"
    return J


def woven(size: int) -> Value:
    """A program of `size` nodes that uses its results again, each of which depends on the one before."""
    values = [Value(x, label=f"x{i}") for i, x in enumerate((0.3, 0.7, -0.2))]
    while len(values) < size:
        x, y = values[-1], values[-3]
        values.append([x * y, x + y, tanh(x)][len(values) % 3])
    values[-1].label = "J"
    return values[-1]


def opened(browser: Browser, root: Value, **options: bool) -> tuple[Page, int, int, float]:
    """The page of a program in a tab, its number of nodes, its size, and the least time to its first paint."""
    made = viz.page(root, **options)
    first = math.inf
    with tempfile.TemporaryDirectory() as folder:
        path = made.save(Path(folder) / "page.html")
        size = path.stat().st_size
        for k in range(OPENED):
            tab = browser.new_page(viewport={"width": 1280, "height": 800})
            tab.goto(path.as_uri(), wait_until="commit")
            tab.wait_for_selector(".picture .box")
            first = min(first, tab.evaluate(PAINTED))
            if k < OPENED - 1:
                tab.close()
    return tab, len(made.drawing.graph.nodes), size, first


def main() -> None:
    """Print the figures."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name, root, options in (
            ("J = 3(a + bc)", three(), {}),
            ("500 nodes, all drawn", woven(500), {}),
            ("1,000 nodes, all drawn", woven(1000), {"fold": False}),
            ("5,000 nodes, folded", woven(5000), {}),
            ("5,000 nodes, all drawn", woven(5000), {"fold": False}),
        ):
            tab, nodes, size, first = opened(browser, root, **options)
            print(f"{name} ({nodes:,} nodes, {size / 1000:.0f} kB): painted after {first:.0f} ms")
            for what in ("step", "sums", "change"):
                repeats = REPEATS if what != "step" else min(REPEATS, tab.evaluate("live.opened.page.steps.length") - 2)
                least, median, frame = tab.evaluate(TIMED, [what, repeats])
                print(f"    {what:6}  least {least:6.1f} ms, median {median:6.1f} ms, with its frame {frame:6.1f} ms")
            tab.close()
        browser.close()


if __name__ == "__main__":
    main()
