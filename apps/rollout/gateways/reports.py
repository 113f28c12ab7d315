"""What a returned mail says: RFC 3464, and behind it what flufl.bounce recognises. Anybody may have written it.

Nothing here raises for a mail, however broken: what cannot be read says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import policy
from email.message import Message
from email.parser import BytesParser

from flufl.bounce import all_failures

_MESSAGE_ID = re.compile(rb"(?im)^(?:message-id|in-reply-to|references):((?:[^\n]|\n[ \t]){0,2000})")
_ID = re.compile(rb"<[!-;=?-~]{3,118}>")  # no blank, no control
_IDS_AT_MOST = 50
_FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`failed` addresses for good, in small letters; `message_ids` that the mail names or quotes."""

    failed: frozenset[str] = field(default_factory=frozenset)
    message_ids: tuple[str, ...] = ()


def read_report(data: bytes) -> Report:
    """What the mail says about mails of ours. A delay says nothing."""
    ids = tuple(dict.fromkeys(_ids(data)))[:_IDS_AT_MOST]
    try:
        message = BytesParser(policy=policy.compat32).parsebytes(data)
        failed, delayed = _by_rfc3464(message)
        if not failed and not delayed:
            failed = {_plain(address) for address in all_failures(message)[1]}
    except (LookupError, ValueError, TypeError, AttributeError, RecursionError):  # hostile headers and encodings
        return Report(message_ids=ids)
    return Report(failed=frozenset(failed - {""}), message_ids=ids)


def _by_rfc3464(message: Message) -> tuple[set[str], bool]:
    """Addresses whose action is `failed`; whether there is a report at all."""
    failed: set[str] = set()
    found = False
    for block in _blocks(message):
        action = str(block.get("Action", "")).strip().lower()
        if not action:
            continue
        found = True
        if action == _FAILED:
            named = (block.get("Original-Recipient"), block.get("Final-Recipient"))
            failed |= {_plain(str(value).rpartition(";")[2]) for value in named if value}
    return failed, found


def _blocks(message: Message) -> Iterator[Message]:
    """The groups of fields of a delivery report."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status" and isinstance(part.get_payload(), list):
            yield from (block for block in part.get_payload() if isinstance(block, Message))


def _ids(data: bytes) -> Iterator[str]:
    for header in _MESSAGE_ID.finditer(data):
        for found in _ID.findall(header[1]):
            yield found.decode("ascii", "replace")


def _plain(address: str | bytes) -> str:
    text = address.decode("ascii", "replace") if isinstance(address, bytes) else address
    return text.strip().strip("<>").lower()
