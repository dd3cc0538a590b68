"""What rows about crews, order and territories have to keep together."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dispatch.desk.visit import LEAD, closing
from kernel.errors import Refusal
from storage.dataset.draft import Accepted, Draft, Found


def one_of_each_role(accepted: Accepted) -> Iterator[Found]:
    """On one visit no two engineers have the same role."""
    first = {draft.value.id: draft.value.role or LEAD for draft in accepted["visits"]}
    for draft in accepted["crew_roles"]:
        one = draft.value
        if first.get(one.visit) == one.role:
            yield "crew_roles", draft, "role", Refusal("dataset.role_twice", visit=one.visit, role=one.role)


def no_crew_for_the_workshop(accepted: Accepted) -> Iterator[Found]:
    """One engineer collects a unit and one brings it back: who else was to come has nothing to do on site."""
    benched = {draft.value.id for draft in accepted["visits"] if draft.value.bench_min is not None}
    for draft in accepted["crew_roles"]:
        if draft.value.visit in benched:
            yield (
                "crew_roles",
                draft,
                "visit_id",
                Refusal("dataset.crew_at_workshop", visit=draft.value.visit),
            )


def published_for_a_role_there_is(accepted: Accepted) -> Iterator[Found]:
    """A role in the published plan is one of the visit's crew."""
    roles = {(draft.value.visit, draft.value.role) for draft in accepted["crew_roles"]}
    for draft in accepted["published_plan"]:
        stop = draft.value
        if stop.role and (stop.visit, stop.role) not in roles:
            refusal = Refusal("dataset.unknown_role", visit=stop.visit, role=stop.role)
            yield "published_plan", draft, "role", refusal


def no_circle_of_visits(accepted: Accepted) -> Iterator[Found]:
    """No visit waits for itself, directly or through others: the row that closes a circle is refused."""
    drafts = {id(draft.value): draft for draft in accepted["visit_order"]}
    for order in closing(draft.value for draft in drafts.values()):
        refusal = Refusal("dataset.order_in_circle", visit=order.visit, after=order.after)
        yield "visit_order", drafts[id(order)], "after_visit_id", refusal


def territories_of_sites(accepted: Accepted) -> Iterator[Found]:
    """An area that engineers or partners serve is one that a site lies in: a slip would keep them away from it."""
    known = {draft.value.territory for draft in accepted["sites"]} - {""}
    drafts: list[tuple[str, Draft]] = [
        (table, draft) for table in ("engineers", "partners") for draft in accepted[table]
    ]
    for table, draft in drafts:
        unknown = [area for area in draft.value.territories if area not in known]
        if unknown:
            refusal = Refusal(
                "dataset.unknown_territory", value=unknown[0], known=", ".join(sorted(known)[:20]) or "-"
            )
            yield table, draft, "territories", refusal


RULES: tuple[Callable[[Accepted], Iterator[Found]], ...] = (
    one_of_each_role,
    no_crew_for_the_workshop,
    published_for_a_role_there_is,
    no_circle_of_visits,
    territories_of_sites,
)
