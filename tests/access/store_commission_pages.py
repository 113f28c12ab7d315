"""Who may reach the pages of the commission, of decisions, agreements, publications and appeals (SEC-01)."""

from __future__ import annotations

from tests.access.lines import ELSEWHERES_ID, Answer, Line, nobodys_row, reviewer_page

_CASE = nobodys_row(candidacy_id=ELSEWHERES_ID)
_SITTING = nobodys_row(session_id=ELSEWHERES_ID)
_READ = reviewer_page(Answer.NOT_FOUND, post=Answer.NOT_ALLOWED)
_SESSION = Line(get=_READ.get, post=_READ.post, arguments={"session_id": ELSEWHERES_ID})
_ITEM = nobodys_row(session_id=ELSEWHERES_ID, candidacy_id=ELSEWHERES_ID)

LINES: dict[str, Line] = {
    "store:commission": reviewer_page(Answer.OK),
    "store:commission_plan": reviewer_page(Answer.OK, post=Answer.FORM_AGAIN),
    "store:commission_session": _SESSION,
    "store:commission_minutes": _SESSION,
    "store:commission_agenda": _SITTING,
    "store:commission_papers": _SITTING,
    "store:commission_presence": _SITTING,
    "store:commission_close": _SITTING,
    "store:commission_cancel": _SITTING,
    "store:commission_item": _ITEM,
    "store:commission_votes": _ITEM,
    "store:commission_opinion": _ITEM,
    "store:commission_opinion_pdf": _ITEM,
    "store:commission_move": _ITEM,
    "store:decide": _CASE,
    "store:decision_new": _CASE,
    "store:decision_confirm": _CASE,
    "store:decision_notice": nobodys_row(candidacy_id=ELSEWHERES_ID, decision_id=ELSEWHERES_ID),
    "store:reservations": _CASE,
    "store:reservation_lift": nobodys_row(candidacy_id=ELSEWHERES_ID, reservation_id=ELSEWHERES_ID),
    "store:agreement": _CASE,
    "store:agreement_document": _CASE,
    "store:agreement_sign": _CASE,
    "store:connection_tests": _CASE,
    "store:publish": _CASE,
    "store:publish_checks": _CASE,
    "store:appeals": reviewer_page(Answer.OK),
    "store:appeal_case": _CASE,
    "store:appeal_answer": nobodys_row(candidacy_id=ELSEWHERES_ID, appeal_id=ELSEWHERES_ID),
}
