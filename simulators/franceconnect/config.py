"""What the simulator is told by its environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PEOPLE = Path(__file__).with_name("people.json")
CLIENT_ID = "ens-portal-demonstration"
CLIENT_SECRET = "demonstration-client-secret-not-for-production"  # noqa: S105 (the demonstration's, no secret)


class ConfigurationError(ValueError):
    """A variable has a value that cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Settings of one simulator; `redirect_uris` and `logout_uris` are compared as whole strings.

    `encryption_key`: public JWK of the portal; with it, tokens are encrypted as FranceConnect+ does.
    """

    port: int = 8001
    issuer: str = "http://localhost:8001/api/v2"
    client_id: str = CLIENT_ID
    client_secret: str = CLIENT_SECRET
    redirect_uris: tuple[str, ...] = ()
    logout_uris: tuple[str, ...] = ()
    people: Path = PEOPLE
    slow_seconds: float = 20.0
    encryption_key: str = ""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Config:
        """Read `ENS_FC_*`; addresses are separated by spaces or commas.

        Raises `ConfigurationError` when the port or the delay is not a number.
        """
        portal_port = _number(environ, "ENS_HTTP_PORT", 8000)
        portal = f"http://localhost:{portal_port}"
        port = _number(environ, "ENS_FC_PORT", portal_port + 1)
        return cls(
            port=port,
            issuer=environ.get("ENS_FC_ISSUER", f"http://localhost:{port}/api/v2"),
            client_id=environ.get("ENS_FC_CLIENT_ID", CLIENT_ID),
            client_secret=environ.get("ENS_FC_CLIENT_SECRET", CLIENT_SECRET),
            redirect_uris=_list(environ, "ENS_FC_REDIRECT_URIS", f"{portal}/connexion/franceconnect/retour/"),
            logout_uris=_list(environ, "ENS_FC_LOGOUT_URIS", f"{portal}/deconnexion/terminee/"),
            people=Path(environ.get("ENS_FC_PEOPLE", str(PEOPLE))),
            slow_seconds=float(_number(environ, "ENS_FC_SLOW_SECONDS", 20)),
            encryption_key=environ.get("ENS_FC_ENCRYPTION_KEY", ""),
        )


def _number(environ: Mapping[str, str], name: str, default: int) -> int:
    value = environ.get(name, str(default))
    if not value.isdecimal():
        message = f"{name} must be a number, not {value!r}"
        raise ConfigurationError(message)
    return int(value)


def _list(environ: Mapping[str, str], name: str, default: str) -> tuple[str, ...]:
    return tuple(environ.get(name, default).replace(",", " ").split())
