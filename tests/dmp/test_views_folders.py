"""DMP-61: pages of folders, filing a selection, pinning from the list."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.audit.services import events_of
from apps.common.ids import uuid7
from apps.dmp.models import Document, Folder
from tests import factories
from tests.dmp.factories import delegate_of, filed, holder_of, representative_of
from tests.dmp.pages import row_ids, title_of, words_of
from tests.dmp.rows import document
from tests.harness.clock import NOON
from tests.security.pages import seen

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def space():
    return factories.space()


def url(space, name, *ids):
    return reverse(f"dmp:{name}", args=[space.id, *ids])


def folder_of(space, name="Genou"):
    return Folder.objects.create(space=space, name=name, folded=name.upper(), created_at=NOON)


def made(person, space, name, **more):
    return person.client.post(url(space, "folder_create"), {"name": name, **more}, follow=True)


def filed_in(person, space, rows, *, follow=True, **fields):
    data = {"document": [str(row.id) for row in rows], "confirmation": "oui", **fields}
    return person.client.post(url(space, "selection_file"), data, follow=follow)


def reading_delegate(space):
    return delegate_of(space, sections={"documents": "read"})


class TestList:
    def test_nothing_yet_says_what_a_folder_is_and_has_the_form(self, space):
        words = words_of(holder_of(space).client.get(url(space, "folder_list")))
        assert words.startswith("Dossiers Pour ranger les documents. Les professionnels ne voient pas les dossiers.")
        assert "Pas encore de dossier Un dossier réunit des documents sous un nom de votre choix" in words
        assert words.endswith("Nouveau dossier Nom du dossier 50 caractères au plus. Créer le dossier")

    def test_names_counts_and_acts(self, space):
        folder = folder_of(space)
        folder_of(space, "Vide")
        for _ in range(2):
            document(space, folder_id=folder.id)
        page = holder_of(space).client.get(url(space, "folder_list"))
        words = words_of(page)
        assert "Genou 2 documents Voir les documents : Genou Renommer : Genou Supprimer : Genou" in words
        assert "Vide Aucun document Renommer : Vide Supprimer : Vide" in words
        assert title_of(page).startswith("Dossiers – Documents")

    def test_the_button_shows_the_documents_and_the_address_no_folder(self, space):
        folder, row = folder_of(space), document(space)
        Document.objects.filter(id=row.id).update(folder_id=folder.id)
        document(space)
        person = holder_of(space)
        page = person.client.post(url(space, "document_list"), {"folder": str(folder.id)}, follow=True)
        assert row_ids(page) == [str(row.id)]
        assert "1 document, filtre : dossier « Genou »." in words_of(page)
        assert str(folder.id) not in page.redirect_chain[0][0]

    def test_a_delegate_who_reads_sees_them_and_changes_nothing(self, space):
        folder, row = folder_of(space), document(space)
        Document.objects.filter(id=row.id).update(folder_id=folder.id)
        person = reading_delegate(space)
        words = words_of(person.client.get(url(space, "folder_list")))
        assert words.endswith("Genou 1 document Voir les documents : Genou")
        listing = person.client.get(url(space, "document_list")).content.decode()
        assert "Ranger" not in listing
        assert "pingler" not in listing
        for name, ids in (
            ("folder_create", ()), ("folder_rename", (folder.id,)), ("folder_delete", (folder.id,)),
            ("selection_file", ()), ("document_pin", (row.id,)), ("document_unpin", (row.id,)),
        ):  # fmt: skip
            assert person.client.post(url(space, name, *ids), {"name": "Autre"}).status_code == 404
        assert [folder.name for folder in Folder.objects.all()] == ["Genou"]

    @pytest.mark.parametrize("person_of", [representative_of, delegate_of])
    def test_relatives_who_manage_arrange(self, space, person_of):
        assert "Dossier créé" in words_of(made(person_of(space), space, "Genou"))

    def test_the_same_queries_with_one_and_with_twenty(self, space):
        person, counts = holder_of(space), []
        person.client.get(url(space, "folder_list"))  # the first page puts a token into the session
        for more in (1, 19):
            for number in range(more):
                document(space, folder_id=folder_of(space, f"N{more}-{number}").id)
            for name in ("folder_list", "document_list"):
                with CaptureQueriesContext(connection) as queries:
                    person.client.get(url(space, name))
                counts.append(len(queries))
        assert counts[:2] == counts[2:]

    def test_sec_07_a_name_stays_text(self, space):
        folder = folder_of(space, "<script>alert(1)</script>")
        document(space, folder_id=folder.id)
        person = holder_of(space)
        for name, ids in (
            ("folder_list", ()), ("document_list", ()), ("folder_rename", (folder.id,)), ("folder_delete", (folder.id,))
        ):  # fmt: skip
            content = person.client.get(url(space, name, *ids)).content.decode()
            assert "<script>alert" not in content
            assert "&lt;script&gt;alert(1)" in content


class TestCreate:
    def test_makes_it_and_tells(self, space):
        page = made(holder_of(space), space, "Genou")
        assert title_of(page).startswith("Dossier créé – Dossiers")
        assert "Dossier créé Pour y mettre des documents, cochez-les" in words_of(page)
        assert "Genou Aucun document" in words_of(page)
        assert "Genou" not in title_of(page)

    def test_sent_twice_is_one_folder_and_the_same_answer(self, space):
        person = holder_of(space)
        form = person.client.get(url(space, "folder_list")).content.decode()
        token = re.search(r'name="token" value="([^"]+)"', form)[1]
        for _ in range(2):
            assert "Dossier créé" in words_of(made(person, space, "Genou", token=token))
        assert str(Folder.objects.get().id) == token

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("", "Écrivez le nom du dossier."),
            ("--", "Écrivez le nom du dossier."),
            ("génou", "Un dossier porte déjà ce nom. Choisissez un autre nom."),
        ],
    )
    def test_a_name_that_is_refused_stands_in_the_form_again(self, space, name, said):
        folder_of(space)
        page = made(holder_of(space), space, name)
        assert page.status_code == 422
        assert title_of(page).startswith("Erreur\N{NO-BREAK SPACE}: Dossiers")
        assert said in words_of(page)
        assert Folder.objects.count() == 1

    def test_fifty_characters_at_most(self, space):
        assert made(holder_of(space), space, "x" * 51).status_code == 422

    def test_get_leads_to_the_list(self, space):
        response = holder_of(space).client.get(url(space, "folder_create"))
        assert response.headers["Location"] == url(space, "folder_list")


class TestRenameAndDelete:
    def test_renames(self, space):
        folder, person = folder_of(space), holder_of(space)
        page = person.client.get(url(space, "folder_rename", folder.id))
        assert 'value="Genou"' in page.content.decode()
        assert title_of(page).startswith("Renommer un dossier – Documents")
        for _ in range(2):
            done = person.client.post(url(space, "folder_rename", folder.id), {"name": "Coude"}, follow=True)
            assert "Dossier renommé" in words_of(done)
        assert Folder.objects.get().name == "Coude"

    def test_a_taken_name_is_told(self, space):
        folder_of(space)
        folder = folder_of(space, "Coude")
        page = holder_of(space).client.post(url(space, "folder_rename", folder.id), {"name": "genou"})
        assert page.status_code == 422
        assert "Dossier « Coude »" in words_of(page)
        assert "Un dossier porte déjà ce nom." in words_of(page)

    def test_dmp_61_deleting_says_that_the_documents_stay_and_they_do(self, space):
        folder, person = folder_of(space), holder_of(space)
        for _ in range(2):
            document(space, folder_id=folder.id)
        words = words_of(person.client.get(url(space, "folder_delete", folder.id)))
        assert words == (
            "Supprimer un dossier Dossier « Genou » Il contient 2 documents, qui ne sont pas supprimés : ils restent "
            "dans la liste des documents, sans dossier. Supprimer le dossier Ne pas supprimer"
        )
        for _ in range(2):
            done = person.client.post(url(space, "folder_delete", folder.id), follow=True)
            assert "Dossier supprimé Ses documents sont toujours dans la liste." in words_of(done)
        assert not Folder.objects.exists()
        assert Document.objects.filter(folder_id=None).count() == 2

    @pytest.mark.parametrize("name", ["folder_rename", "folder_delete"])
    def test_sec_01_a_folder_of_another_space_answers_like_an_unknown_one(self, space, name):
        elsewhere, person = folder_of(factories.space()), holder_of(space)
        person.client.get("/choisir-espace/?tous=1")  # the first page puts a token into the session
        for method in ("get", "post"):
            paths = [url(space, name, folder_id) for folder_id in (elsewhere.id, uuid7())]
            foreign, unknown = (seen(person, method, path, {"name": "Autre"}) for path in paths)
            assert foreign == unknown
            assert foreign.status == 404
        elsewhere.refresh_from_db()
        assert elsewhere.name == "Genou"

    def test_a_filter_of_a_deleted_folder_says_so(self, space):
        folder, person = folder_of(space), holder_of(space)
        document(space, folder_id=folder.id)
        listing = person.client.post(url(space, "document_list"), {"folder": str(folder.id)}).headers["Location"]
        person.client.post(url(space, "folder_delete", folder.id))
        assert "Aucun document pour : dossier supprimé." in words_of(person.client.get(listing))


class TestFile:
    def test_asks_where_then_files_all(self, space):
        folder, rows, person = folder_of(space), [document(space), document(space)], holder_of(space)
        data = {"document": [str(row.id) for row in rows]}
        question = words_of(person.client.post(url(space, "selection_file"), data))
        assert question.startswith("Ranger des documents 2 documents sélectionnés Résultats de biologie")
        assert "Dossier Choisir Genou Nouveau dossier Aucun dossier Nom du nouveau dossier" in question

        page = filed_in(person, space, rows, folder=str(folder.id))

        assert title_of(page).startswith("2 documents rangés – Documents")
        assert Document.objects.filter(folder_id=folder.id).count() == 2
        link = re.search(r'href="([^"]+)">Voir le dossier<', page.content.decode())[1]
        assert "2 documents, filtre : dossier « Genou »." in words_of(person.client.get(link))
        assert "Genou" not in title_of(page)

    def test_into_a_new_folder_twice_is_once(self, space):
        row, person, token = document(space), holder_of(space), str(uuid7())
        for _ in range(2):
            page = filed_in(person, space, [row], folder="nouveau", name="Genou", token=token)
            assert "1 document rangé" in words_of(page)
        row.refresh_from_db()
        assert (row.folder_id, Folder.objects.get().name) == (Folder.objects.get().id, "Genou")
        acts = [line.action for line in events_of(space.id).filter(at=NOON)]
        assert sorted(acts) == ["dmp.document.file", "dmp.folder.create"]

    def test_a_name_alone_means_a_new_folder(self, space):
        folder_of(space)
        row = document(space)
        filed_in(holder_of(space), space, [row], folder="", name="Coude")
        row.refresh_from_db()
        assert row.folder.name == "Coude"

    def test_out_of_its_folder(self, space):
        row = document(space, folder_id=folder_of(space).id)
        page = filed_in(holder_of(space), space, [row], folder="aucun")
        row.refresh_from_db()
        assert row.folder_id is None
        assert "1 document n'est dans aucun dossier" in words_of(page)

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({}, "Choisissez où ranger les documents."),
            ({"folder": "nouveau"}, "Écrivez le nom du dossier."),
            ({"folder": "nouveau", "name": "GENOU"}, "Un dossier porte déjà ce nom."),
            ({"folder": "ailleurs"}, "ailleurs"),
        ],
    )
    def test_what_is_not_right_is_told_and_nothing_moves(self, space, fields, said):
        folder_of(space)
        row = document(space)
        page = filed_in(holder_of(space), space, [row], **fields)
        assert page.status_code == 422
        assert said in words_of(page)
        assert row_ids(page) == [str(row.id)]  # the choice is kept
        row.refresh_from_db()
        assert (row.folder_id, Folder.objects.count()) == (None, 1)

    def test_sec_02_ids_of_another_space_are_404_and_leave_one_refusal(self, space):
        row, elsewhere = document(space), folder_of(factories.space())
        foreign, person = document(elsewhere.space), holder_of(space)

        for rows, fields in (([row], {"folder": str(elsewhere.id)}), ([row, foreign], {"folder": "aucun"}),
                             ([row, foreign], {"name": "Neuf"})):  # fmt: skip
            assert filed_in(person, space, rows, **fields).status_code == 404

        assert not Document.objects.filter(folder_id__isnull=False).exists()
        assert Folder.objects.get() == elsewhere
        found = events_of(space.id).filter(at=NOON)
        assert [(line.action, line.outcome, line.rule, line.target) for line in found] == [
            ("dmp.document.file", "deny", "SEC-02", "")
        ] * 3

    def test_nothing_ticked_and_too_many_go_back_with_a_message(self, space):
        person, path = holder_of(space), url(space, "selection_file")
        assert "Aucun document sélectionné" in words_of(person.client.post(path, follow=True))
        ids = [str(document(space).id)] * 201
        page = person.client.post(path, {"document": ids}, follow=True)
        assert "Trop de documents Vous pouvez ranger 200 documents à la fois." in words_of(page)

    def test_get_leads_back_to_the_list(self, space):
        response = holder_of(space).client.get(url(space, "selection_file"))
        assert response.headers["Location"] == url(space, "document_list")


class TestPin:
    def test_from_the_row_and_back_to_the_same_list(self, space):
        row, person = document(space), holder_of(space)
        listing = person.client.get(url(space, "document_list") + "?tri=auteur")
        assert "Ouvrir Masquer Télécharger Épingler" in words_of(listing)
        assert 'form="epingle" formaction="' + url(space, "document_pin", row.id) in listing.content.decode()
        query = re.search(r'name="liste" value="([^"]*)"', listing.content.decode())[1]

        answer = person.client.post(url(space, "document_pin", row.id), {"liste": query})

        assert answer.headers["Location"] == url(space, "document_list") + "?tri=auteur"
        page = person.client.get(answer.headers["Location"])
        assert "Document épinglé Il garde sa place dans la liste. Voir les documents épinglés" in words_of(page)
        assert "Épinglé Actions Ouvrir Masquer Télécharger Ne plus épingler" in words_of(page)
        row.refresh_from_db()
        assert row.pinned_at == NOON

    def test_unpins(self, space):
        row = document(space, pinned_at=NOON)
        page = holder_of(space).client.post(url(space, "document_unpin", row.id), follow=True)
        assert "Document désépinglé" in words_of(page)
        row.refresh_from_db()
        assert row.pinned_at is None

    @pytest.mark.parametrize("query", ["//evil.example", "x" * 10_000, "https://evil.example/?a=b", "\x00", "a=1#b"])
    def test_sec_14_only_the_list_is_gone_back_to(self, space, query):
        row = document(space)
        answer = holder_of(space).client.post(url(space, "document_pin", row.id), {"liste": query})
        assert answer.headers["Location"].partition("?")[0] == url(space, "document_list")

    def test_pinned_documents_are_a_state_and_keep_their_place(self, space):
        new = document(space)
        old = document(space, sorted_on=date(2020, 1, 1), pinned_at=NOON)
        person = holder_of(space)
        assert row_ids(person.client.get(url(space, "document_list"))) == [str(new.id), str(old.id)]
        page = person.client.post(url(space, "document_list"), {"state": "pinned"}, follow=True)
        assert row_ids(page) == [str(old.id)]
        assert "1 document, filtre : documents épinglés." in words_of(page)

    @pytest.mark.parametrize("name", ["document_pin", "document_unpin"])
    def test_sec_01_a_document_of_another_space_is_404(self, space, name):
        row = document(factories.space())
        assert holder_of(space).client.post(url(space, name, row.id)).status_code == 404
        row.refresh_from_db()
        assert row.pinned_at is None

    def test_a_link_does_not_pin(self, space):
        assert holder_of(space).client.get(url(space, "document_pin", document(space).id)).status_code == 405


class TestElsewhere:
    def test_d_03_says_the_folder_and_paper_does_not(self, space):
        row, person = filed(space), holder_of(space)
        Document.objects.filter(id=row.id).update(folder_id=folder_of(space).id)
        assert "Dossier Genou" in words_of(person.client.get(url(space, "document_detail", row.id)))
        assert "Genou" not in person.client.get(url(space, "document_print", row.id)).content.decode()

    def test_the_list_without_folders_has_no_such_filter(self, space):
        document(space)
        page = holder_of(space).client.get(url(space, "document_list"))
        assert 'name="folder"' not in page.content.decode()
        assert "Mes dossiers" in words_of(page)

    def test_in_the_space_of_somebody_else_they_are_not_mine(self, space):
        document(space)
        words = words_of(representative_of(space).client.get(url(space, "document_list")))
        assert "Mes dossiers" not in words
        assert "Trier par auteur Dossiers" in words

    def test_the_history_says_what_was_done(self, space):
        person, row = holder_of(space), document(space)
        filed_in(person, space, [row], name="Genou")
        person.client.post(url(space, "document_pin", row.id))
        words = words_of(person.client.get(reverse("journeys:access_history", args=[space.id]) + "?vue=mes-actions"))
        assert "A rangé un document dans un dossier ou l'en a sorti" in words
        assert "A épinglé un document" in words
        assert "Genou" not in words


class TestNoTrace:
    """SEC-05, ACC-33: a secret of a minor in a folder changes nothing that a representative sees."""

    @pytest.mark.parametrize("hidden", [{"kept_from_representatives": True}, {"concealed_until": NOON + timedelta(1)}])
    def test_sec_05_the_pages_are_the_same_with_and_without_it(self, hidden):
        plain, other = (factories.space(person=factories.child_identity()) for _ in range(2))
        for space in (plain, other):
            folder = folder_of(space)
            document(space, folder_id=folder.id)
            folder_of(space, "Coude")
        for name in ("GENOU", "COUDE"):
            folder = Folder.objects.get(space=other, folded=name)
            document(other, folder_id=folder.id, pinned_at=NOON, title="Secret", **hidden)

        assert walked(plain) == walked(other)


def walked(space):
    """Everything a representative sees of folders and pins, with the number of queries behind it."""
    person = representative_of(space)
    person.client.get("/choisir-espace/?tous=1")  # the first page puts a token into the session
    folders = Folder.objects.filter(space=space).order_by("folded")
    row = Document.objects.get(space=space, title="Résultats de biologie")
    listing, found = url(space, "document_list"), []
    for fields in ({}, {"state": "pinned"}, *({"folder": str(folder.id)} for folder in folders)):
        sent = person.client.post(listing, fields)
        found.append(seen(person, "get", sent.headers["Location"]))
    found.append(seen(person, "get", url(space, "folder_list")))
    found += [seen(person, "get", url(space, "folder_delete", folder.id)) for folder in folders]
    found.append(seen(person, "post", url(space, "selection_file"), {"document": [str(row.id)]}))
    found.append(seen(person, "post", url(space, "document_pin", row.id), {}))
    found.append(seen(person, "post", url(space, "folder_delete", folders[0].id), {}))
    return [*found, seen(person, "get", listing), seen(person, "get", url(space, "folder_list"))]
