"""Who may reach the pages of sign-up, home and organisation of publishers (SEC-01)."""

from __future__ import annotations

from tests.access.lines import Answer, Line, all_get, page, visitors_get

LINES: dict[str, Line] = {
    "store:publisher_home": page(all_get(Answer.OK)),
    "store:criteria_csv": page(all_get(Answer.OK)),
    "store:publisher_sign_up": page(
        visitors_get(Answer.OK, others=Answer.ELSEWHERE), post=visitors_get(Answer.FORM_AGAIN, others=Answer.ELSEWHERE)
    ),
    "store:publisher_sign_up_sent": page(all_get(Answer.OK)),
}
