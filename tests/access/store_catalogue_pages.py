"""Who may reach the catalogue: everybody, and in a space those who may enter it (SEC-01, STO-86)."""

from __future__ import annotations

from tests.access.lines import (
    ELSEWHERES_ID,
    Answer,
    Line,
    all_get,
    decider_page,
    nobodys_row,
    page,
    reviewer_page,
    space_page,
)
from tests.cast import Who

_NOWHERE = {"slug": "service-inconnu"}

LINES: dict[str, Line] = {
    "store:catalogue": page(all_get(Answer.OK)),
    "store:catalogue_json": page(all_get(Answer.OK)),
    "store:catalogue_csv": page(all_get(Answer.OK)),
    "store:catalogue_openapi": page(all_get(Answer.OK)),
    "store:service": page(all_get(Answer.NOT_FOUND), **_NOWHERE),
    "store:service_grid": page(all_get(Answer.NOT_FOUND), **_NOWHERE),
    "store:service_picture": page(all_get(Answer.NOT_FOUND), picture_id=ELSEWHERES_ID, **_NOWHERE),
    "store:space_catalogue": space_page(Answer.OK, post=Answer.ELSEWHERE),
    "store:space_service": space_page(Answer.NOT_FOUND, **_NOWHERE),
    "store:report": page(all_get(Answer.NOT_FOUND), post=all_get(Answer.NOT_FOUND), **_NOWHERE),
    "store:space_report": decider_page(Answer.NOT_FOUND, post=Answer.NOT_FOUND, **_NOWHERE),
    "store:space_reports": decider_page(Answer.OK),
    "store:reports": reviewer_page(Answer.OK),
    "store:report_case": nobodys_row(report_id=ELSEWHERES_ID),
    "store:report_triage": Line(
        get={**nobodys_row().get, Who.REVIEWER: Answer.NOT_ALLOWED},
        post=nobodys_row().post,
        arguments={"report_id": ELSEWHERES_ID},
    ),
}
