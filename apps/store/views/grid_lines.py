"""The grid: criteria by section with their verdicts, what comes next, versions of one verdict (RV-04)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.store import criteria
from apps.store.criteria import Criterion
from apps.store.models import Candidacy, Judgement
from apps.store.views.people_words import called
from apps.ui import words

Verdict = Judgement.Verdict
ICONS: Mapping[str, str] = {
    Verdict.CONFORM: "checkbox-circle-line",
    Verdict.RESERVATION: "error-warning-line",
    Verdict.NOT_CONFORM: "close-circle-line",
    Verdict.INCOMPLETE: "question-line",
    Verdict.NOT_APPLICABLE: "subtract-line",
}
TO_SEE = "time-line"
NOT_SEEN: str | Promise = gettext_lazy("to be seen")


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionLink:
    place: int
    question: str
    url: str
    icon: str
    verdict: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionLinks:
    label: str
    links: tuple[CriterionLink, ...]
    is_current: bool
    judged: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One verdict with its author and hour; `note` goes to the publisher, `internal` does not."""

    verdict: str
    icon: str
    note: str
    internal: str
    about: str
    is_current: bool


def address(case: Candidacy, code: str) -> str:
    return reverse("store:criterion", args=[case.id, code.lower()])


def sections(
    case: Candidacy, applies: Sequence[Criterion], judgements: Mapping[str, Judgement], current: str
) -> list[SectionLinks]:
    """All applicable criteria by section; `current` is the code of the one that is shown."""
    places = {one.code: place for place, one in enumerate(applies, start=1)}
    made = []
    for section in criteria.SECTIONS:
        inside = criteria.in_section(applies, section.slug)
        links = tuple(_link(case, one, places[one.code], judgements.get(one.code), current) for one in inside)
        if links:
            done = sum(one.code in judgements for one in inside)
            judged = _("%(done)s of %(all)s") % {"done": done, "all": len(inside)}
            here = any(link.is_current for link in links)
            made.append(SectionLinks(label=str(section.label), links=links, is_current=here, judged=judged))
    return made


def progress(applies: Sequence[Criterion], judgements: Mapping[str, Judgement]) -> str:
    """« 13 jugés sur 60, dont 1 non conforme »"""
    said = [judgements[one.code].verdict for one in applies if one.code in judgements]
    against = said.count(Verdict.NOT_CONFORM)
    values = {"done": len(said), "all": len(applies), "against": against}
    if not against:
        return _("%(done)s judged of %(all)s") % values
    return (
        ngettext(
            "%(done)s judged of %(all)s, %(against)s of them not compliant",
            "%(done)s judged of %(all)s, %(against)s of them not compliant",
            against,
        )
        % values
    )


def next_open(applies: Sequence[Criterion], judgements: Mapping[str, Judgement], after: str) -> Criterion | None:
    """The next criterion without a final verdict, those after this one first; None: the grid is whole."""
    codes = [one.code for one in applies]
    start = codes.index(after) + 1 if after in codes else 0
    turned = [*applies[start:], *applies[:start]]
    return next((one for one in turned if one.code != after and one.code not in judgements), None)


def versions(rows: Sequence[Judgement]) -> list[Version]:
    """Verdicts of one criterion, the last first."""
    return [_version(row) for row in sorted(rows, key=lambda row: row.version, reverse=True)]


def verdict_words(verdict: str) -> str:
    return str(Verdict(verdict).label)


def _link(
    case: Candidacy, criterion: Criterion, place: int, judgement: Judgement | None, current: str
) -> CriterionLink:
    return CriterionLink(
        place=place,
        question=criterion.question,
        url=address(case, criterion.code),
        icon=ICONS.get(judgement.verdict, TO_SEE) if judgement is not None else TO_SEE,
        verdict=verdict_words(judgement.verdict) if judgement is not None else str(NOT_SEEN),
        is_current=criterion.code == current,
    )


def _version(row: Judgement) -> Version:
    about = _("by %(name)s, %(moment)s") % {"name": called(row.by), "moment": words.moment(row.at)}
    if row.by_timeout:
        about = _("no answer came in time, %(moment)s") % {"moment": words.moment(row.at)}
    return Version(
        verdict=verdict_words(row.verdict), icon=ICONS[row.verdict], note=row.note, internal=row.internal, about=about,
        is_current=row.is_current,
    )  # fmt: skip
