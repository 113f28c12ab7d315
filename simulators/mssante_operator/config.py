"""What the simulator is told by its environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DEFAULT_MAX_BYTES = 25_000_000
PATIENT_DOMAIN = "patient.mssante.example"
DOMAIN = "pro.mssante.example"


class ConfigurationError(ValueError):
    """A variable has a value that cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """`door` is the portal's port for mail; `certificates` a folder that `simulators.certificates` fills.

    `patients` is the list of the demonstration, which may not be there; `max_bytes` what the portal takes at most.
    """

    pages: int = 8004
    smtp: int = 8005
    door: int = 2525
    certificates: Path = Path(".ens/certificates")
    patients: Path = Path(".ens/mssante-patients.json")
    patient_domain: str = PATIENT_DOMAIN
    domain: str = DOMAIN
    max_bytes: int = DEFAULT_MAX_BYTES

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Config:
        """Read `ENS_MSS_*`. Raises `ConfigurationError` for what is no number."""
        first = _number(environ, "ENS_HTTP_PORT", 8000)
        state = Path(environ.get("ENS_STATE_DIR") or ".ens")
        return cls(
            pages=_number(environ, "ENS_MSS_OPERATOR_PORT", first + 4),
            smtp=_number(environ, "ENS_MSS_OPERATOR_SMTP_PORT", first + 5),
            door=_number(environ, "ENS_SMTP_PORT", 2525),
            certificates=Path(environ.get("ENS_MSS_CERTIFICATES") or state / "certificates"),
            patients=Path(environ.get("ENS_MSS_PATIENTS") or state / "mssante-patients.json"),
            patient_domain=environ.get("ENS_MSS_PATIENT_DOMAIN", PATIENT_DOMAIN),
            domain=environ.get("ENS_MSS_OPERATOR_DOMAIN", DOMAIN),
            max_bytes=_number(environ, "ENS_MSS_MAX_MESSAGE_BYTES", DEFAULT_MAX_BYTES),
        )


def _number(environ: Mapping[str, str], name: str, default: int) -> int:
    value = environ.get(name) or str(default)
    if not value.isdecimal():
        message = f"{name} must be a number, not {value!r}"
        raise ConfigurationError(message)
    return int(value)
