"""Marks of words under the key of a vault, and sealed texts."""

from __future__ import annotations

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.files.blind import MARK, WordMarks, seal_text, unseal_text, word_marks
from apps.files.crypto import SecretKey, TamperedError, new_key
from apps.files.keys import VaultDestroyedError, key_of
from apps.files.models import Vault
from apps.files.vaults import vault_of
from tests.harness.clock import NOON


@pytest.fixture
def vault(db):
    return vault_of(owner_kind=Vault.Owner.SPACE, owner_id=uuid4())


def test_a_mark_is_short_and_always_the_same():
    marks = WordMarks(SecretKey(bytes(32)))
    assert marks.mark("GLYCEM") == marks.mark("GLYCEM") == "LjeMZy"
    assert len(marks.mark("A")) == MARK == 6


def test_another_vault_has_other_marks():
    assert WordMarks(new_key()).mark("GLYCEM") != WordMarks(new_key()).mark("GLYCEM")


def test_the_order_of_an_index_tells_nothing_of_the_text():
    marks = WordMarks(new_key())
    assert marks.index(["A", "B", "C", "A"]) == marks.index(["C", "B", "A"])
    assert len(marks.index(["A", "B", "C"])) == 3 * MARK


@given(st.sets(st.text(min_size=1, max_size=12), max_size=30), st.text(min_size=1, max_size=12))
def test_a_mark_stands_in_the_index_of_its_words_and_in_no_other(words, other):
    marks = WordMarks(SecretKey(b"k" * 32))
    index = marks.index(words)
    assert all(marks.mark(word) in index for word in words)
    assert (marks.mark(other) in index) == (other in words)


def test_sec_28_the_key_of_the_marks_is_not_that_of_the_files(vault):
    assert word_marks(vault).key == word_marks(vault).key
    assert word_marks(vault).key != key_of(vault)


def test_a_text_opens_in_its_own_row_only(vault):
    sealed = seal_text(vault=vault, bound_to="a", text="Glycémie à jeun")
    assert b"Glyc" not in sealed
    assert unseal_text(vault=vault, bound_to="a", sealed=sealed) == "Glycémie à jeun"
    with pytest.raises(TamperedError):
        unseal_text(vault=vault, bound_to="b", sealed=sealed)


def test_with_the_key_of_the_vault_everything_is_gone(vault):
    sealed = seal_text(vault=vault, bound_to="a", text="Glycémie")
    vault.wrapped_key, vault.key_destroyed_at = None, NOON
    with pytest.raises(VaultDestroyedError):
        unseal_text(vault=vault, bound_to="a", sealed=sealed)
    with pytest.raises(VaultDestroyedError):
        word_marks(vault)
