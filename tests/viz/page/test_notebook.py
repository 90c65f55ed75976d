"""The page inside a notebook: in a frame of its own, beside others, and a picture where scripts are not run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import viz
from tests.viz.page.conftest import Open
from tests.viz.programs import deep, long_chain, three
from viz import render


def output(drawing: viz.Drawing) -> str:
    return drawing._repr_mimebundle_()["text/html"]


def notebook(path: Path, *outputs: str) -> Path:
    """Outputs one below the other, as a notebook shows them, with its own style and script around."""
    path.write_text(
        "<!DOCTYPE html><meta charset=utf-8><style>body { margin: 8px; font: 13px serif } button { color: green }</style>"
        "<script>var live = 'mine';</script><h1>notebook</h1>"
        + "".join(f'<div class="output" style="width: 700px">{one}</div>' for one in outputs),
        encoding="utf-8",
    )
    return path


def test_two_in_one_notebook_do_not_meet(visit: Open, tmp_path: Path) -> None:
    first, second = viz.draw(three()[0], interactive=True), viz.draw(long_chain(), interactive=True)
    page = visit(notebook(tmp_path / "two.html", output(first), output(second)))
    frames = page.tab.frames[1:]
    for frame, drawing in zip(frames, (first, second)):
        frame.wait_for_selector(".picture .box")
        assert frame.locator("h1").inner_text() == drawing.title
    frames[0].locator(".controls button").first.click()
    assert frames[0].locator(".count").inner_text().startswith("0/")
    assert not frames[1].locator(".count").inner_text().startswith("0/")
    assert not page.problems


def test_nothing_leaks_into_the_notebook_or_out_of_it(visit: Open, tmp_path: Path) -> None:
    drawing = viz.draw(three()[0], interactive=True)
    page = visit(notebook(tmp_path / "one.html", output(drawing)))
    frame = page.tab.frames[1]
    frame.wait_for_selector(".picture .box")
    assert page.run("live") == "mine" and page.run("document.querySelectorAll('style').length") == 1
    assert page.run("getComputedStyle(document.body).fontFamily") == "serif"
    assert frame.evaluate("getComputedStyle(document.querySelector('.controls button')).color") != "rgb(0, 128, 0)"
    # Its own origin: neither can read the other.
    assert frame.evaluate("(() => { try { return parent.document.title; } catch { return 'closed'; } })()") == "closed"
    assert page.run("document.querySelector('iframe').contentDocument") is None
    assert len([url for url in page.requests if url.startswith("http")]) == 0 and not page.problems


def test_the_picture_remains_where_scripts_do_not_run(visit: Open, tmp_path: Path) -> None:
    """As on GitHub, and in a notebook that is not trusted: no frame."""
    bundle = viz.draw(three()[0], interactive=True)._repr_mimebundle_()
    assert bundle["image/svg+xml"].startswith("<svg") and "J = 3" in bundle["text/plain"]
    # What a sanitizer leaves of the HTML.
    left = re.sub(r"<iframe.*</iframe>", "", bundle["text/html"], flags=re.DOTALL)
    assert left != bundle["text/html"] and "<script" not in left
    page = visit(notebook(tmp_path / "off.html", left), java_script_enabled=False)
    picture = page.tab.locator("img")
    assert picture.get_attribute("alt") == "J = 3·(a + b·c)" and picture.bounding_box()["width"] > 300


def test_the_page_covers_the_picture(visit: Open, tmp_path: Path) -> None:
    for root in (three()[0], deep(60)):
        page = visit(notebook(tmp_path / "over.html", output(viz.draw(root, interactive=True))))
        seen = page.run("""() => [[5, 5], [200, 200], [600, 700]].map(([x, y]) => {
          const r = document.querySelector('.output').getBoundingClientRect();
          scrollTo(0, 0);
          return document.elementFromPoint(r.left + x, r.top + y)?.tagName;
        })""")
        assert set(seen) == {"IFRAME"}


def test_letters_keep_their_size_in_a_narrow_notebook(visit: Open, tmp_path: Path) -> None:
    """Wide pictures scroll, though notebooks shrink what is wider than they are."""
    html = output(viz.draw(deep(60)))
    path = notebook(tmp_path / "wide.html", html)
    shrinking = "<style>svg, img { max-width: 100%; height: auto }</style>"
    path.write_text(shrinking + path.read_text(encoding="utf-8"), encoding="utf-8")
    page = visit(path)
    drawn = page.run("""() => {
      const svg = document.querySelector('.output svg'), text = svg.querySelector('text');
      return [svg.getBoundingClientRect().width / svg.viewBox.baseVal.width, parseFloat(text.getAttribute('font-size')),
        document.documentElement.scrollWidth <= innerWidth];
    }""")
    assert drawn[0] * drawn[1] >= 9 and drawn[2]


def test_it_never_raises_and_needs_no_graphviz(visit: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(render.importlib.util, "find_spec", lambda name: None)
    bundle = viz.draw(three()[0], interactive=True)._repr_mimebundle_()
    assert "image/svg+xml" not in bundle and "no Graphviz" in bundle["text/plain"]
    page = visit(notebook(tmp_path / "bare.html", bundle["text/html"]))
    frame = page.tab.frames[1]
    frame.wait_for_selector(".picture .box")
    assert frame.locator(".box").count() == 6 and not page.problems
    odd = viz.draw(three()[0], interactive=True, format="+.2f")._repr_mimebundle_()
    assert "text/plain" in odd
