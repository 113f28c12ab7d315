"""Automatic results as the back office reads them: raw values, words, what the publisher and people say (RV-05)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from apps.store.checks import registry
from apps.store.checks.labels import label_of
from apps.store.checks.measured import measured_label
from apps.store.checks.words import words_of
from apps.store.models import Candidacy, CandidacyStep, Evidence
from apps.store.services.checking import override_mark
from apps.store.views.people_words import called
from apps.ui import words
from apps.ui.components import Pair

Outcome = CandidacyStep.Outcome
ICONS: Mapping[str, str] = {
    Outcome.PASS: "checkbox-circle-line",
    Outcome.FAIL: "close-circle-line",
    Outcome.FLAG: "eye-line",
    Outcome.ERROR: "error-warning-line",
    Outcome.SKIPPED: "subtract-line",
}
WAITS = "time-line"
_REASONS = "all"  # values are codes of reasons, which have words


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLine:
    """One result. `override`: what people made of it, `seen` its mark; `waits_for_second`: of security, set aside by
    one person.
    """

    step: CandidacyStep
    label: str
    target: str
    icon: str
    state: str
    found: str | Promise
    cure: str | Promise
    measured: tuple[Pair, ...]
    override: str
    is_security: bool
    waits_for_second: bool
    is_own_override: bool
    seen: str


def last_round(case: Candidacy, kinds: Iterable[str] | None = None) -> QuerySet[CandidacyStep]:
    """Results of the newest round of each kind of check, with the people who set some of them aside."""
    newest = CandidacyStep.objects.filter(candidacy=OuterRef("candidacy"), kind=OuterRef("kind"))
    rows = case.steps.select_related("override_by__identity", "override_confirmed_by__identity")
    if kinds is not None:
        rows = rows.filter(kind__in=list(kinds))
    last = newest.order_by().values("kind").annotate(last=Max("round")).values("last")
    return rows.filter(round=Subquery(last)).order_by("kind", "target", "pk")


def kinds_for(criterion: str) -> list[str]:
    """Checks that inform a criterion."""
    return [check.code for check in registry.CHECKS.values() if check.criterion == criterion]


def lines(rows: Iterable[CandidacyStep], *, viewer: UUID | None, titles: Mapping[str, str]) -> list[CheckLine]:
    """`titles` of files by their id; no query."""
    return [_line(row, viewer, titles) for row in rows]


def titles_of(case: Candidacy) -> dict[str, str]:
    """Titles of the files of a dossier by id: one query."""
    rows = Evidence.objects.filter(candidacy=case).order_by("id").values_list("id", "title")
    return {str(key): title for key, title in rows}


def _line(row: CandidacyStep, viewer: UUID | None, titles: Mapping[str, str]) -> CheckLine:
    check, said = registry.CHECKS.get(row.kind), words_of(row.reason)
    proposed = str(row.evidence.get("proposed", ""))
    values = {**row.measured, **{name: value for name, value in row.evidence.items() if name != "proposed"}}
    return CheckLine(
        step=row,
        label=label_of(row.kind),
        target=titles.get(row.target, row.target),
        icon=ICONS.get(row.override or row.outcome, WAITS),
        state=_state(row),
        found=said.found if row.outcome else "",
        cure=said.cure if row.outcome else "",
        measured=_measured(values),
        override=_override(row, proposed),
        is_security=check is not None and check.is_security,
        waits_for_second=bool(proposed) and not row.override,
        is_own_override=row.override_by_id == viewer,
        seen=override_mark(row),
    )


def _state(row: CandidacyStep) -> str:
    if row.state != CandidacyStep.State.DONE:
        return str(row.get_state_display())
    values = {"outcome": row.get_outcome_display(), "moment": words.moment(row.finished_at)}
    return _("%(outcome)s, %(moment)s") % values


def _override(row: CandidacyStep, proposed: str) -> str:
    counts = row.override or proposed
    if not counts:
        return ""
    values = {"outcome": Outcome(counts).label, "name": called(row.override_by), "reason": row.override_reason}
    said = _("Set aside by %(name)s, counts as « %(outcome)s »: %(reason)s") % values
    if row.override_confirmed_by is not None:
        return f"{said} " + _("Confirmed by %(name)s.") % {"name": called(row.override_confirmed_by)}
    return said


def _measured(values: Mapping[str, object]) -> tuple[Pair, ...]:
    """By their labels; what could not be measured says nothing."""
    said = [(measured_label(name), _text(name, value)) for name, value in values.items() if value not in (None, "", [])]
    return tuple(Pair(term=term, value=value) for term, value in sorted(said))


def _text(name: str, value: object) -> str:
    if isinstance(value, list):
        parts = [words_of(str(part)).found if name == _REASONS else part for part in value]
        return " ".join(map(str, parts)) if name == _REASONS else ", ".join(map(str, parts))
    return str(value)
