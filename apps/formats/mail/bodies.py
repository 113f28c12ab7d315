"""What of a message is its text, and what stands beside it (MSS-31, S16, S17)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from apps.formats.mail.charsets import decode_text
from apps.formats.mail.html_text import html_to_text
from apps.formats.mail.model import Body, BodyKind, Fault
from apps.formats.mail.names import clean_text
from apps.formats.mail.structure import Entity, Ledger
from apps.formats.media import TEXT

HTML = "text/html"
_BYTES = 4  # of a character at most
_UNREADABLE_SHARE = 10  # one control character in ten: no text
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_FILE_IN_TEXT = re.compile(r"^(?:begin [0-7]{3,4} \S|=ybegin line=\d)", re.MULTILINE)
_PGP = "-----BEGIN PGP MESSAGE-----"
_FLOWED = re.compile(r"(?<!\n--)(?<![ \n]) \n(?!>|-- |\n| )")


@dataclass(frozen=True, slots=True)
class Text:
    kind: BodyKind
    text: str
    is_doubtful: bool


@dataclass(slots=True)
class Arranged:
    """Texts in their order, and leaves that are no text: with whether their sender wanted them among the text."""

    texts: list[Text] = field(default_factory=list)
    leaves: list[Entity] = field(default_factory=list)

    @property
    def has_words(self) -> bool:
        return any(each.text for each in self.texts)


def arrange(root: Entity, ledger: Ledger) -> Arranged:
    """Visit the tree once: of alternatives the plain text, else the first with words; files of all of them."""
    arranged = Arranged()
    if not root.children and (_is_text(root) or root.media_type.startswith("multipart/")):
        arranged.texts.append(_read_text(root, ledger))
    else:
        _visit(root, arranged, ledger)
    return arranged


def body_of(arranged: Arranged, ledger: Ledger, *, is_encrypted: bool) -> Body:
    """One text of all, cut at the limit."""
    words = [each for each in arranged.texts if each.text]
    text = "\n\n".join(each.text for each in words)
    if len(text) > ledger.limits.text:
        ledger.blame(Fault.TEXT_CUT)
    if _FILE_IN_TEXT.search(text):
        ledger.blame(Fault.FILE_IN_TEXT)
    if _PGP in text:
        ledger.blame(Fault.ENCRYPTED)
    doubtful = any(each.is_doubtful for each in words)
    if doubtful:
        ledger.blame(Fault.DOUBTFUL_CHARACTERS)
    kind = words[0].kind if words else _kind_without_words(arranged, is_encrypted=is_encrypted)
    return Body(kind=kind, text=text[: ledger.limits.text], is_doubtful=doubtful)


def _kind_without_words(arranged: Arranged, *, is_encrypted: bool) -> BodyKind:
    kinds = {each.kind for each in arranged.texts}
    if is_encrypted or BodyKind.UNREADABLE in kinds:
        return BodyKind.UNREADABLE
    return BodyKind.HTML if BodyKind.HTML in kinds else BodyKind.NONE


def _visit(entity: Entity, arranged: Arranged, ledger: Ledger, *, wants_text: bool = True) -> None:
    if entity.media_type == "multipart/alternative":
        _alternatives(entity.children, arranged, ledger, wants_text=wants_text)
    elif entity.children:
        for child in entity.children:
            _visit(child, arranged, ledger, wants_text=wants_text)
    elif not (_is_text(entity) and not _is_attached(entity)):
        arranged.leaves.append(entity)
    elif wants_text:
        arranged.texts.append(_read_text(entity, ledger))


def _alternatives(children: Iterable[Entity], arranged: Arranged, ledger: Ledger, *, wants_text: bool) -> None:
    rejected: list[Text] = []
    for child in sorted(children, key=lambda each: each.media_type != TEXT):
        branch = Arranged()
        _visit(child, branch, ledger, wants_text=wants_text)
        arranged.leaves += branch.leaves
        if wants_text and branch.has_words:
            arranged.texts += branch.texts
            wants_text = False
        else:
            rejected += branch.texts
    if wants_text:  # none has words: their kinds say which sentence stands in their place
        arranged.texts += rejected


def _is_text(entity: Entity) -> bool:
    return entity.media_type in {TEXT, HTML}


def _is_attached(entity: Entity) -> bool:
    return entity.disposition == "attachment" or bool(entity.written_name())


def _read_text(entity: Entity, ledger: Ledger) -> Text:
    data = entity.content(ledger)[: ledger.limits.text * (1 if entity.media_type == HTML else _BYTES)]
    decoded = decode_text(data, entity.headers.parameter("content-type", "charset"))
    if len(_CONTROL.findall(decoded.text)) * _UNREADABLE_SHARE > len(decoded.text):
        ledger.blame(Fault.NO_TEXT)
        return Text(BodyKind.UNREADABLE, "", is_doubtful=True)
    if entity.media_type == HTML:
        return Text(BodyKind.HTML, clean_text(html_to_text(decoded.text)), decoded.is_doubtful)
    text = clean_text(decoded.text)
    if entity.headers.parameter("content-type", "format").lower() == "flowed":
        text = _FLOWED.sub(" ", text)
    return Text(BodyKind.PLAIN, text if text.strip() else "", decoded.is_doubtful or entity.media_type != TEXT)
