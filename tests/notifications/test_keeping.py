"""What is old leaves, what is wrong is seen, what is unsafe does not start (NOT-35, REL-23, SEC-30)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.notifications import checks, invariants, jobs
from apps.notifications.kinds import Kind
from apps.notifications.models import Notice, OutgoingMail
from tests import factories
from tests.harness.clock import NOON
from tests.notifications import factories as rows


class TestForgetting:
    pytestmark = pytest.mark.django_db

    @pytest.fixture
    def alice(self):
        return factories.user(email="alice@example.org")

    def test_not_35_notices_leave_after_the_retention_legal_ones_stay(self, alice, settings):
        settings.NOTICE_RETENTION_DAYS = 365
        old = NOON - timedelta(days=366)
        rows.notice(user=alice, key="old", at=old)
        rows.notice(user=alice, key="legal", kind=Kind.DELEGATION, at=old)
        rows.notice(user=alice, key="young", at=NOON - timedelta(days=364))

        assert [jobs.forget(at=NOON), jobs.forget(at=NOON)] == [1, 0]

        assert set(Notice.objects.values_list("key", flat=True)) == {"legal", "young"}

    def test_mails_that_are_over_leave_those_that_somebody_must_see_stay(self, alice):
        old = NOON - timedelta(days=366)
        rows.mail(user=alice, key="sent", kind="trial", at=old, state="sent", sent_at=old, due_at=None)
        rows.mail(user=alice, key="parked", kind="trial", at=old, state="parked", due_at=None)
        rows.mail(user=alice, key="waiting", kind="trial", at=old)

        jobs.forget(at=NOON)

        assert set(OutgoingMail.objects.values_list("key", flat=True)) == {"parked", "waiting"}


class TestInvariants:
    pytestmark = pytest.mark.django_db

    @pytest.fixture
    def alice(self):
        return factories.user(email="alice@example.org")

    def test_rel_23_a_due_mail_that_nobody_tried_is_seen_after_an_hour(self, alice):
        rows.mail(user=alice, due_at=NOON)

        assert invariants.due_mail_waits_too_long(at=NOON + timedelta(minutes=60)) == 0
        assert invariants.due_mail_waits_too_long(at=NOON + timedelta(minutes=61)) == 1

    def test_rel_23_a_try_that_never_ends_is_seen(self, alice):
        rows.mail(user=alice, state="sending", leased_until=NOON, attempts=1)

        assert invariants.lease_never_ends(at=NOON + timedelta(minutes=65)) == 0
        assert invariants.lease_never_ends(at=NOON + timedelta(minutes=66)) == 1

    def test_a_notice_told_to_somebody_else_is_seen(self, alice):
        mail = rows.mail(user=alice)
        assert invariants.mail_of_somebody_else(at=NOON) == 0

        rows.notice(user=factories.user(), mail=mail)

        assert invariants.mail_of_somebody_else(at=NOON) == 1


class TestChecks:
    @pytest.fixture
    def production(self, settings):
        settings.ENS_ENV = "production"
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_USE_TLS = True
        settings.DEFAULT_FROM_EMAIL = "Mon espace <ne-pas-repondre@portail.example>"
        return settings

    def found(self):
        return [message.id for message in checks.mail_is_safe(app_configs=None)]

    def test_a_safe_relay_is_silent(self, production):
        assert self.found() == []

    @pytest.mark.parametrize(
        ("name", "value", "code"),
        [
            ("EMAIL_USE_TLS", False, "notifications.E001"),
            ("EMAIL_BACKEND", "django.core.mail.backends.locmem.EmailBackend", "notifications.E002"),
            ("DEFAULT_FROM_EMAIL", "Mon espace", "notifications.E003"),
        ],
    )
    def test_sec_30_what_is_unsafe_does_not_start(self, production, name, value, code):
        setattr(production, name, value)

        assert self.found() == [code]

    def test_the_demonstration_may_send_in_clear_to_itself(self, settings):
        settings.EMAIL_USE_TLS = False

        assert self.found() == []
