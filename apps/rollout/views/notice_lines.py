"""Notices, batches and lists of RO-05 in words: initials, year and department, never a name (SEC-19)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.rollout.models import EligiblePerson, LetterBatch, Notice
from apps.rollout.services.notices import Trouble
from apps.rollout.services.returned import Entered
from apps.rollout.views.person_lines import initials_of
from apps.ui.words import day, number

TITLES: dict[Trouble, str | Promise] = {
    Trouble.RETURNED: gettext_lazy("Notices that came back, no other address"),
    Trouble.UNREAD: gettext_lazy("Children without a known representative"),
    Trouble.UNCERTAIN: gettext_lazy("E-mails of which nobody knows whether they left"),
    Trouble.FAILED: gettext_lazy("Notices that failed or came back"),
}
ICONS = {
    LetterBatch.State.MAKING: "time-line",
    LetterBatch.State.READY: "printer-line",
    LetterBatch.State.HANDED: "mail-send-line",
    LetterBatch.State.CANCELLED: "close-circle-line",
}
_ENTERED: dict[Entered, str | Promise] = {
    Entered.RETURNED: gettext_lazy("entered"),
    Entered.KNOWN: gettext_lazy("entered before"),
    Entered.UNKNOWN: gettext_lazy("no letter handed over has this reference"),
}
_REASONS: dict[str, str | Promise] = {
    "bounced": gettext_lazy("the e-mail came back"),
    "letter-returned": gettext_lazy("the letter came back"),
    "no-address": gettext_lazy("no address is known any more"),
    "bad-address": gettext_lazy("the e-mail address is none"),
    "reader-died": gettext_lazy("who should read it has died"),
    "uncertain": gettext_lazy("nobody knows whether it left"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TroubleLink:
    """One list, how many stand in it."""

    title: str | Promise
    count: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchLine:
    """One batch in a list; `percent` of its letters are made."""

    batch: LetterBatch
    icon: str
    text: str
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TroubleLine:
    """One person in a list, with what happened and what may be done: `person` or `notice` is the id to act on."""

    person_id: UUID
    initials: str
    year: str
    department: str
    wave: str
    what: str
    notice_id: UUID | None = None


def trouble_links(counts: Mapping[Trouble, int], *, wave_id: UUID | None) -> list[TroubleLink]:
    """All lists, empty ones included."""
    query = f"?vague={wave_id}" if wave_id is not None else ""
    return [
        TroubleLink(
            title=TITLES[trouble], count=number(count), url=reverse("rollout:notice_trouble", args=[trouble]) + query
        )
        for trouble, count in counts.items()
    ]


def batch_line(batch: LetterBatch) -> BatchLine:
    """No query beyond the joined wave."""
    made, letters = number(batch.made), number(batch.letters)
    facts = {"made": made, "letters": letters}
    if batch.state == LetterBatch.State.HANDED:
        text = _("%(letters)s letters, handed over on %(day)s") % {**facts, "day": day(batch.handed_at)}
    elif batch.state == LetterBatch.State.MAKING:
        text = _("%(made)s of %(letters)s letters made") % facts
    else:
        text = _("%(letters)s letters") % facts
    percent = 100 * batch.made // batch.letters if batch.letters else 0
    return BatchLine(batch=batch, icon=ICONS[LetterBatch.State(batch.state)], text=text, percent=percent)


def person_trouble(person: EligiblePerson) -> TroubleLine:
    """Somebody who is held."""
    return _line(person, what=reason_words(person.state_reason))


def notice_trouble(notice: Notice) -> TroubleLine:
    """A notice that failed, came back, or may have left."""
    what = f"{notice.get_channel_display()}, {notice.get_kind_display()}: {reason_words(notice.reason)}"
    return _line(notice.person, what=what, notice_id=notice.pk)


def reason_words(reason: str) -> str:
    """A code of a reason in words; a refusal of the relay with its number."""
    if reason.startswith("smtp-"):
        return _("refused by the mail system (code %(code)s)") % {"code": reason.removeprefix("smtp-")}
    return str(_REASONS.get(reason, reason))


def entered_words(result: Entered) -> str:
    return str(_ENTERED[result])


def _line(person: EligiblePerson, *, what: str, notice_id: UUID | None = None) -> TroubleLine:
    return TroubleLine(
        person_id=person.pk,
        initials=initials_of(person.identity),
        year=person.identity.birth_date[:4],
        department=person.department or "–",
        wave=str(person.wave.number) if person.wave else "–",
        what=what,
        notice_id=notice_id,
    )
