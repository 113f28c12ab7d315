"""Every icon that a page names is in a style sheet that pages load: a missing one shows as a square."""

from __future__ import annotations

import re
from pathlib import Path

from django.contrib.staticfiles import finders

ROOT = Path(__file__).resolve().parents[2]
SHEET = re.compile(r"{% static '(dsfr/dist/[^']+\.css)' %}")
DEFINED = re.compile(r"\.fr-icon-([a-z0-9-]+)::?(?:before|after)")
NAMED = re.compile(r"(?:fr-icon-|[\"'])(?!fr-icon-)([a-z0-9-]+-(?:line|fill))\b")


def loaded():
    head = (ROOT / "templates/ui/head.html").read_text()
    sheets = [Path(finders.find(name)).read_text() for name in SHEET.findall(head)]
    ours = (ROOT / "static/ui/app.css").read_text()
    return {name for sheet in (*sheets, ours) for name in DEFINED.findall(sheet)}


def test_named_icons_are_loaded():
    files = [*ROOT.glob("templates/**/*.html"), *ROOT.glob("apps/**/*.py")]
    named = {(name, str(path.relative_to(ROOT))) for path in files for name in NAMED.findall(path.read_text())}
    known = loaded()
    assert len(named) > 100
    assert {one for one in named if one[0] not in known} == set()
