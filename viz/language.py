"""The expression language of the command line: Python's arithmetic, assignments, and the table's functions.

It is read with :mod:`ast` and never evaluated as Python: an attribute, a subscript, an import, or the call of
anything that is not in the table is refused, with its place.
"""

from __future__ import annotations

import ast
import difflib
import inspect
import math
from typing import Any, Callable, Mapping

import autograd
from autograd import Value
from autograd.rules import add, div, identity, maximum, minimum, mul, neg, power, sub
from autograd.rules.elementwise import words
from autograd.rules.rule import Elementwise

_OPERATORS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: add, ast.Sub: sub, ast.Mult: mul, ast.Div: div, ast.Pow: power,
}  # fmt: skip
_ALIASES = {
    "absolute": "abs", "max": "maximum", "min": "minimum", "pow": "power", "ln": "log", "arcsin": "asin",
    "arccos": "acos", "arctan": "atan", "arctan2": "atan2", "arcsinh": "asinh", "arccosh": "acosh",
    "arctanh": "atanh", "negative": "neg", "negate": "neg", "subtract": "sub", "multiply": "mul", "divide": "div",
}  # fmt: skip
_OF_LISTS: dict[str, Callable[..., Any]] = {"sum": autograd.sum, "logsumexp": autograd.logsumexp, "dot": autograd.dot}


class LanguageError(ValueError):
    """An expression that cannot be read; the message is one line that shows the place and says what to do."""


def functions() -> dict[str, Callable[..., Any]]:
    """Every function of the language by name: the table's, those of many inputs, and other names for them."""
    rules = words()
    return {**rules, **{alias: rules[name] for alias, name in _ALIASES.items()}, **_OF_LISTS}


def run(text: str, values: Mapping[str, float]) -> tuple[Value, dict[str, Value]]:
    """Run a program.

    Parameters
    ----------
    text : str
        Statements ``name = expression``, separated by semicolons or newlines; the last one is the result.
    values : mapping
        The numbers of the inputs.

    Returns
    -------
    result : Value
    variables : dict
        Every Value by its name.

    Raises
    ------
    LanguageError
        With the place and what to do.

    Examples
    --------
    >>> J, variables = run("u = b*c; J = 3*(a + u)", {"a": 5, "b": 3, "c": 2})
    >>> J.data, sorted(variables)
    (33.0, ['J', 'a', 'b', 'c', 'u'])
    >>> run("J = a + sinn(b)", {"a": 1, "b": 2})
    Traceback (most recent call last):
        ...
    viz.language.LanguageError: unknown function 'sinn' at column 9 (J = a + ^sinn(b)): did you mean 'sin'?
    """
    return _Program(text, values).run()


class _Program:
    def __init__(self, text: str, values: Mapping[str, float]) -> None:
        self.lines = text.split("\n")
        self.values = values
        self.inputs = {name: Value(number) for name, number in values.items()}  # drawn in the order that they are given
        self.variables: dict[str, Value] = {}
        self.used: set[str] = set()
        self.functions = functions()
        try:
            self.tree = ast.parse(text)
        except SyntaxError as error:
            raise self._syntax_error(error) from None
        except (RecursionError, MemoryError):
            raise LanguageError("the expression is nested too deeply; name its parts: u = …; J = … u …") from None
        except ValueError as error:
            raise LanguageError(f"the expression cannot be read: {error}") from None

    def run(self) -> tuple[Value, dict[str, Value]]:
        if not self.tree.body:
            raise LanguageError('nothing to compute; write an expression such as "J = 3*(a + b)"')
        result: Any = None
        try:
            for i, statement in enumerate(self.tree.body):
                result = self._statement(statement, last=i == len(self.tree.body) - 1)
        except RecursionError:
            raise LanguageError("the expression is nested too deeply; name its parts: u = …; J = … u …") from None
        for name in self.values:
            if name not in self.used:
                known = ", ".join(sorted(self.used)) or "no inputs"
                raise LanguageError(f"the expression does not use {name} (it has {known}); leave {name}=… out")
        return result, self.variables

    def _statement(self, statement: ast.stmt, last: bool) -> Value:
        if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
            target = statement.target
            was = ast.copy_location(ast.Name(target.id, ast.Load()), target)
            both = ast.copy_location(ast.BinOp(was, statement.op, statement.value), statement)
            return self._assign(target.id, self.value_of(both))
        if isinstance(statement, ast.Assign):
            goal = statement.targets[0]
            if len(statement.targets) > 1 or not isinstance(goal, ast.Name):
                raise self._at(goal, "cannot assign to this", "give each result one name: u = …")
            return self._assign(goal.id, self.value_of(statement.value))
        if isinstance(statement, ast.Expr):
            if not last:
                raise self._at(statement, "the result of this is not used", "give it a name: u = …")
            found = self.value_of(statement.value)
            if isinstance(statement.value, ast.Name) and isinstance(found, Value):
                return found
            name = next(n for n in ("J", "result", *map("J{}".format, range(2, 99))) if n not in self._names())
            return self._assign(name, found)
        raise self._at(statement, f"{_kind(statement)} is not part of the language", "write name = expression")

    def _names(self) -> set[str]:
        return {node.id for node in ast.walk(self.tree) if isinstance(node, ast.Name)} | set(self.values)

    def _assign(self, name: str, result: Any) -> Value:
        made: Value = Value(result) if not isinstance(result, Value) else identity(result) if result.label else result
        made.label = name
        self.variables[name] = made
        return made

    def value_of(self, node: ast.expr) -> Any:
        """The Value, or plain number, of an expression."""
        if isinstance(node, ast.Constant):
            if isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
                try:
                    return float(node.value)
                except OverflowError:
                    return math.inf
            raise self._at(node, f"{node.value!r} is not a real number", "write numbers such as 3, 0.5 or 1e-3")
        if isinstance(node, ast.Name):
            return self._name(node)
        if isinstance(node, ast.BinOp):
            return self._operation(node)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
            operand = self.value_of(node.operand)
            return neg(operand) if isinstance(node.op, ast.USub) else operand
        if isinstance(node, ast.Call):
            return self._call(node)
        hint = "use numbers, names, + - * / ** and functions"
        raise self._at(node, f"{_kind(node)} is not part of the language", hint)

    def _operation(self, node: ast.BinOp) -> Any:
        """``a + b + c + …`` is nested on the left as deeply as it is long, so it is taken apart in a loop."""
        pending: list[ast.BinOp] = []
        left: ast.expr = node
        while isinstance(left, ast.BinOp):
            pending.append(left)
            left = left.left
        result = self.value_of(left)
        for part in reversed(pending):
            if type(part.op) not in _OPERATORS:
                hint = "for powers write **" if isinstance(part.op, ast.BitXor) else "there are + - * / and **"
                raise self._at(part, f"operator {_sign(part.op)} is not part of the language", hint)
            result = _OPERATORS[type(part.op)](result, self.value_of(part.right))
        return result

    def _name(self, node: ast.Name) -> Any:
        name = node.id
        if name in self.variables:
            return self.variables[name]
        if name in self.values:
            self.used.add(name)
            return self._assign(name, self.inputs[name])
        if name == "pi":
            return math.pi
        if name in self.functions:
            raise self._at(node, f"{name} is a function", f"call it: {name}(…)")
        near = difflib.get_close_matches(name, [*self.values, *self.variables], 1, 0.7)
        hint = f"did you mean {near[0]!r}? Otherwise " if near else ""
        raise self._at(node, f"no value for {name!r}", f"{hint}add {name}=<number> after the expression")

    def _call(self, node: ast.Call) -> Any:
        if not isinstance(node.func, ast.Name):
            raise self._at(node.func, "only functions of the table can be called", "see --help for their names")
        name = node.func.id
        if name not in self.functions:
            near = difflib.get_close_matches(name, self.functions, 1)
            hint = f"did you mean {near[0]!r}?" if near else "see --help for the names"
            raise self._at(node.func, f"unknown function {name!r}", hint)
        if node.keywords:
            raise self._at(node.keywords[0].value, f"{name} takes no named arguments", f"write {name}(x, …)")
        function = self.functions[name]
        if function in _OF_LISTS.values():
            return self._call_of_lists(node, name)
        args = [self.value_of(arg) for arg in node.args]
        if function in (maximum, minimum) and len(args) > 2:
            result = args[0]
            for arg in args[1:]:
                result = function(result, arg)
            return result
        rule: Any = function
        most = len(rule.partials)
        least = most - len(rule.defaults)
        if not least <= len(args) <= most:
            wanted = str(most) if least == most else f"{least} or {most}"
            what = f"{name} takes {wanted} argument{'s' * (most > 1)}, not {len(args)}"
            raise self._at(node.func, what, _usage(rule))
        return rule(*args)

    def _call_of_lists(self, node: ast.Call, name: str) -> Any:
        usage = {"dot": "dot([w1, w2], [x1, x2], bias)"}.get(name, f"{name}(a, b, c) or {name}([a, b, c])")
        args: list[Any] = []
        for arg in node.args:
            if isinstance(arg, (ast.List, ast.Tuple)):
                args.append([self.value_of(part) for part in arg.elts])
            else:
                args.append(self.value_of(arg))
        if name == "dot":
            lists = [len(x) for x in args[:2] if isinstance(x, list)]
            if len(args) > 3 or len(lists) != 2 or lists[0] != lists[1]:
                raise self._at(node.func, "dot takes two lists of one length, and perhaps a bias", f"write {usage}")
            if isinstance(args[-1], list) and len(args) == 3:
                raise self._at(node.args[-1], "the bias of a dot is one number", f"write {usage}")
            return autograd.dot(*args)
        numbers = args[0] if len(args) == 1 and isinstance(args[0], list) else args
        if not numbers or any(isinstance(x, list) for x in numbers):
            raise self._at(node.func, f"{name} takes one or more numbers", f"write {usage}")
        return _OF_LISTS[name](numbers)

    def _at(self, node: Any, what: str, hint: str) -> LanguageError:
        line = self.lines[node.lineno - 1]
        # ast counts bytes.
        column = len(line.encode()[: node.col_offset].decode(errors="ignore"))
        return LanguageError(f"{what} at {self._place(node.lineno, column)}: {hint}")

    def _place(self, line: int, column: int) -> str:
        """``column 9 (J = a + ^d)``: a caret before what is meant."""
        text = self.lines[line - 1]
        start, end = max(0, column - 30), column + 30
        marked = f"{'…' * (start > 0)}{text[start:column]}^{text[column:end]}{'…' * (end < len(text))}"
        where = f"line {line}, " if len(self.lines) > 1 else ""
        return f"{where}column {column + 1} ({' '.join(marked.split())})"

    def _syntax_error(self, error: SyntaxError) -> LanguageError:
        line = min(max(error.lineno or 1, 1), len(self.lines))
        column = min(max((error.offset or 1) - 1, 0), len(self.lines[line - 1]))
        what = (error.msg or "invalid syntax").split(". Perhaps")[0]
        return LanguageError(f"syntax error at {self._place(line, column)}: {what}")


def _kind(node: ast.AST) -> str:
    names = {
        ast.Attribute: "an attribute (x.y)", ast.Subscript: "a subscript (x[i])", ast.Import: "import",
        ast.ImportFrom: "import", ast.Lambda: "lambda", ast.Compare: "a comparison", ast.IfExp: "if … else",
        ast.List: "a list outside sum, dot and logsumexp", ast.Tuple: "a tuple", ast.NamedExpr: ":=",
        ast.BoolOp: "and/or", ast.Starred: "a starred argument", ast.UnaryOp: "this operator",
    }  # fmt: skip
    return names.get(type(node), f"{type(node).__name__.lower()}")


def _sign(op: ast.operator) -> str:
    signs = {
        ast.FloorDiv: "//", ast.Mod: "%", ast.MatMult: "@", ast.BitXor: "^", ast.BitAnd: "&", ast.BitOr: "|",
        ast.LShift: "<<", ast.RShift: ">>",
    }  # fmt: skip
    return signs.get(type(op), type(op).__name__)


def _usage(rule: Elementwise) -> str:
    names = list(inspect.signature(rule.partials[0]).parameters)[1:]
    return f"write {rule.name}({', '.join(names)})"
