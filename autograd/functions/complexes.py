"""Complex numbers between real leaves: parts, conjugates, absolute values and angles.

The gradient of a real loss L with respect to z = a + ib is ∂L/∂a + i·∂L/∂b (PyTorch's convention): the direction
of steepest ascent. Holomorphic functions need nothing of their own, since every rule conjugates a complex partial on
the way back. The functions here are those whose derivative is no complex number, but differs between the real and the
imaginary direction. At z = 0, |z|, z/|z| and the angle have gradient 0.
"""

from __future__ import annotations

import numpy as np

from autograd.functions.broadcasting import real_part
from autograd.functions.register import implement
from autograd.functions.ufuncs import Ufunc, ratio
from autograd.node import plain
from autograd.rules.activations import softsign
from autograd.rules.arrays import General, Linear
from autograd.rules.elementwise import absolute, sign
from autograd.rules.rule import is_complex
from autograd.types import Array

imaginary_part = Linear("imag", np.imag, lambda g, x: g * 1j, doc="Imaginary part of z.", local="i · {g}")

conjugation = Linear(
    "conj",
    np.conjugate,
    lambda g, x: np.conjugate(g),
    doc="The conjugate a − ib of z = a + ib.",
    local="the conjugate of {g}",
)

modulus = General(
    "modulus",
    np.abs,
    lambda g, y, z: (ratio(g, y) * z,),
    doc="|z| of a complex z; its gradient at 0 is 0.",
    local="{g} ⊙ {0}/{y}",
)

angle_of = General(
    "angle",
    np.angle,
    lambda g, y, z: (ratio(g * 1j, np.conjugate(z)),),
    doc="The angle of z; gradient 0 at 0.",
    local="{g} ⊙ i·{0}/|{0}|²",
)

angle_of_real = Ufunc("angle of real", np.angle, lambda y, x: 0, doc="0 for x ≥ 0, else π. Its derivative is 0.")


def _direction(z: Array) -> Array:
    return ratio(z, modulus(z))


absolute.on_complex = modulus
sign.on_complex = _direction
softsign.on_complex = lambda z: z / (1 + modulus(z))


def real(val: Array) -> Array:
    return real_part(val) if is_complex(val) else val


def imag(val: Array) -> Array:
    return imaginary_part(val)


def conj(x: Array) -> Array:
    return conjugation(x) if is_complex(x) else x


def angle(z: Array, deg: bool = False) -> Array:
    radians = angle_of(z) if is_complex(z) else angle_of_real(z)
    return radians * (180 / np.pi) if deg else radians


def real_if_close(a: Array, tol: float = 100) -> Array:
    return real_part(a) if is_complex(a) and not np.iscomplexobj(np.real_if_close(plain(a), tol)) else a


implement(
    {
        np.real: real,
        np.imag: imag,
        np.conjugate: conj,
        np.angle: angle,
        np.real_if_close: real_if_close,
    },
    constant=(np.isreal, np.iscomplex),
)
