"""A recorded graph as a live page, in one call."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Mapping

import viz.page  # noqa: F401  # now, so that it does not take the name from the function when the page is made
from viz.drawing import draw

if TYPE_CHECKING:
    from viz.page.live import LivePage


def page(
    root: Any, path: str | os.PathLike[str] | None = None, names: Mapping[str, Any] | None = None, **options: Any
) -> LivePage:
    """Make the live page of the graph that `root` was made from: one HTML file, which needs nothing else.

    It shows the picture of :func:`viz.draw`, steps through the forward and the backward pass, traces every derivative
    along its paths, and computes everything anew when an input is changed. It opens from disk, sends no request, and
    is described in ``docs/page.md``.

    Parameters
    ----------
    root : Value, Tensor, or sequence of them
        The result.
    path : str or path, optional
        Where to write it: ``"J.html"``.
    names : mapping, optional
        Names for nodes without a label: ``names=locals()``.
    **options
        As for :func:`viz.draw`; `of` is traced when the page opens.

    Returns
    -------
    LivePage
        In a notebook, it shows itself.

    Raises
    ------
    TypeError, ValueError
        As for :func:`viz.draw`.
    RenderError
        With `path`, if there is no Graphviz, or the layout takes too long.

    Examples
    --------
    >>> from autograd import Value
    >>> a, b = Value(2), Value(3)
    >>> J = a * b + a
    >>> page(J, names=locals())
    <page of J = a·b + a>
    """
    made = draw(root, names, **options).page
    if path is not None:
        made.save(path)
    return made
