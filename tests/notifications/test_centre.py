"""H-02 and the bell: what is told, to whom, how many; right after reading, and silent about what is out of sight."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.notifications.kinds import Kind
from apps.notifications.models import Notice
from tests import factories
from tests.cast import Who, client_of, make_cast
from tests.dmp.rows import document
from tests.harness.clock import NOON
from tests.notifications.factories import notice

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(time_machine):
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def cast():
    made = make_cast()
    Notice.objects.all().delete()
    return made


@pytest.fixture
def alice(cast):
    return cast.users[Who.HOLDER]


@pytest.fixture
def visit(alice):
    return client_of(alice)


def center(space, query=""):
    return f"/e/{space.id}/notifications/{query}"


def page(visit, space, query=""):
    answer = visit.get(center(space, query))
    assert answer.status_code == 200
    return answer.content.decode()


def queries(visit, address):
    with CaptureQueriesContext(connection) as seen:
        assert visit.get(address).status_code == 200
    return [query["sql"] for query in seen.captured_queries]


def without_tokens(html):
    """A page asks for its forms by a token that is another one each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", html)


def new_document(user, row, **values):
    return notice(
        user=user,
        kind=Kind.NEW_DOCUMENT,
        key=f"new:{row.id}",
        space_id=row.space_id,
        document_ids=[row.id],
        **values,
    )


class TestList:
    def test_empty_says_who_chooses(self, visit, cast):
        html = page(visit, cast.space)

        assert "<h2>Aucune notification</h2>" in html
        assert "Vous choisissez ce qui vous est signalé dans Paramètres." in html
        assert f'href="/e/{cast.space.id}/alertes/"' in html
        assert "Aucune notification non lue" in html

    def test_newest_first_by_day_with_state_in_words(self, visit, cast, alice):
        notice(user=alice, key="one", at=NOON - timedelta(days=1), read_at=NOON)
        new_document(alice, cast.document)

        html = page(visit, cast.space)

        assert html.index("Mercredi 25\xa0novembre 2026") < html.index("Mardi 24\xa0novembre 2026")
        assert html.index("Un document a été ajouté") < html.index("Un changement a touché la sécurité")
        assert "1 notification non lue" in html
        assert "2 notifications" in html
        assert "Concerne votre compte ou un proche" in html

    def test_not_15_no_title_no_name(self, visit, cast, alice):
        new_document(alice, cast.document)

        html = page(visit, cast.space).partition("<main")[2].partition("</main>")[0]

        assert cast.document.title not in html
        assert "Morel" not in html

    def test_filters(self, visit, cast, alice):
        notice(user=alice, key="account", read_at=NOON)
        new_document(alice, cast.document)

        def shown(query):
            main = page(visit, cast.space, query).partition("<main")[2]
            return ("Un document a été ajouté" in main, "sécurité de votre compte" in main)

        assert shown("") == (True, True)
        assert shown("?etat=non-lues") == (True, False)
        assert shown("?sujet=espace") == (True, False)
        assert shown("?sujet=compte") == (False, True)
        assert shown("?sujet=%00&etat=x&page=zz") == (True, True)

    def test_a_filter_without_result_says_how_to_see_the_others(self, visit, cast):
        assert "Choisissez «\xa0Toutes\xa0» pour voir les autres." in page(visit, cast.space, "?etat=non-lues")

    def test_pages_of_twenty(self, visit, cast, alice):
        for number in range(21):
            notice(user=alice, key=f"n{number}", at=NOON - timedelta(minutes=number))

        assert page(visit, cast.space).count('class="ens-list__title"') == 20
        assert page(visit, cast.space, "?page=2").count('class="ens-list__title"') == 1

    def test_how_many_documents_a_professional_looked_at(self, visit, cast, alice):
        other = document(cast.space)
        ids = [cast.document.id, other.id, uuid4()]
        notice(user=alice, kind=Kind.PROFESSIONAL_READ, space_id=cast.space.id, document_ids=ids)

        assert "Un professionnel a consulté 2 documents" in page(visit, cast.space)

    def test_an_emergency_is_marked(self, visit, cast, alice):
        notice(user=alice, kind=Kind.EMERGENCY_ACCESS, space_id=cast.space.id, document_ids=[cast.document.id])

        html = page(visit, cast.space)

        assert "Accès en urgence\xa0: un professionnel a consulté 1 document" in html
        assert 'class="ens-alarm"' in html

    @pytest.mark.parametrize("query", ["", "?etat=non-lues"])
    def test_number_of_queries_does_not_grow(self, cast, alice, visit, query):
        new_document(alice, cast.document)
        page(visit, cast.space)  # the first page of a session also writes its token
        few = queries(visit, center(cast.space, query))
        for number in range(19):
            new_document(alice, document(cast.space, title=f"Document {number}"))
        assert len(queries(visit, center(cast.space, query))) == len(few)


class TestWhose:
    def test_sec_01_nobody_elses_notices(self, cast, alice):
        new_document(alice, cast.document)

        html = page(client_of(cast.users[Who.DELEGATE]), cast.space)

        assert "Un document a été ajouté" not in html

    def test_a_notice_of_one_space_is_not_in_another_one(self, cast, visit, alice):
        child = factories.space(person=factories.child_identity())
        factories.representation(of=child, person=alice.identity)
        new_document(alice, document(child))

        assert "Un document a été ajouté" not in page(visit, cast.space)
        assert "Un document a été ajouté" in page(visit, child)

    def test_what_concerns_the_account_is_in_every_space(self, cast, visit, alice):
        child = factories.space(person=factories.child_identity())
        factories.representation(of=child, person=alice.identity)
        notice(user=alice, key="account")
        notice(user=alice, kind=Kind.DELEGATION, key="help", space_id=uuid4())

        for space in (cast.space, child):
            assert "2 notifications non lues" in page(visit, space)

    def test_what_its_reader_does_not_want_there_is_not_there(self, cast, visit, alice):
        new_document(alice, cast.document, in_centre=False)

        assert "Aucune notification non lue" in page(visit, cast.space)


class TestOutOfSight:
    """SEC-05: no line, no count, no page, the same answer as for an unknown id."""

    @pytest.fixture
    def secret(self, cast):
        row = document(cast.child_space)
        made = new_document(cast.users[Who.PARENT], row)
        row.kept_from_representatives = True
        row.save(update_fields=["kept_from_representatives"])
        return made

    def test_sec_05_a_notice_of_a_document_that_is_out_of_sight_leaves_no_trace(self, cast, secret):
        visit = client_of(cast.users[Who.PARENT])
        page(visit, cast.child_space)
        addresses = (center(cast.child_space), f"/e/{cast.child_space.id}/")
        with_it = [without_tokens(visit.get(address).content.decode()) for address in addresses]
        Notice.objects.all().delete()

        assert [without_tokens(visit.get(address).content.decode()) for address in addresses] == with_it
        assert all("Aucune notification non lue" in html for html in with_it)

    def test_sec_05_opening_and_marking_it_are_the_404_of_an_unknown_one(self, cast, secret):
        visit = client_of(cast.users[Who.PARENT])
        address = center(cast.child_space)

        for tail, post in (("", False), ("marquer/", True)):
            answers = [(visit.post if post else visit.get)(f"{address}{key}/{tail}") for key in (secret.pk, uuid4())]
            assert [answer.status_code for answer in answers] == [404, 404]

    def test_sec_05_marking_all_leaves_it_alone(self, cast, secret):
        client_of(cast.users[Who.PARENT]).post(f"{center(cast.child_space)}tout-lire/")

        secret.refresh_from_db()
        assert secret.read_at is None

    def test_acc_34_nothing_of_a_document_that_is_not_announced(self, cast, visit, alice):
        row = document(cast.space, concealed_until=NOON + timedelta(days=1))
        new_document(alice, row)

        assert "Aucune notification non lue" in page(visit, cast.space)

    def test_a_withdrawn_document_takes_its_notice_along(self, cast, visit, alice):
        new_document(alice, document(cast.space, availability="urn:asip:ci-sis:2010:StatusType:Deleted"))

        assert "Aucune notification non lue" in page(visit, cast.space)


class TestMarking:
    def test_opening_marks_and_leads_to_the_document(self, cast, visit, alice):
        made = new_document(alice, cast.document)

        answer = visit.get(f"{center(cast.space)}{made.pk}/")

        assert answer.url == f"/e/{cast.space.id}/documents/{cast.document.id}/"
        made.refresh_from_db()
        assert made.read_at == NOON

    def test_an_access_leads_to_the_history_of_its_space(self, cast, visit, alice):
        made = notice(user=alice, kind=Kind.PROFESSIONAL_READ, space_id=cast.space.id)

        assert visit.get(f"{center(cast.space)}{made.pk}/").url == f"/e/{cast.space.id}/historique/"

    @pytest.mark.parametrize("kind", list(Kind))
    @pytest.mark.parametrize("here", [True, False])
    def test_every_kind_leads_to_a_page_that_exists(self, cast, visit, alice, kind, here):
        ids = [cast.document.id] if kind is Kind.NEW_DOCUMENT else []
        made = notice(user=alice, kind=kind, space_id=cast.space.id if here else None, document_ids=ids)

        assert visit.get(f"{center(cast.space)}{made.pk}/", follow=True).status_code == 200

    def test_marking_one_and_back(self, cast, visit, alice):
        made = notice(user=alice)
        address = f"{center(cast.space)}{made.pk}/marquer/"

        assert visit.post(address).url == center(cast.space)
        made.refresh_from_db()
        assert made.read_at == NOON
        visit.post(address, {"etat": "non-lues"})
        made.refresh_from_db()
        assert made.read_at is None
        assert "Notification marquée comme non lue" in page(visit, cast.space)

    def test_reading_by_get_changes_nothing_but_by_opening(self, cast, visit, alice):
        made = notice(user=alice)

        page(visit, cast.space)

        made.refresh_from_db()
        assert made.read_at is None
        assert visit.get(f"{center(cast.space)}tout-lire/").status_code == 405
        assert visit.get(f"{center(cast.space)}{made.pk}/marquer/").status_code == 405

    def test_not_35_marking_all_and_undoing_it(self, cast, visit, alice):
        earlier = notice(user=alice, key="earlier", read_at=NOON - timedelta(hours=1), at=NOON - timedelta(hours=2))
        made = [notice(user=alice, key=f"n{number}") for number in range(2)]

        visit.post(f"{center(cast.space)}tout-lire/")
        told = page(visit, cast.space)
        assert "2 notifications marquées comme lues" in told
        assert f'href="{center(cast.space)}tout-lire/annuler/"' in told
        assert "Tout marquer comme lu" not in told

        assert visit.get(f"{center(cast.space)}tout-lire/annuler/").status_code == 200
        visit.post(f"{center(cast.space)}tout-lire/annuler/")

        assert list(Notice.objects.filter(read_at=None).order_by("key").values_list("pk", flat=True)) == [
            one.pk for one in made
        ]
        earlier.refresh_from_db()
        assert earlier.read_at == NOON - timedelta(hours=1)
        assert visit.get(f"{center(cast.space)}tout-lire/annuler/").url == center(cast.space)

    def test_marking_all_when_all_is_read(self, cast, visit):
        assert visit.post(f"{center(cast.space)}tout-lire/").url == center(cast.space)


class TestBell:
    @pytest.mark.parametrize(
        ("count", "words"),
        [(0, "Aucune notification non lue"), (1, "1 notification non lue"), (3, "3 notifications non lues")],
    )
    def test_number_in_words_on_every_page_of_a_space(self, cast, visit, alice, count, words):
        for number in range(count):
            notice(user=alice, key=f"n{number}")

        html = visit.get(f"/e/{cast.space.id}/documents/").content.decode()

        header = html.partition("</header>")[0]
        assert words in header
        assert f'href="{center(cast.space)}"' in header

    def test_it_falls_when_the_document_is_opened(self, cast, visit, alice):
        new_document(alice, cast.document)
        address = f"/e/{cast.space.id}/documents/"
        assert "1 notification non lue" in visit.get(address).content.decode()

        visit.get(f"{address}{cast.document.id}/")

        assert "Aucune notification non lue" in visit.get(address).content.decode()

    def test_none_outside_spaces(self, visit):
        assert "notification non lue" not in visit.get("/plan-du-site/").content.decode()

    def test_it_costs_one_query(self, cast, visit):
        address = f"/e/{cast.space.id}/documents/"
        visit.get(address)

        assert sum("notifications_notice" in sql for sql in queries(visit, address)) == 1

    def test_h_01_home_shows_a_card_when_something_is_unread(self, cast, visit, alice):
        home = f"/e/{cast.space.id}/"
        assert f'href="{center(cast.space)}?etat=non-lues"' not in visit.get(home).content.decode()

        notice(user=alice)

        assert f'href="{center(cast.space)}?etat=non-lues"' in visit.get(home).content.decode()
