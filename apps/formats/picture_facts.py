"""What a picture is, without showing it: read by the locked-down child process (SEC-11, docs/adr/0009)."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import Any

from apps.formats.sandbox.frames import Message
from apps.formats.sandbox.process import ask
from apps.formats.sandbox.refusal import Reason, RefusedFileError

_ONLY = {"width": int, "height": int, "frames": int, "is_srgb": bool, "has_place": bool}


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFacts:
    """`frames`: more than one moves. `is_srgb`: in colours of the web, said or silent. `has_place`: its metadata tell
    where it was taken.
    """

    width: int
    height: int
    frames: int
    is_srgb: bool
    has_place: bool


def picture_facts(data: bytes) -> PictureFacts:
    """Facts of a JPEG or PNG that was decoded to its end. Raises `RefusedFileError`: damaged, another kind, or beyond
    a limit; `DecoderLostError`: try again.
    """
    with closing(ask("picture_look", {"act": "look"}, data)) as answers:
        facts: dict[str, Any] = next(answers, Message(facts={})).facts
    # A child that was taken over may say anything.
    if any(type(facts.get(name)) is not kind for name, kind in _ONLY.items()):
        raise RefusedFileError(Reason.DAMAGED)
    return PictureFacts(**{name: facts[name] for name in _ONLY})
