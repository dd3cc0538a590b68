"""What a search for a roster came to: by region, shift and skill, with its cost, how sure it is, and what is lost even so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from api.report.scenarios.told import number, with_half
from api.report.spreadsheet import spreadsheet
from api.text import Lang, label
from kernel.errors import Value
from scenarios.measure.figures import Figure
from scenarios.measure.interval import Difference, Interval, Verdict, difference, finite
from scenarios.measure.simulated import Scenario
from scenarios.run.outcome import Late
from scenarios.run.world import World
from scenarios.staffing.lever import Lever
from scenarios.staffing.roster import hired, skills_of, staffed
from scenarios.staffing.search import Estimate, Staffed, Target, Tried


def print_estimate(
    found: Estimate, target: Target, console: Console, /, *, lang: Lang, currency: str
) -> None:
    """Print the first answer and what is lost even so."""
    told = label(
        "simulation.staff_estimate",
        lang,
        engineers=hired(found.tried.counts, found.shifts),
        base=found.base,
        share=number(target.figure, found.tried.share.mean),
        cost=number(Figure.COST_WEEK, found.tried.cost_week.mean),
        currency=currency,
        runs=found.runs,
    )
    console.print(told, soft_wrap=True)
    console.print(lost(found.lost, lang), soft_wrap=True)


def lost(shares: Mapping[Late, float], lang: Lang, /) -> str:
    """Say what broke promises, the worst first, in 100; what broke fewer than one in a thousand is not named."""
    worst = sorted(shares.items(), key=lambda row: -row[1])
    causes = [
        label(
            "simulation.staff_cause",
            lang,
            cause=label(
                "simulation.staff_turned_away"
                if code is Late.NOT
                else f"simulation.late_{code.name.lower()}",
                lang,
            ),
            share=f"{100 * share:.1f}",
        )
        for code, share in worst
        if share >= 0.001
    ]
    if not causes:
        return label("simulation.staff_kept_all", lang)
    return label("simulation.staff_lost", lang, causes=(", " if lang == "en" else "，").join(causes))


def levers_told(levers: tuple[Lever, ...], lang: Lang, /) -> str:
    """Name what is done beside hiring."""
    if not levers:
        return label("simulation.staff_option_none", lang)
    return " + ".join(label(f"simulation.staff_lever_{one}", lang) for one in levers)


def print_options(found: Staffed, target: Target, console: Console, /, *, lang: Lang) -> None:
    """Print hiring alone and what it costs with each lever, cheapest first."""
    if len(found.options) < 2:
        return
    grid = Table(label("simulation.staff_options", lang), box=None, pad_edge=False)
    for heading in ("engineers", "figure_" + target.figure, "staff_cost", "staff_option_stock"):
        grid.add_column(label(f"simulation.{heading}", lang), justify="right")
    for one in found.options:
        if one.tried is None:
            grid.add_row(
                levers_told(one.levers, lang), label("simulation.staff_not_reached", lang), "", "", ""
            )
        else:
            grid.add_row(
                levers_told(one.levers, lang),
                str(hired(one.tried.counts, found.shifts)),
                number(target.figure, one.tried.share.mean),
                number(Figure.COST_WEEK, one.tried.cost_week.mean),
                number(Figure.COST_WEEK, one.cost_week),
            )
    console.print(grid)


def print_staffed(
    world: World,
    found: Staffed,
    target: Target | None,
    console: Console,
    /,
    *,
    lang: Lang,
    currency: str,
    confidence: float,
    base: int,
) -> None:
    """Print the roster, what it keeps and costs, how sure that is, what is lost even so, and the next ones.

    Args:
        world: with what is done beside hiring.
        found: by the search.
        target: to be kept; None: the cheapest was asked for.
        console: to print on.
        lang: of the words.
        currency: of the money.
        confidence: asked for.
        base: engineers there are now.
    """
    if target is not None:
        print_options(found, target, console, lang=lang)
    if found.holds or target is None or found.others:
        console.print(_roster(world, found, lang))
    values: dict[str, Value] = {
        "engineers": hired(found.best.counts, found.shifts),
        "cost": with_half(Figure.COST_WEEK, found.best.cost_week),
        "currency": currency,
    }
    if target is None:
        code = "simulation.staff_cheapest" if found.holds else "simulation.staff_perhaps_cheapest"
        hour, percent = f"{found.best.cost_week.mean / 168:,.1f}", f"{100 * confidence:.1f}"
        console.print(label(code, lang, **values, hour=hour, percent=percent), soft_wrap=True)
    else:
        for one in _told(found, target, values, lang=lang, confidence=confidence, base=base):
            console.print(one, soft_wrap=True)
    if found.others:
        console.print(_others(found, target, lang))


def _told(
    found: Staffed,
    target: Target,
    values: dict[str, Value],
    /,
    *,
    lang: Lang,
    confidence: float,
    base: int,
) -> list[str]:
    """The sentences: what is kept, how sure that is, with what beside hiring, what is lost, what can be reached."""
    values = values | {
        "share": with_half(target.figure, found.best.share),
        "wanted": number(target.figure, target.share),
    }
    if not (found.holds or found.others):
        return [label("simulation.staff_beyond", lang, **values, base=base), lost(found.lost, lang)]
    told = [
        label(
            "simulation.staff_sure" if found.holds else "simulation.staff_unsure",
            lang,
            **values,
            percent=f"{100 * found.sure:.1f}",
            asked=f"{100 * confidence:.1f}",
            n=len(found.best.kept),
            runs=found.runs,
        )
    ]
    if found.levers:
        levers, stock = levers_told(found.levers, lang), number(Figure.COST_WEEK, found.holding_week)
        told.append(
            label("simulation.staff_with", lang, levers=levers, stock=stock, currency=str(values["currency"]))
        )
    told.append(lost(found.lost, lang))
    if found.most is not None:
        most = found.most.tried
        told.append(
            label(
                "simulation.staff_most",
                lang,
                engineers=hired(most.counts, found.shifts),
                share=with_half(target.figure, most.share),
            )
            + " "
            + lost(found.most.lost, lang)
        )
    return told


def print_more(
    one: Staffed, than: Staffed, console: Console, /, *, name: str, lang: Lang, currency: str
) -> None:
    """Print what an answer needs more than another, replication by replication under the same chance."""
    change = more_cost(one, than)
    verdict = {Verdict.NOT_DETECTED: "not_detected", Verdict.EQUAL: "equal", Verdict.UNKNOWN: "unknown"}
    people = hired(one.best.counts, one.shifts) - hired(than.best.counts, than.shifts)
    cost = with_half(Figure.COST_WEEK, change.by, signed=True)
    detected = change.verdict not in verdict
    if not detected:
        cost += " (" + label(f"simulation.effect_{verdict[change.verdict]}", lang) + ")"
    console.print(
        label(
            "simulation.staff_more",
            lang,
            name=name,
            people=f"{people:+d}",
            cost=cost,
            currency=currency,
            stock=f"{one.holding_week - than.holding_week:+,.0f}",
        ),
        soft_wrap=True,
    )


def _roster(world: World, found: Staffed, lang: Lang) -> Table:
    grid = Table(label("simulation.staff_depot", lang), box=None, pad_edge=False)
    for heading in ("staff_shift", "engineers", "staff_skills"):
        grid.add_column(label(f"simulation.{heading}", lang))
    skills = skills_of(staffed(world, found.shifts, found.best.counts))
    for depot, shift, count in found.best.counts:
        held = ", ".join(f"{skill} {n}" for skill, n in sorted(skills.get((depot, shift), {}).items()))
        grid.add_row(depot or "–", _shift(shift, lang), str(count), held)
    return grid


def _others(found: Staffed, target: Target | None, lang: Lang) -> Table:
    others = Table(label("simulation.staff_others", lang), box=None, pad_edge=False)
    for heading in ("engineers", "mean", "staff_cost", "staff_confidence"):
        others.add_column(label(f"simulation.{heading}", lang), justify="right")
    for at, one in enumerate(found.others[:6], 1):
        share = with_half(target.figure, one.share) if target else "–"
        keeps = f"{100 * one.sure(target.share):.1f} %" if target else "–"
        others.add_row(
            f"{at}{'*' if one.counts in found.shown else ''}",
            str(hired(one.counts, found.shifts)),
            share,
            with_half(Figure.COST_WEEK, one.cost_week),
            keeps,
        )
    return others


def _shift(shift: str, lang: Lang) -> str:
    return label(f"simulation.shift_{shift.replace('-', '_')}", lang)


def roster_csv(answers: Mapping[str, tuple[World, Staffed]], /) -> str:
    """Give the rosters as CSV: scenario, depot, shift, engineers, and how many hold each skill.

    Args:
        answers: by scenario: the world with what is done beside hiring, and what was found.
    """
    held = {
        name: skills_of(staffed(world, found.shifts, found.best.counts))
        for name, (world, found) in answers.items()
    }
    names = sorted({skill for skills in held.values() for row in skills.values() for skill in row})
    return spreadsheet(
        ["scenario", "depot", "shift", "engineers", *names],
        (
            [
                scenario,
                depot,
                shift,
                count,
                *(held[scenario].get((depot, shift), {}).get(name, 0) for name in names),
            ]
            for scenario, (_, found) in answers.items()
            for depot, shift, count in found.best.counts
        ),
    )


@dataclass(frozen=True, slots=True)
class Answered:
    """One question and what a search came to.

    Args:
        asked: about which world.
        world: that with what is done beside hiring.
        found: by the search.
        whole: whether the search came to its end; else `found` is the first estimate.
    """

    asked: Scenario
    world: World
    found: Staffed
    whole: bool


def staffing_document(
    answers: Sequence[Answered], target: Target | None, /, *, confidence: float, asked: int
) -> dict[str, Any]:
    """Give what a search came to as plain JSON: the roster, what it keeps and costs, how sure that is, the next ones.

    Args:
        answers: the question, and where it was reached the one beside it (what if).
        target: to be kept; None: the cheapest was asked for.
        confidence: asked for.
        asked: how many questions there were.

    Returns:
        The first answer; under ``what_if`` the second with what it needs ``more`` (a week, replication by replication under the same
        chance; None where a search was stopped), or, where it was stopped before an estimate, ``stopped``.
    """
    first, *others = (_answer(one, target, confidence=confidence) for one in answers)
    beside: dict[str, Any] | None = None
    if asked > 1:
        beside = {"stopped": True} if not others else {**others[0], "stopped": False}
    if beside is not None and others:
        one, than = answers[1], answers[0]
        beside["name"] = {"en": one.asked.name[0], "zh": one.asked.name[1]}
        beside["more"] = _more(one.found, than.found) if one.whole and than.whole else None
    return {"schema": 1, **first, "what_if": beside}


def _more(one: Staffed, than: Staffed) -> dict[str, Any]:
    change = more_cost(one, than)
    return {
        "engineers": hired(one.best.counts, one.shifts) - hired(than.best.counts, than.shifts),
        "cost_week": _interval(change.by),
        "effect": change.verdict.value,
        "stock_week": one.holding_week - than.holding_week,
    }


def more_cost(one: Staffed, than: Staffed, /) -> Difference:
    """What a roster costs more a week than another, replication by replication under the same chance."""
    n = min(len(one.best.cost), len(than.best.cost))
    return difference(one.best.cost[:n], than.best.cost[:n])


def _answer(answered: Answered, target: Target | None, *, confidence: float) -> dict[str, Any]:
    world, found, whole = answered.world, answered.found, answered.whole
    skills = skills_of(staffed(world, found.shifts, found.best.counts))
    return {
        "target": None if target is None else {"figure": target.figure.value, "share": target.share},
        "confidence": {"asked": confidence, "reached": finite(found.sure), "sure": found.holds},
        "whole": whole,
        "runs": found.runs,
        **_tried(found.best, found, target),
        "roster": [
            {
                "depot": depot,
                "shift": shift,
                "engineers": count,
                "skills": dict(skills.get((depot, shift), {})),
            }
            for depot, shift, count in found.best.counts
        ],
        "others": [
            {**_tried(one, found, target), "shown": one.counts in found.shown} for one in found.others[:6]
        ],
        "beside": [str(one) for one in found.levers],
        "stock_week": found.holding_week,
        "options": [
            {
                "beside": [str(lever) for lever in one.levers],
                "engineers": None if one.tried is None else hired(one.tried.counts, found.shifts),
                "cost_week": None if one.tried is None else one.cost_week,
            }
            for one in found.options
        ],
        "lost": {code.name.lower(): share for code, share in found.lost.items()},
        "most": None
        if found.most is None
        else {
            **_tried(found.most.tried, found, target),
            "lost": {code.name.lower(): share for code, share in found.most.lost.items()},
        },
    }


def _tried(one: Tried, found: Staffed, target: Target | None) -> dict[str, Any]:
    return {
        "engineers": hired(one.counts, found.shifts),
        "kept": None if target is None else _interval(one.share),
        "cost_week": _interval(one.cost_week),
    }


def _interval(one: Interval) -> dict[str, float | int | None]:
    return {"mean": finite(one.mean), "low": finite(one.low), "high": finite(one.high), "n": one.n}
