"""Where the store's checks may go: addresses of the web and of machines, judged by themselves (STO-110, STO-111).

Nothing here resolves or connects. There is no list of exceptions and no switch: what is refused, is so for everybody.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import quote

import idna

from apps.store.gateways.web.base import Reason, RefusedUrlError

HTTPS_PORT, HTTP_PORT = 443, 80
LONGEST_URL = 2000
LONGEST_HOST = 253
Address = IPv4Address | IPv6Address

# `is_global` differs between versions of Python: what it leaves out is written down (IANA special-purpose registries).
_CLOSED_V4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "168.63.129.16/32",  # services of a cloud for its own machines, behind an address that looks public
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",  # relays of 6to4
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
        ),
    )
)
# Everything else is closed: NAT64 (64:ff9b::/96, 64:ff9b:1::/48), addresses of IPv4 inside IPv6, local, multicast.
_OPEN_V6 = IPv6Network("2000::/3")
_CLOSED_V6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # Teredo (2001::/32), benchmarks, ORCHID
            "2001:db8::/32",
            "2002::/16",  # 6to4
            "3fff::/20",  # documentation
        ),
    )
)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(.*)", re.DOTALL)
_REST = re.compile(r"//([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#.*)?", re.DOTALL)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")  # a last label that some resolvers read as an address
_PORT = re.compile(r"[1-9][0-9]{0,4}")
_KEPT = "%/:?@!$&'()*+,;=-._~[]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An address that may be asked once its host is resolved: `host` in ASCII, `path` with its query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def is_plain(self) -> bool:
        return self.scheme == "http"

    @property
    def authority(self) -> str:
        """Host, and port where it is not the usual one: what stands in `Host`."""
        usual = HTTP_PORT if self.is_plain else HTTPS_PORT
        return self.host if self.port == usual else f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"


def judge_url(url: str, *, plain: bool = False, ports: Collection[int] = (HTTPS_PORT,)) -> Target:
    """The address in its one spelling, without fragment. `plain` allows http on port 80; `ports` are those of https.

    Raises `RefusedUrlError`: `too-long`, `malformed` (characters that readers of addresses take differently), `scheme`,
    `userinfo`, `host`, `port`, `not-public` (STO-110).
    """
    if len(url) > LONGEST_URL:
        raise RefusedUrlError(Reason.TOO_LONG)
    if not is_clean(url):
        raise RefusedUrlError(Reason.MALFORMED)
    found = _SCHEME.fullmatch(url)
    scheme = found[1].lower() if found else ""
    if found is None or scheme not in ({"https", "http"} if plain else {"https"}):
        raise RefusedUrlError(Reason.SCHEME)
    parts = _REST.fullmatch(found[2])
    if parts is None:
        raise RefusedUrlError(Reason.MALFORMED)
    host, port = _host_and_port(parts[1])
    target = Target(
        scheme=scheme,
        host=judge_host(host),
        port=_judge_port(port, (HTTP_PORT,) if scheme == "http" else ports),
        path=_path(parts[2], parts[3]),
    )
    if len(target.url) > LONGEST_URL:
        raise RefusedUrlError(Reason.TOO_LONG)
    return target


def judge_host(host: str) -> str:
    """The name in ASCII and lower case. No address in digits of any spelling, no name of one label, no dot at the end.

    Raises `RefusedUrlError`: `host`, or `not-public` for an address in digits that leads inside.
    """
    bare = host.removeprefix("[").removesuffix("]")
    literal = _literal(bare)
    if literal is not None:
        raise RefusedUrlError(Reason.HOST if is_public(literal) else "not-public")
    if len(host) > LONGEST_HOST or unicodedata.normalize("NFC", host) != host:
        raise RefusedUrlError(Reason.HOST)
    try:
        name = idna.encode(host.lower(), strict=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise RefusedUrlError(Reason.HOST) from None
    *rest, last = name.split(".")
    if not rest or not last or _NUMBER.fullmatch(last):
        raise RefusedUrlError(Reason.HOST)
    return name


def judge_addresses(addresses: Iterable[Address]) -> tuple[Address, ...]:
    """The same addresses when all of them are public: a name that also leads inside leads nowhere (STO-111).

    Raises `RefusedUrlError`: `unresolved`, `not-public`. The error does not say which address it was.
    """
    judged = tuple(dict.fromkeys(addresses))
    if not judged:
        raise RefusedUrlError(Reason.UNRESOLVED)
    if not all(map(is_public, judged)):
        raise RefusedUrlError(Reason.NOT_PUBLIC)
    return judged


def is_public(address: Address) -> bool:
    """An address of one machine on the internet. Those of IPv4 in the clothes of IPv6 are not: no site needs them."""
    if not address.is_global or address.is_multicast:
        return False
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _CLOSED_V4)
    return address in _OPEN_V6 and address.scope_id is None and not any(address in network for network in _CLOSED_V6)


def is_clean(url: str) -> bool:
    """Without control characters, blanks, invisible marks and the backslash, which browsers read as a slash."""
    return url.isprintable() and " " not in url and "\\" not in url


def _literal(text: str) -> Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _host_and_port(authority: str) -> tuple[str, str | None]:
    if "@" in authority:
        raise RefusedUrlError(Reason.USERINFO)
    if authority.startswith("["):
        host, closing, after = authority.partition("]")
        if not closing or (after and not after.startswith(":")):
            raise RefusedUrlError(Reason.HOST)
        return host + closing, after[1:] if after else None
    host, colon, port = authority.partition(":")
    return host, port if colon else None


def _judge_port(text: str | None, allowed: Collection[int]) -> int:
    """The usual port stands first among the allowed ones."""
    if text is None:
        return next(iter(allowed))
    if not _PORT.fullmatch(text) or int(text) not in allowed:
        raise RefusedUrlError(Reason.PORT)
    return int(text)


def _path(path: str, query: str | None) -> str:
    written = quote(path or "/", safe=_KEPT)
    return written if query is None else f"{written}?{quote(query, safe=_KEPT)}"
