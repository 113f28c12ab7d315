"""A contested result waits for a person: in the turn that runs, in the next one, or at the desk (L18)."""

from __future__ import annotations

import pytest

from apps.accounts.models import StaffRole
from apps.store import transitions
from apps.store.models import Candidacy, CandidacyStep, Listing
from apps.store.services import checking, replying
from apps.store.states import ListingStatus, Queue
from tests.cast import client_of
from tests.dmp.pages import words_of
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.evidence import world as files
from tests.store.review import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def pia():
    return factories.member()


def failed(dossier: Candidacy, kind: str = "legal_links", **values) -> CandidacyStep:
    given = {"outcome": "fail", "state": "done", "round": 1, "cause": "submission"}
    return dossier.steps.create(
        kind=kind, target="https://x.example/", due_at=NOON, asked_at=NOON, finished_at=NOON, **{**given, **values}
    )


def contest(by, step: CandidacyStep) -> None:
    checking.contest(actor=factories.as_publisher(by), step_id=step.pk, text="La page répond.", at=NOON)


def set_aside(by, step: CandidacyStep) -> CandidacyStep:
    return checking.override(
        actor=factories.at_work(by), step_id=step.pk, outcome="pass", reason="Vu.", seen="", at=NOON
    )


def reasons(dossier: Candidacy) -> list[str]:
    dossier.refresh_from_db()
    return dossier.reasons


def test_l18_the_turn_that_runs_says_so_until_a_person_has_looked(pia):
    sam = world.assessor()
    dossier = world.assessment(sam, by=pia)
    one, other = failed(dossier), failed(dossier, "accessibility", outcome="flag")
    contest(pia, one), contest(pia, other)
    assert reasons(dossier) == ["contested"]
    assert "Résultat contesté" in words_of(client_of(sam).get("/instruction/?vue=signales"))
    set_aside(sam, one)
    assert reasons(dossier) == ["contested"]
    set_aside(sam, other)
    assert reasons(dossier) == []


def test_l18_a_result_of_security_waits_for_its_second_person(pia):
    sam, dora = world.assessor(), world.desk_officer()
    dossier = world.assessment(sam, by=pia)
    world.declared(dossier, dora)
    step = failed(dossier, "tls")
    contest(pia, step)
    mark = checking.override_mark(set_aside(sam, step))
    assert reasons(dossier) == ["contested"]
    checking.confirm_override(actor=factories.at_work(dora), step_id=step.pk, seen=mark, at=NOON)
    assert reasons(dossier) == []


def test_l18_contested_during_the_turn_of_the_publisher_the_next_one_knows(pia):
    dossier, request = files.asked(pia, "CRI-SEC-05")
    contest(pia, failed(dossier))
    assert reasons(dossier) == [], "nobody of the back office is waited for"
    given = replying.Reply(text="Voici.", seen="")
    replying.reply(actor=factories.as_publisher(pia), item_id=request.items.get().pk, given=given, at=NOON)
    replying.send(actor=factories.as_publisher(pia), candidacy_id=dossier.pk, seen=0, at=NOON)
    assert "contested" in reasons(dossier)


def test_l2_one_of_a_former_round_waits_for_nobody(pia):
    dossier = world.assessment(world.assessor(), by=pia)
    contest(pia, failed(dossier))
    failed(dossier, round=2, outcome="pass")
    transitions.note_contests(dossier)
    assert reasons(dossier) == []


@pytest.mark.parametrize(
    ("status", "turn", "expected"),
    [
        (ListingStatus.PUBLISHED, {}, Queue.DESK),
        (ListingStatus.FORMAL_NOTICE, {"queue": "editeur", "due_at": NOON, "waits_since": NOON}, Queue.PUBLISHER),
    ],
)
def test_l18_of_a_referenced_service_the_desk_gets_it(pia, status, turn, expected):
    factories.reviewer(StaffRole.DESK)
    listing = factories.listing(status, by=pia, **turn)
    contest(pia, failed(listing.candidacy, cause="weekly"))
    listing = Listing.objects.get(pk=listing.pk)
    assert (listing.queue, listing.reasons) == (expected, ["contested"])
