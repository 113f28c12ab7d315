"""The simulated FranceConnect keeps the promises of the real one (IDN-20 to 28)."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
from urllib.parse import parse_qs

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from simulators.franceconnect.behaviours import LABELS, Behaviour
from simulators.franceconnect.config import Config, ConfigurationError
from simulators.franceconnect.memory import Shelf
from simulators.franceconnect.people import PeopleError, read_people, typed_person
from simulators.franceconnect.tokens import lower_level
from tests.simulators.process import (
    CLIENT_ID,
    CLIENT_SECRET,
    LOGOUT_URI,
    REDIRECT_URI,
    ROOT,
    ZOE,
    Simulator,
    command,
    environment,
    free_port,
)

VERIFIER = "v" * 50
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
START = {
    "response_type": "code",
    "client_id": CLIENT_ID,
    "redirect_uri": REDIRECT_URI,
    "scope": "openid identite_pivot email",
    "state": "s" * 32,
    "nonce": "n" * 22,
    "acr_values": "eidas1",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


def address(simulator: Simulator, **changes: str) -> str:
    fields = {name: value for name, value in {**START, **changes}.items() if value}
    return str(httpx.URL(f"{simulator.issuer}/authorize", params=fields))


def code_of(simulator: Simulator, *, start: dict[str, str] | None = None, **fields: str) -> str:
    return str(simulator.choose(address(simulator, **(start or {})), **fields).params["code"])


def redeem(simulator: Simulator, code: str, **changes: str) -> httpx.Response:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECT_URI,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "code_verifier": VERIFIER,
    }
    return httpx.post(f"{simulator.issuer}/token", data={**form, **changes}, trust_env=False)


def keys(simulator: Simulator) -> KeySet:
    return KeySet.import_key_set(httpx.get(f"{simulator.issuer}/jwks", trust_env=False).json())


def test_discovery_names_its_own_endpoints(simulator):
    found = httpx.get(f"{simulator.issuer}/.well-known/openid-configuration", trust_env=False).json()

    assert found["issuer"] == simulator.issuer
    assert found["userinfo_endpoint"] == f"{simulator.issuer}/userinfo"
    assert found["id_token_signing_alg_values_supported"] == ["ES256"]


def test_idn_23_an_honest_sign_in_gives_two_signed_tokens_of_one_person(simulator):
    tokens = redeem(simulator, code_of(simulator, sub=ZOE)).json()
    answer = httpx.get(
        f"{simulator.issuer}/userinfo", headers={"Authorization": f"Bearer {tokens['access_token']}"}, trust_env=False
    )

    identity = jwt.decode(tokens["id_token"], keys(simulator), algorithms=["ES256"]).claims
    traits = jwt.decode(answer.text, keys(simulator), algorithms=["ES256"]).claims
    assert answer.headers["Content-Type"] == "application/jwt"
    assert (identity["sub"], identity["nonce"], identity["acr"]) == (ZOE, "n" * 22, "eidas1")
    assert identity["exp"] - identity["iat"] == 60
    assert traits["family_name"] == "D'ALENÇON-MÉNARD"
    assert traits["given_name_array"] == ["Zoë", "Anne"]
    assert "email" not in traits


def test_idn_27_userinfo_holds_what_the_scopes_ask(simulator):
    code = code_of(simulator, start={"scope": "openid family_name"})
    token = redeem(simulator, code).json()["access_token"]

    answer = httpx.get(f"{simulator.issuer}/userinfo", headers={"Authorization": f"Bearer {token}"}, trust_env=False)

    traits = jwt.decode(answer.text, keys(simulator), algorithms=["ES256"]).claims
    assert set(traits) == {"sub", "iss", "aud", "family_name"}


@pytest.mark.parametrize(
    ("changes", "parameter"),
    [
        ({"nonce": "n" * 21}, "nonce"),
        ({"state": ""}, "state"),
        ({"client_id": "other"}, "client_id"),
        ({"redirect_uri": "https://elsewhere.example/"}, "redirect_uri"),
        ({"response_type": "id_token"}, "response_type"),
        ({"scope": "family_name"}, "scope"),
        ({"code_challenge_method": "plain"}, "code_challenge_method"),
    ],
)
def test_idn_25_a_wrong_start_gets_an_error_page_and_no_way_back(simulator, changes, parameter):
    answer = httpx.get(address(simulator, **changes), trust_env=False)

    assert answer.status_code == 400
    assert f"Paramètre refusé : {parameter}" in answer.text


def test_idn_26_a_code_is_good_once(simulator):
    code = code_of(simulator)

    assert redeem(simulator, code).status_code == 200
    assert redeem(simulator, code).json() == {"error": "invalid_grant", "error_description": "invalid_grant"}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"client_id": "other"}, "invalid_client"),
        ({"code_verifier": "x" * 50}, "invalid_grant"),
        ({"redirect_uri": LOGOUT_URI}, "invalid_grant"),
        ({"grant_type": "password"}, "invalid_grant"),
    ],
)
def test_idn_24_a_code_is_redeemed_only_by_its_client_with_its_verifier(simulator, changes, error):
    assert redeem(simulator, code_of(simulator), **changes).json()["error"] == error


def test_idn_26_what_is_kept_ends():
    shelf = Shelf[str](0)

    assert shelf.take(shelf.put("code")) is None


@pytest.mark.parametrize(
    ("asked", "given"), [("", "eidas1"), ("eidas2", "eidas2"), ("eidas3 eidas2", "eidas2"), ("eidas3", "eidas3")]
)
def test_idn_20_the_lowest_level_asked_is_given(simulator, asked, given):
    token = redeem(simulator, code_of(simulator, start={"acr_values": asked})).json()["id_token"]

    assert jwt.decode(token, keys(simulator), algorithms=["ES256"]).claims["acr"] == given


def test_a_lower_level_is_always_lower():
    assert [lower_level(acr) for acr in ("eidas3", "eidas2", "eidas1")] == ["eidas2", "eidas1", "eidas0"]


def test_idn_22_a_rotation_publishes_a_new_key_beside_the_old_one(simulator):
    before = [key["kid"] for key in keys(simulator).as_dict()["keys"]]
    simulator.rotate(forget_old=False)
    after = [key["kid"] for key in keys(simulator).as_dict()["keys"]]

    assert after[1] == before[0]
    assert after[0] not in before


def test_a_start_belongs_to_the_browser_that_opened_it(simulator):
    page = httpx.get(address(simulator), trust_env=False).text
    start = page.split('name="start" value="')[1].split('"')[0]

    answer = httpx.post(f"{simulator.issuer}/authorize", data={"start": start}, trust_env=False)

    assert answer.status_code == 400


def test_idn_18_logout_goes_back_to_a_registered_address_only(simulator):
    hint = redeem(simulator, code_of(simulator)).json()["id_token"]
    fields = {"id_token_hint": hint, "state": "abc", "post_logout_redirect_uri": LOGOUT_URI}
    end = f"{simulator.issuer}/session/end"

    back = httpx.get(end, params=fields, trust_env=False)
    elsewhere = httpx.get(end, params={**fields, "post_logout_redirect_uri": "https://e.example/"}, trust_env=False)
    without = httpx.get(end, params={**fields, "id_token_hint": "a.b.c"}, trust_env=False)

    assert back.headers["Location"] == f"{LOGOUT_URI}?state=abc"
    assert (elsewhere.status_code, without.status_code) == (400, 400)


def test_cancelling_comes_back_as_an_error_of_openid_connect(simulator):
    back = simulator.choose(address(simulator), behaviour="cancelled")

    assert parse_qs(back.query.decode())["error"] == ["access_denied"]


def test_the_page_is_plain_french_html_without_script(simulator):
    answer = httpx.get(address(simulator), trust_env=False)

    assert '<html lang="fr">' in answer.text
    assert "<script" not in answer.text
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer.headers["Set-Cookie"].startswith("fcsim_browser=")
    assert answer.text.count("<option ") == len(LABELS) == len(Behaviour)


def test_a_typed_person_always_gets_the_same_sub():
    first, second = (
        typed_person({"family_name": "PONS", "given_name": "Éva Rose"}),
        typed_person({"family_name": "PONS"}),
    )

    assert first == typed_person({"family_name": "PONS", "given_name": "Éva Rose"})
    assert first.given_name_array == ("Éva", "Rose")
    assert first.sub != second.sub
    assert (len(first.sub), first.sub[-2:]) == (66, "v1")


def test_people_are_read_from_any_file_of_the_same_shape(tmp_path):
    file = tmp_path / "cast.json"
    file.write_text(json.dumps([{"sub": "a", "given_name": "Léa Rose", "family_name": "MARTIN", "label": "Léa"}]))

    assert read_people(file)["a"].given_name_array == ("Léa", "Rose")
    file.write_text("{}x")
    with pytest.raises(PeopleError, match=r"cast\.json"):
        read_people(file)


def test_configuration_follows_the_portal_and_refuses_words_for_numbers():
    assert Config.from_environment({}).redirect_uris == (REDIRECT_URI,)
    moved = Config.from_environment({"ENS_HTTP_PORT": "9000"})
    assert (moved.port, moved.issuer) == (9001, "http://localhost:9001/api/v2")
    assert Config.from_environment({"ENS_FC_REDIRECT_URIS": "http://a/ http://b/"}).redirect_uris == (
        "http://a/",
        "http://b/",
    )
    with pytest.raises(ConfigurationError, match="ENS_FC_PORT"):
        Config.from_environment({"ENS_FC_PORT": "http"})


def test_a_port_in_use_is_said_in_one_line(simulator):
    done = subprocess.run(
        command(), cwd=ROOT, env=environment(simulator.port), capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert done.stderr == f"franceconnect port {simulator.port} (ENS_FC_PORT): Address already in use\n"


def test_stops_in_order_and_logs_no_value_of_a_person():
    port = free_port()
    process = subprocess.Popen(command(), cwd=ROOT, env=environment(port), stderr=subprocess.PIPE, text=True)
    running = Simulator(process=process, port=port)
    running.wait()
    running.choose(address(running), sub=ZOE)

    assert running.stop() == 0
    assert process.stderr is not None
    log = process.stderr.read()
    process.stderr.close()
    assert "franceconnect POST /api/v2/authorize 302" in log
    assert ZOE not in log
    assert "state" not in log
