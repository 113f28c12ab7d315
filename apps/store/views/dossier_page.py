"""What the pages of a dossier have in common for its publisher: the heading, whose turn it is and until when."""

from __future__ import annotations

from typing import Any

from apps.store.guards import PublisherRequest
from apps.store.models import Candidacy
from apps.store.views.turn_words import Viewer, turn_of


def context_of(request: PublisherRequest, candidacy: Candidacy, here: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401  values of a page
    """`here`: the words of the h1; values that a page adds."""
    turn = turn_of(candidacy, Viewer.PUBLISHER, at=request.actor.at)
    return {"candidacy": candidacy, "here": here, "turn": turn, **more}
