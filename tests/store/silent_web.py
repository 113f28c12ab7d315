"""A web on which nobody answers."""

from __future__ import annotations

from apps.store.gateways.web.base import Handshake, Page, Reason, UnreachableError


class SilentWeb:
    """Raises what the real one raises when nobody is there; counts the questions."""

    simulated = True

    def __init__(self) -> None:
        self.asked = 0

    def _no(self) -> UnreachableError:
        self.asked += 1
        return UnreachableError(Reason.TIMEOUT)

    def get(self, url: str, *, follow: bool = True, plain: bool = False) -> Page:
        raise self._no()

    def handshake(self, host: str, *, port: int = 443) -> Handshake:
        raise self._no()

    def texts(self, name: str) -> tuple[str, ...]:
        raise self._no()
