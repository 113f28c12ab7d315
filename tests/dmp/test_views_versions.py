"""D-08: versions of a document and what changed between them (DMP-03, DMP-05, SEC-05)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.audit.services import events_of
from apps.dmp import services
from apps.dmp.models import Document
from tests import factories
from tests.dmp.factories import delegate_of, filed, holder_of, representative_of
from tests.dmp.pages import main_of, words_of
from tests.harness.clock import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def space():
    return factories.space()


def chain(space, count, **titles):
    """So many versions of one document, filed a day apart; the last one yesterday."""
    return [
        filed(
            space,
            at=NOON - timedelta(days=count + 1 - number),
            unique_id=f"1.2.250.1.999.{number}",
            version=number,
            replaces=f"1.2.250.1.999.{number - 1}" if number > 1 else "",
            title=titles.get(f"v{number}", "Résultats"),
        )
        for number in range(1, count + 1)
    ]


def address(row):
    return reverse("dmp:document_versions", args=[row.space_id, row.id])


def listed(response):
    return re.findall(r'id="version-([0-9a-f-]{36})"', main_of(response))


def test_dmp_05_newest_first_from_whichever_version_one_comes(space):
    rows = chain(space, 3)
    client = holder_of(space).client

    for row in rows:
        assert listed(client.get(address(row))) == [str(one.id) for one in reversed(rows)]


def test_which_is_the_current_one_and_since_when_the_others_are_not(space):
    first, _second = chain(space, 2)
    words = words_of(holder_of(space).client.get(address(first)))

    assert "Version 2 Version actuelle" in words
    assert "Version 1 Version remplacée le 24 novembre 2026 à 13 h 00" in words
    assert "2 versions" in words


def test_what_changed_is_told_by_both_values(space):
    first, _second = chain(space, 2, v1="Bilan", v2="Bilan corrigé")
    words = words_of(holder_of(space).client.get(address(first)))

    assert "Titre : Bilan corrigé (avant : Bilan)" in words
    assert "Auteur :" not in words.partition("Ce qui a changé")[2].partition("Version 1")[0]


def test_a_document_of_one_version_has_a_list_of_one(space):
    row = filed(space)
    assert listed(holder_of(space).client.get(address(row))) == [str(row.id)]


def test_dmp_05_an_old_version_says_so_and_leads_to_the_new_one(space):
    first, second = chain(space, 2)
    client = holder_of(space).client
    response = client.get(reverse("dmp:document_detail", args=[space.id, first.id]))

    assert "Version remplacée" in words_of(response)
    assert "Vous lisez une ancienne version" in words_of(response)
    assert reverse("dmp:document_detail", args=[space.id, second.id]) in main_of(response)
    assert address(first) in main_of(response)
    newest = client.get(reverse("dmp:document_detail", args=[space.id, second.id]))
    assert "Vous lisez une ancienne version" not in words_of(newest)


def test_sec_05_a_secret_version_leaves_no_trace_for_a_representative(space):
    first, second = chain(space, 2)
    Document.objects.filter(id=second.id).update(kept_from_representatives=True)
    representative, holder = representative_of(space).client, holder_of(space).client

    assert listed(representative.get(address(first))) == [str(first.id)]
    assert "Version actuelle" in words_of(representative.get(address(first)))
    assert representative.get(address(second)).status_code == 404
    assert len(listed(holder.get(address(first)))) == 2


def test_sec_05_a_secret_version_in_the_middle_parts_the_list(space):
    first, second, third = chain(space, 3)
    Document.objects.filter(id=second.id).update(kept_from_representatives=True)
    client = representative_of(space).client

    assert listed(client.get(address(third))) == [str(third.id)]
    assert listed(client.get(address(first))) == [str(first.id)]


def test_sec_01_versions_of_another_space_are_not_found(space):
    row = filed(space)
    assert holder_of(factories.space()).client.get(address(row)).status_code == 404


def test_dmp_06_a_deleted_version_is_named(space):
    first, _second = chain(space, 2)
    Document.objects.filter(id=first.id).update(availability=Document.Availability.DELETED)

    assert "Supprimée par son auteur" in words_of(holder_of(space).client.get(address(first)))


def test_the_list_is_no_reading_and_a_delegate_leaves_a_line(space):
    row = filed(space)
    holder_of(space).client.get(address(row))
    assert [line.action for line in events_of(space.id)] == ["dmp.document.deposit"]

    delegate_of(space).client.get(address(row))
    assert events_of(space.id).first().action == "dmp.list.read"


def test_the_number_of_queries_does_not_grow_with_the_versions(space):
    other = factories.space()
    counts = []
    for one, number in ((space, 1), (other, 20)):
        row = chain(one, number)[number // 2]
        with CaptureQueriesContext(connection) as queries:
            services.versions_of(actor=factories.holder(one), document_id=row.id, at=NOON)
        counts.append(len(queries))

    assert counts[0] == counts[1]
