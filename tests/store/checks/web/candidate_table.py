"""Each check on each kind of site: what it says of it. `python -m tests.store.checks.web.candidate_table` writes the
same lines into docs/domain/store_checks.md, between its marks.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

FILE = Path(__file__).parents[4] / "docs/domain/store_checks.md"
BEGIN, END = "<!-- checks:begin -->\n", "<!-- checks:end -->\n"
DOMAIN = "service-demo.example"
GOOD, MIDDLING, BAD, HOSTILE = (f"{name}.{DOMAIN}" for name in ("bon", "moyen", "mauvais", "hostile"))
PROVED, UNPROVED = "carnet-tension.example", "sans-preuve.example"
BY_BROWSER = ("trackers", "axe")
NOBODY = f"personne.{DOMAIN}"  # a name that does not exist


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One line: `outcome` and `reason` as they must be; `answers` by criterion where the target is not all."""

    code: str
    target: str
    outcome: str
    reason: str = ""
    answers: dict[str, dict[str, object]] = field(default_factory=dict)

    @property
    def line(self) -> str:
        declared = self.answers.get("CRI-INT-05", {}).get("resources", [])
        more = f" for {', '.join(declared)}" if isinstance(declared, list) and declared else ""
        return f"| `{self.code}` | {self.target}{more} | {self.outcome} | {self.reason and f'`{self.reason}`'} |"


def host_of(name: str) -> str:
    return name if "." in name else f"{name}.{DOMAIN}"


def cases(code: str, *rows: tuple[str, str, str], **answers: dict[str, object]) -> list[Case]:
    """Rows of one check: target, outcome, reason."""
    by_criterion = {name.replace("_", "-"): answer for name, answer in answers.items()}
    return [
        Case(code=code, target=target, outcome=outcome, reason=reason, answers=by_criterion)
        for target, outcome, reason in rows
    ]


def hosts(code: str, *rows: tuple[str, str, str]) -> list[Case]:
    return cases(code, *((host_of(name), outcome, reason) for name, outcome, reason in rows))


def urls(code: str, host: str, *rows: tuple[str, str, str], **answers: dict[str, object]) -> list[Case]:
    return cases(code, *((f"https://{host}{path}", outcome, reason) for path, outcome, reason in rows), **answers)


def hostile(code: str, *extra: tuple[str, str, str]) -> list[Case]:
    """Redirects that lead astray and answers that never come, the same for every check of an address."""
    return [
        *urls(
            code, HOSTILE,
            ("/vers-interne", "fail", "not-public"), ("/vers-nom-interne", "fail", "not-public"),
            ("/vers-clair", "fail", "downgrade"), ("/vers-fichier", "fail", "scheme"),
            ("/boucle", "flag", "too-many-redirects"), ("/lent", "error", "timeout"), ("/coupe", "error", "broken"),
            ("/entetes", "error", "broken"), ("/charabia", "error", "broken"), *extra,
        ),
        *cases(
            code,
            ("http://169.254.169.254/latest/meta-data/", "fail", "scheme"),
            ("https://169.254.169.254/latest/meta-data/", "fail", "not-public"),
            ("file:///etc/passwd", "fail", "scheme"),
            (f"https://moi:secret@{GOOD}/", "fail", "userinfo"),
            (f"https://{GOOD}:22/", "fail", "port"),
            (f"https://interne.{DOMAIN}/", "fail", "not-public"),
            (f"https://double.{DOMAIN}/", "fail", "not-public"),
            (f"https://traduit.{DOMAIN}/", "fail", "not-public"),
            (f"https://{NOBODY}/", "fail", "unresolved"),
            (f"https://expire.{DOMAIN}/", "flag", "expired"),
            (f"https://ferme.{DOMAIN}/", "error", "refused"),
        ),
    ]  # fmt: skip


TLS = hosts(
    "tls",
    ("bon", "pass", ""), ("bientot", "flag", "tls-ends-soon"), ("ancien", "flag", "tls-old"),
    ("expire", "fail", "expired"), ("autre-nom", "fail", "wrong-host"), ("auto-signe", "fail", "untrusted"),
    ("tres-ancien", "fail", "no-tls"), ("en-clair", "fail", "no-tls"), ("interne", "fail", "not-public"),
    ("metadonnees", "fail", "not-public"), ("boucle-locale", "fail", "not-public"), ("double", "fail", "not-public"),
    ("traduit", "fail", "not-public"), (NOBODY, "fail", "unresolved"), ("127.0.0.1", "fail", "not-public"),
    ("ferme", "error", "refused"), ("muet", "error", "timeout"),
)  # fmt: skip
REDIRECT = hosts(
    "https_redirect",
    ("bon", "pass", ""), ("moyen", "flag", "http-temporary"), ("sans-http", "flag", "http-closed"),
    ("sans-renvoi", "flag", "http-no-redirect"), ("sans-hsts", "flag", "hsts-absent"), ("expire", "flag", "expired"),
    ("mauvais", "fail", "http-serves"), ("en-clair", "fail", "http-serves"), ("interne", "fail", "not-public"),
    (NOBODY, "fail", "unresolved"), ("ferme", "error", "refused"),
)  # fmt: skip
HEADERS = [
    *urls("headers", GOOD, ("/", "pass", "")),
    *urls("headers", MIDDLING, ("/", "flag", "headers-missing")),
    *urls("headers", BAD, ("/", "flag", "headers-missing"), ("/rien", "flag", "page-not-found"),
          ("/panne", "error", "server-error")),
    *hostile("headers", ("/sans-fin", "pass", ""), ("/bombe", "pass", "")),
]  # fmt: skip
SECURITY_TXT = hosts(
    "security_txt",
    ("bon", "pass", ""), ("moyen", "flag", "security-txt-absent"), ("mauvais", "fail", "security-txt-expired"),
    ("sans-hsts", "fail", "security-txt-contact"), ("hostile", "flag", "security-txt-absent"),
    ("expire", "flag", "expired"), ("interne", "fail", "not-public"), (NOBODY, "fail", "unresolved"),
    ("ferme", "error", "refused"), ("muet", "error", "timeout"),
)  # fmt: skip
LEGAL = [
    *urls("legal_links", GOOD, ("/mentions-legales", "pass", ""), ("/cgu", "pass", ""),
          ("/confidentialite", "pass", ""), ("/accessibilite", "pass", "")),
    *urls("legal_links", MIDDLING, ("/mentions-legales", "flag", "legal-home"), ("/cgu", "flag", "legal-short"),
          ("/confidentialite", "flag", "legal-language")),
    *urls("legal_links", BAD, ("/mentions-legales", "fail", "legal-empty"), ("/cgu", "fail", "legal-empty"),
          ("/confidentialite", "fail", "legal-absent"), ("/compte", "flag", "page-closed"),
          ("/panne", "error", "server-error")),
    *hostile("legal_links", ("/type", "flag", "legal-type"), ("/script", "flag", "legal-script"),
             ("/sans-fin", "flag", "legal-language"), ("/bombe", "flag", "legal-script")),
]  # fmt: skip
ACCESSIBILITY = [
    *urls("accessibility", GOOD, ("/accessibilite", "pass", "")),
    *urls("accessibility", MIDDLING, ("/accessibilite", "flag", "accessibility-partial"),
          ("/accessibilite-ancienne", "flag", "accessibility-old"),
          ("/accessibilite-sans-taux", "flag", "accessibility-unread")),
    *urls("accessibility", BAD, ("/accessibilite", "fail", "accessibility-not-conform"),
          ("/rien", "fail", "accessibility-absent"), ("/panne", "error", "server-error")),
    *hostile("accessibility", ("/type", "flag", "accessibility-unread"),
             ("/sans-fin", "flag", "accessibility-unread"), ("/bombe", "flag", "accessibility-unread")),
]  # fmt: skip
FHIR = [
    *urls("fhir", GOOD, ("/fhir", "pass", ""), ("/fhir-ecriture", "flag", "fhir-interactions"),
          ("/fhir-faux", "flag", "fhir-invalid"), ("/fhir-xml", "flag", "fhir-xml"),
          ("/fhir-enorme", "flag", "too-large"), ("/fhir-r5", "fail", "fhir-version"),
          ("/fhir-autre", "fail", "fhir-not-fhir"), ("/fhir-html", "fail", "fhir-not-fhir"),
          ("/fhir-profond", "fail", "fhir-not-fhir"), ("/rien", "fail", "fhir-absent"),
          CRI_INT_05={"resources": ["Observation"]}),
    *urls("fhir", GOOD, ("/fhir", "flag", "fhir-resources"), CRI_INT_05={"resources": ["Observation", "Appointment"]}),
    *cases("fhir", (f"https://interne.{DOMAIN}/fhir", "fail", "not-public"),
           ("http://127.0.0.1:8000/fhir", "fail", "scheme"), (f"https://expire.{DOMAIN}/fhir", "flag", "expired"),
           (f"https://ferme.{DOMAIN}/fhir", "error", "refused")),
]  # fmt: skip
OPENID = [
    *urls("openid", GOOD, ("/oidc", "pass", ""), ("/oidc-implicite", "flag", "openid-implicit"),
          ("/oidc-ancien", "flag", "openid-missing"), ("/oidc-sans-cles", "flag", "openid-keys"),
          ("/oidc-autre", "fail", "openid-issuer"), ("/oidc-clair", "fail", "openid-clear"),
          ("/oidc-cle", "fail", "openid-private-key"), ("/oidc-html", "fail", "openid-unreadable"),
          ("/rien", "fail", "openid-absent")),
    *cases("openid", (f"https://interne.{DOMAIN}", "fail", "not-public"),
           ("http://127.0.0.1:8000", "fail", "scheme"), (f"https://expire.{DOMAIN}", "flag", "expired"),
           (f"https://ferme.{DOMAIN}", "error", "refused")),
]  # fmt: skip
OWNERSHIP = [
    *cases("ownership", (DOMAIN, "pass", ""), CRI_ELI_02={"url": f"https://{GOOD}/"}),
    *cases("ownership", (PROVED, "pass", ""), CRI_ELI_02={"url": f"https://www.{PROVED}/"}),
    *cases("ownership", (UNPROVED, "fail", "ownership-absent"), CRI_ELI_02={"url": f"https://www.{UNPROVED}/"}),
    *cases("ownership", (UNPROVED, "flag", "ownership-elsewhere"), CRI_INT_07={"url": f"https://www.{UNPROVED}/"}),
    *cases("ownership", (DOMAIN, "error", "refused"), CRI_ELI_02={"url": f"https://ferme.{DOMAIN}/"}),
]
BROWSER = [
    *urls("trackers", GOOD, ("/", "pass", "")),
    *urls("trackers", MIDDLING, ("/", "flag", "trackers-unknown")),
    *urls("trackers", BAD, ("/", "fail", "trackers-blocked")),
    *urls("trackers", HOSTILE, ("/vers-interne", "fail", "not-public"), ("/coupe", "error", "broken")),
    *urls("axe", GOOD, ("/", "pass", "")),
    *urls("axe", BAD, ("/", "flag", "axe-violations")),
    *urls("axe", HOSTILE, ("/vers-interne", "fail", "not-public"), ("/coupe", "error", "broken")),
]
WITHOUT_BROWSER = [
    *TLS, *REDIRECT, *HEADERS, *SECURITY_TXT, *LEGAL, *ACCESSIBILITY, *FHIR, *OPENID, *OWNERSHIP,
]  # fmt: skip
ALL = [*WITHOUT_BROWSER, *BROWSER]


def table() -> str:
    """The lines of the document, with their marks."""
    head = "| check | asked of | outcome | reason |\n|---|---|---|---|\n"
    return BEGIN + head + "".join(f"{case.line}\n" for case in ALL) + END


def written() -> str:
    """What stands between the marks now."""
    text = FILE.read_text(encoding="utf-8")
    return text[text.index(BEGIN) : text.index(END) + len(END)]


def main() -> int:
    text = FILE.read_text(encoding="utf-8")
    FILE.write_text(text.replace(written(), table()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
