"""The report of a survey as one HTML file that needs no other: verdicts by function, the worst first."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence
from typing import Any

from .run import Survey

STYLE = """
:root { --ink: #1b1f24; --quiet: #5c6670; --line: #d5dae0; --ground: #ffffff; --raised: #f5f7f9;
        --right: #0f6ab4; --wrong: #b3261e; --doubt: #8a6100; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ec; --quiet: #9aa5b1; --line: #39414a; --ground: #15181c; --raised: #1e2328;
          --right: #6db3f2; --wrong: #ff8a80; --doubt: #e6b450; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground); margin: 2rem auto;
       max-width: 72rem; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
p.note, td.quiet, figcaption { color: var(--quiet); }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .25rem .7rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
details { background: var(--raised); border: 1px solid var(--line); border-radius: 4px; margin: .5rem 0;
          padding: .4rem .8rem; }
summary { cursor: pointer; } pre { overflow-x: auto; font-size: 13px; line-height: 1.4; }
.right { color: var(--right); } .wrong { color: var(--wrong); font-weight: 600; }
.undecided, .not-run, .no-gradient { color: var(--doubt); }
figure { margin: .5rem 0; } svg { max-width: 100%; height: auto; }
svg text { fill: var(--quiet); font: 11px system-ui, sans-serif; }
svg .claimed { stroke: var(--wrong); fill: none; stroke-width: 1.6; }
svg .measured { fill: var(--right); } svg .axis { stroke: var(--line); }
input { font: inherit; padding: .3rem .5rem; width: 22rem; max-width: 100%; }
"""

FILTER = """
const box = document.querySelector("#filter");
box.addEventListener("input", () => {
  for (const row of document.querySelectorAll("[data-name]"))
    row.hidden = !row.dataset.name.toLowerCase().includes(box.value.toLowerCase());
});
"""

KINDS = ("wrong", "not run", "undecided", "no gradient", "right")


def page(surveys: Sequence[Survey], known: Mapping[str, Mapping[str, str]] | None = None) -> str:
    """The whole report.

    Parameters
    ----------
    surveys
        One for each library.
    known
        The baseline: ``{library: {name: why}}``.
    """
    known = known or {}
    total = sum(len(s.results) for s in surveys)
    parts = [
        "<!doctype html><html lang=en><head><meta charset=utf-8><title>Derivatives checked</title>",
        f"<meta name=viewport content='width=device-width'><style>{STYLE}</style></head><body>",
        f"<h1>{total:,} derivatives checked</h1>",
        "<p class=note>Each function's derivative as its library gives it, against measured slopes with error bars. "
        "<b>Wrong</b> means: beyond the error bars, at the point shown.</p>",
        _summary(surveys),
        "<p><label>Show names with <input id=filter type=search placeholder='cdf, linalg, …'></label></p>",
    ]
    for s in surveys:
        parts.append(f"<h2>{_text(s.library)}</h2><p class=note>{_text(', '.join(s.versions))}</p>")
        for family, why in s.problems.items():
            parts.append(f"<p class=not-run>The family {_text(family)} could not be set up: {_text(why)}</p>")
        telling = [r for r in s.results if r["verdict"] != "right"]
        parts += [_card(s.library, r, known.get(s.library, {}).get(r["name"])) for r in telling]
        parts.append(_table(s.library, [r for r in s.results if r["verdict"] == "right"]))
    parts.append(f"<script>{FILTER}</script></body></html>")
    return "\n".join(parts)


def _summary(surveys: Sequence[Survey]) -> str:
    head = "".join(f"<th>{kind}</th>" for kind in KINDS)
    rows = [
        f"<tr><td>{_text(s.library)}</td><td>{len(s.results)}</td>"
        + "".join(f"<td class='{_class(k)}'>{s.count(k) or ''}</td>" for k in KINDS)
        + f"<td class=quiet>{s.seconds:.0f} s</td></tr>"
        for s in surveys
    ]
    return f"<table><tr><th>library</th><th>derivatives</th>{head}<th>time</th></tr>{''.join(rows)}</table>"


def _card(library: str, r: Mapping[str, Any], why_known: str | None) -> str:
    note = f" <span class=quiet>(known: {_text(why_known)})</span>" if why_known is not None else ""
    cause = f"<p>Likely cause: {_text(r['cause'])}</p>" if r.get("cause") else ""
    opened = " open" if r["verdict"] == "wrong" and why_known is None else ""
    return (
        f"<details data-name='{_text(r['name'])}'{opened}><summary>"
        f"<span class='{_class(r['verdict'])}'>{r['verdict']}</span> "
        f"<b>{_text(r['name'])}</b>{note} <span class=quiet>{_text(r.get('message', ''))}</span></summary>"
        f"{cause}{picture(r.get('curve'))}<p>Reproduce:</p><pre>{_text(reproduction(library, r))}</pre>"
        f"<pre>{_text(r.get('report', ''))}</pre></details>"
    )


def _table(library: str, right: Sequence[Mapping[str, Any]]) -> str:
    if not right:
        return ""
    rows = [
        f"<tr data-name='{_text(r['name'])}'><td>{_text(r['name'])}</td><td>{r['points']}</td><td>{r['compared']}</td>"
        f"<td>{_parts(r['sharpness'])}</td><td>{picture(r.get('curve'), 120, 28)}</td></tr>"
        for r in right
    ]
    return (
        f"<details><summary><span class=right>right</span>: {len(right)} derivatives of {_text(library)}</summary>"
        "<table>"
        "<tr><th>function</th><th>points</th><th>compared</th><th>right to</th><th>slope</th></tr>"
        f"{''.join(rows)}</table></details>"
    )


def _parts(sharpness: float | None) -> str:
    """``"2 parts in 10<sup>11</sup>"``."""
    if not sharpness:
        return ""
    power = math.ceil(-math.log10(sharpness))
    return f"{max(1, round(sharpness * 10**power))} in 10<sup>{power}</sup>"


def reproduction(library: str, r: Mapping[str, Any]) -> str:
    """Python that shows the same error, to paste."""
    at = ", ".join(r.get("at") or [])
    usable = at and "<array" not in at and not r.get("given")
    return (
        "import numpy as np\nfrom autograd.check.survey.registry import load\n"
        f"print(load({library!r})[{r['name']!r}].check({at if usable else ''}))"
    )


def picture(curve: Mapping[str, Sequence[float]] | None, width: int = 460, height: int = 170) -> str:
    """Claimed (line) against measured (dots) slopes over the domain, as SVG; small ones without words."""
    if not curve:
        return ""
    small = height < 60
    left, top, right, bottom = (2, 2, 2, 2) if small else (58, 10, 10, 32)
    at, claimed, measured = curve["at"], curve["claimed"], curve["measured"]
    low, high = min(*claimed, *measured), max(*claimed, *measured)
    span, reach = (high - low) or 1.0, (at[-1] - at[0]) or 1.0

    def x(v: float) -> float:
        return left + (v - at[0]) / reach * (width - left - right)

    def y(v: float) -> float:
        return height - bottom - (v - low) / span * (height - top - bottom)

    line = " ".join(f"{x(a):.1f},{y(c):.1f}" for a, c in zip(at, claimed, strict=True))
    dots = "".join(
        f"<circle class=measured cx={x(a):.1f} cy={y(m):.1f} r={1 if small else 2.2} />"
        for a, m in zip(at, measured, strict=True)
    )
    drawing = f"<polyline class=claimed points='{line}'/>{dots}"
    if small:
        return f"<svg viewBox='0 0 {width} {height}' width={width} height={height} role=img>{drawing}</svg>"
    words = (
        f"<line class=axis x1={left} x2={width - right} y1={height - bottom} y2={height - bottom} />"
        f"<text x={left} y={height - 14}>{at[0]:.4g}</text>"
        f"<text x={width - right} y={height - 14} text-anchor=end>{at[-1]:.4g}</text>"
        f"<text x={left - 6} y={top + 8} text-anchor=end>{high:.3g}</text>"
        f"<text x={left - 6} y={height - bottom} text-anchor=end>{low:.3g}</text>"
    )
    return (
        f"<figure><svg viewBox='0 0 {width} {height}' width={width} height={height} role=img "
        f"aria-label='claimed and measured slope over the domain'>{words}{drawing}</svg>"
        "<figcaption>claimed: line; measured: dots</figcaption></figure>"
    )


def _class(verdict: str) -> str:
    return verdict.replace(" ", "-")


def _text(s: Any) -> str:
    return html.escape(str(s), quote=True)
