"""Problems of the tiny region, changed as a test says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dispatch.board import Board
from dispatch.policy import Policy
from dispatch.pose import problem_of
from dispatch.problem import Link, PlanningProblem, Visit
from dispatch.region import Region
from tests import regions as build

HOUR_S = 3600


def under(region: Region, **policy: Any) -> Region:
    """The region with other prices."""
    return replace(region, settings=replace(region.settings, policy=Policy(**policy)))


def stocked(region: Region, **stock: Any) -> Region:
    """The region with another stock side."""
    return replace(region, stock=replace(region.stock, **stock))


def posed(region: Region | None = None, **field: Any) -> PlanningProblem:
    """The problem of a region, or of the tiny one changed as said."""
    return problem_of(Board.of(region or build.region(**field)))


def named(problem: PlanningProblem, name: str) -> Visit:
    """One visit by its id."""
    return problem.visits[problem.visit_index[name]]


def only(problem: PlanningProblem) -> Visit:
    """The one visit."""
    (visit,) = problem.visits
    return visit


def linked(problem: PlanningProblem) -> dict[tuple[str, str], Link]:
    """Links by the ids of their ends."""
    return {(problem.visits[k.first].id, problem.visits[k.second].id): k for k in problem.links}
