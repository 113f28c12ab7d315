"""What the sources of templates may hold: nothing inline, no django-dsfr behind our back (front-end.md)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template, render_to_string

ROOT = Path(settings.BASE_DIR) / "templates"
SOURCES = sorted(ROOT.rglob("*.html"))
FORBIDDEN = {
    "style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "handler attribute": re.compile(r"<[^>{]*\son[a-z]+\s*=", re.IGNORECASE),
    "script without src": re.compile(r"<script(?![^>]*\ssrc=)", re.IGNORECASE),
    "style element": re.compile(r"<style", re.IGNORECASE),
    "tags of django-dsfr": re.compile(r"\bdsfr_tags\b"),
    "link to nowhere": re.compile(r"""href=["']#["']"""),
    "unescaped text": re.compile(r"\|\s*safe\b|autoescape\s+off"),
}


def _name(path):
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("rule", FORBIDDEN)
def test_no_template_holds_what_the_policy_refuses(rule):
    faulty = [_name(path) for path in SOURCES if FORBIDDEN[rule].search(path.read_text(encoding="utf-8"))]

    assert faulty == []


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_each_template_compiles(path):
    get_template(_name(path))


def test_the_styles_hold_no_colour_of_their_own():
    sheets = [ROOT.parent / "static" / "ui" / name for name in ("app.css", "brand.css", "nojs.css")]
    colour = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl)a?\(")

    assert [sheet.name for sheet in sheets if colour.search(sheet.read_text(encoding="utf-8"))] == []


def test_the_layout_needs_neither_request_nor_frame():
    html = render_to_string("ui/page.html", {})

    assert '<html lang="fr" data-fr-scheme="system">' in html
    assert '<main id="contenu" tabindex="-1">' in html
