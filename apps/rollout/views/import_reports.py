"""RO-02: findings by kind on screen, all of them as a sheet, the example of a file."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.ins import control_key
from apps.accounts.staff import StaffRequest, require_staff
from apps.rollout.jobs.findings import report_lines, shape, words_of
from apps.rollout.models import ImportIssue
from apps.rollout.validation.codes import Code
from apps.rollout.validation.columns import COLUMNS, SEPARATOR
from apps.rollout.views.imports import TEAM, file_or_404
from apps.rollout.views.traced import traced

SHOWN = 200
_COLUMNS = ("line", "field", "code", "other_line", "masked")
_EXAMPLE_NUMBER = "2790244109999"
_EXAMPLE = {
    "matricule": _EXAMPLE_NUMBER, "cle": control_key(_EXAMPLE_NUMBER), "nature": "NIR", "oid": "1.2.250.1.213.1.4.10",
    "nom_naissance": "ESSAI", "prenoms_naissance": "SOPHIE", "premier_prenom": "SOPHIE", "prenom_utilise": "SOPHIE",
    "sexe": "F", "date_naissance": "1979-02-22", "lieu_naissance": "44109", "regime": "01", "caisse": "441",
    "adresse_voie": "3 RUE DES ESSAIS", "code_postal": "44310", "commune": "SAINT PHILBERT DE GRAND LIEU",
    "code_commune": "44188", "departement": "44", "courriel": "sophie.essai@courriel.test", "canal": "courriel",
    "foyer": "F1", "situation": "MAJEUR", "had_dmp": "0",
}  # fmt: skip


@require_staff(*TEAM)
@require_safe
@traced("rollout.import.findings", target="import:{file_id}")
def import_findings(request: StaffRequest, file_id: UUID, code: str) -> HttpResponse:
    """The first lines with this kind of finding."""
    file = file_or_404(file_id)
    if code not in Code.values:
        raise Http404
    rows = ImportIssue.objects.filter(run=file.run or file.trial, code=code).order_by("line", "id")
    findings = [
        {"line": line, "field": field, "masked": shape(masked), "words": words_of(code=found, other_line=other)}
        for line, field, found, other, masked in rows.values_list(*_COLUMNS)[:SHOWN]
    ]
    context = {"file": file, "code": code, "label": Code(code).label, "findings": findings, "total": rows.count()}
    return render(request, "rollout/import_findings.html", context)


@require_staff(*TEAM)
@require_safe
@traced("rollout.import.report", target="import:{file_id}")
def import_report(_request: StaffRequest, file_id: UUID) -> HttpResponseBase:
    """Every finding, as a sheet that computes nothing (S43)."""
    file = file_or_404(file_id)
    rows = ImportIssue.objects.filter(run=file.run or file.trial).order_by("line", "id").values_list(*_COLUMNS)
    return _sheet(report_lines(rows.iterator(chunk_size=2000)), f"rapport-{file.id}.csv")


@require_staff(*TEAM)
@require_safe
def import_example(_request: StaffRequest) -> HttpResponseBase:
    """A file of one invented person, as it must be."""
    lines = [SEPARATOR.join(COLUMNS), SEPARATOR.join(_EXAMPLE.get(column, "") for column in COLUMNS)]
    return _sheet((f"{line}\n" for line in lines), "exemple.csv")


def _sheet(lines: Iterable[str], name: str) -> HttpResponseBase:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)
