"""Prepares the notices of the waves that run: a code a person, a notice a reader, in slices (SPA-02, SEC-06, REL-10).

One process at a time; each slice is one transaction that reads the stop and the pause again. The capacity of the day
is counted from the rows of the day, so that a run that was killed counts like one that was not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from time import monotonic
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count
from psycopg import sql
from psycopg.types.json import Jsonb

from apps.common.copying import copying
from apps.common.dates import PARIS, midnight
from apps.common.failpoints import reach
from apps.common.ids import uuid7
from apps.common.locks import LockTakenError, advisory_lock
from apps.notifications.writing import new_message_id
from apps.rollout.codes import code_of, mac_of
from apps.rollout.jobs.readers import Reader, readers_of
from apps.rollout.models import EligiblePerson, Notice, NoticeCode, Wave
from apps.rollout.stops import is_stopped
from apps.rollout.transitions import Step, move_many

ACTOR = "rollout.prepare"
SLICE = 5_000  # people a transaction
# After its first notices a wave still writes to whoever becomes free later: a representative found, a death taken back.
SENDING = (
    Wave.State.APPROVED, Wave.State.NOTIFYING, Wave.State.WINDOW, Wave.State.OPENING, Wave.State.CLOSED,
)  # fmt: skip
SECONDS = 150.0  # a run ends well before the time limit of a task; the next one goes on
_LOCK = 0x526F6C6C_4E6F7469  # "RollNoti"
# `i.id` is bound as well: the planner does not conclude it, and would walk over the identities before, slice by slice.
_DUE = sql.SQL("""
    SELECT e.identity_id FROM rollout_eligibleperson AS e JOIN accounts_insidentity AS i ON i.id = e.identity_id
    WHERE e.wave_id = %(wave)s AND e.state = 'ELIGIBLE' AND e.identity_id > %(after)s AND i.id > %(after)s
        AND e.double_of_id IS NULL AND e.hold = '' AND i.died_on IS NULL {room}
    ORDER BY e.identity_id LIMIT %(slice)s FOR UPDATE OF e SKIP LOCKED
""")
# Who surely waits for another day once a way is full: without it, each run walks over the whole wave to find the few
# whose way is not. The first number of the file stands for the readers of minors; whoever has another reader comes
# first on a day with room for both ways.
_MAIL_IS_FULL = sql.SQL("""
    AND NOT (e.situation = 'MAJEUR' AND e.channel = 'courriel' AND e.mail <> '')
    AND NOT (e.situation = 'MINEUR' AND EXISTS (
        SELECT FROM accounts_insidentity AS p JOIN rollout_eligibleperson AS q ON q.identity_id = p.id
        WHERE p.ins_number = e.rl1_number AND q.channel = 'courriel' AND q.mail <> ''
    ))
""")
_POST_IS_FULL = sql.SQL("""
    AND NOT (e.situation = 'MAJEUR' AND NOT (e.channel = 'courriel' AND e.mail <> ''))
    AND NOT (e.situation = 'MINEUR' AND EXISTS (
        SELECT FROM accounts_insidentity AS p JOIN rollout_eligibleperson AS q ON q.identity_id = p.id
        WHERE p.ins_number = e.rl1_number AND NOT (q.channel = 'courriel' AND q.mail <> '')
    ))
""")
_SLICE_PEOPLE = sql.SQL("(SELECT unnest(%(people)s::uuid[]) AS identity_id)")
_CODES = "COPY rollout_noticecode (id, person_id, mac, issued_at, failures) FROM STDIN (FORMAT binary)"
_NOTICES = """
    COPY rollout_notice (
        id, person_id, reader_id, wave_id, code_id, kind, key, channel, state, address, message_id, prepared_at, due_at,
        attempts, reason, facts
    ) FROM STDIN (FORMAT binary)
"""
_NOTICE_TYPES = [
    "uuid", "uuid", "uuid", "uuid", "uuid", "varchar", "varchar", "varchar", "varchar", "varchar", "varchar",
    "timestamptz", "timestamptz", "int2", "varchar", "jsonb",
]  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Prepared:
    """What a run did: people with a new code, notices by channel, people who wait for an operator by reason."""

    people: int = 0
    mails: int = 0
    letters: int = 0
    held: int = 0


@dataclass(slots=True, kw_only=True)
class _Left:
    """What may still be prepared today, by channel."""

    mails: int
    letters: int

    def takes(self, readers: Iterable[Reader], *, by_post: bool) -> bool:
        """Whether the notices of one person still fit; if so they are counted."""
        mails = sum(1 for reader in readers if reader.mail and not by_post)
        letters = sum(1 for reader in readers if not reader.mail or by_post)
        if mails > self.mails or letters > self.letters:
            return False
        self.mails -= mails
        self.letters -= letters
        return True


@dataclass(slots=True, kw_only=True)
class _Slice:
    """What one transaction writes."""

    people: list[UUID] = field(default_factory=list)
    codes: list[tuple[UUID, UUID]] = field(default_factory=list)  # of code and person
    notices: list[tuple[UUID, Reader]] = field(default_factory=list)  # code and reader
    unread: list[UUID] = field(default_factory=list)  # minors without a known representative
    unaddressed: list[UUID] = field(default_factory=list)


def running_waves(*, at: datetime) -> list[Wave]:
    """Waves whose notices may leave today, oldest first."""
    today = at.astimezone(PARIS).date()
    rows = Wave.objects.filter(state__in=SENDING, paused_at=None, first_send_on__lte=today)
    return list(rows.order_by("first_send_on", "number"))


def prepare_due(*, at: datetime, seconds: float = SECONDS) -> Prepared:
    """Prepare what the capacity of the day allows, wave after wave; nothing while another run does.

    A run ends after `seconds` at the next slice.
    """
    done, deadline = Prepared(), monotonic() + seconds
    try:
        with advisory_lock(_LOCK, wait=False):
            for wave in running_waves(at=at):
                _prepare_wave(wave, at=at, done=done, deadline=deadline)
    except LockTakenError:
        return done
    return done


def prepared_on(wave: Wave, *, day: date) -> dict[str, int]:
    """Notices of a wave prepared on a day in Paris, by channel: what its capacity is counted from."""
    rows = Notice.objects.filter(
        wave=wave, prepared_at__gte=midnight(day), prepared_at__lt=midnight(day + timedelta(days=1))
    )
    counted = rows.order_by().values("channel").annotate(number=Count("pk"))
    return {channel.value: 0 for channel in Notice.Channel} | {row["channel"]: row["number"] for row in counted}


def _prepare_wave(wave: Wave, *, at: datetime, done: Prepared, deadline: float) -> None:
    today = prepared_on(wave, day=at.astimezone(PARIS).date())
    left = _Left(mails=wave.mails_a_day - today["mail"], letters=wave.letters_a_day - today["post"])
    after: UUID | None = UUID(int=0)
    if wave.channels == Wave.Channels.POST:
        left.mails = 0
    while after is not None and (left.mails > 0 or left.letters > 0) and monotonic() < deadline:
        after = _prepare_slice(wave, after=after, left=left, at=at, done=done)


@transaction.atomic
def _prepare_slice(wave: Wave, *, after: UUID, left: _Left, at: datetime, done: Prepared) -> UUID | None:
    """The next people of a wave; the last of their ids, or None at the end, at a stop or a pause."""
    # Locked: a wave that is changed or given up meanwhile has written to nobody, or is not changed (RO-04).
    going = Wave.objects.select_for_update(of=("self",)).filter(pk=wave.pk, paused_at=None, state__in=SENDING)
    if is_stopped(wave.pk) or going.first() is None:
        return None
    with connection.cursor() as cursor:
        due = _DUE.format(room=_room(wave, left))
        cursor.execute(due, {"wave": wave.pk, "after": after, "slice": SLICE})
        people = [identity_id for (identity_id,) in cursor.fetchall()]
    if not people:
        return None
    made = _planned(people, readers_of(people, at=at), wave=wave, left=left)
    _write(made, wave=wave, at=at)
    reach("rollout.preparing.before_commit")
    done.people += len(made.people)
    letters = sum(1 for _code, reader in made.notices if not _by_mail(reader, wave))
    done.letters += letters
    done.mails += len(made.notices) - letters
    done.held += len(made.unread) + len(made.unaddressed)
    last: UUID = people[-1]
    return last


def _room(wave: Wave, left: _Left) -> sql.Composable:
    """The condition that leaves out whose way is full for today; in a wave by post everybody has the same."""
    if wave.channels == Wave.Channels.POST or (left.mails > 0 and left.letters > 0):
        return sql.SQL("")
    return _POST_IS_FULL if left.letters <= 0 else _MAIL_IS_FULL


def _planned(people: list[UUID], readers: list[Reader], *, wave: Wave, left: _Left) -> _Slice:
    """Who gets what; who finds no room today stays for tomorrow."""
    made = _Slice()
    by_person = {person_id: list(group) for person_id, group in groupby(readers, key=lambda reader: reader.person_id)}
    for person_id in people:
        mine = by_person.get(person_id)
        if mine is None:
            made.unread.append(person_id)
            continue
        reached = [reader for reader in mine if reader.has_street or _by_mail(reader, wave)]
        if not reached:
            made.unaddressed.append(person_id)
        elif left.takes(reached, by_post=wave.channels == Wave.Channels.POST):
            code_id = uuid7()
            made.people.append(person_id)
            made.codes.append((code_id, person_id))
            made.notices += [(code_id, reader) for reader in reached]
    return made


def _by_mail(reader: Reader, wave: Wave) -> bool:
    return bool(reader.mail) and wave.channels != Wave.Channels.POST


def _write(made: _Slice, *, wave: Wave, at: datetime) -> None:
    hold = EligiblePerson.objects.filter
    hold(pk__in=made.unread).update(hold=EligiblePerson.Hold.NO_REPRESENTATIVE)
    hold(pk__in=made.unaddressed).update(hold=EligiblePerson.Hold.RETURNED)
    # Somebody who was written to before, died by mistake and is back: one live code (SEC-06).
    written_to = [reader.person_id for _code, reader in made.notices if reader.had_notice]
    NoticeCode.objects.filter(person__in=written_to, ended_at=None).update(ended_at=at)
    with copying(_CODES) as copy:
        copy.set_types(["uuid", "uuid", "bytea", "timestamptz", "int2"])
        for code_id, person_id in made.codes:
            copy.write_row((code_id, person_id, mac_of(code_of(code_id)), at, 0))
    with copying(_NOTICES) as copy:
        copy.set_types(_NOTICE_TYPES)
        for row in _rows(made, wave=wave, at=at):
            copy.write_row(row)
    step = Step(to=EligiblePerson.State.NOTICE_QUEUED, at=at, actor=ACTOR)
    move_many(step, source=_SLICE_PEOPLE, people=made.people)


def _rows(made: _Slice, *, wave: Wave, at: datetime) -> Iterator[tuple[object, ...]]:
    for code_id, reader in made.notices:
        is_mail = _by_mail(reader, wave)
        channel = Notice.Channel.MAIL if is_mail else Notice.Channel.POST
        key = f"first:{code_id}" if reader.had_notice else "first"
        yield (
            uuid7(), reader.person_id, reader.reader_id, wave.pk, code_id, Notice.Kind.FIRST.value, key, channel.value,
            Notice.State.PREPARED.value, "", new_message_id() if is_mail else "", at, at, 0, "", Jsonb({}),
        )  # fmt: skip
