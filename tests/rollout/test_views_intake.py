"""Pages of RO-06: list, entry, claims, conflicts, withdrawals, the sheet; without JavaScript."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.access import Actor
from apps.accounts.models import StaffRole
from apps.audit.services import PLATFORM_SCOPE, events_of
from apps.common.dates import PARIS
from apps.common.ids import uuid7
from apps.files.models import StoredFile
from apps.rollout.models import Capacity, Channel, Claim, Conflict, EligiblePerson, Notice, Opposition
from apps.rollout.services import claims, intake
from tests import factories
from tests.cast import client_of
from tests.dmp.pages import title_of, words_of
from tests.harness.clock import NOON
from tests.rollout import factories as rollout
from tests.rollout.test_intake import PDF, child, entry, new, parents_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
LIST, ENTER = "/deploiement/oppositions/", "/deploiement/oppositions/saisir/"
UNKNOWN = f"{ENTER}introuvable/"
State = EligiblePerson.State
TODAY = NOON.astimezone(PARIS).date()


@pytest.fixture
def operator(nadia) -> Actor:
    return factories.at_work(nadia)


@pytest.fixture
def support():
    return client_of(factories.staff(StaffRole.SUPPORT))


def plain(answer) -> str:
    return words_of(answer).replace("\u00a0", " ").replace("\u202f", " ")


def letter(data: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile("lettre.pdf", data, content_type="application/pdf")


def said(**values):
    return {
        "channel": "phone", "received_on": TODAY.isoformat(), "voice": "self", "receipt": "courrier", "act": "opposer",
        **values,
    }  # fmt: skip


def page_of(person: EligiblePerson) -> str:
    return f"{ENTER}{person.pk}/"


class TestFind:
    def test_ro_06_by_the_code_of_the_notice(self, desk):
        person = rollout.person()
        _notice, code = rollout.noticed(person)

        assert desk.post(ENTER, {"code": code.lower()}).url == page_of(person)

    def test_ro_06_by_traits_or_number(self, support):
        person = rollout.person()
        assert support.post(ENTER, {"family_name": "Morel", "birth_date": "14/06/1984"}).url == page_of(person)
        assert support.post(ENTER, {"number": person.identity.ins_number}).url == page_of(person)

    def test_homonyms_are_shown_by_initials(self, desk):
        rollout.person()
        rollout.person(identity=factories.identity(first_given_name="JEANNE"), department="31")
        words = plain(desk.post(ENTER, {"family_name": "Morel", "birth_date": "14/06/1984"}))

        assert "A. M. né(e) en 1984, département 44" in words
        assert "J. M. né(e) en 1984, département 31" in words
        assert "MOREL" not in words

    def test_ro_06_nobody_found_leads_to_the_list_of_people_to_be_found(self, desk):
        answer = desk.post(ENTER, {"family_name": "Inconnu", "birth_date": "14/06/1984"})

        assert "Personne introuvable" in plain(answer)
        assert UNKNOWN in answer.getvalue().decode()

    def test_nothing_typed_is_an_error(self, desk):
        assert title_of(desk.post(ENTER, {})).startswith("Erreur")

    def test_sec_20_too_many_searches_are_refused(self, desk):
        codes = {desk.post(ENTER, {"code": "K7MF3QXT9BRD"}).status_code for _try in range(300)}

        assert codes == {200, 429}


class TestEntry:
    def test_ro_06_by_phone_from_search_to_receipt(self, desk, nadia):
        person = rollout.person()
        words = plain(desk.get(page_of(person)))
        assert "A. M. né(e) en 1984, département 44" in words
        assert "MOREL" not in words
        answer = desk.post(page_of(person), said())

        opposition = Opposition.objects.get()
        assert answer.url == f"{LIST}{opposition.pk}/"
        assert "Opposition saisie" in title_of(desk.get(answer.url))
        assert (opposition.channel, opposition.entered_by) == ("phone", nadia)
        assert Notice.objects.get(kind="receipt").channel == "post"

    def test_ro_06_a_letter_needs_its_scan(self, desk):
        person = rollout.person()
        assert "Ajoutez le courrier numérisé" in plain(desk.post(page_of(person), said(channel="post")))
        desk.post(page_of(person), said(channel="post", scan=letter()))

        opposition = Opposition.objects.get()
        assert StoredFile.objects.get(pk=(opposition.scan_vault_id, opposition.scan_file_id)).state == "waiting"

    @pytest.mark.parametrize(
        ("values", "told"),
        [
            ({"received_on": (TODAY + timedelta(days=1)).isoformat()}, "Ce jour n'est pas encore venu"),
            ({"receipt": "courriel"}, "Donnez l'adresse où envoyer le récépissé"),
            ({"channel": "online"}, "online"),
            ({"voice": "parent"}, "parent"),
        ],
    )
    def test_what_is_not_right_is_told(self, desk, values, told):
        answer = desk.post(page_of(rollout.person()), said(**values))

        assert answer.status_code == 422
        assert told in plain(answer)
        assert not Opposition.objects.exists()

    def test_sec_11_a_scan_of_another_kind_is_refused(self, desk):
        answer = desk.post(page_of(rollout.person()), said(channel="post", scan=letter(b"\x89PNG\r\n\x1a\n00000")))

        assert "ni un PDF ni un JPEG" in plain(answer)
        assert not Opposition.objects.exists()

    def test_spa_40_representatives_of_the_register_can_be_named(self, desk):
        person = child()
        mother, _father = parents_of(person)
        words = plain(desk.get(page_of(person)))
        assert "Un parent de l'enfant : R. M., né(e) en 1984" in words
        assert "Un parent de l'enfant, sans lien connu dans le registre" in words
        assert "La personne" not in words
        desk.post(page_of(person), said(voice=f"parent:{mother.pk}"))

        assert Opposition.objects.get().by == mother

    def test_decisions_08_late_entry_tells_what_it_did(self, desk):
        person = rollout.person(state=State.OPEN)
        factories.space(person=person.identity, opened_at=NOON - timedelta(days=2))
        assert "Une demande reçue avant le clôt" in plain(desk.get(page_of(person)))
        received = (TODAY - timedelta(days=4)).isoformat()
        answer = desk.post(page_of(person), said(channel="post", scan=letter(), received_on=received))

        assert "Opposition saisie, espace clos" in title_of(desk.get(answer.url))

    def test_s29_received_after_the_opening_it_is_too_late(self, desk):
        person = rollout.person(state=State.OPEN)
        factories.space(person=person.identity, opened_at=NOON - timedelta(days=2))
        answer = desk.post(page_of(person), said())

        assert "L'espace était ouvert avant la réception" in plain(answer)

    @pytest.mark.parametrize("state", ["NOT_OPENED_DEATH", "NOT_ELIGIBLE"])
    def test_nothing_to_enter(self, desk, state):
        words = plain(desk.get(page_of(rollout.person(state=state))))

        assert "rien ne peut être saisi" in words
        assert "Enregistrer l'opposition" not in words

    def test_spa_10_a_change_of_mind_by_phone(self, support, operator):
        person = rollout.person()
        opposition = intake.enter_opposition(actor=operator, person_id=person.pk, entry=entry(), at=NOON)
        words = plain(support.get(page_of(person)))
        assert "Une opposition est en vigueur depuis le 25 novembre 2026" in words
        assert "Enregistrer l'opposition" not in words
        answer = support.post(page_of(person), said(act="retirer"))

        assert "Changement d'avis saisi" in title_of(support.get(answer.url))
        opposition.refresh_from_db()
        assert opposition.withdrawn_channel == "phone"

    def test_spa_21_somebody_with_an_older_dmp_confirms_or_withdraws(self, desk, operator):
        person = rollout.person(had_dmp=True)
        intake.enter_opposition(actor=operator, person_id=person.pk, entry=entry(), at=NOON)
        words = plain(desk.get(page_of(person)))
        assert "Confirmer l'opposition, fermer le DMP plus ancien" in words
        desk.post(page_of(person), said(act="confirmer"))

        person.refresh_from_db()
        assert person.state == State.OPPOSED

    def test_decisions_07_a_parent_who_contradicts_the_other_one(self, desk, operator):
        person = child()
        mother, father = parents_of(person)
        by_mother = entry(capacity=Capacity.PARENT, by=mother)
        intake.enter_opposition(actor=operator, person_id=person.pk, entry=by_mother, at=NOON)
        answer = desk.post(page_of(person), said(act="retirer", voice=f"parent:{father.pk}"))

        assert "Deux demandes se contredisent" in title_of(desk.get(answer.url))
        assert "Deux demandes se contredisent" in plain(desk.get(page_of(person)))

    def test_unknown_is_404(self, desk):
        assert desk.get(f"{ENTER}{uuid7()}/").status_code == 404


class TestClaims:
    def claim_form(self, **values):
        return {
            "channel": "post", "received_on": TODAY.isoformat(), "capacity": "self", "family_name": "Morel",
            "given_name": "Alice", "birth_date": "14/06/1984", "contact": "3 rue des Essais", "scan": letter(),
            **values,
        }  # fmt: skip

    def test_ro_06_put_on_the_list_with_its_day(self, support):
        person = rollout.person()
        answer = support.post(UNKNOWN, self.claim_form())

        claim = Claim.objects.get()
        words = plain(support.get(answer.url))
        assert "À retrouver avant le 2 décembre 2026" in words
        assert "Alice" in words
        assert page_of(person) + f"?demande={claim.pk}" in support.get(answer.url).getvalue().decode()
        person.refresh_from_db()
        assert person.hold == "claim"

    @pytest.mark.parametrize(
        ("values", "told"),
        [
            ({"birth_date": "1984"}, "jour/mois/année"),
            ({"contact": ""}, "Où joindre le demandeur"),
            ({"scan": letter(b"text")}, "ni un PDF ni un JPEG"),
        ],
    )
    def test_what_is_not_right_is_told(self, desk, values, told):
        answer = desk.post(UNKNOWN, self.claim_form(**values))

        assert answer.status_code == 422
        assert told in plain(answer)
        assert not Claim.objects.exists()

    def test_ro_06_overdue_first(self, desk, operator):
        claims.open_claim(actor=operator, new=new(given_name="Tard"), at=NOON)
        claims.open_claim(actor=operator, new=new(given_name="Bien", received_on=TODAY - timedelta(days=30)),
                          at=NOON - timedelta(days=20))  # fmt: skip
        words = plain(desk.get(LIST))

        assert "2 personnes à retrouver" in words
        assert words.index("B. M. né(e) en 1984, introuvable") < words.index("T. M. né(e) en 1984, introuvable")
        assert "en retard" in words
        assert "Tard" not in words

    def test_ro_06_found_by_entering_the_opposition(self, desk, operator):
        person = rollout.person()
        claim = claims.open_claim(actor=operator, new=new(scan=PDF), at=NOON)
        assert "en attente sera réglée" in plain(desk.get(f"{ENTER}?demande={claim.pk}"))
        found = desk.post(f"{ENTER}?demande={claim.pk}", {"number": person.identity.ins_number})
        assert found.url == f"{page_of(person)}?demande={claim.pk}"
        desk.post(found.url, said(channel="post"))  # the scan is that of the claim

        claim.refresh_from_db()
        assert claim.state == Claim.State.FOUND
        assert claim.opposition.reference in plain(desk.get(f"{LIST}demandes/{claim.pk}/"))

    def test_ro_06_nobody_is_found(self, desk, operator):
        person = rollout.person()
        claim = claims.open_claim(actor=operator, new=new(), at=NOON)
        address = f"{LIST}demandes/{claim.pk}/clore/"
        assert "Vous nous avez écrit au sujet de l'ouverture d'un espace santé" in plain(desk.get(address))
        assert desk.post(address, {}).status_code == 422
        desk.post(address, {"told_by": "post"})

        claim.refresh_from_db()
        person.refresh_from_db()
        assert (claim.state, person.hold) == (Claim.State.GIVEN_UP, "")
        again = desk.post(address, {"told_by": "post"})
        assert "réglée par quelqu'un d'autre" in plain(desk.get(again.url))

    def test_each_opening_is_traced(self, desk, operator):
        claim = claims.open_claim(actor=operator, new=new(), at=NOON)
        desk.get(f"{LIST}demandes/{claim.pk}/")

        assert events_of(PLATFORM_SCOPE).filter(action="rollout.claim.read", target=f"claim:{claim.pk}").count() == 1

    def test_unknown_is_404(self, desk):
        for part in ("", "piece/", "clore/"):
            assert desk.get(f"{LIST}demandes/{uuid7()}/{part}").status_code == 404


class TestConflicts:
    @pytest.fixture
    def conflict(self, operator) -> Conflict:
        person = child()
        mother, father = parents_of(person)
        for enter, by in ((intake.enter_opposition, mother), (intake.enter_withdrawal, father)):
            enter(actor=operator, person_id=person.pk, entry=entry(capacity=Capacity.PARENT, by=by), at=NOON)
        return Conflict.objects.get()

    def test_decisions_07_listed_and_decided_with_a_reason(self, desk, conflict):
        assert "Deux demandes contraires, depuis le 25 novembre 2026" in plain(desk.get(LIST))
        address = f"{LIST}conflits/{conflict.pk}/"
        assert "Décidez sur documents" in plain(desk.get(address))
        assert desk.post(address, {"outcome": "opening", "reason": ""}).status_code == 422
        answer = desk.post(address, {"outcome": "opening", "reason": "jugement du 3 mars"})

        assert "Décision enregistrée" in title_of(desk.get(answer.url))
        assert EligiblePerson.objects.get(pk=conflict.person_id).state == State.OPENING_ASKED
        assert "l'espace peut s'ouvrir" in plain(desk.get(address))
        again = desk.post(address, {"outcome": "opposed", "reason": "x"})
        assert "Quelqu'un d'autre a décidé" in plain(desk.get(again.url))

    def test_sec_20_each_opening_is_traced(self, desk, conflict):
        desk.get(f"{LIST}conflits/{conflict.pk}/")
        desk.get(page_of(conflict.person))

        traced = events_of(PLATFORM_SCOPE).filter(action__in=["rollout.conflict.read", "rollout.person.entry"])
        assert {(line.action, line.target) for line in traced} == {
            ("rollout.conflict.read", f"conflict:{conflict.pk}"),
            ("rollout.person.entry", f"person:{conflict.person_id}"),
        }

    def test_support_does_not_decide(self, support, conflict):
        assert support.get(f"{LIST}conflits/{conflict.pk}/").status_code == 404

    def test_unknown_is_404(self, desk):
        assert desk.get(f"{LIST}conflits/{uuid7()}/").status_code == 404


class TestList:
    def test_empty_says_what_fills_it(self, desk):
        assert "Aucune opposition" in plain(desk.get(LIST))

    def test_filters_and_their_absence(self, desk, operator):
        for channel in (Channel.PHONE, Channel.COUNTER):
            intake.enter_opposition(
                actor=operator, person_id=rollout.person().pk, entry=entry(channel=channel), at=NOON
            )
        intake.enter_withdrawal(
            actor=operator, person_id=Opposition.objects.get(channel="counter").person_id, entry=entry(), at=NOON
        )
        assert "2 oppositions" in plain(desk.get(LIST))
        for query in ("channel=phone", "state=withdrawn", "state=standing"):
            assert "1 opposition" in plain(desk.get(f"{LIST}?{query}"))
        assert "Aucune ne répond à ces filtres" in plain(desk.get(f"{LIST}?state=late"))
        assert "Aucune ne répond à ces filtres" in plain(desk.get(f"{LIST}?since=2026-11-26"))
        assert "2 oppositions" in plain(desk.get(f"{LIST}?since=nonsense"))

    def test_same_queries_for_one_and_for_twenty(self, desk, operator):
        desk.get(LIST)
        counts = []
        for number in (1, 19):
            for _one in range(number):
                intake.enter_opposition(actor=operator, person_id=rollout.person().pk, entry=entry(), at=NOON)
                claims.open_claim(actor=operator, new=new(birth_date="1950-01-01"), at=NOON)
            with CaptureQueriesContext(connection) as queries:
                desk.get(LIST)
            counts.append(len(queries))

        assert counts[0] == counts[1]

    def test_sec_20_the_list_is_traced_and_leaves_by_no_file(self, desk, operator):
        intake.enter_opposition(actor=operator, person_id=rollout.person().pk, entry=entry(), at=NOON)
        page = desk.get(f"{LIST}?channel=phone")

        facts = events_of(PLATFORM_SCOPE).get(action="rollout.opposition.list").facts
        assert facts == {"shown": 1, "filters": "channel"}
        assert "CSV" not in plain(page)
        assert desk.get(f"{LIST}liste.csv").status_code == 404


def test_ro_06_a_possible_double_and_a_hold_are_shown_before_anything_is_entered(desk):
    other = rollout.person()
    double, held, free = rollout.person(double_of=other.identity), rollout.person(hold="returned"), rollout.person()

    assert "Retenu : semble connu sous un autre numéro" in plain(desk.get(page_of(double)))
    assert "Retenu : notification revenue" in plain(desk.get(page_of(held)))
    assert "Retenu" not in plain(desk.get(page_of(free)))


class TestDetail:
    def test_ro_06_shows_the_proof_without_names_and_is_traced(self, desk, operator):
        opposition = intake.enter_opposition(actor=operator, person_id=rollout.person().pk, entry=entry(), at=NOON)
        words = plain(desk.get(f"{LIST}{opposition.pk}/"))

        assert opposition.reference in words
        assert "Reçue (date d'effet)" in words
        assert "MOREL" not in words
        target = f"opposition:{opposition.pk}"
        assert events_of(PLATFORM_SCOPE).filter(action="rollout.opposition.read", target=target).exists()

    def test_support_has_no_way_to_the_register(self, support, operator):
        opposition = intake.enter_opposition(actor=operator, person_id=rollout.person().pk, entry=entry(), at=NOON)

        assert "Voir la personne" not in plain(support.get(f"{LIST}{opposition.pk}/"))

    def test_sec_11_the_scan_is_there_once_it_is_clean(self, desk, operator):
        with_letter = entry(channel=Channel.POST, scan=PDF)
        opposition = intake.enter_opposition(actor=operator, person_id=rollout.person().pk, entry=with_letter, at=NOON)
        address = f"{LIST}{opposition.pk}/"
        assert "ne peut pas être ouvert" in plain(desk.get(address))
        assert desk.get(f"{address}piece/").status_code == 404
        StoredFile.objects.update(state="clean", scanned_at=NOON)
        answer = desk.get(f"{address}piece/")

        assert answer.content == PDF
        assert answer["Content-Disposition"] == f'attachment; filename="{opposition.reference}.pdf"'
        assert answer["Content-Security-Policy"].startswith("sandbox")

    def test_ro_06_the_letter_of_a_change_of_mind_can_be_read(self, desk, operator):
        with_letter = entry(channel=Channel.POST, scan=PDF)
        person, other = rollout.person(), rollout.person()
        opposition = intake.enter_opposition(actor=operator, person_id=person.pk, entry=with_letter, at=NOON)
        elsewhere = intake.enter_opposition(actor=operator, person_id=other.pk, entry=entry(), at=NOON)
        desk.post(page_of(person), said(act="retirer", channel="post", scan=letter()))
        later = opposition.letters.get()
        assert "Courrier reçu le 25 novembre 2026" in plain(desk.get(f"{LIST}{opposition.pk}/"))
        address = f"{LIST}{opposition.pk}/courriers/{later.pk}/"
        assert desk.get(address).status_code == 404
        StoredFile.objects.update(state="clean", scanned_at=NOON)

        assert desk.get(address).content == PDF
        assert desk.get(f"{LIST}{elsewhere.pk}/courriers/{later.pk}/").status_code == 404
        read = events_of(PLATFORM_SCOPE).filter(action="rollout.scan.read", target=f"opposition:{opposition.pk}")
        assert read.count() == 1

    def test_unknown_is_404(self, desk, operator):
        opposition = intake.enter_opposition(actor=operator, person_id=rollout.person().pk, entry=entry(), at=NOON)
        for part in (f"{uuid7()}/", f"{uuid7()}/piece/", f"{opposition.pk}/piece/"):
            assert desk.get(LIST + part).status_code == 404
