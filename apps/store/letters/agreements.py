"""The agreement (convention) of three parties: one document that all of them sign (STO-06, STO-43, STO-64)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from apps.store.letters.common import about
from apps.store.letters.paper import Document, Part, bullets, heading, pdf_of, table, text
from apps.store.models import Candidacy, ConsentText
from apps.ui.words import day

YEARS = 3  # STO-43 [proposal]


def agreement_pdf(candidacy: Candidacy, *, texts: Sequence[ConsentText], at: datetime) -> bytes:
    """The document made at `at`; its hash is what each party signs. `texts`: of the data that it grants."""
    return pdf_of(lambda: agreement(candidacy, texts=texts, at=at))


def agreement(candidacy: Candidacy, *, texts: Sequence[ConsentText], at: datetime) -> Document:
    """The same as a document, in the current language."""
    return Document(
        title=_("Agreement of referencing"),
        reference=candidacy.number,
        parts=[
            about(candidacy, (_("Made on"), day(at))),
            heading(_("Article 1 – Parties")),
            _parties(candidacy),
            heading(_("Article 2 – Object and responsibilities")),
            _responsibilities(),
            heading(_("Article 3 – Data of the health space")),
            *_data(texts),
            heading(_("Article 4 – Duration")),
            text(_duration()),
            heading(_("Article 5 – Suspension and withdrawal")),
            _withdrawal(),
            heading(_("Article 6 – Signature")),
            text(_signing()),
        ],
    )


def _parties(candidacy: Candidacy) -> Part:
    publisher = candidacy.publisher
    return bullets(
        [
            _("%(name)s, SIREN %(siren)s, represented by %(who)s, %(title)s, hereafter the publisher;")
            % {
                "name": publisher.name,
                "siren": publisher.siren,
                "who": publisher.representative_name,
                "title": publisher.representative_title,
            },
            _("the State, minister responsible for health, represented by the minister's delegate;"),
            _("the national health insurance (Caisse nationale de l'assurance maladie), represented by its desk."),
        ]
    )


def _responsibilities() -> Part:
    return bullets(
        [
            _("The publisher keeps the service as it was declared in the dossier, and says beforehand what changes."),
            _("The publisher is responsible for the data that it receives, and for what it does with them."),
            _("The publisher tells of a security incident within twenty-four hours."),
            _("The minister steers the referencing, decides, suspends and withdraws."),
            _("The national health insurance hosts the portal, connects the service and helps its users."),
            _("No party uses the referencing to recommend, rank or advertise a service."),
        ]
    )


def _data(texts: Sequence[ConsentText]) -> list[Part]:
    if not texts:
        return [text(_("The service neither reads nor adds any data of the health space."))]
    rows = [
        [str(row.get_category_display()), str(row.get_direction_display()), row.need, row.retention] for row in texts
    ]
    return [
        text(
            _(
                "With the express consent of the holder, and never beyond what the holder has ticked, the service may "
                "read or add these categories of data and no other:"
            )
        ),
        table([_("Category"), _("Direction"), _("Purpose"), _("Retention")], rows),
        text(
            _(
                "They serve prevention, diagnosis, care, social and medico-social follow-up alone. Any other use, "
                "research included, is excluded."
            )
        ),
    ]


def _duration() -> str:
    return _(
        "The agreement lasts three years from the third signature. Each year the publisher declares what has changed "
        "or that nothing has. Its renewal is asked for from three months before its end."
    )


def _withdrawal() -> Part:
    return bullets(
        [
            _("The publisher may leave at any time with three months' notice."),
            _(
                "The minister may suspend the service by a decision with reasons; the national health insurance may do "
                "so as a precaution, for fifteen days."
            ),
            _(
                "The minister withdraws the referencing if its conditions are no longer met, after the publisher was "
                "heard, with effect within six months so that care goes on."
            ),
            _("At the end the service reads and adds nothing any more. What it has received stays its responsibility."),
        ]
    )


def _signing() -> str:
    return _(
        "Each party signs in the portal after proving again who it is. The portal compares the SHA-256 hash of this "
        "document for the three of them. This is not a qualified electronic signature within the meaning of the "
        "European regulation eIDAS."
    )
