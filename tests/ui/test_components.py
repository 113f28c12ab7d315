"""Our components escape whatever they are given (SEC-07) and keep the markup that people with a screen reader need."""

from __future__ import annotations

import pytest
from django import forms
from django.core.paginator import Paginator
from django.http import QueryDict
from django.template import Context, Template
from django.test import RequestFactory

from apps.ui.components import ActiveFilter, Effect, FilterPanel, Pair, SearchBar, pager
from apps.ui.forms import EnsForm

XSS = """"><img src=x onerror=alert(1)>'<script>alert(2)</script>"""


class AskForm(EnsForm):
    name = forms.CharField(label=XSS, help_text=XSS)
    reason = forms.ChoiceField(label=XSS, choices=[(XSS, XSS)], widget=forms.RadioSelect)
    parts = forms.MultipleChoiceField(label=XSS, choices=[(XSS, XSS)], widget=forms.CheckboxSelectMultiple)
    sort = forms.ChoiceField(label="Tri", choices=[(XSS, XSS)], required=False)
    agree = forms.BooleanField(label=XSS, help_text=XSS)

    def clean(self):
        raise forms.ValidationError(XSS)


def _render(source, **context):
    return Template("{% load ens_ui %}" + source).render(Context(context))


def _panel(form):
    return FilterPanel(
        form=form,
        action=XSS,
        name=XSS,
        search=SearchBar(name="q", label=XSS, placeholder=XSS, value=XSS),
        active=(ActiveFilter(label=XSS, without_url=XSS),),
        hidden=((XSS, XSS),),
    )


SOURCES = {
    "breadcrumb": "{% breadcrumb x x x %}",
    "badge": "{% badge x 'new' x %}",
    "glyph": "{% glyph x %}",
    "state_line": "{% state_line x x %}",
    "empty_block": "{% empty_block x x x x %}",
    "limits": "{% limits x x %}",
    "metadata": "{% metadata pairs %}{% metadata pairs row=True %}",
    "effects": "{% effects lines %}",
    "filter_panel": "{% filter_panel panel %}",
    "error_summary": "{% error_summary form %}",
    "form": "{{ form }}",
    "contact_block": "{% contact_block x %}",
}


@pytest.mark.parametrize("name", SOURCES)
def test_sec_07_components_escape(name):
    form = AskForm({"name": "", "sort": "unknown"})
    html = _render(
        SOURCES[name],
        x=XSS,
        form=form,
        panel=_panel(form),
        pairs=(Pair(term=XSS, value=XSS, note=XSS),),
        lines=(Effect(text=XSS, icon=XSS, link_url=XSS, link_label=XSS),),
        frame=None,
    )

    assert "<script" not in html
    assert "<img" not in html


def test_sec_07_the_form_itself_carries_the_escaped_text():
    html = _render("{{ form }}", form=AskForm())

    assert "&lt;script&gt;alert(2)&lt;/script&gt;" in html


def test_fields_have_linked_help_and_errors():
    html = _render("{{ form.name.as_field_group }}", form=AskForm({"name": ""}))

    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_rgaa_8_2_no_invented_attribute():
    assert 'dsfr="' not in _render("{{ form }}", form=AskForm())


def test_only_optional_fields_are_marked_and_never_those_of_filters():
    form = AskForm()
    assert "(facultatif)" in _render("{{ form.sort.as_field_group }}", form=form)
    assert "(facultatif)" not in _render("{{ form.name.as_field_group }}", form=form)

    form.mark_optional = False
    assert "(facultatif)" not in _render("{{ form.sort.as_field_group }}", form=form)


def test_rgaa_11_11_the_summary_leads_to_each_field():
    class Short(EnsForm):
        name = forms.CharField(label="Nom")
        reason = forms.ChoiceField(label="Raison", choices=[("a", "Soin")], widget=forms.RadioSelect)

    html = _render("{% error_summary form %}{{ form }}", form=Short({}))

    assert "2 réponses sont à vérifier" in html
    assert '<a href="#id_name">Nom\u00a0: Ce champ est obligatoire.</a>' in html
    assert '<a href="#id_reason_0">Raison\u00a0: Ce champ est obligatoire.</a>' in html
    assert 'id="id_reason_0"' in html


def test_rgaa_11_11_several_forms_of_a_page_have_one_summary():
    class Short(EnsForm):
        name = forms.CharField(label="Nom")

    whole, first, second = Short({"name": "x"}), Short({"one-name": "x"}, prefix="one"), Short({}, prefix="two")
    second.heading = "Réserve 2"
    whole.parts = (first, second)
    html = _render("{% title_prefix %}{% page_error_summary %}", form=whole)

    assert html.startswith("Erreur")
    assert html.count('id="erreurs"') == 1
    assert '<a href="#id_two-name">Réserve 2, Nom\u00a0: Ce champ est obligatoire.</a>' in html


def test_a_form_without_fault_has_no_summary():
    assert _render("{% error_summary form %}", form=EnsForm({})).strip() == ""


def test_the_breadcrumb_starts_at_home_and_ends_here():
    html = _render("{% breadcrumb 'Masquer' 'Documents' '/e/1/documents/' %}")

    assert html.index(">Accueil<") < html.index(">Documents<") < html.index('aria-current="page">Masquer<')


def _pages(number):
    page = Paginator(range(300), 20).page(number)
    return pager(page=page, query=QueryDict("tri=auteur&page=9"))


def test_the_pager_shows_the_ends_and_the_neighbours():
    assert [link.number for link in _pages(5).links] == [1, 0, 3, 4, 5, 6, 7, 0, 15]
    assert [link.number for link in _pages(1).links] == [1, 2, 3, 0, 15]
    assert [link.number for link in _pages(15).links] == [1, 0, 13, 14, 15]


def test_the_pager_keeps_the_other_parameters():
    pages = _pages(5)

    assert (pages.previous_url, pages.next_url) == ("?tri=auteur&page=4", "?tri=auteur&page=6")
    assert (_pages(1).previous_url, _pages(15).next_url) == ("", "")


def test_the_pager_says_where_one_is_and_is_absent_for_one_page():
    request = RequestFactory().get("/?page=2")
    two = Paginator(range(30), 20).page(2)

    assert "Page 2 sur 2" in _render("{% pager page %}", page=two, request=request)
    assert _render("{% pager page %}", page=Paginator(range(3), 20).page(1), request=request).strip() == ""


def test_filters_say_how_many_are_active():
    class Nothing(EnsForm):
        pass

    panel = FilterPanel(form=Nothing(), action="/", name="Documents")
    one = FilterPanel(form=Nothing(), action="/", name="D", active=(ActiveFilter(label="Imagerie", without_url="/"),))

    assert "Filtres (" not in _render("{% filter_panel panel %}", panel=panel)
    html = _render("{% filter_panel panel %}", panel=one)
    assert "Filtres (1 actif)" in html
    assert 'aria-label="Retirer le filtre\u00a0: Imagerie"' in html
