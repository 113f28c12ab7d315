"""The desk's list and what comes of it (RV-14, STO-50 to STO-54)."""

from __future__ import annotations

import pytest

from apps.access import AccessDeniedError
from apps.accounts.models import StaffRole
from apps.files.models import StoredFile
from apps.store import reasons
from apps.store.models import AdmissibilityItem, Decision, Mail, Request
from apps.store.services import admitting
from apps.store.services.admitting import Line, Rejection
from apps.store.services.cases import NotAssignedError
from apps.store.services.errors import ChangedError, GuardError, UnknownRowError, WrongValueError
from apps.store.states import Queue, Status
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.review import world

pytestmark = pytest.mark.django_db
ALL_YES = {code: Line(is_met=True) for code in reasons.ADMISSIBILITY}
WHY = Rejection(ground="R1111-39", facts="Le service vend des assurances.", criteria=("CRI-ELI-01",))


@pytest.fixture
def dora():
    return world.desk_officer()


@pytest.fixture
def dossier(dora):
    return world.admissibility(dora)


def given(who, of, **values):
    return {"actor": factories.at_work(who), "candidacy_id": of.id, "seen": of.sequence, "at": NOON, **values}


def test_the_list_is_kept_line_by_line(dora, dossier):
    admitting.save_list(**given(dora, dossier), lines={"mandate": Line(is_met=False, note=" Expiré. ")})
    admitting.save_list(**given(dora, dossier), lines={"mandate": Line(is_met=True), "field": Line(is_met=True)})
    rows = dict(AdmissibilityItem.objects.order_by("item").values_list("item", "is_met"))
    assert rows == {"field": True, "mandate": True}


def test_a_line_that_is_none(dora, dossier):
    with pytest.raises(WrongValueError):
        admitting.save_list(**given(dora, dossier), lines={"x": Line(is_met=True)})


def test_sto_50_all_yes_goes_to_the_assessors(dora, dossier):
    admitting.save_list(**given(dora, dossier), lines=ALL_YES)
    admitting.accept(**given(dora, dossier))
    dossier.refresh_from_db()
    assert (dossier.status, dossier.queue, dossier.assignee_id) == (Status.ASSESSMENT, Queue.ASSESSOR, None)
    assert dossier.clock.get().started_at == NOON
    assert list(Mail.objects.values_list("template", flat=True)) == ["dossier_accept"]


def test_sto_50_not_while_a_line_is_no(dora, dossier):
    admitting.save_list(**given(dora, dossier), lines={**ALL_YES, "field": Line(is_met=False)})
    with pytest.raises(GuardError) as told:
        admitting.accept(**given(dora, dossier))
    assert told.value.missing == ("admissibility-open",)


def test_sto_51_missing_pieces(dora, dossier):
    made = admitting.ask_missing(
        **given(dora, dossier), items={"impact": "L'analyse d'impact manque.", "page": " "}, text="Bonjour,"
    )
    dossier.refresh_from_db()
    assert (dossier.status, dossier.queue) == (Status.INCOMPLETE, Queue.PUBLISHER)
    assert (made.kind, made.days, made.due_at) == (Request.Kind.MISSING, 30, dossier.due_at)
    assert list(made.items.values_list("item", "text")) == [("impact", "L'analyse d'impact manque.")]
    assert list(Mail.objects.values_list("template", flat=True)) == ["dossier_ask"]


@pytest.mark.parametrize("items", [{}, {"impact": " "}, {"inconnu": "x"}])
def test_sto_51_something_has_to_be_named(dora, dossier, items):
    with pytest.raises(WrongValueError):
        admitting.ask_missing(**given(dora, dossier), items=items, text="")


def test_sto_54_a_rejection_has_reasons_and_a_notice(dora, dossier):
    decision = admitting.reject(**given(dora, dossier), why=WHY)
    dossier.refresh_from_db()
    assert (dossier.status, dossier.queue, dossier.due_at) == (Status.INADMISSIBLE, "", None)
    assert (decision.kind, decision.is_adverse, decision.decided_by_id) == ("inadmissible", True, dora.pk)
    assert (decision.notified_at, len(decision.sha256)) == (NOON, 64)
    assert StoredFile.objects.filter(pk=(decision.vault_id, decision.file_id)).exists()
    assert list(Mail.objects.values_list("template", flat=True)) == ["dossier_reject"]


@pytest.mark.parametrize("why", [Rejection(ground="", facts="x"), Rejection(ground="R1111-39", facts=" ")])
def test_sto_11_without_ground_or_facts_nothing_is_rejected(dora, dossier, why):
    with pytest.raises(WrongValueError):
        admitting.reject(**given(dora, dossier), why=why)
    assert not Decision.objects.exists()


ACTS = [
    (admitting.save_list, {"lines": ALL_YES}),
    (admitting.accept, {}),
    (admitting.ask_missing, {"items": {"impact": "x"}, "text": ""}),
    (admitting.reject, {"why": WHY}),
]


@pytest.mark.parametrize(("act", "values"), ACTS)
class TestRefusals:
    def test_s34_from_an_old_page(self, act, values, dora, dossier):
        with pytest.raises(ChangedError):
            act(**given(dora, dossier, seen=5), **values)
        assert not Mail.objects.exists()

    def test_a_colleague_who_does_not_have_it(self, act, values, dossier):
        eve = world.desk_officer()
        world.declared(dossier, eve)
        with pytest.raises(NotAssignedError):
            act(**given(eve, dossier), **values)

    def test_another_role(self, act, values, dossier):
        with pytest.raises(AccessDeniedError):
            act(**given(world.assessor(), dossier), **values)

    def test_in_another_state(self, act, values, dora):
        late = factories.candidacy(Status.READY_TO_PUBLISH, desk_officer=dora, assignee=dora, assigned_at=NOON)
        world.declared(late, dora)
        with pytest.raises(NotAssignedError):
            act(**given(dora, late), **values)

    def test_s33_with_a_link(self, act, values, dossier):
        eve = factories.reviewer(StaffRole.DESK)
        world.declared(dossier, eve, has_link=True)
        with pytest.raises(UnknownRowError):
            act(**given(eve, dossier), **values)
