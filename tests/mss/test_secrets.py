"""What a minor keeps from their representatives stays theirs in the mailbox too (ACC-33, MSS-53)."""

from __future__ import annotations

import pytest

from apps.access import Section
from apps.mss import searching
from apps.mss.models import Attachment, Message
from apps.mss.services.reading import ContentNotFoundError, read_raw
from tests import factories
from tests.harness.clock import NOON
from tests.journeys.saving import as_representative, helper, holder
from tests.mss.test_attaching import PDF, doc_of, send

pytestmark = pytest.mark.django_db
LABEL = ("N", "INVISIBLE_REPRESENTANTS_LEGAUX")


@pytest.fixture
def space():
    return factories.space()


def shown(actor):
    return set(Attachment.objects.visible_to(actor).values_list("kind", flat=True))


def test_acc_33_document_archive_and_what_came_along_are_not_there_for_others(space):
    send(space, doc_of(space, labels=LABEL), others=[("copie.pdf", "application/pdf", PDF)])
    for other in (as_representative(holder(space)), helper(space, Section.MESSAGES)):
        assert shown(other) == set()
    assert shown(holder(space)) == {"document", "package", "file"}


def test_acc_33_another_message_is_untouched(space):
    send(space, doc_of(space))
    assert shown(as_representative(holder(space))) == {"document", "package"}


def test_acc_33_the_message_as_it_came_is_not_given_out(space):
    message = send(space, doc_of(space, labels=LABEL))
    with pytest.raises(ContentNotFoundError):
        read_raw(actor=as_representative(holder(space)), message_id=message.id, at=NOON)
    assert read_raw(actor=holder(space), message_id=message.id, at=NOON).row == message


def test_acc_33_nothing_is_told_of_what_is_held_beside_it(space):
    send(space, doc_of(space, labels=LABEL))
    Attachment.objects.filter(space_id=space.id).update(held="other-patient")
    assert Attachment.objects.told_as_held(as_representative(holder(space))).count() == 0


def test_acc_33_the_list_does_not_say_that_files_came(space):
    send(space, doc_of(space, labels=LABEL))
    child, parent = holder(space), as_representative(holder(space))
    seen = [Attachment.objects.visible_to(actor).filter(parent_id=None).exists() for actor in (child, parent)]
    assert seen == [True, False]


def test_acc_33_a_search_does_not_find_its_title(space):
    send(space, doc_of(space, labels=LABEL))
    assert not Message.objects.filter(search=searching.query("rendu")).exists()


def test_acc_33_a_search_does_not_find_the_names_of_what_came_along(space):
    send(space, doc_of(space, labels=LABEL), others=[("echographie.pdf", "application/pdf", PDF)])
    assert not Message.objects.filter(search=searching.query("echographie")).exists()


def test_mss_11_mss_22_a_relative_does_not_get_the_message_as_it_came(space):
    message = send(space, doc_of(space))
    with pytest.raises(ContentNotFoundError):
        read_raw(actor=helper(space, Section.MESSAGES), message_id=message.id, at=NOON)
    assert read_raw(actor=as_representative(holder(space)), message_id=message.id, at=NOON).row == message
