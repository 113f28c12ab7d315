"""Opinion, decisions, appeals and agreement of a dossier as its publisher reads them (PU-10, STO-11, STO-45)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from apps.store.letters.common import grounds_in_words, judged_of, reasons_in_words
from apps.store.letters.decisions import EFFECTS, title_of
from apps.store.models import AgendaItem, Agreement, Appeal, Candidacy, ConsentText, Decision, Judgement, Signature
from apps.store.services.appealing import Remedy
from apps.store.states import Status
from apps.ui.components import Pair
from apps.ui.words import day, moment

# States in which the opinion of the commission is not final yet for the publisher.
_BEFORE = frozenset({Status.DRAFT, Status.SUBMITTED, Status.ADMISSIBILITY, Status.INCOMPLETE})


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionBlock:
    """One notified decision: `reasons` one line a criterion (L10); `has_notice`: its PDF can be downloaded."""

    decision: Decision
    title: str
    effect: str
    notified: str
    grounds: list[str]
    reasons: list[str]
    has_notice: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealBlock:
    """One appeal; `answer` empty while it is examined."""

    appeal: Appeal
    filed: str
    answer: str
    has_answer: bool


def opinion_of(candidacy: Candidacy) -> AgendaItem | None:
    """The latest opinion of the commission, once it is recorded."""
    if candidacy.status in _BEFORE:
        return None
    rows = AgendaItem.objects.filter(candidacy=candidacy).exclude(opinion="").select_related("session")
    return rows.order_by("-opinion_at", "-id").first()


def decisions_of(candidacy: Candidacy) -> list[DecisionBlock]:
    """Those that were notified, newest first; a refusal that waits for its confirmation is nobody's business yet."""
    rows = Decision.objects.filter(candidacy=candidacy, listing_id=None, notified_at__isnull=False)
    found = list(rows.order_by("-notified_at", "-id"))
    judged = judged_of(candidacy, (code for row in found for code in row.criteria))
    return [_block(candidacy, row, judged) for row in found]


def appeals_of(candidacy: Candidacy) -> list[AppealBlock]:
    """Newest first."""
    rows = candidacy.appeals.order_by("-filed_at", "-id")
    return [
        AppealBlock(
            appeal=row,
            filed=_("%(kind)s, filed %(moment)s") % {"kind": row.get_kind_display(), "moment": moment(row.filed_at)},
            answer=_answer(row),
            has_answer=row.file_id is not None,
        )
        for row in rows
    ]


def remedy_words(remedy: Remedy | None, *, at: datetime) -> str:
    """Until when an appeal may be filed, or why not."""
    if remedy is None:
        return ""
    if remedy.is_used:
        return _("An appeal was filed already: there is no second one. The court remains.")
    if not remedy.is_open(at):
        return _("The two months for an appeal were over on %(day)s.") % {"day": day(remedy.until)}
    return _("An appeal may be filed until %(day)s (end of the day).") % {"day": day(remedy.until)}


def agreement_pairs(agreement: Agreement) -> tuple[Pair, ...]:
    """Hash, categories, years, the three signatures."""
    signed = {one.party: one for one in agreement.signatures.order_by("at", "id")}
    runs = _("from %(start)s to %(end)s") % {"start": day(agreement.starts_on), "end": day(agreement.ends_on)}
    nothing = _("nothing")
    return (
        Pair(term=_("Reads with consent"), value=_categories(agreement.reads) or nothing),
        Pair(term=_("Adds with consent"), value=_categories(agreement.writes) or nothing),
        Pair(term=_("Duration"), value=runs if agreement.starts_on else _("three years from the third signature")),
        Pair(term=_("Hash of the document (SHA-256)"), value=agreement.document_hash),
        *(
            Pair(term=_("Signature: %(party)s") % {"party": party.label}, value=_signed(signed.get(party)))
            for party in Signature.Party
        ),
    )


def _block(candidacy: Candidacy, row: Decision, judged: Mapping[str, Judgement]) -> DecisionBlock:
    return DecisionBlock(
        decision=row,
        title=title_of(row),
        effect=str(EFFECTS[Decision.Kind(row.kind)]),
        notified=_("Decided on %(decided)s, notified %(notified)s.")
        % {"decided": day(row.decided_at), "notified": moment(row.notified_at)},
        grounds=grounds_in_words(row.ground),
        reasons=reasons_in_words(candidacy, row.criteria, judged),
        has_notice=row.file_id is not None,
    )


def _answer(row: Appeal) -> str:
    if row.closed_at is None:
        return _("Under examination by somebody who did not take the decision, until %(day)s.") % {
            "day": day(row.due_at)
        }
    return _("%(outcome)s on %(day)s. %(reasons)s") % {
        "outcome": str(row.get_outcome_display()).capitalize(),
        "day": day(row.closed_at),
        "reasons": row.reasons,
    }


def _categories(codes: list[str]) -> str:
    return ", ".join(str(ConsentText.Category(code).label) for code in codes)


def _signed(one: Signature | None) -> str:
    if one is None:
        return _("not signed yet")
    return _("%(name)s, %(moment)s") % {"name": one.name, "moment": moment(one.at)}
