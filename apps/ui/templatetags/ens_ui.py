"""Components of the interface. Each tag is a template of `ui/components/`; docs/front-end.md lists them all."""

from __future__ import annotations

from typing import Any

from django import template
from django.contrib.messages import get_messages
from django.core.paginator import Page
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils.translation import gettext

from apps.ui import outcome
from apps.ui.charts import BarChart, LineChart
from apps.ui.components import Effect, FilterPanel, Pager, Pair
from apps.ui.components import pager as make_pager
from apps.ui.summary import failed_form, summary_lines

register = template.Library()


@register.simple_tag(takes_context=True)
def title_prefix(context: template.Context) -> str:
    """What the title of the page says first: that the form failed, or the outcome of the act before."""
    if failed_form(context) is not None:
        return gettext("Error:") + " "
    told = _outcomes(context)
    return f"{told[0].title} – " if told else ""


@register.inclusion_tag("ui/components/outcomes.html", takes_context=True)
def outcome_alerts(context: template.Context) -> dict[str, Any]:
    """Alerts of the act before; the first one takes the focus."""
    return {"outcomes": _outcomes(context)}


@register.inclusion_tag("ui/components/error_summary.html")
def error_summary(form: BaseForm) -> dict[str, Any]:
    """Summary of one form."""
    return {"lines": summary_lines(form)}


@register.inclusion_tag("ui/components/error_summary.html", takes_context=True)
def page_error_summary(context: template.Context) -> dict[str, Any]:
    """The summary of `form`, where the page has one and it failed."""
    form = failed_form(context)
    return {"lines": summary_lines(form) if form is not None else ()}


@register.inclusion_tag("ui/components/breadcrumb.html", takes_context=True)
def breadcrumb(context: template.Context, here: str, *parents: str) -> dict[str, Any]:
    """`parents` = label, address, label, address… without the home page, which comes by itself."""
    frame = context.get("frame")
    return {
        "home_url": frame.home_url if frame else "/",
        "parents": list(zip(parents[::2], parents[1::2], strict=True)),
        "here": here,
    }


@register.inclusion_tag("ui/components/badge.html")
def badge(label: str, kind: str = "", icon: str = "") -> dict[str, Any]:
    """`kind`: "new" (accent), "warning", "" (grey); `icon` without prefix, "eye-off-line"."""
    kinds = {"new": "fr-badge--green-archipel", "warning": "fr-badge--warning"}
    return {"label": label, "kind": kinds.get(kind, ""), "icon": icon}


@register.inclusion_tag("ui/components/glyph.html")
def glyph(icon: str) -> dict[str, Any]:
    """Icon in a pale circle."""
    return {"icon": icon}


@register.inclusion_tag("ui/components/state_line.html")
def state_line(text: str, icon: str) -> dict[str, Any]:
    """State in words beside its icon."""
    return {"text": text, "icon": icon}


@register.inclusion_tag("ui/components/empty.html")
def empty_block(title: str, text: str, action_label: str = "", action_url: str = "") -> dict[str, Any]:
    """Why there is nothing, what will fill it, one action."""
    return {"title": title, "text": text, "action_label": action_label, "action_url": action_url}


@register.inclusion_tag("ui/components/limits.html")
def limits(*paragraphs: str) -> dict[str, Any]:
    """ "Ce que cette page ne montre pas"."""
    return {"paragraphs": paragraphs}


@register.inclusion_tag("ui/components/metadata.html")
def metadata(pairs: tuple[Pair, ...], *, row: bool = False) -> dict[str, Any]:
    """Definition list; `row` puts the pairs side by side."""
    return {"pairs": pairs, "row": row}


@register.inclusion_tag("ui/components/chart.html")
def chart(drawing: LineChart | BarChart, key: str) -> dict[str, Any]:
    """Drawing and its sentence; `key` makes the ids unique. The table with the same values is the page's."""
    return {"chart": drawing, "key": key}


@register.inclusion_tag("ui/components/effects.html")
def effects(lines: tuple[Effect, ...]) -> dict[str, Any]:
    """What an act does, line by line."""
    return {"lines": lines}


@register.inclusion_tag("ui/components/filters.html")
def filter_panel(panel: FilterPanel) -> dict[str, Any]:
    """Search and filter form with the list of active filters."""
    return {"panel": panel}


@register.inclusion_tag("ui/components/pager.html", takes_context=True)
def pager(context: template.Context, page: Page[object], label: str = "") -> dict[str, Any]:
    """Numbered pages; other parameters of the address are kept."""
    request: HttpRequest = context["request"]
    links: Pager = make_pager(page=page, query=request.GET)
    return {"pager": links, "label": label or gettext("Pages of results")}


@register.inclusion_tag("ui/components/contact.html", takes_context=True)
def contact_block(context: template.Context, reference: str = "") -> dict[str, Any]:
    """Phone, hours, reference of the request."""
    frame = context.get("frame")
    return {"site": frame.site if frame else None, "reference": reference}


def _outcomes(context: template.Context) -> tuple[outcome.Outcome, ...]:
    request = context.get("request")
    return outcome.read(get_messages(request)) if request is not None else ()
