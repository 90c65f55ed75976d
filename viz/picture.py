"""What every picture can do: be saved, and show itself in a notebook."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from autograd.files import write_whole
from viz.html import page

FORMATS = ("svg", "png", "pdf", "dot", "html", "txt")


class Picture:
    """Something with a source, an SVG and a text; nothing is laid out before it is asked for.

    Examples
    --------
    >>> import viz
    >>> from autograd import Value
    >>> picture = viz.draw(Value(2, label="a") * 3)
    >>> isinstance(picture, viz.Picture), picture.title, picture.svg[:5]
    (True, 'v1 = a·3', '<svg ')
    """

    @property
    def title(self) -> str:
        """One line."""
        raise NotImplementedError

    @property
    def source(self) -> str:
        """Graphviz source."""
        raise NotImplementedError

    @property
    def text(self) -> str:
        """The same in words."""
        raise NotImplementedError

    @property
    def svg(self) -> str:
        """The picture as SVG."""
        raise NotImplementedError

    @property
    def derivations(self) -> tuple[Any, ...]:
        """The chains that a page shows in LaTeX too."""
        return ()

    def _render(self, format: str) -> bytes:
        raise NotImplementedError

    @property
    def formats(self) -> tuple[str, ...]:
        """What it can be saved as."""
        return FORMATS

    def _data(self) -> str:
        """Plain data, for those that can be saved as JSON."""
        raise NotImplementedError

    def _page(self) -> str:
        return page(self.title, self.svg, self.text, self.derivations)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the picture to a file: all of it, or nothing.

        Parameters
        ----------
        path : str or path
            Its ending says the format: .svg, .png, .pdf, .dot, .html or .txt; of a drawing also .json, which
            :func:`viz.load` reads.

        Returns
        -------
        Path
            The file's path.

        Raises
        ------
        ValueError
            For another ending; for .html that takes more than 5 s to write and .json above 4.5 MB, unless the picture
            is of the whole program (``fold=False``).
        OSError
            If the file cannot be written; a file that was there before is untouched.
        RenderError
            If no picture could be made.
        """
        path = Path(path)
        format = format_of(path, self.formats)
        if format == "txt":
            content = (self.text + "\n").encode(errors="replace")
        elif format == "dot":
            content = self.source.encode()
        elif format == "svg":
            content = self.svg.encode()
        elif format == "json":
            content = self._data().encode(errors="surrogatepass")
        elif format == "html":
            content = self._page().encode(errors="replace")
        else:
            content = self._render(format)
        write_whole(path, content)
        return path

    def _repr_svg_(self) -> str | None:
        try:
            return self.svg
        except Exception:
            return None

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """For notebooks. Never raises: where there is no picture there is the text, and what to do about it."""
        try:
            # A notebook makes an image of an SVG, without tooltips and words; the HTML form keeps both. It also shrinks
            # what is wider than itself, until nothing can be read: here that scrolls.
            wide = self.svg.replace("<svg ", '<svg style="max-width: none" ', 1)
            return {
                "text/html": f'<div style="overflow-x: auto">{wide}</div>',
                "image/svg+xml": self.svg,
                "text/plain": self.text,
            }
        except Exception as error:
            return {"text/plain": f"{self.text}\n\n({error})"}


def format_of(path: Path, formats: tuple[str, ...] = FORMATS) -> str:
    """The format that a file's ending asks for.

    Raises
    ------
    ValueError
        If it is none of ours.
    """
    format = path.suffix[1:].lower()
    if format not in formats:
        raise ValueError(f"unknown format {path.suffix or path.name!r}; use one of .{', .'.join(formats)}")
    return format
