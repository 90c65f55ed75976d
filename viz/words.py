"""What is written on nodes and arrows, line by line."""

from __future__ import annotations

from typing import NamedTuple

from viz import formatting
from viz.model import NOT_YET, EdgeInfo, Graph, NodeInfo
from viz.stats import Stats
from viz.wrapping import wrapped

UNBROKEN = 60
TITLE = 20
"""Formulas in frames stay whole up to this long."""


class Lines(NamedTuple):
    """How texts are broken into lines; a layout tries several ways.

    Attributes
    ----------
    label : int
        Labels of arrows with more characters are broken at their equals signs.
    frame : int
        Longer lines in frames are broken, at their equals sign if there is one.
    joined : bool
        Whether a short value stands in one line with its formula.
    """

    label: int = 19
    frame: int = 36
    joined: bool = False


USUAL = Lines()


# --- nodes --------------------------------------------------------------------------------------------------


def title_lines(node: NodeInfo, lines: Lines = USUAL) -> list[str]:
    """A node's name and formula."""
    name = node.short if node.group else node.name
    return wrapped(f"{name} = {node.formula}" if node.formula else name, max(lines.frame, TITLE))


def value_lines(node: NodeInfo, format: str) -> list[str]:
    """What stands in blue: a number, or what is in an array; of what failed, what it was applied to."""
    if node.kind == "failed":
        return [node.worked or " "]
    return _compared(_lines(node, node.value, node.value_stats, format), node.was)


def _lines(node: NodeInfo, value: object, figures: Stats | None, format: str) -> list[str]:
    if value is not None or figures is None:
        shown = formatting.show(value, format, node.shape)
        return [f"⚠ {shown}" if "nan" in shown or "inf" in shown else shown]
    size = formatting.show(None, format, node.shape)
    told = formatting.told(figures, format)
    plain = [part for part in told if "⚠" not in part]
    warned = [part.removeprefix("⚠ ") for part in told if "⚠" in part]
    return [size, ", ".join(plain), *([f"⚠ {', '.join(warned)}"] if warned else [])]


def gradient_lines(node: NodeInfo, format: str) -> list[str]:
    """``dJ/da = 3``, or that there is none yet; and what ``.grad`` holds, where that is something else."""
    if not node.derivative_name:
        return []
    if not node.passed:
        return [NOT_YET]
    if not node.has_derivative:
        if not node.has_grad:
            return [NOT_YET]
        return _told(".grad", node, node.grad, node.grad_stats, format)
    lines = _told(node.derivative_name, node, node.derivative, node.derivative_stats, format)
    lines = _compared(lines, node.derivative_was)
    if node.accumulated:
        lines += _told(".grad", node, node.grad, node.grad_stats, format)
        lines.append(f"({node.passes})")
    return lines


def _compared(lines: list[str], was: str) -> list[str]:
    """With what it was in another recording, if that is something else."""
    if not was:
        return lines
    return [f"{lines[0]} (was {was})"] if len(lines) == 1 else [*lines, f"(was {was})"]


def _told(name: str, node: NodeInfo, value: object, figures: Stats | None, format: str) -> list[str]:
    first, *rest = _lines(node, value, figures, format)
    if rest:
        span, _, others = rest[0].partition(", ")
        long = len(rest[0]) > 22 and others
        return [f"{name}: {span}", others, *rest[1:]] if long else [f"{name}: {rest[0]}", *rest[1:]]
    return [f"{name} = {first}"]


# --- arrows -------------------------------------------------------------------------------------------------


def local(edge: EdgeInfo, format: str) -> list[str]:
    """A local derivative in its parts: ``∂u/∂b``, ``c``, ``2``, what is known of them and tells something."""
    parts = [edge.name]
    shown = None if edge.value is None else formatting.show(edge.value, format)
    if edge.formula is not None and (shown is None or not _is_number(edge.formula)):
        parts.append(edge.formula)
    return parts if shown is None else [*parts, shown]


def _is_number(formula: str) -> bool:
    try:
        float(formula.replace("−", "-").replace("∞", "inf").strip("()"))
    except ValueError:
        return False
    return True


def tells(edge: EdgeInfo) -> bool:
    """Whether more than its name is known of a local derivative."""
    return bool(edge.formula or edge.contribution or edge.remark) or edge.value is not None


def label_lines(edge: EdgeInfo, graph: Graph, format: str, longest: int) -> list[str]:
    """What stands on an arrow: the local derivative; between arrays, what it adds to the gradient."""
    if edge.contribution is not None:
        name = graph.node(edge.source).derivative_name
        uses = sum(e.source == edge.source for e in graph.edges)
        told = edge.contribution
        if uses > 1:
            told = f"… + ({told})" if told.startswith(formatting.MINUS) else f"… + {told}"
        parts = [name, told]
    else:
        parts = local(edge, format)
    lines = parts[:1]
    for part in parts[1:]:
        if len(lines[-1]) + len(part) + 3 <= longest:
            lines[-1] += f" = {part}"
        else:
            lines.append(f"= {part}")
    broken = [line for part in lines for line in wrapped(part, max(26, longest))]
    return [*broken, f"⚠ {edge.remark}"] if edge.remark else broken
