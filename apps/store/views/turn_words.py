"""Whose turn it is and until when: one sentence for every state and queue, for the publisher and for the back office
(STO-83, L12, L24). The only place that says it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.store.models import Candidacy
from apps.store.states import Queue, Status
from apps.ui import words

YOURS, OURS, MACHINES, DONE, SHUT = "draft-line", "time-line", "refresh-line", "check-line", "close-circle-line"


class Viewer(StrEnum):
    """Who reads the sentence."""

    PUBLISHER = "publisher"
    REVIEW = "review"


class Turn(NamedTuple):
    """`sentence` in the reader's words; `icon` without its prefix, for `state_line`."""

    sentence: str
    icon: str


def turn_of(candidacy: Candidacy, viewer: Viewer, *, at: datetime | None = None) -> Turn:
    """Who is waited for in this dossier and until when, without a query. With `at`, a term that is over is said so."""
    said = _PUBLISHER if viewer is Viewer.PUBLISHER else _REVIEW
    key = (Status(candidacy.status), Queue(candidacy.queue) if candidacy.queue else "")
    sentence, icon = said.get(key) or said[key[0], ""]
    text = str(sentence) % {"day": words.day(candidacy.due_at)}
    if at is not None and candidacy.due_at is not None and candidacy.due_at < at:
        text = _("%(sentence)s This term is over.") % {"sentence": text}
    return Turn(text, icon)


def is_publishers_turn(candidacy: Candidacy) -> bool:
    """Whether the publisher is waited for, or has a draft to go on with."""
    return candidacy.queue == Queue.PUBLISHER or candidacy.status == Status.DRAFT


Key = tuple[Status, Queue | str]
Said = Mapping[Key, tuple[str | Promise, str]]

_PUBLISHER: Said = {
    (Status.DRAFT, ""): (
        gettext_lazy("Your turn: complete the dossier, then send it. There is no deadline before it is sent."), YOURS,
    ),
    (Status.SUBMITTED, ""): (
        gettext_lazy("Nothing to do for you: automatic checks are running, for one day at most."), MACHINES,
    ),
    (Status.ADMISSIBILITY, Queue.DESK): (
        gettext_lazy("We examine whether your dossier is admissible, until %(day)s at the latest."), OURS,
    ),
    (Status.INCOMPLETE, Queue.PUBLISHER): (
        gettext_lazy("Your turn until %(day)s: give what is missing."), YOURS,
    ),
    (Status.ASSESSMENT, Queue.ASSESSOR): (
        gettext_lazy("We assess your dossier, until %(day)s at the latest."), OURS,
    ),
    (Status.ASSESSMENT, Queue.SECOND_READER): (
        gettext_lazy("We assess your dossier: a second person reads it again, until %(day)s at the latest."), OURS,
    ),
    (Status.ASSESSMENT, Queue.PRIVACY): (
        gettext_lazy("We assess your dossier: data protection is being checked, until %(day)s at the latest."), OURS,
    ),
    (Status.COMPLEMENT, Queue.PUBLISHER): (
        gettext_lazy("Your turn until %(day)s: answer the request for complements."), YOURS,
    ),
    (Status.READY, Queue.SECRETARIAT): (
        gettext_lazy("We put your dossier on the agenda of the commission, until %(day)s at the latest."), OURS,
    ),
    (Status.COMMISSION, Queue.SECRETARIAT): (
        gettext_lazy("The commission examines your dossier, on %(day)s at the latest."), OURS,
    ),
    (Status.OPINION, Queue.DELEGATE): (
        gettext_lazy("The commission has given its opinion. The minister's delegate decides until %(day)s."), OURS,
    ),
    (Status.OPINION, Queue.CONFIRMER): (
        gettext_lazy("The commission has given its opinion. A second person confirms the decision until %(day)s."),
        OURS,
    ),
    (Status.RESERVATIONS, Queue.PUBLISHER): (
        gettext_lazy("Your turn until %(day)s: lift the reservations of the commission."), YOURS,
    ),
    (Status.RESERVATIONS, Queue.ASSESSOR): (
        gettext_lazy("We examine how you have lifted the reservations, until %(day)s at the latest."), OURS,
    ),
    (Status.AGREEMENT, Queue.PUBLISHER): (
        gettext_lazy("Your turn until %(day)s: sign the agreement."), YOURS,
    ),
    (Status.AGREEMENT, Queue.DESK): (
        gettext_lazy("The health insurance signs the agreement, until %(day)s at the latest."), OURS,
    ),
    (Status.AGREEMENT, Queue.DELEGATE): (
        gettext_lazy("The minister's delegate signs the agreement, until %(day)s at the latest."), OURS,
    ),
    (Status.CONNECTION, Queue.PUBLISHER): (
        gettext_lazy("Your turn until %(day)s: do the connection tests."), YOURS,
    ),
    (Status.CONNECTION, Queue.DESK): (
        gettext_lazy("We verify your connection tests, until %(day)s at the latest."), OURS,
    ),
    (Status.READY_TO_PUBLISH, Queue.DESK): (
        gettext_lazy("We publish the page of your service, until %(day)s at the latest."), OURS,
    ),
    (Status.APPEAL, Queue.APPEALS): (
        gettext_lazy(
            "Somebody who did not take the decision examines your appeal, until %(day)s. Without an answer by then, it "
            "is rejected."
        ),
        OURS,
    ),
    (Status.PUBLISHED, ""): (gettext_lazy("Nothing to do: the service is referenced."), DONE),
    (Status.REFUSED, ""): (
        gettext_lazy("The candidacy is refused. You may appeal, or take it up in a new one."), SHUT,
    ),
    (Status.INADMISSIBLE, ""): (
        gettext_lazy("The dossier is not admissible. You may appeal, or take it up in a new one."), SHUT,
    ),
    (Status.LAPSED, ""): (
        gettext_lazy("The dossier has lapsed: a term was over without an answer. You may take it up in a new one."),
        SHUT,
    ),
    (Status.ABANDONED, ""): (
        gettext_lazy("The candidacy is given up. You may take it up in a new one."), SHUT,
    ),
}  # fmt: skip

_WHO: Mapping[Queue, str | Promise] = {
    Queue.PUBLISHER: gettext_lazy("The publisher has to act, until %(day)s."),
    Queue.DESK: gettext_lazy("The desk has to act, until %(day)s."),
    Queue.ASSESSOR: gettext_lazy("The assessor has to act, until %(day)s."),
    Queue.SECOND_READER: gettext_lazy("The second reader has to act, until %(day)s."),
    Queue.PRIVACY: gettext_lazy("The data-protection check is to be done, until %(day)s."),
    Queue.SECRETARIAT: gettext_lazy("The secretariat of the commission has to act, until %(day)s."),
    Queue.DELEGATE: gettext_lazy("The minister's delegate has to act, until %(day)s."),
    Queue.CONFIRMER: gettext_lazy("A second delegate has to confirm, until %(day)s."),
    Queue.APPEALS: gettext_lazy("The officer for appeals has to act, until %(day)s."),
}

_OVER = (gettext_lazy("Nobody is waited for: the dossier is at its end."), DONE)
_REVIEW: Said = {
    **{
        (status, queue): (sentence, YOURS if queue is not Queue.PUBLISHER else OURS)
        for status in Status
        for queue, sentence in _WHO.items()
    },
    (Status.DRAFT, ""): (gettext_lazy("The publisher is writing this dossier; it has not been sent."), OURS),
    (Status.SUBMITTED, ""): (
        gettext_lazy("Nobody is waited for: automatic checks are running, for one day at most."), MACHINES,
    ),
    **{
        (status, ""): _OVER
        for status in (Status.PUBLISHED, Status.REFUSED, Status.INADMISSIBLE, Status.LAPSED, Status.ABANDONED)
    },
}  # fmt: skip
