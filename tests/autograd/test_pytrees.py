"""Nested structures: taken apart, put together again in the same form, and matched by key."""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict, namedtuple
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from autograd import pytrees

Pair = namedtuple("Pair", "left right")


class Settings(dict):
    """A dict that cannot be made from pairs."""

    def __init__(self, name: str, **entries: Any) -> None:
        super().__init__(**entries)
        self.name = name


def grown(inner: Any) -> Any:
    keys = st.text(max_size=2)
    return st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(keys, inner, max_size=3),
        st.dictionaries(keys, inner, max_size=3).map(OrderedDict),
        st.dictionaries(keys, inner, max_size=3).map(lambda d: defaultdict(list, d)),
        st.dictionaries(keys, inner, max_size=3).map(Counter),
        st.tuples(inner, inner).map(lambda pair: Pair(*pair)),
        st.dictionaries(st.sampled_from(["a", "b"]), inner).map(lambda d: Settings("mine", **d)),
    )


TREES = st.recursive(st.integers(), grown, max_leaves=12)


def forms(tree: Any) -> Any:
    """The types and keys of a tree, all the way down."""
    if isinstance(tree, dict):
        return type(tree), [(key, forms(x)) for key, x in tree.items()]
    return (type(tree), [forms(x) for x in tree]) if isinstance(tree, (list, tuple)) else None


@given(TREES)
def test_a_tree_is_rebuilt_in_its_form(tree: Any) -> None:
    leaves = pytrees.leaves(tree)
    names = [f"leaf {i}" for i in range(len(leaves))]
    rebuilt = pytrees.rebuild(tree, list(names))
    assert pytrees.leaves(rebuilt) == names and forms(rebuilt) == forms(tree)
    assert pytrees.rebuild(rebuilt, leaves) == tree
    assert pytrees.leaves_like(tree, rebuilt, "it", "the tree") == names


@given(TREES)
def test_dicts_are_matched_by_key(tree: Any) -> None:
    def turned(x: Any) -> Any:
        if isinstance(x, dict):
            return {key: turned(x[key]) for key in reversed(x)}
        return [turned(one) for one in x] if isinstance(x, (list, tuple)) else x

    assert pytrees.leaves_like(tree, turned(tree), "it", "the tree") == pytrees.leaves(tree)


def test_what_belongs_to_a_dict_besides_its_entries_stays() -> None:
    rebuilt = pytrees.mapped(abs, Settings("mine", a=-1))
    assert rebuilt == {"a": 1} and rebuilt.name == "mine"
    assert pytrees.mapped(abs, defaultdict(list, a=-1)).default_factory is list


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ({"a": 1}, r"it has the keys \['a'\] where the tree has a dict with the keys \['a', 'b'\]"),
        ([1, 2], "it has a list where the tree has a dict"),
        ({"a": [1], "b": 2}, "it has a list where the tree has a single number or array"),
        ({"a": 1, "b": [2, 3, 4]}, "it has 3 parts where the tree has 2 parts"),
        ({"a": 1, "b": 2.0}, "it has a float where the tree has 2 parts"),
    ],
)
def test_another_form_is_refused(other: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        pytrees.leaves_like({"a": 1, "b": (2, 3)}, other, "it", "the tree")
