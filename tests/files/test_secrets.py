from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from apps.files.crypto import TamperedError
from apps.files.keys import MasterKeyMissingError, WrongMasterKeyError
from apps.files.models import MasterKey, Vault
from apps.files.secrets import seal, unseal

SEED = b"twenty bytes of seed"


@pytest.fixture
def sealed(db):
    return seal(purpose="accounts.totp", plain=SEED, bound_to="user-1")


class TestRoundTrip:
    def test_what_is_sealed_opens_again(self, sealed):
        assert unseal(purpose="accounts.totp", sealed=sealed, bound_to="user-1") == SEED

    @pytest.mark.django_db
    def test_any_bytes_of_any_row(self):
        @given(plain=st.binary(max_size=80), bound_to=st.text(max_size=20))
        def holds(plain, bound_to):
            sealed = seal(purpose="accounts.totp", plain=plain, bound_to=bound_to)
            assert unseal(purpose="accounts.totp", sealed=sealed, bound_to=bound_to) == plain

        holds()

    def test_it_is_a_text_without_the_secret(self, sealed):
        assert sealed.startswith("s1.")
        assert sealed.isascii()
        assert len(sealed) <= len(SEED) * 4 / 3 + 42
        assert "seed" not in sealed

    def test_twice_sealed_is_two_texts(self, sealed):
        assert seal(purpose="accounts.totp", plain=SEED, bound_to="user-1") != sealed


class TestOneVaultAPurpose:
    def test_it_is_made_once(self, sealed):
        seal(purpose="accounts.totp", plain=b"other", bound_to="user-2")
        assert Vault.objects.filter(owner_kind="purpose").count() == 1
        seal(purpose="mss.password", plain=b"other", bound_to="box-1")
        assert Vault.objects.filter(owner_kind="purpose").count() == 2

    def test_opening_costs_one_query_and_writes_nothing(self, sealed):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            unseal(purpose="accounts.totp", sealed=sealed, bound_to="user-1")
        assert [query["sql"].split()[0] for query in queries] == ["SELECT"]


class TestRefusals:
    @pytest.mark.parametrize(
        "other",
        [
            {"bound_to": "user-2"},
            {"purpose": "accounts.recovery"},
            {"sealed": ""},
            {"sealed": "s1."},
            {"sealed": "s1.AAAA"},
            {"sealed": "s1.é"},
            {"sealed": "s1.!!!!"},
            {"sealed": "s2.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
        ],
    )
    def test_another_row_purpose_or_text_does_not_open(self, sealed, other):
        seal(purpose="accounts.recovery", plain=b"x", bound_to="user-1")
        with pytest.raises(TamperedError):
            unseal(**{"purpose": "accounts.totp", "sealed": sealed, "bound_to": "user-1", **other})

    def test_one_changed_character_does_not_open(self, sealed):
        place = len(sealed) // 2
        changed = sealed[:place] + ("A" if sealed[place] != "A" else "B") + sealed[place + 1 :]
        with pytest.raises(TamperedError):
            unseal(purpose="accounts.totp", sealed=changed, bound_to="user-1")

    def test_a_purpose_without_a_vault_has_no_secret(self, db):
        with pytest.raises(TamperedError):
            unseal(purpose="accounts.totp", sealed="s1.AAAA", bound_to="user-1")


class TestMasterKey:
    def test_sec_28_a_version_that_is_not_there_is_named(self, sealed, settings):
        settings.FILES_MASTER_KEY_VERSION = 2
        with pytest.raises(MasterKeyMissingError) as caught:
            unseal(purpose="accounts.totp", sealed=sealed, bound_to="user-1")
        assert caught.value.version == 1

    def test_sec_28_another_key_under_the_same_version_makes_no_vault(self, sealed, settings):
        settings.FILES_MASTER_KEY = "ab" * 32
        with pytest.raises(WrongMasterKeyError) as caught:
            seal(purpose="mss.password", plain=b"x", bound_to="box-1")
        assert caught.value.version == 1

    def test_sec_28_another_key_under_the_same_version_is_no_loss(self, sealed, settings):
        settings.FILES_MASTER_KEY = "ab" * 32
        with pytest.raises(WrongMasterKeyError) as caught:
            unseal(purpose="accounts.totp", sealed=sealed, bound_to="user-1")
        assert caught.value.version == 1

    def test_sec_28_damage_under_the_right_key_is_one(self, sealed):
        Vault.objects.update(wrapped_key=bytes(60))
        with pytest.raises(TamperedError):
            unseal(purpose="accounts.totp", sealed=sealed, bound_to="user-1")

    def test_sec_28_the_table_holds_a_fingerprint_not_the_key(self, sealed, settings):
        noted = MasterKey.objects.get()
        assert (noted.version, len(noted.fingerprint)) == (1, 16)
        assert noted.fingerprint not in settings.FILES_MASTER_KEY
