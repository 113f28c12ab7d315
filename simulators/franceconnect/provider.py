"""The provider as a table of routes: discovery, keys, tokens, userinfo, logout, and the hands of the tests."""

from __future__ import annotations

import time
from urllib.parse import urlencode, urlsplit

from simulators.franceconnect import lies, pages, tokens
from simulators.franceconnect.authorize import COOKIE, Authorize
from simulators.franceconnect.behaviours import Behaviour
from simulators.franceconnect.clients import holds_verifier, is_client, is_own_token
from simulators.franceconnect.config import Config
from simulators.franceconnect.discovery import discovery
from simulators.franceconnect.keys import Keys
from simulators.franceconnect.memory import ACCESS_TOKEN_SECONDS, Memory
from simulators.franceconnect.web import Answer, Request, Routes, View, as_json, oauth_error, redirect


class Provider:
    """One FranceConnect with its keys and its short memory."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.keys = Keys()
        self.memory = Memory()

    def routes(self) -> Routes:
        authorize = Authorize(self.config, self.memory)
        base = urlsplit(self.config.issuer).path
        views: dict[tuple[str, str], View] = {
            ("GET", "/"): lambda _: pages.home_page(self.config),
            ("GET", "/style.css"): lambda _: pages.stylesheet(),
            ("GET", f"{base}/.well-known/openid-configuration"): lambda _: as_json(discovery(self.config.issuer)),
            ("GET", f"{base}/jwks"): lambda _: as_json(self.keys.published()),
            ("GET", f"{base}/authorize"): authorize.show,
            ("POST", f"{base}/authorize"): authorize.choose,
            ("POST", f"{base}/token"): self.token,
            ("GET", f"{base}/userinfo"): self.userinfo,
            ("GET", f"{base}/session/end"): self.end_session,
            ("POST", "/test/rotate"): self.rotate,
            ("GET", "/test/calls"): lambda _: as_json(self.memory.calls),
        }
        return {route: self._counted(route[1].removeprefix(base), view) for route, view in views.items()}

    def token(self, request: Request) -> Answer:
        if not is_client(request, self.config):
            return oauth_error("invalid_client", 401)
        grant = self.memory.codes.take(request.fields.get("code", ""))
        if grant is None or grant.behaviour is Behaviour.REPLAYED_CODE or not holds_verifier(grant, request):
            return oauth_error("invalid_grant")
        if grant.behaviour in lies.AT_EXCHANGE:
            return lies.AT_EXCHANGE[grant.behaviour]()
        if grant.behaviour is Behaviour.EXCHANGE_SLOW:
            time.sleep(self.config.slow_seconds)
        body = {
            "access_token": self.memory.tokens.put(grant),
            "token_type": "Bearer",
            "expires_in": ACCESS_TOKEN_SECONDS,
            "scope": " ".join(sorted(grant.start.scopes)),
        }
        if grant.behaviour is not Behaviour.NO_IDENTITY:
            body["id_token"] = tokens.id_token(grant, self.config, self.keys, int(time.time()))
        if grant.behaviour is Behaviour.NO_ACCESS:
            del body["access_token"]
        answer = as_json(body)
        return lies.twice(answer) if grant.behaviour is Behaviour.EXCHANGE_TWICE else answer

    def userinfo(self, request: Request) -> Answer:
        grant = self.memory.tokens.look(request.headers.get("authorization", "").removeprefix("Bearer "))
        if grant is None:
            return oauth_error("invalid_token", 401)
        if grant.behaviour in lies.AT_USERINFO:
            return lies.AT_USERINFO[grant.behaviour]()
        if grant.behaviour is Behaviour.USERINFO_SLOW:
            time.sleep(self.config.slow_seconds)
        claims = tokens.userinfo_claims(grant, self.config)
        if grant.behaviour is Behaviour.UNSIGNED_USERINFO:
            return as_json(claims)
        body = tokens.userinfo_jwt(claims, grant, self.config, self.keys)
        return Answer(body=body.encode(), media_type="application/jwt")

    def end_session(self, request: Request) -> Answer:
        target = request.fields.get("post_logout_redirect_uri", "")
        hint = request.fields.get("id_token_hint", "")
        if target not in self.config.logout_uris or not is_own_token(hint, self.keys, self.config):
            return pages.error_page("Demande de déconnexion refusée.", 400)
        forget = {"Set-Cookie": f"{COOKIE}=; Path=/; Max-Age=0"}
        return redirect(f"{target}?{urlencode({'state': request.fields.get('state', '')})}", forget)

    def rotate(self, request: Request) -> Answer:
        kid = self.keys.rotate()
        if request.fields.get("forget_old"):
            self.keys.forget_old()
        return as_json({"kid": kid})

    def _counted(self, name: str, view: View) -> View:
        def counted(request: Request) -> Answer:
            self.memory.calls[name] = self.memory.calls.get(name, 0) + 1
            return view(request)

        return counted
