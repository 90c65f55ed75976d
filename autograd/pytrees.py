"""Nested lists, tuples and dicts of numbers and arrays: what functions take and give."""

from __future__ import annotations

from typing import Any, Callable, Iterator


def leaves(tree: Any) -> list[Any]:
    """Everything in `tree` that is no list, tuple or dict, in order.

    Examples
    --------
    >>> leaves({"w": [1.0, 2.0], "b": (3.0,)})
    [1.0, 2.0, 3.0]
    """
    found: list[Any] = []
    stack = [tree]
    while stack:
        x = stack.pop()
        if isinstance(x, dict):
            stack.extend(reversed(x.values()))
        elif isinstance(x, (list, tuple)):
            stack.extend(reversed(x))
        else:
            found.append(x)
    return found


def rebuild(tree: Any, new_leaves: list[Any]) -> Any:
    """A tree of the same form with other leaves.

    Examples
    --------
    >>> rebuild({"w": [1.0, 2.0], "b": (3.0,)}, ["x", "y", "z"])
    {'w': ['x', 'y'], 'b': ('z',)}
    """
    return _rebuilt(tree, iter(new_leaves))


def _rebuilt(x: Any, supply: Iterator[Any]) -> Any:
    # On its own: a function inside another that calls itself is a reference cycle, and holds on to the leaves.
    if isinstance(x, dict):
        return type(x)((key, _rebuilt(value, supply)) for key, value in x.items())
    if isinstance(x, (list, tuple)):
        parts = [_rebuilt(one, supply) for one in x]
        return type(x)(*parts) if hasattr(x, "_fields") else type(x)(parts)
    return next(supply)


def mapped(f: Callable[[Any], Any], tree: Any) -> Any:
    """`f` applied to every leaf.

    Examples
    --------
    >>> mapped(abs, [-1.0, (2.0, -3.0)])
    [1.0, (2.0, 3.0)]
    """
    return rebuild(tree, [f(x) for x in leaves(tree)])
