"""What each check that needs no web says of each kind of answer and file, every reason at least once.
`python -m tests.store.checks.local.cases` writes the same lines into docs/domain/store_checks_local.md.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).parents[4] / "docs/domain/store_checks_local.md"
BEGIN, END = "<!-- checks:begin -->\n", "<!-- checks:end -->\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One line of the table; `of`: key of what is looked at, in `scenes.SCENES`."""

    code: str
    of: str
    outcome: str
    reason: str

    @property
    def line(self) -> str:
        return f"| `{self.code}` | {self.of} | {self.outcome} | {self.reason and f'`{self.reason}`'} |"


def cases(code: str, *rows: tuple[str, str, str]) -> list[Case]:
    return [Case(code=code, of=of, outcome=outcome, reason=reason) for of, outcome, reason in rows]


WRITTEN = [
    *cases(
        "siren",
        ("listed, active", "pass", ""),
        ("with spaces (S32)", "pass", ""),
        ("listed by nobody", "flag", "siren-not-listed"),
        ("gone from the copy", "flag", "siren-no-longer-listed"),
        ("of another company than the publisher", "flag", "siren-other-publisher"),
        ("11122233344455 (S32)", "fail", "siren-number"),
        ("SIRET of another SIREN", "fail", "siren-other-company"),
    ),
    *cases(
        "finess",
        ("listed, active", "pass", ""),
        ("key fits, listed by nobody", "flag", "finess-not-listed"),
        ("gone from the copy", "flag", "finess-no-longer-listed"),
        ("of another company than the publisher", "flag", "finess-other-company"),
        ("key does not fit", "fail", "finess-number"),
    ),
    *cases(
        "email",
        ("confirmed", "pass", ""),
        ("not confirmed", "flag", "email-not-confirmed"),
        ("on yopmail.com", "flag", "email-disposable"),
        ("without @", "fail", "email-malformed"),
    ),
    *cases(
        "store_links",
        ("https://apps.apple.com/fr/app/suivi/id123456789", "pass", ""),
        ("https://play.google.com/store/apps/details?id=fr.exemple.suivi", "pass", ""),
        ("https://www.suivi-exemple.fr/", "fail", "store-link"),
        ("Google Play in the field of Apple", "fail", "store-link-other"),
    ),
    *cases(
        "redirect_uris",
        ("https://www.suivi-exemple.fr/retour", "pass", ""),
        ("https://www.voleur.example/retour", "flag", "redirect-other-domain"),
        ("fr.exemple.suivi:/retour of a mobile application", "flag", "redirect-custom-scheme"),
        ("http://www.suivi-exemple.fr/retour", "fail", "redirect-not-https"),
        ("https://*.suivi-exemple.fr/retour", "fail", "redirect-wildcard"),
        ("https://www.suivi-exemple.fr/retour#a", "fail", "redirect-fragment"),
        ("https://moi@www.suivi-exemple.fr/retour", "fail", "redirect-userinfo"),
        ("https://93.184.216.34/retour", "fail", "redirect-address"),
        ("https://localhost/retour", "fail", "redirect-localhost"),
        ("https://www.suivi-exemple.fr/re tour", "fail", "redirect-malformed"),
    ),
    *cases(
        "hds",
        ("listed, 60 days left", "pass", ""),
        ("listed, 59 days left", "flag", "hds-ends-soon"),
        ("listed for another host", "flag", "hds-other-host"),
        ("listed with another end", "flag", "hds-other-end"),
        ("no activity ticked", "flag", "hds-no-activity"),
        ("an activity that is not covered", "fail", "hds-activities"),
        ("ended yesterday", "fail", "hds-ended"),
        ("not listed", "fail", "hds-absent"),
        ("no list in the settings", "error", "hds-list-away"),
    ),
    *cases(
        "evidence_dates",
        ("certificate with 60 days left", "pass", ""),
        ("certificate with 59 days left", "flag", "evidence-ends-soon"),
        ("certificate that ended yesterday", "fail", "evidence-ended"),
        ("penetration test of 17 months ago", "pass", ""),
        ("penetration test of 18 months ago", "fail", "evidence-audit-old"),
        ("penetration test of tomorrow", "flag", "evidence-in-future"),
        ("penetration test without a day", "flag", "evidence-no-date"),
    ),
]
FILES = [
    *cases(
        "antivirus",
        ("clean", "pass", ""),
        ("infected", "fail", "virus-found"),
        ("waiting, or parked", "error", "virus-waiting"),
        ("taken away meanwhile", "skipped", "file-gone"),
    ),
    *cases(
        "file_type",
        ("PDF named audit.pdf", "pass", ""),
        ("XLSX named tableau.xlsx", "pass", ""),
        ("PNG named audit.pdf", "fail", "type-mismatch"),
        ("SVG with a script (S31)", "fail", "type-not-allowed"),
        ("XLSX with macros", "fail", "type-macros"),
        ("waiting for the antivirus", "error", "file-waiting"),
        ("infected", "skipped", "file-blocked"),
        ("while the store does not answer", "error", "file-away"),
    ),
    *cases(
        "pdf",
        ("one page of text", "pass", ""),
        ("one page without text", "flag", "pdf-no-text"),
        ("opens a program", "flag", "pdf-active"),
        ("not read within a minute", "flag", "pdf-too-complex"),
        ("script behind a link", "fail", "pdf-script"),
        ("file inside", "fail", "pdf-embedded"),
        ("encrypted", "fail", "pdf-encrypted"),
        ("501 pages", "fail", "pdf-too-many-pages"),
        ("20 MB and a byte", "fail", "pdf-too-heavy"),
        ("cut", "fail", "pdf-damaged"),
        ("while the child is ended from outside", "error", "decoder-lost"),
    ),
    *cases(
        "images",
        ("logo of 512 × 512", "pass", ""),
        ("screenshot of 1920 × 1080", "pass", ""),
        ("logo of 600 × 512", "flag", "image-ratio"),
        ("logo of 511 × 511", "flag", "image-too-small"),
        ("logo in four inks", "flag", "image-colours"),
        ("logo with a place", "flag", "image-place"),
        ("SVG with a script (S31)", "fail", "image-kind"),
        ("logo not read within a minute", "flag", "image-too-complex"),
        ("logo that moves", "fail", "image-animated"),
        ("cut", "fail", "image-damaged"),
        ("5 MB and a byte", "fail", "image-too-heavy"),
        ("header of 60,000 × 60,000", "fail", "image-too-large"),
    ),
    *cases(
        "secrets",
        ("CSV without any", "pass", ""),
        ("CSV with a password as in `.env`", "fail", "secret-found"),
        ("PDF with a private key", "fail", "secret-found"),
        ("PDF that is encrypted", "skipped", "secrets-not-read"),
    ),
]
CASES = [*WRITTEN, *FILES]


def table() -> str:
    lines = ["| check | of | outcome | reason |", "|---|---|---|---|", *(case.line for case in CASES)]
    return "\n".join(lines) + "\n"


def main() -> None:
    before, _, rest = FILE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    FILE.write_text(before + BEGIN + table() + END + after, encoding="utf-8")
    sys.stdout.write(f"{FILE}: {len(CASES)} lines\n")


if __name__ == "__main__":
    main()
