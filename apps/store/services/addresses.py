"""Mail addresses that a publisher gives, confirmed by whoever reads there: a key by mail, 48 hours (STO-106)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.access import SYSTEM, Actor
from apps.accounts.models import User
from apps.common import limits
from apps.store.models import AddressProof, Publisher
from apps.store.services import acting
from apps.store.services.errors import TooSoonError

LIFE = timedelta(hours=48)
KEY_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressState:
    """One address of an organisation: confirmed since when, or waiting until when; neither: the key is over."""

    email: str
    confirmed_at: datetime | None = None
    waits_until: datetime | None = None


def states_of(publisher: Publisher, *, at: datetime) -> list[AddressState]:
    """Addresses of the organisation, those it gives first, then others that were asked about. One query."""
    rows: dict[str, list[AddressProof]] = {publisher.contact_email: [], publisher.security_email: []}
    for proof in AddressProof.objects.filter(publisher=publisher).order_by("asked_at", "id"):
        rows.setdefault(proof.email, []).append(proof)
    return [_state(email, proofs, at) for email, proofs in rows.items()]


@transaction.atomic
def ask_confirmation(*, actor: Actor, email: str, at: datetime) -> None:
    """Send a key to an address that the organisation names: contact, technical, security.

    An earlier key of this address ends. Raises `AccessDeniedError`; `TooSoonError` beyond twenty mails an hour.
    """
    member = acting.member_who_acts(actor)
    verdict = limits.allow(act="publisher_address", key=str(member.publisher_id), at=at)
    if not verdict.allowed:
        raise TooSoonError(verdict.retry_at or at)
    proof = _ask(publisher=member.publisher, email=email.strip().lower(), asked_by=member.user_id, at=at)
    _trace(actor, "address.ask", proof, at)


def ask_all(*, publisher: Publisher, asked_by: UUID, at: datetime) -> None:
    """Send keys to the addresses of the organisation that nobody has confirmed or been asked about; inside the
    caller's transaction. That with which the person signs in was confirmed by its key.
    """
    known = set(AddressProof.objects.filter(publisher=publisher).values_list("email", flat=True))
    own = User.objects.values_list("email", flat=True).get(pk=asked_by)
    for email in dict.fromkeys((publisher.contact_email, publisher.security_email)):
        if email in known:
            continue
        if email == own:
            _write(publisher=publisher, email=email, asked_by=asked_by, at=at, confirmed_at=at)
        else:
            _ask(publisher=publisher, email=email, asked_by=asked_by, at=at)


def proof_of(key: str, *, at: datetime) -> AddressProof | None:
    """The row of a key while it lives and nobody has used it."""
    hashed = _hashed(key)
    rows = AddressProof.objects.select_related("publisher").filter(key_hash=hashed, confirmed_at=None, ends_at__gt=at)
    return rows.first()


@transaction.atomic
def confirm(*, key: str, at: datetime) -> bool:
    """Whoever has the key reads at the address. False: the key is over or was used. No account is needed."""
    live = AddressProof.objects.filter(key_hash=_hashed(key), confirmed_at=None, ends_at__gt=at)
    proof = live.select_for_update(of=("self",)).first()
    if proof is None:
        return False
    proof.confirmed_at = at
    proof.save(update_fields=["confirmed_at"])
    _trace(SYSTEM, "address.confirm", proof, at)
    return True


def _ask(*, publisher: Publisher, email: str, asked_by: UUID, at: datetime) -> AddressProof:
    AddressProof.objects.filter(publisher=publisher, email=email, confirmed_at=None, ends_at__gt=at).update(ends_at=at)
    key = secrets.token_urlsafe(KEY_BYTES)
    proof = _write(publisher=publisher, email=email, asked_by=asked_by, at=at, key=key)
    address = f"{settings.PORTAL_URL}{reverse('store:address_key', args=[key])}"
    text = render_to_string("store/mail/address.txt", {"address": address})
    transaction.on_commit(lambda: send_mail(_("Confirm this address"), text, settings.DEFAULT_FROM_EMAIL, [email]))
    return proof


def _write(
    *,
    publisher: Publisher,
    email: str,
    asked_by: UUID,
    at: datetime,
    key: str = "",
    confirmed_at: datetime | None = None,
) -> AddressProof:
    return AddressProof.objects.create(
        publisher=publisher,
        email=email,
        key_hash=_hashed(key or secrets.token_urlsafe(KEY_BYTES)),
        asked_by_id=asked_by,
        asked_at=at,
        ends_at=at + LIFE,
        confirmed_at=confirmed_at,
    )


def _state(email: str, proofs: Iterable[AddressProof], at: datetime) -> AddressState:
    confirmed = [proof.confirmed_at for proof in proofs if proof.confirmed_at is not None]
    if confirmed:
        return AddressState(email=email, confirmed_at=confirmed[-1])
    waiting = [proof.ends_at for proof in proofs if proof.ends_at > at]
    return AddressState(email=email, waits_until=waiting[-1] if waiting else None)


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _trace(actor: Actor, act: str, proof: AddressProof, at: datetime) -> None:
    acting.trace(actor=actor, act=act, publisher_id=proof.publisher_id, target=f"address:{proof.id}", at=at)
