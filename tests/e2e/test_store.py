"""A service from its first dossier to the catalogue, through every role in turn, and a bad one to its refusal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from apps.journeys.demonstration.documents.pdf import text_pdf
from tests.e2e.conftest import NARROW, WIDE
from tests.e2e.pages import is_clean, staff_sign_in

pytestmark = pytest.mark.e2e
SITE = "https://bon.service-demo.example"
PAGES = {"CRI-LEG-04": "/mentions-legales", "CRI-LEG-05": "/cgu", "CRI-RGP-01": "/confidentialite",
         "CRI-ACC-01": "/accessibilite"}  # fmt: skip
SECTIONS = (
    "service", "fiche", "cadre-legal", "donnees-personnelles", "hebergement", "securite", "interoperabilite", "ethique",
    "accessibilite",
)  # fmt: skip
CRITERIA, SET_ASIDE = 80, 5  # more than there are: a loop that does not end says so
NEVER = ("CRI-FIC-04",)  # its addresses are optional: no application in a shop


@contextmanager
def signed_in(browser: Browser, portal: str, name: str, *, viewport: ViewportSize = WIDE) -> Iterator[Page]:
    context = browser.new_context(base_url=portal, locale="fr-FR", viewport=viewport, reduced_motion="reduce")
    context.set_default_timeout(15_000)
    page = context.new_page()
    staff_sign_in(page, name)
    yield page
    context.close()


def send(page: Page, button: str | re.Pattern[str]) -> None:
    page.get_by_role("main").get_by_role("button", name=button).first.click()
    page.wait_for_load_state()


def begin(page: Page, name: str) -> str:
    """A draft with its orientation; its address."""
    page.goto("/editeurs/candidatures/nouvelle/")
    is_clean(page)
    page.get_by_label("Nom du service").fill(name)
    for label in ("suivi médical ou médico-social", "aucun échange de données", "ordinaire"):
        page.get_by_label(label).check(force=True)
    send(page, "Commencer la candidature")
    expect(page.get_by_text("À vous d'agir")).to_be_visible()
    is_clean(page)
    address = page.url
    page.goto(f"{address}orientation/")
    for choice in page.locator("main form input[type=radio][value=no]").all():
        choice.check(force=True)
    page.locator("main form input[name=web][value=yes]").check(force=True)
    send(page, re.compile("Enregistrer"))
    return address


def fill(page: Page, address: str, numbers: dict[str, str]) -> None:
    """Every section, criterion by criterion."""
    for slug in SECTIONS:
        page.goto(f"{address}rubrique/{slug}/")
        if slug in {"service", "securite"}:
            is_clean(page)
        for choice in page.locator("main form input[type=radio][value=conforme]").all():
            choice.check(force=True)
        for area in page.locator("main form textarea").all():
            hosts = (area.get_attribute("name") or "").endswith("hosts")
            area.fill("bon.service-demo.example" if hosts else "Oui, depuis mars 2025.")
        for field in page.locator("main form input:not([type=hidden], [type=radio], [type=checkbox])").all():
            field.fill(value_of(field.get_attribute("name") or "", numbers))
        send(page, re.compile("Enregistrer"))
        expect(page.locator("[data-ens-outcome]")).to_be_visible()


def value_of(name: str, numbers: dict[str, str]) -> str:
    code, field = name[:10], name[11:]
    if code in NEVER:
        return ""
    if field == "url":
        return SITE + PAGES.get(code, "/")
    known = {"rate": "92", "host": "bon.service-demo.example", **numbers}
    if field.endswith("_on"):
        return "2026-06-01"
    return known.get(field, "editeur@demo.example" if "email" in field else "Maud Kerbrat")


def numbers_of(page: Page) -> dict[str, str]:
    page.goto("/editeurs/organisme/")
    is_clean(page)
    found = re.search(r"(\d{3}\s\d{3}\s\d{3})\s\d{5}", page.locator("main").inner_text())
    assert found
    whole = re.sub(r"\D", "", found.group(0))
    return {"siren": whole[:9], "siret": whole}


def add_pieces(page: Page, address: str, folder: Path) -> None:
    file = folder / "procedure.pdf"
    file.write_bytes(text_pdf("Procédure d'incident. Contact de jour et de nuit.", title="Procédure"))
    page.goto(f"{address}pieces/ajouter/")
    is_clean(page)
    page.locator("[name=upload]").set_input_files(file)
    page.locator("[name=title]").fill("Procédure d'incident")
    page.locator("[name=use][value=evidence]").check(force=True)
    page.evaluate("document.querySelectorAll('main details').forEach(fold => { fold.open = true })")
    for code in ("CRI-SEC-08", "CRI-DUR-01", "CRI-FIC-02"):
        page.locator(f"[name=criteria][value={code}]").check(force=True)
    send(page, "Ajouter cette pièce")
    wait_for(page, f"{address}pieces/", "aucun virus trouvé")
    is_clean(page)


def wait_for(page: Page, address: str, words: str, *, times: int = 60) -> None:
    """Workers need some seconds."""
    for _try in range(times):
        page.goto(address)
        if words in page.locator("main").inner_text():
            return
        page.wait_for_timeout(1000)
    pytest.fail(f"{words} never came: {page.locator('main').inner_text()[:2000]}")


def write_sheet(page: Page, address: str) -> None:
    page.goto(f"{address}fiche/")
    is_clean(page)
    page.locator("[name=tagline]").fill("Noter sa tension et préparer sa consultation.")
    page.locator("[name=description]").fill("Vous notez votre tension matin et soir.")
    ticks = (("needs", "maladie_chronique"), ("audiences", "adulte"), ("languages", "fr"), ("platforms", "web"))
    for name, value in ticks:
        page.locator(f"[name={name}][value={value}]").check(force=True)
    page.locator("[name=price]").select_option("gratuit")
    page.locator("[name=hosting_country]").select_option("FR")
    words = {"web_url": f"{SITE}/", "privacy_url": f"{SITE}/confidentialite", "legal_url": f"{SITE}/mentions-legales",
             "hosting_name": "Rive Cloud", "support_email": "aide@demo.example"}  # fmt: skip
    for name, value in words.items():
        page.locator(f"[name={name}]").fill(value)
    send(page, re.compile("Enregistrer"))


def hand_in(page: Page, address: str) -> None:
    page.goto(f"{address}envoyer/")
    is_clean(page)
    page.locator("[name=charter]").check(force=True)
    send(page, "Envoyer le dossier")
    expect(page.get_by_role("heading", name="Récépissé du dossier")).to_be_visible()
    is_clean(page)
    wait_for(page, address, "recevabilité")


def declare(page: Page, case: str) -> None:
    """No link to the publisher, then the dossier for oneself where that is possible."""
    page.goto(case)
    if "/conflit/" in page.url:
        is_clean(page)
        page.get_by_label("Aucun lien").check(force=True)
        send(page, "Déclarer")
    if page.get_by_role("button", name="Prendre ce dossier").count():
        send(page, "Prendre ce dossier")


def admit(page: Page, case: str) -> None:
    declare(page, case)
    is_clean(page)
    page.goto(f"{case}recevabilite/")
    is_clean(page)
    for choice in page.locator("main form input[type=radio][value=yes]").all():
        choice.check(force=True)
    send(page, "Enregistrer la liste")
    page.goto(f"{case}recevabilite/accepter/")
    send(page, "Déclarer recevable")
    expect(page.get_by_text("Dossier recevable")).to_be_visible()


def judge(page: Page, case: str, verdict: str, note: str = "") -> None:
    declare(page, case)
    page.goto(f"{case}grille/")
    is_clean(page)
    for _criterion in range(CRITERIA):
        if not page.locator("main form input[name=verdict]").count():
            break
        page.locator(f"main form input[name=verdict][value={verdict}]").check(force=True)
        if note:
            page.locator("main form [name=note]").fill(note)
        send(page, "Enregistrer et voir le suivant")
    page.locator("[name=text]").fill("Synthèse de l'instruction.")
    is_clean(page)
    send(page, "Transmettre pour seconde lecture")


def sign_report(page: Page, case: str) -> None:
    declare(page, case)
    page.goto(f"{case}avis/")
    is_clean(page)
    send(page, "Signer")


def sit(page: Page, case: str, opinion: str, vote: str) -> None:
    """A session today, the dossier on its agenda, seven members, their votes, the opinion."""
    declare(page, case)
    page.goto("/instruction/commission/")
    is_clean(page)
    today = page.get_by_role("link", name=re.compile(f"Séance du {date.today().day} ")).first  # noqa: DTZ011
    if not today.count():
        page.goto("/instruction/commission/nouvelle/")
        page.locator("[name=held_on]").fill(date.today().isoformat())  # noqa: DTZ011
        send(page, "Prévoir la séance")
    today.click()
    page.wait_for_load_state()
    session = page.url
    page.goto(f"{session}ordre-du-jour/")
    for choice in page.locator("main form input[type=checkbox]").all():
        choice.check(force=True)
    send(page, "Inscrire à l'ordre du jour")
    vote_on(page, session, case, opinion, vote)


def vote_on(page: Page, session: str, case: str, opinion: str, vote: str) -> None:
    """Seven members are there, each votes alike, the opinion follows."""
    page.goto(f"{session}presences/")
    for choice in page.locator("main form input[type=checkbox]").all()[:7]:
        choice.check(force=True)
    send(page, "Enregistrer")
    is_clean(page)
    item = f"{session}{case.rstrip('/').rpartition('/')[2]}/"
    page.goto(f"{item}votes/")
    is_clean(page)
    for choice in page.locator(f"main form input[type=radio][value={vote}]").all():
        choice.check(force=True)
    send(page, re.compile("Enregistrer"))
    page.goto(f"{item}avis/")
    is_clean(page)
    page.locator(f"main form input[value={opinion}]").check(force=True)
    page.locator("main form [name=text]").fill("La commission a examiné le rapport.")
    send(page, re.compile("Enregistrer l'avis"))
    expect(page.get_by_text("Avis enregistré")).to_be_visible()


def decide(page: Page, case: str, kind: str) -> None:
    declare(page, case)
    page.goto(f"{case}decision/prendre/")
    is_clean(page)
    page.locator(f"[name=kind][value={kind}]").check(force=True)
    page.locator("[name=grounds]").first.check(force=True)
    page.locator("[name=facts]").fill("Les critères sont examinés dans le rapport.")
    page.locator("[name=signatory]").fill("Claire Aubin, déléguée")
    for choice in page.locator("main form [name=criteria]").all()[:1]:
        choice.check(force=True)
    send(page, "Lire la notification")
    is_clean(page)
    page.locator("main form button").first.click()
    page.wait_for_load_state()


def sign(page: Page, case: str) -> None:
    declare(page, case)
    page.goto(f"{case}convention/signer/")
    is_clean(page)
    for choice in page.locator("main form input[type=checkbox]").all():
        choice.check(force=True)
    for field in page.locator("main form input[type=text]").all():
        field.fill("Paul Denis, délégué")
    send(page, re.compile("Signer"))
    expect(page.get_by_text("Convention signée").first).to_be_visible()


def set_aside(page: Page, other: Page, case: str) -> None:
    """The domain of the demonstration belongs to nobody: two people set that result aside."""
    page.goto(f"{case}controles/")
    is_clean(page)
    links = [link.get_attribute("href") or "" for link in page.locator("main a").all()]
    for link in [one for one in links if re.search(r"/controles/[0-9a-f-]{36}/$", one)]:
        page.goto(link)
        if "en échec" in page.locator("main").inner_text():
            page.locator("main form input[value=pass]").check(force=True)
            page.locator("main form textarea").first.fill("Vérifié à la main.")
            send(page, "Écarter")
    other.goto(f"{case}controles/")
    for _result in range(SET_ASIDE):
        if not other.get_by_role("button", name=re.compile("Confirmer")).count():
            break
        other.get_by_role("button", name=re.compile("Confirmer")).first.click()
        other.wait_for_load_state()
        other.goto(f"{case}controles/")


def dossier(page: Page, name: str, folder: Path) -> tuple[str, str]:
    """A dossier that was sent: its address for the publisher and for the back office."""
    numbers = numbers_of(page)
    address = begin(page, name)
    fill(page, address, numbers)
    add_pieces(page, address, folder)
    write_sheet(page, address)
    hand_in(page, address)
    return address, f"/instruction/dossiers/{address.rstrip('/').rpartition('/')[2]}/"


def assess(browser: Browser, portal: str, case: str, *, verdict: str, note: str, viewport: ViewportSize) -> None:
    """Desk, assessor, second reader, data-protection check: four people."""
    with signed_in(browser, portal, "guichet", viewport=viewport) as desk:
        admit(desk, case)
    with signed_in(browser, portal, "instruction", viewport=viewport) as assessor:
        judge(assessor, case, verdict, note)
    for name in ("lecture", "donnees"):
        with signed_in(browser, portal, name, viewport=viewport) as reader:
            sign_report(reader, case)


def publish(browser: Browser, portal: str, address: str, case: str) -> None:
    """Three signatures, one result set aside by two people, publication."""
    with signed_in(browser, portal, "editeur") as owner:
        owner.goto(f"{address}decision/")
        expect(owner.get_by_text("À vous d'agir")).to_be_visible()
        is_clean(owner)
        owner.goto(f"{address}convention/signer/")
        owner.locator("main form input[type=checkbox]").check(force=True)
        send(owner, "Signer la convention")
    with signed_in(browser, portal, "guichet") as desk, signed_in(browser, portal, "instruction") as assessor:
        sign(desk, case)
        with signed_in(browser, portal, "delegue2") as delegate:
            sign(delegate, case)
        set_aside(desk, assessor, case)
        desk.goto(f"{case}publier/")
        is_clean(desk)
        send(desk, "Publier maintenant")
        expect(desk.get_by_text("Service publié").first).to_be_visible()


def refuse(browser: Browser, portal: str, case: str) -> None:
    """One delegate proposes, another confirms."""
    with signed_in(browser, portal, "delegue", viewport=NARROW) as first:
        decide(first, case, "refuse")
    with signed_in(browser, portal, "delegue2", viewport=NARROW) as second:
        declare(second, case)
        second.goto(f"{case}decision/confirmer/")
        is_clean(second)
        second.locator("main form input[value=confirm]").check(force=True)
        second.locator("main form button[type=submit]").first.click()
        expect(second.get_by_text("Refus confirmé").first).to_be_visible()


def find(page: Page, name: str) -> None:
    """A visitor searches the catalogue and opens the service."""
    page.goto("/services/?" + urlencode({"q": name.lower()}))
    is_clean(page)
    page.get_by_role("heading", name=name, level=2).get_by_role("link").click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    expect(page.get_by_text("Noter sa tension et préparer sa consultation.").first).to_be_visible()
    is_clean(page)


def test_a_good_service_comes_to_the_catalogue(browser: Browser, portal: str, tmp_path: Path) -> None:
    with signed_in(browser, portal, "editeur") as publisher:
        address, case = dossier(publisher, "Carnet de bord", tmp_path)
    assess(browser, portal, case, verdict="conforme", note="", viewport=WIDE)
    with signed_in(browser, portal, "commission") as secretary:
        sit(secretary, case, "favorable", "pour")
    with signed_in(browser, portal, "delegue") as delegate:
        decide(delegate, case, "accept")
        expect(delegate.get_by_text("Décision prise").first).to_be_visible()
    publish(browser, portal, address, case)
    for viewport, script in ((NARROW, True), (WIDE, False)):
        context = browser.new_context(
            base_url=portal, locale="fr-FR", viewport=viewport, java_script_enabled=script, reduced_motion="reduce"
        )
        find(context.new_page(), "Carnet de bord")
        context.close()


def test_a_bad_service_is_refused_with_reasons_and_appeals(browser: Browser, portal: str, tmp_path: Path) -> None:
    with signed_in(browser, portal, "editeur", viewport=NARROW) as publisher:
        address, case = dossier(publisher, "Carnet bancal", tmp_path)
    assess(browser, portal, case, verdict="non_conforme", note="La preuve ne suffit pas.", viewport=NARROW)
    with signed_in(browser, portal, "commission", viewport=NARROW) as secretary:
        sit(secretary, case, "defavorable", "contre")
    refuse(browser, portal, case)
    with signed_in(browser, portal, "editeur", viewport=NARROW) as publisher:
        publisher.goto(f"{address}decision/")
        is_clean(publisher)
        expect(publisher.get_by_text("Les critères sont examinés dans le rapport.").first).to_be_visible()
        publisher.goto(f"{address}recours/")
        is_clean(publisher)
        publisher.locator("main form input[type=radio]").first.check(force=True)
        publisher.locator("main form textarea").first.fill("Nous joignons de nouvelles preuves.")
        publisher.locator("main form button[type=submit]").first.click()
        publisher.wait_for_load_state()
    with signed_in(browser, portal, "recours", viewport=NARROW) as officer:
        officer.goto("/instruction/recours/")
        is_clean(officer)
        declare(officer, case)
        officer.goto(f"{case}recours/")
        is_clean(officer)
        expect(officer.get_by_text("Nous joignons de nouvelles preuves.").first).to_be_visible()
