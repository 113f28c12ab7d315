"""One scene or more for every task: the list that REL-01 asks for."""

from __future__ import annotations

from tests.security.scenes import (
    access,
    documents,
    evidence,
    files,
    imports,
    mailbox,
    mails,
    notices,
    oppositions,
    people,
    rooms,
    saved,
    store,
    waves,
)
from tests.security.scenes.base import Ids, Scene, World

__all__ = ["SCENES", "Ids", "Scene", "World"]

SCENES: list[Scene] = [
    scene
    for module in (
        access,
        documents,
        evidence,
        files,
        imports,
        mailbox,
        mails,
        notices,
        oppositions,
        people,
        rooms,
        saved,
        store,
        waves,
    )
    for scene in module.SCENES
]
