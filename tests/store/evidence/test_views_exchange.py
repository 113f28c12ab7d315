"""PU-08 and PU-09: pages of the checks and of the exchange (L11, L16, L18, L22, S34)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.store.models import Answer, Candidacy, CandidacyStep, Evidence, Member, Message, RequestItem
from apps.store.services import replying
from apps.store.services.replying import Reply
from apps.store.states import Queue, Status
from tests.cast import client_of
from tests.dmp.pages import main_of, title_of, words_of
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.candidacy.writing import form_in
from tests.store.evidence import world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def pia() -> Member:
    return factories.member()


@pytest.fixture
def actor(pia):
    return factories.as_publisher(pia)


@pytest.fixture
def client(pia):
    return client_of(pia.user)


def page(name: str, row: object) -> str:
    return reverse(f"store:{name}", args=[row.pk])


def step(dossier: Candidacy, kind: str = "tls", outcome: str = "pass", **values) -> CandidacyStep:
    """One finished check of the first round."""
    is_done = bool(outcome)
    defaults = {
        "kind": kind, "target": "www.service.example", "round": 1, "cause": "demand", "asked_at": NOON, "due_at": NOON,
        "state": "done" if is_done else "due", "outcome": outcome, "finished_at": NOON if is_done else None,
    }  # fmt: skip
    return CandidacyStep.objects.create(candidacy=dossier, **{**defaults, **values})


class TestChecks:
    def test_results_are_grouped_by_what_is_to_be_done(self, client, pia):
        dossier = factories.candidacy(by=pia)
        step(dossier)
        step(dossier, "ownership", "fail", reason="ownership-absent", target="service.example")
        step(dossier, "headers", "flag", reason="headers-missing", target="https://www.service.example/")
        step(dossier, "fhir", "error", reason="timeout")
        step(dossier, "axe", "skipped", reason="no-browser")
        words = words_of(client.get(page("checks", dossier)))
        places = [
            words.index(title) for title in ("À corriger (1)", "À voir par une personne (1)", "de notre côté (1)")
        ]
        assert places == sorted(places)
        assert "Réussis (1)" in words
        assert "Non faits (1)" in words
        assert "elle ne compte pas contre vous" in words  # L22

    def test_l18_a_result_against_the_publisher_can_be_contested(self, client, pia):
        dossier = factories.candidacy(by=pia)
        passed = step(dossier)
        failed = step(dossier, "ownership", "fail", reason="ownership-absent")
        html = main_of(client.get(page("checks", dossier)))
        assert page("check_contest", failed) in html
        assert page("check_contest", passed) not in html
        assert client.post(page("check_contest", failed), {"text": ""}).status_code == 422
        response = client.post(page("check_contest", failed), {"text": "Le fichier est en ligne."})
        failed.refresh_from_db()
        assert (failed.contested, failed.contested_by_id) == ("Le fichier est en ligne.", pia.user_id)
        words = words_of(client.get(response["Location"]))
        assert "Vous avez contesté ce résultat" in words
        assert page("check_contest", failed) not in main_of(client.get(page("checks", dossier)))

    def test_s34_a_second_contestation_overwrites_nothing(self, client, pia):
        failed = step(factories.candidacy(by=pia), "ownership", "fail", reason="ownership-absent")
        marc = world.colleague(pia)
        address, given = page("check_contest", failed), {"text": "Le fichier est en ligne."}
        for _twice in range(2):
            assert client_of(marc.user).post(address, given).status_code == 302
        late = client.post(address, {"text": "Mes mots."})
        assert late.status_code == 409
        assert f"Modifié par {marc.name}" in words_of(late)
        assert "Mes mots." in late.content.decode()
        failed.refresh_from_db()
        assert failed.contested == given["text"]
        assert client.get(address).status_code == 404

    @pytest.mark.parametrize(
        ("outcome", "override", "status"), [("fail", "fail", 409), ("fail", "pass", 409), ("pass", "", 422)]
    )
    def test_l18_what_a_person_decided_or_what_passed_is_not_contested(self, client, pia, outcome, override, status):
        values = {"override": override, "override_by": factories.reviewer(), "override_at": NOON} if override else {}
        decided = step(factories.candidacy(by=pia), "headers", outcome, reason="headers-missing", **values)
        address = page("check_contest", decided)
        assert client.get(address).status_code == 404
        late = client.post(address, {"text": "Mes mots."})
        assert late.status_code == status
        assert "Mes mots." in late.content.decode()
        decided.refresh_from_db()
        assert decided.contested == ""

    def test_sto_13_a_data_protection_officer_is_offered_neither_contest_nor_start(self, pia):
        failed = step(factories.candidacy(by=pia), "ownership", "fail", reason="ownership-absent")
        lea = client_of(factories.member(publisher=pia.publisher, roles=["dpo"]).user)
        shown = main_of(lea.get(page("checks", failed.candidacy)))
        assert page("check_contest", failed) not in shown
        assert "Lancer les contrôles" not in shown
        closed = lea.get(page("check_contest", failed))
        assert closed.status_code == 403
        assert "référent technique" in words_of(closed)
        kept = lea.post(page("check_contest", failed), {"text": "Mes mots."})
        assert kept.status_code == 422
        assert "Mes mots." in kept.content.decode()

    def test_what_a_person_decided_counts_and_is_told_without_a_name(self, client, pia):
        dossier = factories.candidacy(by=pia)
        reviewer = factories.reviewer(email="ines@ans.example")
        step(
            dossier, "headers", "fail", reason="headers-missing", override="pass", override_reason="Vu à la main.",
            override_by=reviewer, override_at=NOON,
        )  # fmt: skip
        words = words_of(client.get(page("checks", dossier)))
        assert "Réussis (1)" in words
        assert "Vu à la main." in words
        assert "ines@ans.example" not in words

    def test_progress_without_a_script(self, client, pia):
        dossier = factories.candidacy(by=pia)
        step(dossier)
        waiting = step(dossier, "headers", "")
        response = client.get(page("checks", dossier))
        assert title_of(response).startswith("Contrôles automatiques\u00a0: 1 sur 2 terminés – ")
        assert "Contrôles terminés : 1 sur 2." in words_of(response)
        assert 'http-equiv="refresh"' not in response.content.decode()
        assert 'http-equiv="refresh" content="5"' in client.get(page("checks", dossier) + "?suivre=1").content.decode()
        CandidacyStep.objects.filter(pk=waiting.pk).update(state="done", outcome="pass", finished_at=NOON)
        ended = client.get(page("checks", dossier) + "?suivre=1").content.decode()
        assert 'http-equiv="refresh"' not in ended
        assert "data-ens-outcome" in ended

    def test_an_error_that_is_tried_again_is_under_way(self, client, pia):
        dossier = factories.candidacy(by=pia)
        step(dossier, "tls", "", attempt=1, reason="timeout", due_at=NOON + timedelta(minutes=30))
        assert "nouvel essai automatique le 25 novembre 2026 à 13 h 30" in words_of(client.get(page("checks", dossier)))

    def test_the_last_round_counts(self, client, pia):
        dossier = factories.candidacy(by=pia)
        step(dossier, "ownership", "fail", reason="ownership-absent")
        step(dossier, "ownership", "pass", round=2)
        words = words_of(client.get(page("checks", dossier)))
        assert "À corriger" not in words
        assert "Réussis (1)" in words

    def test_sto_109_how_to_prove_the_domain(self, client, pia):
        dossier = factories.candidacy(by=pia)
        assert "Prouver que le domaine" not in words_of(client.get(page("checks", dossier)))
        factories.answered(dossier)
        words = words_of(client.get(page("checks", dossier)))
        token = dossier.service.domain_token
        assert f"_ens-portal.carnet-souffle.example avec la valeur ens-portal-verification={token}" in words
        assert "https://carnet-souffle.example/.well-known/ens-portal.txt" in words

    def test_starting_is_limited_and_says_until_when(self, client, pia, queue):
        dossier = factories.candidacy(by=pia)
        factories.answered(dossier)
        response = client.post(page("checks_run", dossier))
        assert title_of(client.get(response["Location"])).startswith("Contrôles lancés – ")
        assert dossier.steps.filter(asked_by=pia.user).exists()
        assert any(message.task == "store.advance" for message in queue())
        again = client.get(client.post(page("checks_run", dossier))["Location"])
        assert "à nouveau le 25 novembre 2026 à 13 h 10" in words_of(again)

    def test_a_dossier_that_is_assessed_starts_nothing(self, client, pia):
        dossier = factories.candidacy(Status.ASSESSMENT, by=pia)
        assert "Lancer les contrôles" not in words_of(client.get(page("checks", dossier)))
        response = client.post(page("checks_run", dossier))
        assert "Rien à lancer" in words_of(client.get(response["Location"]))

    def test_queries_do_not_grow_with_results(self, client, pia, django_assert_max_num_queries):
        dossier = factories.candidacy(by=pia)
        step(dossier)
        client.get(page("checks", dossier))  # counts the session
        with django_assert_max_num_queries(16) as one:
            client.get(page("checks", dossier))
        for number in range(19):
            step(dossier, target=f"h{number}.example")
        with django_assert_max_num_queries(16) as twenty:
            client.get(page("checks", dossier))
        assert len(one) == len(twenty)


class TestThread:
    def test_pu_09_what_is_asked_until_when_and_what_happens_after(self, client, pia):
        dossier, _request = world.asked(pia, "CRI-LEG-04", "CRI-LEG-05")
        words = words_of(client.get(page("exchange", dossier)))
        assert "2 demandes, réponses données : 0" in words
        assert "Répondez au plus tard le 23 décembre 2026 (fin de la journée)." in words
        assert "comptent comme non conformes" in words
        assert "Précisez CRI-LEG-04." in words

    def test_l11_only_those_who_have_the_dossier_speak_officially(self, client, pia):
        dossier, request = world.asked(pia, "CRI-LEG-04")
        for author, text in ((request.asked_by, "Bonjour."), (factories.reviewer(), "Je passe par là.")):
            Message.objects.create(candidacy=dossier, side="instruction", author=author, text=text, at=NOON)
        words = words_of(client.get(page("exchange", dossier)))
        assert words.count("Message officiel") == 1
        assert words.count("sans valeur officielle") == 1
        assert words.count("nouveau message") == 2
        assert "nouveau message" not in words_of(client.get(page("exchange", dossier)))

    def test_a_message_with_a_file(self, client, pia):
        dossier, _request = world.asked(pia, "CRI-LEG-04")
        given = {"text": "Voici.", "criterion": "CRI-LEG-04", "upload": SimpleUploadedFile("plan.pdf", world.PDF)}
        response = client.post(page("exchange", dossier), given)
        assert title_of(client.get(response["Location"])).startswith("Message envoyé – ")
        assert Message.objects.get().evidence_ids == [Evidence.objects.get().pk]
        assert "plan.pdf" in words_of(client.get(page("exchange", dossier)))

    def test_a_message_sent_twice_is_one(self, client, pia):
        dossier, _request = world.asked(pia, "CRI-LEG-04")
        given = form_in(client.get(page("exchange", dossier))) | {"text": "Voici."}
        for _twice in range(2):
            given["upload"] = SimpleUploadedFile("plan.pdf", world.PDF)
            assert client.post(page("exchange", dossier), given).status_code == 302
        assert (Message.objects.count(), Evidence.objects.count()) == (1, 1)
        del given["upload"]
        client.post(page("exchange", dossier), given | {"text": "Autre chose."})
        assert Message.objects.count() == 2, "other words are another message"

    def test_messages_that_do_not_fit_stay_on_the_page(self, client, pia):
        dossier, _request = world.asked(pia, "CRI-LEG-04")
        given = {"text": "Mon texte.", "upload": SimpleUploadedFile("logo.svg", world.SVG)}
        response = client.post(page("exchange", dossier), given)
        assert response.status_code == 422
        assert "Mon texte." in response.content.decode()
        assert "choisissez-le à nouveau" in words_of(response)
        assert not Message.objects.exists()
        assert client.post(page("exchange", dossier), {"text": ""}).status_code == 422

    @pytest.mark.parametrize(
        ("status", "words"),
        [(Status.DRAFT, "une fois le dossier envoyé"), (Status.REFUSED, "les échanges sont clos")],
    )
    def test_a_closed_thread_says_why(self, client, pia, status, words):
        dossier = factories.candidacy(status, by=pia)
        assert words in words_of(client.get(page("exchange", dossier)))

    def test_hostile_words_are_shown_as_words(self, client, pia):
        dossier, request = world.asked(pia, "CRI-LEG-04")
        Message.objects.create(
            candidacy=dossier, side="instruction", author=request.asked_by, text="<script>1</script>\n<b>", at=NOON
        )
        html = main_of(client.get(page("exchange", dossier)))
        assert "<script>" not in html
        assert "<b>" not in html

    def test_queries_do_not_grow_with_messages(self, client, pia, django_assert_max_num_queries):
        dossier, request = world.asked(pia, "CRI-LEG-04")
        RequestItem.objects.update(answered_at=NOON, answered_by=pia.user, answer="Oui.")

        def talk() -> None:
            piece = factories.evidence(dossier)
            values = {"author": request.asked_by, "text": "Bonjour.", "at": NOON, "read_at": NOON}
            Message.objects.create(candidacy=dossier, side="instruction", evidence_ids=[piece.id], **values)

        talk()
        client.get(page("exchange", dossier))
        with django_assert_max_num_queries(20) as one:
            client.get(page("exchange", dossier))
        for _ in range(19):
            talk()
        with django_assert_max_num_queries(20) as twenty:
            client.get(page("exchange", dossier))
        assert len(one) == len(twenty)


class TestAnswers:
    def test_from_the_request_to_the_sending(self, client, actor, pia):
        dossier, request = world.asked(pia, "CRI-LEG-04")
        item = request.items.get()
        known = world.added(actor, dossier)
        given = {
            "text": "Voici la page.", "pieces": [str(known.pk)], "seen": "", "CRI-LEG-04-seen": "0.",
            "CRI-LEG-04-value": "conforme", "CRI-LEG-04-comment": "En ligne.",
            "CRI-LEG-04-url": "https://www.service.example/mentions",
        }  # fmt: skip
        assert "Envoyer mes réponses" not in words_of(client.get(page("exchange", dossier)))
        response = client.post(page("request_item", item), given)
        words = words_of(client.get(response["Location"]))
        assert "Répondu par Pia Lormont le 25 novembre 2026 à 13 h 00" in words
        assert "Envoyer mes réponses" in words
        assert Answer.objects.get(candidacy=dossier).comment == "En ligne."
        confirm = client.get(page("answers_send", dossier))
        assert f'name="seen" value="{dossier.sequence}"' in confirm.content.decode()
        done = client.post(page("answers_send", dossier), {"seen": dossier.sequence})
        assert title_of(client.get(done["Location"])).startswith("Réponses envoyées – ")
        dossier.refresh_from_db()
        assert dossier.status == Status.ASSESSMENT

    def test_rgaa_11_11_a_fault_of_the_correction_alone_is_said_at_the_top(self, client, pia):
        _dossier, request = world.asked(pia, "CRI-LEG-04")
        given = {"text": "Voici.", "seen": "", "CRI-LEG-04-seen": "0.", "CRI-LEG-04-url": "nulle part"}
        response = client.post(page("request_item", request.items.get()), given)
        assert title_of(response).startswith("Erreur")
        assert response.content.decode().count('id="erreurs"') == 1
        assert "(CRI-LEG-04) :" in words_of(response)

    def test_sto_52_the_page_that_is_asked_about_is_open(self, client, pia):
        dossier, _request = world.asked(pia, "page", "purpose", "impact", status=Status.INCOMPLETE)
        Candidacy.objects.filter(pk=dossier.pk).update(exchange="read")
        factories.sheet(dossier, tagline="Une fausse promesse.")
        shown = client.get(page("exchange", dossier)).content.decode()
        addresses = [page("candidacy_sheet", dossier), page("consent_texts", dossier)]
        assert [shown.count(f'href="{address}"') for address in addresses] == [1, 1]
        assert "Une fausse promesse." in client.get(addresses[0]).content.decode()
        assert reverse("store:consent_text", args=[dossier.pk, "mesures", "lire"]) in str(
            client.get(addresses[1]).content
        )

    def test_an_answer_left_as_it_is_corrects_nothing(self, client, pia):
        dossier, request = world.asked(pia, "CRI-LEG-04")
        form = client.get(page("request_item", request.items.get())).content.decode()
        seen = form.split('name="CRI-LEG-04-seen" value="')[1].split('"')[0]
        given = {"text": "Sans changement.", "seen": "", "CRI-LEG-04-seen": seen}
        assert client.post(page("request_item", request.items.get()), given).status_code == 302
        assert not Answer.objects.filter(candidacy=dossier).exists()

    def test_s34_the_second_member_reads_the_other_answer_and_keeps_their_own(self, client, pia):
        dossier, request = world.asked(pia, "CRI-LEG-04")
        item, marc = request.items.get(), factories.as_publisher(world.colleague(pia))
        earlier = NOON - timedelta(minutes=2)
        replying.reply(actor=marc, item_id=item.pk, given=Reply(text="De Marc.", seen=""), at=earlier)
        given = {"text": "De Pia.", "seen": "", "CRI-LEG-04-seen": "0."}
        response = client.post(page("request_item", item), given)
        words = words_of(response)
        assert response.status_code == 422
        assert "Modifié par Marc Delmas le 25 novembre 2026 à 12 h 58" in words
        assert "De Marc." in words
        assert "De Pia." in response.content.decode()
        item.refresh_from_db()
        assert item.answer == "De Marc."
        seen = response.content.decode().split('name="seen" value="')[1].split('"')[0]
        assert client.post(page("request_item", item), {**given, "seen": seen}).status_code == 302
        item.refresh_from_db()
        assert (item.answer, dossier.pk) == ("De Pia.", item.request.candidacy_id)

    def test_s34_two_corrections_of_one_criterion_the_second_is_saved_knowingly(self, client, pia):
        dossier, request = world.asked(pia, "CRI-LEG-04")
        address = page("request_item", request.items.get())
        mine = {
            "text": "Voici.", "seen": "", "CRI-LEG-04-seen": "0.", "CRI-LEG-04-value": "conforme",
            "CRI-LEG-04-comment": "Version de Pia",
        }  # fmt: skip
        Answer.objects.create(
            candidacy=dossier, criterion="CRI-LEG-04", version=1, value="non_conforme", comment="Version de Marc",
            declared_by=world.colleague(pia).user, declared_at=NOON,
        )  # fmt: skip
        clash = client.post(address, mine)
        assert clash.status_code == 422
        assert "Version de Marc" in words_of(clash)
        assert "Version de Pia" in clash.content.decode()
        seen = clash.content.decode().split('name="CRI-LEG-04-seen" value="')[1].split('"')[0]
        assert client.post(address, {**mine, "CRI-LEG-04-seen": seen}).status_code == 302
        assert Answer.objects.get(candidacy=dossier).comment == "Version de Pia"

    def test_s35_the_page_of_the_sending_names_the_file(self, client, actor, pia):
        dossier, request = world.asked(pia, "CRI-LEG-04")
        replying.reply(actor=actor, item_id=request.items.get().pk, given=Reply(text="Oui.", seen=""), at=NOON)
        world.added(actor, dossier, data=world.INFECTED, name="facture.pdf")
        assert "facture.pdf" in words_of(client.get(page("answers_send", dossier)))
        response = client.post(page("answers_send", dossier), {"seen": "0"})
        assert "n'a pas passé le contrôle antivirus" in words_of(client.get(response["Location"]))
        dossier.refresh_from_db()
        assert dossier.status == Status.COMPLEMENT

    @pytest.mark.parametrize("seen", ["7", "", "x", "9" * 30, "²"])
    def test_a_stale_or_forged_page_sends_nothing(self, client, actor, pia, seen):
        dossier, request = world.asked(pia, "CRI-LEG-04")
        replying.reply(actor=actor, item_id=request.items.get().pk, given=Reply(text="Oui.", seen=""), at=NOON)
        assert client.post(page("answers_send", dossier), {"seen": seen}).status_code == 302
        dossier.refresh_from_db()
        assert dossier.status == Status.COMPLEMENT

    def test_a_reservation_is_answered_with_a_new_piece(self, client, pia):
        dossier, rows = world.reserved(pia)
        bare = client.post(page("reservation_answer", rows[0]), {"text": "Fait.", "seen": ""})
        assert bare.status_code == 422
        assert "Joignez au moins une pièce" in words_of(bare)
        given = {"text": "Fait.", "seen": "", "upload": SimpleUploadedFile("audit.pdf", world.PDF), "title": "Audit"}
        response = client.post(page("reservation_answer", rows[0]), given)
        world.scan_all()
        words = words_of(client.get(response["Location"]))
        assert "À lever avant le 24 janvier 2027" in words
        assert "le dossier devient caduc" in words
        client.post(page("reservations_send", dossier), {"seen": dossier.sequence})
        dossier.refresh_from_db()
        assert dossier.queue == Queue.ASSESSOR

    def test_sec_01_requests_of_others_do_not_exist(self, pia):
        dossier, request = world.asked(pia, "CRI-LEG-04")
        _other, rows = world.reserved(pia)
        stranger = client_of(factories.member().user)
        for address in (
            page("request_item", request.items.get()), page("reservation_answer", rows[0]),
            page("exchange", dossier), page("checks", dossier), page("check_contest", step(dossier, outcome="fail")),
        ):  # fmt: skip
            assert stranger.get(address).status_code == 404
            assert stranger.post(address, {"text": "Moi."}).status_code in {404, 405}

    def test_permission_lost_in_the_middle_answers_nothing(self, client, pia):
        _dossier, request = world.asked(pia, "CRI-LEG-04")
        Member.objects.filter(pk=pia.pk).update(ended_at=NOON)
        item = request.items.get()
        response = client.post(page("request_item", item), {"text": "Oui.", "seen": ""})
        item.refresh_from_db()
        assert (response.status_code, item.answered_at) == (302, None)
