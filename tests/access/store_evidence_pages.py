"""Who may reach the pages of this family of the store (SEC-01). All rows belong to none of the cast."""

from __future__ import annotations

from uuid import UUID

from tests.access.lines import ELSEWHERES_ID, Answer, Line, publisher_page

_ROW: dict[str, UUID] = {"candidacy_id": ELSEWHERES_ID}


def _read(**arguments: object) -> Line:
    return publisher_page(Answer.NOT_FOUND, **(arguments or _ROW))


def _form(**arguments: object) -> Line:
    return publisher_page(Answer.NOT_FOUND, post=Answer.NOT_FOUND, **(arguments or _ROW))


LINES: dict[str, Line] = {
    "store:evidence": _read(),
    "store:evidence_add": _form(),
    "store:evidence_file": _read(evidence_id=ELSEWHERES_ID),
    "store:evidence_versions": _read(evidence_id=ELSEWHERES_ID),
    "store:evidence_change": _form(evidence_id=ELSEWHERES_ID),
    "store:evidence_remove": _form(evidence_id=ELSEWHERES_ID),
    "store:checks": _read(),
    "store:checks_run": publisher_page(Answer.NOT_ALLOWED, post=Answer.NOT_FOUND, **_ROW),
    "store:check_contest": _form(step_id=ELSEWHERES_ID),
    "store:exchange": _form(),
    "store:answers_send": _form(),
    "store:reservations_send": _form(),
    "store:request_item": _form(item_id=ELSEWHERES_ID),
    "store:reservation_answer": _form(reservation_id=ELSEWHERES_ID),
    "store:decision": _read(),
    "store:candidacy_appeal": _form(),
    "store:candidacy_appeal_answer": _read(**_ROW, appeal_id=ELSEWHERES_ID),
    "store:candidacy_notice": _read(decision_id=ELSEWHERES_ID),
    "store:candidacy_agreement": _read(),
    "store:candidacy_sign": _form(),
}
