"""The computation graph of J = 3(a + bc), forward and backward, and the chain rule along each path.

python examples/programs/chain.py [folder for the pictures]
"""

from __future__ import annotations

import sys
from pathlib import Path

import viz
from autograd import Value


def main(out: Path) -> dict[str, float]:
    a, b, c = Value(5), Value(3), Value(2)
    u = b * c
    v = a + u
    J = 3 * v
    J.backward()

    names = {"a": a, "b": b, "c": c, "u": u, "v": v, "J": J}
    print("J = 3(a + bc) at a = 5, b = 3, c = 2\n")
    for name, node in names.items():
        print(f"  {name} = {node.data:<4g} dJ/d{name} = {node.grad:g}")
    print()
    for x in (a, b, c):
        print(" ", viz.chain(J, x, names))

    for file, of in (("chain.svg", None), ("chain_of_b.svg", b)):
        viz.draw(J, names, of=of).save(out / file)
        print(f"wrote {out / file}")
    return {name: node.grad for name, node in names.items()}


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[1] / "out"
    folder.mkdir(parents=True, exist_ok=True)
    main(folder)
