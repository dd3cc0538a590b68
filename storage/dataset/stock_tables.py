"""Tables of what is where: parts, alternates, places, moves, reservations, supply offers."""

from __future__ import annotations

from inventory.catalogue.part import Alternate, AlternateKind, Part, PartKind, Tracking
from inventory.catalogue.place import SHELVES, Place, PlaceKind
from inventory.stock.ledger import Condition, Move
from inventory.stock.reservation import Reservation
from inventory.stock.sourcing import OfferKind, SupplyOffer
from kernel.errors import Location, Refusal
from kernel.place import LatLon
from storage.dataset.cell import (
    AMOUNT,
    DAY,
    ID,
    LATITUDE,
    LONGITUDE,
    MOMENT,
    MOST_UNITS,
    TEXT,
    choice,
    whole,
)
from storage.dataset.table import Column, Reference, Row, Table, to

PART = to("parts")
SHELF = (Reference("places", kinds=tuple(sorted(SHELVES))),)
UNITS = whole(1, MOST_UNITS)
SOME_UNITS = whole(0, MOST_UNITS)


def part_id(text: str = "The part.") -> Column:
    """A reference to a part."""
    return Column("part_id", ID, text, references=PART)


PARTS = Table(
    "parts",
    "A spare part, counted in whole units of its smallest issue unit.",
    (
        Column("part_id", ID, "The part number."),
        Column("name", TEXT, "What people call it."),
        Column("kind", choice(PartKind), "What becomes of it when it is taken out of a device."),
        Column("price", AMOUNT, "Price of one unit.", unit="currency of the region"),
        Column(
            "criticality",
            whole(1, 3),
            "1: the device stands still without it, 2: it runs degraded, 3: comfort.",
        ),
        Column(
            "tracking",
            choice(Tracking),
            "What each of its moves has to name: nothing, its lot, or its serial.",
            empty="none",
            default=Tracking.NONE,
        ),
        Column(
            "served_until",
            DAY,
            "The last day on which devices that take it are served: the last order of a part reaches until then.",
            empty="no end is known",
        ),
    ),
    key=("part_id",),
    make=lambda row: Part(
        row["part_id"],
        row["name"],
        row["kind"],
        row["price"],
        row["criticality"],
        row["tracking"],
        row["served_until"],
    ),
    rows=lambda region: (
        {
            "part_id": part.id,
            "name": part.name,
            "kind": part.kind,
            "price": part.price,
            "criticality": part.criticality,
            "tracking": part.tracking,
            "served_until": part.served_until,
        }
        for part in region.stock.parts
    ),
)

ALTERNATES = Table(
    "alternates",
    "A part that may be used in place of another.",
    (
        part_id("The part asked for."),
        Column("alternate_id", ID, "The part that may be used instead.", references=PART),
        Column("kind", choice(AlternateKind), "As good in both directions, or the successor, one way only."),
    ),
    key=("part_id", "alternate_id"),
    make=lambda row: Alternate(row["part_id"], row["alternate_id"], row["kind"]),
    rows=lambda region: (
        {"part_id": row.part, "alternate_id": row.alternate, "kind": row.kind}
        for row in region.stock.alternates
    ),
)


def _place(row: Row) -> Place:
    kind, lat, lon = row["kind"], row["lat"], row["lon"]
    if (lat is None) != (lon is None):
        missing = "lat" if lat is None else "lon"
        raise Refusal("dataset.half_a_coordinate", at=Location("", column=missing), column=missing)
    if lat is None and kind in {PlaceKind.WAREHOUSE, PlaceKind.DEPOT}:
        raise Refusal("dataset.place_without_coordinate", at=Location("", column="lat"), kind=kind.value)
    return Place(
        id=row["place_id"],
        kind=kind,
        name=row["name"],
        at=None if lat is None else LatLon(lat, lon),
        engineer=row["engineer_id"],
        pick_up_min=row["pick_up_min"],
        customer=row["customer_id"],
        calendar=row["calendar"],
    )


PLACES = Table(
    "places",
    "Somewhere goods come from, rest or go to; suppliers, customers, transit, adjustment and scrap included.",
    (
        Column(
            "place_id", ID, "The place; shared with sites and engineers: no id may be used twice among them."
        ),
        Column("kind", choice(PlaceKind), "What the place is to the ledger."),
        Column("name", TEXT, "What people call it."),
        Column(
            "lat",
            LATITUDE,
            "North, WGS-84.",
            unit="degrees",
            empty="no position; not for warehouses and depots",
        ),
        Column(
            "lon",
            LONGITUDE,
            "East, WGS-84.",
            unit="degrees",
            empty="no position; not for warehouses and depots",
        ),
        Column(
            "engineer_id",
            ID,
            "Whose van it is; only for vans, and the same van stands in `engineers.csv`.",
            empty="nobody's",
            default="",
            references=to("engineers"),
        ),
        Column("pick_up_min", whole(0, 1440), "Time a pick-up stop takes.", unit="min", empty="0", default=0),
        Column(
            "customer_id",
            ID,
            "Whose forward stock it is; for forward stock only, and needed there.",
            empty="nobody's",
            default="",
            references=to("customers"),
        ),
        Column(
            "calendar",
            ID,
            "Business calendar of `region.toml` in whose hours goods can be picked up.",
            empty="at any time",
            default="",
            references=to("calendars"),
        ),
    ),
    key=("place_id",),
    make=_place,
    rows=lambda region: (
        {
            "place_id": place.id,
            "kind": place.kind,
            "name": place.name,
            "lat": place.at and place.at.lat,
            "lon": place.at and place.at.lon,
            "engineer_id": place.engineer,
            "pick_up_min": place.pick_up_min,
            "customer_id": place.customer,
            "calendar": place.calendar,
        }
        for place in region.stock.places
    ),
    required=True,
    namespace="location",
)


def _move(row: Row) -> Move:
    return Move(
        id=row["move_id"],
        at=row["at"],
        part=row["part_id"],
        quantity=row["quantity"],
        from_place=row["from_place"],
        to_place=row["to_place"],
        condition=row["condition"],
        reason=row["reason"],
        by=row["by"],
        device=row["device"],
        source_document=row["source_document"],
        key=row["key"],
        reverses=row["reverses"],
        bound_for=row["bound_for"],
        lot=row["lot"],
        serial=row["serial"],
    )


def _move_row(move: Move) -> Row:
    return {
        "move_id": move.id,
        "at": move.at,
        "part_id": move.part,
        "quantity": move.quantity,
        "from_place": move.from_place,
        "to_place": move.to_place,
        "condition": move.condition,
        "reason": move.reason,
        "by": move.by,
        "device": move.device,
        "source_document": move.source_document,
        "key": move.key,
        "reverses": move.reverses,
        "bound_for": move.bound_for,
        "lot": move.lot,
        "serial": move.serial,
    }


STOCK_MOVES = Table(
    "stock_moves",
    "A posted move of stock. Moves are applied in the order of `at`, equal moments in the order of the file; "
    "one that would take more than is there is refused.",
    (
        Column("move_id", ID, "The move."),
        Column("at", MOMENT, "When it happened."),
        part_id("What moved."),
        Column("quantity", UNITS, "How much.", unit="whole units"),
        Column("from_place", ID, "Where it came from.", references=to("places")),
        Column("to_place", ID, "Where it went.", references=to("places")),
        Column(
            "condition",
            choice(Condition),
            "State of the goods, the same at both ends.",
            empty="usable",
            default=Condition.USABLE,
        ),
        Column("reason", TEXT, "Why, in a word of the trade.", empty="not said", default=""),
        Column("by", TEXT, "Who posted it.", empty="not said", default=""),
        Column("device", TEXT, "From which device.", empty="not said", default=""),
        Column("source_document", TEXT, "Paper or record it stands on.", empty="none", default=""),
        Column("key", TEXT, "Idempotency key: the same key has one effect."),
        Column("reverses", ID, "The earlier move this one takes back.", empty="none", default=""),
        Column(
            "bound_for",
            ID,
            "Where goods in transit are going; only when one end is an in-transit place.",
            empty="not in transit",
            default="",
            references=to("places"),
        ),
        Column("lot", ID, "The lot the goods belong to.", empty="of no lot", default=""),
        Column("serial", ID, "The one unit that moved.", empty="units not known one by one", default=""),
    ),
    key=("move_id",),
    make=_move,
    rows=lambda region: map(_move_row, region.stock.moves),
)

RESERVATIONS = Table(
    "reservations",
    "Units kept for somebody.",
    (
        part_id(),
        Column("place_id", ID, "Where they are kept.", references=SHELF),
        Column("quantity", UNITS, "How much.", unit="whole units"),
        Column("demand_ref", TEXT, "What they are kept for."),
        Column("reservation_id", ID, "The reservation.", empty="it has none", default=""),
        Column("expires_at", MOMENT, "Kept until then.", empty="until taken or released"),
        Column("lot", ID, "The lot they come from.", empty="any", default=""),
        Column("serial", ID, "The very unit.", empty="any", default=""),
        Column(
            "consumed",
            SOME_UNITS,
            "How much of it was taken already.",
            unit="whole units",
            empty="0",
            default=0,
        ),
    ),
    key=(),
    make=lambda row: Reservation(
        row["part_id"],
        row["place_id"],
        row["quantity"],
        row["demand_ref"],
        id=row["reservation_id"],
        expires_at=row["expires_at"],
        lot=row["lot"],
        serial=row["serial"],
        consumed=row["consumed"],
    ),
    rows=lambda region: (
        {
            "part_id": row.part,
            "place_id": row.place,
            "quantity": row.quantity,
            "demand_ref": row.demand_ref,
            "reservation_id": row.id,
            "expires_at": row.expires_at,
            "lot": row.lot,
            "serial": row.serial,
            "consumed": row.consumed,
        }
        for row in region.stock.reservations
    ),
)

SUPPLY_OFFERS = Table(
    "supply_offers",
    "A way to bring a part to a visit's site: our own transfer, a courier, or a purchase.",
    (
        Column("offer_id", ID, "The offer."),
        part_id(),
        Column("kind", choice(OfferKind), "Who brings it."),
        Column(
            "source",
            ID,
            "The place it is taken from (transfer, courier) or the supplier (purchase).",
            references=to("places", "suppliers"),
        ),
        Column("visit_id", ID, "The visit it is brought to.", references=to("visits")),
        Column("arrives_at", MOMENT, "When it is at the site."),
        Column("price", AMOUNT, "Price of the whole offer, goods and way.", unit="currency of the region"),
        Column("quantity", UNITS, "How much it can bring.", unit="whole units"),
    ),
    key=("offer_id",),
    make=lambda row: SupplyOffer(
        id=row["offer_id"],
        part=row["part_id"],
        kind=row["kind"],
        source=row["source"],
        demand_ref=row["visit_id"],
        arrives_at=row["arrives_at"],
        price=row["price"],
        quantity=row["quantity"],
    ),
    rows=lambda region: (
        {
            "offer_id": offer.id,
            "part_id": offer.part,
            "kind": offer.kind,
            "source": offer.source,
            "visit_id": offer.demand_ref,
            "arrives_at": offer.arrives_at,
            "price": offer.price,
            "quantity": offer.quantity,
        }
        for offer in region.stock.supply_offers
    ),
)
