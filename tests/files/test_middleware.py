"""A store that is away behind any page: the person reads when to try again, never an error 500 (REL-12, ER-01)."""

from __future__ import annotations

import pytest
import time_machine
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from apps.files.gateways import store
from tests.dmp.pages import title_of, words_of
from tests.files.clamd import nobody_there
from tests.harness.client import PortalClient
from tests.harness.clock import NOON
from tests.security.logs import written_lines


def reads(request: HttpRequest) -> HttpResponse:
    return HttpResponse(store.read("ab/content"))


def fails(request: HttpRequest) -> HttpResponse:
    raise LookupError


urlpatterns = [path("essai/", reads), path("panne/", fails), path("", include("ens_portal.urls"))]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture(params=["folder", "S3"])
def away(request, settings, tmp_path):
    options = {"location": str(tmp_path / "not mounted")}
    kind = "store_folder.FolderStorage"
    if request.param == "S3":
        kind = "store_s3.ObjectStorage"
        options = {"bucket_name": "contents", "access_key": "k", "secret_key": "s", "region_name": "eu-west-3"}
        options["endpoint_url"] = f"http://{nobody_there()}"
    place = {"BACKEND": f"apps.files.gateways.{kind}", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "default": place}


@time_machine.travel(NOON, tick=False)
def test_rel_12_the_page_says_when_to_try_again(away):
    with written_lines() as lines:
        response = PortalClient().get("/essai/")

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "120"
    assert title_of(response).startswith("Erreur")
    assert "13 h 02" in words_of(response)
    assert "Rien de ce que vous aviez enregistré n'est perdu." in words_of(response)
    assert "file_store_unavailable" in lines.getvalue()


def test_other_faults_are_not_taken_for_it():
    client = PortalClient()
    client.raise_request_exception = False
    assert client.get("/panne/").status_code == 500
