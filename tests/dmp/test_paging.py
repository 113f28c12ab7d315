"""Pages cut by key: each document once, forward and back, whatever its neighbours share with it (D-01, DMP-64)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from apps.common.ids import uuid7
from apps.dmp import services
from apps.dmp.filters import Filters
from apps.dmp.models import Document
from apps.dmp.paging import BY_AUTHOR, BY_DATE, FIRST_PAGE, Cut, behind, reverse
from tests import factories
from tests.dmp.rows import document
from tests.harness.clock import NOON

TODAY = NOON.date()
ORDERS = {"date": BY_DATE, "author": BY_AUTHOR}
days = st.sampled_from([date(2026, 11, 18), date(2026, 11, 17), date(1975, 1, 1)])
names = st.sampled_from(["", "Dr Anne Lefort", "Dr Émile Zola"])
rows = st.lists(st.tuples(days, names, names), min_size=1, max_size=14)


def page(actor, *, cut=FIRST_PAGE, order=BY_DATE, size=20, filters=None):
    found = services.find_documents(actor=actor, filters=filters or Filters(), today=TODAY, cut=cut, order=order)
    return services.page_of(found, size=size)


def ids(shown):
    return [row.id for row in shown.documents]


def copies(pattern, values):
    """Rows in bulk that differ from the pattern in these columns."""
    made = []
    for changed in values:
        own = {field.attname: getattr(pattern, field.attname) for field in Document._meta.concrete_fields}
        made.append(Document(**{**own, "id": uuid7(), "unique_id": uuid7().hex, **changed}))
    return Document.objects.bulk_create(made)


class WalkTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.space = factories.space()
        cls.actor = factories.holder(cls.space)
        cls.pattern = document(cls.space)
        document(factories.space())

    @settings(max_examples=60)
    @given(found=rows, order=st.sampled_from(list(ORDERS.values())), size=st.integers(1, 5))
    def test_dmp_64_forward_each_document_once_and_back_the_same_pages(self, found, order, size):
        copies(self.pattern, [{"sorted_on": day, "author_name": who, "organisation_name": place}
                              for day, who, place in found])  # fmt: skip
        wanted = list(Document.objects.filter(space=self.space).order_by(*order).values_list("id", flat=True))

        forward = [page(self.actor, order=order, size=size)]
        while forward[-1].end < forward[-1].total:
            forward.append(page(self.actor, order=order, size=size, cut=Cut(after=ids(forward[-1])[-1])))
        back = [forward[-1]]
        while back[-1].start:
            back.append(page(self.actor, order=order, size=size, cut=Cut(before=ids(back[-1])[0])))

        assert [row for shown in forward for row in ids(shown)] == wanted
        assert [ids(shown) for shown in reversed(back)] == [ids(shown) for shown in forward]
        assert [shown.start for shown in reversed(back)] == [shown.start for shown in forward]
        assert [shown.start for shown in forward] == list(range(0, len(wanted), size))


@pytest.mark.django_db
class TestCuts:
    @pytest.fixture
    def space(self):
        return factories.space()

    @pytest.fixture
    def listed(self, space):
        """Five documents of five days, newest first."""
        made = [document(space, sorted_on=TODAY - timedelta(days=number)) for number in range(5)]
        return [row.id for row in made]

    def test_a_document_that_came_meanwhile_moves_no_page(self, space, listed):
        actor = factories.holder(space)
        newest = document(space, sorted_on=TODAY)

        shown = page(actor, cut=Cut(after=listed[1]), size=2)

        assert newest.id not in ids(shown)
        assert ids(shown) == listed[2:4]
        assert (shown.start, shown.end, shown.total) == (3, 5, 6)

    def test_fewer_than_a_page_before_give_a_whole_first_page(self, space, listed):
        assert ids(page(factories.holder(space), cut=Cut(before=listed[1]), size=2)) == listed[:2]

    def test_nothing_behind_the_last_one_gives_the_first_page(self, space, listed):
        assert ids(page(factories.holder(space), cut=Cut(after=listed[-1]), size=2)) == listed[:2]

    @pytest.mark.parametrize("way", ["after", "before"])
    @pytest.mark.parametrize("which", ["unknown", "foreign", "concealed", "deleted", "filtered"])
    def test_sec_05_a_document_outside_the_list_gives_the_first_page(self, space, listed, way, which):
        gone = {
            "unknown": uuid7,
            "foreign": lambda: document(factories.space()).id,
            "concealed": lambda: document(space, concealed_until=NOON + timedelta(days=1)).id,
            "deleted": lambda: document(space, availability=Document.Availability.DELETED).id,
            "filtered": lambda: document(space, category="RADIO_SC").id,
        }
        shown = page(factories.holder(space), cut=Cut(**{way: gone[which]()}), size=2,
                     filters=Filters(category="BIOLOGIE"))  # fmt: skip
        assert (ids(shown), shown.start, shown.total) == (listed[:2], 0, 5)

    def test_one_query_more_with_a_cut_and_none_for_the_position(self, space, listed):
        actor, counts = factories.holder(space), []
        for cut in (FIRST_PAGE, Cut(after=listed[1]), Cut(before=listed[3]), Cut(after=uuid7())):
            with CaptureQueriesContext(connection) as queries:
                page(actor, cut=cut, size=2)
            counts.append(len(queries))
        assert counts == [2, 3, 3, 3]


def test_dmp_64_the_comparison_begins_with_a_bound_for_the_index():
    key = {"sorted_on": date(2026, 11, 18), "id": UUID(int=7)}
    assert behind(key, BY_DATE) == Q(sorted_on__lte=key["sorted_on"]) & (
        Q(sorted_on__lt=key["sorted_on"]) | Q(id__lt=key["id"])
    )
    assert reverse(BY_AUTHOR) == ("-author_name", "-organisation_name", "sorted_on", "id")


@pytest.mark.django_db
def test_dmp_64_the_database_begins_at_the_key():
    space = factories.space()
    copies(document(space), [{"sorted_on": TODAY - timedelta(days=number)} for number in range(500)])
    row = Document.objects.filter(space=space).newest_first()[250]
    key = {"sorted_on": row.sorted_on, "id": row.id}
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE dmp_document")  # the planner knows how many there are
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    plan = Document.objects.filter(space_id=space.id).filter(behind(key, BY_DATE)).newest_first()[:20].explain()
    assert re.search(r"dmp_document_timeline.*\n *Index Cond: .*sorted_on <= ", plan), plan
    assert "Sort" not in plan
