"""What the simulator is told by its environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


class ConfigurationError(ValueError):
    """A variable has a value that cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Two ports of loopback; `folder` takes the certificates, `names` is the file that the portal reads."""

    secure: int = 8007
    clear: int = 8008
    folder: Path = Path(".ens/candidate-site")
    names: Path = Path(".ens/candidate-site.json")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Config:
        """Read `ENS_CANDIDATE_*`. Raises `ConfigurationError` for what is no number."""
        first = _number(environ, "ENS_HTTP_PORT", 8000)
        state = Path(environ.get("ENS_STATE_DIR") or ".ens")
        return cls(
            secure=_number(environ, "ENS_CANDIDATE_PORT", first + 7),
            clear=_number(environ, "ENS_CANDIDATE_HTTP_PORT", first + 8),
            folder=state / "candidate-site",
            names=Path(environ.get("ENS_STORE_DEMONSTRATION_SITES") or state / "candidate-site.json"),
        )


def _number(environ: Mapping[str, str], name: str, default: int) -> int:
    value = environ.get(name) or str(default)
    if not value.isdecimal():
        message = f"{name} must be a number, not {value!r}"
        raise ConfigurationError(message)
    return int(value)
