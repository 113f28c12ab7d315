"""Reads the white list of the trust space MSSanté (« liste blanche »): domains and the certificate of their operator.

XML, one `Domaine` each with `Nom` and `DNCertificatOperateur`, one `DateDeGeneration` (MSS-01). Whatever else stands in
it is left aside. Only the names of elements count, not their namespace, which has changed with the publisher.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lxml import etree

from apps.common.dates import PARIS
from apps.formats.xml import UnreadableXmlError, parse_untrusted_xml

_LONGEST_NAME, _LONGEST_OPERATOR = 253, 500
_NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])")
_FRENCH_DATES = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y")


class TrustFault(StrEnum):
    """Why a whole list is refused."""

    UNREADABLE = "unreadable"  # no XML, or XML that no list needs: entities, endless depth
    NO_LIST = "no_list"
    NO_DATE = "no_date"
    EMPTY = "empty"
    FUTURE = "future"
    EXPIRED = "expired"
    OLDER = "older"  # than the list that is there
    SHRUNK = "shrunk"


class TrustListError(ValueError):
    """The list is refused; nothing of it is stored. `detail` is a technical fact or a count, never a value."""

    def __init__(self, fault: TrustFault, detail: str = "") -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustList:
    """`operators` by domain: the name of the certificate, as written. `refused` entries name no domain, `repeated` ones
    one that stands before.
    """

    issued_at: datetime
    operators: dict[str, str]
    read: int
    refused: int
    repeated: int


def read_trust_list(data: bytes) -> TrustList:
    """The list in these bytes. Raises `TrustListError`.

    An entry whose name is no domain trusts nobody: it is counted and left out. A single label (`fr`), a pattern and a
    name that is not written in ASCII are none.
    """
    root = _root(data)
    issued_at = _issued_at(root)
    operators: dict[str, str] = {}
    read = refused = repeated = 0
    for entry in root.iter("{*}Domaine"):
        read += 1
        name = _text(entry, "Nom").lower()
        if not is_domain(name):
            refused += 1
        elif name in operators:
            repeated += 1
        else:
            operators[name] = _text(entry, "DNCertificatOperateur")[:_LONGEST_OPERATOR]
    if not operators:
        raise TrustListError(TrustFault.EMPTY)
    return TrustList(issued_at=issued_at, operators=operators, read=read, refused=refused, repeated=repeated)


def is_domain(name: str) -> bool:
    """Whether this is a whole domain in lower case: two labels at least, no pattern, no address."""
    return len(name) <= _LONGEST_NAME and _NAME.fullmatch(name) is not None


def _root(data: bytes) -> etree._Element:
    try:
        root = parse_untrusted_xml(data)
    except UnreadableXmlError as error:
        raise TrustListError(TrustFault.UNREADABLE, error.code.value) from None
    if root.find(".//{*}Domaine") is None and root.find(".//{*}DateDeGeneration") is None:
        raise TrustListError(TrustFault.NO_LIST)
    return root


def _issued_at(root: etree._Element) -> datetime:
    """The only date of generation; an hour without a zone is that of Paris."""
    dates = [(date.text or "").strip() for date in root.iter("{*}DateDeGeneration")]
    found = _moment(dates[0]) if len(dates) == 1 else None
    if found is None:
        raise TrustListError(TrustFault.NO_DATE)
    return found if found.tzinfo else found.replace(tzinfo=PARIS)


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    for shape in _FRENCH_DATES:
        try:
            return datetime.strptime(text, shape)  # noqa: DTZ007  the zone is put on by the caller
        except ValueError:
            continue
    return None


def _text(entry: etree._Element, name: str) -> str:
    found = entry.find(f"{{*}}{name}")
    text = (found.text or "").strip() if found is not None else ""
    return text if text.isprintable() else ""
