"""The source of a recorded program: one line per operation, in plain NumPy where its rules name themselves there."""

from __future__ import annotations

import ast
import sys
from typing import Any, Mapping

import numpy as np

from autograd.functions.broadcasting import broadcast
from autograd.functions.indexing import getitem, scatter
from autograd.functions.products import matmul
from autograd.functions.reductions import average, total, variance
from autograd.functions.shapes import concatenation, reshape, transpose
from autograd.functions.softmax import peak
from autograd.nn.functional.losses.many_classes import pick, place
from autograd.replay.blocks import single
from autograd.replay.names import give_names
from autograd.replay.operations import Op, Var, vars_of
from autograd.replay.pulling import Pulled
from autograd.rules.code import Writer
from autograd.rules.elementwise import share, step, where
from autograd.rules.expressions import Symbol
from autograd.rules.rule import Composite
from autograd.rules.table import RULES

INLINE = 16
"""Constant arrays of up to so many numbers are written out."""

_OPERATORS: dict[Any, tuple[str, bool]] = {
    np.add: ("+", True), np.subtract: ("-", True), np.multiply: ("*", True), np.true_divide: ("/", True),
    np.power: ("**", True), np.greater: (">", False), np.less: ("<", False), np.greater_equal: (">=", False),
    np.less_equal: ("<=", False), np.equal: ("==", False), np.not_equal: ("!=", False),
}  # fmt: skip


def arguments_of(recording: Any) -> dict[str, Var]:
    """What the source takes: arguments, parameters, settings and large constants, by name."""
    give_names(recording.wishes, list(single(recording.plan.ops)))
    found = [var for var in recording.arguments if var is not None]
    found += [var for var in recording.program.given.values()]
    found += [var for _, var in recording.leaves]
    found += [var for var, _, _ in recording.settings]
    found += [var for _, var, _ in recording.moved]
    read = {x for op in single(recording.plan.ops) for x in vars_of(op)}
    found += [var for var in recording.program.constants if not _inline(var) and var in read]
    read |= {recording.arguments[x.value] for x in recording.outputs if x.kind in ("argument", "copy")}
    return {var.name: var for var in dict.fromkeys(found) if var in read}


def source_of(recording: Any, name: str) -> str:
    """The program as a Python function."""
    return _Source(recording, name).text()


def _inline(var: Var) -> bool:
    return bool(var.source.size <= INLINE)


class _Source:
    def __init__(self, recording: Any, name: str) -> None:
        self.recording, self.name = recording, name if name.isidentifier() else "program"
        self.imports: dict[str, str] = {}

    def text(self) -> str:
        recording = self.recording
        give_names(recording.wishes, list(single(recording.plan.ops)))
        lines: list[str] = []
        section = ""
        late = {op.out for op in recording.tail} if recording.seed_var is None else set()
        for op in single(recording.plan.ops):
            now = "update" if op.out in late or op.out in recording.into else "backward" if op.backward else "forward"
            if now != section:
                lines += ["", f"# {now}"] if lines else [f"# {now}"]
                section = now
            lines += self._operation(op)
        named = arguments_of(recording)
        plain = [var.name for var in dict.fromkeys(recording.arguments) if var is not None and var.name in named]
        plain += [var.name for var in recording.program.given.values() if var.name in named]
        others = [n for n in named if n not in plain]
        seed = ["seed=1.0"] if recording.seed_var is not None else []
        parameters = ", ".join([*plain, *(["*", *others, *seed] if others or seed else [])])
        results, told = self._results()
        lines += ["", f"return {results}"]
        head = [f"def {self.name}({parameters}):", f'    """{told}"""']
        body = [f"    {line}" if line else "" for line in lines]
        imports = ["import numpy as np", *sorted(set(self.imports.values()))]
        return "\n".join([*imports, "", "", *head, *body, ""])

    def _results(self) -> tuple[str, str]:
        recording = self.recording
        groups = [("the result", [self._output(x) for x in recording.outputs])]
        finals = [self._read(var) for _, var in recording.final_vars if var is not None]
        finals += [self._read(var) for var in recording.pulled_places if var is not None]
        groups.append(("gradients", finals))
        groups.append(("new numbers of parameters", [self._read(var) for _, var, _ in recording.written]))
        groups.append(("new running statistics", [self._read(var) for _, _, var in recording.moved]))
        used = [(told, names) for told, names in groups if names]
        told = "; ".join(f"{told}: {', '.join(names)}" if told != "the result" else told for told, names in used)
        everything = [n for _, names in used for n in names]
        comma = "," if len(everything) == 1 else ""
        return f"({', '.join(everything)}{comma})", f"Returns {told or 'nothing'}."

    def _output(self, x: Any) -> str:
        if x.var is not None:
            return self._read(x.var)
        if x.kind in ("argument", "copy"):
            var = self.recording.arguments[x.value]
            copied = ".copy()" if x.kind == "copy" else ""
            return "None" if var is None else f"{self._read(var)}{copied}"
        plain = isinstance(x.value, (int, float, str, np.generic, type(None)))
        return self._setting(x.value) if plain else "None"

    # --- names and numbers -----------------------------------------------------------------------------

    def _read(self, x: Any) -> str:
        """A variable's name; a number as it is written."""
        if not isinstance(x, Var):
            return self._setting(x)
        if x is self.recording.seed_var:
            return "seed"
        if x.kind == "constant" and _inline(x):
            return self._array(x.source)
        return x.name or "v"

    def _array(self, array: Any) -> str:
        written = ast.unparse(ast.parse(repr(array.tolist()).replace("nan", "np.nan").replace("inf", "np.inf")))
        kind = str(array.dtype) if array.dtype != bool else "bool_"
        return f"np.{kind}({written})" if not array.ndim else f"np.array({written}, np.{kind})"

    def _setting(self, x: Any) -> str:
        if isinstance(x, Var):
            return self._read(x)
        if isinstance(x, np.ndarray):
            return self._array(x)
        if isinstance(x, slice):
            return f"slice({x.start!r}, {x.stop!r}, {x.step!r})"
        if isinstance(x, (tuple, list)):
            inside = ", ".join(map(self._setting, x))
            return f"({inside}{',' if len(x) == 1 else ''})" if isinstance(x, tuple) else f"[{inside}]"
        if isinstance(x, np.dtype):
            return f"np.dtype({x.name!r})"
        if isinstance(x, float) and not np.isfinite(x):
            return "np.nan" if x != x else "np.inf" if x > 0 else "-np.inf"
        return repr(x.item() if isinstance(x, np.generic) else x)

    def _operand(self, x: Any) -> str:
        written = self._read(x)
        return f"({written})" if written.startswith("-") else written

    # --- operations ------------------------------------------------------------------------------------

    def _operation(self, op: Op) -> list[str]:
        out = self._read(op.out)
        if op.kind == "part":
            whole, part = map(self._read, op.inputs)
            index = self._in_rows(op) if op.rule is place else self._index(op.static["index"])
            return [f"{out} = {whole}.copy(); {out}[{index}] += {part}"]
        if op.rule is scatter and "index" in op.static:
            (g,) = op.inputs
            zeros = f"{out} = np.zeros({tuple(op.static['shape'])}, np.{op.out.dtype})"
            return [f"{zeros}; np.add.at({out}, {self._setting(op.static['index'])}, {self._read(g)})"]
        if op.rule is place:
            (g,) = op.inputs
            zeros = f"{out} = np.zeros({op.out.shape}, np.{op.out.dtype})"
            return [f"{zeros}; {out}[{self._in_rows(op)}] = {self._read(g)}"]
        return [f"{out} = {self._expression(op)}"]

    def _in_rows(self, op: Op) -> str:
        """The index of one number in each row."""
        at = op.static["at"]
        return f"np.arange({len(at) if isinstance(at, np.ndarray) else at.shape[0]}), {self._setting(at)}"

    def _expression(self, op: Op) -> str:
        inputs, static = op.inputs, op.static
        if op.kind == "ufunc":
            return self._ufunc(op)
        x = [self._operand(one) for one in inputs]
        if op.rule == "copy":
            return f"np.array({x[0]})"
        if op.rule is matmul:
            return f"{x[0]} @ {x[1]}"
        if op.rule is getitem:
            return f"{x[0]}[{self._index(static['index'])}]"
        if op.rule is pick:
            return f"{x[0]}[{self._in_rows(op)}]"
        if op.rule is peak:
            largest = f"np.max({x[0]}, axis={self._setting(static['axis'])}, keepdims=True)"
            return f"np.nan_to_num({largest}, posinf=0, neginf=0)"
        if op.rule is transpose:
            return (
                f"{x[0]}.T"
                if static["axes"] is None or static["axes"] == (1, 0)
                else (f"np.transpose({x[0]}, {self._setting(static['axes'])})")
            )
        if op.rule is reshape:
            order = f", order={static['order']!r}" if static.get("order", "C") != "C" else ""
            return f"np.reshape({x[0]}, {self._setting(static['shape'])}{order})"
        if op.rule is broadcast:
            return f"np.broadcast_to({x[0]}, {self._setting(static['shape'])})"
        if op.rule in (total, average):
            named = "np.sum" if op.rule is total else "np.mean"
            keep = ", keepdims=True" if static.get("keepdims") else ""
            axis = "" if static.get("axis") is None else f", axis={self._setting(static['axis'])}"
            return f"{named}({x[0]}{axis}{keep})"
        if op.rule is variance:
            settings = "".join(f", {name}={self._setting(value)}" for name, value in static.items() if value)
            return f"np.var({x[0]}{settings})"
        if op.rule is concatenation:
            return f"np.concatenate([{', '.join(x)}], axis={static['axis']})"
        if op.rule is step:
            return f"({x[0]} > 0).astype(np.{op.out.dtype})"
        if op.rule is share:
            return f"np.where({x[0]} == {x[1]}, 0.5, {x[0]} > {x[1]}).astype(np.{op.out.dtype})"
        if op.rule is where:
            return f"np.where({', '.join(x)})"
        if isinstance(op.rule, Composite) and not static:
            return self._tree(op)
        return self._called(op)

    def _ufunc(self, op: Op) -> str:
        x = [self._operand(one) for one in op.inputs]
        if op.function in _OPERATORS and len(x) == 2:
            return f"{x[0]} {_OPERATORS[op.function][0]} {x[1]}"
        if op.function is np.negative:
            return f"-{x[0]}"
        return f"{self._function(op.function)}({', '.join(x)})"

    def _function(self, ufunc: Any) -> str:
        name = ufunc.__name__
        if getattr(np, name, None) is ufunc:
            return f"np.{name}"
        self.imports[name] = "import scipy.special"
        return f"scipy.special.{name}"

    def _index(self, index: Any) -> str:
        parts = index if isinstance(index, tuple) else (index,)
        return (
            ", ".join(
                _slice(p) if isinstance(p, slice) else "..." if p is Ellipsis else self._setting(p) for p in parts
            )
            or "()"
        )

    def _tree(self, op: Op) -> str:
        """A composite rule by its formula."""
        symbols = [Symbol(f"x{i}") for i in range(len(op.inputs))]
        tree = op.rule.tree(*symbols)
        writer = _NumPyWriter(self, {s: self._operand(x) for s, x in zip(symbols, op.inputs)})
        return ast.unparse(writer.expression(tree))

    def _called(self, op: Op) -> str:
        """A call of a rule as it stands, which has to be imported."""
        x = list(map(self._read, op.inputs))
        if isinstance(op.rule, Pulled):
            name = self._imported(op.rule.rule)
            g, y, *inputs = x
            joined = ", ".join(inputs) + ("," if len(inputs) == 1 else "")
            settings = "{" + ", ".join(f"{n!r}: {self._setting(v)}" for n, v in op.static.items()) + "}"
            return f"{name}.vjp({g}, {y}, ({joined}), ({op.rule.i},), {settings})[0]"
        name = self._imported(op.rule)
        return f"{name}.compute({', '.join([*x, *[f'{n}={self._setting(v)}' for n, v in op.static.items()]])})"

    def _imported(self, rule: Any) -> str:
        """The name under which a rule can be imported from its module."""
        for module in sorted(n for n in sys.modules if n.startswith("autograd")):
            for name, x in list(vars(sys.modules[module]).items()):
                if x is rule and not name.startswith("__"):
                    self.imports[name] = f"from {module} import {name}"
                    return name
        self.imports[rule.name] = "from autograd import RULES"
        return f"RULES[{rule.name!r}]"


def _slice(x: slice) -> str:
    start, stop = ("" if one is None else repr(one) for one in (x.start, x.stop))
    return f"{start}:{stop}" + ("" if x.step is None else f":{x.step!r}")


class _NumPyWriter(Writer):
    """Writes trees with the functions of NumPy under the names that they have there."""

    may_divide_numbers = False  # of what is recorded, everything is an array

    def __init__(self, source: _Source, given: Mapping[Symbol, str]) -> None:
        super().__init__(True, given)
        self.source = source

    def name(self, function: Any, wish: str) -> ast.Name:
        if isinstance(function, np.ufunc):
            return ast.Name(self.source._function(function))
        if function is np.where:
            return ast.Name("np.where")
        if function is np.zeros_like:
            return ast.Name("np.zeros_like")
        rule = RULES.get(wish)
        if rule is None:
            return super().name(function, wish)
        return ast.Name(f"{self.source._imported(rule)}.compute")
