"""Nested lists, tuples and dicts of numbers and arrays: what functions take and give."""

from __future__ import annotations

from copy import copy
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


def leaves_like(tree: Any, other: Any, name: str, tree_name: str) -> list[Any]:
    """The leaves of `other` in the order of those of `tree`, whose form it has to have (a list may be a tuple).

    Raises
    ------
    ValueError
        If `other` (called `name`) and `tree` (called `tree_name`) differ in keys or lengths.

    Examples
    --------
    >>> leaves_like({"w": 1.0, "b": 2.0}, {"b": "second", "w": "first"}, "the tangent", "x")
    ['first', 'second']
    """
    found: list[Any] = []
    stack = [(tree, other)]
    while stack:
        x, y = stack.pop()
        if isinstance(x, dict):
            if not isinstance(y, dict) or set(x) != set(y):
                has = f"the keys {list(y)}" if isinstance(y, dict) else f"a {type(y).__name__}"
                raise ValueError(f"{name} has {has} where {tree_name} has a dict with the keys {list(x)}")
            stack.extend((x[key], y[key]) for key in reversed(x))
        elif isinstance(x, (list, tuple)):
            if not isinstance(y, (list, tuple)) or len(x) != len(y):
                has = f"{len(y)} parts" if isinstance(y, (list, tuple)) else f"a {type(y).__name__}"
                raise ValueError(f"{name} has {has} where {tree_name} has {len(x)} parts")
            stack.extend(zip(reversed(x), reversed(y)))
        elif isinstance(y, (dict, list, tuple)):
            raise ValueError(f"{name} has a {type(y).__name__} where {tree_name} has a single number or array")
        else:
            found.append(y)
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
    if type(x) is dict:
        return {key: _rebuilt(value, supply) for key, value in x.items()}
    if isinstance(x, dict):  # made as the original was: a Counter would count pairs, a defaultdict has its factory
        rebuilt = copy(x)
        for key, value in x.items():
            rebuilt[key] = _rebuilt(value, supply)
        return rebuilt
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
