"""Opening the spaces that are due."""

from __future__ import annotations

from datetime import datetime

from apps.audit.services import Line, record
from apps.common.locks import advisory_lock
from apps.rollout.jobs import opening
from apps.rollout.jobs.progress import Listener, nobody
from apps.rollout.models import EligiblePerson
from apps.rollout.services.runs import LOCK, UnfinishedImportError, system, unfinished


def open_spaces(*, at: datetime, lanes: int = 1, progress: Listener = nobody) -> opening.Opened:
    """Open the space of everybody who is eligible and alive, once and only once (SPA-03, ROL-21).

    Representatives of minors and of adults who are represented for their person get their right with it, up to its end
    (SPA-48, SPA-50). Each space has its line in the trail. Killed in the middle, the next run goes on. `lanes`: slices
    at work at once, each on its own connection.
    Raises `UnfinishedImportError` while an import is half written: doubles might not be held yet (decisions.md 31).
    The notices and the window of six weeks come with their own feature: from then on a person is due when the window of
    the notice is over and nobody opposed (SPA-03, ROL-14).
    """
    with advisory_lock(LOCK, wait=True):
        already = EligiblePerson.objects.filter(state=EligiblePerson.State.OPEN).count()
        half_written = unfinished()
        if half_written is not None:
            raise UnfinishedImportError(half_written.file_name)
        opened = opening.open_due(at=at, lanes=lanes, progress=progress)
    waiting = EligiblePerson.objects.exclude(state=EligiblePerson.State.OPEN).count()
    result = opening.Opened(opened=opened, already=already, not_opened=waiting)
    facts = {"opened": result.opened, "not_opened": result.not_opened}
    record(actor=system(at), at=at, line=Line(action="rollout.opening.run", actor_id="rollout.open", facts=facts))
    return result
