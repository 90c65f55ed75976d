"""`check_gradient`: programs of this package's engine, in reverse and forward mode, to any order, node by node."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import wraps
from typing import Any

import numpy as np

from autograd.errors import NoRuleError
from autograd.functions.register import is_other_array
from autograd.functions.transfer import transfer
from autograd.graph import ancestors
from autograd.modes import enabled, no_grad
from autograd.node import Node, stored
from autograd.node import plain as plain_data
from autograd.tensor import Tensor
from autograd.transforms import jvp as engine_jvp
from autograd.transforms import vjp as engine_vjp
from autograd.value import Value

from . import trees
from .clock import Clock
from .judge import quiet
from .limits import SAME_WAY
from .point import judged
from .problem import Problem
from .report import Finding, Report
from .report import plain as source
from .tally import total
from .trees import mapped
from .verdicts import Verdict

MODES = ("reverse", "forward")
FORWARD_LIMIT = 64
"""Up to so many inputs forward mode is checked in every coordinate, beyond in random directions."""


def check_gradient(
    f: Callable[..., Any],
    *xs: Any,
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
    if any(is_other_array(_data(x)) for x in xs):
        f, xs = _in_their_library(f, tuple(map(_data, xs)))
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
            reports.append(_ways_agree(program, given, rng, ahead))
        if len(modes) == 2:
            reports.append(_modes_agree(program, given, rng, ahead))
        if any(r.verdict == Verdict.WRONG for r in reports):
            break
        if k < order:
            program = gradient_program(program, given, rng)
            if k == 1:
                reports.append(_hessian_symmetric(program, given))
    result = _together(reports, given, entropy)
    result.title = f"gradient of {name}" if name.isidentifier() else "gradient"
    arguments = ", ".join(source(x) for x in given)
    settings = (f", order={order}" if order > 1 else "") + (f", modes={modes!r}" if modes != ("reverse",) else "")
    if names:
        result = result.renamed(names)
        arguments = ", ".join(source(mapped(_data, x)) for x in xs)
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


def spread(f: Callable[..., Any], xs: Sequence[Any]) -> tuple[Callable[..., Any], list[Any], list[str]]:
    """f as a program of floats and float arrays alone, these, and their names where they came in containers."""
    return trees.spread(f, [mapped(_data, x) for x in xs], lambda v: np.asarray(v).dtype.kind == "f")


def _data(x: Any) -> Any:
    return x.data if isinstance(x, (Value, Tensor)) else x


def _variable(x: Any) -> Any:
    return (
        Tensor(x) if isinstance(x, np.ndarray) else Value(float(x)) if np.asarray(x).dtype == np.float64 else Tensor(x)
    )


def _argument(x: Any) -> Any:
    """What the engine is given for one input: numbers as Python floats."""
    return float(x) if isinstance(x, np.float64) else x


def _plain(y: Any) -> Any:
    if isinstance(y, (tuple, list)):
        return tuple(_plain(v) for v in y)
    return plain_data(y) if isinstance(y, Node) else y


def engine_pair(f: Callable[..., Any], xs: Sequence[Any]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """f as a plain function of numbers and arrays, and its gradient by ``backward()``: the walk that users run."""

    def value(*xs: Any) -> Any:
        with no_grad(), np.errstate(all="ignore"):
            return _plain(f(*[_variable(x) for x in xs]))

    def pull(g: Any, *xs: Any) -> Any:
        try:
            return pulled_back(f, g, xs)
        except NoRuleError as error:
            raise NotImplementedError(str(error)) from error

    value.__name__ = getattr(f, "__name__", "f")
    return value, pull


def pulled_back(f: Callable[..., Any], g: Any, xs: Sequence[Any], recorded: bool = False) -> tuple[Any, ...]:
    """The gradients that ``backward(g)`` leaves in the inputs: of Values for numbers, of Tensors for arrays."""
    variables = [_variable(x) for x in xs]
    y = f(*variables)
    several = isinstance(y, (tuple, list))
    for output, seed in zip(y, g, strict=True) if several else ((y, g),):
        if isinstance(output, Node):
            output.backward(seed if isinstance(output, Value) else np.asarray(seed), create_graph=recorded)  # type: ignore[attr-defined]
    return tuple(np.zeros_like(x) if v.grad is None else _plain(v.grad) for x, v in zip(xs, variables, strict=True))


def forward_pair(f: Callable[..., Any], xs: Sequence[Any]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """f, and its gradient put together from the engine's forward mode, one direction at a time."""
    value, _ = engine_pair(f, xs)

    def pull(g: Any, *xs: Any) -> Any:
        gradients = []
        for i, x in enumerate(xs):
            out = np.zeros(np.shape(x))
            for k in range(out.size):
                moves = [np.zeros(np.shape(v)) for v in xs]
                moves[i].ravel()[k] = 1.0
                pushed = engine_jvp(
                    f, tuple(_argument(v) for v in xs), tuple(m if np.ndim(m) else float(m) for m in moves)
                )[1]
                out.ravel()[k] = _inner(g, _plain(pushed))
            gradients.append(out.astype(np.asarray(x).dtype) if out.ndim else float(out))
        return tuple(gradients)

    if sum(np.size(x) for x in xs) > FORWARD_LIMIT:
        raise ValueError(
            f"forward mode is checked one input at a time: more than {FORWARD_LIMIT} inputs; "
            "check a smaller point, or modes='reverse'"
        )
    return value, pull


def _inner(a: Any, b: Any) -> float:
    if isinstance(a, (tuple, list)):
        return sum(_inner(x, y) for x, y in zip(a, b, strict=True))
    return float(np.sum(np.asarray(a) * np.asarray(b)))


def _random_like(y: Any, rng: np.random.Generator) -> Any:
    if isinstance(y, (tuple, list)):
        return tuple(_random_like(v, rng) for v in y)
    g = rng.choice([-1.0, 1.0], np.shape(y)) * rng.uniform(0.5, 2.0, np.shape(y))
    return g if np.ndim(y) else float(g)


def gradient_program(f: Callable[..., Any], xs: Sequence[Any], rng: np.random.Generator) -> Callable[..., Any]:
    """x ↦ J(x)ᵀg for one random g, as a program that can be differentiated again."""
    with quiet():
        g = _random_like(engine_pair(f, xs)[0](*xs), rng)

    def gradient(*variables: Any) -> Any:
        with enabled():
            result = engine_vjp(f, *variables)[1](g)
        return result[0] if len(result) == 1 else tuple(result)

    gradient.__name__ = f"gradient_of_{getattr(f, '__name__', 'f')}".replace("<lambda>", "f")
    return gradient


def _modes_agree(f: Callable[..., Any], xs: Sequence[Any], rng: np.random.Generator, ahead: str) -> Report:
    """⟨v, J u⟩ by forward mode and ⟨Jᵀv, u⟩ by reverse mode, for three random pairs."""
    findings = []
    with quiet():
        for _ in range(3):
            moves = tuple(_random_like(x, rng) for x in xs)
            y, pushed = engine_jvp(f, tuple(_argument(x) for x in xs), moves)
            v = _random_like(_plain(y), rng)
            pulled = engine_vjp(f, *[_argument(x) for x in xs])[1](v)
            forward, reverse = _inner(v, _plain(pushed)), _inner(tuple(_plain(p) for p in pulled), moves)
            size = _inner(tuple(np.abs(_plain(p)) for p in pulled), tuple(np.abs(m) for m in moves)) + abs(forward)
            eps = max(float(np.finfo(np.asarray(x).dtype).eps) for x in xs)
            if np.isfinite(size) and abs(forward - reverse) > max(SAME_WAY, 100 * eps) * size:
                findings.append(
                    Finding(
                        "forward against reverse",
                        f"{ahead}⟨v, J u⟩ is {forward:.12g} by forward mode and {reverse:.12g} by reverse mode",
                    )
                )
                break
    return Report(Verdict.WRONG if findings else Verdict.RIGHT, findings=findings)


def _ways_agree(f: Callable[..., Any], xs: Sequence[Any], rng: np.random.Generator, ahead: str) -> Report:
    """What the other ways of asking the rules give: a backward pass that is recorded, and `vjp`."""
    with quiet():
        g = _random_like(engine_pair(f, xs)[0](*xs), rng)
        walked = pulled_back(f, g, xs)
        others = {
            "backward(create_graph=True)": pulled_back(f, g, xs, recorded=True),
            "vjp": tuple(map(_plain, engine_vjp(f, *[_argument(x) for x in xs])[1](g))),
        }
    findings = []
    for name, found in others.items():
        for i, (a, b) in enumerate(zip(walked, found, strict=True)):
            eps = float(np.finfo(np.asarray(xs[i]).dtype).eps)
            size = np.nanmax(np.abs(a), initial=0.0) if np.size(a) else 0.0
            if not np.allclose(a, b, rtol=max(SAME_WAY, 100 * eps), atol=100 * eps * size, equal_nan=True):
                text = f"{ahead}the gradient of input {i} is {source(a)} by backward() and {source(b)} by {name}"
                findings.append(Finding("one way against another", text))
    return Report(Verdict.WRONG if findings else Verdict.RIGHT, findings=findings)


def _hessian_symmetric(gradient: Callable[..., Any], xs: Sequence[Any]) -> Report:
    """The Hessian that the engine computes must be symmetric."""
    n = sum(int(np.size(x)) for x in xs)
    if not 1 < n <= FORWARD_LIMIT:
        return Report(Verdict.RIGHT)
    rows = []
    with quiet():
        y, back = engine_vjp(gradient, *[_argument(x) for x in xs])
        parts = y if isinstance(y, tuple) else (y,)
        for i, part in enumerate(parts):
            for k in range(np.size(part)):
                seeds = [np.zeros(np.shape(p)) for p in parts]
                seeds[i].ravel()[k] = 1.0
                shaped = [s if np.ndim(s) else float(s) for s in seeds]
                row = back(tuple(shaped) if isinstance(y, tuple) else shaped[0])
                rows.append(np.concatenate([np.ravel(_plain(r)) for r in row]))
    h = np.stack(rows).astype(float)
    gap = np.abs(h - h.T).max()
    eps = max(float(np.finfo(np.asarray(x).dtype).eps) for x in xs)
    if np.isfinite(h).all() and gap > max(10 * SAME_WAY, 1e3 * eps) * np.abs(h).max():
        i, k = divmod(int(np.argmax(np.abs(h - h.T))), len(h))
        return Report(
            Verdict.WRONG,
            findings=[
                Finding(
                    "Hessian not symmetric",
                    f"entries ({i}, {k}) and ({k}, {i}) of the Hessian are {h[i, k]:.10g} and {h[k, i]:.10g}",
                )
            ],
        )
    return Report(Verdict.RIGHT)


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
        y = f(*[_variable(x) for x in xs])
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
    data = [transfer(x, like=None) if is_other_array(x) else x for x in here]
    if rule is None or not places or any(np.asarray(x).dtype.kind != "f" or not np.isfinite(x).all() for x in data):
        return None

    def local(*variables: Any) -> Any:
        arguments = list(inputs)
        for place, v in zip(places, variables, strict=True):
            arguments[place] = v
        return rule(*arguments, **static)

    local.__name__ = rule.name
    if any(map(is_other_array, here)):
        local, moved = _in_their_library(local, here)
        data = list(moved)
    try:
        point = [np.array(x) if isinstance(x, np.ndarray) else float(x) for x in data]
        with quiet():
            return judged(Problem(*engine_pair(local, data), point))
    except (TypeError, ValueError):  # an operation with complex numbers inside, or none at all
        return None
