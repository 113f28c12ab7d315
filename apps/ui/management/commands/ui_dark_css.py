"""Write `static/ui/dark-system.css`: DSFR's dark tokens for devices set to dark, without any script."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management.base import BaseCommand, CommandError

CHOSEN = ":root[data-fr-theme=dark]"
RULE = re.compile(re.escape(CHOSEN) + r"[^{}@]*\{[^{}]*\}")
HEAD = "/* Made by `manage.py ui_dark_css` from DSFR (MIT); asked for while the reader has chosen no theme. */"


class Command(BaseCommand):
    help = __doc__

    def handle(self, *_args: object, **_options: object) -> None:
        target = Path(settings.BASE_DIR) / "static" / "ui" / "dark-system.css"
        target.write_text(dark_system_css(), encoding="utf-8")
        self.stdout.write(f"{target.name}: {target.stat().st_size} bytes")


def dark_system_css() -> str:
    """Every rule of DSFR for its dark theme, for a page whose theme nobody has chosen."""
    source = finders.find("dsfr/dist/dsfr.min.css")
    rules = RULE.findall(Path(str(source)).read_text(encoding="utf-8")) if source else []
    if not rules:
        message = "the dark rules of DSFR were not found"
        raise CommandError(message)
    lines = (rule.replace(CHOSEN, ":root:not([data-fr-theme])").replace(";", ";\n") for rule in rules)
    scheme = ":root:not([data-fr-theme]){color-scheme:dark}"
    return "\n".join((HEAD, "@media (prefers-color-scheme: dark) {", scheme, *lines, "}\n"))
