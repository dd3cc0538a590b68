"""The generator of one random problem, with the subjects drawn for it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Draw:
    """One problem being drawn: its generator and its subjects."""

    rng: np.random.Generator
    subjects: frozenset[str]

    def has(self, subject: str, chance: float = 1.0) -> bool:
        """Say whether the subject is in this problem and, drawn anew, here."""
        return subject in self.subjects and self.chance(chance)

    def chance(self, chance: float) -> bool:
        """Say yes with a chance."""
        return bool(self.rng.random() < chance)

    def one(self, low: int, high: int) -> int:
        """Draw a whole number in [low, high)."""
        return int(self.rng.integers(low, high))
