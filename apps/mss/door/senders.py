"""Who may hand in mail: the operator by its certificate, the sender by their domain, both on one list (MSS-02)."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime

from cryptography import x509

from apps.common import limits
from apps.directory.trust import Trust, is_operator, operator_of, trusted
from apps.formats.mail.headers import Headers
from apps.mss.door.answers import Answer

NULL = "<>"  # as the library writes the null sender of RFC 5321 4.5.5
_SPACES = re.compile(r"(?<!\\),\s+")  # many tools write one behind each comma, RFC 4514 has none
_FIELDS_AT_MOST = 256_000
_AUTHORS_AT_MOST = 2_000  # signs of From: longer ones would keep all who hand in waiting


def name_of(certificate: bytes) -> str:
    """Subject of a certificate in DER, as RFC 4514 writes it. Raises `ValueError`: it cannot be read."""
    return x509.load_der_x509_certificate(certificate).subject.rfc4514_string()


def answer_sender(*, sender: str, peer: str, at: datetime) -> Answer:
    """For MAIL FROM. `peer` is the subject of the certificate that connected, empty behind a relay of our own.

    The null sender carries reports: it is believed from any operator of the list.
    """
    if sender in {NULL, ""}:
        return _answer_report(peer, at)
    if not sender.isprintable():  # control signs, and bytes that are no UTF-8
        return Answer.BAD_SENDER
    domain = sender.rpartition("@")[2]
    answer = _ANSWERS[trusted(domain, at)]
    if answer is not Answer.SENDER_OK:
        return answer
    if peer and not same_name(peer, operator_of(domain, at)):
        return Answer.UNTRUSTED
    verdict = limits.allow_all(keys={"mss_door_domain": domain.lower(), "mss_door_sender": sender.lower()}, at=at)
    return Answer.SENDER_OK if verdict.allowed else Answer.TOO_OFTEN


def answer_author(*, data: bytes, at: datetime) -> Answer:
    """For the message itself: every address of From is of a listed domain, whatever its name says (MSS-02).

    Authors without end are none. A message that names nobody is its envelope sender's (MSS-39).
    """
    end = data.find(b"\r\n\r\n", 0, _FIELDS_AT_MOST)
    headers = Headers(data[: end if end >= 0 else _FIELDS_AT_MOST])
    if headers.length("from") > _AUTHORS_AT_MOST:
        return Answer.UNTRUSTED
    answers = {_ANSWERS[trusted(box.domain, at)] for box in headers.mailboxes("from")}
    for refusal in (Answer.NO_LIST, Answer.UNTRUSTED):
        if refusal in answers:
            return refusal
    return Answer.TAKEN


def same_name(one: str, other: str) -> bool:
    """Whether two names of RFC 4514 are the same: the order of their parts, capitals and spaces do not count."""
    try:
        parts = [_parts(x509.Name.from_rfc4514_string(_SPACES.sub(",", each.strip()))) for each in (one, other)]
    except ValueError:
        return False
    return bool(parts[0]) and parts[0] == parts[1]


def _answer_report(peer: str, at: datetime) -> Answer:
    if not peer:
        return Answer.SENDER_OK
    known = is_operator(lambda name: same_name(peer, name), at)
    return _ANSWERS[known]


def _parts(name: x509.Name) -> Counter[tuple[str, str]]:
    return Counter((each.oid.dotted_string, " ".join(str(each.value).split()).casefold()) for each in name)


_ANSWERS = {Trust.TRUSTED: Answer.SENDER_OK, Trust.UNKNOWN: Answer.UNTRUSTED, Trust.NO_LIST: Answer.NO_LIST}
