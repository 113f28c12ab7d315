"""Six dossiers of the demonstration: their states, the catalogue, what stays due for the workers, nothing broken."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta

import pytest
from django.db import transaction

from apps.common.dates import PARIS
from apps.common.invariants import findings
from apps.files.models import StoredFile
from apps.journeys.demonstration import store, store_dossiers, store_passing
from apps.journeys.demonstration.staff import CONFIRMER, DELEGATE, load_staff
from apps.journeys.demonstration.store_plans import plan_of, plans
from apps.journeys.demonstration.waves import imported_at
from apps.store import clocks, subjects
from apps.store.checks.base import Tools
from apps.store.jobs import advancing
from apps.store.models import Candidacy, CandidacyStep, Decision, Listing, Mail, RequestItem, Service, Session
from apps.store.services import catalogue, judging
from tests.journeys.store_sites import broken_site, recorded

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 26)
NOW = datetime.combine(TODAY, time(15), PARIS)
SINCE = imported_at(TODAY)
NAMES = {plan.key: plan.name for plan in plans()}
KNOWN = {"mauvais.service-demo.example": "un-code-deja-colle"}


@pytest.fixture(scope="module")
def state(django_db_setup, django_db_blocker, tmp_path_factory):
    """Loaded once for the module, and rolled back at its end: nine rounds of checks take their time."""
    folder = tmp_path_factory.mktemp("state")
    (folder / "candidate-site").mkdir()
    (folder / "candidate-site" / "proofs.json").write_text(json.dumps(KNOWN), encoding="utf-8")
    with django_db_blocker.unblock(), transaction.atomic():
        load_staff(at=SINCE)
        store.load_store(today=TODAY, since=SINCE, at=NOW)
        store_dossiers.load_dossiers(today=TODAY, since=SINCE, at=NOW, state=folder)
        yield folder
        transaction.set_rollback(True)


@pytest.fixture
def dossier(state):
    def by_key(key: str) -> Candidacy:
        return Candidacy.objects.select_related("service", "publisher").get(service__name=NAMES[key])

    return by_key


def email_of(user) -> str:
    return user.email if user else ""


def test_each_dossier_stands_in_another_state(state):
    rows = Candidacy.objects.values_list("service__name", "status", "queue")
    assert {name: (status, queue) for name, status, queue in rows} == {
        "Journal du sommeil": ("publie", ""),
        "Carnet Tension": ("publie", ""),
        "Bilan minute": ("refuse", ""),
        "Pas à pas": ("instruction", "instructeur"),
        "Réveil doux": ("depose", ""),
        "Carnet Vaccins": ("brouillon", ""),
    }


def test_their_numbers_follow_the_days_on_which_they_were_begun(state):
    rows = list(Candidacy.objects.order_by("number").values_list("created_at", flat=True))
    assert rows == sorted(rows)


def test_time_goes_forward_from_one_act_to_the_next(state):
    for row in Candidacy.objects.all():
        moments = list(row.events.order_by("sequence").values_list("at", flat=True))
        assert moments == sorted(moments), row.number
        assert moments[0] > SINCE
        assert moments[-1] < NOW
    for row in Listing.objects.all():
        moments = list(row.events.order_by("sequence").values_list("at", flat=True))
        assert moments == sorted(moments)


def test_sto_01_three_dated_records_stand_before_the_publication(state):
    for row in Listing.objects.all():
        assert row.opinion_at < row.decided_at < row.signed_at < row.published_at
        signers = set(row.agreement.signatures.values_list("user", flat=True))
        assert len(signers) == 3


def test_the_good_service_is_in_the_catalogue_with_all_its_criteria(dossier):
    tension = dossier("tension")
    listing = Listing.objects.get(candidacy=tension)
    assert (listing.status, listing.queue) == ("publie", "")
    assert listing.published_at.astimezone(PARIS).date() == TODAY - timedelta(days=30)
    assert tension.service.name in {row.service.name for row in catalogue.find(catalogue.Wish(words="tension"))}
    codes = {one.code for one in subjects.criteria_of(tension)}
    judged = judging.current_judgements(tension)
    assert set(judged) == codes
    assert {row.verdict for row in judged.values()} == {"conforme"}
    assert sorted(listing.agreement.reads + listing.agreement.writes) == ["mesures", "mesures"]


def test_checks_of_the_past_have_seen_a_site_in_order(dossier):
    steps = dossier("tension").steps.exclude(cause="weekly", state="due")
    assert set(steps.exclude(outcome__in=["pass", "skipped"]).values_list("kind", "outcome")) == {("siren", "flag")}
    # No browser is asked for pages that were never there: the result says so.
    assert set(steps.filter(outcome="skipped").values_list("reason", flat=True)) == {"no-browser"}


def test_the_second_service_was_warned_then_suspended_by_two_people(dossier):
    listing = Listing.objects.get(candidacy=dossier("sleep"))
    assert (listing.status, listing.queue) == ("suspendu", "editeur")
    kinds = list(Decision.objects.filter(listing_id=listing.pk).order_by("decided_at").values_list("kind", flat=True))
    assert kinds == ["formal_notice", "suspend"]
    suspension = Decision.objects.get(listing_id=listing.pk, kind="suspend")
    assert (email_of(suspension.decided_by), email_of(suspension.confirmed_by)) == (DELEGATE, CONFIRMER)
    assert suspension.notified_at is not None
    found = dossier("sleep").steps.filter(cause="weekly", outcome="fail").values_list("kind", "reason").distinct()
    assert set(found) == {("legal_links", "legal-absent")}


def test_the_refusal_was_confirmed_by_a_second_delegate_and_can_be_appealed(dossier):
    decision = Decision.objects.get(candidacy=dossier("check-up"))
    assert decision.kind == "refuse"
    assert (email_of(decision.decided_by), email_of(decision.confirmed_by)) == (DELEGATE, CONFIRMER)
    assert clocks.months_after(decision.notified_at.astimezone(PARIS).date(), 2) > TODAY
    item = dossier("check-up").agenda.get()
    assert (item.opinion, item.votes.filter(choice="contre").count(), item.quorum) == ("defavorable", 8, 9)


def test_the_dossier_in_assessment_has_an_answer_that_waits_to_be_read(dossier):
    steps = dossier("steps")
    assert steps.reasons == ["answer-received"]
    assert steps.due_at > NOW
    judged = judging.current_judgements(steps)
    assert [code for code, row in judged.items() if row.verdict == "a_completer"] == ["CRI-SEC-05"]
    item = RequestItem.objects.get(request__candidacy=steps)
    assert (item.criterion, len(item.evidence_ids)) == ("CRI-SEC-05", 1)
    assert item.request.answered_at is not None


def test_the_workers_find_the_checks_of_the_bad_site_and_the_desk_the_dossier(dossier):
    waking = dossier("waking")
    assert set(waking.steps.values_list("state", flat=True)) == {"due"}
    assert waking.id in advancing.lost_and_due(at=NOW)

    tools = Tools(web=recorded(broken_site(plan_of("waking")), at=NOW))
    advancing.advance(candidacy_id=waking.id, tools=tools, clock=lambda: NOW)

    waking.refresh_from_db()
    assert (waking.status, waking.queue) == ("recevabilite", "guichet")
    assert "check-failed" in waking.reasons
    assert waking.steps.get(kind="tls").outcome == "fail"


def test_the_draft_is_half_filled_and_its_checks_were_asked_for(dossier):
    draft = dossier("vaccines")
    applies, answered = subjects.criteria_of(draft), draft.answers.count()
    assert 0 < answered < len(applies)
    assert set(draft.steps.values_list("cause", "state")) == {("demand", "due")}
    assert "page-incomplete" in list(subjects.missing_to_submit(draft))


def test_weekly_checks_of_today_are_left_to_the_workers(state):
    due = CandidacyStep.objects.filter(cause="weekly", state="due").values_list("candidacy__service__name", flat=True)
    assert set(due) == {"Carnet Tension", "Journal du sommeil"}
    assert not Listing.objects.filter(wakes_at__lte=NOW).exists()


def test_every_file_was_looked_at_by_the_antivirus(state):
    assert set(StoredFile.objects.values_list("state", flat=True)) == {"clean"}


def test_sessions_of_the_past_are_held_and_those_to_come_are_planned(state):
    assert set(Session.objects.filter(held_on__lt=TODAY).values_list("state", flat=True)) == {"held"}
    assert Session.objects.filter(held_on__gte=TODAY, state="planned").count() == 3


def test_mails_of_the_past_count_as_sent_when_they_were_written(state):
    assert Mail.objects.filter(state="sent").count() > 20
    assert not Mail.objects.filter(state="dropped").exists()
    assert not Mail.objects.filter(state="due", due_at__lt=NOW - timedelta(hours=1)).exists()
    assert all(
        sent_at == due_at for sent_at, due_at in Mail.objects.filter(state="sent").values_list("sent_at", "due_at")
    )


def test_nothing_is_broken(state):
    """Bytes without rows are those of other tests: they share the memory of one process."""
    broken = {one.name: one.count for one in findings(at=NOW) if one.count}
    broken.pop("files.bytes_without_row_for_a_day", None)
    assert broken == {}


def test_the_simulated_sites_show_the_codes_of_their_domains(state):
    shown = json.loads((state / store_passing.PROOFS).read_text(encoding="utf-8"))
    tokens = dict(Service.objects.values_list("name", "domain_token"))
    proved = {plan_of(key).host: tokens[NAMES[key]] for key in ("tension", "sleep", "steps")}
    assert shown == KNOWN | proved
