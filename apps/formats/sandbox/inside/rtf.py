"""RTF files: their text, nothing of their form (S05)."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterator
from typing import Any

from striprtf.striprtf import rtf_to_text

from apps.formats.sandbox.frames import Message
from apps.formats.sandbox.inside.serving import RefusedError, serve
from apps.formats.sandbox.refusal import Reason

MAX_TEXT = 2_000_000
_to_text: Callable[..., str] = rtf_to_text  # the package has no types
# RTF names its encodings by number; nothing can be imported once the child is locked.
for _page in (437, 850, 852, 874, 932, 936, 949, 950, *range(1250, 1259)):
    codecs.lookup(f"cp{_page}")
codecs.lookup("mac_roman")


def look(_facts: dict[str, Any], data: bytes) -> Iterator[Message]:
    """No pages, and the text as the only one of the texts."""
    text = _to_text(data.decode("cp1252", errors="replace"), encoding="cp1252", errors="replace").strip()
    if not text:
        raise RefusedError(Reason.NOTHING)
    yield Message(facts={"warnings": [], "pages": 0}, payloads=(json.dumps([text[:MAX_TEXT]]).encode(),))


if __name__ == "__main__":
    serve({"look": look}, damaged=(LookupError,))
