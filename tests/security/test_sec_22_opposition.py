"""SEC-22: a whole visit with a code, its failures and its receipt; nothing written down says who came or what."""

from __future__ import annotations

import json
import logging
import re

import pytest

from apps.audit.models import AuditEvent
from apps.common.limits import allow
from apps.rollout.models import Notice, Opposition
from apps.rollout.proofs import proof_of
from apps.rollout.services import identifying
from tests.harness.clock import NOON
from tests.rollout import factories
from tests.rollout.visiting import Visitor
from tests.security.canaries import elsewhere, person
from tests.security.logs import written_lines

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
BORN = "1961-09-17"
MAIL = "zzrecepisse@example.fr"


def whole_visit(code: str) -> tuple[Visitor, Opposition]:
    """A wrong date, the opposition, the receipt and its check."""
    visitor = Visitor()
    visitor.identify(code, "1961-09-18")
    visitor.oppose(code, birth_date=BORN, mail=MAIL)
    row = Opposition.objects.get()
    link = re.search(r'href="(/opposition/recepisse/[^"]+)"', visitor.text)
    assert link is not None
    visitor.client.get(link[1])
    visitor.post("receipt_check", reference=row.reference, proof=proof_of(row.pk))
    visitor.get("opposition_withdraw")
    visitor.post("opposition_withdraw")
    return visitor, row


def test_sec_22_a_visit_with_a_code_leaves_no_value_behind(queue):
    eligible = factories.person(identity=person("OPPOSE", birth_date=BORN), mail="zzregistre@example.fr")
    _notice, code = factories.noticed(eligible)
    with written_lines(logging.DEBUG) as output:
        visitor, row = whole_visit(code)
    marks = {
        "code": code, "code in groups": f"{code[:4]}-{code[4:8]}-{code[8:]}", "birth": BORN, "mail": MAIL,
        "register": "zzregistre@example.fr", "name": "ZZNOMOPPOSE", "first name": "ZZPRENOMOPPOSE",
        "number": eligible.identity.ins_number, "reference": row.reference, "proof": proof_of(row.pk),
    }  # fmt: skip

    places = {
        "log": output.getvalue(),
        "trail": json.dumps([[line.target, line.facts, line.actor_id] for line in AuditEvent.objects.all()]),
        "session": str(dict(visitor.client.session)),
        "facts": str(list(Notice.objects.exclude(kind="receipt").values_list("facts", flat=True))),
        **elsewhere(),
    }
    found = {
        (place, name) for place, text in places.items() for name, mark in marks.items() if mark.lower() in text.lower()
    }

    assert found == set()
    assert output.getvalue()


def test_sec_09_an_alarm_tells_of_guessing_and_names_nobody():
    for number in range(200):
        allow(act=identifying.EVERYBODY, key="", at=NOON)
        del number
    with written_lines() as output:
        assert identifying.identify(typed="K7MF3QXT9BRD", birth_date=BORN, address="192.0.2.1", at=NOON) is None

    lines = [json.loads(line) for line in output.getvalue().splitlines()]
    assert [line["event"] for line in lines if line["event"] == "opposition.guessing"] == ["opposition.guessing"]
    assert "192.0.2.1" not in output.getvalue()
