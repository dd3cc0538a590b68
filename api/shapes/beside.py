"""What stands beside a ticket, as HTTP answers it."""

from __future__ import annotations

from api.schemas.beside import (
    BesideOut,
    GoodsOut,
    LimitOut,
    TicketChargeLineOut,
    TicketChargeOut,
    TicketComplaintOut,
    TicketLoanOut,
    TicketSurveyOut,
)
from api.usecases.beside import Beside, Lent
from dispatch.desk import charge, complaint, loan, survey
from dispatch.desk.charge import ChargeState
from dispatch.desk.clause import SurveyClause
from dispatch.desk.complaint import Complaint, ComplaintStanding
from dispatch.desk.practice import Practice
from dispatch.desk.survey import SurveyStanding
from dispatch.loaners import Loan


def beside_out(
    ticket: str, found: Beside, practice: Practice, *, currency: str, sees: frozenset[str]
) -> BesideOut:
    """What stands beside a ticket; of `contact`, `loans`, `charges` and `feedback` what is in `sees`."""
    names = found.names
    feedback = "feedback" in sees
    return BesideOut(
        ticket=ticket,
        customer_name=found.customer.name,
        site_name=found.site.name,
        model=found.asset.model if found.asset else "",
        serial=found.asset.serial if found.asset else "",
        currency=currency,
        contact=found.contact if "contact" in sees else None,
        needs=[
            GoodsOut(
                part=one.part,
                name=names.get(one.part, ""),
                quantity=one.quantity,
                visit=one.visit,
                likely=one.likely,
            )
            for one in found.needs
        ],
        fitted=[
            GoodsOut(part=part, name=names.get(part, ""), quantity=quantity, visit="", likely=None)
            for part, quantity in found.fitted
        ],
        loans=[*map(_lent, found.lent), *map(_out, found.out)] if "loans" in sees else None,
        charges=[_charge(one) for one in found.charges] if "charges" in sees else None,
        complaints=[_complaint(*one) for one in found.complaints] if feedback else None,
        survey=_survey(found.survey, found.asks) if feedback else None,
        limits=[
            LimitOut(kind=kind.value, types=list(limit.types), most_bytes=limit.most_bytes)
            for kind, limit in practice.attachments.items()
        ],
        most_files=practice.most_attachments,
    )


def _lent(one: Lent) -> TicketLoanOut:
    standing = one.standing
    return TicketLoanOut(
        loan=one.loan.id,
        unit=one.loan.unit,
        state=standing.state.value,
        out_at=standing.out_at,
        stands_at=standing.stands_at,
        due_back_at=standing.due_back_at,
        back_at=standing.back_at,
        may_follow=list(loan.following(standing)),
    )


def _out(one: Loan) -> TicketLoanOut:
    return TicketLoanOut(
        loan=one.id,
        unit=one.unit,
        state="out" if one.back_at is None else "back",
        out_at=one.out_at,
        stands_at=None,
        due_back_at=one.due_back_at,
        back_at=one.back_at,
        may_follow=[],  # lent before the desk kept book: the storekeeper takes it back
    )


def _charge(one: ChargeState) -> TicketChargeOut:
    return TicketChargeOut(
        charge=one.charge,
        stage=one.stage.value,
        lines=[
            TicketChargeLineOut(
                item=line.item.value, part=line.part, quantity=line.quantity, cents=line.cents
            )
            for line in one.lines
        ],
        total=one.total,
        deposit_due=one.deposit_due,
        received=one.received,
        refunded=one.refunded,
        balance=one.balance,
        may_follow=list(charge.following(one)),
    )


def _complaint(one: Complaint, standing: ComplaintStanding) -> TicketComplaintOut:
    return TicketComplaintOut(
        complaint=one.id,
        made_at=one.made_at,
        text=one.text,
        state=standing.state.value,
        answer_due_at=standing.answer.due_at,
        remedies=[remedy.value for remedy in standing.remedies],
        may_follow=list(complaint.following(standing.state)),
    )


def _survey(one: SurveyStanding, asks: SurveyClause | None) -> TicketSurveyOut:
    return TicketSurveyOut(
        sent_at=one.sent_at,
        answered_at=one.answered_at,
        score=one.score,
        declined_at=one.declined_at,
        survey_due_at=one.survey_due_at,
        follow_up_due_at=one.follow_up_due_at,
        followed_up_at=one.followed_up_at,
        came_back=one.came_back,
        highest=asks.highest if asks is not None else None,
        may_follow=list(survey.following(one, asks)),
    )
