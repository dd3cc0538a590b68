"""What is measured of a plan changed while people wait is a plan that holds."""

from __future__ import annotations

from benchmarks import urgent


def test_every_question_is_asked_once_and_timed() -> None:
    """A figure over fewer questions than it says would be made up."""
    asked: list[int] = []

    took = urgent.waited([lambda: asked.append(1), lambda: asked.append(2)])

    assert asked == [1, 2]
    assert len(took.wall_ms) == len(took.cpu_ms) == 2
