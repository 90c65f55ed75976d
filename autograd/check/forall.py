"""Gradients checked at all points of a domain, by hypothesis: `check_for_all` and `given_gradients`.

Most draws are only screened (three calls: one claim against one central difference); a full judgement follows
where the screening is suspicious, and for the first draws anyway. The relative disagreement is a
`hypothesis.target`, so that the search climbs towards regions where the gradient is bad.
"""

from __future__ import annotations

import functools
import inspect
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import hypothesis
import numpy as np
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

from .forms import vjp_of
from .inputs import domains_of, parameters, separate, strategy_of
from .judge import quiet
from .limits import ATTEMPTS, EXAMPLES, SUSPICIOUS, SWEPT
from .point import check_vjp
from .problem import Problem
from .regression import regression_test
from .report import Finding, GradientError, Report, plain
from .screening import Check, Log, judge_at, screen, seed_of
from .signatures import fixing, told
from .trees import flattened, is_container
from .verdicts import Verdict


def check_for_all(
    f: Callable[..., Any],
    *domains: Any,
    vjp: Callable[..., Any] | None = None,
    grad: Callable[..., Any] | bool | None = None,
    jac: Callable[..., Any] | bool | None = None,
    args: Sequence[Any] = (),
    kwargs: Mapping[str, Any] | None = None,
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
        One domain for each input (or one for all): a name such as "positive", a pair (low, high), a strategy, or a
        dict, list or dataclass of domains for an input that is one of arrays.
        A function in first place is taken as `vjp`.
    vjp
        ``vjp(g, *xs)``, as for `check_vjp`.
    grad, jac
        The gradient of a scalar f, as for `check_grad`, or the derivative of an array, as for `check_jac`.
    args, kwargs
        Further arguments of f and of its derivative, held fixed.
    domain : domain, optional
        As `domains`, by name.
    shape
        The shape of the inputs, or a list with one for each; by default all shapes that f turns out to take.
    max_examples
        So many points are screened; those that look suspicious, and the first 30, are judged in full.
    seconds
        No call of f or vjp begins after so many seconds, also while a counterexample is made smaller; one that has
        begun is not interrupted.
    database : hypothesis.database.ExampleDatabase, optional
        Where counterexamples are kept from one run to the next.
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

    Raises
    ------
    TypeError
        If `vjp` is given twice.
    ValueError
        If a domain is none, or `order` and `modes` are given with a vjp.

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
    f, vjp, grad, jac = (fixing(function, args, kwargs) for function in (f, vjp, grad, jac))
    pair = vjp_of(f, vjp, grad, jac)
    if pair is not None:
        vjp = pair[1]
        f = f if pair[0] is f else functools.wraps(f)(pair[0])
    log, failures = Log(), dict[int, GradientError]()
    check, screening, value = checks_of(f, vjp, order=order, modes=modes)
    chosen = domains if domains else ((domain,) if domain is not None and not several(domain) else tuple(domain or ()))
    inputs = strategy_of(f, chosen, shape, value)

    def test_to_paste(xs: Sequence[Any]) -> str:
        function = derivative if callable(derivative) else None
        checker = f"check_{given_as}" if given_as else "check_gradient"
        fixed = told(args, kwargs)
        return regression_test(user_f, function, xs, parameters(f), domains_of(f, chosen), checker, fixed)

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
        left = seconds - (time.perf_counter() - log.started)
        if left <= 0:
            if seed_of(xs) in failures:  # the smallest one, shown at the end
                raise failures[seed_of(xs)]
            return
        bar(log.draws, max_examples)
        try:
            judge_at(functools.partial(check, seconds=left), screening, value, xs, log)
        except GradientError as error:
            failures[seed_of(xs)] = error
            raise

    try:
        for attempt in range(ATTEMPTS):
            if attempt or seed is not None:
                holds = hypothesis.seed((seed or 0) + attempt)(holds)
            holds()
            if log.judged or not log.undefined:  # as long as f is defined nowhere, other points are drawn
                break
    except GradientError as error:
        report = error.report
        report.where, report.seen = log.where(), log.values
        report.snippet = test_to_paste(log.at)
        return report
    left = seconds - (time.perf_counter() - log.started)
    found = _sweep(functools.partial(check, seconds=left), screening, chosen, seed, left) if left > 0 else None
    if found is not None:
        found.where, found.seen = log.where(), log.values
        found.snippet = test_to_paste(found.xs)
        return found
    return _passed(f, log)


def _passed(f: Callable[..., Any], log: Log) -> Report:
    """The report of a search that found nothing wrong."""
    title = f"gradient of {getattr(f, '__name__', 'f')} in the domain"
    undefined = log.not_defined()
    if log.judged == 0 and undefined:
        found = Finding("not defined", undefined, Verdict.UNDECIDED)
        return Report(Verdict.UNDECIDED, findings=[found], xs=log.undefined[0][0], title=title, tally=log.tally)
    if log.judged == 0:
        found = Finding(
            "out of time", "the time was over before any point was judged: give more seconds", Verdict.UNDECIDED
        )
        return Report(Verdict.UNDECIDED, findings=[found], title=title, tally=log.tally)
    if log.judged == len(log.undecided):
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

    Parameters
    ----------
    *domains : domains
        One for each input, or one for all, as for :func:`check_for_all`.
    vjp : callable, optional
        ``vjp(g, *xs)``, as for :func:`check_vjp`; without it, the test is a program for this package's engine.
    shape : tuple of int, optional
        The shape of the inputs.

    Returns
    -------
    callable
        A decorator.

    Raises
    ------
    TypeError
        If the parentheses are missing.

    Examples
    --------
    >>> import numpy as np
    >>> from hypothesis import example, settings
    >>> from autograd.check import given_gradients
    >>> @settings(max_examples=20, deadline=None, database=None)
    ... @example(x=np.array([1e-9, 1e9]))
    ... @given_gradients("positive", vjp=lambda g, x: g / x, shape=(2,))
    ... def test_log(x):
    ...     return np.sum(np.log(x))
    >>> test_log()
    """
    if domains and callable(domains[0]) and not isinstance(domains[0], SearchStrategy):
        raise TypeError("write @given_gradients() with parentheses; the domains go between them")

    def decorate(f: Callable[..., Any]) -> Any:
        names, signature = parameters(f), inspect.signature(f)
        check, screening, value = checks_of(f, vjp)
        inputs = separate(f, domains, shape, value)
        log = Log()

        @functools.wraps(f)
        def test(*args: Any, **kwargs: Any) -> None:
            drawn = signature.bind(*args, **kwargs).arguments
            xs = [drawn[n] for n in names]
            try:
                judge_at(check, screening, value, xs, log)
            except GradientError as error:
                point = ", ".join(f"{n}={plain(x)}" for n, x in zip(names, xs, strict=True))
                error.report.snippet = f"@example({point})  # from hypothesis; above @given_gradients"
                raise GradientError(error.report) from None

        return given(**dict(zip(names, inputs, strict=True)))(test)

    return decorate


def checks_of(
    f: Callable[..., Any], vjp: Callable[..., Any] | None, order: int = 1, modes: Sequence[str] | str = ("reverse",)
) -> tuple[Check, Callable[[Sequence[Any]], Problem | None], Callable[..., Any]]:
    """The full check, the screening, and f on numbers: for a hand-written pair, or for a program of the engine."""
    if vjp is not None:
        if order != 1 or modes not in ("reverse", ("reverse",)):
            raise ValueError("order= and modes= are for programs of the engine, without vjp")
        return functools.partial(check_vjp, f, vjp), functools.partial(_problem, f, vjp), f
    from .engine import check_gradient
    from .engine_pairs import engine_pair, spread

    def screening(xs: Sequence[Any]) -> Problem | None:
        program, given, _ = spread(f, xs)
        return Problem(*engine_pair(program, given), given)

    def value(*xs: Any) -> Any:
        program, given, _ = spread(f, xs)
        return engine_pair(program, given)[0](*given)

    return functools.partial(check_gradient, f, order=order, modes=modes), screening, value


def _problem(f: Callable[..., Any], vjp: Callable[..., Any], xs: Sequence[Any]) -> Problem:
    flat = flattened(f, vjp, xs) if any(map(is_container, xs)) else None
    return Problem(f, vjp, xs) if flat is None else Problem(flat.f, flat.vjp, flat.xs)


def several(domain: Any) -> bool:
    """Whether a `domain=` argument lists one domain per input, rather than being one (low, high) or name."""
    return isinstance(domain, (list, tuple)) and not (
        len(domain) == 2 and all(isinstance(v, (int, float)) for v in domain)
    )


def _bar_after(delay: float, log: Log) -> Callable[[int, int], None]:
    """A progress bar that appears only if the check takes long, on a terminal."""

    def show(done: int, total: int) -> None:
        if time.perf_counter() - log.started > delay and sys.stderr.isatty():
            share = min(done / max(total, 1), 1.0)
            sys.stderr.write(f"\r[{'#' * int(30 * share):<30}] {done}/{total} points" + "\n" * (share >= 1))
            sys.stderr.flush()

    return show
