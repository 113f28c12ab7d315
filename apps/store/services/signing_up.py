"""An account for whoever wants to bring a service (PU-01): a key by mail, the same answer whoever asks (SEC-09)."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.access import SYSTEM
from apps.accounts.models import User
from apps.accounts.services import add_staff, key_of
from apps.accounts.services.identifier import by_identifier
from apps.accounts.services.resetting import address_of
from apps.accounts.services.staff import IdentifierTakenError
from apps.audit.services import Line, record
from apps.common import limits


@transaction.atomic
def sign_up(*, email: str, address: str, at: datetime) -> None:
    """Send a key to choose a password; who has an account already gets a mail that says so instead.

    The second factor is asked for by the first sign-in. Beyond 3 an hour for a mail address, 20 for an address of the
    network, nothing is sent; the caller says the same in every case. The mail leaves after the commit.
    """
    wanted = email.strip().lower()
    keys = {"publisher_sign_up": wanted, "recovery_address": address}
    if not limits.allow_all(keys=keys, at=at).allowed:
        return
    known = by_identifier(wanted)
    user = known or _made(wanted, at)
    if user is None:
        return
    has_account = user.has_usable_password()
    facts = {"known": "yes" if has_account else "no"}
    record(actor=SYSTEM, at=at, line=Line(action="store.account.ask", target=f"user:{user.pk}", facts=facts))
    if has_account:
        context = {"address": f"{settings.PORTAL_URL}{reverse('accounts:password')}"}
        _send(wanted, _("You have an account already"), "store/mail/sign_up_known.txt", context)
    else:
        context = {"address": address_of(key_of(user))}
        _send(wanted, _("Your publisher account"), "store/mail/sign_up.txt", context)


def _made(email: str, at: datetime) -> User | None:
    """A new account without a role; None when the address is that of a closed one, or was taken this very moment."""
    try:
        with transaction.atomic():
            return add_staff(email=email, roles=(), at=at)
    except (IdentifierTakenError, IntegrityError):
        return None


def _send(email: str, subject: str, template: str, context: dict[str, str]) -> None:
    text = render_to_string(template, context)
    transaction.on_commit(lambda: send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [email]))
