"""Settings of a space (SE-01): each choice with its present state in a sentence; an entry comes with its page."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.access import Actor, Role
from apps.spaces import services as spaces
from apps.spaces.carers import carers_of
from apps.spaces.models import Delegation, Representation
from apps.spaces.perimeter import is_served
from apps.spaces.services import EmergencyChoices


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsEntry:
    """One choice: what it is about, what holds now, where to change it."""

    label: str
    state: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsGroup:
    title: str
    entries: tuple[SettingsEntry, ...]


def settings_groups(
    *, actor: Actor, space_id: UUID, services: Collection[str], at: datetime
) -> tuple[SettingsGroup, ...]:
    """The groups that have an entry, in the order of the page; the number of queries does not depend on the rows.

    Choices about a service that the space does not have are left out (decisions.md 38).
    """
    privacy = _privacy(space_id) if is_served("journeys:privacy", services) else ()
    groups = (
        (_("Who sees my data"), chain(privacy, _professionals(space_id, at))),
        (_("In an emergency"), _emergency(space_id)),
        (_("Relatives"), _relatives(actor, space_id, at)),
        (_("Messages and alerts"), _alerts(space_id)),
        (_("Signing in"), _sign_in()),
    )
    found = (SettingsGroup(title=title, entries=tuple(entries)) for title, entries in groups)
    return tuple(group for group in found if group.entries)


def emergency_words(choices: EmergencyChoices) -> str:
    """What somebody in an emergency may do, in a sentence or two."""
    match (choices.break_glass, choices.call):
        case (True, True):
            words = _("Professionals may look at the record.")
        case (True, False):
            words = _("Professionals may look at the record; the doctor of the emergency call may not.")
        case (False, True):
            words = _("Only the doctor of the emergency call may look at the record.")
        case _:
            return _("Nobody may look at the record.")
    masked = _("Hidden documents are shown too.") if choices.masked else _("Hidden documents stay hidden.")
    return " ".join((words, masked))


def _privacy(space_id: UUID) -> Iterator[SettingsEntry]:
    state = (
        _("All documents are hidden from professionals, except those made visible.")
        if spaces.privacy_setting(space_id=space_id).hidden
        else _("Documents are visible to professionals with an agreement, except those hidden.")
    )
    yield from _entry("journeys:privacy", _("Who sees my documents"), state, space_id)


def _professionals(space_id: UUID, at: datetime) -> Iterator[SettingsEntry]:
    carers = carers_of(space_id=space_id, at=at)
    reading, blocked = len(carers.with_access), len(carers.blocked)
    said = [_("No professional has access.")]
    if reading:
        said = [ngettext("%(count)s professional has access.", "%(count)s professionals have access.", reading)]
    if blocked:
        said.append(ngettext("%(blocked)s is blocked.", "%(blocked)s are blocked.", blocked))
    state = " ".join(said) % {"count": reading, "blocked": blocked}
    yield from _entry("spaces:professional_list", _("Professionals"), state, space_id)


def _emergency(space_id: UUID) -> Iterator[SettingsEntry]:
    choices = spaces.emergency_setting(space_id=space_id).choices
    yield from _entry("spaces:emergency_choices", _("Access in an emergency"), emergency_words(choices), space_id)


def _relatives(actor: Actor, space_id: UUID, at: datetime) -> Iterator[SettingsEntry]:
    if actor.role is Role.HOLDER:
        helpers = Delegation.objects.running(at=at).filter(space_id=space_id).count()
        said = ngettext("%(count)s relative helps you.", "%(count)s relatives help you.", helpers) % {"count": helpers}
        yield from _entry(
            "spaces:delegate_list",
            _("Relatives who help you"),
            said if helpers else _("Nobody helps you in this space."),
            space_id,
        )
    people = Representation.objects.running(at=at).filter(space_id=space_id).count()
    said = ngettext("%(count)s legal representative.", "%(count)s legal representatives.", people) % {"count": people}
    state = said if people else _("No legal representative.")
    yield from _entry("spaces:representatives", _("Legal representatives"), state, space_id)


def _alerts(space_id: UUID) -> Iterator[SettingsEntry]:
    state = _("Accesses by professionals, emergencies and security are always told.")
    yield from _entry("notifications:preferences", _("Alerts"), state, space_id)


def _sign_in() -> Iterator[SettingsEntry]:
    yield from _entry("accounts:security", _("Ways to sign in"), _("Your means, your devices, your open sessions."))
    yield from _entry("accounts:contact", _("Contact details"), _("Your e-mail address and your phone number."))


def _entry(name: str, label: str, state: str, *args: UUID) -> Iterator[SettingsEntry]:
    """Nothing while the page does not exist: the same code serves a perimeter with fewer services."""
    try:
        url = reverse(name, args=args)
    except NoReverseMatch:
        return
    yield SettingsEntry(label=label, state=state, url=url)
