"""Sending a dossier in words: what it holds, why somebody cannot send it, the receipt (PU-07)."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.store.models import Candidacy
from apps.store.services import mandates
from apps.store.services.consenting import possible_kinds
from apps.store.services.progress import Overview
from apps.store.views import dossiers
from apps.ui import words
from apps.ui.components import Pair


def mandate_words(reason: str) -> str:
    """Why this member cannot sign for the publisher."""
    match reason:
        case mandates.NOT_SIGNATORY:
            return _("Only a signatory of your organisation sends a dossier. An administrator gives this role.")
        case mandates.OVER:
            return _("Your mandate is over. Give a new one on the page of the members.")
        case mandates.NOT_CLEAN:
            return _("The file of your mandate has not passed the antivirus check yet.")
        case _:
            return _("Your mandate is missing. Give it on the page of the members.")


def contents_of(overview: Overview) -> tuple[Pair, ...]:
    """What will be sent, counted."""
    candidacy = overview.candidacy
    answers, pieces = len(overview.criteria), len(overview.pieces)
    given = ngettext("%(count)s criterion", "%(count)s criteria", answers) % {"count": answers}
    lines = [
        Pair(term=_("Service"), value=candidacy.service.name),
        Pair(term=_("Kind of service"), value=_upper(candidacy.get_service_kind_display())),
        Pair(term=_("Exchange of data"), value=_upper(candidacy.get_exchange_display())),
        Pair(term=_("Answers"), value=given),
        Pair(term=_("Pieces"), value=ngettext("%(count)s piece", "%(count)s pieces", pieces) % {"count": pieces}),
    ]
    if possible_kinds(candidacy):
        texts = len(overview.texts)
        said = ngettext("%(count)s text", "%(count)s texts", texts) % {"count": texts}
        lines.append(Pair(term=_("Information of holders"), value=said))
    return tuple(lines)


def receipt_of(candidacy: Candidacy, names: Mapping[UUID, str]) -> tuple[Pair, ...]:
    """Number, date, signatory, fingerprint."""
    return (
        Pair(term=_("Number"), value=candidacy.number),
        Pair(term=_("Service"), value=candidacy.service.name),
        Pair(term=_("The organisation"), value=candidacy.publisher.name, note=f"SIREN {candidacy.publisher.siren}"),
        Pair(term=_("Sent"), value=words.moment(candidacy.submitted_at)),
        Pair(term=_("By"), value=dossiers.name_of(names, candidacy.submitted_by_id)),
        Pair(
            term=_("Fingerprint of what you declared (SHA-256)"),
            value=words.fingerprint(candidacy.snapshot_hash),
            note=_("It proves later that the dossier is the one you sent."),
        ),
    )


def _upper(text: object) -> str:
    return str(text)[:1].upper() + str(text)[1:]
