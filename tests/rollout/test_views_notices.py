"""Pages of RO-05: where notices stand, samples, batches, hand-over, what came back."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import StaffRole
from apps.audit.models import AuditEvent
from apps.notifications.gateways.base import HandoverUncertainError
from apps.rollout.jobs import batching, preparing, printing, sending, trial
from apps.rollout.letters import letter_reference
from apps.rollout.models import EligiblePerson, LetterBatch, Notice
from tests import factories as people
from tests.cast import client_of
from tests.harness.clock import NOON
from tests.notifications.relays import Box
from tests.rollout import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
ALL = "/deploiement/notifications/"
SAMPLE = f"{ALL}exemple/"
RETURNED = f"{ALL}retours/"


def by_post(number=1, **values):
    running = values.pop("wave", None) or factories.wave(first_send_on=NOON.date())
    made = [factories.person(**{"wave": running, "mail": "", "channel": "courrier", **values}) for _ in range(number)]
    preparing.prepare_due(at=NOON)
    return made


def ready(number=1, **values):
    made = by_post(number, **values)
    (batch,) = batching.gather(at=NOON, everything=True)
    printing.make_letters(at=NOON)
    batch.refresh_from_db()
    return batch, made


def page(desk, address, status=200):
    answer = desk.get(address)
    assert answer.status_code == status, answer
    return plain(answer)


def plain(answer):
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return " ".join(unescape(text).split())


class TestOverview:
    def test_counts_by_state_and_way(self, desk):
        by_post(2)
        factories.person(wave=factories.wave(first_send_on=NOON.date()))
        preparing.prepare_due(at=NOON)

        text = page(desk, ALL)

        assert "Préparée 1 2" in text
        assert "2 lettres attendent un lot." in text
        assert "Aucun lot" in text

    def test_of_one_wave(self, desk):
        first, second = by_post(1), by_post(2)

        assert "1 lettre attend un lot." in page(desk, f"/deploiement/vagues/{first[0].wave_id}/notifications/")
        assert "2 lettres attendent un lot." in page(desk, f"/deploiement/vagues/{second[0].wave_id}/notifications/")

    def test_batches_are_made_at_once_on_demand(self, desk):
        (person,) = by_post(1)
        by_post(1)

        desk.post(f"{ALL}lots/", {"wave": str(person.wave_id)}, follow=True)
        assert LetterBatch.objects.get().wave_id == person.wave_id

        desk.post(f"{ALL}lots/", follow=True)
        assert LetterBatch.objects.count() == 2
        assert "Rien n'a été modifié" in plain(desk.post(f"{ALL}lots/", follow=True))

    def test_the_number_of_queries_is_that_of_one_batch(self, desk, monkeypatch):
        monkeypatch.setattr(batching, "LARGEST", 1)
        ready(1)
        page(desk, ALL)
        with CaptureQueriesContext(connection) as one:
            page(desk, ALL)
        by_post(19)
        batching.gather(at=NOON, everything=True)
        with CaptureQueriesContext(connection) as many:
            page(desk, ALL)

        assert LetterBatch.objects.count() == 20
        assert len(many) == len(one)

    def test_sec_20_an_approver_looks_and_an_operator_acts(self, approver):
        batch, _people = ready()

        assert "Préparer les lots" not in page(approver, ALL)
        assert f"/lots/{batch.pk}/fichiers/" not in approver.get(f"{ALL}lots/{batch.pk}/").content.decode()
        assert approver.get(f"{ALL}lots/{batch.pk}/fichiers/1/").status_code == 404
        assert approver.post(f"{ALL}lots/{batch.pk}/remise/", {"on": "2026-01-15"}).status_code == 404


class TestSample:
    @pytest.mark.parametrize("kind", ["first", "again", "resent", "majority", "receipt", "conflict"])
    def test_the_mail_about_somebody_who_does_not_exist(self, desk, kind):
        text = page(desk, f"{SAMPLE}?sorte={kind}&lecteur=child")

        assert "Camille E., né(e) en 2017" in text
        assert ("K7MF-3QXT-9BRD" in text) == (kind in {"first", "again", "resent", "majority"})

    def test_anything_else_in_the_address_is_the_first_notice(self, desk):
        assert "Un espace santé va être ouvert à votre nom." in page(desk, f"{SAMPLE}?sorte=x&lecteur=y")

    def test_the_letter_is_a_pdf_to_keep(self, desk):
        answer = desk.get(f"{SAMPLE}lettre.pdf?sorte=first&lecteur=in-charge")

        assert answer.content.startswith(b"%PDF")
        assert answer["Content-Disposition"] == 'attachment; filename="lettre-exemple.pdf"'

    def test_a_trial_goes_to_oneself_and_is_traced(self, desk, nadia):
        text = plain(desk.post(f"{SAMPLE}essai/", {"sorte": "first", "lecteur": "self"}, follow=True))
        box = Box()
        trial.send_trials(relay=box, at=NOON)

        assert "L'essai est parti" in text
        assert AuditEvent.objects.filter(action="rollout.notice.trial").count() == 1
        assert [letter.address for letter in box.letters] == ["nadia@example.fr"]
        assert Notice.objects.count() == 0

    def test_not_without_an_address(self):
        approver = client_of(people.staff(StaffRole.APPROVER))
        assert "n'a pas d'adresse" in page(approver, SAMPLE)
        assert "Rien n'a été modifié" in plain(
            approver.post(f"{SAMPLE}essai/", {"sorte": "first", "lecteur": "self"}, follow=True)
        )

    def test_sec_09_three_trials_an_hour(self, desk):
        answers = [desk.post(f"{SAMPLE}essai/", {"sorte": "first", "lecteur": "self"}) for _ in range(4)]

        assert [answer.status_code for answer in answers] == [302, 302, 302, 429]


class TestBatches:
    def test_progress_while_it_is_made(self, desk):
        by_post(2)
        (batch,) = batching.gather(at=NOON, everything=True)

        text = page(desk, f"{ALL}lots/{batch.pk}/")

        assert "0 lettres sur 2 préparées" in text
        assert "0 %" in text

    def test_files_are_downloaded_and_traced(self, desk, nadia):
        batch, _people = ready(2)
        text = page(desk, f"{ALL}lots/{batch.pk}/")
        pdf = desk.get(f"{ALL}lots/{batch.pk}/fichiers/1/")
        manifest = desk.get(f"{ALL}lots/{batch.pk}/fichiers/0/")

        assert f"lot-{batch.number:05d}-001.pdf" in text
        assert (pdf["Content-Type"], pdf.content[:4]) == ("application/pdf", b"%PDF")
        assert manifest["Content-Disposition"] == f'attachment; filename="lot-{batch.number:05d}-manifeste.csv"'
        assert len(manifest.content.decode().splitlines()) == 3
        lines = AuditEvent.objects.filter(action="rollout.letter_batch.download")
        assert [line.actor_id for line in lines] == [str(nadia.pk)] * 2

    def test_a_file_that_the_batch_does_not_have(self, desk):
        batch, _people = ready()

        page(desk, f"{ALL}lots/{batch.pk}/fichiers/7/", 404)

    def test_spa_03_the_hand_over_begins_the_six_weeks(self, desk):
        batch, (person,) = ready()
        address = f"{ALL}lots/{batch.pk}/remise/"
        assert "les six semaines de chaque personne commencent ce jour-là" in page(desk, address)

        answer = desk.post(address, {"on": NOON.date().isoformat()}, follow=True)

        person.refresh_from_db()
        assert "Remis à la poste" in plain(answer)
        assert person.state == EligiblePerson.State.NOTICE_SENT
        assert person.notice_sent_at == NOON

    @pytest.mark.parametrize("days", [-1, 1])
    def test_a_day_that_cannot_be_is_told_by_the_field(self, desk, days):
        batch, (person,) = ready()

        answer = desk.post(f"{ALL}lots/{batch.pk}/remise/", {"on": (NOON.date() + timedelta(days=days)).isoformat()})

        person.refresh_from_db()
        assert answer.status_code == 422
        assert "Entrez un jour" in plain(answer)
        assert person.state == EligiblePerson.State.NOTICE_QUEUED

    @pytest.mark.parametrize("on", ["", "2026-02-31", "demain"])
    def test_no_day(self, desk, on):
        batch, _people = ready()

        assert desk.post(f"{ALL}lots/{batch.pk}/remise/", {"on": on}).status_code == 422

    def test_once(self, desk):
        batch, _people = ready()
        desk.post(f"{ALL}lots/{batch.pk}/remise/", {"on": NOON.date().isoformat()}, follow=True)

        for answer in (
            desk.get(f"{ALL}lots/{batch.pk}/remise/", follow=True),
            desk.post(f"{ALL}lots/{batch.pk}/remise/", {"on": NOON.date().isoformat()}, follow=True),
            desk.post(f"{ALL}lots/{batch.pk}/abandonner/", follow=True),
        ):
            assert "Rien n'a été modifié" in plain(answer)

    def test_given_up(self, desk):
        batch, _people = ready()
        assert "ne pourront plus jamais être ouverts" in page(desk, f"{ALL}lots/{batch.pk}/abandonner/")

        desk.post(f"{ALL}lots/{batch.pk}/abandonner/")

        batch.refresh_from_db()
        assert batch.state == "cancelled"
        assert "ne peuvent plus être ouverts" in page(desk, f"{ALL}lots/{batch.pk}/")


class TestTroubles:
    def test_letters_that_came_back_are_entered_by_list(self, desk):
        batch, _people = ready(2)
        desk.post(f"{ALL}lots/{batch.pk}/remise/", {"on": NOON.date().isoformat()})
        first, second = (letter_reference(batch=batch.number, place=place) for place in (1, 2))

        answer = desk.post(RETURNED, {"references": f"{first}\n\n{first}\n {second.lower()} \nX"}, follow=True)

        text = plain(answer)
        assert "Lettres saisies : 2" in text.replace("\u00a0", " ")
        assert f"{first} Saisie" in text
        assert "X Aucune lettre remise" in text
        assert EligiblePerson.objects.filter(hold="returned").count() == 2
        assert first not in page(desk, RETURNED)  # shown once

    def test_too_many_at_once(self, desk):
        answer = desk.post(RETURNED, {"references": "\n".join(str(number) for number in range(201))})

        assert answer.status_code == 422
        assert "au plus 200 références" in plain(answer)

    def test_sec_19_lists_show_initials_year_and_department_only(self, desk):
        (person,) = by_post(1, street="", post_code="", city="")

        text = page(desk, f"{ALL}liste/revenues/")

        assert "A. M. 1984 44" in text
        assert "MOREL" not in text
        assert str(person.wave.number) in text

    @pytest.mark.parametrize(("which", "shown"), [("revenues", 2), ("echecs", 0)])
    def test_sec_20_a_list_that_was_shown_is_one_line_of_the_trail(self, desk, which, shown):
        by_post(2, street="", post_code="", city="")

        page(desk, f"{ALL}liste/{which}/")

        (event,) = AuditEvent.objects.filter(action="rollout.notice.list")
        assert event.facts == {"shown": shown, "which": which}

    def test_s25_children_without_a_representative_are_listed_for_the_fund(self, desk):
        factories.person(
            wave=factories.wave(first_send_on=NOON.date()), identity=people.child_identity(), situation="MINEUR"
        )
        preparing.prepare_due(at=NOON)

        assert "L. M. 2017 44" in page(desk, f"{ALL}liste/sans-representant/")
        assert "L. M." not in page(desk, f"{ALL}liste/revenues/")

    def test_write_again_once_there_is_an_address(self, desk):
        (person,) = by_post(1, street="", post_code="", city="")
        address = f"{ALL}personnes/{person.pk}/renvoyer/"
        assert "Rien n'a été modifié" in plain(desk.post(address, follow=True))
        EligiblePerson.objects.filter(pk=person.pk).update(street="1 RUE", post_code="44000", city="NANTES")

        assert "Le courrier repart" in plain(desk.post(address, follow=True))
        person.refresh_from_db()
        assert person.hold == ""

    def test_rel_08_uncertain_mails_wait_here_for_somebody(self, desk):
        factories.person(wave=factories.wave(first_send_on=NOON.date()))
        preparing.prepare_due(at=NOON)
        for day in range(6):
            sending.send_due(relay=Box(faults=[HandoverUncertainError()]), at=NOON + timedelta(days=day))
        notice = Notice.objects.get()
        assert "personne ne sait" in page(desk, f"{ALL}liste/incertaines/")

        text = plain(desk.post(f"{ALL}{notice.pk}/par-courrier/", follow=True))

        assert "Une lettre suit" in text
        assert Notice.objects.filter(channel="post").count() == 1
        assert "Rien n'a été modifié" in plain(desk.post(f"{ALL}{notice.pk}/par-courrier/", follow=True))
        assert "A. M." in page(desk, f"{ALL}liste/echecs/")

    def test_of_one_wave_and_of_nonsense(self, desk):
        (person,) = by_post(1, street="", post_code="", city="")
        other = factories.wave()

        assert "A. M." in page(desk, f"{ALL}liste/revenues/?vague={person.wave_id}")
        assert "A. M." not in page(desk, f"{ALL}liste/revenues/?vague={other.pk}")
        assert "A. M." in page(desk, f"{ALL}liste/revenues/?vague=x")
        page(desk, f"{ALL}liste/nulle-part/", 404)

    @pytest.mark.parametrize("which", ["revenues", "echecs"])
    def test_the_number_of_queries_is_that_of_one_line(self, desk, which):
        def lines(number):
            for person in by_post(number, street="", post_code="", city=""):
                factories.noticed(person, state="returned", key=f"x{person.pk}")
                EligiblePerson.objects.filter(pk=person.pk).update(hold="returned")

        lines(1)
        page(desk, f"{ALL}liste/{which}/")
        with CaptureQueriesContext(connection) as one:
            page(desk, f"{ALL}liste/{which}/")
        lines(19)
        with CaptureQueriesContext(connection) as many:
            page(desk, f"{ALL}liste/{which}/")

        assert len(many) == len(one)
