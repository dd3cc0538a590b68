"""Tables of whom we serve: customers, their wishes, contracts, sites, assets, days of calendars."""

from __future__ import annotations

from datetime import date, timedelta

from dispatch.desk.customer import (
    LONGEST_WARRANTY_MONTHS,
    Asset,
    Contract,
    Customer,
    EngineerWish,
    Site,
    Standing,
    StandingChange,
    Wish,
)
from dispatch.desk.scheme_file import find_scheme
from kernel.errors import Location, Refusal
from kernel.place import LatLon
from storage.dataset.cell import DAY, ID, LATITUDE, LONGITUDE, MOMENT, TEXT, YES, choice, whole
from storage.dataset.head_keys import HOURS
from storage.dataset.table import Column, Row, Schemes, Table, flat, to

ONE_DAY = timedelta(days=1)
CUSTOMER = Column("customer_id", ID, "The customer.", references=to("customers"))
SITE = Column("site_id", ID, "The site.", references=to("sites"))
SCHEME = Column("scheme", ID, "The service scheme, by its id.")

CUSTOMERS = Table(
    "customers",
    "Somebody we serve.",
    (
        Column("customer_id", ID, "The customer."),
        Column("name", TEXT, "What people call it.", empty="no name", default=""),
    ),
    key=("customer_id",),
    make=lambda row: Customer(row["customer_id"], row["name"]),
    rows=lambda region: (
        {"customer_id": customer.id, "name": customer.name} for customer in region.field.customers
    ),
)


def with_version(row: Row, schemes: Schemes, /, *, on: date) -> Row:
    """The row with the version of its scheme: as given, else the newest in force on a day.

    Raises:
        Refusal: ``scheme.unknown``, ``scheme.unknown_version``, ``scheme.not_yet_effective``, with the column.
    """
    try:
        version = find_scheme(schemes, row["scheme"], version=row["scheme_version"], on=on).version
    except Refusal as refusal:
        column = "scheme_version" if refusal.code == "scheme.unknown_version" else "scheme"
        raise refusal.located(Location("", column=column)) from None
    return {**row, "scheme_version": version}


def _contract(row: Row) -> Contract:
    first, last = row["valid_from"], row["valid_until"]
    if last is not None and last < first:
        raise Refusal(
            "dataset.last_day_before_first",
            at=Location("", column="valid_until"),
            first=first.isoformat(),
            last=last.isoformat(),
        )
    return Contract(
        id=row["contract_id"],
        customer=row["customer_id"],
        scheme=row["scheme"],
        version=row["scheme_version"],
        valid_from=first,
        valid_until=None if last is None else last + ONE_DAY,
        plan_from=row["plan_from"],
    )


CONTRACTS = Table(
    "contracts",
    "A customer is served under one version of a scheme for a time.",
    (
        Column("contract_id", ID, "The contract."),
        CUSTOMER,
        SCHEME,
        Column(
            "scheme_version",
            ID,
            "Version of the scheme.",
            empty="the newest in force on the first day",
            default="",
        ),
        Column("valid_from", DAY, "First day."),
        Column("valid_until", DAY, "Last day.", empty="no end"),
        Column(
            "plan_from",
            DAY,
            "First day it is paid by the month: a plan, or renewed after a free time.",
            empty="it is not",
        ),
    ),
    key=("contract_id",),
    make=_contract,
    under=lambda row, schemes: with_version(row, schemes, on=row["valid_from"]),
    rows=lambda region: (
        {
            "contract_id": contract.id,
            "customer_id": contract.customer,
            "scheme": contract.scheme,
            "scheme_version": contract.version,
            "valid_from": contract.valid_from,
            "valid_until": contract.valid_until and contract.valid_until - ONE_DAY,
            "plan_from": contract.plan_from,
        }
        for contract in region.field.contracts
    ),
)

SITES = Table(
    "sites",
    "A customer's address where equipment stands.",
    (
        Column(
            "site_id", ID, "The site; shared with places and engineers: no id may be used twice among them."
        ),
        CUSTOMER,
        Column("name", TEXT, "What people call it.", empty="no name", default=""),
        Column("lat", LATITUDE, "North, WGS-84.", unit="degrees"),
        Column("lon", LONGITUDE, "East, WGS-84.", unit="degrees"),
        Column(
            "remote",
            YES,
            "In a remote area, where a scheme may promise less; holds for its tickets.",
            empty="not remote",
            default=False,
        ),
        Column("territory", ID, "Area of engineers and partners it lies in.", empty="anybody's", default=""),
    ),
    key=("site_id",),
    make=lambda row: Site(
        id=row["site_id"],
        customer=row["customer_id"],
        at=LatLon(row["lat"], row["lon"]),
        name=row["name"],
        remote=row["remote"],
        territory=row["territory"],
    ),
    rows=lambda region: (
        {
            "site_id": site.id,
            "customer_id": site.customer,
            "name": site.name,
            "lat": site.at.lat,
            "lon": site.at.lon,
            "remote": site.remote,
            "territory": site.territory,
        }
        for site in region.field.sites
    ),
    required=True,
    namespace="location",
)


def _wish(row: Row) -> EngineerWish:
    try:
        return EngineerWish(row["engineer_id"], row["wish"], row["customer_id"], row["site_id"])
    except Refusal as refusal:
        raise refusal.located(Location("", column="customer_id")) from None


ENGINEER_WISHES = Table(
    "engineer_wishes",
    "What a customer says about an engineer: for all his sites, or for one, which goes before.",
    (
        Column(
            "customer_id",
            ID,
            "The customer; he or the site, not both.",
            empty="said for one site",
            default="",
            references=to("customers"),
        ),
        Column(
            "site_id",
            ID,
            "The site.",
            empty="said for all sites of the customer",
            default="",
            references=to("sites"),
        ),
        Column("engineer_id", ID, "The engineer.", references=to("engineers")),
        Column("wish", choice(Wish), "Comes before others, or must not come."),
    ),
    key=("customer_id", "site_id", "engineer_id"),
    make=_wish,
    rows=lambda region: (
        {
            "customer_id": wish.customer,
            "site_id": wish.site,
            "engineer_id": wish.engineer,
            "wish": wish.wish,
        }
        for wish in region.field.wishes
    ),
)

ASSETS = Table(
    "assets",
    "One piece of equipment at a site.",
    (
        Column("asset_id", ID, "The asset."),
        SITE,
        Column("model", TEXT, "What it is; fault history is looked up by it.", empty="not known", default=""),
        Column("serial", TEXT, "The maker's serial number.", empty="not known", default=""),
        Column(
            "loaner_class",
            ID,
            "Class a loaner must have to stand in for it.",
            empty="no loaner can",
            default="",
            references=to("loaner_classes"),
        ),
        Column("invoiced_on", DAY, "Date of the invoice; the warranty runs from it.", empty="not known"),
        Column(
            "made_on",
            DAY,
            "Day it left the factory; the warranty runs from it where no invoice is known.",
            empty="not known",
        ),
        Column(
            "warranty_months",
            whole(0, LONGEST_WARRANTY_MONTHS),
            "Warranty its maker gives; 0 is none.",
            unit="months",
            empty="not known",
        ),
    ),
    key=("asset_id",),
    make=lambda row: Asset(
        row["asset_id"],
        row["site_id"],
        row["serial"],
        row["model"],
        row["loaner_class"],
        invoiced_on=row["invoiced_on"],
        made_on=row["made_on"],
        warranty_months=row["warranty_months"],
    ),
    rows=lambda region: (
        {
            "asset_id": asset.id,
            "site_id": asset.site,
            "model": asset.model,
            "serial": asset.serial,
            "loaner_class": asset.loaner_class,
            "invoiced_on": asset.invoiced_on,
            "made_on": asset.made_on,
            "warranty_months": asset.warranty_months,
        }
        for asset in region.field.assets
    ),
)

CALENDAR_DAYS = Table(
    "calendar_days",
    "A date on which a calendar of `region.toml` differs from its week and from the public holidays.",
    (
        Column("calendar_id", ID, "The calendar.", references=to("calendars")),
        Column("on", DAY, "The date."),
        Column("hours", HOURS, "Hours of that date.", empty="closed", default=()),
    ),
    key=("calendar_id", "on"),
    make=lambda row: (row["calendar_id"], row["on"], row["hours"]),
    rows=lambda region: (
        {"calendar_id": calendar.id, "on": on, "hours": spans}
        for calendar in region.field.calendars
        for on, spans in calendar.exceptions
    ),
)

STANDING_CHANGES = flat(
    "standing_changes",
    "A customer's service was suspended, or taken up again.",
    StandingChange,
    "standing_changes",
    (
        (CUSTOMER, "customer"),
        (Column("at", MOMENT, "From when it holds; not after `as_of`."), "at"),
        (Column("by", ID, "Who decided."), "by"),
        (Column("standing", choice(Standing), "What he is from then on."), "standing"),
        (Column("reason", TEXT, "Why."), "reason"),
    ),
)
