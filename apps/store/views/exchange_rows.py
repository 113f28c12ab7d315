"""The exchange of a dossier as its publisher sees it: thread, request, reservations (PU-09, L10, L11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.store import criteria, reasons
from apps.store.models import Candidacy, Message, Request, RequestItem, Reservation
from apps.store.services import consenting, evidence_listing, sheets
from apps.store.services.evidence_listing import Piece
from apps.store.states import Event, Status
from apps.ui.words import day, moment

_PAGES: dict[str, tuple[str, str | Promise]] = {
    sheets.ITEM: ("candidacy_sheet", gettext_lazy("Correct the public page")),
    consenting.ITEM: ("consent_texts", gettext_lazy("Correct the information of holders")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLine:
    """`is_official`: by somebody to whom the dossier belongs or belonged (L11)."""

    message: Message
    who: str
    about: str
    is_ours: bool
    is_official: bool
    is_new: bool
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedLine:
    """One thing to answer; `question`: the criterion or the line of the list it is about. `returned`: why an answer
    was not enough. `page_url`: the part of the dossier that is open for it.
    """

    line: RequestItem | Reservation
    about: str
    question: str
    answered: str
    pieces: tuple[Piece, ...]
    deadline: str = ""
    returned: str = ""
    page_url: str = ""
    page_label: str = ""

    @property
    def is_answered(self) -> bool:
        return self.line.answered_at is not None


def thread_of(candidacy: Candidacy, messages: Sequence[Message], names: Mapping[UUID, str]) -> list[MessageLine]:
    """Oldest first. `names` of the publisher's people."""
    pieces = evidence_listing.named(candidacy, ids=(key for message in messages for key in message.evidence_ids))
    officials = officials_of(candidacy)
    return [
        MessageLine(
            message=message,
            who=_who(message, names),
            about=about_words(candidacy, message.criterion),
            is_ours=message.side == Message.Side.PUBLISHER,
            is_official=message.side == Message.Side.REVIEW and message.author_id in officials,
            is_new=message.side == Message.Side.REVIEW and message.read_at is None,
            pieces=_named(pieces, message.evidence_ids),
        )
        for message in messages
    ]


def officials_of(candidacy: Candidacy) -> frozenset[UUID]:
    """Whoever has or had the dossier; those who asked for something did."""
    parts = (
        candidacy.assignee_id, candidacy.desk_officer_id, candidacy.assessor_id, candidacy.second_reader_id,
        candidacy.privacy_reader_id,
    )  # fmt: skip
    asked = candidacy.requests.order_by("id").values_list("asked_by_id", flat=True)
    return frozenset(user_id for user_id in (*parts, *asked) if user_id is not None)


def asked_lines(candidacy: Candidacy, request: Request, names: Mapping[UUID, str]) -> list[AskedLine]:
    """Lines of the open request, in the order of the referential."""
    items = sorted(request.items.order_by("id"), key=lambda item: (_place(candidacy, item.criterion), item.item))
    pieces = evidence_listing.named(candidacy, ids=(key for item in items for key in item.evidence_ids))
    return [
        AskedLine(
            line=item,
            about=item.criterion or _("Admissibility"),
            question=question_of(candidacy, item),
            answered=_answered(item, names),
            pieces=_named(pieces, item.evidence_ids),
            **_page_of(candidacy, item),
        )
        for item in items
    ]


def _page_of(candidacy: Candidacy, item: RequestItem) -> dict[str, str]:
    """The page on which that part is corrected; nothing for lines that words and pieces answer."""
    found = _PAGES.get(item.item)
    if found is None or (item.item == consenting.ITEM and not consenting.possible_kinds(candidacy)):
        return {}
    return {"page_url": reverse(f"store:{found[0]}", args=[candidacy.pk]), "page_label": str(found[1])}


def reservation_lines(
    candidacy: Candidacy, reservations: Sequence[Reservation], names: Mapping[UUID, str]
) -> list[AskedLine]:
    """Reservations that can be answered now."""
    pieces = evidence_listing.named(candidacy, ids=(key for row in reservations for key in row.evidence_ids))
    returned = _returned(candidacy) if candidacy.status == Status.RESERVATIONS else {}
    return [
        AskedLine(
            line=row,
            about=row.criterion or _("Reservation"),
            question=about_words(candidacy, row.criterion),
            answered=_answered(row, names),
            pieces=_named(pieces, row.evidence_ids),
            deadline=_("To be lifted by %(day)s") % {"day": day(row.due_on)},
            returned=returned.get(str(row.pk), "") if row.answered_at is None else "",
        )
        for row in reservations
    ]


def question_of(candidacy: Candidacy, item: RequestItem) -> str:
    """The criterion in full, or the line of the desk's list."""
    return about_words(candidacy, item.criterion) or str(reasons.ADMISSIBILITY.get(item.item, item.item))


def about_words(candidacy: Candidacy, code: str) -> str:
    """The question of a criterion; empty for none."""
    found = criteria.criterion_of(candidacy.referential, code) if code else None
    return found.question if found is not None else code


def after_words(status: str) -> str:
    """What happens when the term of the publisher is over without an answer."""
    match status:
        case Status.INCOMPLETE:
            return _("Without an answer by then, the dossier lapses. You may take it up in a new candidacy.")
        case Status.COMPLEMENT:
            return _("Without an answer by then, the criteria that are asked about count as not compliant.")
        case Status.RESERVATIONS:
            return _("If the reservations are not answered by then, the dossier lapses.")
        case _:
            return ""


def _place(candidacy: Candidacy, code: str) -> int:
    found = criteria.criterion_of(candidacy.referential, code) if code else None
    return found.position if found is not None else 0


def _who(message: Message, names: Mapping[UUID, str]) -> str:
    if message.side == Message.Side.REVIEW:
        return _("The assessment team")
    return names.get(message.author_id, _("A member of your organisation"))


def _answered(line: RequestItem | Reservation, names: Mapping[UUID, str]) -> str:
    if line.answered_at is None or line.answered_by_id is None:
        return ""
    name = names.get(line.answered_by_id, _("a member of your organisation"))
    return _("Answered by %(name)s %(moment)s") % {"name": name, "moment": moment(line.answered_at)}


def _returned(candidacy: Candidacy) -> dict[str, str]:
    """The last reason for each reservation that came back."""
    rows = candidacy.events.filter(event=Event.HAND_OVER, facts__has_key="reservation").order_by("sequence")
    return {str(facts["reservation"]): reason for facts, reason in rows.values_list("facts", "reason")}


def _named(pieces: Mapping[UUID, Piece], ids: Iterable[UUID]) -> tuple[Piece, ...]:
    return tuple(pieces[key] for key in ids if key in pieces)
