"""O-09: one answer whoever asks, nothing is looked up, the address is never a typed one."""

from __future__ import annotations

from http import HTTPStatus

import pytest

from apps.rollout.models import CodeRequest
from tests.rollout import factories

pytestmark = pytest.mark.django_db
ADDRESS = "/opposition/code-perdu/"
ANSWER = "un nouveau courrier part sous 2 jours ouvrés, à l&#x27;adresse connue de l&#x27;assurance maladie."
ALICE = {"family_name": "Morel", "given_name": "Alice", "birth_date": "14/6/1984", "post_code": "44000"}


def answer_to(client, **values):
    return client.post(ADDRESS, {**ALICE, **values}, follow=True).content.decode()


def shown(text):
    return text[text.index('<main id="contenu"') : text.index("<form")]


def test_o_09_the_answer_is_the_same_for_somebody_known_and_for_nobody(client):
    factories.noticed(factories.person())

    known, nobody = answer_to(client), answer_to(client, family_name="Personne")

    assert ANSWER in known
    assert shown(known) == shown(nobody)
    assert "Alice" not in known


def test_o_09_it_is_written_down_as_the_register_writes_dates(client):
    answer_to(client, birth_date="00/06/1952")

    row = CodeRequest.objects.get()
    assert (row.family_name, row.given_name, row.birth_date, row.post_code) == ("Morel", "Alice", "1952-06-00", "44000")


@pytest.mark.parametrize("birth_date", ["1984", "14 juin 1984", "31/02/1984", "00/00/0000", "٠١/٠٢/١٩٨٤"])
def test_o_09_a_date_that_is_none_is_said_at_its_field(client, birth_date):
    answer = client.post(ADDRESS, {**ALICE, "birth_date": birth_date})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "par exemple 14/06/1984" in answer.content.decode()
    assert not CodeRequest.objects.exists()


def test_sec_09_the_eleventh_of_an_hour_gets_the_same_answer_and_is_not_written_down(client):
    answers = {shown(answer_to(client)) for _time in range(11)}

    assert len(answers) == 1
    assert CodeRequest.objects.count() == 10


def test_the_page_of_the_code_leads_here(client):
    assert f'href="{ADDRESS}"' in client.get("/opposition/code/").content.decode()
