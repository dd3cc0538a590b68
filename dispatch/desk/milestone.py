"""The desk's words: kinds of ticket, milestones, severities, promises, waits."""

from __future__ import annotations

from enum import StrEnum


class TicketKind(StrEnum):
    """What the customer asks for."""

    FAULT = "fault"
    INSTALLATION = "installation"
    PREVENTIVE = "preventive"
    TRAINING = "training"
    ADVICE = "advice"
    RETURN = "return"


class Milestone(StrEnum):
    """A step a scheme may promise by a time, in the order a ticket meets them."""

    ACKNOWLEDGE = "acknowledge"
    """The customer was told that the report arrived."""
    RESPOND = "respond"
    """Somebody who can help has answered."""
    ARRANGE = "arrange"
    """A person and a time are fixed."""
    PROPOSE = "propose"
    """A solution or a plan is with the customer."""
    ARRIVE = "arrive"
    """An engineer is on site."""
    SUBSTITUTE = "substitute"
    """A loaner stands in for the equipment."""
    REPAIR = "repair"
    """The equipment works again, or the question is solved."""
    DELIVER = "deliver"
    """The agreed work is handed over."""


class Severity(StrEnum):
    """How bad it is, P1 worst; every scheme maps its own words to these."""

    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"


class Promise(StrEnum):
    """What a scheme says about a milestone at a severity."""

    TIMED = "timed"
    CUSTOMER_SET = "customer-set"
    NOT_PROMISED = "not-promised"


class Wait(StrEnum):
    """What a ticket waits for."""

    PART = "part"
    CUSTOMER = "customer"
    ACCESS = "access"


class SeverityChange(StrEnum):
    """What a change of severity does to a running clock."""

    RESTART = "restart"
    """The new time is counted afresh from the change."""
    CARRY = "carry"
    """The new time is counted from the report, as if the severity had always been the new one."""
    TIGHTEN_ONLY = "tighten-only"
    """The earlier of the old due time and the new time counted from the change: never later than promised."""
