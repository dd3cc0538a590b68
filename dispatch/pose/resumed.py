"""Trips somebody is on already: what is left of them, and who keeps his part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dispatch import problem as posed
from dispatch.board import Board
from dispatch.in_day import begun
from dispatch.pose.crew import engineer_of, van
from dispatch.pose.index import Index
from dispatch.pose.trips import Trip
from dispatch.underway import Standing
from kernel.ids import natural_key


def crews(board: Board) -> Mapping[str, tuple[Standing, ...]]:
    """Everybody at work on a visit or on the way to it, by visit; first whoever it was published with."""
    away = {gone.engineer for gone in board.region.field.absences if board.now in gone.away}
    found: dict[str, list[Standing]] = {}
    for one in board.standing.values():
        if one.visit in board.visits and one.engineer not in away:
            found.setdefault(one.visit, []).append(one)
    return {visit: _in_order(board, visit, crew) for visit, crew in found.items()}


def _in_order(board: Board, visit: str, crew: Sequence[Standing]) -> tuple[Standing, ...]:
    first = _published_with(board, visit)
    return tuple(sorted(crew, key=lambda one: (one.engineer != first, natural_key(one.engineer))))


def left_of(board: Board, index: Index, part: posed.Visit, standing: Standing) -> posed.Visit:
    """What is left of a part its engineer has begun."""
    engineer = index.engineers.index(standing.engineer)
    return begun(board, part, standing, engineer=engineer, van=dict(van(index, standing.engineer)))


def joined(board: Board, index: Index, trip: Trip, crew: Sequence[Standing]) -> Trip:
    """The trip with the rest of the crew in their parts: those published with them, else the next one.

    A part at work has its start behind it: nothing it was to start together with holds it any more.
    """
    heads = [chain[0] for chain in trip.chains]
    taken = {heads[0].id: heads[0]}
    for standing in crew[1:]:
        free = [head for head in heads if head.id not in taken]
        mine = [head for head in free if _published_with(board, head.id) == standing.engineer]
        for head in (mine or free)[:1]:
            taken[head.id] = left_of(board, index, head, standing)
    chains = tuple((taken.get(chain[0].id, chain[0]), *chain[1:]) for chain in trip.chains)
    at_work = {head.id for head in taken.values() if head.start_lock_s == 0 and head.engineer_lock >= 0}
    ids = {head.id for head in heads}
    kept = tuple(
        bond
        for bond in trip.bonds
        if not ({bond.first, bond.second} <= ids and at_work & {bond.first, bond.second})
    )
    return replace(trip, chains=chains, bonds=kept)


def _published_with(board: Board, part: str) -> str:
    stop = board.published.get(part)
    return engineer_of(board, stop.shift) if stop else ""
