"""Authors replace and withdraw what was saved from their messages (MSS-52, DMP-67; errors 900 and 901)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.access import AccessDeniedError
from apps.accounts.models import User
from apps.audit.services import events_of
from apps.dmp import services as dmp
from apps.dmp.models import Document
from apps.files.models import StoredFile
from apps.journeys import tasks
from apps.journeys.invariants import requests_not_answered
from apps.journeys.jobs import requests
from apps.journeys.services import saving
from apps.mss.models import Correspondent, DraftFile
from apps.mss.models import Message as Letter
from apps.mss.services import answering
from apps.notifications.models import Notice
from apps.spaces.models import HealthSpace
from tests import factories
from tests.directory.mailboxes import listed_box
from tests.dmp.cda import AUTHOR_ID, ORGANISATION_ID, Cda
from tests.dmp.factories import filed
from tests.formats.xdm.build import DELETED
from tests.harness.broker import Message
from tests.harness.clock import NOON
from tests.journeys.saving import answers, as_representative, clinical, fresh, holder, scan_all
from tests.mss.arriving import SENDER, receive
from tests.mss.outgoing import conversation, draft
from tests.simulators.operator.world import sample

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


def sent(space, document, *, to=SENDER):
    """The holder sends a document of the record."""
    actor = holder(space)
    thread = conversation(space, number="question", sender=to)
    box = Correspondent.objects.get(space_id=space.id, address=to)
    letter = draft(space, by=User.objects.get(pk=actor.user_id), thread=thread, correspondent=box)
    DraftFile.objects.create(
        space_id=space.id, draft_id=letter.id, name="bilan.xml", media_type="text/xml", size=document.size,
        vault_id=document.vault_id, file_id=document.file_id, document_id=document.id,
    )  # fmt: skip
    message = answering.send(actor=actor, draft_id=letter.id, to_all=False, at=NOON)
    assert message.attachments.get().document_id == document.id


def camille():
    """Whom the samples of the operator are about."""
    names = {"first_given_name": "CAMILLE", "birth_given_names": "CAMILLE ANNE", "birth_family_name": "MOREL"}
    return factories.identity(ins_number="2840644109204", sex="F", birth_date="1984-06-14", **names)


def of_sample(space, key):
    perrin = "hugo.perrin@pro.mssante.example"
    message = receive(sample(key), space, sender=perrin)[-1]
    scan_all(space)
    return message.attachments.get(kind="document")


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

    def test_acc_33_a_successor_that_a_minor_keeps_from_representatives_is_a_secret(self):
        space = factories.space(person=factories.child_identity())
        factories.representation(of=space, person=factories.identity(first_given_name="ROSA"))
        row = clinical(space, **FIRST)
        parent = as_representative(holder(space))
        saving.save_attachment(actor=parent, attachment_id=row.id, answers=answers(), at=NOON)
        labels = ("N", "INVISIBLE_REPRESENTANTS_LEGAUX")

        assert carry_out(clinical(space, number="m2", labels=labels, **SECOND)) == "replaced"
        made = Document.objects.get(unique_id=SECOND["unique_id"])
        assert made.kept_from_representatives
        assert not Document.objects.visible_to(parent).filter(pk=made.pk).exists()

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


class TestTheVeryDocument:
    """What is changed is the document that a message brought, and no other one."""

    OTHER = "1.2.250.1.999.7"

    def test_mss_52_a_request_that_names_two_changes_none_that_no_message_brought(self, space):
        first, other = saved(space), filed(space, unique_id=self.OTHER, version=5)
        row = clinical(space, number="m2", **{**SECOND, "replaces": f"1.2.250.1.999.1 {self.OTHER}"})
        assert carry_out(row) == "900"
        assert (availability(first), availability(other)) == (Document.Availability.APPROVED,) * 2
        assert (Document.objects.count(), fresh(row).document_id) == (2, None)

    def test_mss_52_what_would_replace_nothing_does_not_come_in(self, space):
        saved(space)
        row = clinical(space, number="m2", **{**SECOND, "replaces": ""})
        type(row).objects.filter(pk=row.pk).update(replaces="1.2.250.1.999.1")
        assert carry_out(row) == "900"
        assert (Document.objects.count(), Notice.objects.filter(kind="new_document").count()) == (1, 0)

    def test_one_that_is_in_the_record_and_replaces_nothing_there(self, space):
        filed(space, **SECOND)
        first = saved(space)
        assert carry_out(clinical(space, number="m2", **SECOND)) == "900"
        assert availability(first) == Document.Availability.APPROVED

    def test_one_that_the_holder_saved_first_has_replaced_it(self, space):
        saved(space)
        row = clinical(space, number="m2", **SECOND)
        saving.save_attachment(actor=holder(space), attachment_id=row.id, answers=answers(), at=NOON)
        assert carry_out(row) == "replaced"
        assert Document.objects.count() == 2

    def test_mss_52_a_withdrawal_of_another_document_than_its_package_says(self, space):
        first, other = saved(space), filed(space, unique_id=self.OTHER)
        row = clinical(space, number="m2", status=DELETED, unique_id=self.OTHER)
        type(row).objects.filter(pk=row.pk).update(unique_id="1.2.250.1.999.1")
        assert carry_out(row) == "900"
        assert (availability(first), availability(other)) == (Document.Availability.APPROVED,) * 2

    @pytest.mark.parametrize("asks", [SECOND, {"status": DELETED}])
    def test_mss_52_a_document_that_the_holder_only_sent_is_not_a_mailboxs_to_change(self, space, asks):
        first = filed(space)
        sent(space, first)
        assert carry_out(clinical(space, number="m2", **asks)) == "not-saved"
        assert availability(first) == Document.Availability.APPROVED


class TestWhoAsks:
    """The CDA that is mailed is written by whoever mails it: the box has to be one that may ask (901)."""

    STRANGE = "quelquun@pro.mssante.example"

    @pytest.mark.parametrize("asks", [SECOND, {"status": DELETED}])
    def test_error_901_another_box_that_names_the_author(self, space, asks):
        first = saved(space)
        row = clinical(space, number="m2", sender=self.STRANGE, **asks)
        assert carry_out(row) == "901"
        assert (availability(first), Document.objects.count()) == (Document.Availability.APPROVED, 1)

    @pytest.mark.parametrize("asks", [SECOND, {"status": DELETED}])
    @pytest.mark.parametrize("national_id", [AUTHOR_ID, ORGANISATION_ID])
    def test_mss_52_another_box_of_the_author_or_the_organisation_in_the_directory(self, space, asks, national_id):
        saved(space)
        listed_box(self.STRANGE, national_id=national_id)
        assert carry_out(clinical(space, number="m2", sender=self.STRANGE, **asks)) in {"replaced", "withdrawn"}

    @pytest.mark.parametrize("national_id", ["899700000017", ""])
    def test_error_901_a_box_of_somebody_else_in_the_directory(self, space, national_id):
        saved(space)
        listed_box(self.STRANGE, national_id=national_id)
        assert carry_out(clinical(space, number="m2", sender=self.STRANGE, **SECOND)) == "901"

    def test_error_901_a_number_that_no_directory_gave(self, space):
        saved(space)
        row = clinical(space, number="m2", sender=self.STRANGE, **SECOND)
        Correspondent.objects.filter(address=self.STRANGE).update(national_id=AUTHOR_ID)
        assert carry_out(row) == "901"

    def test_error_901_without_a_number_of_its_author_nobody_is_them(self, space):
        saved(space, author_id="", organisation_id="")
        listed_box(self.STRANGE, national_id="")
        row = clinical(space, number="m2", sender=self.STRANGE, author_id="", organisation_id="", **SECOND)
        assert carry_out(row) == "901"

    def test_error_901_a_box_that_wrote_to_another_space_alone(self, space):
        saved(space)
        elsewhere = factories.space(person=factories.identity(first_given_name="BRUNO", birth_given_names="BRUNO"))
        saving_there = clinical(elsewhere, number="m9", sender=self.STRANGE)
        saving.save_attachment(actor=holder(elsewhere), attachment_id=saving_there.id, answers=answers(), at=NOON)
        assert carry_out(clinical(space, number="m2", sender=self.STRANGE, **SECOND)) == "901"

    def test_error_901_the_box_that_brought_other_bytes_under_its_identifier(self, space):
        first = filed(space)
        row = clinical(space, sender=self.STRANGE, title="Tout autre chose")
        saving.save_attachment(actor=holder(space), attachment_id=row.id, answers=answers(), at=NOON)
        assert fresh(row).document_id == first.id
        assert carry_out(clinical(space, number="m2", sender=self.STRANGE, status=DELETED)) == "901"

    def test_error_901_the_box_that_it_was_sent_to(self, space):
        first = saved(space)
        sent(space, first, to=self.STRANGE)
        assert carry_out(clinical(space, number="m2", sender=self.STRANGE, **SECOND)) == "901"

    @pytest.mark.parametrize(("key", "answer"), [("corrected", "replaced"), ("withdrawn", "withdrawn")])
    def test_mss_52_the_samples_of_the_operator_are_carried_out(self, key, answer):
        space = factories.space(person=camille())
        rows = [of_sample(space, each) for each in ("laboratory", key)]
        saving.save_attachment(actor=holder(space), attachment_id=rows[0].id, answers=answers(), at=NOON)
        assert carry_out(rows[1]) == answer


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


class TestOrder:
    """Requests wait for those before them, never for later ones, and not for ever (REL-07)."""

    UNKNOWN = "1.2.250.1.999.0"
    DAY = timedelta(days=1)

    @pytest.mark.parametrize("names", [("2", "3"), ("2", "2")])
    def test_rel_07_requests_that_name_each_other_are_answered(self, space, names):
        one, two = (f"1.2.250.1.999.{name}" for name in names)
        rows = [
            clinical(space, number="m2", unique_id=one, replaces=two),
            clinical(space, number="m3", unique_id=two, replaces=one),
        ]
        assert carry_out(rows[1]) == ""
        assert [carry_out(row) for row in rows] == ["not-saved", "not-saved"]
        assert requests.due() == []

    def test_rel_07_what_is_saved_waits_for_nothing(self, space):
        saved(space)
        clinical(space, number="m2", replaces=self.UNKNOWN, scanned=False)
        assert carry_out(clinical(space, number="m3", **SECOND)) == "replaced"

    def test_rel_07_a_wait_ends(self, space):
        saved(space)
        clinical(space, number="m2", scanned=False, **SECOND)
        third = clinical(space, number="m3", **THIRD)
        assert carry_out(third, at=NOON + self.DAY - timedelta(seconds=1)) == ""
        assert carry_out(third, at=NOON + self.DAY) == "not-saved"

    def test_rel_07_those_that_wait_keep_nobody_else_from_a_sweep(self, space):
        saved(space)
        clinical(space, number="m2", scanned=False, **SECOND)
        waiting = [clinical(space, number="m3", **THIRD), clinical(space, number="m4", status=DELETED, **SECOND)]
        ready = clinical(space, number="m5", status=DELETED)
        assert requests.due(limit=1) == [ready.id]
        assert requests.due() == [ready.id, *(row.id for row in waiting)]

    def test_rel_07_the_space_is_locked_before_the_request_as_when_it_is_saved(self, space):
        saved(space)
        row = clinical(space, number="m2", **SECOND)
        locked = []
        for act in (
            lambda: carry_out(row),
            lambda: saving.save_attachment(actor=holder(space), attachment_id=row.id, answers=answers(), at=NOON),
        ):
            with CaptureQueriesContext(connection) as queries:
                act()
            locked.append(next(each["sql"] for each in queries if "FOR UPDATE" in each["sql"]))
        assert [HealthSpace._meta.db_table in sql.partition("WHERE")[0] for sql in locked] == [True, True]


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
