"""The colours of all pictures. Blue is forward, red and dashed is backward, and nothing else is.

Text keeps a contrast of at least 4.5 : 1 (WCAG 2.1, AA) on every ground that it stands on; the two main colours are
those of Paul Tol's vibrant scheme, a little darker, and differ for the colour-blind. Direction, dash and label say the
same a second time.
"""

from __future__ import annotations

BLUE, RED = "#006CAA", "#CC3311"
BLACK, GREY = "#111111", "#555555"
PALE_BLUE, PALE_RED, PALE = "#A9CFE6", "#EBBBAF", "#C4C4C4"
"""Lines that are there, but not meant now."""
FADED = "#6B6B6B"
"""Text that is there, but not meant now."""
WHITE, INPUT_GROUND, RESULT_GROUND, GROUP_GROUND = "#FFFFFF", "#F7F7F7", "#EDF5FA", "#FFFFFF"
FRAME = "#8A8A8A"
WARNING = "#7A4E00"
"""What is not finite, or outside a domain; always with a sign."""
POSITIVE, NEGATIVE, NEITHER = "#117733", "#882255", "#8A8A8A"
"""Signs of weights; zero is neither."""
FONT = "Helvetica,Arial,sans-serif"
