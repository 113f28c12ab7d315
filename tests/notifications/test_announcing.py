"""What other apps ask of notices: told once, in the centre and by mail, as people wish (NOT-01, NOT-06, NOT-30)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import transaction

from apps.notifications.kinds import Channel, Frequency, Kind
from apps.notifications.models import Notice, OutgoingMail, Preference
from apps.notifications.services import announce
from tests import factories
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db

SPACE = UUID("01900000-0000-7000-8000-0000000000aa")
ONE = UUID("01900000-0000-7000-8000-000000000001")
TWO = UUID("01900000-0000-7000-8000-000000000002")


@pytest.fixture
def alice():
    return factories.user(email="alice@example.org")


def tell(user, *, key="event", kind=Kind.SECURITY, at=NOON, **values):
    announce(user_ids=[user.pk], kind=kind, at=at, key=key, **values)


def tell_document(user, document=ONE, **values):
    facts = {"document": str(document)}
    tell(user, kind=Kind.NEW_DOCUMENT, key=f"new:{document}", space_id=SPACE, facts=facts, **values)


def wish(user, frequency, channel=Channel.MAIL):
    Preference.objects.create(user=user, kind=Kind.NEW_DOCUMENT, channel=channel, frequency=frequency)


class TestOnce:
    def test_not_30_one_notice_and_one_mail_that_is_due_at_once(self, alice):
        tell(alice)

        notice = Notice.objects.get()
        mail = OutgoingMail.objects.get()
        assert (notice.user_id, notice.kind, notice.at, notice.read_at) == (alice.pk, "security", NOON, None)
        assert (mail.kind, mail.state, mail.attempts, mail.due_at, mail.address) == ("security", "waiting", 0, NOON, "")
        assert notice.mail_id == mail.pk

    def test_rel_01_the_same_key_twice_is_once(self, alice):
        tell(alice)
        tell(alice)

        assert (Notice.objects.count(), OutgoingMail.objects.count()) == (1, 1)

    def test_the_same_key_for_two_people_is_two_notices(self, alice):
        bob = factories.user(email="bob@example.org")

        announce(user_ids=[alice.pk, bob.pk, alice.pk], kind=Kind.SECURITY, at=NOON, key="event")

        assert set(Notice.objects.values_list("user_id", flat=True)) == {alice.pk, bob.pk}
        assert OutgoingMail.objects.values("message_id").distinct().count() == 2

    def test_nothing_is_told_of_an_event_that_is_undone(self, alice, queue):
        def event() -> None:
            with transaction.atomic():
                tell(alice)
                raise LookupError

        with pytest.raises(LookupError):
            event()

        assert (Notice.objects.count(), OutgoingMail.objects.count(), queue()) == (0, 0, [])

    def test_somebody_who_may_not_sign_in_any_more_is_not_told(self):
        gone = factories.user(email="gone@example.org", is_active=False)

        tell(gone)

        assert not Notice.objects.exists()

    def test_nobody_to_tell_is_no_error(self):
        announce(user_ids=[], kind=Kind.SECURITY, at=NOON, key="event")

        assert not Notice.objects.exists()


class TestQueue:
    def test_a_mail_that_is_due_is_queued_after_the_commit(self, alice, queue, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            tell(alice)
            assert queue() == []

        (message,) = queue()
        assert (message.task, message.queue) == ("notifications.deliver", "mail")
        assert message.ids == {"mail_id": str(OutgoingMail.objects.get().pk)}

    def test_a_grouped_mail_waits_for_the_sweep(self, alice, queue, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            tell_document(alice)

        assert queue() == []


class TestWithoutAddress:
    def test_somebody_without_address_has_the_notice_alone(self):
        tell(factories.user())

        assert Notice.objects.get().mail_id is None
        assert not OutgoingMail.objects.exists()


class TestGrouping:
    def test_not_06_documents_of_one_hour_are_one_mail_at_its_end(self, alice):
        tell_document(alice, ONE, at=NOON + timedelta(minutes=5))
        tell_document(alice, TWO, at=NOON + timedelta(minutes=59))

        mail = OutgoingMail.objects.get()
        assert mail.due_at == datetime(2026, 11, 25, 13, tzinfo=UTC)
        assert set(Notice.objects.values_list("mail_id", flat=True)) == {mail.pk}
        assert Notice.objects.count() == 2

    def test_documents_of_two_hours_are_two_mails(self, alice):
        tell_document(alice, ONE, at=NOON + timedelta(minutes=59))
        tell_document(alice, TWO, at=NOON + timedelta(minutes=60))

        assert OutgoingMail.objects.count() == 2

    @pytest.mark.parametrize("state", ["sent", "sending", "uncertain", "suppressed"])
    def test_not_30_a_document_that_is_written_after_the_mail_of_its_hour_has_one_of_its_own(self, alice, state):
        tell_document(alice, ONE, at=NOON + timedelta(minutes=5))
        end = NOON + timedelta(hours=1)
        sent_at, lease = (end if state == "sent" else None), (end if state == "sending" else None)
        OutgoingMail.objects.update(state=state, sent_at=sent_at, leased_until=lease, due_at=None)

        tell_document(alice, TWO, at=NOON + timedelta(minutes=59))
        tell_document(alice, TWO, at=NOON + timedelta(minutes=59))

        mail = OutgoingMail.objects.get(state="waiting")
        assert (mail.kind, mail.due_at) == ("new_document", end)
        assert [notice.key for notice in mail.notices.order_by("pk")] == [f"new:{TWO}"]
        assert OutgoingMail.objects.count() == 2

    def test_documents_of_two_spaces_are_two_mails(self, alice):
        tell_document(alice, ONE)
        other = UUID("01900000-0000-7000-8000-0000000000bb")
        tell(alice, kind=Kind.NEW_DOCUMENT, key="new:other", space_id=other, facts={"document": str(TWO)})

        assert OutgoingMail.objects.count() == 2

    def test_idn_57_a_second_document_joins_the_notice_of_the_hour_and_makes_it_unread(self, alice):
        for document in (ONE, ONE, TWO):
            Notice.objects.update(read_at=NOON)
            tell(alice, kind=Kind.PROFESSIONAL_READ, key="read:h12", space_id=SPACE, facts={"document": str(document)})

        notice = Notice.objects.get()
        assert notice.document_ids == [ONE, TWO]
        assert notice.read_at is None
        assert notice.mail.due_at == NOON + timedelta(hours=1)

    def test_rel_01_the_same_document_again_leaves_a_read_notice_read(self, alice):
        facts = {"document": str(ONE)}
        tell(alice, kind=Kind.PROFESSIONAL_READ, key="read:h12", space_id=SPACE, facts=facts)
        Notice.objects.update(read_at=NOON)
        tell(alice, kind=Kind.PROFESSIONAL_READ, key="read:h12", space_id=SPACE, facts=facts)

        assert Notice.objects.get().read_at == NOON

    def test_an_emergency_is_told_at_once(self, alice):
        tell(alice, kind=Kind.EMERGENCY_ACCESS, key="emergency:1", space_id=SPACE)

        assert OutgoingMail.objects.get().due_at == NOON


class TestWishes:
    def test_not_06_new_documents_may_be_off_by_mail(self, alice):
        wish(alice, Frequency.NEVER)

        tell_document(alice)

        assert Notice.objects.get().in_centre is True
        assert not OutgoingMail.objects.exists()

    def test_new_documents_may_be_off_in_the_centre(self, alice):
        wish(alice, Frequency.NEVER, Channel.CENTRE)

        tell_document(alice)

        assert Notice.objects.get().in_centre is False
        assert OutgoingMail.objects.count() == 1

    @pytest.mark.parametrize(
        "kind", [Kind.PROFESSIONAL_READ, Kind.EMERGENCY_ACCESS, Kind.SECURITY, Kind.DELEGATION, Kind.PRIVACY_CHANGE]
    )
    def test_idn_57_what_is_always_told_cannot_be_off_even_by_a_row(self, alice, kind):
        for channel in Channel:
            Preference.objects.create(user=alice, kind=kind, channel=channel, frequency=Frequency.NEVER)

        tell(alice, kind=kind, space_id=SPACE)

        assert Notice.objects.get().in_centre is True
        assert OutgoingMail.objects.count() == 1

    def test_not_18_daily_is_one_mail_at_8_in_paris(self, alice):
        wish(alice, Frequency.DAILY)

        tell_document(alice, ONE)
        tell_document(alice, TWO, at=NOON + timedelta(hours=8))

        mail = OutgoingMail.objects.get()
        assert (mail.kind, mail.due_at) == ("digest", datetime(2026, 11, 26, 7, tzinfo=UTC))

    def test_not_18_weekly_is_one_mail_on_monday(self, alice):
        wish(alice, Frequency.WEEKLY)

        tell_document(alice, ONE)

        assert OutgoingMail.objects.get().due_at == datetime(2026, 11, 30, 7, tzinfo=UTC)

    def test_one_persons_wish_is_not_another_ones(self, alice):
        wish(factories.user(email="bob@example.org"), Frequency.NEVER)

        tell_document(alice)

        assert OutgoingMail.objects.get().user_id == alice.pk
