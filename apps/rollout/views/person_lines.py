"""People in words: one line of a list, the sections of the page of one person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.accounts.models import InsIdentity
from apps.rollout.models import EligiblePerson, Notice, Opposition, PersonTransition
from apps.rollout.services.person_file import PersonFile
from apps.rollout.window import last_day
from apps.ui.components import Pair
from apps.ui.words import day, moment, partial_date

State = EligiblePerson.State


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """What a list shows of somebody: initials, year of birth, department (pages.md 16)."""

    id: UUID
    initials: str
    year: str
    department: str
    situation: str
    channel: str
    wave: str
    state: str
    held: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing that happened: `what`, then a softer line."""

    what: str
    note: str


def line_of(person: EligiblePerson) -> PersonLine:
    """No query beyond the joined rows."""
    return PersonLine(
        id=person.pk,
        initials=initials_of(person.identity),
        year=person.identity.birth_date[:4],
        department=person.department or "–",
        situation=person.get_situation_display(),
        channel=person.get_channel_display(),
        wave=str(person.wave.number) if person.wave else "–",
        state=person.get_state_display(),
        held=held_words(person),
    )


def initials_of(who: InsIdentity) -> str:
    return f"{who.first_given_name[:1]}. {who.birth_family_name[:1]}."


def held_words(person: EligiblePerson) -> str:
    if person.double_of_id is not None:
        return _("held: seems known under another number")
    return _("held: %(reason)s") % {"reason": person.get_hold_display()} if person.hold else ""


def traits(person: EligiblePerson) -> tuple[Pair, ...]:
    """The whole identity and where mail reaches the person."""
    who = person.identity
    address = " ".join(part for part in (person.street, person.street_more) if part)
    nothing = "–"
    return (
        Pair(term=_("Social security number"), value=f"{who.ins_number} {who.ins_key}"),
        Pair(term=_("Birth name"), value=who.birth_family_name),
        Pair(term=_("Birth given names"), value=who.birth_given_names),
        Pair(term=_("Name in use"), value=who.family_name_in_use or nothing),
        Pair(term=_("Date of birth"), value=partial_date(who.born_on)),
        Pair(term=_("Place of birth (code)"), value=who.birth_place),
        Pair(term=_("Sex"), value=who.get_sex_display()),
        *((Pair(term=_("Deceased on"), value=day(who.died_on)),) if who.died_on else ()),
        Pair(term=_("Situation"), value=person.get_situation_display(), note=person.get_measure_display()),
        Pair(
            term=_("Scheme and fund"), value=" ".join(part for part in (person.scheme, person.fund) if part) or nothing
        ),
        Pair(term=_("Address"), value=address or nothing, note=f"{person.post_code} {person.city}".strip()),
        Pair(term=_("Department"), value=person.department or nothing),
        Pair(term=_("E-mail"), value=person.mail or nothing),
        Pair(term=_("Mobile"), value=person.mobile or nothing),
        Pair(term=_("Way of the notice"), value=person.get_channel_display()),
    )


def standing(found: PersonFile) -> tuple[Pair, ...]:
    """Where the person stands in the roll-out, and the space."""
    person, space = found.person, found.space
    held = held_words(person)
    ends = person.window_ends_at
    return (
        Pair(term=_("State"), value=person.get_state_display(), note=moment(person.state_at)),
        *((Pair(term=_("Held"), value=held),) if held else ()),
        Pair(term=_("Wave"), value=f"{person.wave.number} · {person.wave.name}" if person.wave else _("none")),
        *((Pair(term=_("Last day to oppose"), value=day(last_day(ends))),) if ends else ()),
        Pair(term=_("Older DMP"), value=_("yes") if person.had_dmp else _("no")),
        Pair(
            term=_("Space"),
            value=space.get_status_display() if space else _("none"),
            note=_("opened %(moment)s") % {"moment": moment(space.opened_at)} if space else "",
        ),
    )


def notice_row(notice: Notice) -> Row:
    note = [
        notice.get_channel_display(),
        _("prepared %(moment)s") % {"moment": moment(notice.prepared_at)},
        _("sent %(moment)s") % {"moment": moment(notice.sent_at)} if notice.sent_at else "",
        _("until %(day)s") % {"day": day(last_day(notice.window_ends_at))} if notice.window_ends_at else "",
        _("read by %(name)s") % {"name": notice.reader.short_name} if notice.reader else "",
        notice.reason,
    ]
    return Row(what=f"{notice.get_kind_display()} · {notice.get_state_display()}", note=_joined(note))


def opposition_row(opposition: Opposition) -> Row:
    withdrawn = opposition.withdrawn_at
    note = [
        opposition.get_channel_display(),
        opposition.get_capacity_display(),
        _("received %(moment)s") % {"moment": moment(opposition.received_at)},
        _("confirmed %(moment)s") % {"moment": moment(opposition.confirmed_at)} if opposition.confirmed_at else "",
        _("withdrawn %(moment)s") % {"moment": moment(withdrawn)} if withdrawn else "",
    ]
    what = _("Opposition %(reference)s") % {"reference": opposition.reference}
    if withdrawn is not None:
        what += " · " + _("withdrawn")
    return Row(what=what, note=_joined(note))


def step_row(step: PersonTransition) -> Row:
    labels = {state.value: str(state.label) for state in State}
    before, after = labels.get(step.from_state, step.from_state), labels.get(step.to_state, step.to_state)
    note = [moment(step.at), step.channel, step.rule, step.reason]
    return Row(
        what=pgettext("step of a state", "%(before)s → %(after)s") % {"before": before, "after": after},
        note=_joined(note),
    )


def representative_rows(found: PersonFile) -> list[Row]:
    unknown = _("not known here, or the number means several people")
    return [
        Row(
            what=one.person.display_name if one.person else unknown,
            note=_joined([one.number, one.capacity]),
        )
        for one in found.representatives
    ]


def change_rows(found: PersonFile) -> list[Row]:
    """What the insurer changed; which fields, never what stood there."""
    return [Row(what=", ".join(change.fields), note=moment(change.at)) for change in found.changes]


def conflict_rows(found: PersonFile) -> list[Row]:
    return [
        Row(
            what=_("Requests that contradict each other"),
            note=_joined(
                [
                    _("since %(moment)s") % {"moment": moment(conflict.opened_at)},
                    conflict.get_outcome_display() if conflict.outcome else _("waits for a decision"),
                ]
            ),
        )
        for conflict in found.conflicts
    ]


def _joined(parts: Iterable[object]) -> str:
    return " · ".join(str(part) for part in parts if part)
