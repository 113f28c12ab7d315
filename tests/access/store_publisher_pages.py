"""Who may reach the pages of sign-up, home and organisation of publishers (SEC-01)."""

from __future__ import annotations

from tests.access.lines import (
    ELSEWHERES_ID,
    Answer,
    Line,
    all_get,
    nobodys_row,
    page,
    publisher_page,
    visitors_get,
)

# Pia has an organisation already: she is sent there.
_ELSEWHERE = publisher_page(Answer.ELSEWHERE, post=Answer.ELSEWHERE)

LINES: dict[str, Line] = {
    "store:publisher_home": page(all_get(Answer.OK)),
    "store:criteria_csv": page(all_get(Answer.OK)),
    "store:publisher_sign_up": page(
        visitors_get(Answer.OK, others=Answer.ELSEWHERE), post=visitors_get(Answer.FORM_AGAIN, others=Answer.ELSEWHERE)
    ),
    "store:publisher_sign_up_sent": page(all_get(Answer.OK)),
    "store:address_confirm": page(all_get(Answer.OK), post=all_get(Answer.FORM_AGAIN)),
    "store:address_confirmed": page(all_get(Answer.OK)),
    "store:address_key": page(all_get(Answer.ELSEWHERE), key="jeton"),
    "store:publisher": publisher_page(Answer.OK),
    "store:publisher_register": _ELSEWHERE,
    "store:publisher_details": _ELSEWHERE,
    "store:publisher_join": _ELSEWHERE,
    "store:publisher_join_withdraw": publisher_page(Answer.NOT_ALLOWED, post=Answer.ELSEWHERE),
    "store:publisher_change": publisher_page(Answer.OK, post=Answer.FORM_AGAIN),
    "store:publisher_address": publisher_page(Answer.ELSEWHERE, post=Answer.FORM_AGAIN),
    "store:members": publisher_page(Answer.OK),
    "store:member": nobodys_row(member_id=ELSEWHERES_ID),
    "store:member_mandate": nobodys_row(member_id=ELSEWHERES_ID),
    "store:member_mandate_file": publisher_page(Answer.NOT_FOUND, post=Answer.NOT_ALLOWED, member_id=ELSEWHERES_ID),
    "store:member_end": nobodys_row(member_id=ELSEWHERES_ID),
    "store:join_request": nobodys_row(request_id=ELSEWHERES_ID),
}
