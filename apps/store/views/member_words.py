"""Words of members: roles, state of a mandate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from apps.common.dates import PARIS
from apps.files.models import StoredFile
from apps.store.models import Member
from apps.ui.words import day

SIGNATORY = Member.Role.SIGNATORY.value


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLine:
    """One member. `mandate`: its state in words, empty for somebody who does not sign and has none."""

    member: Member
    roles: str
    mandate: str
    mandate_icon: str
    mandate_is_readable: bool
    is_me: bool
    may_bring: bool


def lines(
    people: Iterable[Member], stored: Mapping[UUID, StoredFile], *, me: Member, at: datetime
) -> tuple[MemberLine, ...]:
    """Lines of the list. `stored`: the file of each mandate."""
    return tuple(_line(one, stored.get(one.id), me, at) for one in people)


def roles_of(member: Member) -> str:
    """ "administrateur de l'organisme, signataire"."""
    labels = dict(Member.Role.choices)
    return ", ".join(str(labels[role]) for role in member.roles)


def _line(one: Member, file: StoredFile | None, me: Member, at: datetime) -> MemberLine:
    words, icon = _mandate(one, file, at)
    return MemberLine(
        member=one,
        roles=roles_of(one),
        mandate=words,
        mandate_icon=icon,
        mandate_is_readable=file is not None and file.is_readable,
        is_me=one.id == me.id,
        may_bring=SIGNATORY in one.roles and (one.id == me.id or me.is_owner),
    )


def _mandate(one: Member, file: StoredFile | None, at: datetime) -> tuple[str, str]:
    if one.mandate_until is None:
        return (_("No mandate: cannot sign yet"), "error-warning-line") if SIGNATORY in one.roles else ("", "")
    until = day(one.mandate_until)
    if one.mandate_until < at.astimezone(PARIS).date():
        return _("Mandate over since %(day)s") % {"day": until}, "error-warning-line"
    if file is None or not file.is_readable:
        state = file.get_state_display() if file is not None else _("missing")
        return _("Mandate until %(day)s, antivirus: %(state)s") % {"day": until, "state": state}, "time-line"
    return _("Mandate until %(day)s") % {"day": until}, "check-line"
