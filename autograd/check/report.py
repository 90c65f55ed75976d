"""What a check found: the verdict, the table of coordinates, and a text that says where, how far, and likely why."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

import numpy as np

from .tally import Tally
from .taylor import Taylor
from .verdicts import Kind, Verdict


class GradientError(AssertionError):
    """A gradient is wrong, or could not be judged where right was demanded. Carries the report."""

    def __init__(self, report: Report) -> None:
        super().__init__(str(report))
        self.report = report


@dataclass(frozen=True)
class Entry:
    """One derivative: claimed by the gradient, and measured.

    Attributes
    ----------
    name : str
        ``"input 0[2, 1]"``, or ``"direction (1, …, 1)"`` for a directional derivative.
    claimed, numeric, error : float
        ``numeric ± error`` is the measured derivative.
    low, high : float
        Where f has a kink, the interval between the one-sided derivatives (else ``numeric ± error``).
    kind : str
        "smooth", "kink", "jump", "edge of the domain" or "vertical tangent".
    verdict : str
        "right", "wrong" or "undecided".
    cotangent : int
        Which of the report's `cotangents` showed the largest disagreement.
    court : str
        Where f was measured again in higher precision: "mpmath at 60 digits" or "long double", else "".
    proven : bool
        Whether that settles the verdict in exact arithmetic.

    Examples
    --------
    >>> from autograd.check import check_vjp
    >>> entry = check_vjp(lambda x: x * x, lambda g, x: 3 * g * x, 2.0).worst
    >>> entry.name, round(entry.claimed / entry.numeric, 6), entry.kind, entry.verdict
    ('input 0', 1.5, 'smooth', 'wrong')
    """

    name: str
    claimed: float
    numeric: float
    error: float
    low: float
    high: float
    kind: Kind
    verdict: Verdict
    cotangent: int = 0
    input: int | None = None
    index: tuple[int, ...] | None = None
    reason: str = ""
    court: str = ""
    proven: bool = False

    @property
    def ratio(self) -> float:
        """How many error bars lie between claimed and numeric (0 inside the interval of a kink)."""
        if self.kind == Kind.SMOOTH:
            away = abs(self.claimed - self.numeric)
        else:
            away = max(self.low - self.claimed, self.claimed - self.high, 0.0)
        if math.isnan(self.claimed):
            return math.inf
        if away == 0 or math.isinf(self.error):
            return 0.0
        return away / self.error if self.error else math.inf

    def __str__(self) -> str:
        bar = f"{self.numeric:.10g} ± {self.error:.1e}"
        if self.kind == Kind.KINK:
            bar = f"between {self.low:.6g} and {self.high:.6g}"
        apart = f"{self.ratio:9.3g}" if self.ratio < 1e12 else "     > 1e12"
        return f"{self.name:<24} {self.claimed:>18.10g}   {bar:<28} {apart}   {self.verdict}" + (
            f" ({self.kind})" if self.kind != Kind.SMOOTH else ""
        )


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong or undecided besides the numbers: "stale cache", "shares memory", "not finite", …

    Parameters
    ----------
    kind : str
        What it is, in a few words.
    message : str
        The whole sentence.
    verdict : {"wrong", "undecided"}
        What it makes of the report.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd.check import check_vjp
    >>> (finding,) = check_vjp(np.sum, lambda g, x: g, np.ones(3)).findings
    >>> finding.kind, finding.message
    ('shape', 'the gradient of input 0 has shape (), the input has shape (3,)')
    """

    kind: str
    message: str
    verdict: Verdict = Verdict.WRONG


@dataclass
class Report:
    """The judgement of one gradient. True in a condition only if the verdict is "right".

    Attributes
    ----------
    verdict : str
        "right", "wrong", "undecided" or "no gradient".
    entries : list of Entry
        Every derivative that was compared, worst first.
    findings : list of Finding
        Breaches of the protocol, and reasons for "undecided".
    xs, cotangents
        The point, and the cotangents that were tried.
    cause : str
        A guess at the cause that has been tested, or "".
    confidence : str
        How sure the verdict is, where not every coordinate was looked at.
    seed : int
        Passing ``seed=report.seed`` repeats the very same check.
    tally : Tally
        How many derivatives were compared, how sharply, and which kinks were met.
    taylor : Taylor or None
        The order of the Taylor remainder along one direction: 2 where the gradient is right.
    names
        What the inputs are called, where they are parts of containers or of complex numbers.
    seen
        From `check_for_all`: the entries of inputs, as (number of the input, value), at which the derivative was found
        "right", "wrong", "undecided" or f "undefined". ``viz.draw_check`` draws them as a map.
    nodes, program
        From `check_gradient`: reports on the recorded operations, if the gradient is wrong; the program and its point.

    Examples
    --------
    >>> from autograd.check import check_vjp
    >>> report = check_vjp(lambda x: x * x, lambda g, x: 3 * g * x, 2.0)
    >>> bool(report), report.verdict, report.cause, report.reason
    (False, 'wrong', 'off by a factor of 3/2', 'the derivative along input 0 is wrong')
    """

    verdict: Verdict
    entries: list[Entry] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    xs: Sequence[Any] = ()
    cotangents: Sequence[Any] = ()
    cause: str = ""
    confidence: str = ""
    seed: int = 0
    where: str = ""
    snippet: str = ""
    title: str = "gradient"
    evaluations: int = 0
    nodes: Any = None
    program: Any = None
    tally: Tally = field(default_factory=Tally)
    taylor: Taylor | None = None
    names: Sequence[str] = ()
    seen: dict[str, list[tuple[int, float]]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.verdict == Verdict.RIGHT

    @property
    def worst(self) -> Entry | None:
        """The derivative that is furthest off: a wrong one before an undecided one."""
        return min(self.entries, key=lambda e: (-e.verdict.rank, e.input is None, -e.ratio), default=None)

    @property
    def reason(self) -> str:
        """Why the verdict is not "right", in a sentence (empty if it is)."""
        for f in self.findings:
            if f.verdict == self.verdict:
                return f.message
        worst = self.worst
        if worst is None or worst.verdict == Verdict.RIGHT:
            return ""
        if worst.verdict == Verdict.WRONG:
            return worst.reason or f"the derivative along {worst.name} is wrong"
        return worst.reason

    @property
    def kink(self) -> bool:
        """Whether the point lies on a kink of f (or a jump) in some direction."""
        return any(e.kind.broken for e in self.entries)

    def renamed(self, names: Sequence[str]) -> Report:
        """The inputs called by other names than "input 0", "input 1", …; changes this report and returns it."""

        def told(text: str) -> str:
            return re.sub(r"input (\d+)", lambda m: names[int(m[1])] if int(m[1]) < len(names) else m[0], text)

        self.entries = [replace(e, name=told(e.name)) for e in self.entries]
        self.findings = [replace(f, message=told(f.message)) for f in self.findings]
        self.cause, self.names = told(self.cause), list(names)
        return self

    def raise_if_wrong(self) -> Report:
        """Raise `GradientError` if the gradient is wrong; return the report otherwise."""
        if self.verdict == Verdict.WRONG:
            raise GradientError(self)
        return self

    def raise_unless_right(self) -> Report:
        """Raise `GradientError` if the gradient is wrong or could not be judged."""
        if self.verdict != Verdict.RIGHT:
            raise GradientError(self)
        return self

    def table(self, rows: int = 12) -> str:
        """The derivatives as text, worst first: name, claimed, numeric ± error, error bars apart, verdict."""
        ranked = sorted(self.entries, key=lambda e: (-e.verdict.rank, e.input is None, -e.ratio))
        head = f"{'derivative':<24} {'claimed':>18}   {'numeric ± error':<28} {'bars apart':>9}"
        lines = [head, *(str(e) for e in ranked[:rows])]
        if len(ranked) > rows:
            lines.append(
                f"… and {len(ranked) - rows} more, {sum(e.verdict == 'right' for e in ranked[rows:])} of them right"
            )
        return "\n".join(lines)

    def __str__(self) -> str:
        lines = []
        worst = self.worst
        if self.verdict == Verdict.RIGHT:
            lines.append(f"{self.title}: right {self.tally}")
        elif worst is not None and worst.verdict == self.verdict:
            what = "is wrong" if self.verdict == Verdict.WRONG else "cannot be judged"
            proved = "proved " if worst.proven else ""
            lines.append(f"{self.title}: {proved}{self.verdict}: the derivative with respect to {worst.name} {what}")
        else:
            lines.append(f"{self.title}: {self.verdict}: {self.reason}")
        for f in self.findings:
            lines.append(f"  {f.kind}: {f.message}")
        if self.verdict != Verdict.RIGHT:
            with np.printoptions(threshold=60, precision=17):
                for i, x in enumerate(self.xs):
                    lines.append(f"  {self.names[i] if self.names else f'input {i}'}: {plain(x)}")
                if worst is not None and worst.cotangent < len(self.cotangents):
                    lines.append(f"  cotangent: {plain(self.cotangents[worst.cotangent])}")
        if worst is not None and worst.verdict != Verdict.RIGHT:
            lines.append(
                f"  claimed {worst.claimed:.17g}, numeric {worst.numeric:.17g} ± {worst.error:.2g}, "
                f"{worst.ratio:.3g} error bars apart"
            )
            if worst.kind != Kind.SMOOTH:
                lines.append(
                    f"  at a {worst.kind}: the one-sided derivatives are {worst.low:.10g} and {worst.high:.10g}"
                )
            elif worst.verdict == Verdict.WRONG:
                lines.append("  f is smooth here: no kink excuses it")
            if worst.proven:
                true = f"true {worst.numeric:.12g} to 12 digits ({worst.court})"
                lines.append(f"  proved: claimed {worst.claimed:.4g}, {true}")
            elif worst.court:
                lines.append(f"  measured again in {worst.court}")
            if self.taylor is not None:
                lines.append(f"  {self.taylor}")
            if worst.reason:
                lines.append(f"  reason: {worst.reason}")
        if self.where:
            lines.append(f"  {self.where}")
        if self.cause:
            lines.append(f"  likely cause: {self.cause}")
        if self.confidence:
            lines.append(f"  {self.confidence}")
        if self.entries and self.verdict != Verdict.RIGHT:
            lines += ["", self.table()]
        if self.snippet and self.verdict != Verdict.RIGHT:
            lines += ["", "reproduce:", self.snippet]
        return "\n".join(lines)

    __repr__ = __str__


def plain(x: Any) -> str:
    """An input as Python source that makes it again."""
    if isinstance(x, dict):
        return "{" + ", ".join(f"{key!r}: {plain(value)}" for key, value in x.items()) + "}"
    if is_dataclass(x) and not isinstance(x, type):
        return f"{type(x).__name__}({', '.join(f'{f.name}={plain(getattr(x, f.name))}' for f in fields(x))})"
    if isinstance(x, list):
        return "[" + ", ".join(plain(p) for p in x) + "]"
    if isinstance(x, tuple):
        return "(" + ", ".join(plain(p) for p in x) + ("," if len(x) == 1 else "") + ")"
    if isinstance(x, (str, bool, int)) or x is None:
        return repr(x)
    a = np.asarray(x)
    if a.ndim == 0:
        number = repr(complex(a)) if a.dtype.kind == "c" else repr(float(a))
        if isinstance(x, np.ndarray):
            return f"np.array({number})" if a.dtype == np.float64 else f"np.array({number}, np.{a.dtype})"
        return number if a.dtype in (np.float64, np.complex128) else f"np.{a.dtype}({number})"
    dtype = "" if a.dtype in (np.float64, np.complex128) and a.size else f", dtype=np.{a.dtype}"
    if a.size > 60:
        return f"<array of shape {a.shape}, {a.dtype}>"
    body = repr(a.tolist()).replace("nan", "np.nan").replace("inf", "np.inf")
    if a.size == 0:
        return f"np.zeros({a.shape}{dtype})"
    return f"np.array({body}{dtype})"
