"""Whom acts on documents are told to, and from when on (IDN-57, NOT-04, NOT-06, ACC-33, ACC-34, SEC-05, REL-22)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.access import Purpose
from apps.dmp import services
from apps.dmp.jobs.announcing import announce_due
from apps.dmp.models import Concealment
from apps.dmp.services import Deposit, Visibility
from apps.files.gateways.scanner_embedded import EmbeddedScanner
from apps.files.jobs import scan
from apps.notifications import jobs
from apps.notifications.models import Notice, OutgoingMail
from tests import factories
from tests.cast import Who, make_cast
from tests.dmp.cda import Cda
from tests.dmp.test_policies import DOCTOR
from tests.harness.clock import NOON
from tests.notifications.relays import Box

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
ANNOUNCED = Visibility.INVISIBLE_TO_PATIENT
KEPT = Visibility.INVISIBLE_TO_REPRESENTATIVES


@pytest.fixture
def cast():
    made = make_cast()
    Notice.objects.all().delete()
    OutgoingMail.objects.all().delete()
    for user in made.users.values():
        user.email = f"{user.pk.hex}@example.org"
        user.save(update_fields=["email"])
    return made


def file(space, *labels, at=NOON, actor=None, **values):
    made = Deposit(
        data=Cda(patient=space.identity, **{"unique_id": "1.2.250.1.999.9", **values}).data(),
        visibility=frozenset(labels),
    )
    row = services.deposit_document(actor=actor or factories.system(space, at=at), deposit=made, at=at)
    scan(vault_id=row.vault_id, file_id=row.file_id, scanner=EmbeddedScanner(), at=at)
    return row


def told(kind=None):
    rows = Notice.objects.filter(kind=kind) if kind else Notice.objects.all()
    return set(rows.values_list("user_id", flat=True))


def read(space, row, *, at=NOON, **values):
    actor = replace(DOCTOR, space_id=space.id, at=at, **values)
    return services.open_document(actor=actor, document_id=row.id, at=at)


class TestDeposit:
    def test_not_06_holder_and_delegate_are_told_once_of_a_new_document(self, cast):
        row = file(cast.space)

        assert told("new_document") == {cast.users[Who.HOLDER].pk, cast.users[Who.DELEGATE].pk}
        assert {notice.document_ids[0] for notice in Notice.objects.order_by("pk")} == {row.id}

    def test_not_06_of_a_child_the_parent_of_today(self, cast):
        file(cast.child_space)

        assert told() == {cast.users[Who.PARENT].pk}

    def test_acc_33_what_is_kept_from_representatives_is_told_to_nobody(self, cast):
        file(cast.child_space, KEPT)

        assert told() == set()
        assert not OutgoingMail.objects.exists()

    def test_acc_34_not_yet_announced_is_told_to_nobody(self, cast):
        file(cast.space, ANNOUNCED)

        assert told() == set()

    def test_the_same_document_twice_is_told_once(self, cast):
        file(cast.space)
        file(cast.space)

        assert Notice.objects.filter(user=cast.users[Who.HOLDER]).count() == 1

    def test_a_refused_deposit_is_told_to_nobody(self, cast):
        other = factories.identity(ins_number="2840644109999")
        with pytest.raises(services.DepositRefusedError):
            services.deposit_document(
                actor=factories.system(cast.space), deposit=Deposit(data=Cda(patient=other).data()), at=NOON
            )

        assert told() == set()

    def test_a_deposit_that_is_undone_is_told_to_nobody(self, cast):
        with pytest.raises(InterruptedError), transaction.atomic():
            file(cast.space)
            raise InterruptedError

        assert told() == set()


class TestReading:
    def test_idn_57_one_notice_an_hour_and_structure_with_its_documents(self, cast):
        rows = [cast.document, file(cast.space)]
        Notice.objects.all().delete()
        for row, minute in ((rows[0], 5), (rows[0], 6), (rows[1], 50)):
            read(cast.space, row, at=NOON + timedelta(minutes=minute), organisation_id="10A")

        notice = Notice.objects.get()
        assert (notice.user_id, notice.kind) == (cast.users[Who.HOLDER].pk, "professional_read")
        assert set(notice.document_ids) == {row.id for row in rows}
        assert notice.mail.due_at == NOON + timedelta(hours=1)

    def test_idn_57_another_hour_or_structure_is_another_notice(self, cast):
        read(cast.space, cast.document, organisation_id="10A")
        read(cast.space, cast.document, organisation_id="10B")
        read(cast.space, cast.document, at=NOON + timedelta(hours=1), organisation_id="10A")

        assert Notice.objects.count() == 3

    def test_idn_57_an_emergency_is_told_at_once(self, cast):
        read(
            cast.space,
            cast.document,
            purpose=Purpose.BREAK_GLASS,
            rights=replace(DOCTOR.rights, break_glass_allowed=True),
        )

        notice = Notice.objects.get()
        assert notice.kind == "emergency_access"
        assert notice.mail.due_at == NOON

    def test_not_04_a_delegate_is_not_told_of_accesses(self, cast):
        read(cast.space, cast.document)

        assert told() == {cast.users[Who.HOLDER].pk}

    def test_acc_34_the_author_reads_what_is_not_announced_and_nobody_is_told(self, cast):
        row = file(cast.space, ANNOUNCED)

        read(cast.space, row, national_id=row.author_id)

        assert told() == set()

    def test_acc_33_representatives_do_not_hear_of_a_reading_of_what_is_kept_from_them(self, cast):
        row = file(cast.child_space, KEPT)

        read(cast.child_space, row, national_id=row.author_id)

        assert told() == set()

    def test_holders_who_read_are_not_told_of_themselves(self, cast):
        holder = factories.holder(cast.space, user_id=cast.users[Who.HOLDER].pk)

        services.open_document(actor=holder, document_id=cast.document.id, at=NOON)

        assert told() == set()

    def test_opening_a_document_ends_its_notice_for_that_reader_alone(self, cast):
        row = file(cast.space)
        holder = factories.holder(cast.space, user_id=cast.users[Who.HOLDER].pk)

        services.open_document(actor=holder, document_id=row.id, at=NOON)

        assert Notice.objects.get(user=cast.users[Who.HOLDER]).read_at == NOON
        assert Notice.objects.get(user=cast.users[Who.DELEGATE]).read_at is None

    def test_a_refused_professional_is_told_to_nobody(self, cast):
        blocked = replace(DOCTOR.rights, blocked=True)
        with pytest.raises(services.DocumentNotFoundError):
            read(cast.space, cast.document, rights=blocked, national_id="899900000000")

        assert told() == set()


class TestAnnouncement:
    def test_acc_34_after_two_weeks_the_holder_alone_hears_of_an_update(self, cast):
        file(cast.space, ANNOUNCED)

        assert announce_due(at=NOON + 14 * DAY - timedelta(seconds=1)) == 0
        assert announce_due(at=NOON + 14 * DAY) == 1

        notice = Notice.objects.get()
        assert (notice.user_id, notice.kind) == (cast.users[Who.HOLDER].pk, "announced_result")
        assert notice.document_ids == []
        assert OutgoingMail.objects.get().due_at == NOON + 14 * DAY

    def test_acc_34_after_a_month_it_is_a_new_document(self, cast):
        row = file(cast.space, ANNOUNCED)
        announce_due(at=NOON + 14 * DAY)

        assert announce_due(at=row.concealed_until - timedelta(seconds=1)) == 0
        assert announce_due(at=row.concealed_until) == 1
        assert announce_due(at=row.concealed_until + DAY) == 0

        assert told("new_document") == {cast.users[Who.HOLDER].pk}  # the mandate of the relative ended meanwhile
        assert Concealment.objects.get().due_at is None

    def test_rel_22_after_forty_days_of_silence_it_is_said_once_and_at_once(self, cast):
        file(cast.space, ANNOUNCED)
        late = NOON + 40 * DAY

        assert [announce_due(at=late), announce_due(at=late)] == [1, 0]

        assert Notice.objects.filter(user=cast.users[Who.HOLDER]).count() == 1
        assert told("announced_result") == set()
        assert Notice.objects.filter(kind="new_document", at=late).count() == 1

    def test_rel_01_the_step_twice_is_once(self, cast):
        file(cast.space, ANNOUNCED)

        for _ in range(2):
            announce_due(at=NOON + 14 * DAY)
            Concealment.objects.update(due_at=NOON)

        assert Notice.objects.count() == 1

    def test_acc_34_a_corrected_version_keeps_the_steps_of_the_first_one(self, cast):
        first = file(cast.space, ANNOUNCED)
        file(cast.space, at=NOON + 10 * DAY, unique_id="1.2.250.1.999.10", replaces=first.unique_id, version=2)

        announce_due(at=NOON + 14 * DAY)
        announce_due(at=first.concealed_until)

        assert Notice.objects.filter(kind="announced_result").count() == 1
        assert Notice.objects.filter(kind="new_document", user=cast.users[Who.HOLDER]).count() == 1


class TestMailOfWhatIsGone:
    def leave(self, at):
        box = Box()
        jobs.sweep(relay=box, at=at)
        return [letter.address for letter in box.letters]

    def test_sec_05_a_right_that_ended_before_the_mail_leaves(self, cast):
        file(cast.child_space)
        parent = cast.users[Who.PARENT].identity
        parent.representations.update(ended_at=NOON + timedelta(minutes=30))

        assert self.leave(NOON + timedelta(hours=1)) == []

        assert OutgoingMail.objects.get().state == "suppressed"

    def test_sec_05_a_document_that_is_out_of_sight_before_the_mail_leaves(self, cast):
        row = file(cast.child_space)
        row.kept_from_representatives = True
        row.save(update_fields=["kept_from_representatives"])

        assert self.leave(NOON + timedelta(hours=1)) == []

    def test_not_18_what_was_read_meanwhile_is_not_mailed(self, cast):
        row = file(cast.space)
        holder = factories.holder(cast.space, user_id=cast.users[Who.HOLDER].pk)
        services.open_document(actor=holder, document_id=row.id, at=NOON)

        assert self.leave(NOON + timedelta(hours=1)) == [cast.users[Who.DELEGATE].email]

    def test_a_mail_counts_the_documents_of_its_hour(self, cast):
        file(cast.space)
        file(cast.space, unique_id="1.2.250.1.999.11", at=NOON + timedelta(minutes=1))
        box = Box()

        jobs.sweep(relay=box, at=NOON + timedelta(hours=1))

        assert {letter.text.partition(" le ")[0] for letter in box.letters} == {"2 documents ont été ajoutés"}
        assert len(box.letters) == 2

    def test_a_mail_of_many_documents_asks_no_more_than_one_of_two(self, cast):
        def queries(*numbers):
            for number in numbers:
                file(cast.space, unique_id=f"1.2.250.1.999.{number}", at=NOON + timedelta(hours=numbers[0]))
            with CaptureQueriesContext(connection) as seen:
                assert len(self.leave(NOON + timedelta(hours=numbers[0] + 1))) == 2  # to holder and delegate
            return len(seen)

        assert queries(1, 2) == queries(*range(10, 30))

    def test_not_30_a_closed_space_tells_nothing_more(self, cast):
        file(cast.space)
        cast.space.status, cast.space.closed_at = "closed", NOON
        cast.space.save()

        assert self.leave(NOON + timedelta(hours=1)) == []
