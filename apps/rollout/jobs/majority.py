"""People who turn 18: a notice and six weeks of their own, beside the space that is open already (SPA-48)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from psycopg import sql

from apps.rollout.jobs.readers import Reader, readers_of
from apps.rollout.jobs.representatives import MAJORITY
from apps.rollout.models import EligiblePerson, Notice
from apps.rollout.transitions import Step, move, move_many
from apps.rollout.writing import NewNotice, new_code, write_notice

ACTOR = "rollout.majority"
KEY = "majority"
AT_MOST = 2_000  # people a run
State = EligiblePerson.State
# Minors by the file's word whose notice went to a representative, though it left after the birthday: of an open space,
# or of one that is still to open.
_NEW_ADULTS = f"""
    SELECT e.identity_id FROM rollout_eligibleperson AS e
    JOIN accounts_insidentity AS i ON i.id = e.identity_id
    LEFT JOIN spaces_healthspace AS h ON h.identity_id = e.identity_id
    WHERE e.situation = 'MINEUR' AND e.state IN ('OPEN', 'OPEN_ACTIVE', 'NOTICE_SENT') AND i.died_on IS NULL
        AND (h.status = 'open' OR h.id IS NULL) AND ({MAJORITY}) <= %(at)s
        AND (COALESCE(e.notice_sent_at, h.opened_at) < ({MAJORITY}) OR EXISTS (
            SELECT FROM rollout_notice AS n
            WHERE n.person_id = e.identity_id AND n.reader_id IS NOT NULL AND n.sent_at = e.notice_sent_at
        ))
        AND NOT EXISTS (SELECT FROM rollout_notice AS n WHERE n.person_id = e.identity_id AND n.kind = 'majority')
        AND (e.channel = 'courriel' AND e.mail <> '' OR e.street <> '' AND e.post_code <> '' AND e.city <> '')
    ORDER BY e.identity_id LIMIT %(at_most)s
"""  # noqa: S608  constants only
# A window beside an open space ends where it began: nothing is opened, no wave is asked.
_OVER = """(
    SELECT e.identity_id FROM rollout_eligibleperson AS e JOIN spaces_healthspace AS h ON h.identity_id = e.identity_id
    WHERE e.state = 'NOTICE_SENT' AND e.window_ends_at <= %(at)s AND e.hold NOT IN ('conflict', 'claim')
        AND (h.account_activated_at IS NULL) = {}
)"""


def notify_new_adults(*, at: datetime, at_most: int = AT_MOST) -> int:
    """Write to those who came of age since their representative was written to, once; returns how many.

    Their new code ends that of the notice of their childhood. A window that had not ended begins anew. Somebody who can
    be written to nowhere is looked at again by the next run.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NEW_ADULTS, {"at": at, "at_most": at_most})
        people = [person_id for (person_id,) in cursor.fetchall()]
    own = {reader.person_id: reader for reader in readers_of(people, at=at) if reader.reader_id is None}
    return sum(_notify(person_id, own[person_id], at) for person_id in people if person_id in own)


@transaction.atomic
def _notify(person_id: UUID, reader: Reader, at: datetime) -> bool:
    if not reader.mail and not reader.has_street:
        return False
    rows = EligiblePerson.objects.select_for_update(of=("self",), skip_locked=True)
    states = (State.OPEN, State.OPEN_ACTIVE, State.NOTICE_SENT)
    person = rows.filter(pk=person_id, state__in=states).exclude(notices__kind=Notice.Kind.MAJORITY).first()
    if person is None:
        return False
    channel = Notice.Channel.MAIL if reader.mail else Notice.Channel.POST
    code = new_code(person=person, at=at)
    new = NewNotice(kind=Notice.Kind.MAJORITY, key=KEY, channel=channel, code=code)
    write_notice(person=person, new=new, at=at)
    is_held_as_minor = person.hold == EligiblePerson.Hold.NO_REPRESENTATIVE
    hold = "" if is_held_as_minor else person.hold
    move(person, Step(to=State.NOTICE_QUEUED, at=at, actor=ACTOR), hold=hold, window_ends_at=None)
    return True


def end_windows(*, at: datetime) -> int:
    """The six weeks of people whose space is open already are over: back to what the space is; returns how many."""
    ended = 0
    for to, never_activated in ((State.OPEN, "true"), (State.OPEN_ACTIVE, "false")):
        source = sql.SQL(_OVER).format(sql.SQL(never_activated))
        ended += move_many(Step(to=to, at=at, actor=ACTOR, reason=KEY), source=source)
    return ended
