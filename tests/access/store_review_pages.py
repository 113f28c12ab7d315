"""Who may reach the pages of the back office: queue and dossiers (SEC-01, STO-14)."""

from __future__ import annotations

from tests.access.lines import ELSEWHERES_ID, Answer, Line, nobodys_row, reviewer_page

_CASE = nobodys_row(candidacy_id=ELSEWHERES_ID)

LINES: dict[str, Line] = {
    "store:review_queue": reviewer_page(Answer.OK),
    "store:take_next": reviewer_page(Answer.NOT_ALLOWED, post=Answer.ELSEWHERE),
    "store:review_case": _CASE,
    "store:case_evidence": nobodys_row(candidacy_id=ELSEWHERES_ID, evidence_id=ELSEWHERES_ID),
    "store:case_history": _CASE,
    "store:case_declared": nobodys_row(candidacy_id=ELSEWHERES_ID, declared="0" * 64),
    "store:conflict": _CASE,
    "store:case_take": _CASE,
    "store:assign": _CASE,
    "store:admissibility": _CASE,
    "store:admissibility_accept": _CASE,
    "store:admissibility_ask": _CASE,
    "store:admissibility_reject": _CASE,
    "store:criteria_grid": _CASE,
    "store:criterion": nobodys_row(candidacy_id=ELSEWHERES_ID, code="cri-eli-01"),
    "store:case_checks": _CASE,
    "store:case_rerun": _CASE,
    "store:case_override": nobodys_row(candidacy_id=ELSEWHERES_ID, step_id=ELSEWHERES_ID),
    "store:case_override_confirm": nobodys_row(candidacy_id=ELSEWHERES_ID, step_id=ELSEWHERES_ID),
    "store:ask_complements": _CASE,
    "store:opinion": _CASE,
    "store:case_exchange": _CASE,
}
