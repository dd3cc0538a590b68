"""What a right is about, and which role has it; what is not in the table nobody may do."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from storage.tables.people import Role


class Action(StrEnum):
    """One thing a right is about; every route names exactly one.

    A new member is refused to everybody until `RIGHTS` names it, and to everybody whose scope is a part of a
    region until one of the `BY_` sets does.
    """

    SELF = "self"
    REGION_READ = "region_read"
    REGION_IMPORT = "region_import"
    LIVE_READ = "live_read"
    TICKET_READ = "ticket_read"
    TICKET_WRITE = "ticket_write"
    VISIT_REPORT = "visit_report"
    """What an engineer says from the site: arrived, found, used, signed, finished."""
    CUSTOMER_READ = "customer_read"
    CUSTOMER_WRITE = "customer_write"
    SCHEME_READ = "scheme_read"
    SCHEME_WRITE = "scheme_write"
    CREW_READ = "crew_read"
    CREW_WRITE = "crew_write"
    POSITION_READ = "position_read"
    POSITION_WRITE = "position_write"
    PLAN_READ = "plan_read"
    PLAN_TRY = "plan_try"
    """Candidates, previews, rescues, explanations: computed, nothing kept."""
    PLAN_MAKE = "plan_make"
    PLAN_PUBLISH = "plan_publish"
    MESSAGE_READ = "message_read"
    """What waits to be sent to customers and engineers, or was given up; never to which address."""
    MESSAGE_WRITE = "message_write"
    ADDRESS_WRITE = "address_write"
    """Where an address is, for the whole company."""
    CALL_READ = "call_read"
    CALL_WRITE = "call_write"
    PART_READ = "part_read"
    CATALOGUE_WRITE = "catalogue_write"
    """Parts, places, who sells what on which terms, loaners: what the ledger speaks about."""
    STOCK_READ = "stock_read"
    STOCK_WRITE = "stock_write"
    STOCK_RESERVE = "stock_reserve"
    ORDER_READ = "order_read"
    ORDER_WRITE = "order_write"
    RECEIPT_WRITE = "receipt_write"
    """Receipts, inspections, dispositions."""
    SUPPLIER_READ = "supplier_read"
    SUPPLIER_WRITE = "supplier_write"
    COUNT_WRITE = "count_write"
    LOAN_READ = "loan_read"
    LOAN_WRITE = "loan_write"
    APPROVAL_READ = "approval_read"
    APPROVE = "approve"
    """Orders, requests, differences of counts, refunds and waivers beyond what others may decide."""
    FEEDBACK_READ = "feedback_read"
    """Complaints and surveys."""
    FEEDBACK_WRITE = "feedback_write"
    KNOWLEDGE_READ = "knowledge_read"
    KNOWLEDGE_WRITE = "knowledge_write"
    CHARGE_READ = "charge_read"
    CHARGE_WRITE = "charge_write"
    SCENARIO_READ = "scenario_read"
    SCENARIO_RUN = "scenario_run"
    REPORT_READ = "report_read"
    LINK_MAKE = "link_make"
    LINK_READ = "link_read"
    """The one ticket a customer's link is for."""
    LINK_WRITE = "link_write"
    """What its customer says of it: another time, how it was."""
    USER_ADMIN = "user_admin"
    KEY_ADMIN = "key_admin"
    PERSON_EXPORT = "person_export"
    PERSON_ERASE = "person_erase"
    AUDIT_READ = "audit_read"
    COMPANY_AUDIT_READ = "company_audit_read"
    """What was done to accounts, keys and the database itself."""
    METRICS_READ = "metrics_read"
    OPERATE = "operate"
    """What the service was started with, and copies of its database."""


_A = Action

_READS = frozenset(
    {
        _A.REGION_READ,
        _A.LIVE_READ,
        _A.TICKET_READ,
        _A.CUSTOMER_READ,
        _A.SCHEME_READ,
        _A.CREW_READ,
        _A.PLAN_READ,
        _A.MESSAGE_READ,
        _A.CALL_READ,
        _A.PART_READ,
        _A.STOCK_READ,
        _A.ORDER_READ,
        _A.SUPPLIER_READ,
        _A.LOAN_READ,
        _A.APPROVAL_READ,
        _A.FEEDBACK_READ,
        _A.KNOWLEDGE_READ,
        _A.CHARGE_READ,
        _A.SCENARIO_READ,
        _A.REPORT_READ,
    }
)

_DISPATCHES = (_READS - {_A.ORDER_READ, _A.SUPPLIER_READ}) | {
    _A.SELF,
    _A.TICKET_WRITE,
    _A.VISIT_REPORT,
    _A.CREW_WRITE,
    _A.POSITION_READ,
    _A.PLAN_TRY,
    _A.PLAN_MAKE,
    _A.PLAN_PUBLISH,
    _A.CALL_WRITE,
    _A.MESSAGE_WRITE,
    _A.ADDRESS_WRITE,
    _A.STOCK_RESERVE,
    _A.LOAN_WRITE,
    _A.FEEDBACK_WRITE,
    _A.KNOWLEDGE_WRITE,
    _A.CHARGE_WRITE,
    _A.LINK_MAKE,
}

_KEEPS_STOCK = {
    _A.SELF,
    _A.REGION_READ,
    _A.LIVE_READ,
    _A.PLAN_READ,
    _A.PART_READ,
    _A.CATALOGUE_WRITE,
    _A.STOCK_READ,
    _A.STOCK_WRITE,
    _A.STOCK_RESERVE,
    _A.ORDER_READ,
    _A.ORDER_WRITE,
    _A.RECEIPT_WRITE,
    _A.SUPPLIER_READ,
    _A.SUPPLIER_WRITE,
    _A.COUNT_WRITE,
    _A.LOAN_READ,
    _A.LOAN_WRITE,
    _A.APPROVAL_READ,
}

_MANAGES = frozenset(
    _DISPATCHES
    | _KEEPS_STOCK
    | {
        _A.CUSTOMER_WRITE,
        _A.SCHEME_WRITE,
        _A.APPROVE,
        _A.SCENARIO_RUN,
        _A.AUDIT_READ,
        _A.COMPANY_AUDIT_READ,
    }
)

RIGHTS: Mapping[Role, frozenset[Action]] = MappingProxyType(
    {
        Role.DISPATCHER: frozenset(_DISPATCHES),
        Role.STOREKEEPER: frozenset(_KEEPS_STOCK),
        Role.MANAGER: _MANAGES,
        Role.DIRECTOR: _MANAGES,
        Role.ENGINEER: frozenset(
            {
                _A.SELF,
                _A.REGION_READ,
                _A.LIVE_READ,
                _A.TICKET_READ,
                _A.VISIT_REPORT,
                _A.CREW_READ,
                _A.POSITION_WRITE,
                _A.PART_READ,
                _A.STOCK_READ,
                _A.KNOWLEDGE_READ,
            }
        ),
        Role.CUSTOMER_LINK: frozenset({_A.LINK_READ, _A.LINK_WRITE}),
        Role.ADMINISTRATOR: frozenset(
            _READS
            | {
                _A.SELF,
                _A.REGION_IMPORT,
                _A.USER_ADMIN,
                _A.KEY_ADMIN,
                _A.PERSON_EXPORT,
                _A.PERSON_ERASE,
                _A.AUDIT_READ,
                _A.COMPANY_AUDIT_READ,
                _A.METRICS_READ,
                _A.OPERATE,
            }
        ),
        Role.INTEGRATION: frozenset(
            {
                _A.SELF,
                _A.REGION_READ,
                _A.LIVE_READ,
                _A.TICKET_READ,
                _A.TICKET_WRITE,
                _A.CUSTOMER_READ,
                _A.CUSTOMER_WRITE,
                _A.CREW_READ,
                _A.POSITION_WRITE,
                _A.PLAN_READ,
                _A.PART_READ,
                _A.CATALOGUE_WRITE,
                _A.STOCK_READ,
                _A.ORDER_READ,
                _A.METRICS_READ,
            }
        ),
    }
)
"""Who hands out rights does no business with them: an administrator reads, and has a second account to write."""

COMPANY = frozenset(
    {
        _A.SELF,
        _A.ADDRESS_WRITE,
        _A.REGION_IMPORT,
        _A.USER_ADMIN,
        _A.KEY_ADMIN,
        _A.PERSON_EXPORT,
        _A.PERSON_ERASE,
        _A.COMPANY_AUDIT_READ,
        _A.METRICS_READ,
        _A.OPERATE,
    }
)
"""About the whole company, or only about who asks: no region is named, the audit stands under `kernel.envelope.NO_REGION`."""

ONLY_EVERYWHERE = COMPANY - {_A.SELF, _A.ADDRESS_WRITE}
"""Asked for by who reaches every region, nobody else: these show or change what belongs to all of them."""

BY_CUSTOMER = frozenset(
    {_A.SELF, _A.LIVE_READ, _A.TICKET_READ, _A.TICKET_WRITE, _A.CUSTOMER_READ, _A.SCHEME_READ}
)
"""What a scope of some customers leaves: its queries carry the condition."""

BY_DEPOT = frozenset(
    {
        _A.SELF,
        _A.LIVE_READ,
        _A.CREW_READ,
        _A.CREW_WRITE,
        _A.POSITION_READ,
        _A.PART_READ,
        _A.STOCK_READ,
        _A.STOCK_WRITE,
        _A.STOCK_RESERVE,
        _A.COUNT_WRITE,
        _A.SUPPLIER_READ,
    }
)
"""What a scope of some depots leaves."""

BY_ENGINEER = RIGHTS[Role.ENGINEER]
"""What a scope of one engineer leaves: tickets of own visits, the own van."""

BY_TICKET = RIGHTS[Role.CUSTOMER_LINK]
"""What a customer's link leaves."""

WEIGHT: Mapping[Action, int] = MappingProxyType(
    {_A.PLAN_MAKE: 20, _A.SCENARIO_RUN: 20, _A.LINK_WRITE: 20, _A.PLAN_TRY: 5, _A.OPERATE: 20}
)
"""What a request costs of its caller's allowance, where it is more than one."""
