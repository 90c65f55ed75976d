"""The table of activations beside tanh, sigmoid and relu: formulas over rules of the elementwise table."""

from __future__ import annotations

import math

from autograd.rules.elementwise import absolute, erfc, exp, expm1, log1p, maximum, minimum, sigmoid, square, tanh, where
from autograd.rules.rule import Composite
from autograd.rules.table import fill
from autograd.rules.typeset import Constant

SQRT2 = Constant(math.sqrt(2), "√2", r"\sqrt{2}")
SQRT_2PI = Constant(math.sqrt(2 * math.pi), "√(2π)", r"\sqrt{2\pi}")
# Klambauer et al. 2017, "Self-normalizing neural networks", eq. 14
SELU_SCALE = Constant(1.0507009873554804934193349852946, "λ", r"\lambda")
SELU_ALPHA = Constant(1.6732632423543772848170429916717, "α", r"\alpha")
SELU_LIMIT = Constant(SELU_SCALE * SELU_ALPHA, "λ·α", r"\lambda \alpha")

# fmt: off
leaky_relu = Composite(
    "leaky_relu", lambda x, a: where(x > 0, x, a * x),
    lambda y, x, a: where(x > 0, 1, a), lambda y, x, a: where(x > 0, 0, x), defaults=(0.01,),
    doc="x for x > 0, else a·x (a = 0.01 unless given). Maas et al. 2013.",
)
elu = Composite(
    "elu", lambda x, a: where(x > 0, x, a * expm1(minimum(x, 0))),
    lambda y, x, a: where(x > 0, 1, y + a), lambda y, x, a: where(x > 0, 0, expm1(minimum(x, 0))), defaults=(1.0,),
    doc="x for x > 0, else a·(eˣ − 1) (a = 1 unless given). Clevert et al. 2016.",
)
selu = Composite(
    "selu", lambda x: SELU_SCALE * where(x > 0, x, SELU_ALPHA * expm1(minimum(x, 0))),
    lambda y, x: where(x > 0, SELU_SCALE, y + SELU_LIMIT),
    doc="λ·x for x > 0, else λ·α·(eˣ − 1). Klambauer et al. 2017.",
)
gelu = Composite(
    "gelu", lambda x: 0.5 * x * erfc(-x / SQRT2),
    lambda y, x: 0.5 * erfc(-x / SQRT2) + x * exp(-(square(x) / 2)) / SQRT_2PI,
    doc="x·Φ(x), Φ the normal distribution function. Hendrycks and Gimpel 2016.",
)
silu = Composite("silu", lambda x: x * sigmoid(x), doc="x·σ(x), also called swish. Elfwing et al. 2018.")
softplus = Composite("softplus", lambda x: maximum(x, 0) + log1p(exp(-absolute(x))), lambda y, x: sigmoid(x),
                     doc="log(1 + eˣ) without overflow. Dugas et al. 2001.")
mish = Composite("mish", lambda x: x * tanh(softplus(x)), doc="x·tanh(log(1 + eˣ)). Misra 2019.")
softsign = Composite("softsign", lambda x: x / (1 + absolute(x)), lambda y, x: 1 / square(1 + absolute(x)),
                     doc="x/(1 + |x|). Bergstra et al. 2009.")
# fmt: on

fill(leaky_relu, elu, selu, gelu, silu, softplus, mish, softsign)
