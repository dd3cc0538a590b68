"""Euclidean legs as whole ticks, and what every reader checks first."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kernel.errors import Location, Refusal

Doubles = NDArray[np.float64]
Ints = NDArray[np.int64]


def distances(points: Doubles, origins: Doubles | None = None, /) -> Doubles:
    """Euclidean distances from `origins` of shape (..., 2) (all points where not given) to points (n, 2): (..., n), double."""
    apart = (points if origins is None else origins)[..., None, :] - points
    return np.asarray(np.sqrt((apart**2).sum(axis=-1)))


def ticks_up(values: Doubles, /, *, per_unit: int) -> Ints:
    """Units as ticks, rounded up, so a plan in ticks is never faster than the truth."""
    return np.ceil(values * per_unit - 1e-6).astype(np.int64)


def lines_of(path: Path, /) -> list[str]:
    """Read a text file's lines without their ends.

    Raises:
        Refusal: ``benchmark.unreadable`` when it is missing, a folder or not text.
    """
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise Refusal("benchmark.unreadable", file=str(path)) from None


def malformed(path: Path, line: int, /) -> Refusal:
    """Say that a line is not what the format has there; `line` counts from 1, 0 is the whole file."""
    return Refusal("benchmark.malformed", at=Location(path.name, line), file=path.name, line=line)
