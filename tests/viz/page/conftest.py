"""A browser for the tests of the live page: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import shutil
import time
from functools import cache
from pathlib import Path
from typing import Any, Callable, Iterator

import pytest

import viz
from tests.viz.programs import EIGHT

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
NO_BROWSER = (
    'left out: tests of the live page in a browser, which need python -m pip install -e ".[browser]" and a Chromium '
    "(apt-get install chromium)"
)


def _missing() -> bool:
    try:
        import playwright.sync_api  # noqa: F401  (whether it can be)
    except ImportError:
        return True
    return CHROMIUM is None


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A browser without a window."""
    if _missing():
        pytest.skip(NO_BROWSER)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # Without a sandbox it also runs as root, as in a container; the pages are our own.
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


class Visit:
    """An opened page, which counts what its visitor does, and remembers what went wrong."""

    def __init__(self, tab: Any, problems: list[str], requests: list[str]) -> None:
        self.tab, self.problems, self.requests = tab, problems, requests
        self.done = 0

    def click(self, selector: str, **options: Any) -> None:
        """One click."""
        self.done += 1
        self.tab.locator(selector).first.click(**options)

    def press(self, key: str) -> None:
        """One key."""
        self.done += 1
        self.tab.keyboard.press(key)

    def choose(self, selector: str, label: str) -> None:
        """Open a list, and choose: two clicks."""
        self.done += 2
        self.tab.select_option(selector, label=label)

    def read(self, selector: str) -> str:
        """The text of the first element of its kind."""
        return str(self.tab.locator(selector).first.inner_text())

    def box(self, name: str) -> str:
        """The selector of a node's box."""
        number = self.tab.evaluate("name => live.opened.page.view.boxes.findIndex(b => b.name === name)", name)
        assert number >= 0, f"no box {name}"
        return f'.box[data-box="{number}"]'

    def run(self, script: str, argument: Any = None) -> Any:
        """The value of an expression, or of a function of `argument`."""
        return self.tab.evaluate(script, argument)

    def text(self, selector: str) -> str:
        """All that the first element of its kind contains."""
        return str(self.tab.locator(selector).first.text_content())

    def until(self, script: str, seconds: float = 10) -> None:
        """Wait for an expression to become true. (Playwright's own waiting needs eval, which the page forbids.)"""
        end = time.monotonic() + seconds
        while not self.tab.evaluate(script):
            assert time.monotonic() < end, script
            self.tab.wait_for_timeout(20)


Open = Callable[..., Visit]


@cache
def live(program: str) -> viz.LivePage:
    """The whole page of one of the eight programs, laid out once for all tests."""
    return viz.page(EIGHT[program](), fold=False)


@pytest.fixture
def visit(browser: Any, tmp_path: Path) -> Iterator[Open]:
    """Opens the live page of a result, of a file or of HTML."""
    contexts = []

    def opened(page: Any, hash: str = "", size: tuple[int, int] = (1280, 800), **settings: Any) -> Visit:
        if isinstance(page, Path):
            path = page
        else:
            path = tmp_path / f"page{len(contexts)}.html"
            if isinstance(page, str):
                path.write_text(page, encoding="utf-8")
            else:
                (page if isinstance(page, viz.LivePage) else viz.page(page)).save(path)
        width, height = size
        context = browser.new_context(
            viewport={"width": width, "height": height}, **{"locale": "en-US", "color_scheme": "light", **settings}
        )
        contexts.append(context)
        tab = context.new_page()
        problems: list[str] = []
        requests: list[str] = []
        tab.on("pageerror", lambda error: problems.append(str(error)))
        tab.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        tab.on("dialog", lambda dialog: (problems.append("a dialog"), dialog.dismiss()))
        tab.on("request", lambda request: requests.append(request.url))
        tab.goto(path.as_uri() + hash)
        return Visit(tab, problems, requests)

    yield opened
    for context in contexts:
        context.close()
