"""`check_vjp`: the judgement of any pair (f, vjp) at one point."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from . import protocol
from .causes import likely_cause
from .clock import Clock, OutOfTime
from .judge import Judge, quiet
from .large import Search, cotangents, is_large
from .limits import ONE_STEP, SAME_NUMBER
from .outcome import Outcome, verdict_of, worst_of
from .problem import Problem, ShapeError
from .report import Entry, Finding, Report, plain
from .richardson import Array
from .signatures import SignatureError, fixing, told
from .tally import Tally
from .taylor import Taylor
from .trees import flattened
from .verdicts import Kind, Verdict


def check_vjp(
    f: Callable[..., Any],
    vjp: Callable[..., Any],
    *xs: Any,
    args: Sequence[Any] = (),
    kwargs: Mapping[str, Any] | None = None,
    seed: int | None = None,
    precision: str | None = None,
    accuracy: float = 0.0,
    seconds: float = math.inf,
    batched: bool | Callable[..., Any] = False,
) -> Report:
    """Judge whether `vjp` is the gradient of `f` at the point `xs`.

    For cotangents g and directions d, ``<vjp(g, *xs), d>`` is compared with the measured ``<g, J d>``, where the
    measurement has an error bar of its own. Before a gradient is called wrong, f is measured again at 60 digits (if it
    is made of NumPy's arithmetic and elementary functions, and mpmath is installed), else in long double. Along the
    way the call protocol is checked: shapes, dtypes, finiteness, purity, memory, layouts.

    Parameters
    ----------
    f
        Takes the inputs as floats or float arrays; returns a float, an array, or a tuple of those.
    vjp
        ``vjp(g, *xs)`` returns the gradient for each input (one, or a tuple); g has the shape of f's value. None
        stands for a gradient of zero. Also taken: ``vjp(*xs)`` that returns a function of g, and ``vjp(*xs, g)`` with
        names that say so.
    *xs
        The point. Lists become arrays; a float32 input is judged against f in float64. Also dicts, dataclasses, lists
        and tuples of arrays, and complex numbers: see `autograd.check.trees` for the convention.
    args, kwargs
        Further arguments of both functions, held fixed: ``f(*xs, *args, **kwargs)``, ``vjp(g, *xs, *args, **kwargs)``.
    seed
        Repeats the random choices of an earlier check (``report.seed``). By default they are fresh each time.
    precision
        "mpmath": measure at 60 digits from the start, and refuse an f that does not run on object arrays of mpmath
        numbers. No step, noise or cancellation is left to judge then, and a formula's own rounding is no excuse.
    accuracy
        The relative accuracy of f and of the gradient, where a solver with a tolerance computes them. Without it, the
        roughness of both is measured.
    seconds
        No call of f or vjp begins after so many seconds; the verdict is then "undecided", unless something wrong was
        found before. A call that has begun is not interrupted.
    batched
        True: f takes many points at once, stacked along a first axis of every input and of its value, as ufuncs and
        ``jax.vmap`` do. Or the function that does, ``torch.func.vmap(f)`` say. A few calls then do for hundreds.

    Notes
    -----
    Where there are more than 512 inputs, outputs are projected on cotangents and all coordinates are moved at once,
    along 24 random directions; a wrong direction is halved until the wrong coordinate is found. The report says how
    small an error of one coordinate shows.

    Returns
    -------
    Report
        With ``verdict`` "right", "wrong", "undecided" or "no gradient". True in a condition only if right.

    Raises
    ------
    TypeError
        For integer inputs, for functions that do not take (or return) one item per input, and for a batched f that
        does not treat each point by itself.
    ValueError
        If an input, or f there, is not finite.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd.check import check_vjp
    >>> f = lambda x: np.sum(x ** 3)
    >>> check_vjp(f, lambda g, x: g * 3 * x ** 2, [1.0, 2.0]).verdict
    'right'
    >>> report = check_vjp(f, lambda g, x: g * 2 * x ** 2, [1.0, 2.0])
    >>> report.verdict, report.cause
    ('wrong', 'off by a factor of 2/3')
    """
    if precision not in (None, "mpmath"):
        raise ValueError(f"precision is None (float64) or 'mpmath', got {precision!r}")
    if not 0 <= accuracy < 1:
        raise ValueError(f"accuracy is a relative error between 0 and 1, got {accuracy!r}")
    if not seconds > 0:
        raise ValueError(f"seconds is a time above 0, got {seconds!r}")
    f, vjp = fixing(f, args, kwargs), fixing(vjp, args, kwargs)
    high_only, clock = precision == "mpmath", Clock(seconds)
    batch = f if batched is True else batched or None
    with quiet():
        flat = flattened(f, vjp, xs) if callable(f) and callable(vjp) and xs else None
        if flat is None:
            problem = Problem(f, vjp, xs, batch=batch, clock=clock)
            if batched is True and problem.batch is None:
                raise TypeError(
                    "batched=True needs an f that maps points stacked along a first axis one by one: f of three "
                    "stacked points is not f of each"
                )
            report = judged(problem, seed, accuracy, high_only)
        elif batch is not None:
            raise TypeError("batched= takes plain arrays as inputs, no containers and no complex numbers")
        else:
            problem = Problem(flat.f, flat.vjp, flat.xs, clock=clock)
            report = judged(problem, seed, accuracy, high_only).renamed(flat.names)
    report.snippet = report.snippet.replace(", seed=", f"{told(args, kwargs)}, seed=")
    return report


def judged(problem: Problem, seed: int | None = None, accuracy: float = 0.0, high_only: bool = False) -> Report:
    """`check_vjp` of a problem that has been set up already."""
    entropy = int(np.random.SeedSequence().generate_state(1)[0]) if seed is None else seed
    with quiet():
        return _Check(problem, entropy, accuracy, high_only).run()


class _Check:
    """One run of `check_vjp`: collects entries and findings."""

    def __init__(self, problem: Problem, seed: int, accuracy: float, high_only: bool) -> None:
        self.p, self.seed = problem, seed
        self.rng = np.random.default_rng(seed)
        self.findings: list[Finding] = []
        self.entries: list[Entry] = []
        self.judge = Judge(problem, self.rng, accuracy=accuracy, high_only=high_only)
        self.gs: list[Array] = []
        self.cause = ""
        self.confidence = ""
        self.taylor: Taylor | None = None

    def run(self) -> Report:
        try:
            self.judge_everything()
        except OutOfTime:
            self.note("out of time", str(self.p.clock), Verdict.UNDECIDED)
        return self.report()

    def judge_everything(self) -> None:
        p = self.p
        again = p.flatten(list(y) if isinstance(y := p.value(p.fresh()), (tuple, list)) else [y])
        if again.shape != p.y.shape or again.tobytes() != p.y.tobytes():
            gap = np.abs(again - p.y).max() if again.shape == p.y.shape else np.inf
            if not gap <= SAME_NUMBER * np.abs(p.y).max():
                self.note(
                    "not deterministic",
                    "f is not deterministic: called twice with the same inputs it returns "
                    "two different values, so there is no derivative to measure",
                    Verdict.UNDECIDED,
                )
                return
        if not self.claimable():
            return
        if p.z.size == 0 or p.y.size == 0:
            self.protocol(np.ones(p.y.size), None)
            return
        self.measure()
        if not any(f.verdict == Verdict.WRONG for f in self.findings):
            self.elsewhere()

    def note(self, kind: str, message: str, verdict: Verdict = Verdict.WRONG) -> None:
        if all(f.message != message for f in self.findings):
            self.findings.append(Finding(kind, message, verdict))

    def claimable(self) -> bool:
        """Whether vjp returns gradients of the right shapes and dtypes at all."""
        g = self.rng.choice([-1.0, 1.0], self.p.y.size) * self.rng.uniform(0.5, 2.0, self.p.y.size)
        results: list[Any] = []
        try:
            # With fresh f before it, as most programs call it.
            results = self.p.raw(self.p.cotangent(g), self.p.fresh())
            self.p.gradients(results)
        except ShapeError as error:
            self.note(error.kind, str(error))
            self.cause = self.unsummed(g, results)
            return False
        except SignatureError:
            raise
        except NotImplementedError as error:
            self.note("no gradient", f"vjp has no gradient: {error or type(error).__name__}", Verdict.NO_GRADIENT)
            return False
        except Exception as error:
            self.note("raises", f"vjp raises {type(error).__name__}: {error}")
            return False
        return True

    def unsummed(self, g: Array, results: list[Any]) -> str:
        """Test the guess that a gradient of the wrong shape lacks the sum over broadcast axes."""
        for i, (r, shape) in enumerate(zip(results, self.p.shapes, strict=False)):
            a = np.asarray(r)
            if a.shape == shape:
                continue
            try:
                wide = np.broadcast_shapes(shape, a.shape)
            except ValueError:
                wide = ()
            if wide == a.shape and a.size > int(np.prod(shape)) and np.isfinite(a).all():
                extra = a.ndim - len(shape)
                summed = a.sum(axis=tuple(range(extra)))
                axes = tuple(k for k, size in enumerate(shape) if size == 1 and summed.shape[k] != 1)
                summed = summed.sum(axis=axes, keepdims=True).ravel() if axes else summed.ravel()
                lo = int(self.p.offsets[i])
                true = np.array([self.rough_slope(g, lo + k) for k in range(min(summed.size, 8))])
                if np.allclose(summed[: true.size], true, rtol=1e-4):
                    return f"the gradient of input {i} is not summed over the axes that were broadcast"
            if a.size == int(np.prod(shape)) and a.T.shape == shape:
                return f"the gradient of input {i} is transposed"
        return ""

    def rough_slope(self, g: Array, k: int) -> float:
        h = ONE_STEP * self.judge.s[k]
        step = np.zeros_like(self.p.z)
        step[k] = h
        ahead, behind = self.p.evaluate_all([self.p.z + step, self.p.z - step])
        return float(g @ (ahead - behind) / (2 * h))

    def protocol(self, g: Array, z2: Array | None) -> None:
        checks: list[Callable[[], Iterable[protocol.Violation]]] = [
            lambda: protocol.purity(self.p, g, z2),
            lambda: protocol.memory(self.p, g),
            lambda: protocol.layouts(self.p, g, self.p.claim(g)),
            lambda: protocol.repeated(self.p, g, self.p.claim(g)),
            lambda: protocol.refilled(self.p, g, z2),
        ]
        for check in checks:
            try:
                for kind, message in check():
                    self.note(kind, message)
            except ShapeError as error:
                self.note(error.kind, str(error))

    def claims(self, gs: list[Array]) -> list[Array]:
        out = []
        for g in gs:
            try:
                out.append(self.p.claim(g))
            except ShapeError as error:
                self.note(error.kind, f"for another cotangent {error}")
                out.append(np.full(self.p.z.size, np.nan))
            except NotImplementedError as error:
                self.note("no gradient", f"vjp has no gradient for some cotangents: {error}", Verdict.NO_GRADIENT)
                out.append(np.full(self.p.z.size, np.nan))
            except Exception as error:
                self.note(
                    "raises",
                    f"vjp raises {type(error).__name__} for the cotangent {plain(self.p.cotangent(g))}: {error}",
                )
                out.append(np.full(self.p.z.size, np.nan))
        return out

    def measure(self) -> None:
        """Every coordinate, or of a large problem what `large.Search` looks at."""
        p, judge, large = self.p, self.judge, is_large(self.p)
        first = judge.random_direction()
        self.gs = cotangents(judge) if large else judge.cotangents(judge.learn(first))
        claims = self.claims(self.gs)
        full = next((c for g, c in zip(self.gs, claims, strict=True) if np.all(g != 0)), claims[0])
        judge.infinite = np.isinf(full)
        if judge.first is not None:
            self.taylor = Taylor.of(judge.first, self.gs[0], judge.along(claims[0], first)[0])
        z2 = self.second_point()
        self.protocol(self.gs[0], z2)
        self.zero_cotangent()
        if large:
            search = Search(judge, self.gs, claims)
            found = search.examine()
            for name, length, outcomes in found:
                self.record(name, length, outcomes)
            self.taylor, self.confidence = search.taylor, search.confidence(found)
            self.explain(lambda: search.cause(found))
            return
        n = p.z.size
        directions = [(f"axis {i}", judge.s[i] * unit) for i, unit in enumerate(np.eye(n))]
        if n > 1:
            random = [("random", judge.comparable(d)) for d in (first, judge.random_direction())]
            directions += [*judge.common_directions(), *random]
        done: dict[int, list[Outcome]] = {}
        try:
            done |= judge.examine(self.gs, claims, directions)
            located = [i for i, o in done.items() if verdict_of(o) == Verdict.WRONG]
            if located and min(located) >= n:
                # A direction told that something is wrong; a reader wants to know which derivative.
                done |= judge.examine(self.gs, claims, directions[:n])
        finally:  # also where the time is over
            for i, outcomes in {**done, **judge.done}.items():
                self.record(directions[i][0], float(judge.s[i]) if i < n else 1.0, outcomes)
        self.explain(lambda: self.cause_of(claims, done))

    def record(self, name: str, unit: float, outcomes: list[Outcome]) -> None:
        """An entry of the report; `unit`: the length of the step that the slopes are of."""
        q = worst_of(outcomes)
        o = outcomes[q]
        where: tuple[int | None, tuple[int, ...] | None] = (None, None)
        if name.startswith("axis"):
            number, index = where = self.p.locate(int(name.split()[1]))
            name = f"input {number}" + (f"[{', '.join(map(str, index))}]" if index else "")
        else:
            name = f"direction {name}"
        claimed, numeric, error, low, high = (v / unit for v in (o.claimed, o.numeric, o.error, o.low, o.high))
        self.entries.append(
            Entry(name, claimed, numeric, error, low, high, o.kind, o.verdict, q, *where, o.reason, o.court, o.proven)
        )

    def second_point(self) -> Array | None:
        """A point nearby that differs from this one: 3 % away in each coordinate that is not zero."""
        z, s = self.p.z, self.judge.s
        moved = z + np.where(
            z != 0, s * self.rng.choice([-1.0, 1.0], z.size) * self.rng.uniform(0.02, 0.04, z.size), 0.0
        )
        if np.array_equal(moved, z):
            return None
        moved = self.p.flatten(self.p.split(moved, dtype=True))
        value = self.p.evaluate(moved)
        return moved if value.shape == self.p.y.shape and np.isfinite(value).all() else None

    def zero_cotangent(self) -> None:
        """A zero cotangent must give a zero gradient."""
        c = self.claims([np.zeros(self.p.y.size)])[0]
        if np.isfinite(self.p.claim(self.gs[0])).all() and not np.all(c == 0):
            bad = "nan" if np.isnan(c).any() else f"{c[c != 0][0]:.6g}"
            self.note("not linear", f"for a cotangent of zeros vjp returns {bad}: it must be linear in its cotangent")

    def elsewhere(self) -> None:
        """vjp again at another point, after all the calls at this one: what a cache by shape or by object betrays."""
        if any(e.verdict == Verdict.WRONG for e in self.entries):
            return
        z2 = self.second_point()
        if z2 is None:
            return
        judge = Judge(self.p, self.rng, z2, self.judge.accuracy, self.judge.high_only)
        gs = self.gs[:2]
        try:
            claims = [self.p.claim(g, z2) for g in gs]
        except Exception:  # beyond vjp's domain
            return
        # The very gradient of the first point: remembered, or that of a linear function.
        same = [np.isfinite(c).all() and np.array_equal(c, self.p.claim(g)) for g, c in zip(gs, claims, strict=True)]
        if not any(same):
            return
        if is_large(self.p):
            several = [outcomes for _, _, outcomes in Search(judge, gs, claims, 2, each=False).examine()]
        else:
            directions = [("random", judge.comparable(judge.random_direction())) for _ in range(2)]
            judge.learn(directions[0][1])
            several = list(judge.examine(gs, claims, directions).values())
        for outcomes in several:
            for q, o in enumerate(outcomes):
                if same[q] and o.verdict == Verdict.WRONG and o.kind == Kind.SMOOTH:
                    at = Problem.describe(self.p.split(z2))
                    self.note(
                        "stale cache",
                        f"vjp returns at another point the gradient of this one (a stale cache): at {at} it claims "
                        f"{o.claimed:.10g}, numeric {o.numeric:.10g} ± {o.error:.1e}",
                    )
                    return

    def explain(self, cause: Callable[[], str]) -> None:
        """Look for the cause of what is wrong."""
        if any(e.verdict == Verdict.WRONG for e in self.entries):
            try:
                self.cause = cause()
            except Exception:  # a guess at the cause must not hide the verdict
                self.cause = ""

    def cause_of(self, claims: list[Array], done: dict[int, list[Outcome]]) -> str:
        n = self.p.z.size
        measured = self.judge.jacobian

        def numeric(q: int) -> Array:
            out = (self.gs[q] @ measured)[:n] / self.judge.s
            for i, outcomes in done.items():
                if i < n:
                    out[i] = outcomes[q].numeric / self.judge.s[i]
            return np.asarray(out)

        wrong = [
            (q, i)
            for i, outcomes in done.items()
            if i < n
            for q, o in enumerate(outcomes)
            if o.verdict == Verdict.WRONG
        ]
        swapped = self.p.claim_swapped if self.p.z.size == self.p.y.size else None

        def value(z: Array) -> Array:
            return np.asarray(self.p.evaluate_all([z])[0])

        return likely_cause(self.p.claim, self.gs, claims, numeric, self.p.shapes, wrong, swapped, value, self.p.z)

    def report(self) -> Report:
        verdicts = [f.verdict for f in self.findings] + [e.verdict for e in self.entries]
        verdict = Verdict.worst(verdicts)
        self.entries.sort(key=lambda e: (-e.verdict.rank, e.input is None, -e.ratio))
        cts = [self.p.cotangent(g) for g in self.gs]
        name = getattr(self.p.f, "__name__", "f")
        title = f"gradient of {name}" if name.isidentifier() else "gradient"
        return Report(
            verdict,
            self.entries,
            self.findings,
            self.p.xs,
            cts,
            self.cause,
            self.confidence,
            self.seed,
            snippet=self.snippet(name),
            title=title,
            tally=Tally.of(self.entries, self.p.xs),
            taylor=self.taylor,
            evaluations=self.judge.evaluations,
        )

    def snippet(self, name: str) -> str:
        args = ", ".join(plain(x) for x in self.p.xs)
        vjp = getattr(self.p.vjp, "__name__", "vjp")
        f, v = (name if name.isidentifier() else "f"), (vjp if vjp.isidentifier() else "vjp")
        return f"check_vjp({f}, {v}, {args}, seed={self.seed}).raise_if_wrong()"
