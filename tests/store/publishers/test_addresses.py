"""STO-106: a mail address counts once somebody who reads there says so, within 48 hours."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail

from apps.access import AccessDeniedError
from apps.store.models import AddressProof, Member
from apps.store.services import addresses
from apps.store.services.addresses import AddressState
from apps.store.services.errors import TooSoonError
from apps.store.subjects import subject_of
from tests.harness.clock import NOON
from tests.store.factories import as_publisher, candidacy, member
from tests.store.publishers.people import actions, nobody_yet

pytestmark = pytest.mark.django_db
TECH = "technique@editeur.example"
SECOND = timedelta(seconds=1)


@pytest.fixture
def pia():
    return member()


@pytest.fixture
def ask(pia, django_capture_on_commit_callbacks):
    def asked(email=TECH, *, at=NOON) -> str:
        with django_capture_on_commit_callbacks(execute=True):
            addresses.ask_confirmation(actor=as_publisher(pia, at=at), email=email, at=at)
        return re.findall(r"/editeurs/adresses/(\S+)/", mail.outbox[-1].body)[0]

    return asked


def test_sto_106_the_key_is_in_the_mail_alone(ask):
    key = ask()

    row = AddressProof.objects.get()
    assert mail.outbox[-1].to == [TECH]
    assert len(key) == 43
    assert key not in str(vars(row))
    assert row.ends_at == NOON + timedelta(hours=48)


def test_sto_106_who_has_the_key_confirms_and_a_check_believes_it(ask, pia):
    key = ask("Technique@Editeur.example")
    dossier = candidacy(by=pia)
    assert subject_of(dossier, at=NOON).emails == {TECH: False}

    assert addresses.confirm(key=key, at=NOON + timedelta(hours=1)) is True

    assert subject_of(dossier, at=NOON).emails == {TECH: True}
    assert addresses.confirm(key=key, at=NOON + timedelta(hours=1)) is False  # it works once
    assert actions() == ["store.address.ask", "store.address.confirm"]


@pytest.mark.parametrize(("after", "works"), [(timedelta(hours=48) - SECOND, True), (timedelta(hours=48), False)])
def test_sto_106_the_key_lives_for_48_hours(ask, after, works):
    key = ask()

    assert (addresses.proof_of(key, at=NOON + after) is not None) is works
    assert addresses.confirm(key=key, at=NOON + after) is works


def test_a_newer_key_ends_the_older_one(ask):
    old = ask()
    new = ask(at=NOON + SECOND)

    assert addresses.confirm(key=old, at=NOON + SECOND) is False
    assert addresses.confirm(key=new, at=NOON + SECOND) is True


@pytest.mark.parametrize("key", ["", "jeton", "0" * 43])
def test_other_keys_open_nothing(ask, key):
    ask()

    assert addresses.proof_of(key, at=NOON) is None
    assert addresses.confirm(key=key, at=NOON) is False


def test_states(ask, pia):
    own = pia.publisher
    assert addresses.states_of(own, at=NOON) == [
        AddressState(email="contact@editeur.example"), AddressState(email="securite@editeur.example"),
    ]  # fmt: skip
    key = ask()
    ends = NOON + timedelta(hours=48)
    assert addresses.states_of(own, at=NOON)[2] == AddressState(email=TECH, waits_until=ends)
    assert addresses.states_of(own, at=ends)[2] == AddressState(email=TECH)

    addresses.confirm(key=key, at=NOON)
    ask(at=NOON + SECOND)  # once more, for nothing: confirmed stays confirmed

    assert addresses.states_of(own, at=ends)[2] == AddressState(email=TECH, confirmed_at=NOON)


def test_sec_09_twenty_mails_an_hour(pia, ask):
    for place in range(20):
        ask(f"boite{place}@editeur.example")

    with pytest.raises(TooSoonError) as caught:
        ask()
    assert caught.value.again_at == NOON + timedelta(hours=1)
    assert len(mail.outbox) == 20


def test_sto_13_members_only(pia):
    with pytest.raises(AccessDeniedError):
        addresses.ask_confirmation(actor=nobody_yet(pia.user), email=TECH, at=NOON)
    Member.objects.update(ended_at=NOON, ended_by=pia.user)
    with pytest.raises(AccessDeniedError):
        addresses.ask_confirmation(actor=as_publisher(pia), email=TECH, at=NOON)
