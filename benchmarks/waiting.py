"""People whose six weeks are over: a wave, codes and sent notices for everybody of the register, without sending."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from typing import Any

import psycopg
from django.db import connection, transaction
from psycopg import sql

from apps.accounts.models import User
from apps.common.dates import PARIS
from apps.rollout.models import EligiblePerson, Wave
from apps.rollout.transitions import Step, move_many
from apps.rollout.window import window_end

State = EligiblePerson.State
_EVERYBODY = sql.SQL("(SELECT identity_id FROM rollout_eligibleperson)")
_SENT = sql.SQL(", wave_id = %(wave)s, notice_sent_at = %(at)s, window_ends_at = %(end)s")
# The hashes belong to no code: nobody types one here.
_CODES = """
    INSERT INTO rollout_noticecode (id, person_id, mac, issued_at, failures)
    SELECT uuidv7(), identity_id, sha256(identity_id::text::bytea), %(at)s, 0
    FROM rollout_eligibleperson WHERE state = 'NOTICE_SENT'
"""
_NOTICES = """
    INSERT INTO rollout_notice (
        id, person_id, wave_id, code_id, kind, key, channel, state, address, message_id, prepared_at, attempts, sent_at,
        window_ends_at, reason, facts)
    SELECT uuidv7(), e.identity_id, e.wave_id, c.id, 'first', 'first',
        CASE e.channel WHEN 'courriel' THEN 'mail' ELSE 'post' END, 'sent', '',
        CASE e.channel WHEN 'courriel' THEN '<' || c.id || '@benchmark.test>' ELSE '' END, %(at)s, 1, %(at)s, %(end)s,
        '', '{}'
    FROM rollout_noticecode AS c JOIN rollout_eligibleperson AS e ON e.identity_id = c.person_id
"""


@transaction.atomic
def everybody_waited(*, at: datetime) -> Wave:
    """Whoever is eligible got a notice fifty days before `at` and said nothing; two people let the wave open."""
    sent_at = at - timedelta(days=50)
    wave = _wave(sent_at)
    values: dict[str, Any] = {"wave": wave.pk, "end": window_end(sent_at)}
    move_many(_step(State.NOTICE_QUEUED, sent_at), source=_EVERYBODY)
    move_many(_step(State.NOTICE_SENT, sent_at), source=_EVERYBODY, sets=_SENT, **values)
    with connection.cursor() as cursor:
        for statement in (_CODES, _NOTICES):
            cursor.execute(statement, {**values, "at": sent_at})
    return wave


def tidy() -> None:
    """What the server does by itself between two days."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("VACUUM (ANALYZE) rollout_eligibleperson")


def _step(to: State, at: datetime) -> Step:
    return Step(to=to, at=at, actor="benchmark")


def _wave(at: datetime) -> Wave:
    author, approver = (User.objects.create() for _ in range(2))
    return Wave.objects.create(
        number=1,
        name="benchmark",
        state=Wave.State.OPENING,
        services=["dmp", "mss"],
        first_send_on=at.astimezone(PARIS).date(),
        mails_a_day=1,
        letters_a_day=1,
        author=author,
        created_at=at,
        approver=approver,
        approved_at=at,
        opening_asked_by=author,
        opening_asked_at=at,
        opening_approved_by=approver,
        opening_approved_at=at,
    )
