"""Sections of a laboratory report: table for the reader, coded entries for software, the same values in both."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from apps.journeys.demonstration.cast import DATA
from apps.journeys.demonstration.documents.catalogue import DemoDocument, oid, texts
from apps.journeys.demonstration.documents.filling import fill, template
from apps.journeys.demonstration.documents.headers import timestamp

Entry = Mapping[str, Any]
NORMAL = "N"


def sections(document: DemoDocument, today: date) -> str:
    """All chapters of the report, then the comment of the biologist."""
    data = tomllib.loads((DATA / document.body).read_text(encoding="utf-8"))
    earlier = document.act_day(today) + timedelta(days=data["earlier_days"])
    started = timestamp(document.started_at(today))
    chapters = [_chapter(entry, document, earlier, started) for entry in data["section"]]
    comment = fill(template("comment.xml"), {"title": data["comment_title"], "text": data["comment"]})
    return "\n".join([*chapters, comment])


def flag(entry: Entry) -> str:
    """L, N or H (ObservationInterpretation). The bounds of a range belong to it, a bound that stands alone does not."""
    value, alone = Decimal(entry["value"]), not _is_range(entry)
    low, high = Decimal(entry.get("low", "-Infinity")), Decimal(entry.get("high", "Infinity"))
    if value < low or (alone and value == low):
        return "L"
    if value > high or (alone and value == high):
        return "H"
    return NORMAL


def _is_range(entry: Entry) -> bool:
    return "low" in entry and "high" in entry


def _chapter(entry: Entry, document: DemoDocument, earlier: date, started: str) -> str:
    times = {"started": started, "earlier_day": earlier.strftime("%Y%m%d")}
    method = f"<paragraph>{fill('{{method}}', {'method': entry['method']})}</paragraph>"
    return fill(
        template("chapter.xml"),
        {
            "section_id": oid(f"{document.key}/{entry['title']}"),
            "code": entry["code"],
            "code_label": entry["code_label"],
            "title": entry["title"],
            "earlier_shown": earlier.strftime("%d/%m/%Y"),
            "rows_xml": "\n".join(_row(result) for result in entry["result"]),
            "results_xml": "\n".join(_result(result, times) for result in entry["result"]),
            "method_xml": method,
        },
    )


def _row(result: Entry) -> str:
    shown = fill("{{value}} {{unit}}", {"value": _comma(result["value"]), "unit": _unit(result)})
    if flag(result) != NORMAL:
        shown = f'<content styleCode="Bold">{shown}</content>'
    values = {
        "id": result["id"],
        "label": result["label"],
        "shown_xml": shown,
        "range_shown": _range(result),
        "earlier_shown": f"{_comma(result['earlier'])} {_unit(result)}",
    }
    return fill(template("row.xml"), values)


def _result(result: Entry, times: Mapping[str, str]) -> str:
    values = {key: str(value) for key, value in result.items()} | dict(times)
    values["flag"] = flag(result)
    values["flag_label"] = texts()["flags"][values["flag"]]
    values["earlier_xml"] = fill(template("earlier.xml"), values)
    values["bounds_xml"] = "".join(_bound(result, name) for name in ("low", "high") if name in result)
    return fill(template("result.xml"), values)


def _bound(result: Entry, name: str) -> str:
    inclusive = "" if _is_range(result) else ' inclusive="false"'
    return f'<{name} value="{result[name]}" unit="{result["unit"]}"{inclusive}/>'


def _range(result: Entry) -> str:
    kind = "between" if _is_range(result) else "above" if "low" in result else "below"
    shown: str = texts()["ranges"][kind]
    return shown.format(low=_comma(result.get("low", "")), high=_comma(result.get("high", "")))


def _unit(result: Entry) -> str:
    return str(result.get("shown_unit", result["unit"]))


def _comma(value: str) -> str:
    return value.replace(".", ",")
