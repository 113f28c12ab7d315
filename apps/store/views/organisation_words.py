"""Words of an organisation: what it says of itself, states of its addresses, what a colleague has changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.store.forms.publishers import DetailsForm
from apps.store.models import Member, Publisher
from apps.store.services.addresses import AddressState
from apps.store.services.errors import ChangedError
from apps.ui.components import Pair
from apps.ui.words import clock, day, moment


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressLine:
    """One address; `can_ask`: it is not confirmed, and a mail may be sent (again)."""

    email: str
    state: str
    icon: str
    can_ask: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Overtaken:
    """Who changed the organisation meanwhile, and the fields whose values differ from what was typed."""

    sentence: str
    differences: tuple[Pair, ...]


def pairs(own: Publisher) -> tuple[Pair, ...]:
    """Lines of the page."""
    return (
        Pair(term=_("Name"), value=own.name),
        Pair(term="SIREN", value=spaced(own.siren)),
        Pair(term="SIRET", value=spaced(own.siret)),
        Pair(term="FINESS", value=own.finess or _("none")),
        Pair(term=_("SIREN of the group"), value=spaced(own.group_siren) or _("none")),
        Pair(term=_("Legal representative"), value=own.representative_name, note=own.representative_title),
        Pair(term=_("Contact"), value=own.contact_email),
        Pair(term=_("Security contact"), value=own.security_email, note=own.security_phone),
        Pair(term=_("Registered"), value=day(own.created_at)),
    )


def spaced(number: str) -> str:
    """ "732 829 320 00074": three groups of three, then the rest, with no-break spaces."""
    return "\u00a0".join(part for part in (number[:3], number[3:6], number[6:9], number[9:]) if part)


def address_lines(states: Iterable[AddressState]) -> tuple[AddressLine, ...]:
    """States of the addresses in words."""
    return tuple(_line(state) for state in states)


def overtaken(error: ChangedError, own: Publisher, form: DetailsForm) -> Overtaken:
    """Who was quicker and when, and what stands there now beside what was typed."""
    sentence = _("Changed by %(name)s at %(time)s, while your page was open. Nothing of yours was saved.")
    name = _name_of(own, error.actor)
    typed = form.cleaned_data
    fields = [(name, str(getattr(own, name))) for name in form.fields if str(getattr(own, name)) != typed[name]]
    return Overtaken(
        sentence=sentence % {"name": name, "time": clock(error.at)},
        differences=tuple(Pair(term=str(form.fields[name].label), value=value or _("none")) for name, value in fields),
    )


def _name_of(own: Publisher, user_id: str) -> str:
    if not user_id:
        return _("a colleague")
    names = Member.objects.filter(publisher=own, user_id=user_id).order_by("-started_at", "id")
    return names.values_list("name", flat=True).first() or _("a colleague")


def _line(state: AddressState) -> AddressLine:
    if state.confirmed_at is not None:
        words = _("Confirmed %(moment)s") % {"moment": moment(state.confirmed_at)}
        return AddressLine(email=state.email, state=words, icon="check-line", can_ask=False)
    if state.waits_until is not None:
        words = _("Waiting: the link lives until %(day)s at %(time)s") % {
            "day": day(state.waits_until), "time": clock(state.waits_until),
        }  # fmt: skip
        return AddressLine(email=state.email, state=words, icon="time-line", can_ask=True)
    return AddressLine(email=state.email, state=_("Not confirmed"), icon="error-warning-line", can_ask=True)
