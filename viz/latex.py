"""The whole derivation for LaTeX: what was computed, the local derivatives, the chains."""

from __future__ import annotations

import re
from typing import Sequence

from viz import formatting
from viz.chain import Chain
from viz.model import EdgeInfo, Graph, NodeInfo

LINE = 62
"""A line has room for about so many letters, on A4 with margins of 1 cm half as many again."""


def derivation(graph: Graph, chains: Sequence[Chain], format: str = formatting.DEFAULT) -> str:
    r"""An ``align*`` environment (package amsmath), long lines broken, long derivations over pages.

    Letters beyond Latin and Greek need a preamble, which the output names in a comment.

    Examples
    --------
    >>> from autograd import Value
    >>> from viz.chain import chain
    >>> a = Value(3, label="a")
    >>> found = chain(a * 2, a)
    >>> print(derivation(found.graph, [found]))
    \begin{align*}
    a &= 3 \\
    v_{1} &= a \cdot 2 = 6 \\
    \frac{\partial v_{1}}{\partial a} &= 2 \\
    \frac{\mathrm{d} v_{1}}{\mathrm{d} a} &= \frac{\partial v_{1}}{\partial a} = 2
    \end{align*}
    """
    rows = [_of_node(node, format) for node in [*graph.inputs, *(n for n in graph.nodes if n.kind != "input")]]
    rows += [row for edge in graph.edges if len(row := _of_edge(edge, format)) > 1]
    rows += [chain.latex_steps for chain in chains]
    lines = [line for row in rows for line in aligned(row)]
    body = " \\\\\n".join(lines)
    before = r"{\allowdisplaybreaks" + "\n" if len(lines) > 30 else ""
    after = "\n}" if before else ""
    return f"{preamble(body)}{before}\\begin{{align*}}\n{body}\n\\end{{align*}}{after}"


def preamble(text: str) -> str:
    """What a document needs before its beginning for letters that LaTeX does not know by itself, as comments."""
    hangul = re.search("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]", text)
    other = re.search("[\u0370-\u1fff\u2c00-\U0010ffff]", text)
    if not hangul and not other:
        return ""
    font = "NanumGothic" if hangul else "a font that has them"
    lines = [
        f"{'Hangul' if hangul else 'These letters'}: compile with lualatex, and put into the preamble:",
        r"\usepackage{amsmath, fontspec}",
        rf'\directlua{{luaotfload.add_fallback("letters", {{"{font}:mode=node;"}})}}',
        r"\setmainfont{Latin Modern Roman}[RawFeature={fallback=letters}]",
    ]
    return "".join(f"% {line}\n" for line in lines)


def _of_node(node: NodeInfo, format: str) -> list[str]:
    if isinstance(node.value, float):
        value = formatting.latex(node.value, format)
    else:
        value = formatting.latex_text(formatting.show(node.value, format, node.shape, node.value_stats))
    return [part for part in (node.latex, node.formula_latex, value) if part]


def _of_edge(edge: EdgeInfo, format: str) -> list[str]:
    value = None if edge.value is None else formatting.latex(edge.value, format)
    formula = edge.formula_latex if edge.formula_latex != value else None
    return [part for part in (edge.latex, formula, value) if part]


def aligned(steps: Sequence[str]) -> list[str]:
    """Steps of an equation as lines of ``align*``, broken at equals signs, then at plus and times."""
    head, *rest = steps
    lines: list[str] = []
    line, used = f"{head} &", 0
    for step in rest:
        for i, piece in enumerate(_pieces(step)):
            sign = "" if i else "= "
            size = width(piece) + 2
            if used and used + size > LINE:
                lines.append(line)
                line, used = "& " if not i else r"&\quad ", 0
            spaced = " " if line[-1] not in "& " else ""
            line, used = f"{line}{spaced}{sign}{piece}", used + size
    return [*lines, line]


def _pieces(step: str) -> list[str]:
    """A step in parts that fit into a line each: cut before the plus and times that stand outside of all brackets."""
    if width(step) <= LINE:
        return [step]
    parts, depth, start = [], 0, 0
    for m in re.finditer(r"\\left|\\right|[{}]| \+ | \\cdot ", step):
        depth += {"{": 1, "}": -1, r"\left": 1, r"\right": -1}.get(m[0], 0)
        if depth == 0 and m[0] in (" + ", r" \cdot "):
            parts.append(step[start : m.start()])
            start = m.start() + 1
    parts.append(step[start:])
    return parts


def width(latex: str) -> int:
    """About how many letters wide a formula is."""
    flat = re.sub(
        r"\\frac\{((?:[^{}]|\{[^{}]*\}|\{[^{}]*\{[^{}]*\}[^{}]*\})*)\}\{((?:[^{}]|\{[^{}]*\}|\{[^{}]*\{[^{}]*\}[^{}]*\})*)\}",
        lambda m: "x" * max(width(m[1]), width(m[2])),
        latex,
    )
    flat = re.sub(r"\\(left|right|mathrm|text|operatorname|,|top)", "", flat)
    flat = re.sub(r"\\[a-zA-Z]+", "x", flat)
    wide = sum(
        len(part) * 0.6 if part[0] in "_^" else len(part) for part in re.findall(r"[_^]\{[^{}]*\}|[^{}\s\\]", flat)
    )
    return round(wide)
