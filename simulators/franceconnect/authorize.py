"""The authorize endpoint: checks of FranceConnect, choice of a person, way back to the portal."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from urllib.parse import urlencode

from simulators.franceconnect import pages
from simulators.franceconnect.behaviours import Behaviour
from simulators.franceconnect.config import Config
from simulators.franceconnect.memory import Grant, Memory, Start
from simulators.franceconnect.people import PeopleError, Person, read_people, typed_person
from simulators.franceconnect.tokens import OTHER_ISSUER
from simulators.franceconnect.web import Answer, Request, redirect

COOKIE = "fcsim_browser"
NONCE_MINIMUM = 22  # IDN-25
LEVELS = ("eidas1", "eidas2", "eidas3")


class RequestRefusedError(ValueError):
    """A call that FranceConnect would answer with its own error page; carries the parameter."""


class Authorize:
    """Views of `/authorize` (GET) and of the page's form (POST)."""

    def __init__(self, config: Config, memory: Memory) -> None:
        self._config = config
        self._memory = memory

    def show(self, request: Request) -> Answer:
        browser = request.cookies.get(COOKIE) or secrets.token_urlsafe(16)
        try:
            start = read_start(request.fields, self._config, browser)
            people = read_people(self._config.people)
        except RequestRefusedError as error:
            return pages.error_page(f"Paramètre refusé : {error}", 400)
        except PeopleError as error:
            return pages.error_page(f"Fichier des personnes illisible : {error}", 500)
        page = pages.choice_page(self._memory.starts.put(start), list(people.values()), start)
        page.headers["Set-Cookie"] = f"{COOKIE}={browser}; Path=/; HttpOnly; SameSite=Lax"
        return page

    def choose(self, request: Request) -> Answer:
        start = self._memory.starts.take(request.fields.get("start", ""))
        if start is None or not secrets.compare_digest(start.browser, request.cookies.get(COOKIE, "")):
            return pages.error_page("Cette demande de connexion n'est plus valable.", 400)
        try:
            behaviour = Behaviour(request.fields.get("behaviour", Behaviour.HONEST))
            person = self._person(request.fields)
        except (ValueError, KeyError):
            return pages.error_page("Choix inconnu.", 400)
        return self._back(Grant(start=start, person=person, behaviour=behaviour))

    def _person(self, fields: Mapping[str, str]) -> Person:
        if fields.get("typed"):
            return typed_person(fields)
        people = read_people(self._config.people)
        return people[fields.get("sub") or next(iter(people))]

    def _back(self, grant: Grant) -> Answer:
        start, issuer = grant.start, self._config.issuer
        answer = {"code": self._memory.codes.put(grant), "state": start.state, "iss": issuer}
        match grant.behaviour:
            case Behaviour.CANCELLED:
                del answer["code"]
                answer |= {"error": "access_denied", "error_description": "User auth aborted"}
            case Behaviour.NO_CODE:
                del answer["code"]
            case Behaviour.ERROR_AND_CODE:
                answer["error"] = "invalid_request"
            case Behaviour.REDIRECTED_ERROR:
                del answer["code"]
                answer["error"] = "server_error"
            case Behaviour.STRANGE_ERROR:
                del answer["code"]
                answer |= {"error": "<script>alert(1)</script>", "error_description": "<b>lie</b>"}
            case Behaviour.WRONG_STATE:
                answer["state"] = secrets.token_urlsafe(32)
            case Behaviour.MIX_UP:
                answer["iss"] = OTHER_ISSUER
        return redirect(f"{start.redirect_uri}?{urlencode(answer)}")


def read_start(fields: Mapping[str, str], config: Config, browser: str) -> Start:
    """Check the parameters as FranceConnect does (IDN-24, 25).

    Raises `RequestRefusedError` with the name of the first parameter at fault.
    """
    scopes = frozenset(fields.get("scope", "").split())
    challenge = fields.get("code_challenge", "")
    checks = {
        "client_id": fields.get("client_id") == config.client_id,
        "redirect_uri": fields.get("redirect_uri") in config.redirect_uris,
        "response_type": fields.get("response_type") == "code",
        "scope": "openid" in scopes,
        "state": bool(fields.get("state")),
        "nonce": len(fields.get("nonce", "")) >= NONCE_MINIMUM,
        "code_challenge_method": not challenge or fields.get("code_challenge_method") == "S256",
        "prompt": set(fields.get("prompt", "login").split()) <= {"login", "consent"},
        "max_age": fields.get("max_age", "0").isdecimal(),
    }
    for name, passed in checks.items():
        if not passed:
            raise RequestRefusedError(name)
    return Start(
        redirect_uri=fields["redirect_uri"],
        state=fields["state"],
        nonce=fields["nonce"],
        acr=asked_level(fields.get("acr_values", "")),
        scopes=scopes,
        code_challenge=challenge,
        browser=browser,
        asks_again="login" in fields.get("prompt", "").split() or "max_age" in fields,
    )


def asked_level(acr_values: str) -> str:
    """The lowest of the levels asked, `eidas1` when none is (platform « FranceConnect », IDN-20)."""
    return next((level for level in LEVELS if level in acr_values.split()), "eidas1")
