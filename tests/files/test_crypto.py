from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.files.crypto import CHUNK, FileCipher, SecretKey, TamperedError, new_key, unwrap, wrap

VAULT, FILE = UUID(int=1), UUID(int=2)
CIPHER = FileCipher(vault_key=SecretKey(b"k" * 32), vault_id=VAULT, file_id=FILE)
STEP = CHUNK + 16


@given(content=st.binary(max_size=200))
def test_what_is_closed_opens_again(content):
    assert CIPHER.decrypt(CIPHER.encrypt(content)) == content


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_every_size_round_a_chunk(size):
    content = bytes(index % 251 for index in range(size))
    stored = CIPHER.encrypt(content)
    assert len(stored) == size + 16 * max(1, -(-size // CHUNK))
    assert CIPHER.decrypt(stored) == content


class TestTampering:
    stored = CIPHER.encrypt(b"x" * (2 * CHUNK + 5))

    def test_cut_tail_is_found(self):
        with pytest.raises(TamperedError):
            CIPHER.decrypt(self.stored[: 2 * STEP])

    def test_swapped_chunks_are_found(self):
        swapped = self.stored[STEP : 2 * STEP] + self.stored[:STEP] + self.stored[2 * STEP :]
        with pytest.raises(TamperedError):
            CIPHER.decrypt(swapped)

    @given(place=st.integers(0, 2 * STEP + 20))
    def test_one_changed_byte_is_found(self, place):
        changed = bytearray(self.stored)
        changed[place] ^= 1
        with pytest.raises(TamperedError):
            CIPHER.decrypt(bytes(changed))

    @pytest.mark.parametrize(
        "other", [{"file_id": UUID(int=3)}, {"vault_id": UUID(int=3)}, {"vault_key": SecretKey(b"l" * 32)}]
    )
    def test_other_file_vault_or_key_does_not_open_it(self, other):
        with pytest.raises(TamperedError):
            replace(CIPHER, **other).decrypt(self.stored)


def test_vault_key_opens_under_its_master_and_vault_only():
    master, key = new_key(), new_key()
    closed = wrap(master=master, vault_id=VAULT, key=key)
    assert unwrap(master=master, vault_id=VAULT, wrapped=closed).value == key.value
    for other in ({"master": new_key(), "vault_id": VAULT}, {"master": master, "vault_id": FILE}):
        with pytest.raises(TamperedError):
            unwrap(wrapped=closed, **other)


def test_sec_22_key_material_has_an_empty_repr():
    assert repr(SecretKey(b"secret" * 6)) == "SecretKey()"
    assert "secret" not in repr(CIPHER)
