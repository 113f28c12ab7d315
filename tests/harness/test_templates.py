from __future__ import annotations

import pytest
from django.template import engines

from tests.harness.templates import INSTALLED, UndefinedVariableError, is_ours


def render(source: str, **context: object) -> str:
    return engines["django"].from_string(source).render(context)


@pytest.mark.parametrize(
    "source",
    [
        "{{ titel }}",
        "{{ titel|default:'none' }}",
        "{{ page.titel }}",
        "{% with shown=titel %}{{ shown }}{% endwith %}",
        "{% load i18n %}{% blocktranslate with name=titel %}Hello {{ name }}{% endblocktranslate %}",
        "{% load i18n %}{% blocktranslate %}Hello {{ titel }}{% endblocktranslate %}",
        "{% for line in titel %}{{ line }}{% endfor %}",
        "{% for line in titel.lines %}{{ line }}{% endfor %}",
    ],
)
def test_undefined_variable_fails_and_is_named(source):
    with pytest.raises(UndefinedVariableError, match="titel"):
        render(source, page={"title": "Documents"})


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{% if titel %}yes{% else %}no{% endif %}", "no"),
        ("{% if page.titel %}yes{% else %}no{% endif %}", "no"),
        ("{% if titel == 'x' %}yes{% else %}no{% endif %}", "no"),
        ("{{ page.title }}", "Documents"),
        ("{{ nothing }}", "None"),
        ("{{ empty }}", ""),
        ("{% for line in lines %}{{ line }}{% empty %}none{% endfor %}", "none"),
        ("{% for key, value in page.items %}{{ key }}={{ value }}{% endfor %}", "title=Documents"),
    ],
)
def test_asking_and_defined_variables_pass(source, expected):
    assert render(source, page={"title": "Documents"}, nothing=None, empty="", lines=[]) == expected


def test_templates_of_installed_packages_keep_the_rule_of_django():
    html = (
        engines["django"]
        .get_template("django/forms/widgets/input.html")
        .render({"widget": {"type": "text", "name": "a"}})
    )

    assert html.strip() == '<input type="text" name="a">'


def test_installed_packages_are_told_from_ours():
    assert not is_ours(str(INSTALLED / "dsfr/templates/dsfr/alert.html"))
    assert is_ours("/somewhere/templates/ui/page.html")
    assert is_ours("<unknown source>")
