"""Arrivals under a key of their own (MSS-82, REL-02)."""

from __future__ import annotations

import pytest

from apps.common.ids import uuid7
from apps.files.crypto import TamperedError
from apps.files.models import Vault
from apps.mss.sealing import seal, unseal

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("data", [b"", b"Bonjour", b"\x00" * 100_000])
def test_what_is_sealed_opens(data):
    row_id = uuid7()
    assert unseal(seal(data, row_id=row_id), row_id=row_id) == data


def test_in_another_row_it_does_not_open():
    with pytest.raises(TamperedError):
        unseal(seal(b"Bonjour", row_id=uuid7()), row_id=uuid7())


@pytest.mark.parametrize("cut", [0, 5, 20])
def test_a_piece_of_it_does_not_open(cut):
    row_id = uuid7()
    with pytest.raises(TamperedError):
        unseal(seal(b"Bonjour", row_id=row_id)[:cut], row_id=row_id)


def test_the_same_twice_is_not_the_same_and_says_nothing():
    row_id = uuid7()
    one, other = (seal(b"Bonjour", row_id=row_id) for _ in range(2))
    assert one != other
    assert b"Bonjour" not in one + other


def test_all_arrivals_share_the_vault_of_their_purpose():
    for _ in range(3):
        seal(b"x", row_id=uuid7())
    assert Vault.objects.get().owner_kind == Vault.Owner.PURPOSE
