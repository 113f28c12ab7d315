"""FranceConnect+: tokens encrypted to our key, ES256 inside, and never in clear (IDN-22, IDN-23)."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.urls import reverse
from joserfc.jwk import ECKey

from tests.accounts.people import identity
from tests.accounts.test_hostile_answers import NEUTRAL, assert_refused
from tests.simulators.process import Simulator

KEY = ECKey.generate_key("P-256", {"kid": "portal-1", "use": "enc", "alg": "ECDH-ES"})


@pytest.fixture(scope="module")
def encrypting() -> Iterator[Simulator]:
    running = Simulator.start(ENS_FC_ENCRYPTION_KEY=json.dumps(KEY.as_dict(private=False)))
    yield running
    running.stop()


@pytest.fixture
def plus(visitor, encrypting, settings):
    """A visitor in front of a provider that encrypts."""
    settings.FRANCECONNECT = {
        **settings.FRANCECONNECT,
        "issuer": encrypting.issuer,
        "decryption_key": json.dumps(KEY.as_dict(private=True)),
    }
    return type(visitor)(client=visitor.client, simulator=encrypting)


def test_idn_23_encrypted_tokens_are_opened(plus):
    identity()

    plus.sign_in()

    assert plus.is_signed_in


@pytest.mark.parametrize(
    ("behaviour", "fault"),
    [
        ("in-clear", "encryption"),
        ("other-recipient", "encryption"),
        ("weak-encryption", "encryption"),
        ("none-in-encrypted", "signature"),
        ("alg-hs256", "signature"),
        ("bad-signature", "signature"),
        ("wrong-nonce", "nonce"),
    ],
)
def test_sec_17_hostile_answer_of_a_provider_that_encrypts(plus, behaviour, fault):
    answer = plus.sign_in(behaviour=behaviour)

    assert_refused(plus, answer, fault=fault, text=NEUTRAL)
    plus.sign_in()
    assert plus.is_signed_in


def test_idn_23_an_encrypted_token_is_no_answer_of_a_provider_that_does_not_encrypt(plus, settings):
    settings.FRANCECONNECT = {**settings.FRANCECONNECT, "decryption_key": ""}

    assert_refused(plus, plus.sign_in(), fault="signature", text=NEUTRAL)


def test_idn_23_another_key_of_ours_opens_nothing(plus, settings):
    other = ECKey.generate_key("P-256", {"kid": "portal-2"})
    settings.FRANCECONNECT = {**settings.FRANCECONNECT, "decryption_key": json.dumps(other.as_dict(private=True))}

    assert_refused(plus, plus.sign_in(), fault="encryption", text=NEUTRAL)


def test_idn_23_our_public_key_is_published_and_only_that(plus, client):
    (published,) = client.get(reverse("accounts:fc_keys")).json()["keys"]

    assert (published["kid"], published["use"], published["kty"]) == ("portal-1", "enc", "EC")
    assert "d" not in published


def test_without_encryption_no_key_is_published(client):
    assert client.get(reverse("accounts:fc_keys")).json() == {"keys": []}
