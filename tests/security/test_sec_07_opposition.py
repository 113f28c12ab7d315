"""SEC-07: names of the register and whatever is typed stay text on the pages of opposition and in the receipt."""

from __future__ import annotations

from http import HTTPStatus
from io import BytesIO

import pikepdf
import pytest
from django.test import Client

from apps.rollout.models import Opposition
from tests import factories as portal
from tests.rollout import factories
from tests.rollout.visiting import Visitor
from tests.security.hostile import CORPUS, skeleton

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
PARTS = 4
part = pytest.mark.parametrize("texts", [CORPUS[number::PARTS] for number in range(PARTS)], ids=range(PARTS))
STEPS = ("opposition_capacity", "opposition_choice", "opposition_check", "opposition_withdraw", "opposition_done")


def named(text: str) -> str:
    """The code of somebody whose every name is the text."""
    identity = portal.identity(
        birth_family_name=text[:100], first_given_name=text[:100], birth_given_names=text[:100],
        family_name_in_use=text[:100], given_name_in_use=text[:100],
    )  # fmt: skip
    return factories.noticed(factories.person(identity=identity))[1]


@part
def test_sec_07_names_stay_text_on_every_step(texts):
    for text in texts:
        visitor = Visitor(client=Client())
        visitor.to_check(named(text))
        assert skeleton(visitor.page).faults == []
        visitor.post("opposition_check")
        assert skeleton(visitor.page).faults == [], text
        for step in STEPS:
            visitor.get(step)
            assert skeleton(visitor.page).faults == [], (text, step)


@part
def test_sec_07_what_is_typed_stays_text(texts):
    client = Client()
    for text in texts:
        for address, values in (
            ("/opposition/code/", {"code": text, "day": text, "month": text, "year": text}),
            ("/recepisse/", {"reference": text * 3, "proof": text * 3}),
            ("/opposition/qualite/", {"dossier": text, "capacity": text, "mail": text}),
        ):
            answer = client.post(address, values, follow=True)
            assert skeleton(answer).faults == [], (address, text)
        client.get("/opposition/recepisse/x/", {"x": text})


@pytest.mark.parametrize(
    "text", ["#panic()", '#read("/etc/passwd")', "$ x $ *gras* _ital_ @ref <label>", "= Titre\n\n- a"]
)
def test_sec_07_the_receipt_reads_no_name_as_code(text):
    visitor = Visitor(client=Client())
    visitor.oppose(named(text))
    assert Opposition.objects.count() == 1
    handle = visitor.text.split('href="/opposition/recepisse/')[1].split("/")[0]

    answer = visitor.client.get(f"/opposition/recepisse/{handle}/")

    assert answer.status_code == HTTPStatus.OK
    with pikepdf.open(BytesIO(answer.content)) as pdf:
        assert len(pdf.pages) == 1
