"""The catalogue as data: pages by key, 100 services at most, no session, no cookie (STO-87, SEC-31, SEC-32)."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import urlencode
from drf_spectacular.utils import OpenApiResponse, extend_schema
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.decorators import api_view
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from apps.common import limited, sheets
from apps.store.api.serializers import AskedSerializer, CatalogueSerializer, ServiceSerializer, row_of
from apps.store.models import Listing
from apps.store.services import catalogue

AGE = 300
LIMIT = "open_data_address"
_WRONG = OpenApiResponse(description="Paramètre refusé.")
_OFTEN = OpenApiResponse(description="Trop de demandes ; voir Retry-After.")


@limited.by_address(LIMIT)
@extend_schema(
    operation_id="catalogue_json", auth=[], parameters=[AskedSerializer],
    responses={200: CatalogueSerializer, 400: _WRONG, 429: _OFTEN},
)  # fmt: skip
@api_view(["GET", "HEAD"])
def catalogue_json(request: Request) -> HttpResponse:
    """Services du catalogue, par identifiant ; ceux qui sont suspendus ou partis restent, avec leurs dates."""
    rows, following = _rows(request, "store:catalogue_json")
    data = JSONRenderer().render({"suite": following, "services": [row_of(row) for row in rows]})
    return _answer(request, data, content_type="application/json")


@limited.by_address(LIMIT)
@extend_schema(
    operation_id="catalogue_csv", auth=[], parameters=[AskedSerializer],
    responses={(200, "text/csv"): str, 400: _WRONG, 429: _OFTEN},
)  # fmt: skip
@api_view(["GET", "HEAD"])
def catalogue_csv(request: Request) -> HttpResponse:
    """Le même contenu en CSV ; l'en-tête Link donne la page suivante. Aucune cellule n'est calculée par un tableur."""
    rows, following = _rows(request, "store:catalogue_csv")
    header = list(ServiceSerializer().fields)
    lines = [[_cell(row_of(row)[name]) for name in header] for row in rows]
    data = "".join(sheets.lines(header=header, rows=lines)).encode()
    answer = _answer(request, data, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="catalogue.csv"'
    if following:
        answer["Link"] = f'<{following}>; rel="next"'
    return answer


class Description(SpectacularJSONAPIView):
    """The OpenAPI description of both. Whoever asks chooses neither its version, which stands in a header of the
    answer, nor its language, of which each name that is asked for would stay in memory.
    """

    def get(self, request: Request, *args: object, **kwargs: object) -> Response:  # noqa: ARG002  DRF's signature
        answer: Response = self._get_schema_response(request)  # type: ignore[no-untyped-call]
        return answer

    def _get_version_parameter(self, request: Request) -> None:
        """That of the settings alone."""


openapi_json = limited.by_address(LIMIT)(extend_schema(exclude=True)(Description).as_view())


def _rows(request: Request, name: str) -> tuple[list[Listing], str]:
    """Services after a key, and the address of those that follow. Raises `ValidationError`: 400."""
    asked = AskedSerializer(data=request.query_params)
    asked.is_valid(raise_exception=True)
    number, after = asked.validated_data["nombre"], asked.validated_data.get("apres")
    found = catalogue.with_pages(Listing.objects.order_by("id"))
    rows = list((found.filter(id__gt=after) if after else found)[: number + 1])
    if len(rows) <= number:
        return rows, ""
    return rows[:number], f"{reverse(name)}?{urlencode({'apres': rows[number - 1].pk, 'nombre': number})}"


def _answer(request: Request, data: bytes, **kwargs: Any) -> HttpResponse:  # noqa: ANN401  those of HttpResponse
    """With ETag and age; 304 for whoever has it already."""
    answer = HttpResponse(data, **kwargs)
    answer["ETag"] = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    answer["Access-Control-Allow-Origin"] = "*"
    patch_cache_control(answer, public=True, max_age=AGE)
    conditional: HttpResponse | None = get_conditional_response(request._request, etag=answer["ETag"], response=answer)  # noqa: SLF001  DRF hands it on so
    return conditional or answer


def _cell(value: object) -> object:
    return " ".join(value) if isinstance(value, list) else value
