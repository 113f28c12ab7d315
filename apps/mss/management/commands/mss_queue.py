"""`mss_queue list|retry|park`: the two queues of the mailbox, for an operator (REL-07)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.access import SYSTEM
from apps.mss.services import queues
from apps.mss.services.queues import NotInQueueError, Queue, Waiting


class Command(BaseCommand):
    help = "List what waits in the mailbox's queues (arrivals, outgoing), try a part of it again, or put it aside."

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        shown = acts.add_parser("list", help="one line for each: queue, id, state, reason, tries, since, due")
        shown.add_argument("--queue", choices=[queue.value for queue in Queue])
        shown.add_argument("--limit", type=int, default=1000)
        for act, words in (("retry", "try at once, with five new tries"), ("park", "put aside; nothing is lost")):
            changed = acts.add_parser(act, help=words)
            changed.add_argument("queue", choices=[queue.value for queue in Queue])
            changed.add_argument("id", type=UUID, nargs="+")

    def handle(self, *_args: Any, act: str, **options: Any) -> None:  # noqa: ANN401  Django's signature
        if act == "list":
            self._list([Queue(options["queue"])] if options["queue"] else list(Queue), options["limit"])
            return
        change = queues.retry if act == "retry" else queues.park
        for row_id in options["id"]:
            try:
                change(actor=SYSTEM, queue=Queue(options["queue"]), row_id=row_id, at=timezone.now())
            except NotInQueueError as error:
                msg = f"{row_id} is not there, is over, or is being done. Nothing of it was changed."
                raise CommandError(msg) from error
            self.stdout.write(f"{act} {options['queue']} {row_id}")

    def _list(self, asked: list[Queue], limit: int) -> None:
        for queue in asked:
            rows = queues.waiting(actor=SYSTEM, queue=queue, limit=limit)
            for row in rows:
                self.stdout.write(_line(row))
            state = queues.queue_state(queue=queue, at=timezone.now())
            counts = " ".join(f"{name}={number}" for name, number in state.counts.items())
            self.stdout.write(f"{queue} {counts} oldest_due_seconds={state.oldest_due.total_seconds():.0f}")


def _line(row: Waiting) -> str:
    since, due = (moment.isoformat(timespec="seconds") for moment in (row.since, row.due_at))
    return f"{row.queue} {row.id} {row.state} {row.problem or '-'} {row.attempts} {since} {due}"
