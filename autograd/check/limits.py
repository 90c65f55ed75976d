"""Every number that a verdict depends on, with its reason. Steps and lengths are in units of the scale of x.

"Measured" means: chosen on the corpus of planted bugs and right gradients (`benchmarks/check_corpus`) such that none is
missed and none accused. How much a number matters is told by ``python -m benchmarks.check_corpus.doubled``, which
halves and doubles each and counts the verdicts that change. What `causes` compares with decides no verdict, only
whether a guess at the cause is offered, and stands there.
"""

from __future__ import annotations

import numpy as np

# -- arithmetic ----------------------------------------------------------------------------------------------
EPS = float(np.finfo(np.float64).eps)
TINIEST = 5e-324
"""The smallest float: added where an error bar of exactly 0 would be divided by."""
NOTHING = 1e-300
"""Below this nothing is judged: float64 underflows at 2e-308, and a formula's factors before its result does."""
ARITHMETIC = 2e-10
"""Two correct programs of one formula differ by this much, relatively: sums, iterations that stop. Measured."""

# -- when is it right, when wrong ----------------------------------------------------------------------------
SURE, CERTAIN = 3.0, 6.0
"""Within so many error bars right, beyond so many wrong; in between nobody can tell. An error bar is meant as one
standard deviation of a bound, so 6 leaves room for the bounds that are off by two."""
RESOLVED = 1e-4
"""An error bar wider than this, relative to the derivative, is no basis for "right": a factor 1.001 must show."""
ASKED = 50.0
"""Where the accuracy of f is told, an error bar of so many times that is sharp: the longest steps give 4 to 24."""
SHARP = 1e-9
"""The error bar that is small beside f's own value and swing. What lies below is nothing beside what f does."""
NOISY = 1e3
"""f counts as noisy from so many units of rounding on: then no more than `RESOLVED` is asked of the error bar."""
LOST = 1e-3
"""A claim that cancels may lose this share of itself and is still right; textbook formulas do. Percents are wrong."""

# -- which directions and cotangents -------------------------------------------------------------------------
ALL_COORDINATES = 512
"""Up to so many inputs every coordinate is checked; beyond, random directions and a sample of coordinates."""
RANDOM_DIRECTIONS = 24
"""Each misses an error with a probability of 13/16 at most (two coordinates whose errors cancel): 0.7 % for all."""
TIES_SPAN = 2.0**20
"""Coordinates whose scales differ by more than this are not moved together, by the same amount or at random."""
REACH = 60
"""Cotangents go up and down by 2^60: beyond 1e15 a constant that is added, or clipped at, shows."""

# -- many numbers --------------------------------------------------------------------------------------------
MOST_OUTPUTS, MOST_SLOPES = 2**10, 2**20
"""Up to so many outputs, and entries of the Jacobian, all of it is measured: the values of a ladder then take 0.4 MB at
most, those of the short ladders of all coordinates 64 MB. Beyond, outputs are projected on cotangents."""
SAMPLED_COORDINATES = 8
"""Coordinates that are judged by themselves where there are more than `ALL_COORDINATES`."""
SAFELY_HALVED = 64
"""Of more coordinates than this, the second half is taken to be wrong where the first is right; of fewer both are
looked at, since a kink of several coordinates shows in none of its halves."""
MIXED_SCALES = 14
"""Along one random direction in three lengths differ by up to 2^14: no coordinate is beside larger ones in all."""
CHANGING_ROWS = 2.0 ** -np.array([2.0, 8.0, 18.0])
"""Outputs that none of these steps of one coordinate changes do not depend on it."""
BATCHED_NUMBERS = 2**21
"""Inputs and outputs of one batch: 16 MB."""
SAME_ROW = 1e-9
"""f of a batch is that of each point alone to this; matrix products round differently for other shapes."""
HIGH_ENTRIES = 4096
"""With more inputs and outputs than this a call at 60 digits takes seconds."""
CAUSES_SAMPLED = 32
"""Among so many coordinates of a large gradient the cause of an error is looked for."""

# -- the ladders ---------------------------------------------------------------------------------------------
LEVELS = 2.0 ** -np.arange(2, 52, 2)
"""Steps of the full ladder: a quarter of the scale down to four units of rounding."""
SHORT = 2.0 ** -np.array([6, 8, 10, 24])
"""Steps of the short ladder: three to extrapolate from, and a tiny one that has to agree."""
GRAIN_LEVELS = 2.0 ** -np.arange(0, 62, 2)
"""Absolute steps on which the grain of f is looked for: one down to 4e-19, where 1 + h is 1."""
FARTHEST_GRAIN = 2.0**20
"""And up to the size of x, or this."""
GRAIN_STEPS = (0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9)
"""Further steps where f begins to move: enough changes to see whether they are multiples of one."""
GRAINS = 4
"""Levels that are looked at so closely: outputs with more grains than that are rare."""
GRAIN_MULTIPLES, GRAIN_EXACT = 512.0, 0.02
"""Changes up to so many grains must be whole multiples of it, to within this; a smooth change is one in 25 times."""
STAIRCASE = 1e-5
"""Steps in f larger than this, relative to f, are a shape of f; smaller ones are its noise."""
SMALL_SCALE, LARGE_SCALE = 2.0**-8, 2.0**8
"""Where the scale of x lies beyond these, f may change on another: on that of 1."""
FARTHEST = 2.0**200
"""The longest a ladder is stretched: from x = 1e-60 to steps of 1."""
OTHER_STEPS = 0.6875
"""A second ladder has its steps between those of the first, which a grid in f cannot please as well."""

# -- reading a ladder ----------------------------------------------------------------------------------------
FINE = 8
"""The finest levels, on which f's behaviour at x itself is read: a factor 4^7 in the step."""
JUMP_OVER_NOISE = 50.0
KINK_OVER_ERROR = 5.0
"""So many times the noise, or the error of both one-sided slopes, a jump or a kink has to be."""
CONSTANT_GAP = 0.2
"""A gap that keeps to within this share while the step shrinks by 4^7 is a jump; x^(1/9) shrinks by 0.34."""
GROWTH, JUMPLIKE = 1.05, 3.0
"""A slope that grows by this factor with every step is vertical (|x|^p with p < 0.96); a jump's grows by 4, so from
3 on it is none."""

# -- roughness -----------------------------------------------------------------------------------------------
ROUGH = 5e-3
"""Steps of f up to this share of it can be those of a solver with a tolerance; larger ones are f's shape."""
SLIGHT = 0.02
"""A difference up to this share is worth a look along a direction in which all coordinates move."""
EARLY_STOP = 1e-7
"""Newton's method with a tolerance of 1e-4 leaves less than this; a wrong rule is off by more."""
ROUGH_WIDTHS = (0.75, 0.25, 2.0**-4, 2.0**-7)
"""Widths of the windows in which a polynomial is fitted to f: a solver changes its mind now and then only."""
ROUGH_POINTS = 33
ROUGH_DEGREES = (8, 14)
"""A smooth f is fitted far better by the higher degree, a rough one not."""
SWEPT_WIDTH, SWEPT_POINTS = 0.75, 257
"""Where steps of f far from x are looked for: 15 windows of 33 points, in which a smooth f is a polynomial."""
STEP_KEPT = 0.25
"""In a window 32 times as narrow a kink has shrunk by 32, a step keeps its height, less what a polynomial follows."""
SAME_SHARE = 0.05
"""A constant that is rounded to single precision puts all off by one share, to within this part of it. Halved or
doubled it changes no verdict of the corpus."""
LINEAR_TRIALS = 12
"""Sums of cotangents on which the claim's linearity is tried."""
LOST_IN_WIDER = 2.0**-8
"""What shrinks to this in a precision that is 2^11 times as fine was rounding. What a solver leaves stays, though it
scatters, the median of twelve by a factor of ten or so."""
UNSEEN = 4.0
"""The error of an iterative backward pass is partly linear in the cotangent: so much more than what is not, and than
its steps along x. Halved or doubled it changes no verdict of the corpus."""
STRAIGHT = 5e-4
"""A line that is straight but for this share of the way it goes: each unknown of GMRES at a tolerance of 1e-4 is, to
1.6e-4 at worst (12 and 30 unknowns, three that vary, four points)."""
FAR_UNSEEN = 16.0
"""What shows elsewhere only may leave so much more here; the verdict is "undecided" at best. Of GMRES with 12 unknowns
the slope is off by up to five times what f is from a straight line, with 30 by up to 15 (8 points of each, tolerances
1e-6 and 1e-4)."""
SLOW, MANY_WINDOWS = 64.0, 5
"""A fixed point whose error shrinks by 2 % with each step makes steps in the claim of 1/50 of what it leaves, and many:
a single jump is met by three of the overlapping windows at most. With 10 windows an ODE solver in f is accused.
Halved or doubled, these and the two above change no verdict of the corpus."""
KINKS_UNSEEN = 512.0
"""A solver of an ODE in the claim leaves up to 270 times what its kinks are: 4e-4 to 7e-7 of the tolerance (third order
with step control, tolerances 1e-8 to 1e-4, two points). No smooth claim has kinks in five windows."""
ROUGH_STUCK = 0.1
ROUGH_STEPS = 1.5
"""A misfit that is no more than 1.5 times what a kink's would shrink to with the window is a kink's."""
ROUGH_OVER_ROUNDING = 30.0
GRAININESS_WIDTH, GRAININESS_POINTS, GRAININESS_DEGREE = 2.0**-9, 17, 3
"""A stretch that spans four numbers of half precision; a smooth function is a cubic there, to 1e-11."""
ULPS_WIDE = 64
"""A stretch of so many units of rounding of x: a solver makes the same steps all along it, and its result is smooth.
Of so many of 1 + x: no smooth claim moves by much."""
CALM = 0.1
"""Roughness is a solver's if there is no more than this share of it over that stretch. Finite differences inside a
claim, and digits that it loses, are as rough there as anywhere: of three kernels of scikit-learn more than half."""
STAIRS = 0.1
"""From this share over `GRAININESS_WIDTH` on the steps are everywhere, as bisection makes them, or rounding."""
NARROW = 4.0
"""Steps as high as so many units of rounding of single precision, or lower, may be those of single precision inside."""
PLACES, SAME_PLACES = 2.0 ** -np.array([5.0, 4.0, 3.0]), 5e-3
"""Where, on one side of x, and to within what part of it a claim is off by one share if a factor is wrong. What a
solver leaves grows at least in proportion to the way, by 3, 6 and 12 %."""
CELLS = 32
"""Points at which it is asked whether the claim reads x in half or single precision; a bisection to 1e-7 looks so at
four of five."""

# -- a kink in many coordinates at once ----------------------------------------------------------------------
NEARBY = (2.0**-18, 2.0**-26)
"""Distances of the points around x at which slopes are sampled: near a kink they scatter alike at both."""
NEIGHBOURS, MANY_NEIGHBOURS = 24, 160
"""Five equal entries have five places to go: each is missed by 24 draws with a probability of 0.5 %, and by 160 more,
where the first found a kink that does not excuse the claim, with one of 3e-16."""
SCATTER = 0.3

# -- higher precision ----------------------------------------------------------------------------------------
DIGITS = 60
"""Digits that a derivative is computed to in mpmath, besides those that the step and a small x cancel."""
HIGH_STEP = 20
"""Its steps are 1e-20 of the scale: differences are then right to 20 digits, second-order ones to 40."""
SMOOTH_BY = 1e-9
"""Differences over 1e-12 and 1e-20 of the scale agree to this where f is smooth in exact arithmetic."""
FARTHER = (-2.0, -1.5, -1.0, -0.5, 0.5, 1.0, 1.5, 2.0)
"""Where the size of f is looked at, in units of the scale of x, if short steps do not move it: beyond 0 as well.
Halved or doubled they change no verdict of the corpus."""
GRAINS_OF_EVIDENCE = 4.0
"""Each of the two values of a difference is off by two units of rounding of what is added inside."""
SEEN_BESIDE_ONE = 16 * EPS
"""Steps from this on change 1 + x by whole numbers of its units of rounding, more or less."""

# -- what a claim may be off by ------------------------------------------------------------------------------
FORMULA = 16.0
"""A textbook formula for a derivative may be off by so many units of rounding of f's own value, over a step of 1."""
AS_LOST = 8.0
"""What is derived from a program that cancels may be off by so many times what the program is, over a step as long as
x: a quotient by x³ is off by three times as much as its numerator, and a second derivative by six."""
HALF, HALF_ROUNDING = 1e-4, 0.25
"""In half precision (a unit of rounding above 1e-4) eight of them, three times over, would hide a factor of 1.5: a
quarter is allowed. The textbook rules of tanh and the sigmoid stay within it up to x = 8."""
ULPS = (-2.0, -1.0, 1.0, 2.0)
MOVES = 8
"""The claim is asked again at so many points that lie within two units of rounding of x."""
MOVED_BY = 4.0
"""And may be off by four times as much as it moved: the points need not have met its worst."""

# -- the short ladder ----------------------------------------------------------------------------------------
SHORT_SHARP = 3e-8
"""An error bar this narrow, relative to the slope, settles a direction without the long ladder. A hundred times the
usual one of the short ladder, a thousandth of what `RESOLVED` asks for."""
SHORT_NOISY = 1e-6
"""The same where f is noisy: the noise that was measured widens the bar already."""
UNSEEN_SHARE = 1e-13
"""A slope that is nothing beside f itself: f's rounding over a step of 1/1000."""
ONE_STEP = 2.0**-18
"""The step of a single central difference: EPS^(1/3), where rounding and truncation are as large."""

# -- complex steps -------------------------------------------------------------------------------------------
COMPLEX_STEPS = (2.0**-60, 2.0**-44, 1.37 * 2.0**-52, 1.73 * 2.0**-48)
"""Two powers of two, whose results differ where f is not analytic, and two others, whose rounding differs."""
ANALYTIC = 1e-10
"""The results for two steps agree to this where f is analytic: the next term is 1e-26 of the first."""
SAME_NUMBER = 1e-12
"""One number computed in two orders: thousands of units of rounding, far less than what is looked for."""

# -- courts --------------------------------------------------------------------------------------------------
LOSSES = (0.0, 2.0**-2, -(2.0**-2), 2.0**-4, -(2.0**-4), 2.0**-8, -(2.0**-8))
"""Where f's rounding is measured against 60 digits, in units of the scale of x: at x itself it may be small by luck."""
CHECKED_LEVELS, CLOSE_STEP = 14, 12
"""Quotients over 4^-1 … 4^-13 and over 1e-12 are compared with those over 1e-20."""
ABRUPT = 4.0**10
"""The truncation error falls by 16 from step to step, by 4^8 at most where orders vanish; a drop by more is a jump."""
SAME_VALUE = 1e-3
"""What f's rounding may make of its value in float64; where f cancels more than that, it is compared elsewhere."""
SLOWEST = 0.2
"""A court that takes longer than this, in seconds, for one of its forty values is not asked."""
FINER_BY = 1e-2
"""Long double is a court where it has two digits more than float64: on some machines it is float64."""

# -- kinks nearby --------------------------------------------------------------------------------------------
HULL_SLACK = 1e-6
"""The slopes that are sampled near a kink are single central differences, right to this."""
CLOSE_BY = (2.0**-36, 2.0**-30, 2.0**-24)
"""Steps over which the slopes to both sides are compared, where an undecided outcome wants a reason."""
BENDS = 1e-3
"""They may differ by this share where f merely bends."""

# -- two computations of one gradient ------------------------------------------------------------------------
SAME_GRADIENT = 1e-6
"""Other memory, another order of summation: a gradient may differ by this much of its largest entry, times the root of
the ratio of roundings for narrower numbers. Mistakes with strides change the first digit."""
SAME_WAY = 1e-9
"""Two ways of the engine to one gradient, or two modes. A Hessian's symmetry, which cancels more, is held to ten times
that."""

TWO_WAYS = 8.0
"""Two ways may differ by so many times what the difference is from a smooth function nearby."""

# -- over domains --------------------------------------------------------------------------------------------
JUDGED = 30
"""So many draws are judged in full, however harmless they look."""
EXAMPLES = 300
"""Draws by default: three hundred screenings and thirty judgements take a few seconds."""
SUSPICIOUS = 1e-6
"""A point whose one comparison is off by more than this, relatively, is judged in full. One step gives a tenth."""
ATTEMPTS = 4
"""Of 60 draws for a logarithm not one had positive numbers alone, 3 times in 90; so it was 0 times in 120 of four."""
SWEPT = 2000
"""So many evenly spread points are screened after those that hypothesis chose: a branch of 1 % is met 20 times."""

# -- causes --------------------------------------------------------------------------------------------------
DIFFERENCED = 64
"""Up to so many inputs a finite difference is looked for."""
SINGLE = 2.0**-24
"""What rounding to single precision changes a number by at most, relatively."""
