"""Answer to an appeal, with its reasons and what remains open (STO-45, STO-69)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from apps.store.letters.common import about, address_of
from apps.store.letters.decisions import title_of
from apps.store.letters.paper import Document, Part, heading, pdf_of, text
from apps.store.models import Appeal
from apps.ui.words import day


def answer_pdf(appeal: Appeal, *, at: datetime) -> bytes:
    """The answer that leaves at `at`."""
    return pdf_of(lambda: answer(appeal, at=at))


def answer(appeal: Appeal, *, at: datetime) -> Document:
    """The same as a document, in the current language."""
    candidacy = appeal.candidacy
    against = title_of(appeal.decision) if appeal.decision else _("Lapse of the dossier")
    return Document(
        title=_("Answer to your appeal"),
        reference=candidacy.number,
        address=address_of(candidacy),
        parts=[
            about(
                candidacy,
                (_("Appeal"), appeal.get_kind_display()),
                (_("Filed on"), day(appeal.filed_at)),
                (_("Against"), against),
                (_("Answered on"), day(at)),
            ),
            heading(_("Answer")),
            text(_overturned() if appeal.outcome == Appeal.Outcome.OVERTURNED else _upheld()),
            heading(_("Reasons")),
            text(appeal.reasons),
            *_remedies(appeal),
        ],
        signature=[_("For the minister responsible for health, the officer for appeals")],
    )


def _overturned() -> str:
    return _("The decision is overturned. The dossier goes back to its assessment; you have nothing to do for now.")


def _upheld() -> str:
    return _("The decision is upheld.")


def _remedies(appeal: Appeal) -> list[Part]:
    if appeal.outcome == Appeal.Outcome.OVERTURNED:
        return []
    words = _("You may bring the decision before the administrative court within two months of this answer.")
    return [heading(_("What remains open")), text(words)]
