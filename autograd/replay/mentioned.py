"""What code mentions: names and modules; and which modules are libraries that can be trusted."""

from __future__ import annotations

import dis
import sys
from importlib.util import resolve_name
from types import CodeType, ModuleType
from typing import Any

TRUSTED = {"numpy", "scipy", "autograd", "functools", "graphviz"} | set(sys.stdlib_module_names)

_IMPORT = dis.opmap["IMPORT_NAME"]


def trusted(x: Any) -> bool:
    """Whether `x` comes from a library whose own variables do not change what functions compute."""
    module = x.__name__ if isinstance(x, ModuleType) else getattr(x, "__module__", None) or ""
    return module.partition(".")[0] in TRUSTED and module != "__main__"


def imports_in(code: CodeType, package: str) -> list[str]:
    """The modules that code imports, that of functions inside it included."""
    found = [name for x in code.co_consts if isinstance(x, CodeType) for name in imports_in(x, package)]
    if _IMPORT in code.co_code[::2]:
        before: list[Any] = [None, None]
        for step in dis.get_instructions(code):
            if step.opname == "IMPORT_NAME":
                level, parts = before[0] or 0, before[1] or ()
                module = resolve_name("." * level + step.argval, package) if level else step.argval
                found += [module, *[inner for n in parts if (inner := f"{module}.{n}") in sys.modules]]
            before = [before[1], step.argval]
    return found


def names_in(code: CodeType) -> list[str]:
    """The names that code mentions, that of functions inside it included."""
    found = dict.fromkeys(code.co_names)
    for x in code.co_consts:
        if isinstance(x, CodeType):
            found.update(dict.fromkeys(names_in(x)))
    return list(found)
