"""What a mail says, as values. No `repr` quotes it: addresses hold numbers of people, texts are health (SEC-22)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class MailLimits:
    """Where reading stops; what lies beyond is said by a fault and stays in the raw message."""

    parts: int = 200
    depth: int = 10  # of multiparts in one message
    messages: int = 5  # forwarded in one another
    header_bytes: int = 256_000  # of all parts together
    text: int = 2_000_000  # characters that are shown
    decoded_bytes: int = 100_000_000  # of all parts together


DEFAULT_LIMITS = MailLimits()


class Fault(StrEnum):
    """What was wrong with a mail that is shown all the same (MSS-39)."""

    NO_HEADERS = "no-headers"
    HEADERS_TOO_LARGE = "headers-too-large"
    NO_SENDER = "no-sender"
    SEVERAL_SENDERS = "several-senders"
    DOUBTFUL_CHARACTERS = "doubtful-characters"
    DAMAGED_ENCODING = "damaged-encoding"
    UNKNOWN_ENCODING = "unknown-encoding"
    DAMAGED_STRUCTURE = "damaged-structure"
    TOO_MANY_PARTS = "too-many-parts"
    TOO_DEEP = "too-deep"
    TOO_LARGE = "too-large"
    TEXT_CUT = "text-cut"
    NO_TEXT = "no-text"  # bytes that are no text, declared as text
    FILE_IN_TEXT = "file-in-text"  # uuencode or yEnc, left as it stands
    NAME_CHANGED = "name-changed"  # controls or bidi marks came off (S21)
    ENCRYPTED = "encrypted"
    OUTLOOK_CONTAINER = "outlook-container"  # winmail.dat, which only Outlook opens (S15)


class BodyKind(StrEnum):
    """Where the text comes from. HTML without text is a message of pictures or scripts (S17b), NONE has none (S17a)."""

    PLAIN = "plain"
    HTML = "html"
    NONE = "none"
    UNREADABLE = "unreadable"


class PartKind(StrEnum):
    FILE = "file"
    MESSAGE = "message"
    SIGNATURE = "signature"
    SIGNED = "signed"  # content inside its own signature (S/MIME)
    ENCRYPTED = "encrypted"
    REPORT = "report"
    CALENDAR = "calendar"
    OUTLOOK = "outlook"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """`name` as its owner wrote it, never to be shown as an address; `address` as written, empty name allowed."""

    name: str = field(default="", repr=False)
    address: str = field(repr=False)

    @property
    def domain(self) -> str:
        """In small letters."""
        return self.address.rpartition("@")[2].lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class MssFields:
    """The X-MSS headers: hints, never proof (MSS-33). `ins_is_qualified` is None where the header says nothing."""

    is_end: bool = False  # X-MSS-MES: FIN
    document_codes: tuple[str, ...] = ()
    ins_is_qualified: bool | None = None
    software: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    kind: BodyKind
    text: str = field(default="", repr=False)
    is_doubtful: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing beside the text. `name` is safe to show and to offer, empty where the sender gave none; `declared_type`
    is a claim of the sender; `data` is decoded. `mail` is the message inside a MESSAGE, to a depth.
    """

    name: str = field(repr=False)
    declared_type: str
    data: bytes = field(repr=False)
    kind: PartKind = PartKind.FILE
    is_inline: bool = False
    faults: tuple[Fault, ...] = ()
    mail: ReadMail | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DsnRecipient:
    """What became of a mail for one address (RFC 3464). `action` and `status` are empty where they mean nothing."""

    final: str = field(default="", repr=False)
    original: str = field(default="", repr=False)
    action: str = ""  # failed, delayed, delivered, relayed, expanded
    status: str = ""  # RFC 3463: 5.1.1
    diagnostic: str = field(default="", repr=False)  # of the other server, for a detail (MSS-65)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dsn:
    """A report on delivery (MSS-63, MSS-65); anybody may have written it."""

    recipients: tuple[DsnRecipient, ...] = ()
    reporting_mta: str = ""
    original_message_id: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mdn:
    """A read receipt (MSS-60); anybody may have written it. Words in small letters as RFC 8098 has them."""

    kind: str = ""  # displayed, deleted, dispatched, processed
    action_mode: str = ""  # manual-action, automatic-action
    sending_mode: str = ""  # mdn-sent-manually, mdn-sent-automatically
    modifiers: tuple[str, ...] = ()
    error: str = field(default="", repr=False)  # 902^… (MSS-71)
    final: str = field(default="", repr=False)
    original: str = field(default="", repr=False)
    original_message_id: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMail:
    """One message. Ids are without angle brackets, at most 255 characters; `answers` is the first of In-Reply-To.

    `subject` is without the prefixes of MSS-32; `return_path` is None without such a header, empty for the null sender;
    `auto_submitted` is the key word of RFC 3834 in small letters, empty for `no` and for a letter of a person.
    """

    message_id: str = field(default="", repr=False)
    answers: str = field(default="", repr=False)
    references: tuple[str, ...] = field(default=(), repr=False)
    subject: str = field(default="", repr=False)
    sender: Mailbox | None = None
    senders_count: int = 0
    to: tuple[Mailbox, ...] = field(default=(), repr=False)
    cc: tuple[Mailbox, ...] = field(default=(), repr=False)
    dated_at: datetime | None = None
    auto_submitted: str = ""
    receipt_to: str = field(default="", repr=False)
    return_path: str | None = field(default=None, repr=False)
    mss: MssFields = MssFields()
    is_end: bool = False
    body: Body
    parts: tuple[Part, ...] = ()
    report: Dsn | Mdn | None = None
    faults: tuple[Fault, ...] = ()
