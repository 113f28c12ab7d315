"""Who may reach the pages of this family of the store (SEC-01)."""

from __future__ import annotations

from tests.access.lines import ELSEWHERES_ID, Answer, Line, publisher_page


def _of_nobody(**arguments: object) -> Line:
    """Pages of a dossier that belongs to none of the cast."""
    return publisher_page(Answer.NOT_FOUND, post=Answer.NOT_FOUND, candidacy_id=ELSEWHERES_ID, **arguments)


def _read_only(**arguments: object) -> Line:
    return publisher_page(Answer.NOT_FOUND, candidacy_id=ELSEWHERES_ID, **arguments)


LINES: dict[str, Line] = {
    "store:candidacy_list": publisher_page(Answer.OK),
    "store:candidacy_new": publisher_page(Answer.OK, post=Answer.FORM_AGAIN),
    "store:candidacy": _read_only(),
    "store:orientation": _of_nobody(),
    "store:candidacy_section": _of_nobody(section="securite"),
    "store:candidacy_sheet": _of_nobody(),
    "store:consent_texts": _read_only(),
    "store:consent_text": _of_nobody(category="mesures", direction="lire"),
    "store:consent_text_remove": _of_nobody(category="mesures", direction="lire"),
    "store:submit": _of_nobody(),
    "store:candidacy_receipt": _read_only(),
    "store:candidacy_declared": _read_only(declared="0" * 64),
    "store:candidacy_read": _read_only(),
    "store:candidacy_withdraw": _of_nobody(),
    "store:candidacy_copy": _of_nobody(),
}
