"""Who may reach the pages of referenced services: back office and publisher (SEC-01)."""

from __future__ import annotations

from tests.access.lines import ELSEWHERES_ID, Answer, Line, nobodys_row, publisher_page, reviewer_page

LINES: dict[str, Line] = {
    "store:live_services": reviewer_page(Answer.OK),
    "store:live_service": reviewer_page(Answer.NOT_FOUND, listing_id=ELSEWHERES_ID),
    "store:listing_act": nobodys_row(listing_id=ELSEWHERES_ID, act="classer"),
    "store:review_stats": reviewer_page(Answer.OK),
    "store:review_stats_file": reviewer_page(Answer.OK),
    "store:published_services": publisher_page(Answer.OK),
    "store:published_service": publisher_page(Answer.NOT_FOUND, listing_id=ELSEWHERES_ID),
    "store:published_page": nobodys_row(listing_id=ELSEWHERES_ID),
    "store:amendment": nobodys_row(listing_id=ELSEWHERES_ID),
    "store:renewal": nobodys_row(listing_id=ELSEWHERES_ID),
    "store:published_act": nobodys_row(listing_id=ELSEWHERES_ID, act="quitter"),
}
