"""Make the picture of the README, docs/chain.svg and docs/chain.png: J = 3(a + bc).

python -m docs.make_readme_picture
"""

from __future__ import annotations

from pathlib import Path

import viz
from autograd import Value


def main(out: Path) -> None:
    a, b, c = Value(5, label="a"), Value(3, label="b"), Value(2, label="c")
    u = b * c
    v = a + u
    J = 3 * v
    J.backward()
    drawing = viz.draw(J, {"u": u, "v": v, "J": J})
    for name in ("chain.svg", "chain.png"):
        drawing.save(out / name)
        print(f"wrote {out / name}")


if __name__ == "__main__":
    main(Path(__file__).resolve().parent)
