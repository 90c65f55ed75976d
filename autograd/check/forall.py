"""Gradients checked at all points of a domain, by hypothesis: `check_for_all` and `given_gradients`.

Most draws are only screened (three calls: one claim against one central difference); a full judgement follows
where the screening is suspicious, and for the first draws anyway. The relative disagreement is a
`hypothesis.target`, so that the search climbs towards regions where the gradient is bad.
"""

from __future__ import annotations

import functools
import inspect
import itertools
import sys
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import hypothesis
import numpy as np
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from . import strategies
from .domains import NAMED, Domain
from .forms import vjp_of
from .judge import quiet
from .point import check_vjp
from .problem import Problem
from .regression import regression_test
from .report import Finding, GradientError, Report, plain
from .tally import Tally
from .verdicts import Verdict

Check = Callable[..., Report]
JUDGED = 30
"""So many draws are judged in full, however harmless they look."""
EXAMPLES = 300
SUSPICIOUS = 1e-6
"""A point whose one comparison is off by more than this, relatively, is judged in full."""
SWEPT = 2000
"""So many evenly spread points are screened after those that hypothesis chose."""


def seed_of(xs: Sequence[Any]) -> int:
    """Fresh directions and cotangents for every point, yet the same ones when a point is tried again."""
    return zlib.crc32(b"".join(np.asarray(x).tobytes() for x in xs))


def screen(problem: Problem, seed: int) -> float:
    """The relative disagreement of one claim with one central difference; small where all is well."""
    rng = np.random.default_rng(seed)
    z = problem.z
    s = np.where(z != 0, np.abs(z), 1.0)
    h = 2.0**-18
    d = s * rng.choice([-1.0, 1.0], z.size) * rng.uniform(0.5, 1.5, z.size)
    g = rng.choice([-1.0, 1.0], problem.y.size) * rng.uniform(0.5, 2.0, problem.y.size)
    c = problem.claim(g)
    plus, minus = problem.evaluate(z + h * d), problem.evaluate(z - h * d)
    if plus.shape != problem.y.shape or minus.shape != problem.y.shape:
        return np.inf
    numeric = float(g @ (plus - minus)) / (2 * h)
    claimed = float(c @ d)
    own = float(np.abs(c) @ np.abs(d)) + abs(numeric)
    rounding = 8 * 2.2e-16 / h * float(np.abs(g) @ np.abs(problem.y))
    gap = abs(numeric - claimed) - rounding
    if not np.isfinite(gap):
        return np.inf
    return max(gap, 0.0) / own if own > 0 else 0.0


MAPPED = ("right", "wrong", "undecided", "undefined")
"""What a map of the domain tells apart."""


@dataclass
class _Log:
    """What a run over many points has seen."""

    draws: int = 0
    judged: int = 0
    undecided: list[Report] = field(default_factory=list)
    values: dict[str, list[tuple[int, float]]] = field(default_factory=lambda: {v: [] for v in MAPPED})
    failed: bool = False
    tally: Tally = field(default_factory=lambda: Tally(0, 0))
    undefined: list[tuple[Sequence[Any], str]] = field(default_factory=list)
    """Points at which f has no finite value, or raises, and what it did there."""
    started: float = field(default_factory=time.perf_counter)

    def note(self, report: Report) -> None:
        self.judged += 1
        self.tally.add(report.tally)
        if report.verdict in (Verdict.UNDECIDED, Verdict.NO_GRADIENT):
            self.undecided.append(report)
        for e in report.entries:
            if e.input is not None and e.verdict in self.values:
                x = np.asarray(report.xs[e.input])
                self.values[e.verdict].append((e.input, float(x[e.index] if x.ndim else x)))

    def screened(self) -> None:
        """One point at which one derivative was compared."""
        self.tally.add(Tally(1, 1))

    def not_defined(self) -> str:
        """On what part of the domain f is not defined, as a sentence; empty if it is everywhere."""
        if not self.undefined:
            return ""
        xs, why = self.undefined[0]
        share = f"{len(self.undefined) / self.draws:.0%}"
        return f"f is not defined at {share} of the points drawn, e.g. {', '.join(plain(x) for x in xs)}: {why}"

    def where(self) -> str:
        """Where in the domain the gradient is wrong and where right, in terms of the wrong input's entries."""
        wrong, right = self.values["wrong"], self.values["right"]
        if not wrong:
            return ""
        i = wrong[0][0]
        bad = np.array([v for k, v in wrong if k == i])
        good = np.array([v for k, v in right if k == i])
        if good.size and bad.min() > good.max():
            return f"in the domain: wrong where input {i} is at least {bad.min():.6g}, right up to {good.max():.6g}"
        if good.size and bad.max() < good.min():
            return f"in the domain: wrong where input {i} is at most {bad.max():.6g}, right from {good.min():.6g}"
        text = f"in the domain: wrong at entries of input {i} from {bad.min():.6g} to {bad.max():.6g} ({bad.size} seen)"
        if good.size:
            text += f", right at entries from {good.min():.6g} to {good.max():.6g} ({good.size} seen)"
        return text


def no_value(value: Callable[..., Any], xs: Sequence[Any]) -> str:
    """Why f has no value at a point, or "" if it has one."""
    try:
        y = value(*[x.copy() if isinstance(x, np.ndarray) else x for x in xs])
        parts = y if isinstance(y, (tuple, list)) else [y]
        finite = all(np.isfinite(np.asarray(part, dtype=np.complex128)).all() for part in parts)
    except Exception as error:  # whatever f raises off its domain
        return f"{type(error).__name__}: {error}"
    return "" if finite else "it is not finite there"


def judge_at(
    check: Check,
    screening: Callable[[Sequence[Any]], Problem | None],
    value: Callable[..., Any],
    xs: Sequence[Any],
    log: _Log,
) -> None:
    """One drawn point: screened, judged if need be; raises `GradientError` if the gradient is wrong there."""
    log.draws += 1
    seed = seed_of(xs)
    with quiet():
        why = no_value(value, xs)
        if why:
            log.undefined.append((xs, why))
            for i, x in enumerate(xs):
                log.values["undefined"] += [(i, float(v)) for v in np.ravel(x)]
            return
        try:
            problem = screening(xs)
            disagreement = np.inf if problem is None else screen(problem, seed)
        except Exception:  # vjp fails or returns something odd: the judgement says what
            disagreement = np.inf
    if np.isfinite(disagreement):
        hypothesis.target(float(np.log10(disagreement + 1e-18)), label="relative disagreement of the gradient")
        if log.judged >= JUDGED and disagreement < SUSPICIOUS and not log.failed:
            log.screened()
            return
    report = check(*xs, seed=seed)
    log.note(report)
    if report.verdict == Verdict.WRONG:
        log.failed = True
        report.where = log.where()
        raise GradientError(report)


def check_for_all(
    f: Callable[..., Any],
    *domains: Any,
    vjp: Callable[..., Any] | None = None,
    grad: Callable[..., Any] | bool | None = None,
    jac: Callable[..., Any] | bool | None = None,
    domain: Any = None,
    shape: Any = None,
    max_examples: int = EXAMPLES,
    seconds: float = 60.0,
    database: Any = None,
    progress: Callable[[int, int], None] | None = None,
    seed: int | None = None,
    order: int = 1,
    modes: Sequence[str] | str = ("reverse",),
) -> Report:
    """Check a gradient at all points of a domain; return the report of its smallest counterexample, if any.

    Parameters
    ----------
    f
        The function. Without `vjp`, a program for the engine of this package.
    *domains
        One domain for each input (or one for all): a name such as "positive", a pair (low, high), a strategy.
        A function in first place is taken as `vjp`.
    vjp
        ``vjp(g, *xs)``, as for `check_vjp`.
    grad, jac
        The gradient of a scalar f, as for `check_grad`, or the derivative of an array, as for `check_jac`.
    shape
        The shape of the inputs, or a list with one for each; by default all shapes that f turns out to take.
    max_examples
        So many points are screened; those that look suspicious, and the first 30, are judged in full.
    seconds
        No new points after so many seconds.
    progress
        Called with (points so far, points in all); by default a bar appears on the terminal after five seconds.
    seed
        Makes the search repeatable.
    order, modes
        As for `check_gradient`; for programs of the engine.

    Returns
    -------
    Report
        "wrong" with the shrunk counterexample and a regression test to paste; "undecided" if no draw could
        be judged; else "right".

    Examples
    --------
    >>> import numpy as np
    >>> from autograd.check import check_for_all
    >>> bad = lambda g, x: g * np.where(x > 5, 1.0, np.cos(x))
    >>> report = check_for_all(np.sin, (-10, 10), vjp=bad, seed=1)
    >>> report.verdict, float(np.max(report.xs[0])) > 5
    ('wrong', True)
    """
    if domains and callable(domains[0]) and not isinstance(domains[0], SearchStrategy):
        if vjp is not None:
            raise TypeError("vjp is given twice")
        vjp, domains = domains[0], domains[1:]
    given_as = "vjp" if vjp is not None else "grad" if grad is not None else "jac" if jac is not None else ""
    derivative, user_f = vjp or grad or jac, f
    pair = vjp_of(f, vjp, grad, jac)
    if pair is not None:
        vjp = pair[1]
        f = f if pair[0] is f else functools.wraps(f)(pair[0])
    check, screening, value = checks_of(f, vjp, order=order, modes=modes)
    chosen = domains if domains else ((domain,) if domain is not None and not _several(domain) else tuple(domain or ()))
    inputs = strategy_of(f, chosen, shape, value)
    log = _Log()

    def test_to_paste(report: Report) -> str:
        function = derivative if callable(derivative) else None
        checker = f"check_{given_as}" if given_as else "check_gradient"
        return regression_test(user_f, function, report, parameters(f), _domains(f, chosen), checker)

    bar = progress if progress is not None else _bar_after(5.0, log)

    @settings(
        max_examples=max_examples,
        deadline=None,
        database=database,
        report_multiple_bugs=False,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.reuse, Phase.generate, Phase.target, Phase.shrink],
        verbosity=hypothesis.Verbosity.quiet,
    )
    @given(inputs)
    def holds(xs: tuple[Any, ...]) -> None:
        if time.perf_counter() - log.started > seconds and not log.failed:
            return
        bar(log.draws, max_examples)
        judge_at(check, screening, value, xs, log)

    if seed is not None:
        holds = hypothesis.seed(seed)(holds)
    try:
        holds()
    except GradientError as error:
        report = error.report
        report.where, report.seen = log.where(), log.values
        report.snippet = test_to_paste(report)
        return report
    found = _sweep(check, screening, chosen, seed, seconds - (time.perf_counter() - log.started))
    if found is not None:
        found.where, found.seen = log.where(), log.values
        found.snippet = test_to_paste(found)
        return found
    return _passed(f, log)


def _passed(f: Callable[..., Any], log: _Log) -> Report:
    """The report of a search that found nothing wrong."""
    title = f"gradient of {getattr(f, '__name__', 'f')} in the domain"
    undefined = log.not_defined()
    if log.judged == 0 and undefined:
        found = Finding("not defined", undefined, Verdict.UNDECIDED)
        return Report(Verdict.UNDECIDED, findings=[found], xs=log.undefined[0][0], title=title, tally=log.tally)
    if log.judged and log.judged == len(log.undecided):
        report = log.undecided[0]
        report.seen = log.values
        report.findings.append(Finding("undecided", "no point of the domain could be judged", Verdict.UNDECIDED))
        return report
    text = f"{log.draws} points tried, {log.judged} judged in full, {len(log.undecided)} of them undecided"
    confidence = "; ".join(filter(None, [text, undefined]))
    return Report(Verdict.RIGHT, confidence=confidence, title=title, tally=log.tally, seen=log.values)


def _sweep(
    check: Check, screening: Callable[[Sequence[Any]], Problem | None], domains: Any, seed: int | None, seconds: float
) -> Report | None:
    """Screen many evenly spread points where the domains are intervals: rare branches are a matter of numbers.

    Hypothesis looks for simple and special inputs, and comes back to the same ones; a branch that one input in
    a hundred takes wants plain variety. What is found is made readable by rounding.
    """
    intervals = [d for d in domains if isinstance(d, tuple) and len(d) == 2 and np.isfinite(d).all()]
    if not intervals or len(intervals) != len(domains):
        return None
    rng, until = np.random.default_rng(seed), time.perf_counter() + min(seconds, 2.0)
    for _ in range(SWEPT):
        if time.perf_counter() > until:
            return None
        xs: tuple[Any, ...] = tuple(np.array([rng.uniform(*d)]) for d in intervals)
        try:
            with quiet():
                problem = screening(xs)
                suspicious = problem is not None and screen(problem, seed_of(xs)) > SUSPICIOUS
        except Exception:  # what is odd at these points is odd at the others, where it has been judged
            continue
        if suspicious and (report := check(*xs, seed=seed_of(xs))).verdict == Verdict.WRONG:
            for decimals in range(12):
                rounded = tuple(np.round(x, decimals) for x in xs)
                inside = all(d[0] <= x[0] <= d[1] for d, x in zip(intervals, rounded, strict=True))
                if inside and (simpler := check(*rounded, seed=seed_of(rounded))).verdict == Verdict.WRONG:
                    return simpler
            return report
    return None


def given_gradients(*domains: Any, vjp: Callable[..., Any] | None = None, shape: Any = None) -> Callable[..., Any]:
    """Turn a function into a hypothesis test of its gradient: it stacks with ``@settings`` and ``@example``.

    Examples
    --------
    >>> import numpy as np
    >>> from hypothesis import example, settings
    >>> from autograd.check import given_gradients
    >>> @settings(max_examples=20, deadline=None, database=None)
    ... @example(x=np.array([0.0, 0.0]))
    ... @given_gradients("positive", vjp=lambda g, x: g / x * np.ones_like(x), shape=(2,))
    ... def test_log(x):
    ...     return np.sum(np.log(x + 0 * x)) if np.all(x > 0) else np.sum(x * 0 + x)
    """
    if domains and callable(domains[0]) and not isinstance(domains[0], SearchStrategy):
        raise TypeError("write @given_gradients() with parentheses; the domains go between them")

    def decorate(f: Callable[..., Any]) -> Any:
        names, signature = parameters(f), inspect.signature(f)
        check, screening, value = checks_of(f, vjp)
        inputs = separate(f, domains, shape, value)
        log = _Log()

        @functools.wraps(f)
        def test(*args: Any, **kwargs: Any) -> None:
            drawn = signature.bind(*args, **kwargs).arguments
            judge_at(check, screening, value, [drawn[n] for n in names], log)

        return given(**dict(zip(names, inputs, strict=True)))(test)

    return decorate


def checks_of(
    f: Callable[..., Any], vjp: Callable[..., Any] | None, order: int = 1, modes: Sequence[str] | str = ("reverse",)
) -> tuple[Check, Callable[[Sequence[Any]], Problem | None], Callable[..., Any]]:
    """The full check, the screening, and f on numbers: for a hand-written pair, or for a program of the engine."""
    if vjp is not None:
        if order != 1 or modes not in ("reverse", ("reverse",)):
            raise ValueError("order= and modes= are for programs of the engine, without vjp")
        return functools.partial(check_vjp, f, vjp), lambda xs: Problem(f, vjp, xs), f
    from .engine import check_gradient, engine_pair

    def screening(xs: Sequence[Any]) -> Problem | None:
        return Problem(*engine_pair(f, xs), xs)

    return functools.partial(check_gradient, f, order=order, modes=modes), screening, engine_pair(f, ())[0]


def _several(domain: Any) -> bool:
    """Whether a `domain=` argument lists one domain per input, rather than being one (low, high) or name."""
    return isinstance(domain, (list, tuple)) and not (
        len(domain) == 2 and all(isinstance(v, (int, float)) for v in domain)
    )


def parameters(f: Callable[..., Any]) -> list[str]:
    """The names of the inputs: the positional parameters of f without a default."""
    try:
        found = inspect.signature(f).parameters.values()
    except ValueError:
        return ["x"] * getattr(f, "nin", 1)
    return [p.name for p in found if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) and p.default is p.empty]


def _domains(f: Callable[..., Any], domains: Sequence[Any]) -> list[Any]:
    names = parameters(f)
    count = len(names) or max(len(domains), 1)
    if len(domains) == 2 and count != 2 and all(isinstance(v, (int, float)) for v in domains):
        domains = [tuple(domains)]
    if len(domains) in (0, 1):
        return list(domains or ["real"]) * count
    if len(domains) != count and names:
        raise TypeError(
            f"f takes {count} input(s) ({', '.join(names)}), but {len(domains)} domains are given: "
            "one for each, or one for all"
        )
    return list(domains)


def strategy_of(
    f: Callable[..., Any], domains: Sequence[Any], shape: Any, value: Callable[..., Any]
) -> SearchStrategy[tuple[Any, ...]]:
    """The strategy of whole tuples of inputs: of the shapes asked for, or else of all shapes that f takes together."""
    each = _domains(f, domains)
    if shape is not None:
        return st.tuples(*separate(f, domains, shape, value))
    ready = [strategies.points(d) if _whole(d) else None for d in each]
    if all(r is not None for r in ready):
        return st.tuples(*ready)
    together = _shapes_taken(value, each, ready)
    return st.sampled_from(together).flatmap(
        lambda shapes: st.tuples(
            *[r if r is not None else strategies.points(d, s) for d, r, s in zip(each, ready, shapes, strict=True)]
        )
    )


def separate(
    f: Callable[..., Any], domains: Sequence[Any], shape: Any, value: Callable[..., Any]
) -> list[SearchStrategy[Any]]:
    """One strategy for each input."""
    each = _domains(f, domains)
    if shape is None:
        ready = [strategies.points(d) if _whole(d) else None for d in each]
        shapes = [s for s in _shapes_taken(value, each, ready) if len(set(s)) == 1] or [tuple(() for _ in each)]
        pick: list[Any] = [shapes[-1][i] for i in range(len(each))]
        if len(each) == 1:
            pick = [st.sampled_from([s[0] for s in shapes])]
        return [r if r is not None else strategies.points(d, s) for d, r, s in zip(each, ready, pick, strict=True)]
    listed = shape if isinstance(shape, list) else [shape] * len(each)
    if len(listed) != len(each):
        raise TypeError(f"{len(listed)} shapes for {len(each)} inputs: give one for each, in a list, or one for all")
    return [strategies.points(d, (s,) if isinstance(s, int) else s) for d, s in zip(each, listed, strict=True)]


def _whole(domain: Any) -> bool:
    """Whether a domain brings its own shape."""
    if isinstance(domain, SearchStrategy):
        return not _of_numbers(domain)
    if isinstance(domain, Domain):
        return bool(domain.shape)
    return isinstance(domain, (np.ndarray, float)) or (isinstance(domain, str) and domain in strategies.WHOLE)


def _of_numbers(strategy: SearchStrategy[Any]) -> bool:
    sample = hypothesis.find(
        strategy,
        lambda x: True,
        settings=settings(database=None, deadline=None, max_examples=20, suppress_health_check=list(HealthCheck)),
    )
    return isinstance(sample, (int, float)) and not isinstance(sample, np.ndarray)


SINGLE = [(1,), (), (2,), (3,), (2, 2), (2, 3), (4,), (1, 3), (3, 3)]


def _shapes_taken(f: Callable[..., Any], each: Sequence[Any], ready: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Combinations of shapes on which f runs: equal ones, then pairs that broadcast."""
    if len(each) == 1:
        trials: list[tuple[Any, ...]] = [(s,) for s in SINGLE]
    else:
        trials = [tuple(s for _ in each) for s in SINGLE]
        mixed = [(2,), (), (1,), (2, 3), (3,), (2, 1), (1, 3), (3, 2)]
        trials += [
            t for t in itertools.product(mixed, repeat=min(len(each), 3)) if len(set(t)) > 1 and len(t) == len(each)
        ]
    good = []
    for shapes in trials:
        xs = [
            _inside(d) if r is not None else np.full(s, _inside(d))[()]
            for d, r, s in zip(each, ready, shapes, strict=True)
        ]
        xs = [
            hypothesis.find(
                r,
                lambda x: True,
                settings=settings(database=None, deadline=None, suppress_health_check=list(HealthCheck)),
            )
            if r is not None
            else x
            for x, r in zip(xs, ready, strict=True)
        ]
        try:
            with quiet():
                y = f(*[x.copy() if isinstance(x, np.ndarray) else x for x in xs])
        except Exception:
            continue
        if y is not None:
            good.append(shapes)
        if len(good) >= 24:
            break
    if not good:
        raise TypeError(f"{getattr(f, '__name__', 'f')} takes inputs of none of the shapes {SINGLE}: pass shape=")
    return good


def _inside(domain: Any) -> float:
    if isinstance(domain, str) and domain in NAMED:
        low, high = NAMED[domain]
    elif isinstance(domain, Domain):
        low, high = domain.low, domain.high
    elif isinstance(domain, (tuple, list)) and len(domain) == 2:
        low, high = float(domain[0]), float(domain[1])
    else:
        low, high = 0.5, 1.5
    return 0.45 * low + 0.55 * high


def _bar_after(delay: float, log: _Log) -> Callable[[int, int], None]:
    """A progress bar that appears only if the check takes long, on a terminal."""

    def show(done: int, total: int) -> None:
        if time.perf_counter() - log.started > delay and sys.stderr.isatty():
            share = min(done / max(total, 1), 1.0)
            sys.stderr.write(f"\r[{'#' * int(30 * share):<30}] {done}/{total} points" + "\n" * (share >= 1))
            sys.stderr.flush()

    return show
