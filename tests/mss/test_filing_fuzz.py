"""Mutated messages: each is filed at the first try, whatever came through the door (MSS-39, REL-07)."""

from __future__ import annotations

import random

import pytest

from apps.mss.invariants import threads_with_wrong_counts
from apps.mss.jobs import filing
from apps.mss.models import Arrival, Message
from tests import factories
from tests.formats.mail.mails import PDF
from tests.formats.xdm.build import package
from tests.harness.clock import NOON
from tests.mss.arriving import arrive, letter
from tests.mss.test_attaching import doc_of, mixed

pytestmark = pytest.mark.django_db
SEEDS = range(8)
MAILS = 12
PIECES = (
    b"\x00",
    b"\r\n",
    b"\xff\xfe",
    b"=?utf-8?b?",
    b"<",
    b">",
    b";",
    b'"',
    "\u202e".encode(),
    b"--b-m1--",
    b"A" * 5000,
)


def seeds_of(space) -> list[bytes]:
    zip_part = ("IHE_XDM.ZIP", "application/zip", package(doc_of(space)))
    inner = mixed(("annexe.pdf", "application/pdf", PDF), number="inner")
    return [
        letter(fields="References: <a@x> <b@x>\r\nX-MSS-CODECDA: 34112-3,x\r\nX-MSS-MES: FIN\r\nX-MSS-NIL: L1\r\n"),
        mixed(("bilan.pdf", "application/pdf", PDF), zip_part),
        mixed(("transfert.eml", "message/rfc822", inner)),
    ]


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Some bytes turned, cut out, doubled, or a piece put in."""
    for _ in range(chance.randint(1, 12)):
        place, length = chance.randrange(len(data)), chance.randint(1, 60)
        match chance.randrange(4):
            case 0:
                data = data[:place] + bytes([chance.randrange(256)]) + data[place + 1 :]
            case 1:
                data = data[:place] + data[place + length :] or b"x"
            case 2:
                data = data[:place] + data[place : place + length] * 2 + data[place + length :]
            case _:
                data = data[:place] + chance.choice(PIECES) + data[place:]
    return data


@pytest.mark.parametrize("seed", SEEDS)
def test_mss_39_every_mutated_message_is_filed_at_the_first_try(seed):
    chance, space = random.Random(seed), factories.space()
    mails = [mutated(chance.choice(seeds_of(space)), chance) for _ in range(MAILS)]
    for data in mails:
        arrive(data, space)

    assert filing.file_arrivals(at=NOON) == MAILS

    assert set(Arrival.objects.values_list("state", "attempts")) == {("filed", 1)}
    assert 0 < Message.objects.count() <= MAILS
    assert threads_with_wrong_counts(at=NOON) == 0
