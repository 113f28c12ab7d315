"""Rows of the roll-out for tests: plain functions, keyword-only, valid by default."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta
from typing import Any

from apps.accounts.models import StaffRole
from apps.common.ids import uuid7
from apps.rollout.codes import code_of, mac_of
from apps.rollout.models import EligiblePerson, ImportRun, Notice, NoticeCode, Wave
from apps.rollout.window import window_end
from tests import factories
from tests.harness.clock import NOON

_numbers = itertools.count(10_001)  # far from those that the service gives


def run(**values: Any) -> ImportRun:
    """An import that is done and took in all its lines."""
    defaults = {
        "file_name": "fichier.csv",
        "started_at": NOON,
        "finished_at": NOON,
        "state": ImportRun.State.DONE,
        "read": 1_000,
        "accepted": 1_000,
    }
    return ImportRun.objects.create(**{**defaults, **values})


def person(**values: Any) -> EligiblePerson:
    """An adult of Loire-Atlantique with an e-mail address, eligible; `identity` may be given."""
    imported = values.pop("run", None) or run()
    defaults = {
        "identity": values.pop("identity", None) or factories.identity(),
        "scheme": "RG",
        "situation": EligiblePerson.Situation.ADULT,
        "mail": "alice.morel@example.fr",
        "channel": EligiblePerson.Channel.MAIL,
        "street": "3 RUE DES ESSAIS",
        "post_code": "44000",
        "city": "NANTES",
        "commune": "44109",
        "department": "44",
        "fingerprint": "0" * 32,
        "state": EligiblePerson.State.ELIGIBLE,
        "state_at": NOON,
        "first_run": imported,
        "changed_run": imported,
    }
    return EligiblePerson.objects.create(**{**defaults, **values})


def wave(**values: Any) -> Wave:
    """An approved wave of the pilot whose notices may leave, with an author and an approver of their own."""
    state = values.get("state", Wave.State.NOTIFYING)
    defaults: dict[str, Any] = {
        "number": next(_numbers),
        "name": "Loire-Atlantique",
        "departments": ["44"],
        "services": ["dmp", "mss"],
        "first_send_on": date(2026, 9, 14),
        "mails_a_day": 100_000,
        "letters_a_day": 20_000,
        "created_at": NOON,
        "state": state,
    }
    defaults["author"] = values.pop("author", None) or factories.staff(StaffRole.OPERATOR)
    if state not in {Wave.State.DRAFT, Wave.State.CANCELLED}:
        defaults |= {"approver": factories.staff(StaffRole.APPROVER), "approved_at": NOON}
    return Wave.objects.create(**{**defaults, **values})


def opening_wave(**values: Any) -> Wave:
    """A wave that two people let open."""
    made = wave(state=Wave.State.OPENING, **values)
    made.opening_asked_by, made.opening_asked_at = made.author, NOON
    made.opening_approved_by, made.opening_approved_at = made.approver, NOON
    made.save()
    return made


def noticed(who: EligiblePerson, *, sent_at: datetime = NOON - timedelta(days=10), **values: Any) -> tuple[Notice, str]:
    """A notice by mail that left then, with its code; the person waits for the end of the window."""
    code_id = uuid7()
    code = code_of(code_id)
    row = NoticeCode.objects.create(id=code_id, person=who, mac=mac_of(code), issued_at=sent_at)
    end = window_end(sent_at)
    defaults = {
        "person": who,
        "wave": who.wave,
        "code": row,
        "kind": Notice.Kind.FIRST,
        "key": "first",
        "channel": Notice.Channel.MAIL,
        "state": Notice.State.SENT,
        "message_id": f"<{code_id}@localhost>",
        "prepared_at": sent_at,
        "sent_at": sent_at,
        "window_ends_at": end,
    }
    notice = Notice.objects.create(**{**defaults, **values})
    who.state, who.state_at = EligiblePerson.State.NOTICE_SENT, sent_at
    who.notice_sent_at, who.window_ends_at = sent_at, end
    who.save()
    return notice, code


def asked_to_confirm(who: EligiblePerson, *, at: datetime = NOON, **values: Any) -> Notice:
    """The letter that asks for the second opposition of somebody who had a DMP; it left then."""
    defaults = {
        "person": who,
        "kind": Notice.Kind.CONFIRM,
        "key": "confirm",
        "channel": Notice.Channel.POST,
        "state": Notice.State.SENT,
        "prepared_at": at,
        "sent_at": at,
    }
    return Notice.objects.create(**{**defaults, **values})


def everybody_waited(*, at: datetime = NOON, **values: Any) -> Wave:
    """Whoever is eligible got a notice fifty days before and said nothing; two people let the wave open."""
    made = opening_wave(**values)
    for who in EligiblePerson.objects.filter(state=EligiblePerson.State.ELIGIBLE).order_by("pk"):
        who.wave = made
        noticed(who, sent_at=at - timedelta(days=50))
    return made


def again(row: Any) -> Any:
    """The row as it is now."""
    row.refresh_from_db()
    return row
