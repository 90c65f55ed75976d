"""The page for everyone: closed to requests and to labels, by keyboard, on phones, in the dark, in Korean, on paper."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import viz
from autograd import Value, nn
from tests.viz.page.conftest import CHROMIUM, Open, live
from tests.viz.programs import EIGHT, labelled, name, three

AXE = Path(viz.__file__).parent / "page" / "js" / "node_modules" / "axe-core" / "axe.min.js"
SIZES = {"laptop": (1280, 800), "projector": (1280, 720), "phone": (390, 844)}
BESIDE_IT = """() => {
  // Everything that can be seen stands inside the window, but for what scrolls inside its own frame.
  const wide = document.documentElement.scrollWidth > innerWidth;
  const out = [...document.querySelectorAll('header *, aside *, .player *, .trace *')].filter((x) => {
    const r = x.getBoundingClientRect();
    return r.width && !x.closest('svg') && (r.left < -1 || r.right > innerWidth + 1);
  });
  return [wide, out.map((x) => x.outerHTML.slice(0, 80))];
}"""


@pytest.mark.parametrize("program", EIGHT)
def test_opens_alone_without_a_request_or_a_violation(visit: Open, program: str) -> None:
    page = visit(live(program))
    page.press("Home")
    page.press("ArrowRight")
    assert [url for url in page.requests if not url.startswith("file:")] == [] and len(page.requests) == 1
    assert not page.problems


def test_the_policy_is_in_force(visit: Open) -> None:
    page = visit(live("three"))
    tried = page.run(
        """() => new Promise((done) => {
          const found = [];
          document.addEventListener('securitypolicyviolation', (event) => {
            found.push(event.effectiveDirective);
            if (found.length === 3) done(found.sort());
          });
          const script = document.createElement('script');
          script.textContent = 'window.ran = 1';
          const style = document.createElement('style');
          style.textContent = 'body { color: red }';
          const image = document.createElement('img');
          image.src = 'https://example.invalid/x.png';
          document.body.append(script, style, image);
        })"""
    )
    assert tried == ["img-src", "script-src-elem", "style-src-elem"] and page.run("window.ran") is None


EVIL = [
    "<img src=x onerror=window.ran=1>", "</script><script>window.ran=1</script>", "<svg onload=window.ran=1>",
    "&lt;b&gt;", "\"' onfocus=window.ran=1 x='", "{0}{*}$&$1", "javascript:window.ran=1", "constructor", "__proto__",
    "=1+1", "한글 라벨", "‮abc", "a\nb\tc",
]  # fmt: skip


@pytest.mark.parametrize("label", EVIL)
def test_labels_inject_nothing(visit: Open, label: str) -> None:
    _injects_nothing(visit, label)


@given(st.text(min_size=1, max_size=40).filter(lambda text: text.strip()))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_no_text_injects_anything(visit: Open, label: str) -> None:
    _injects_nothing(visit, label)


def _injects_nothing(visit: Open, label: str) -> None:
    a = Value(2, label=label)
    page = visit(name(a * 3 + a, label + "J"))
    for tab in ("curve", "descend", "find", "inputs"):
        page.click(f"[data-tab={tab}]")
    for box in page.run("() => live.opened.page.view.boxes.map((box) => box.id)"):
        page.run("box => live.opened.page.choose(box)", box)
    page.click("text=한국어")
    assert page.run("window.ran") is None and not page.problems
    assert page.tab.locator("img, iframe, object, embed, svg script").count() == 0
    assert page.tab.locator("script").count() in (0, 2)
    shown = page.run("() => live.opened.page.graph.names[0]")
    assert shown == viz.record(a * 3).nodes[0].name.encode(errors="replace").decode()
    page.tab.context.close()


# --- sizes, themes, paper -------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("program", ["three", "network", "dead_units"])
def test_nothing_is_cut_off(visit: Open, program: str, size: str, theme: str) -> None:
    page = visit(live(program), size=SIZES[size], color_scheme=theme)
    assert page.run(BESIDE_IT) == [False, []]
    for tab in ("curve", "descend", "find"):
        page.click(f"[data-tab={tab}]")
        assert page.run(BESIDE_IT) == [False, []], tab
    assert not page.problems


OUTSIDE = """() => live.opened.page.view.boxes.flatMap(({ id }) => {
  const box = live.opened.page.picture.boxes[id].g;
  const frame = box.querySelector('rect').getBoundingClientRect();
  return [...box.querySelectorAll('.row')].filter((row) => {
    const r = row.getBoundingClientRect();
    return r.width && (r.left < frame.left - 1 || r.right > frame.right + 1 || r.top < frame.top - 2 ||
      r.bottom > frame.bottom + 3);
  }).map((row) => row.textContent);
})"""


@pytest.mark.parametrize("program", EIGHT)
def test_texts_keep_inside_their_boxes(visit: Open, program: str) -> None:
    """Also when the numbers have grown longer."""
    page = visit(live(program))
    assert page.run(OUTSIDE) == []
    page.run("""() => {
      const { graph } = live.opened.page;
      graph.knobs.forEach((i) => graph.set(i, -1.2345e-5));
      live.opened.page.change(graph.knobs[0] ?? 0, 0.1);
    }""")
    assert page.run(OUTSIDE) == [] and not page.problems


@pytest.mark.parametrize("family", ["DejaVu Sans", "Noto Serif", "NanumGothic"])
def test_texts_keep_inside_their_boxes_in_other_fonts(browser: Any, family: str, tmp_path: Path) -> None:
    """On a machine where another font, wider or narrower, stands for Helvetica and Arial."""
    found = (
        subprocess.run(["fc-list", family, "file"], capture_output=True, text=True) if shutil.which("fc-list") else None
    )
    if found is None or not found.stdout.strip():
        pytest.skip(f"no {family} here")
    folders = {str(Path(line.partition(":")[0]).parent) for line in found.stdout.splitlines()}
    alias = '<alias binding="same"><family>{}</family><prefer><family>{}</family></prefer></alias>'
    (tmp_path / "fonts.conf").write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        + "".join(f"<dir>{folder}</dir>" for folder in folders)
        + f"<cachedir>{tmp_path}</cachedir>"
        + "".join(alias.format(wanted, family) for wanted in ("Helvetica", "Arial", "sans-serif"))
        + "</fontconfig>"
    )
    env = {**os.environ, "FONTCONFIG_FILE": str(tmp_path / "fonts.conf")}
    other = browser.browser_type.launch(executable_path=CHROMIUM, args=["--no-sandbox"], env=env)
    try:
        tab = other.new_page()
        for program in ("three", "logistic_regression", "dead_units"):
            tab.goto(live(program).save(tmp_path / f"{program}.html").as_uri())
            assert tab.evaluate(OUTSIDE) == [], program
    finally:
        other.close()


def test_nothing_is_hidden_below_a_tall_picture(visit: Open) -> None:
    ws = labelled(**{f"w{i}": i for i in range(60)})
    page = visit(name(sum((w * i for i, w in enumerate(ws)), Value(0)), "J"), size=SIZES["projector"])
    page.click(page.box("w3"), position={"x": 5, "y": 5})
    trace, button = (page.tab.locator(x).bounding_box() for x in (".trace", ".trace .actions"))
    assert button["y"] + button["height"] <= trace["y"] + trace["height"] + 1


def test_letters_are_never_too_small_without_saying_so(visit: Open) -> None:
    page = visit(live("network"), size=SIZES["phone"])
    letters = "() => 12 * live.opened.page.stage.scale"
    assert page.run(letters) >= 9 and page.read(".small-notice") == ""
    for _ in range(3):
        page.click("[aria-label=Smaller]")
    assert page.run(letters) < 9 and "zoom in" in page.read(".small-notice")
    page.click("[aria-label=Fit]")
    assert page.run(letters) >= 9 and page.read(".small-notice") == ""


def test_a_finger_taps_and_everything_is_large_enough(visit: Open) -> None:
    page = visit(live("three"), size=SIZES["phone"], has_touch=True, is_mobile=True)
    page.tab.locator(page.box("b")).tap()
    assert page.read(".equation").startswith("dJ/db")
    small = page.run("""() => [...document.querySelectorAll('button, input, select, .box')].filter((x) => {
      const label = x.closest('label'), r = (label ?? x).getBoundingClientRect();
      return r.width && (r.width < 24 || r.height < 24);
    }).map((x) => x.outerHTML.slice(0, 90))""")
    assert small == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_contrast(visit: Open, theme: str) -> None:
    """Of every colour of text against what it stands on, in the picture too, which axe does not measure."""
    page = visit(live("three"), color_scheme=theme)
    page.click(page.box("b"))
    ratios = page.run("""() => {
      const style = getComputedStyle(document.documentElement);
      const canvas = document.createElement('canvas').getContext('2d');
      const light = (name) => {
        canvas.fillStyle = style.getPropertyValue(name);
        const n = parseInt(canvas.fillStyle.slice(1), 16);
        const [r, g, b] = [n >> 16, (n >> 8) & 255, n & 255].map((c) => c / 255)
          .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const texts = ['--ink', '--soft', '--blue', '--red', '--faded', '--warning'];
      const grounds = ['--ground', '--panel', '--input', '--result'];
      return texts.flatMap((t) => grounds.map((g) => {
        const [a, b] = [light(t), light(g)];
        return [t, g, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)];
      })).concat([['--ink', '--lit', (() => {
        const [a, b] = [light('--ink'), light('--lit')];
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      })()]]);
    }""")
    assert [entry for entry in ratios if entry[2] < 4.5] == []


def test_theme_can_be_chosen(visit: Open) -> None:
    page = visit(live("three"))
    ground = "() => getComputedStyle(document.body).backgroundColor"
    light = page.run(ground)
    page.choose("select[aria-label=Theme]", "dark")
    assert page.run(ground) != light
    page.until("location.hash === '#theme=dark'")


def test_prints_the_picture_and_the_chain(visit: Open) -> None:
    page = visit(live("three"), "#of=b")
    page.tab.emulate_media(media="print")
    assert page.tab.locator(".picture").is_visible() and page.tab.locator(".equation").is_visible()
    assert not page.tab.locator(".controls").is_visible()
    assert page.tab.pdf()[:5] == b"%PDF-"


# --- languages ------------------------------------------------------------------------------------------------


def test_korean_is_chosen_by_the_browser_and_by_hand(visit: Open) -> None:
    page = visit(live("three"), locale="ko-KR")
    assert page.run("document.documentElement.lang") == "ko" and "바꿔 보기" in page.read("aside")
    page.click("text=English")
    assert page.run("document.documentElement.lang") == "en" and "What if" in page.read("aside")


def test_hangul_labels(visit: Open) -> None:
    a, b = labelled(무게=2, 입력=3)
    page = visit(name(a * b, "손실"), locale="ko-KR")
    assert "손실 = 무게·입력" in page.text(page.box("손실"))
    page.click(page.box("무게"))
    assert page.read(".equation") == "d손실/d무게 = ∂손실/∂무게 = 입력 = 3"


# --- keyboard and screen reader -------------------------------------------------------------------------------


def test_by_keyboard_alone(visit: Open) -> None:
    """Nodes come in order of computation; Enter traces, Escape clears."""
    page = visit(live("three"))
    page.tab.locator(page.box("b")).focus()
    names = []
    for _ in range(5):
        names.append(page.run("() => live.opened.page.view.boxes[document.activeElement.dataset.box].name"))
        page.press("Tab")
    # In order of computation; the browser lays no weight on where they stand.
    assert names == [node.name for node in viz.record(three()[0]).nodes[1:]]
    page.tab.locator(page.box("u")).focus()
    page.press("Enter")
    assert page.read(".equation").startswith("dJ/du")
    page.press("Escape")
    assert page.tab.locator(".equation").count() == 0
    page.press("ArrowLeft")
    assert page.read(".count") == "8/9"


def test_each_step_is_announced_once(visit: Open) -> None:
    page = visit(live("three"))
    page.press("Home")
    page.run("""() => {
      window.said = [];
      new MutationObserver((all) => all.forEach((change) => {
        const live = change.target.parentElement?.closest('[aria-live], [role=status]') ??
          (change.target.closest && change.target.closest('[aria-live], [role=status]'));
        if (live && live.textContent) window.said.push(live.textContent);
      })).observe(document.body, { subtree: true, childList: true, characterData: true });
    }""")
    page.press("ArrowRight")
    page.press("ArrowRight")
    assert page.run("window.said") == ["u = b·c = 3·2 = 6", "v = a + u = 5 + 6 = 11"]


def test_boxes_say_what_can_be_seen_of_them(visit: Open) -> None:
    page = visit(live("three"))
    assert page.tab.locator(page.box("u")).get_attribute("aria-label") == "u = b·c, 6, dJ/du = 3"
    page.press("Home")
    assert page.tab.locator(page.box("u")).get_attribute("aria-label") == "u = b·c"


@pytest.mark.parametrize("size", ["laptop", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(visit: Open, theme: str, size: str) -> None:
    if not AXE.exists():
        pytest.skip("left out: axe, which needs Node and (cd viz/page/js && npm ci)")
    page = visit(live("three"), size=SIZES[size], color_scheme=theme)
    page.run(AXE.read_text(encoding="utf-8"))
    for prepare in (
        lambda: None, lambda: page.click(page.box("b")), lambda: page.click("[data-tab=curve]"),
        lambda: page.click("[data-tab=descend]"), lambda: page.click("[data-tab=find]"),
        lambda: page.click(".player .switch input"),
    ):  # fmt: skip
        prepare()
        found: Any = page.run("async () => (await axe.run()).violations")
        assert [
            (x["id"], [n["html"][:120] for n in x["nodes"]]) for x in found if x["impact"] in ("serious", "critical")
        ] == []


@pytest.mark.parametrize("program", ["groups", "network"])
def test_axe_finds_nothing_in_groups_and_networks(visit: Open, program: str) -> None:
    if not AXE.exists():
        pytest.skip("left out: axe, which needs Node and (cd viz/page/js && npm ci)")
    net = nn.MLP(3, [3, 1], "tanh", rng=0)
    page = visit(viz.page(net, X=[[1, 2, 3], [0, 1, 0]]) if program == "network" else viz.page(net([Value(1.0)] * 3)))
    page.run(AXE.read_text(encoding="utf-8"))
    found: Any = page.run("async () => (await axe.run()).violations")
    assert [x["id"] for x in found if x["impact"] in ("serious", "critical")] == []
    assert page.run(BESIDE_IT) == [False, []] and not page.problems


def test_motion_is_not_added(visit: Open) -> None:
    """Nothing moves by itself, so there is nothing to be reduced."""
    page = visit(live("three"), reduced_motion="reduce")
    moving = page.run("""() => [...document.querySelectorAll('*')].filter((x) => {
      const style = getComputedStyle(x);
      return parseFloat(style.transitionDuration) || style.animationName !== 'none';
    }).length""")
    assert moving == 0
