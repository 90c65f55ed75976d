"""Eight optimisers on six landscapes, each at its best rate: where momentum and Adam win, and where they do not.

    SGD ─┬─ momentum ── Nesterov (NAG) ────────────┬─ NAdam
         └─ AdaGrad ─┬─ RMSprop ── Adam ───────────┘
                     └─ Adadelta        (Adam is RMSprop with momentum, NAdam with Nesterov's)

Momentum goes on in the direction in which it has been going; Nesterov's looks at the slope where it is about to lead.
AdaGrad divides each coordinate by all the slope it has seen; RMSprop and Adadelta forget old slopes.

In a short ravine plain descent does as well as momentum, and with noise in the slope none is clearly ahead. In a long
one (curved 1000 times as much across as along) plain descent crawls along the floor, momentum gathers speed, and those
that divide by the slope do not notice: AdaGrad's first step, if huge, tells it the curvature of each axis. But only
because the ravine lies along the axes: turned by 45°, it slows them about as much as plain descent, and momentum is
best. At a saddle, nearly level in the direction that leads down, plain descent stands still. In a dent of a hillside, a
local minimum, it stays forever, as do RMSprop and Adadelta: momentum, also Adam's, rolls through.

Held equal: 100 steps from the same 40 places, and one grid of rates; the mean height of 20 starts chooses the rate,
the other 20 judge it. All other settings are the usual ones (momentum 0.9).

B. Polyak (1964), Y. Nesterov (1983), J. Duchi et al. (2011), G. Hinton's lecture 6e (2012), M. Zeiler (2012), D.
Kingma and J. Ba (2015), T. Dozat (2016). The short ravine is K. Saito's (*Deep Learning from Scratch*, 2016).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Callable

import numpy as np

from autograd import Tensor, optim
from examples.shared.common import heading, run
from examples.shared.landscapes import LANDSCAPES, Landscape, animate, draw
from examples.shared.tuning import Trial, Tuned, tune

METHODS: dict[str, Callable[..., Any]] = {  # S1.10 the family of optimisers
    "SGD": optim.SGD,
    "momentum": partial(optim.SGD, momentum=0.9),
    "Nesterov": partial(optim.SGD, momentum=0.9, nesterov=True),
    "AdaGrad": optim.Adagrad,
    "RMSprop": partial(optim.RMSprop, alpha=0.9),
    "Adadelta": optim.Adadelta,
    "Adam": optim.Adam,
    "NAdam": optim.NAdam,
}


@dataclass(frozen=True)
class Results:
    """For each landscape and method: the best rate, and the paths and last heights of 20 starts."""

    runs: dict[str, dict[str, Tuned]]


def descend(land: Landscape, method: Callable[..., Any], rate: float, seed: int) -> Trial:
    """100 steps from 40 places at once; judged by the mean height of the last ten, for each of the last 20."""
    rng = np.random.default_rng(seed)
    places = Tensor(np.array(land.start)[:, None] * rng.uniform(0.7, 1.3, (2, 40)))
    optimiser, path = method([places], lr=rate), [places.data.copy()]
    with np.errstate(all="ignore"):  # too large a rate leads to infinity
        for _ in range(100):
            optimiser.zero_grad()
            np.sum(land.height(*places)).backward()
            places.grad += rng.normal(0, land.noise, places.shape)
            optimiser.step()
            path.append(places.data.copy())
        ends = np.mean([land.height(*point) for point in path[-10:]], axis=0)
    return Trial(ends[:20].mean(), ends[20:], np.array(path)[..., 20:])


def main(quick: bool, out: Path) -> Results:
    rates = [a * 10.0**k for k in (range(-2, 2) if quick else range(-3, 4)) for a in (1, 2, 5)]
    heading(f"Median height above the minimum after 100 steps (and the rate, the best of {rates[0]} to {rates[-1]:g})")
    print(f"{'':>9} " + " ".join(f"{where:>15}" for where in LANDSCAPES))
    runs: dict[str, dict[str, Tuned]] = {where: {} for where in LANDSCAPES}
    for name, method in METHODS.items():
        for where, land in LANDSCAPES.items():
            runs[where][name] = tune(partial(descend, land, method), rates, 1, f"{name}, {where}")
        # S1.11 when momentum and adaptive rates beat plain SGD: column by column
        row = [runs[where][name] for where in LANDSCAPES]
        print(f"{name:>9} " + " ".join(f"{np.median(one.tests):8.1e} ({one.rate:5g})" for one in row))
    # S1.9 a local minimum, and who gets out of it
    stuck = [f"{name} {np.sum(one.tests > 0.3)}" for name, one in runs["dent"].items()]
    print(f"left in the dent, of 20: {', '.join(stuck)}")
    draw(runs, out)
    animate({where: runs[where] for where in ("long", "turned", "saddle", "dent")}, 8 if quick else 17, out)
    return Results(runs)


if __name__ == "__main__":
    run(main)
