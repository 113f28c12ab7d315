from __future__ import annotations

import pytest

from tests.harness.pages import ForbiddenMarkupError, check_page, faults_of


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ('<button onclick="go()">Go</button>', "onclick= on <button>"),
        ("<body onload=go()>", "onload= on <body>"),
        ("<p style='color: red'>a</p>", "style= on <p>"),
        ("<style>p { color: red }</style>", "<style>"),
        ("<script>go()</script>", "<script> without src"),
        ('<script type="module">go()</script>', "<script> without src"),
        ('<a href=" JavaScript:go()">a</a>', "javascript: in href of <a>"),
        ("<p>{{ title }}</p>", "leftover {{"),
        ("<p>{% if %}</p>", "leftover {%"),
        ("<p>{# todo #}</p>", "leftover {#"),
    ],
)
def test_sec_08_forbidden_markup_is_named(html, fault):
    assert faults_of(html) == [fault]


@pytest.mark.parametrize(
    "html",
    [
        '<script type="module" src="/static/ui/menu.js"></script>',
        '<script type="application/json" id="data">{"a": {"b": 1}}</script>',
        '<button class="fr-btn" data-fr-opened="false" aria-controls="menu">Menu</button>',
        "<p>&lt;script&gt; stays a text</p>",
        '<a href="/documents/">onclick= in a text</a>',
    ],
)
def test_sound_markup_passes(html):
    assert faults_of(html) == []


def test_braces_may_be_allowed_where_people_write():
    assert faults_of("<p>{{7*7}}</p>", braces_allowed=True) == []


def test_the_page_is_named():
    with pytest.raises(ForbiddenMarkupError, match=r"GET /aide/: onclick= on <a>, style= on <a>"):
        check_page("<a onclick='x' style='y'>", where="GET /aide/")
