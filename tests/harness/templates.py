"""Guard: a template of the portal that uses an undefined variable fails.

`{% if name %}` may ask for a name that is not there; printing it, passing it on or looping over it may not. Templates
of Django, allauth and django-dsfr keep Django's own rule (an unknown name is empty), because they rely on it.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.template import engines
from django.template.base import FilterExpression, Node, Variable
from django.template.defaulttags import ForNode

INSTALLED = Path(inspect.getfile(Node)).parents[2]  # site-packages


class UndefinedVariableError(AssertionError):
    """A template asks for `variable`, and nothing in its context has this name."""

    def __init__(self, variable: str, template: str) -> None:
        super().__init__(f"{template}: {variable} is undefined")
        self.variable = variable


class Undefined(str):
    """Stands for `string_if_invalid`: empty for templates of others, an error in ours."""

    __slots__ = ()

    def __bool__(self) -> bool:
        _refuse_in_ours()
        return False

    def __contains__(self, _text: object) -> bool:
        _refuse_in_ours()
        return False


def _refuse_in_ours() -> None:
    variable = "?"
    frame = sys._getframe(2)
    while frame is not None:
        owner = frame.f_locals.get("self")
        if isinstance(owner, FilterExpression) and variable == "?":
            variable = str(owner.var)
        elif "key" in frame.f_locals and frame.f_code.co_name == "render_value":  # blocktranslate
            variable = str(frame.f_locals["key"])
        elif isinstance(owner, Node) and getattr(owner, "origin", None) is not None:
            if is_ours(owner.origin.name):
                raise UndefinedVariableError(variable, _short(owner.origin.name))
            return
        frame = frame.f_back


def is_ours(origin: str) -> bool:
    """Whatever does not lie among the installed packages: files of the portal and texts made in a test."""
    return not Path(origin).is_relative_to(INSTALLED)


def _short(origin: str) -> str:
    return origin.rpartition("/templates/")[2] or origin


def _checked_for(original: Any) -> Any:
    def render(self: ForNode, context: Any) -> str:
        expression = self.sequence
        if (
            isinstance(expression, FilterExpression)
            and isinstance(expression.var, Variable)
            and is_ours(self.origin.name)
        ):
            lookups = expression.var.lookups
            if lookups is not None and lookups[0] not in context:
                raise UndefinedVariableError(str(expression.var), _short(self.origin.name))
        return original(self, context)

    return render


@contextmanager
def strict_templates() -> Iterator[None]:
    """Every engine of the settings refuses undefined variables inside the block."""
    original = ForNode.render
    before = [(engine.engine, engine.engine.string_if_invalid) for engine in engines.all()]
    ForNode.render = _checked_for(original)
    for engine, _ in before:
        engine.string_if_invalid = Undefined()
    try:
        yield
    finally:
        ForNode.render = original
        for engine, value in before:
            engine.string_if_invalid = value
