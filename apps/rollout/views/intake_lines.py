"""Words of RO-06: people as initials, year and department; claims, conflicts, oppositions as lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.forms import BaseForm
from django.utils.translation import gettext as _

from apps.accounts.models import InsIdentity
from apps.common.dates import PartialDate
from apps.rollout.models import Claim, Conflict, EligiblePerson, Opposition
from apps.rollout.services.situations import Kind
from apps.rollout.views.person_lines import initials_of
from apps.ui.components import Pair
from apps.ui.words import day, moment, partial_date


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeLine:
    """One thing of a list: where it leads, what it is, a softer line, its state and the icon of it."""

    id: UUID
    title: str
    note: str
    state: str
    kind: str = ""


def person_words(person: EligiblePerson) -> str:
    """`A. M., born in 1984, department 44`: what lists show of somebody (pages.md 16)."""
    return _("%(initials)s born in %(year)s, department %(department)s") % {
        "initials": initials_of(person.identity),
        "year": person.identity.birth_date[:4],
        "department": person.department or "–",
    }


def claim_line(claim: Claim, *, today: date) -> IntakeLine:
    """Without the names: they stand on its page."""
    overdue = claim.due_on < today
    return IntakeLine(
        id=claim.pk,
        title=_("%(initials)s born in %(year)s, not found") % {
            "initials": f"{claim.given_name[:1]}. {claim.family_name[:1]}.".upper(),
            "year": claim.birth_date[:4],
        },
        note=_("Received %(way)s on %(received)s. To be found by %(due)s.") % {
            "way": claim.get_channel_display(),
            "received": day(claim.received_at),
            "due": day(claim.due_on),
        },
        state=_("overdue") if overdue else _("waits"),
        kind="error" if overdue else "warning",
    )  # fmt: skip


def conflict_line(conflict: Conflict) -> IntakeLine:
    """Who it is about, since when."""
    return IntakeLine(
        id=conflict.pk,
        title=person_words(conflict.person),
        note=_("Two requests that contradict each other, since %(day)s. The opening waits.")
        % {"day": day(conflict.opened_at)},
        state=_("to be decided"),
        kind="warning",
    )


def opposition_line(one: Opposition) -> IntakeLine:
    """Reference, person, way and dates."""
    return IntakeLine(
        id=one.pk,
        title=f"{one.reference} · {person_words(one.person)}",
        note=_("Received %(way)s on %(received)s, entered on %(entered)s.") % {
            "way": one.get_channel_display(),
            "received": day(one.received_at),
            "entered": day(one.entered_at),
        },
        state=state_words(one),
    )  # fmt: skip


def state_words(one: Opposition) -> str:
    """One word per state."""
    if one.withdrawn_at is not None:
        return _("withdrawn")
    return _("closed a space") if one.closed_space else _("standing")


def opposition_pairs(one: Opposition) -> tuple[Pair, ...]:
    """Everything that is kept as a proof."""
    pairs = [
        Pair(term=_("Person"), value=person_words(one.person)),
        Pair(term=_("How it came"), value=str(one.get_channel_display())),
        Pair(term=_("Who asked for it"), value=_voice(str(one.get_capacity_display()), one.by)),
        Pair(term=_("Received (date of effect)"), value=moment(one.received_at)),
        Pair(term=_("Entered"), value=moment(one.entered_at)),
    ]
    if one.closed_space:
        pairs.append(Pair(term=_("Effect"), value=_("The space that had opened was closed, nothing of it is kept.")))
    if one.confirmed_at:
        pairs.append(Pair(term=_("Confirmed, older DMP closed"), value=moment(one.confirmed_at)))
    if one.withdrawn_at:
        voice = _voice(str(one.get_withdrawn_capacity_display()), one.withdrawn_by)
        pairs.append(Pair(term=_("Withdrawn"), value=f"{moment(one.withdrawn_at)}, {voice}"))
    return tuple(pairs)


def claim_pairs(claim: Claim) -> tuple[Pair, ...]:
    """What the writer said."""
    return (
        Pair(term=_("Birth name"), value=claim.family_name),
        Pair(term=_("First given name"), value=claim.given_name),
        Pair(term=_("Date of birth"), value=partial_date(PartialDate.parse(claim.birth_date))),
        Pair(term=_("Post code"), value=claim.post_code or "–"),
        Pair(term=_("Who asks for it"), value=str(claim.get_capacity_display())),
        Pair(term=_("How it came"), value=str(claim.get_channel_display())),
        Pair(term=_("Received (date of effect)"), value=moment(claim.received_at)),
        Pair(term=_("Where the writer can be reached"), value=claim.contact),
        Pair(term=_("To be found by"), value=day(claim.due_on)),
    )


def situation_words(kind: Kind, since: date | None) -> str:
    """What the operator has to know before entering anything; empty when nothing is special."""
    found = {
        Kind.ASKED: _("The opening was asked for: it comes within a day. An opposition stops it."),
        Kind.OPPOSED: _("An opposition stands since %(day)s. Only a change of mind can be entered."),
        Kind.DMP_KEPT: _(
            "An opposition stands since %(day)s, an older DMP is kept: it can be confirmed, or withdrawn."
        ),
        Kind.CONFLICT: _(
            "Two requests contradict each other: an operator decides. Nothing else can be entered before."
        ),
        Kind.OPENED: _(
            "The space is open since %(day)s. A letter that came before closes it; otherwise it can be closed by phone."
        ),
        Kind.CLOSED: _("The space is closed since %(day)s."),
        Kind.NOT_CONCERNED: _("No space is to be opened for this person: nothing can be entered."),
    }.get(kind, "")
    return found % {"day": day(since)} if "%(" in found else found


def filter_words(form: BaseForm, name: str, value: str) -> str:
    """`How it came: by post`."""
    choices = dict(getattr(form.fields[name], "choices", []))
    shown = choices.get(value) or day(date.fromisoformat(value))
    return _("%(filter)s: %(value)s") % {"filter": form.fields[name].label, "value": shown}


def _voice(capacity: str, by: InsIdentity | None) -> str:
    return capacity if by is None else f"{capacity} ({initials_of(by)} {by.birth_date[:4]})"
