"""What the sites show to prove that a domain is in the hands of a publisher: a code pasted by hand (STO-109)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

PATH = "/.well-known/ens-portal.txt"
PREFIX = "ens-portal-verification="
_CODE = re.compile(r"[A-Za-z0-9_-]{8,200}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proofs:
    """Codes by host, in a file that outlives the process."""

    file: Path

    def of(self, host: str) -> str | None:
        """The content of the file of this host."""
        code = self._all().get(host)
        return f"{PREFIX}{code}\n" if code else None

    def put(self, host: str, code: str) -> bool:
        """Whether the code looks like one; it replaces the one before."""
        bare = code.strip().removeprefix(PREFIX)
        if not _CODE.fullmatch(bare):
            return False
        part = self.file.with_suffix(".part")
        part.write_text(json.dumps(self._all() | {host: bare}), encoding="utf-8")
        part.replace(self.file)
        return True

    def _all(self) -> dict[str, str]:
        try:
            codes: dict[str, str] = json.loads(self.file.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return codes
