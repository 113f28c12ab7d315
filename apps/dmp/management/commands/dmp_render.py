"""`manage.py dmp_render FILE`: one CDA document as a complete HTML page on standard output."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils import translation
from django.utils.translation import gettext as _

from apps.formats.documents import UnreadableInputError, read_cda, refusal_words, render_page
from apps.formats.xml import MAX_BYTES

LANGUAGE = "fr"


class Command(BaseCommand):
    """Reads one file, writes one page; opens no socket, no database and no other file (SEC-10, DMP-100..109).

    Exit 0 with the page, or exit 1 with one line on standard error that says why the file is refused.
    """

    help = "Writes a CDA document as one self-contained, accessible HTML page to standard output."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *_args: object, file: Path, **_options: object) -> None:
        with translation.override(LANGUAGE):
            try:
                self.stdout.write(render_page(read_cda(_read(file))), ending="")
            except UnreadableInputError as error:
                self._refuse(refusal_words(error))
            except OSError:
                self._refuse(_("The file cannot be opened."))

    def _refuse(self, reason: str) -> None:
        self.stderr.write(reason)
        sys.exit(1)


def _read(path: Path) -> bytes:
    """The bytes, but never more than one beyond the limit: a larger file is refused without being read whole."""
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)
