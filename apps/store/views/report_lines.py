"""The report of the assessor as the commission and the delegate read it: verdicts, second reading, data protection."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.store import criteria
from apps.store.models import Candidacy, Judgement
from apps.store.states import Event
from apps.ui.components import Pair
from apps.ui.words import day

Verdict = Judgement.Verdict
SAID = (Verdict.RESERVATION, Verdict.NOT_CONFORM, Verdict.INCOMPLETE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One criterion that is not simply met."""

    code: str
    question: str
    verdict: str
    note: str
    is_blocking: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`summary` says how many criteria have which verdict; `text` is what the assessor concludes."""

    summary: str
    text: str
    pairs: tuple[Pair, ...]
    remarks: tuple[Remark, ...]


def report_of(case: Candidacy) -> Report:
    """Two queries."""
    judged = list(case.judgements.filter(is_current=True).order_by("criterion"))
    ready = case.events.filter(event=Event.REPORT_READY).order_by("-sequence").first()
    return Report(
        summary=_summary(judged),
        text=ready.reason if ready is not None else "",
        pairs=(
            Pair(term=_("Report finished"), value=day(ready.at) if ready is not None else _("not yet")),
            Pair(term=_("Second reading"), value=_when(case.second_read_at)),
            Pair(term=_("Data-protection check"), value=_when(case.privacy_checked_at)),
            Pair(term=_("Exchange of data"), value=str(case.get_exchange_display())),
        ),
        remarks=tuple(_remark(case, one) for one in judged if one.verdict in SAID),
    )


def remarked_codes(case: Candidacy) -> list[tuple[str, str]]:
    """Criteria that a decision can rest on, as choices."""
    said = case.judgements.filter(is_current=True, verdict__in=SAID).order_by("criterion")
    return [(one.criterion, f"{one.criterion} – {_question(case, one)[:90]}") for one in said]


def _summary(judged: list[Judgement]) -> str:
    found = [one.verdict for one in judged]
    parts = [
        ngettext("%(count)s compliant criterion", "%(count)s compliant criteria", found.count(Verdict.CONFORM))
        % {"count": found.count(Verdict.CONFORM)},
        ngettext("%(count)s with a reservation", "%(count)s with a reservation", found.count(Verdict.RESERVATION))
        % {"count": found.count(Verdict.RESERVATION)},
        ngettext("%(count)s not compliant", "%(count)s not compliant", found.count(Verdict.NOT_CONFORM))
        % {"count": found.count(Verdict.NOT_CONFORM)},
    ]
    return ", ".join(parts)


def _when(at: datetime | None) -> str:
    return day(at) if at is not None else _("not done")


def _remark(case: Candidacy, one: Judgement) -> Remark:
    criterion = criteria.criterion_of(case.referential, one.criterion)
    return Remark(
        code=one.criterion,
        question=_question(case, one),
        verdict=str(one.get_verdict_display()),
        note=one.note,
        is_blocking=criterion is not None and criterion.is_blocking,
    )


def _question(case: Candidacy, one: Judgement) -> str:
    criterion = criteria.criterion_of(case.referential, one.criterion)
    return criterion.question if criterion is not None else ""
