"""How a program is drawn: what of it, in which direction and colours, with which digits."""

from __future__ import annotations

from typing import NamedTuple

from viz import formatting
from viz.colours import COLOURS, Colour
from viz.layout import Direction
from viz.views import Show


class Look(NamedTuple):
    """What :func:`viz.draw` was asked for; its docstring says what each means.

    Attributes
    ----------
    show : {"both", "forward", "backward"}
    format : str
    direction : {"LR", "TB"}, optional
    colour : {"gradient", "value", "kind"}, optional
    seconds : float
    fold, interactive : bool
    bold : bool
        Whether the chain of one node was asked for.
    """

    show: Show
    format: str
    direction: Direction | None
    colour: Colour | None
    seconds: float
    fold: bool
    interactive: bool
    bold: bool

    def checked(self) -> Look:
        """The same, if it can be drawn so.

        Raises
        ------
        ValueError
            If something is none of what it may be.
        """
        formatting.check_format(self.format)
        if self.show not in ("both", "forward", "backward"):
            raise ValueError(f"show must be 'both', 'forward' or 'backward', not {self.show!r}")
        if self.direction not in (None, "LR", "TB"):
            raise ValueError(
                f"direction must be 'LR' (from left to right) or 'TB' (from top to bottom), not {self.direction!r}"
            )
        if self.colour not in (None, *COLOURS):
            raise ValueError(f"colour must be one of {', '.join(map(repr, COLOURS))}, not {self.colour!r}")
        if not isinstance(self.seconds, (int, float)) or not self.seconds > 0:
            raise ValueError(f"seconds must be a positive number, not {self.seconds!r}")
        return self
