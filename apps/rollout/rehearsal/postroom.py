"""Notices of a day: prepared, sent, printed, handed over; some come back (RO-05, SPA-04)."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from sys import maxsize
from typing import Any
from uuid import UUID

from django.db import connection

from apps.common.dates import PARIS
from apps.notifications.gateways.base import Letter
from apps.notifications.gateways.smtp import message_of
from apps.rollout.jobs import batching, printing, returns, sending
from apps.rollout.jobs.preparing import prepare_due
from apps.rollout.jobs.rehearsing import count_as_sent
from apps.rollout.jobs.returning import Failure, fail
from apps.rollout.models import Notice
from apps.rollout.rehearsal.fates import DRAWN
from apps.rollout.rehearsal.plans import BOUNCED, RETURNED, RETURNED_AFTER, Plan
from apps.rollout.rehearsal.staff import Staff
from apps.rollout.services import posting, returned

_BATCH = 500  # mails of one lease
# Of the notices that left on a day, those whose number says that they come back.
_BACK = f"""
    SELECT n.id FROM rollout_notice AS n JOIN accounts_insidentity AS i ON i.id = n.person_id
    WHERE n.channel = %(channel)s AND n.state = 'sent' AND n.kind IN ('first', 'again') AND n.sent_at >= %(first)s
        AND n.sent_at < %(behind)s AND {DRAWN} / 7 %% 1000 < %(share)s
    ORDER BY i.ins_number, n.kind, n.reader_id IS NULL, n.id
"""  # noqa: S608  constants only


class MakingRelay:
    """Makes each mail, down to the bytes that would go over the wire, and keeps none."""

    simulated = True

    def __init__(self) -> None:
        self.mails = 0
        self.octets = 0

    def hand_over(self, letter: Letter) -> None:
        """Take one mail."""
        self.octets += len(message_of(letter).message().as_bytes())
        self.mails += 1


class Postroom:
    """`tally` counts what left and what came back."""

    def __init__(self, plan: Plan, staff: Staff, tally: Counter[str]) -> None:
        self._plan, self._staff, self._tally = plan, staff, tally
        self.relay = MakingRelay()
        self._to_print = plan.letters

    def send(self, day: int) -> None:
        """Prepare what the capacity of the day allows, and send it by both ways."""
        prepared = prepare_due(at=self._plan.at(day, 8), seconds=maxsize)
        self._tally["notices prepared"] += prepared.mails + prepared.letters
        at = self._plan.at(day, 9)
        if self._plan.makes_mails:
            while left := sending.send_due(relay=self.relay, at=at, at_most=_BATCH, seconds=maxsize):
                self._tally["mails sent"] += left[sending.Outcome.SENT]
        self._print(day)
        counted = count_as_sent(at=at)
        self._tally["mails sent"] += counted.mails
        self._tally["letters sent"] += counted.letters

    def _print(self, day: int) -> None:
        """Letters are really made until there are as many as were wanted."""
        at = self._plan.at(day, 9)
        while self._to_print > 0:
            batches = batching.gather(at=at, everything=True, at_most=1)
            if not batches:
                return
            while printing.make_letters(at=at, seconds=maxsize):
                pass
            for batch in batches:
                letters = posting.hand_over(
                    actor=self._staff.operates(at), batch_id=batch.pk, on=at.astimezone(PARIS).date(), at=at
                )
                self._to_print -= letters
                self._tally["letters sent"] += letters
                self._tally["letters printed"] += letters

    def take_back(self, day: int) -> None:
        """Mails of yesterday that bounce, letters that the post brings back."""
        at = self._plan.at(day, 11)
        mails = self._back(Notice.Channel.MAIL, day - 1, BOUNCED)
        self._tally["mails returned"] += len(mails)
        for notice_id in mails:
            failure = Failure(
                state=Notice.State.RETURNED, reason="smtp-550", actor=returns.ACTOR, expected=(Notice.State.SENT,)
            )
            fail(notice_id=notice_id, failure=failure, at=at)
        letters = [str(notice_id) for notice_id in self._back(Notice.Channel.POST, day - RETURNED_AFTER, RETURNED)]
        self._tally["letters returned"] += len(letters)
        returned.enter_returned(actor=self._staff.operates(at), references=letters, at=at)

    def _back(self, channel: Notice.Channel, day: int, share: int) -> list[UUID]:
        first: datetime = self._plan.at(day, 0)
        values: dict[str, Any] = {
            "seed": str(self._plan.seed),
            "channel": channel.value,
            "share": share,
            "first": first,
            "behind": first + timedelta(days=1),
        }
        with connection.cursor() as cursor:
            cursor.execute(_BACK, values)
            return [notice_id for (notice_id,) in cursor.fetchall()]
