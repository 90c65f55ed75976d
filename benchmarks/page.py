"""How large the live page is, how fast it is painted, and how fast it answers, in a headless Chromium.

python benchmarks/page.py        (needs the extra `browser` and a Chromium; three minutes on a quiet machine)

It prints the table of docs/page.md, section "Size and speed", ready to replace the one that stands there.
"""

from __future__ import annotations

import math
import os
import random
import shutil
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

import viz
from autograd import Value, tanh

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
REPEATS, OPENED, PARTS = 30, 5, 40
# The work of the script and of the layout.
TIMED = """([what, repeats]) => {
  const page = live.opened.page, times = [];
  for (let k = 0; k < repeats; k++) {
    const began = performance.now();
    if (what === 'step') page.player.go(page.steps.length - 2 - k);
    else if (what === 'sums') { page.graph.set(page.graph.knobs[0], 0.3 + 0.001 * k); page.graph.update(); }
    else if (what === 'change') page.change(page.graph.knobs[0], 0.3 + 0.001 * k);
    else {
      const closed = page.view.boxes.filter((box) => box.group);
      if (!closed.length) break;
      page.openGroup(closed[(7 * k) % closed.length].group.group);
    }
    document.body.getBoundingClientRect();
    times.push(performance.now() - began);
  }
  return times;
}"""
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


def perceptron(width: int) -> Value:
    """An MLP of two hidden layers, by operators: every part of it is as dense as can be."""
    draw = random.Random(0)
    h = [Value(draw.gauss(0, 1), label=f"x{i}") for i in range(1, width + 1)]
    for size in (width, width, 1):
        out = []
        for _ in range(size):
            s = Value(0.0)
            for x in h:
                s = s + Value(draw.gauss(0, 1) / width**0.5) * x
            out.append(s.tanh())
        h = out
    h[0].label = "J"
    return h[0]


def opened(browser: Browser, root: Value, **options: bool) -> tuple[list[Page], int, int, float]:
    """The page of a program in several tabs, its number of nodes, its size, and the least time to its first paint."""
    made = viz.page(root, **options)
    first, tabs = math.inf, []
    with tempfile.TemporaryDirectory() as folder:
        path = made.save(Path(folder) / "page.html")
        size = path.stat().st_size
        for _ in range(OPENED):
            tab = browser.new_page(viewport={"width": 1280, "height": 800})
            tab.goto(path.as_uri(), wait_until="commit")
            tab.wait_for_selector(".picture .box")
            first = min(first, tab.evaluate(PAINTED))
            tabs.append(tab)
    return tabs, len(made.drawing.graph.nodes), size, first


def figures(tabs: list[Page]) -> dict[str, str]:
    """The least time of a step, of the sums and of a change; of opening a part of the picture, the median and most."""
    found: dict[str, str] = {}
    tab = tabs[0]
    for what in ("step", "sums", "change"):
        repeats = REPEATS if what != "step" else min(REPEATS, tab.evaluate("live.opened.page.steps.length") - 2)
        found[what] = f"{min(tab.evaluate(TIMED, [what, repeats])):.1f} ms"
    # Each part in a page that was just opened as often: what else runs, or collects garbage, is not the part's.
    visits = [tab.evaluate(TIMED, ["open", PARTS]) for tab in tabs[1:]]
    times: list[float] = [min(each) for each in zip(*visits)]
    found["open"] = f"{statistics.median(times):.0f} ms, at most {max(times):.0f} ms" if times else "–"
    return found


def main() -> None:
    """Print the table."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        print('Replace the table in docs/page.md, "Size and speed", and the sentence before it, by this:\n')
        machine = f"{os.cpu_count()} cores (load {os.getloadavg()[0]:.1f} at the beginning)"
        chromium = f"a headless Chromium {browser.version.split('.')[0]}"
        print(f"On {machine}, in {chromium}, the least of {OPENED} openings, {REPEATS} steps and {REPEATS} changes:\n")
        print("| | size | painted after | a step | an input changed | its sums alone | a part opened |")
        print("|---|---|---|---|---|---|---|")
        for name, root, options in (
            ("J = 3(a + bc)", three(), {}),
            ("500 nodes, all drawn", woven(500), {}),
            ("1,000 nodes, all drawn", woven(1000), {"fold": False}),
            ("5,000 nodes, folded", woven(5000), {}),
            ("5,000 nodes, all drawn", woven(5000), {"fold": False}),
            ("MLP 60-60-60-1 by operators, folded", perceptron(60), {}),
        ):
            tabs, nodes, size, first = opened(browser, root, **options)
            told = figures(tabs)
            print(
                f"| {name} ({nodes:,} nodes) | {size / 1000:,.0f} kB | {first / 1000:.1f} s | {told['step']} | "
                f"{told['change']} | {told['sums']} | {told['open']} |"
            )
            for tab in tabs:
                tab.close()
        browser.close()


if __name__ == "__main__":
    main()
