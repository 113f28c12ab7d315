"""Letters: batches, files and manifest, hand-over to the post as the sending of all of them (RO-05, SPA-03, SPA-04)."""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import date, datetime, timedelta
from uuid import uuid4

import pikepdf
import pypdfium2
import pytest

from apps.audit.models import AuditEvent
from apps.common.dates import PARIS
from apps.files.models import StoredFile, Vault
from apps.files.services import FileGoneError
from apps.rollout import writing
from apps.rollout.codes import code_of
from apps.rollout.jobs import batching, letting_go, preparing, printing
from apps.rollout.letters import letter_reference, read_reference
from apps.rollout.models import EligiblePerson, LetterFile, Notice, NoticeCode, StopOrder
from apps.rollout.services import posting
from apps.rollout.symbols import grouped
from tests import factories
from tests.rollout import factories as rows
from tests.tagged_pdf import faults_of_pdf

pytestmark = pytest.mark.django_db

AT = datetime(2026, 9, 14, 10, tzinfo=PARIS)
State = EligiblePerson.State


@pytest.fixture
def operator():
    return factories.at_work(factories.staff(), at=AT)


def prepared(number=1, **values):
    """People of a running wave whose letters wait."""
    running = values.pop("wave", None) or rows.wave(first_send_on=AT.date())
    people = [rows.person(**{"wave": running, "mail": "", "channel": "courrier", **values}) for _ in range(number)]
    preparing.prepare_due(at=AT)
    return people


def ready_batch(number=1, **values):
    people = prepared(number, **values)
    (batch,) = batching.gather(at=AT, everything=True)
    printing.make_letters(at=AT)
    batch.refresh_from_db()
    return batch, people


def content(batch, place, operator):
    return posting.download(actor=operator, batch_id=batch.pk, place=place, at=AT)[1]


def words(pdf):
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]


class TestGathering:
    def test_letters_wait_for_a_full_batch_or_for_twelve_hours(self):
        prepared(2)

        assert batching.gather(at=AT + timedelta(hours=11)) == []
        (batch,) = batching.gather(at=AT + timedelta(hours=12))
        assert (batch.number, batch.letters, batch.state) == (1, 2, "making")

    def test_a_batch_holds_no_more_than_it_may_and_only_one_wave(self, monkeypatch):
        monkeypatch.setattr(batching, "LARGEST", 2)
        first, second = rows.wave(first_send_on=AT.date()), rows.wave(first_send_on=AT.date())
        prepared(3, wave=first)
        prepared(1, wave=second)

        made = batching.gather(at=AT, everything=True)

        assert sorted((str(batch.wave_id), batch.letters) for batch in made) == sorted(
            [(str(first.pk), 2), (str(first.pk), 1), (str(second.pk), 1)]
        )
        assert Notice.objects.filter(batch=None).count() == 0

    def test_full_ones_are_made_at_once_the_rest_waits(self, monkeypatch):
        monkeypatch.setattr(batching, "LARGEST", 2)
        prepared(3)

        assert [batch.letters for batch in batching.gather(at=AT)] == [2]

    def test_rel_01_a_second_run_makes_no_second_batch(self):
        prepared(2)

        assert len(batching.gather(at=AT, everything=True)) == 1
        assert batching.gather(at=AT, everything=True) == []

    @pytest.mark.parametrize("halt", ["stop", "stop-of-wave", "pause"])
    def test_rel_10_nothing_is_gathered_or_made_under_a_stop_nor_gathered_in_a_pause(self, halt):
        running = rows.wave(first_send_on=AT.date())
        prepared(1, wave=running)
        if halt == "pause":
            running.paused_at = AT
            running.save()
        else:
            StopOrder.objects.create(
                wave=running if halt == "stop-of-wave" else None,
                reason="Essai",
                ordered_by=running.author,
                ordered_at=AT,
            )

        assert batching.gather(at=AT, everything=True) == []


class TestMaking:
    def test_decisions_35_the_letters_are_one_tagged_pdf_each_on_a_sheet_of_its_own(self, operator):
        batch, _people = ready_batch(3)

        assert (batch.state, batch.made, batch.ready_at) == ("ready", 3, AT)
        data = content(batch, 1, operator)
        assert faults_of_pdf(data) == []
        with pikepdf.open(io.BytesIO(data)) as pdf:
            assert len(pdf.pages) == 6

    def test_spa_02_what_a_letter_says(self, operator):
        batch, (person,) = ready_batch(1)

        page, back = words(content(batch, 1, operator))
        text = " ".join((page + " " + back).split())
        assert grouped(code_of(NoticeCode.objects.get(person=person).pk)) in text
        assert "ALICE MOREL 3 RUE DES ESSAIS 44000 NANTES" in text
        assert "Alice M., né(e) en 1984" in text
        assert "au moins jusqu'au 26 octobre 2026" in text
        assert "Par courrier : écrivez" in text
        assert "localhost:8000/opposition/" in text
        assert letter_reference(batch=batch.number, place=1) in text

    def test_spa_40_the_letter_of_a_child_goes_to_the_parent(self, operator):
        mother = rows.person(
            mail="",
            channel="courrier",
            street="9 RUE NEUVE",
            identity=factories.identity(first_given_name="CLAIRE", birth_family_name="PETIT"),
        )
        batch, _children = ready_batch(
            1,
            identity=factories.child_identity(),
            situation="MINEUR",
            rl1_number=mother.identity.ins_number,
            rl1_capacity="MERE",
        )

        text = " ".join(words(content(batch, 1, operator))[0].split())
        assert "CLAIRE PETIT 9 RUE NEUVE" in text
        assert "Lea M., né(e) en 2017" in text

    def test_the_manifest_says_where_each_letter_stands_with_the_sum_of_its_file(self, operator, monkeypatch):
        monkeypatch.setattr(printing, "SLICE", 2)
        batch, _people = ready_batch(3)

        lines = list(csv.DictReader(io.StringIO(content(batch, 0, operator).decode()), delimiter=";"))
        ids = [str(pk) for pk in Notice.objects.order_by("pk").values_list("pk", flat=True)]
        sums = [hashlib.sha256(content(batch, place, operator)).hexdigest() for place in (1, 1, 2)]
        name = f"lot-{batch.number:05d}"
        assert [line["envoi"] for line in lines] == ids
        assert [(line["fichier"], line["premiere_page"], line["derniere_page"]) for line in lines] == [
            (f"{name}-001.pdf", "1", "2"),
            (f"{name}-001.pdf", "3", "4"),
            (f"{name}-002.pdf", "1", "2"),
        ]
        assert [line["sha256_du_fichier"] for line in lines] == sums
        assert [line["reference"] for line in lines] == [
            letter_reference(batch=batch.number, place=place) for place in (1, 2, 3)
        ]

    def test_the_pages_are_those_of_the_file(self, operator, monkeypatch):
        monkeypatch.setattr(printing, "SLICE", 2)
        batch, _people = ready_batch(2)

        pages = words(content(batch, 1, operator))
        for line in csv.DictReader(io.StringIO(content(batch, 0, operator).decode()), delimiter=";"):
            assert line["reference"] in pages[int(line["premiere_page"]) - 1]

    def test_files_lie_encrypted_and_no_scanner_is_claimed(self):
        batch, _people = ready_batch(1)

        vault = Vault.objects.get(owner_kind="letters", owner_id=batch.pk)
        assert set(StoredFile.objects.filter(vault=vault).values_list("state", "scanner")) == {
            ("clean", "none: made by the portal")
        }

    def test_who_chose_before_the_printing_gets_no_letter(self, operator):
        first, second = prepared(2)
        (batch,) = batching.gather(at=AT, everything=True)
        EligiblePerson.objects.filter(pk=first.pk).update(state=State.OPPOSED)

        printing.make_letters(at=AT)

        assert dict(Notice.objects.values_list("person_id", "state")) == {
            first.pk: "cancelled",
            second.pk: "prepared",
        }
        file = LetterFile.objects.get(batch=batch, place=1)
        assert (sorted(file.spans), file.letters, file.pages) == ([0, 2], 1, 2)
        assert len(content(batch, 0, operator).decode().splitlines()) == 2

    def test_a_street_that_the_register_has_lost_is_for_an_operator(self):
        (person,) = prepared(1)
        batching.gather(at=AT, everything=True)
        EligiblePerson.objects.filter(pk=person.pk).update(street="")

        printing.make_letters(at=AT)

        rows.again(person)
        assert (person.state, person.hold) == (State.NOTICE_FAILED, "returned")
        assert Notice.objects.values_list("state", "reason").get() == ("failed", "no-address")

    def test_rel_02_a_run_out_of_time_is_gone_on_with(self, monkeypatch):
        monkeypatch.setattr(printing, "SLICE", 1)
        prepared(3)
        (batch,) = batching.gather(at=AT, everything=True)

        assert printing.make_letters(at=AT, seconds=0) == 0
        batch_row = printing._lease(batch.pk, AT)
        printing._make_next(batch_row, AT)
        assert rows.again(batch).made == 1
        assert printing.make_letters(at=AT + timedelta(minutes=1)) == 3
        assert (rows.again(batch).state, batch.made) == ("ready", 3)
        assert [file.place for file in batch.files.order_by("place")] == [0, 1, 2, 3]

    def test_a_batch_at_work_is_left_alone_until_its_lease_is_over(self):
        prepared(1)
        (batch,) = batching.gather(at=AT, everything=True)
        assert printing._lease(batch.pk, AT) is not None

        assert printing.make_letters(at=AT + timedelta(minutes=4)) == 0
        assert printing.make_letters(at=AT + timedelta(minutes=6)) == 2

    def test_rel_10_no_further_file_is_made_under_a_stop(self):
        (person,) = prepared(1)
        batching.gather(at=AT, everything=True)
        StopOrder.objects.create(wave=None, reason="Essai", ordered_by=person.wave.author, ordered_at=AT)

        assert printing.make_letters(at=AT) == 0


class TestHandingOver:
    def test_spa_03_the_day_of_the_post_is_the_sending_of_all(self, operator):
        batch, people = ready_batch(2)
        later = AT + timedelta(days=3)

        letters = posting.hand_over(actor=operator, batch_id=batch.pk, on=date(2026, 9, 16), at=later)

        sent_at, ends_at = datetime(2026, 9, 16, 12, tzinfo=PARIS), datetime(2026, 10, 29, tzinfo=PARIS)
        assert letters == 2
        assert set(Notice.objects.values_list("state", "sent_at", "window_ends_at")) == {("sent", sent_at, ends_at)}
        for person in people:
            rows.again(person)
            assert (person.state, person.notice_sent_at, person.window_ends_at) == (State.NOTICE_SENT, sent_at, ends_at)
        assert (rows.again(batch).state, batch.handed_at, batch.handed_by_id) == ("handed", sent_at, operator.user_id)

    def test_on_the_day_of_the_making_it_is_now(self, operator):
        batch, _people = ready_batch()
        at = AT + timedelta(hours=1)

        posting.hand_over(actor=operator, batch_id=batch.pk, on=AT.date(), at=at)

        assert rows.again(batch).handed_at == at

    @pytest.mark.parametrize("on", [date(2026, 9, 13), date(2026, 9, 18)])
    def test_not_in_the_future_and_not_before_it_was_ready(self, operator, on):
        batch, (person,) = ready_batch()

        with pytest.raises(posting.HandoverDateError) as refused:
            posting.hand_over(actor=operator, batch_id=batch.pk, on=on, at=AT + timedelta(days=3))

        assert refused.value.ready_on == AT.date()
        assert rows.again(person).state == State.NOTICE_QUEUED

    def test_rel_01_once(self, operator):
        batch, _people = ready_batch()
        posting.hand_over(actor=operator, batch_id=batch.pk, on=AT.date(), at=AT)

        with pytest.raises(posting.BatchStateError):
            posting.hand_over(actor=operator, batch_id=batch.pk, on=AT.date(), at=AT)

    def test_who_opposed_after_the_printing_stays_opposed(self, operator):
        batch, (person,) = ready_batch()
        EligiblePerson.objects.filter(pk=person.pk).update(state=State.OPPOSED)

        posting.hand_over(actor=operator, batch_id=batch.pk, on=AT.date(), at=AT)

        assert (rows.again(person).state, person.window_ends_at) == (State.OPPOSED, None)

    def test_spa_50_a_letter_and_a_mail_of_one_person_the_letter_last(self, operator):
        tutor = rows.person(mail="", channel="courrier")
        batch, (person,) = ready_batch(
            1,
            mail="alice@example.fr",
            channel="courriel",
            situation="MAJEUR_PROTEGE",
            measure="TUTELLE",
            rl1_number=tutor.identity.ins_number,
            rl1_capacity="TUTEUR",
        )
        mail = Notice.objects.get(channel="mail")

        posting.hand_over(actor=operator, batch_id=batch.pk, on=AT.date(), at=AT)

        assert (mail.state, rows.again(person).state) == ("prepared", State.NOTICE_QUEUED)

    def test_o_09_a_new_code_by_post_is_the_live_one_from_the_hand_over_on(self, operator):
        person = rows.person(mail="", channel="courrier", wave=rows.wave())
        first, _code = rows.noticed(person, sent_at=AT)
        new = writing.sleeping_code(person=person, at=AT)
        resent = writing.NewNotice(kind=Notice.Kind.RESENT, key="resent:1", channel=Notice.Channel.POST, code=new)
        writing.write_notice(person=person, new=resent, at=AT)
        (batch,) = batching.gather(at=AT, everything=True)
        printing.make_letters(at=AT)
        assert NoticeCode.objects.get(person=person, ended_at=None).pk == first.code_id

        posting.hand_over(actor=operator, batch_id=batch.pk, on=AT.date(), at=AT)

        assert NoticeCode.objects.get(person=person, ended_at=None).pk == new.pk
        assert rows.again(person).window_ends_at == first.window_ends_at

    def test_it_is_traced(self, operator):
        batch, _people = ready_batch()
        content(batch, 1, operator)
        posting.hand_over(actor=operator, batch_id=batch.pk, on=AT.date(), at=AT)

        lines = AuditEvent.objects.filter(target=f"letter-batch:{batch.pk}").order_by("at", "pk")
        assert {line.action for line in lines} == {"rollout.letter_batch.download", "rollout.letter_batch.hand_over"}
        assert {line.actor_id for line in lines} == {str(operator.user_id)}


class TestGivingUp:
    def test_letters_of_a_cancelled_batch_wait_for_another_and_its_files_are_gone(self, operator):
        batch, _people = ready_batch(2)
        file = StoredFile.objects.filter(vault__owner_id=batch.pk).first()

        posting.cancel_batch(actor=operator, batch_id=batch.pk, at=AT)

        assert rows.again(batch).state == "cancelled"
        with pytest.raises(posting.UnknownBatchError):
            content(batch, 1, operator)
        assert StoredFile.objects.select_related("vault").get(pk=file.pk).vault.key_destroyed_at == AT
        (other,) = batching.gather(at=AT, everything=True)
        assert (other.letters, other.number) == (2, batch.number + 1)

    def test_not_after_the_hand_over(self, operator):
        batch, _people = ready_batch()
        posting.hand_over(actor=operator, batch_id=batch.pk, on=AT.date(), at=AT)

        with pytest.raises(posting.BatchStateError):
            posting.cancel_batch(actor=operator, batch_id=batch.pk, at=AT)

    @pytest.mark.parametrize("files_before", [0, 1])
    def test_a_batch_given_up_while_a_file_is_made_keeps_nothing_of_it(self, operator, monkeypatch, files_before):
        monkeypatch.setattr(printing, "SLICE", 1)
        prepared(2)
        (batch,) = batching.gather(at=AT, everything=True)
        for _ in range(files_before):
            printing._make_next(printing._lease(batch.pk, AT), AT)

        def given_up(place):
            if place == "rollout.printing.before_store":
                posting.cancel_batch(actor=operator, batch_id=batch.pk, at=AT)

        monkeypatch.setattr(printing, "reach", given_up)
        printing.make_letters(at=AT)

        assert (rows.again(batch).state, batch.leased_until) == ("cancelled", None)
        assert LetterFile.objects.filter(batch=batch).count() == files_before
        assert not Vault.objects.filter(owner_id=batch.pk, wrapped_key__isnull=False).exists()

    def test_a_batch_given_up_before_its_manifest_stays_given_up(self, operator):
        prepared()
        (batch,) = batching.gather(at=AT, everything=True)
        printing._make_next(printing._lease(batch.pk, AT), AT)
        leased = printing._lease(batch.pk, AT)
        posting.cancel_batch(actor=operator, batch_id=batch.pk, at=AT)

        printing._make_next(leased, AT)

        assert (rows.again(batch).state, batch.ready_at) == ("cancelled", None)

    def test_an_unknown_batch(self, operator):
        for act in (posting.cancel_batch,):
            with pytest.raises(posting.UnknownBatchError):
                act(actor=operator, batch_id=uuid4(), at=AT)
        with pytest.raises(posting.UnknownBatchError):
            posting.download(actor=operator, batch_id=uuid4(), place=1, at=AT)


@pytest.mark.parametrize(("batch", "place"), [(1, 1), (12, 345), (99_999, 10_000)])
def test_a_reference_is_read_back_and_a_wrong_figure_found(batch, place):
    reference = letter_reference(batch=batch, place=place)

    assert read_reference(f" {reference.lower()} ") == (batch, place)
    figure = reference[0]
    other = "8" if figure != "8" else "7"
    assert read_reference(other + reference[1:]) is None


@pytest.mark.parametrize("typed", ["", "-", "1-2-3", "1-00001", "١-00001-A", "9" * 40 + "-00001-A", "a-00001-A"])
def test_what_is_no_reference(typed):
    assert read_reference(typed) is None


def test_files_are_let_go_ninety_days_after_the_hand_over(operator):
    batch, _people = ready_batch()
    posting.hand_over(actor=operator, batch_id=batch.pk, on=AT.date(), at=AT)

    assert letting_go.forget_letters(at=AT + timedelta(days=90)) == 0
    assert letting_go.forget_letters(at=AT + timedelta(days=91)) == 1
    assert letting_go.forget_letters(at=AT + timedelta(days=92)) == 0
    with pytest.raises(FileGoneError):
        content(batch, 1, operator)
    assert rows.again(batch).state == "handed"


def test_a_batch_that_waits_for_the_post_keeps_its_files(operator):
    batch, _people = ready_batch()

    assert letting_go.forget_letters(at=AT + timedelta(days=400)) == 0
    assert content(batch, 1, operator).startswith(b"%PDF")
