"""S-08 under texts that would run, values that are no answers, and with marked people in the register."""

from __future__ import annotations

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from apps.audit.services import AuditEvent
from apps.rollout.models import Activation
from tests import factories
from tests.cast import client_of
from tests.harness.client import PortalClient
from tests.rollout import factories as rollout
from tests.rollout.activation_pages import IDENTIFY, START, begun, full, path, signed, typed
from tests.security.canaries import person as marked_person
from tests.security.hostile import CORPUS, name_person, skeleton
from tests.security.logs import written_lines
from tests.security.test_sec_32_bad_input import NUMBERS, TEXTS, TOKENS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
STEPS = ("identity", "contact", "sign_in", "choices")
PARTS = 4


@pytest.fixture(autouse=True)
def _no_tries(settings):
    cache.clear()
    settings.LIMITS = {**settings.LIMITS, "opposition_address": (100_000, 3600)}


@pytest.mark.parametrize("texts", [CORPUS[number::PARTS] for number in range(PARTS)], ids=range(PARTS))
def test_sec_07_names_of_the_register_stay_text_on_every_step(texts):
    person = rollout.person()
    client = signed(person.identity)
    client.braces_allowed = True
    row = begun(client, person)
    calm = {step: skeleton(client.get(path(step, row))).tags for step in STEPS}
    for text in texts:
        name_person(person.identity, text)
        for step in STEPS:
            found = skeleton(client.get(path(step, row)))
            assert found.faults == [], (step, text)
            assert found.tags == calm[step], (step, text)
        assert skeleton(client.get(START)).faults == []


def test_sec_07_what_is_typed_stays_text():
    client = Client()  # the guard of the harness takes `javascript:` in the value of a field for a fault
    for text in CORPUS:
        page = client.post(IDENTIFY, {"code": text, "day": text, "month": text, "year": text, "number": text})
        assert page.status_code == 422, text
        assert skeleton(page).faults == [], text


@pytest.mark.parametrize("field", ["code", "day", "month", "year", "number"])
def test_sec_32_any_value_is_a_page(field):
    client, identity = PortalClient(), factories.identity()
    client.braces_allowed = True
    for value in [*NUMBERS, *TEXTS, *TOKENS]:
        answers = {**typed("K7MF3QXT9BRD", full(identity)), field: value}
        assert client.post(IDENTIFY, answers).status_code == 422, (field, value[:30])


@pytest.mark.parametrize("field", ["break_glass", "call", "masked"])
def test_sec_32_any_choice_is_an_answer_or_told(field):
    person = rollout.person()
    client = signed(person.identity)
    client.braces_allowed = True
    row = begun(client, person)
    later = dict.fromkeys(("break_glass", "call", "masked"), "plus-tard")
    for value in [*NUMBERS, *TEXTS, *TOKENS]:
        assert client.post(path("choices", row), {**later, field: value}).status_code == 422, value[:30]
    row.refresh_from_db()
    assert row.finished_at is None


@pytest.mark.parametrize("value", [*TEXTS, "a@", "@b", "a@b@c.fr", "a b@example.fr", "x" * 300 + "@example.fr"])
def test_sec_32_no_code_goes_to_what_is_no_address(value):
    person = rollout.person()
    client = signed(person.identity)
    client.braces_allowed = True
    row = begun(client, person)
    assert client.post(path("contact", row), {"email": value}).status_code == 422
    assert mail.outbox == []


def test_sec_22_nothing_of_the_person_is_written_down():
    identity = marked_person("ACTIVE")
    person = rollout.person(identity=identity, mail="zzactive@example.fr")
    _notice, code = rollout.noticed(person)
    marks = ("zznom", "zzprenom", "zzusage", "zzdit", "zzactive", code.lower(), identity.ins_number)
    with written_lines() as lines:
        client = client_of(None)
        client.post(IDENTIFY, typed("K7MF3QXT9BRD", full(identity)))
        client.post(IDENTIFY, typed(code, full(identity)))
        row = Activation.objects.get()
        for step in STEPS:
            client.get(path(step, row))
        client.post(path("choices", row))
        page = client.get(path("done", row))
    assert page.status_code == 200
    trail = " ".join(f"{line.action} {line.target} {line.actor_id} {line.facts}" for line in AuditEvent.objects.all())
    written = (lines.getvalue() + trail).lower()
    assert "request_finished" in written
    assert [mark for mark in marks if mark in written] == []


def test_sec_22_neither_address_nor_title_names_the_person():
    identity = marked_person("TITRE")
    person = rollout.person(identity=identity)
    client = signed(identity)
    row = begun(client, person)
    for step in STEPS:
        page = client.get(path(step, row))
        title = page.content.decode().partition("<title>")[2].partition("</title>")[0].lower()
        assert "zz" not in title
        assert "zz" not in page.request["PATH_INFO"].lower()


def test_sec_14_a_link_activates_nothing():
    person = rollout.person()
    client = signed(person.identity)
    assert client.get(reverse("rollout:activation_begin", args=[person.pk])).status_code == 405
    row = begun(client, person)
    client.get(path("choices", row), {"withdraws": "on", "break_glass": "oui", "call": "oui", "masked": "oui"})
    person.refresh_from_db()
    assert person.state == "ELIGIBLE"
