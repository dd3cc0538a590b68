"""How a length of time or a number spreads around its mean, and its quantile: one uniform number gives one draw.

Drawing by quantile keeps common random numbers: the same uniform gives a longer repair in every world where repairs
are longer.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from kernel.errors import Refusal

Reals = NDArray[np.float64]


class Shape(StrEnum):
    """The family of a spread."""

    FIXED = "fixed"
    EXPONENTIAL = "exponential"
    LOGNORMAL = "lognormal"
    TWO_EXPONENTIALS = "two-exponentials"
    """Short ones and long ones, with balanced means: each kind makes up half of all the time; cv² above 1."""


@dataclass(frozen=True, slots=True)
class Spread:
    """A mean with what happens around it.

    Args:
        mean: in whatever unit the field that holds it says; not negative.
        shape: the family.
        cv2: squared coefficient of variation, read by `LOGNORMAL` and `TWO_EXPONENTIALS`.

    Raises:
        Refusal: ``scenario.spread`` when no such spread exists, with the `reason`.
    """

    mean: float
    shape: Shape = Shape.FIXED
    cv2: float = 1.0

    def __post_init__(self) -> None:
        if not (0 <= self.mean < float("inf")):
            raise Refusal("scenario.spread", value=str(self.mean), reason="mean")
        least = 1.0 if self.shape is Shape.TWO_EXPONENTIALS else 0.0
        if not (least <= self.cv2 < 1e6):
            raise Refusal("scenario.spread", value=str(self.cv2), reason="cv2")

    def quantile(self, uniform: Reals, /) -> Reals:
        """Give the values below which shares `uniform` (in [0, 1), any shape) of the spread lie.

        For `TWO_EXPONENTIALS` the uniform picks the kind and the length, so it is a draw, not monotone.

        >>> float(Spread(2.0, Shape.EXPONENTIAL).quantile(np.array([0.5]))[0].round(6))
        1.386294
        """
        match self.shape:
            case Shape.FIXED:
                return np.full(uniform.shape, float(self.mean))
            case Shape.EXPONENTIAL:
                return np.asarray(-self.mean * np.log1p(-uniform), dtype=np.float64)
            case Shape.LOGNORMAL:
                variance = float(np.log1p(self.cv2))
                return np.asarray(
                    self.mean * np.exp(variance**0.5 * normal_quantile(uniform) - variance / 2),
                    dtype=np.float64,
                )
            case Shape.TWO_EXPONENTIALS:
                often = 0.5 * (1 + ((self.cv2 - 1) / (self.cv2 + 1)) ** 0.5)
                first = uniform < often
                inside = np.where(first, uniform / often, (uniform - often) / max(1 - often, 1e-300))
                means = np.where(first, self.mean / (2 * often), self.mean / (2 * max(1 - often, 1e-300)))
                return np.asarray(-means * np.log1p(-np.minimum(inside, 1 - 2**-53)), dtype=np.float64)


_CENTRE = (
    (3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
     4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3),
    (1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3, 2.1213794301586595867e4,
     3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3),
)  # fmt: skip
_MIDDLE = (
    (1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
     1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4),
    (1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
     1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9),
)  # fmt: skip
_TAIL = (
    (6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
     2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7),
    (1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
     7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15),
)  # fmt: skip


def normal_quantile(uniform: Reals, /) -> Reals:
    """Give standard normal quantiles to about 1e-15 (Wichura 1988, algorithm AS 241, PPND16), for arrays.

    >>> normal_quantile(np.array([0.025, 0.5])).round(6).tolist()
    [-1.959964, 0.0]
    """
    p = np.clip(uniform, 2.0**-54, 1 - 2.0**-53)
    centred = p - 0.5
    near = 0.180625 - centred * centred
    inner = centred * _ratio(_CENTRE, near)
    r = np.sqrt(-np.log(np.minimum(p, 1 - p)))
    outer = np.where(r <= 5, _ratio(_MIDDLE, r - 1.6), _ratio(_TAIL, r - 5))
    return np.where(near >= 0, inner, np.copysign(outer, centred))


def _ratio(polynomials: tuple[tuple[float, ...], tuple[float, ...]], at: Reals) -> Reals:
    # Horner's scheme in place: `np.polyval` makes sixteen arrays where two will do, and short ones are what it is asked for.
    above, below = (np.full_like(at, one[-1]) for one in polynomials)
    for a, b in zip(polynomials[0][-2::-1], polynomials[1][-2::-1], strict=True):
        above *= at
        above += a
        below *= at
        below += b
    above /= below
    return above
