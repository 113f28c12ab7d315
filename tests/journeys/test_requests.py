"""Authors replace and withdraw what was saved from their messages (MSS-52, DMP-67; errors 900 and 901)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.access import AccessDeniedError
from apps.audit.services import events_of
from apps.dmp import services as dmp
from apps.dmp.models import Document
from apps.files.models import StoredFile
from apps.journeys import tasks
from apps.journeys.invariants import requests_not_answered
from apps.journeys.jobs import requests
from apps.journeys.services import saving
from apps.mss.models import Message as Letter
from apps.notifications.models import Notice
from apps.spaces.models import HealthSpace
from tests import factories
from tests.dmp.cda import Cda
from tests.dmp.factories import filed
from tests.formats.xdm.build import DELETED
from tests.harness.broker import Message
from tests.harness.clock import NOON
from tests.journeys.saving import answers, clinical, fresh, holder, scan_all

pytestmark = pytest.mark.django_db

FIRST = {"unique_id": "1.2.250.1.999.1"}
SECOND = {"unique_id": "1.2.250.1.999.2", "replaces": "1.2.250.1.999.1", "version": 2}
THIRD = {"unique_id": "1.2.250.1.999.3", "replaces": "1.2.250.1.999.2", "version": 3}
STRANGER = {"author_id": "899700000017", "organisation_id": "1990000000"}


@pytest.fixture
def space():
    return factories.space()


def saved(space, **values):
    row = clinical(space, **values)
    return saving.save_attachment(actor=holder(space), attachment_id=row.id, answers=answers(), at=NOON)


def carry_out(row, *, at=NOON):
    return requests.apply_request(attachment_id=row.id, at=at)


def availability(document):
    return Document.objects.get(pk=document.pk).availability


class TestReplacing:
    def test_mss_52_the_saved_document_gets_its_successor(self, space):
        first = saved(space)
        row = clinical(space, number="m2", **SECOND)
        assert carry_out(row) == "replaced"
        second = Document.objects.get(unique_id="1.2.250.1.999.2")
        assert (second.replaces_id, second.version_number) == (first.id, 2)
        assert availability(first) == Document.Availability.DEPRECATED
        assert (fresh(row).answer, fresh(row).document_id) == ("replaced", second.id)

    def test_the_holder_is_told_and_the_message_stays(self, space):
        actor = holder(space)
        saved(space)
        row = clinical(space, number="m2", **SECOND)
        carry_out(row)
        second = Document.objects.get(unique_id="1.2.250.1.999.2")
        (notice,) = Notice.objects.filter(user_id=actor.user_id, kind="new_document")
        assert notice.key == f"new:{second.id}"
        assert Letter.objects.filter(id=row.message_id).exists()

    def test_it_stays_as_hidden_as_the_one_before(self, space):
        first = saved(space)
        dmp.hide_document(actor=holder(space), document_id=first.id, at=NOON)
        carry_out(clinical(space, number="m2", **SECOND))
        assert Document.objects.get(unique_id="1.2.250.1.999.2").is_hidden

    def test_repeated_is_once(self, space):
        saved(space)
        row = clinical(space, number="m2", **SECOND)
        assert [carry_out(row), carry_out(row)] == ["replaced", ""]
        assert Document.objects.count() == 2

    def test_error_901_another_author_and_organisation(self, space):
        first = saved(space)
        row = clinical(space, number="m2", **SECOND, **STRANGER)
        assert carry_out(row) == "901"
        assert (availability(first), Document.objects.count()) == (Document.Availability.APPROVED, 1)

    @pytest.mark.parametrize("same", ["author_id", "organisation_id"])
    def test_the_author_or_the_organisation_is_enough(self, space, same):
        saved(space)
        others = {name: value for name, value in STRANGER.items() if name != same}
        assert carry_out(clinical(space, number="m2", **SECOND, **others)) == "replaced"

    def test_error_900_a_version_that_is_not_the_last(self, space):
        saved(space)
        carry_out(clinical(space, number="m2", **SECOND))
        late = {**SECOND, "unique_id": "1.2.250.1.999.4"}
        assert carry_out(clinical(space, number="m3", **late)) == "900"
        assert Document.objects.count() == 2

    def test_versions_are_carried_out_in_their_order_whatever_comes_first(self, space):
        saved(space)
        second = clinical(space, number="m2", **SECOND)
        third = clinical(space, number="m3", **THIRD)
        assert carry_out(third) == ""
        assert [carry_out(second), carry_out(third)] == ["replaced", "replaced"]
        assert Document.objects.get(availability=Document.Availability.APPROVED).version_number == 3

    def test_what_was_not_saved_stays_out_of_the_record(self, space):
        clinical(space)
        assert carry_out(clinical(space, number="m2", **SECOND)) == "not-saved"
        assert Document.objects.count() == 0

    def test_a_document_that_no_message_brought_is_not_a_mailboxs_to_change(self, space):
        first = filed(space)
        assert carry_out(clinical(space, number="m2", **SECOND)) == "not-saved"
        assert availability(first) == Document.Availability.APPROVED


class TestWithdrawing:
    def test_mss_52_the_record_stays_and_the_content_is_served_to_nobody(self, space):
        document = saved(space)
        assert carry_out(clinical(space, number="m2", status=DELETED)) == "withdrawn"
        assert availability(document) == Document.Availability.DELETED
        with pytest.raises(dmp.DocumentWithdrawnError):
            dmp.open_document(actor=holder(space), document_id=document.id, at=NOON)

    def test_dmp_02_the_entry_is_a_new_one(self, space):
        document = saved(space)
        carry_out(clinical(space, number="m2", status=DELETED))
        assert Document.objects.get().entry_id != document.entry_id

    def test_the_holder_is_told_without_saying_which(self, space):
        actor = holder(space)
        saved(space)
        row = clinical(space, number="m2", status=DELETED)
        carry_out(row)
        carry_out(row)
        (notice,) = Notice.objects.filter(user_id=actor.user_id, kind="withdrawn_document")
        assert notice.facts == {}

    def test_a_line_of_the_trail_for_the_record_and_one_for_the_request(self, space):
        document = saved(space)
        row = clinical(space, number="m2", status=DELETED)
        carry_out(row)
        found = {event.action: event.target for event in events_of(space.id)}
        assert found["dmp.document.withdraw"] == f"document:{document.id}"
        assert found["journeys.request.answer"] == f"attachment:{row.id}"

    def test_error_901(self, space):
        document = saved(space)
        row = clinical(space, number="m2", status=DELETED, **STRANGER)
        assert carry_out(row) == "901"
        assert availability(document) == Document.Availability.APPROVED

    def test_error_900(self, space):
        saved(space)
        carry_out(clinical(space, number="m2", **SECOND))
        assert carry_out(clinical(space, number="m3", status=DELETED)) == "900"
        assert Document.objects.filter(availability=Document.Availability.DELETED).count() == 0

    def test_a_withdrawn_document_has_no_successor(self, space):
        saved(space)
        carry_out(clinical(space, number="m2", status=DELETED))
        assert carry_out(clinical(space, number="m3", **SECOND)) == "900"

    def test_nobody_but_the_portal_withdraws(self, space):
        saved(space)
        data = Cda(patient=space.identity).data()
        for actor in (holder(space), factories.holder(space)):
            with pytest.raises(AccessDeniedError):
                dmp.withdraw_document(actor=actor, request=data, at=NOON)


class TestWaiting:
    def test_sec_11_nothing_before_the_antivirus(self, space):
        saved(space)
        row = clinical(space, number="m2", scanned=False, **SECOND)
        assert (carry_out(row), requests.due()) == ("", [])
        scan_all(space)
        assert requests.due() == [row.id]
        assert carry_out(row) == "replaced"
        assert requests.due() == []

    def test_a_virus_asks_for_nothing(self, space):
        saved(space)
        row = clinical(space, number="m2", **SECOND)
        StoredFile.objects.filter(id=row.file_id).update(state="infected")
        assert carry_out(row) == "refused"

    def test_mss_71_what_is_held_asks_for_nothing(self, space):
        saved(space)
        row = clinical(space, number="m2", **SECOND)
        type(row).objects.filter(pk=row.pk).update(held="904")
        assert (carry_out(row), requests.due()) == ("", [])

    def test_mss_13_a_closed_space_keeps_what_it_has(self, space):
        document = saved(space)
        row = clinical(space, number="m2", status=DELETED)
        HealthSpace.objects.filter(pk=space.pk).update(status="closed", closed_at=NOON)
        assert (carry_out(row), requests.due()) == ("", [])
        assert availability(document) == Document.Availability.APPROVED

    def test_rel_03_it_is_told_after_the_commit_and_found_from_the_rows(
        self, space, queue, django_capture_on_commit_callbacks
    ):
        saved(space)
        row = clinical(space, number="m2", scanned=False, **SECOND)
        wanted = Message(task="journeys.apply_request", ids={"attachment_id": str(row.id)}, queue="default")
        for tell in (
            lambda: tasks.request_clean(vault_id=row.vault_id, file_id=row.file_id),
            lambda: tasks.request_came(space_id=space.id, attachment_id=row.id),
        ):
            with django_capture_on_commit_callbacks(execute=True):
                tell()
            assert queue()[-1] == wanted
        scan_all(space)
        with django_capture_on_commit_callbacks(execute=True):
            tasks.apply_requests()
        assert queue().count(wanted) == 3

    def test_one_that_nobody_answers_is_an_alarm(self, space):
        saved(space)
        row = clinical(space, number="m2", **SECOND)
        assert requests_not_answered(at=NOON + timedelta(hours=1)) == 0
        assert requests_not_answered(at=NOON + timedelta(hours=3)) == 1
        carry_out(row)
        assert requests_not_answered(at=NOON + timedelta(hours=3)) == 0
