"""`check_gradient`: programs of this package's engine, in reverse and forward mode, to any order, node by node."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import wraps
from typing import Any

import numpy as np

from autograd.functions.register import is_other_array
from autograd.functions.transfer import transfer
from autograd.graph import ancestors
from autograd.node import Node, stored
from autograd.node import plain as plain_data

from .clock import Clock
from .engine_pairs import data, engine_pair, forward_pair, gradient_program, spread, variable
from .judge import quiet
from .point import judged
from .problem import Problem
from .report import Report
from .report import plain as source
from .signatures import fixing, told
from .tally import total
from .trees import mapped
from .verdicts import Verdict
from .ways import hessian_symmetric, modes_agree, ways_agree

MODES = ("reverse", "forward")


def check_gradient(
    f: Callable[..., Any],
    *xs: Any,
    args: Sequence[Any] = (),
    kwargs: Mapping[str, Any] | None = None,
    order: int = 1,
    modes: Sequence[str] | str = ("reverse",),
    seed: int | None = None,
    seconds: float = math.inf,
) -> Report:
    """Differentiate `f` with this package's engine at the point `xs` and judge the result.

    What is judged is what users run: ``Value.backward()`` of a program of numbers, ``Tensor.backward()`` of one of
    arrays. A recorded backward pass, and `vjp`, have to give the same.

    Parameters
    ----------
    f
        A program of Values (for inputs that are numbers) and Tensors (for arrays); returns one of those, or a tuple.
    *xs
        The point: floats, float arrays, Values or Tensors (of which the data is taken); also dicts, lists, tuples and
        dataclasses of these, in which integers and whatever else is no float are held fixed.
    args, kwargs
        Further arguments of f, held fixed.
    order
        1 for the gradient, 2 for also the gradient of the gradient (and the symmetry of the Hessian), and so on.
    modes
        Of "reverse" and "forward"; with both, ⟨v, J u⟩ is also compared between them.
    seed
        Repeats the random choices of an earlier check.
    seconds
        As for `check_vjp`.

    Returns
    -------
    Report
        See `check_vjp`. If the gradient is wrong, ``report.nodes`` holds a report for each recorded node up to the
        first whose own derivative is wrong.

    Raises
    ------
    TypeError
        If f is no function.
    ValueError
        If `order` or `modes` is none of these.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd.check import check_gradient
    >>> check_gradient(lambda x: (x * x).sum(), np.array([1.0, 2.0]), order=2, modes=("reverse", "forward")).verdict
    'right'
    >>> check_gradient(lambda a, b: (a * b).tanh(), 0.5, -2.0).verdict
    'right'
    """
    modes = (modes,) if isinstance(modes, str) else tuple(modes)
    unknown = [m for m in modes if m not in MODES]
    if unknown or not modes:
        raise ValueError(f"modes are 'reverse' and 'forward', got {', '.join(map(repr, unknown)) or 'none'}")
    if isinstance(order, bool) or not isinstance(order, int) or order < 1:
        raise ValueError(f"order must be a whole number from 1 on, got {order!r}")
    if not callable(f):
        raise TypeError(f"f must be a function, got {type(f).__name__}: call as check_gradient(f, *xs)")
    f = fixing(f, args, kwargs)
    if any(is_other_array(data(x)) for x in xs):
        f, xs = _in_their_library(f, tuple(map(data, xs)))
    program, given, names = spread(f, xs)
    entropy = int(np.random.SeedSequence().generate_state(1)[0]) if seed is None else seed
    rng = np.random.default_rng(entropy)
    name, clock = getattr(f, "__name__", "f"), Clock(seconds)
    reports: list[Report] = []
    whole = program
    for k in range(1, order + 1):
        ahead = "" if k == 1 else f"order {k}: "
        for mode in modes:
            pair = engine_pair(program, given) if mode == "reverse" else forward_pair(program, given)
            with quiet():
                report = judged(Problem(*pair, given, exact=program, derived=True, clock=clock), entropy)
            reports.append(_named(report, ahead + (f"{mode}: " if len(modes) > 1 else "")))
        if "reverse" in modes and reports[-1].verdict in (Verdict.RIGHT, Verdict.UNDECIDED):
            reports.append(ways_agree(program, given, rng, ahead))
        if len(modes) == 2:
            reports.append(modes_agree(program, given, rng, ahead))
        if any(r.verdict == Verdict.WRONG for r in reports):
            break
        if k < order:
            program = gradient_program(program, given, rng)
            if k == 1:
                reports.append(hessian_symmetric(program, given))
    result = _together(reports, given, entropy)
    result.title = f"gradient of {name}" if name.isidentifier() else "gradient"
    arguments = ", ".join(source(x) for x in given)
    settings = (
        told(args, kwargs)
        + (f", order={order}" if order > 1 else "")
        + (f", modes={modes!r}" if modes != ("reverse",) else "")
    )
    if names:
        result = result.renamed(names)
        arguments = ", ".join(source(mapped(data, x)) for x in xs)
    called = name if name.isidentifier() else "f"
    result.snippet = f"check_gradient({called}, {arguments}{settings}, seed={entropy}).raise_if_wrong()"
    result.program = (whole, given)
    if result.verdict == Verdict.WRONG:
        result.nodes = check_nodes(whole, *given)
        wrong = [n for n in result.nodes if n.report.verdict == Verdict.WRONG]
        if wrong:
            result.cause = f"the derivative of the operation {wrong[0].name!r} is wrong" + (
                f" ({wrong[0].report.cause})" if wrong[0].report.cause else ""
            )
    return result


def _in_their_library(f: Callable[..., Any], given: Sequence[Any]) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    """f and its point for arrays of another library: moved and compared as NumPy's, computed with as what they are."""

    @wraps(f)
    def there(*xs: Any) -> Any:
        y = f(*[transfer(x, like=like) if is_other_array(like) else x for x, like in zip(xs, given, strict=True)])
        outputs = y if isinstance(y, (tuple, list)) else (y,)
        back = [transfer(v, like=None) if is_other_array(stored(v)) else v for v in outputs]
        return type(y)(back) if isinstance(y, (tuple, list)) else back[0]

    return there, tuple(transfer(x, like=None) if is_other_array(x) else x for x in given)


def _named(report: Report, ahead: str) -> Report:
    if ahead:
        report.entries = [replace(e, name=ahead + e.name) for e in report.entries]
        report.findings = [replace(f, message=ahead + f.message) for f in report.findings]
    return report


def _together(reports: Sequence[Report], xs: Sequence[Any], seed: int) -> Report:
    """One report of several."""
    worst = max(reports, key=lambda r: r.verdict.rank)
    return Report(
        worst.verdict,
        [e for r in reports for e in r.entries],
        [f for r in reports for f in r.findings],
        reports[0].xs or xs,
        worst.cotangents,
        worst.cause,
        " ".join(r.confidence for r in reports if r.confidence),
        seed,
        evaluations=sum(r.evaluations for r in reports),
        tally=replace(total(r.tally for r in reports), points=1),
        taylor=worst.taylor,
    )


class NodeReport:
    """One recorded node and the judgement of its own rule at its own inputs."""

    def __init__(self, node: Node, name: str, report: Report) -> None:
        self.node, self.name, self.report = node, name, report

    def __repr__(self) -> str:
        return f"<node {self.name}: {self.report.verdict}>"


def check_nodes(f: Callable[..., Any], *xs: Any) -> list[NodeReport]:
    """Judge each recorded operation of f by itself, in the order of computation, up to the first that is wrong.

    The gradient of a program is a product of local derivatives; this finds the factor that spoils it.

    Parameters
    ----------
    f : callable
        A program of Values or Tensors.
    *xs : floats, float arrays, Values or Tensors
        The point.

    Returns
    -------
    list of NodeReport
        One for each operation, up to the first that is wrong.

    Examples
    --------
    >>> from autograd.check import check_nodes
    >>> [(node.name, node.report.verdict) for node in check_nodes(lambda x: (x * x).tanh(), 0.5)]
    [('mul', 'right'), ('tanh', 'right')]
    """
    return judged_nodes(f, xs)[1]


def judged_nodes(f: Callable[..., Any], xs: Sequence[Any]) -> tuple[list[Node], list[NodeReport]]:
    """The outputs of f, recorded, and what `check_nodes` returns."""
    out: list[NodeReport] = []
    with quiet():
        y = f(*[variable(x) for x in xs])
        roots = [v for v in (y if isinstance(y, (tuple, list)) else [y]) if isinstance(v, Node)]
        inner = sorted(ancestors(*roots)[0], key=lambda node: node._time)
    for node in inner:
        report = _check_node(node)
        if report is not None:
            rule = node.rule
            out.append(NodeReport(node, node.label or (rule.name if rule else "?"), report))
            if report.verdict == Verdict.WRONG:
                break
    return roots, out


def _check_node(node: Node) -> Report | None:
    rule, inputs, static = node.rule, node.inputs, node.static
    places = [i for i, x in enumerate(inputs) if isinstance(x, Node)]
    here = [plain_data(inputs[i]) for i in places]
    numbers = [transfer(x, like=None) if is_other_array(x) else x for x in here]
    if rule is None or not places or any(np.asarray(x).dtype.kind != "f" or not np.isfinite(x).all() for x in numbers):
        return None

    def local(*variables: Any) -> Any:
        arguments = list(inputs)
        for place, v in zip(places, variables, strict=True):
            arguments[place] = v
        return rule(*arguments, **static)

    local.__name__ = rule.name
    if any(map(is_other_array, here)):
        local, moved = _in_their_library(local, here)
        numbers = list(moved)
    try:
        point = [np.array(x) if isinstance(x, np.ndarray) else float(x) for x in numbers]
        with quiet():
            return judged(Problem(*engine_pair(local, numbers), point))
    except (TypeError, ValueError):  # an operation with complex numbers inside, or none at all
        return None
