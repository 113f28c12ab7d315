"""Embedded scanner of the demonstration and the tests: it knows the EICAR test file and says so."""

from __future__ import annotations

from apps.files.gateways.base import Verdict

# The EICAR test string in two halves, so that this file is not taken for an infected one.
_EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class EmbeddedScanner:
    """Finds EICAR anywhere in the bytes, nothing else: no protection, only the same answers as a real engine."""

    simulated = True

    def scan(self, content: bytes) -> Verdict:
        """Same contract as a real scanner; is never unavailable."""
        if _EICAR in content:
            return Verdict(infected=True, engine="embedded (knows EICAR only)", finding="Eicar-Test-Signature")
        return Verdict(infected=False, engine="embedded (knows EICAR only)")
