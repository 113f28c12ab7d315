"""PU-09: answers to requests and to reservations (STO-52, STO-56, STO-63, S34, S35)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from apps.access import AccessDeniedError
from apps.store.models import (
    Answer,
    Candidacy,
    CandidacyStep,
    Evidence,
    Mail,
    Member,
    RequestItem,
    Reservation,
    ReviewerTie,
)
from apps.store.services import consenting, lifting, replying, sheets
from apps.store.services.answering import Content, Entry
from apps.store.services.errors import ChangedError, GuardError, LockedError, UnknownRowError, WrongValueError
from apps.store.services.replying import Reply
from apps.store.states import Queue, Status
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.candidacy.writing import CONSENT
from tests.store.evidence import world

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def pia() -> Member:
    return factories.member()


@pytest.fixture
def actor(pia):
    return factories.as_publisher(pia)


def said(**values) -> Reply:
    return Reply(**{"text": "Voici la réponse.", "seen": "", **values})


def items(request) -> list[RequestItem]:
    return list(request.items.order_by("criterion", "item"))


class TestLines:
    def test_words_a_piece_of_the_dossier_and_a_new_one(self, actor, pia):
        dossier, request = world.asked(pia, "CRI-LEG-04")
        known = world.added(actor, dossier)
        item = items(request)[0]
        given = said(evidence_ids=(known.id,), upload=world.upload(name="politique.pdf"), title="Politique")
        replying.reply(actor=actor, item_id=item.id, given=given, at=NOON)
        item.refresh_from_db()
        new = Evidence.objects.get(candidacy=dossier, name="politique.pdf")
        assert (item.answer, item.answered_by_id, item.answered_at) == ("Voici la réponse.", pia.user_id, NOON)
        assert item.evidence_ids == [known.id, new.id]
        assert (new.title, new.criteria) == ("Politique", ["CRI-LEG-04"])
        assert "store.request.answer" in world.actions(dossier)

    def test_pu_09_only_the_criterion_that_was_asked_about_is_answered_anew(self, actor, pia):
        dossier, request = world.asked(pia, "CRI-LEG-04")
        content = Content(value="conforme", comment="Corrigé.", data={"url": "https://www.service.example/mentions"})
        item = items(request)[0]
        entry = Entry(criterion="CRI-LEG-04", content=content)
        replying.reply(actor=actor, item_id=item.id, given=said(correction=entry), at=NOON)
        answer = Answer.objects.get(candidacy=dossier)
        assert (answer.criterion, answer.comment, answer.version) == ("CRI-LEG-04", "Corrigé.", 1)
        seen = replying.mark_of(RequestItem.objects.get(pk=item.pk))
        other = said(seen=seen, correction=replace(entry, criterion="CRI-LEG-05"))
        with pytest.raises(WrongValueError) as refused:
            replying.reply(actor=actor, item_id=item.id, given=other, at=LATER)
        assert refused.value.field == "criterion"
        assert Answer.objects.filter(candidacy=dossier).count() == 1

    def test_a_line_of_the_desk_has_no_criterion_to_correct(self, actor, pia):
        _dossier, request = world.asked(pia, "impact", status=Status.INCOMPLETE)
        entry = Entry(criterion="CRI-LEG-04", content=Content(value="conforme", data={}))
        with pytest.raises(WrongValueError):
            replying.reply(actor=actor, item_id=items(request)[0].id, given=said(correction=entry), at=NOON)

    def test_s34_two_members_at_once_the_second_is_told_who_and_when(self, actor, pia):
        _dossier, request = world.asked(pia, "CRI-LEG-04")
        item, marc = items(request)[0], factories.as_publisher(world.colleague(pia))
        replying.reply(actor=marc, item_id=item.id, given=said(text="De Marc."), at=NOON)
        with pytest.raises(ChangedError) as told:
            replying.reply(actor=actor, item_id=item.id, given=said(text="De Pia."), at=LATER)
        item.refresh_from_db()
        assert (item.answer, told.value.actor, told.value.at) == ("De Marc.", str(marc.user_id), NOON)
        replying.reply(actor=actor, item_id=item.id, given=said(text="De Pia.", seen=replying.mark_of(item)), at=LATER)
        item.refresh_from_db()
        assert item.answer == "De Pia."

    @pytest.mark.parametrize(
        ("values", "field"),
        [({"text": " "}, "text"), ({"text": "x" * 5001}, "text"), ({"evidence_ids": (uuid4(),)}, "evidence")],
    )
    def test_answers_that_do_not_fit_are_refused(self, actor, pia, values, field):
        _dossier, request = world.asked(pia, "CRI-LEG-04")
        with pytest.raises(WrongValueError) as refused:
            replying.reply(actor=actor, item_id=items(request)[0].id, given=said(**values), at=NOON)
        assert refused.value.field == field

    def test_pieces_of_another_dossier_prove_nothing(self, actor, pia):
        _dossier, request = world.asked(pia, "CRI-LEG-04")
        other = factories.evidence(factories.candidacy(by=factories.member()))
        with pytest.raises(WrongValueError):
            replying.reply(actor=actor, item_id=items(request)[0].id, given=said(evidence_ids=(other.id,)), at=NOON)

    def test_a_refused_file_leaves_no_answer(self, actor, pia):
        _dossier, request = world.asked(pia, "CRI-LEG-04")
        given = said(upload=world.upload(world.SVG, "logo.svg"))
        with pytest.raises(replying.evidence.FileRefusedError):
            replying.reply(actor=actor, item_id=items(request)[0].id, given=given, at=NOON)
        assert items(request)[0].answered_at is None

    def test_others_and_former_members_answer_nothing(self, actor, pia):
        _dossier, request = world.asked(pia, "CRI-LEG-04")
        item = items(request)[0]
        with pytest.raises(UnknownRowError):
            stranger = factories.as_publisher(factories.member())
            replying.reply(actor=stranger, item_id=item.id, given=said(), at=NOON)
        with pytest.raises(UnknownRowError):
            replying.reply(actor=actor, item_id=uuid4(), given=said(), at=NOON)
        Member.objects.filter(pk=pia.pk).update(ended_at=NOON)
        with pytest.raises(AccessDeniedError):
            replying.reply(actor=actor, item_id=item.id, given=said(), at=NOON)


class TestSending:
    def answered(self, actor, pia, *codes, **values):
        dossier, request = world.asked(pia, *codes, **values)
        for item in items(request):
            replying.reply(actor=actor, item_id=item.id, given=said(), at=NOON)
        return dossier, request

    @pytest.mark.parametrize(
        ("status", "code", "after", "queue"),
        [
            (Status.INCOMPLETE, "impact", Status.ADMISSIBILITY, Queue.DESK),
            (Status.COMPLEMENT, "CRI-LEG-04", Status.ASSESSMENT, Queue.ASSESSOR),
        ],
    )
    def test_sto_52_sto_56_all_answers_give_the_dossier_back(self, actor, pia, status, code, after, queue):
        dossier, request = self.answered(actor, pia, code, status=status)
        replying.send(actor=actor, candidacy_id=dossier.id, seen=0, at=LATER)
        dossier.refresh_from_db()
        request.refresh_from_db()
        assert (dossier.status, dossier.queue, dossier.reasons) == (after, queue, ["answer-received"])
        assert (request.answered_by_id, request.answered_at) == (pia.user_id, LATER)
        assert len(dossier.snapshot_hash) == 64
        assert dossier.events.get().snapshot_hash == dossier.snapshot_hash
        assert dossier.assignee_id in {dossier.desk_officer_id, dossier.assessor_id}

    def test_store_7_the_checks_run_again(self, actor, pia):
        dossier, _request = self.answered(actor, pia, "CRI-LEG-04")
        factories.answered(dossier)
        replying.send(actor=actor, candidacy_id=dossier.id, seen=0, at=LATER)
        assert set(dossier.steps.values_list("cause", flat=True)) == {CandidacyStep.Cause.CHANGE}

    def test_one_line_without_answer_keeps_all_back(self, actor, pia):
        dossier, request = world.asked(pia, "CRI-LEG-04", "CRI-LEG-05")
        replying.reply(actor=actor, item_id=items(request)[0].id, given=said(), at=NOON)
        with pytest.raises(GuardError) as refused:
            replying.send(actor=actor, candidacy_id=dossier.id, seen=0, at=LATER)
        request.refresh_from_db()
        dossier.refresh_from_db()
        assert refused.value.missing == ("answers-missing",)
        assert (request.answered_at, dossier.status, dossier.events.count()) == (None, Status.COMPLEMENT, 0)

    @pytest.mark.parametrize("data", [world.INFECTED, None])
    def test_s35_a_file_that_is_not_clean_keeps_the_dossier_where_it_is(self, actor, pia, data):
        dossier, _request = self.answered(actor, pia, "CRI-LEG-04")
        if data is None:
            replying.evidence.add(
                actor=actor, candidacy_id=dossier.id, upload=world.upload(), description=world.about(), at=NOON
            )
        else:
            world.added(actor, dossier, data=data)
        with pytest.raises(GuardError) as refused:
            replying.send(actor=actor, candidacy_id=dossier.id, seen=0, at=LATER)
        dossier.refresh_from_db()
        assert (refused.value.missing, dossier.status) == (("evidence-not-clean",), Status.COMPLEMENT)

    def test_s34_sent_twice_is_sent_once(self, actor, pia):
        dossier, _request = self.answered(actor, pia, "CRI-LEG-04")
        replying.send(actor=actor, candidacy_id=dossier.id, seen=0, at=LATER)
        marc = factories.as_publisher(world.colleague(pia))
        with pytest.raises(ChangedError) as told:
            replying.send(actor=marc, candidacy_id=dossier.id, seen=0, at=LATER)
        assert (told.value.event, told.value.actor) == ("answer", str(pia.user_id))
        assert dossier.events.count() == 1

    def test_nothing_is_sent_without_a_request(self, actor, pia):
        dossier = factories.candidacy(Status.ASSESSMENT, by=pia)
        with pytest.raises(WrongValueError) as refused:
            replying.send(actor=actor, candidacy_id=dossier.id, seen=0, at=NOON)
        assert (refused.value.field, refused.value.reason) == ("request", "closed")

    @pytest.mark.parametrize(("status", "code"), [(Status.INCOMPLETE, "impact"), (Status.COMPLEMENT, "CRI-LEG-04")])
    def test_sto_82_until_the_last_second_whether_the_sweep_has_passed_or_not(self, actor, pia, status, code):
        dossier, _request = self.answered(actor, pia, code, status=status)
        midnight = dossier.due_at + timedelta(seconds=1)
        with pytest.raises(WrongValueError, match="term: over"):
            replying.send(actor=actor, candidacy_id=dossier.id, seen=0, at=midnight)
        dossier.refresh_from_db()
        assert (dossier.status, dossier.queue) == (status, Queue.PUBLISHER)
        in_time = midnight - timedelta(microseconds=1)
        assert replying.send(actor=actor, candidacy_id=dossier.id, seen=0, at=in_time).status != status

    def test_sto_52_the_page_that_the_desk_asks_about_is_corrected_and_whole(self, actor, pia):
        dossier, request = world.asked(pia, "page", status=Status.INCOMPLETE)
        sheet = factories.sheet(dossier)
        ends = dossier.due_at
        contents = sheets.contents_of(sheet)
        Candidacy.objects.filter(pk=dossier.pk).update(wakes_at=ends)
        sheets.save_sheet(
            actor=actor, candidacy_id=dossier.id, contents={**contents, "tagline": ""}, version=sheet.version, at=NOON
        )
        dossier.refresh_from_db()
        assert (dossier.wakes_at, dossier.touched_at) == (ends, NOON)
        replying.reply(actor=actor, item_id=items(request)[0].id, given=said(), at=NOON)
        with pytest.raises(GuardError, match="page-incomplete"):
            replying.send(actor=actor, candidacy_id=dossier.id, seen=0, at=LATER)
        sheets.save_sheet(
            actor=actor, candidacy_id=dossier.id, contents={**contents, "tagline": "Autre."},
            version=sheet.version + 1, at=NOON,
        )  # fmt: skip
        assert replying.send(actor=actor, candidacy_id=dossier.id, seen=0, at=LATER).status == Status.ADMISSIBILITY
        with pytest.raises(LockedError):
            sheets.save_sheet(
                actor=actor, candidacy_id=dossier.id, contents=contents, version=sheet.version + 2, at=LATER
            )

    def test_sto_52_so_are_the_purposes(self, actor, pia):
        dossier, request = world.asked(pia, "purpose", status=Status.INCOMPLETE)
        Candidacy.objects.filter(pk=dossier.pk).update(exchange="read")
        replying.reply(actor=actor, item_id=items(request)[0].id, given=said(), at=NOON)
        with pytest.raises(GuardError, match="consent-texts-missing"):
            replying.send(actor=actor, candidacy_id=dossier.id, seen=0, at=LATER)
        consenting.save_text(
            actor=actor, candidacy_id=dossier.id, kind=("mesures", "read"), contents=CONSENT, version=0, at=NOON
        )
        assert replying.send(actor=actor, candidacy_id=dossier.id, seen=0, at=LATER).status == Status.ADMISSIBILITY

    @pytest.mark.parametrize("code", ["page", "impact"])
    def test_sto_52_nothing_but_what_was_asked_about(self, actor, pia, code):
        dossier, _request = world.asked(pia, code, status=Status.INCOMPLETE)
        Candidacy.objects.filter(pk=dossier.pk).update(exchange="read")
        with pytest.raises(LockedError):
            consenting.save_text(
                actor=actor, candidacy_id=dossier.id, kind=("mesures", "read"), contents=CONSENT, version=0, at=NOON
            )

    def test_what_was_sent_is_not_changed_any_more(self, actor, pia):
        dossier, request = self.answered(actor, pia, "CRI-LEG-04")
        replying.send(actor=actor, candidacy_id=dossier.id, seen=0, at=LATER)
        item = items(request)[0]
        with pytest.raises(WrongValueError):
            replying.reply(actor=actor, item_id=item.id, given=said(seen=replying.mark_of(item)), at=LATER)


class TestReservations:
    def test_sto_63_each_is_answered_on_evidence_then_the_assessor_goes_on(self, actor, pia):
        dossier, rows = world.reserved(pia, suspensive=2)
        proof = world.added(actor, dossier)
        for row in rows:
            with pytest.raises(GuardError):
                replying.send_reservations(actor=actor, candidacy_id=dossier.id, seen=0, at=LATER)
            replying.reply_to_reservation(
                actor=actor, reservation_id=row.id, given=said(evidence_ids=(proof.id,)), at=NOON
            )
        replying.send_reservations(actor=actor, candidacy_id=dossier.id, seen=0, at=LATER)
        dossier.refresh_from_db()
        assert (dossier.status, dossier.queue) == (Status.RESERVATIONS, Queue.ASSESSOR)
        assert dossier.reasons == ["reservations-answered"]
        assert Reservation.objects.filter(answered_by=pia.user, evidence_ids=[proof.id]).count() == 2

    def test_sto_82_not_after_the_last_second(self, actor, pia):
        dossier, rows = world.reserved(pia)
        given = said(evidence_ids=(world.added(actor, dossier).id,))
        replying.reply_to_reservation(actor=actor, reservation_id=rows[0].id, given=given, at=NOON)
        with pytest.raises(WrongValueError, match="term: over"):
            replying.send_reservations(
                actor=actor, candidacy_id=dossier.id, seen=0, at=dossier.due_at + timedelta(seconds=1)
            )
        sent = replying.send_reservations(actor=actor, candidacy_id=dossier.id, seen=0, at=dossier.due_at)
        assert sent.queue == Queue.ASSESSOR

    def test_a_suspensive_one_without_evidence_is_refused(self, actor, pia):
        _dossier, rows = world.reserved(pia)
        with pytest.raises(WrongValueError) as refused:
            replying.reply_to_reservation(actor=actor, reservation_id=rows[0].id, given=said(), at=NOON)
        assert (refused.value.field, refused.value.reason) == ("evidence", "missing")

    def test_sto_41_after_publication_the_assessor_is_told(self, actor, pia):
        assessor = factories.reviewer()
        dossier = factories.candidacy(Status.PUBLISHED, by=pia, assessor=assessor)
        row = Reservation.objects.create(
            candidacy=dossier, text="Publier la déclaration.", is_suspensive=False, due_on=NOON.date(), made_at=NOON
        )
        replying.reply_to_reservation(actor=actor, reservation_id=row.id, given=said(), at=NOON)
        mail = Mail.objects.get()
        assert (mail.user, mail.template, mail.facts["number"]) == (assessor, "review_turn", dossier.number)
        with pytest.raises(WrongValueError):
            replying.send_reservations(actor=actor, candidacy_id=dossier.id, seen=0, at=NOON)

    def test_sto_18_without_an_assessor_those_without_a_link_are_told(self, actor, pia):
        dossier = factories.candidacy(Status.PUBLISHED, by=pia)
        free, linked = factories.reviewer(), factories.reviewer()
        ReviewerTie.objects.create(user=linked, siren=pia.publisher.siren, kind="associée", since=date(2024, 1, 1))
        row = Reservation.objects.create(
            candidacy=dossier, text="Publier la déclaration.", is_suspensive=False, due_on=NOON.date(), made_at=NOON
        )
        replying.reply_to_reservation(actor=actor, reservation_id=row.id, given=said(), at=NOON)
        assert [mail.user for mail in Mail.objects.all()] == [free]

    def test_a_lifted_one_takes_no_answer(self, actor, pia):
        _dossier, rows = world.reserved(pia, answered_at=NOON, lifted_at=NOON, lifted_by=factories.reviewer())
        with pytest.raises(WrongValueError):
            replying.reply_to_reservation(actor=actor, reservation_id=rows[0].id, given=said(), at=NOON)

    def test_one_that_came_back_is_answered_anew(self, actor, pia):
        dossier, rows = world.reserved(pia)
        proof = world.added(actor, dossier)
        given = said(evidence_ids=(proof.id,))
        replying.reply_to_reservation(actor=actor, reservation_id=rows[0].id, given=given, at=NOON)
        replying.send_reservations(actor=actor, candidacy_id=dossier.id, seen=0, at=LATER)
        assessor = world.assessor_of(dossier)
        dossier.refresh_from_db()
        dossier.assessor = dossier.assignee = assessor
        dossier.assigned_at = LATER
        dossier.save()
        lifting.send_back(
            actor=factories.at_work(assessor), reservation_id=rows[0].id, reason="Trop ancien.", seen=1, at=LATER
        )
        with pytest.raises(GuardError):
            replying.send_reservations(actor=actor, candidacy_id=dossier.id, seen=2, at=LATER)
        replying.reply_to_reservation(actor=actor, reservation_id=rows[0].id, given=given, at=LATER)
        replying.send_reservations(actor=actor, candidacy_id=dossier.id, seen=2, at=LATER)
        dossier.refresh_from_db()
        assert dossier.queue == Queue.ASSESSOR

    def test_the_turn_of_the_assessor_is_not_the_publishers(self, actor, pia):
        dossier, rows = world.reserved(pia)
        dossier.queue = Queue.ASSESSOR
        dossier.save()
        with pytest.raises(WrongValueError):
            replying.reply_to_reservation(actor=actor, reservation_id=rows[0].id, given=said(), at=NOON)
        with pytest.raises(WrongValueError):
            replying.send_reservations(actor=actor, candidacy_id=dossier.id, seen=0, at=NOON)
