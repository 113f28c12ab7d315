"""Names of the internet: addresses of a host, texts of a domain. Who asks judges the answer (STO-111)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import ip_address
from typing import Protocol

import dns.exception
import dns.name
import dns.nameserver
import dns.rdatatype
import dns.resolver
from dns.rdtypes.txtbase import TXTBase

from apps.store.gateways.web.base import Reason, UnreachableError
from apps.store.gateways.web.guard import Address

_PORT = 53
_MOST_TEXTS = 100
_KINDS = (dns.rdatatype.A, dns.rdatatype.AAAA)
_SERVER = re.compile(r"(?:\[(?P<v6>[0-9a-fA-F:]+)\]|(?P<v4>[0-9.]+))(?::(?P<port>[0-9]{1,5}))?")


class Resolver(Protocol):
    """Both raise `UnreachableError` (`dns`, `timeout`) when nobody knows; a name that does not exist has no answers."""

    def addresses(self, host: str, *, seconds: float) -> tuple[Address, ...]: ...

    def texts(self, name: str, *, seconds: float) -> tuple[str, ...]: ...


class DnsResolver:
    """Asks the resolver of this machine, or `servers` (`9.9.9.9`, `[2620:fe::fe]:53`). No file of hosts, no search
    list: a name is what it says.
    """

    def __init__(self, *, servers: Sequence[str] = ()) -> None:
        self._resolver = dns.resolver.Resolver(configure=not servers)
        self._resolver.cache = None  # an answer is used once, by the connection it was asked for
        self._resolver.search, self._resolver.domain = [], dns.name.root
        if servers:
            self._resolver.nameservers = [_server(text) for text in servers]

    def addresses(self, host: str, *, seconds: float) -> tuple[Address, ...]:
        """Of both kinds, IPv4 first. When one kind cannot be asked, none is believed."""
        return tuple(ip_address(line.to_text()) for kind in _KINDS for line in self._ask(host, kind, seconds / 2))

    def texts(self, name: str, *, seconds: float) -> tuple[str, ...]:
        """Each record in one piece."""
        lines = self._ask(name, dns.rdatatype.TXT, seconds)[:_MOST_TEXTS]
        return tuple(b"".join(line.strings).decode("utf-8", "replace") for line in lines if isinstance(line, TXTBase))

    def _ask(self, name: str, kind: dns.rdatatype.RdataType, seconds: float) -> list[dns.rdata.Rdata]:
        try:
            absolute = dns.name.from_text(name).choose_relativity(None)
            return list(self._resolver.resolve(absolute, kind, lifetime=seconds, search=False))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except dns.exception.Timeout as error:
            raise UnreachableError(Reason.TIMEOUT, "dns") from error
        except (dns.exception.DNSException, OSError) as error:
            raise UnreachableError(Reason.DNS) from error


def _server(text: str) -> dns.nameserver.Nameserver:
    found = _SERVER.fullmatch(text)
    if found is None:
        msg = f"{text!r} is no server of names: write 9.9.9.9 or [2620:fe::fe]:53"
        raise ValueError(msg)
    return dns.nameserver.Do53Nameserver(found["v6"] or found["v4"], int(found["port"] or _PORT))
