"""M-02: the name of a sender never stands alone (MSS-22, SEC-23)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from apps.accounts.models import User
from tests import factories
from tests.cast import client_of
from tests.directory.mailboxes import listed_box
from tests.dmp.pages import words_of
from tests.harness.clock import NOON
from tests.mss.arriving import SENDER, letter, receive
from tests.mss.outgoing import answered
from tests.mss.writing import writer

pytestmark = pytest.mark.django_db
VERIFIED, STRANGER = "Vérifié dans l'annuaire (RPPS)", "Expéditeur hors annuaire"


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def space():
    return factories.space()


def page_of(space, message) -> str:
    client = client_of(User.objects.get(pk=writer(space).user_id))
    return words_of(client.get(reverse("mss:thread_detail", args=[space.id, message.thread_id])))


def test_mss_22_a_listed_professional(space):
    listed_box(SENDER)
    (message,) = receive(letter(), space)

    page = page_of(space, message)
    assert "Dr Anne Lefort" in page
    assert VERIFIED in page
    assert SENDER not in page


def test_mss_22_a_stranger(space):
    (message,) = receive(letter(), space)

    page = page_of(space, message)
    assert STRANGER in page
    assert VERIFIED not in page


def test_sec_23_a_stranger_with_the_name_of_a_correspondent(space):
    listed_box("vrai@medecin.mssante.example", name="Dr Karim Benali")
    receive(letter(number="m1", sender="vrai@medecin.mssante.example"), space, sender="vrai@medecin.mssante.example")
    message = receive(letter(number="m2"), space, at=NOON + timedelta(minutes=1))[-1]

    page = page_of(space, message)
    assert f"{STRANGER} qui porte le nom d'un autre correspondant" in page
    assert "Ne répondez que si vous savez de qui il s'agit." in page


def test_what_we_wrote_has_no_origin(space):
    message = answered(space)

    assert page_of(space, message).count(STRANGER) == 1
