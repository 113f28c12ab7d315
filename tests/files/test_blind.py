"""Marks of words under the key of a vault, and sealed texts."""

from __future__ import annotations

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.files.blind import MARK, VaultWords, words_of_vault
from apps.files.crypto import SecretKey, TamperedError, new_key
from apps.files.keys import VaultDestroyedError, key_of
from apps.files.models import Vault
from apps.files.vaults import vault_of
from tests.harness.clock import NOON


@pytest.fixture
def vault(db):
    return vault_of(owner_kind=Vault.Owner.SPACE, owner_id=uuid4())


def marks_of(key):
    """Marks under this key alone."""
    return VaultWords(key, key)


def test_a_mark_is_short_and_always_the_same():
    marks = marks_of(SecretKey(bytes(32)))
    assert marks.mark("GLYCEM") == marks.mark("GLYCEM") == "LjeMZy"
    assert len(marks.mark("A")) == MARK == 6


def test_another_vault_has_other_marks():
    assert marks_of(new_key()).mark("GLYCEM") != marks_of(new_key()).mark("GLYCEM")


def test_the_order_of_an_index_tells_nothing_of_the_text():
    marks = marks_of(new_key())
    assert marks.index(["A", "B", "C", "A"]) == marks.index(["C", "B", "A"])
    assert len(marks.index(["A", "B", "C"])) == 3 * MARK


@given(st.sets(st.text(min_size=1, max_size=12), max_size=30), st.text(min_size=1, max_size=12))
def test_a_mark_stands_in_the_index_of_its_words_and_in_no_other(words, other):
    marks = marks_of(SecretKey(b"k" * 32))
    index = marks.index(words)
    assert all(marks.mark(word) in index for word in words)
    assert (marks.mark(other) in index) == (other in words)


def test_sec_28_the_key_of_the_marks_is_not_that_of_the_files(vault):
    assert words_of_vault(vault) == words_of_vault(vault)
    assert words_of_vault(vault).key_of_marks != words_of_vault(vault).key == key_of(vault)


def test_a_text_opens_in_its_own_row_only(vault):
    words = words_of_vault(vault)
    sealed = words.seal("Glycémie à jeun", bound_to="a")
    assert b"Glyc" not in sealed
    assert words.unseal(sealed, bound_to="a") == "Glycémie à jeun"
    with pytest.raises(TamperedError):
        words.unseal(sealed, bound_to="b")


def test_with_the_key_of_the_vault_everything_is_gone(vault):
    vault.wrapped_key, vault.key_destroyed_at = None, NOON
    with pytest.raises(VaultDestroyedError):
        words_of_vault(vault)
