"""What choices compute on arrays: NumPy's and other libraries', whose numbers may not have been computed yet."""

from __future__ import annotations

from typing import Any, Callable

import numpy as np


def holds_for_all(condition: Any, a: Any) -> bool:
    """Whether an array `a` is all of ``where(condition, a, …)``; another library is not asked."""
    return hasattr(a, "shape") and isinstance(condition, (np.ndarray, np.generic, bool)) and bool(np.all(condition))


def guarded(condition: Any, a: Any, b: Any) -> Any:
    """a where the condition holds, else b."""
    return a if holds_for_all(condition, a) else np.where(condition, a, b)


def guarded_later(condition: Any, a: Any, b: Callable[[], Any]) -> Any:
    """The same, with b computed only if any element needs it."""
    return a if holds_for_all(condition, a) else np.where(condition, a, b())


def share(a: Any, b: Any) -> Any:
    """1 where a > b, ½ where they are equal, else 0."""
    ties = np.equal(a, b)
    larger_a = np.greater(a, b)
    dtype = a.dtype if type(b) is float and type(a) is np.ndarray else np.result_type(a, b, np.float16)
    some = not isinstance(ties, (np.ndarray, np.generic)) or np.count_nonzero(ties)
    return (np.where(ties, 0.5, larger_a) if some else larger_a).astype(dtype)
