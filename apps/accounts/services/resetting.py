"""Choosing a password by a key that was sent by mail (S-07), or handed over to new staff."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import opening
from apps.accounts.services.contact import is_held
from apps.accounts.services.factors import change_password
from apps.accounts.services.identifier import by_identifier
from apps.audit.services import Line
from apps.common import limits


@transaction.atomic
def send_reset(*, email: str, address: str, at: datetime) -> None:
    """Send a key to the identifier, when it is one; the caller says the same in every case (SEC-09).

    Beyond 5 an hour for an account, 20 for an address, nothing is sent. The key lives for `PASSWORD_RESET_TIMEOUT`,
    works once, and leaves the second factor as it is; an address of less than 24 hours gets none. The mail leaves after
    the commit.
    """
    user = by_identifier(email)
    key = str(user.pk) if user else email.strip().lower()
    if not limits.allow_all(keys={"recovery_account": key, "recovery_address": address}, at=at).allowed or user is None:
        return
    if is_held(user=user, at=at):
        return
    opening.write(user=user, level="", at=at, line=_line("start", user))
    text = render_to_string("accounts/mail/password_reset.txt", {"address": address_of(key_of(user))})
    to = email.strip().lower()
    transaction.on_commit(lambda: send_mail(_("Choose a new password"), text, settings.DEFAULT_FROM_EMAIL, [to]))


def key_of(user: User) -> str:
    """A key for `owner_of`: it ends with the password, with a sign-in, and after half an hour."""
    return f"{user.pk.hex}-{default_token_generator.make_token(user)}"


def address_of(key: str) -> str:
    """The page that takes the key."""
    return f"{settings.PORTAL_URL}{reverse('accounts:password_reset_key', args=[key])}"


def owner_of(key: str) -> User | None:
    """Whose key it is, while it works."""
    who, _dash, token = key.partition("-")
    try:
        wanted = UUID(hex=who)
    except ValueError:
        return None
    user = User.objects.filter(pk=wanted, is_active=True).first()
    return user if user and default_token_generator.check_token(user, token) else None


@transaction.atomic
def choose_password(*, key: str, password: str, at: datetime) -> bool:
    """Keep the password, already checked against the rules; every session of the person ends. False: the key is over.

    The row is locked: of two browsers with the same key, one is refused. Nobody is signed in by it.
    """
    found = owner_of(key)
    if found is None or not User.objects.select_for_update(of=("self",)).filter(pk=found.pk).exists():
        return False
    user = owner_of(key)  # once more, behind the lock
    if user is None:
        return False
    change_password(user=user, password=password, request=None, at=at)
    opening.write(user=user, level="", at=at, line=_line("finish", user))
    return True


def _line(step: str, user: User) -> Line:
    return Line(action=f"accounts.recovery.{step}", target=opening.name_of(user), facts={"means": "mail"})
