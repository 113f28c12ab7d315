"""Changing the mail address by which a person is written to (SE-10); for accounts with a password it is the
identifier too.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from apps.accounts import security_events
from apps.accounts.models import SecurityEvent, User
from apps.accounts.services import opening
from apps.audit.services import Line
from apps.common import limits

CODE_LIFE = timedelta(minutes=10)  # of the code that checks an address (IDN-33)
HOLD = timedelta(hours=24)  # no key goes to an address that is newer (SEC-18)


@transaction.atomic
def start_address_change(*, user: User, email: str, address: str, at: datetime) -> str:
    """Send a code of eight digits to the new address; returns its hash for `finish_address_change`.

    `address`: of the browser, as limits count it. Beyond the limits of a recovery, and for an identifier of somebody
    else, nothing is sent and the answer looks the same. The mail leaves after the commit.
    """
    code = f"{secrets.randbelow(10**8):08d}"
    keys = {"recovery_account": str(user.pk), "recovery_address": address}
    if limits.allow_all(keys=keys, at=at).allowed and not _is_taken(user, email):
        text = render_to_string("accounts/mail/address_code.txt", {"code": code})
        sender = settings.DEFAULT_FROM_EMAIL
        transaction.on_commit(lambda: send_mail(_("Code to check your mail address"), text, sender, [email]))
    opening.write(user=user, level="", at=at, line=_line("start", user))
    return make_password(code)


@transaction.atomic
def finish_address_change(*, user: User, email: str, code: str, hashed: str, at: datetime) -> bool:
    """Write to the new address from now on, once its code is right. The former address is told.

    Five wrong codes within the limit of a recovery, and no code is looked at any more.
    """
    own = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    keys = {"password_account": str(own.pk)}
    if not limits.look(keys=keys, at=at).allowed:
        return False
    if not check_password(code.replace(" ", ""), hashed) or _is_taken(own, email):
        limits.allow_all(keys=keys, at=at)
        return False
    former, own.email = own.email, email
    own.save(update_fields=["email"])
    EmailAddress.objects.filter(user=own).update(email=email, verified=True)
    kind = SecurityEvent.Kind.ADDRESS_CHANGED
    security_events.note(user_id=own.pk, kind=kind, at=at, former_address=former)
    opening.write(user=own, level="", at=at, line=_line("finish", own))
    return True


def is_held(*, user: User, at: datetime) -> bool:
    """Whether the address changed within the last 24 hours: no key for a new password is sent to it."""
    rows = SecurityEvent.objects.filter(user=user, kind=SecurityEvent.Kind.ADDRESS_CHANGED, at__gt=at - HOLD)
    return rows.exists()


def _is_taken(user: User, email: str) -> bool:
    """An identifier is somebody's alone; an address to write to may be that of two people (SPA-57)."""
    if not EmailAddress.objects.filter(user=user).exists():
        return False
    taken: bool = EmailAddress.objects.filter(email=email).exclude(user=user).exists()
    return taken


def _line(step: str, user: User) -> Line:
    return Line(action=f"accounts.address.{step}", target=opening.name_of(user))
