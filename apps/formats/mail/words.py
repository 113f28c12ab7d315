"""Encoded words of headers (RFC 2047), with the mistakes that mailers make."""

from __future__ import annotations

import binascii
import re

from apps.formats.mail.charsets import decode_text

# Each try ends after a bounded number of characters: a value full of `=?` costs its length times a constant.
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]{0,1000})\?=")


def decode_words(text: str) -> str:
    """The text with its encoded words read.

    Words of one charset that follow one another are joined as bytes first: mailers cut characters in two.
    """
    if "=?" not in text:
        return text
    pieces: list[str] = []
    run, charset, position = b"", "", 0
    for word in _WORD.finditer(text):
        gap = text[position : word.start()]
        label = word[1].partition("*")[0].lower()
        if gap.strip() or position == 0 or label != charset:
            pieces += [decode_text(run, charset).text, "" if position and not gap.strip() else gap]
            run, charset = b"", label
        run += _bytes(word[2], word[3])
        position = word.end()
    pieces += [decode_text(run, charset).text, text[position:]]
    return "".join(pieces)


def _bytes(encoding: str, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    if encoding in "qQ":
        return binascii.a2b_qp(data, header=True)
    try:
        return binascii.a2b_base64(data + b"==")
    except binascii.Error:
        return data
