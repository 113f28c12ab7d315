"""`manage.py dmp_render` on every sample: the page, or one line; bounded, alone, without network (SEC-10, DMP-100)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from apps.formats.xml import MAX_BYTES
from tests.formats.pages import live_parts, parsed, plain
from tests.formats.readme import expected_documents
from tests.formats.small_cda import SmallCda, payload, section, sections
from tests.shared_material import needs_shared, shared

ROOT = Path(__file__).resolve().parents[2]
CDA = shared("samples/cda")
MALFORMED = sorted(path.stem for path in (CDA / "malformed").glob("*.xml")) or ["missing"]
FOLDERS = ("fr", "derived", "foreign", "malformed")
REASONS = {
    "fichier est vide": ["empty"],
    "contient une DTD": [
        *("xxe_file", "xxe_http", "xxe_parameter", "external-dtd", "billion-laughs", "quadratic-blowup"),
    ],
    "trop de niveaux": ["deep-nesting"],
    "encodage": ["bad-utf8"],
    "pas un document XML bien formé": [
        *("truncated", "not-xml_pdf", "not-xml_json", "unclosed-tag", "control-char"),
    ],
    "pas un document clinique": ["wrong-root"],
    "norme HL7": ["wrong-namespace", "no-namespace"],
    "plusieurs patients": ["header_two-patients"],
}
REFUSED = {name: reason for reason, names in REASONS.items() for name in names}
MEGABYTES_200 = 200_000  # ru_maxrss counts kB


@dataclass(frozen=True, kw_only=True)
class Run:
    code: int
    out: str
    error: str
    seconds: float
    peak: int
    opened: list[str]
    events: list[str]
    connected: list[str]


def run_all(paths: list[Path]) -> dict[str, Run]:
    command = [sys.executable, "-m", "tests.dmp.render_runner", *map(str, paths)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=300)
    return {Path(path).stem: Run(**values) for path, values in json.loads(done.stdout).items()}


@pytest.fixture(scope="module")
def runs() -> dict[str, Run]:
    return run_all([path for folder in FOLDERS for path in sorted((CDA / folder).glob("*.xml"))])


def assert_bounded_and_alone(run: Run, source: Path) -> None:
    own = (str(ROOT), sys.prefix, sys.base_prefix, "/usr/share/zoneinfo", "/etc/localtime")
    foreign = [line for line in run.opened if not line.startswith((*own, str(source)))]
    written = [line for line in run.opened if line.rsplit(" ", 1)[1] not in {"r", "rb", "None"}]
    assert any(line.startswith(str(source)) for line in run.opened)  # the hook was listening
    assert (foreign, written, run.events, run.connected) == ([], [], [], [])
    assert run.seconds < 5
    assert run.peak < MEGABYTES_200


@needs_shared
@pytest.mark.parametrize("name", sorted(expected_documents()) or ["missing"])
def test_every_french_sample_is_a_page(name, runs):
    run, expected = runs[Path(name).stem], expected_documents()[name]
    tree = parsed(run.out)

    assert (run.code, run.error) == (0, "")
    assert_bounded_and_alone(run, CDA / "fr" / name)
    assert tree.get("lang") == "fr"
    assert [" ".join(item.text_content().split()) for item in tree.iter("h1")] == [expected.title]
    assert tree.xpath("string(//title)") == expected.title
    assert live_parts(run.out) == []
    assert "À propos de ce document" in plain(run.out)
    assert expected.custodian in plain(run.out)
    assert expected.type_code in plain(run.out)


@needs_shared
@pytest.mark.parametrize("name", MALFORMED)
def test_every_malformed_sample_is_refused_or_harmless(name, runs):
    run = runs[name]

    assert_bounded_and_alone(run, CDA / "malformed" / f"{name}.xml")
    assert ".invalid" not in "".join(value for value in parsed(run.out or "<p/>").xpath("//@src | //@href | //@data"))
    if name in REFUSED:
        assert (run.code, run.out) == (1, "")
        assert run.error.count("\n") == 1
        assert REFUSED[name] in run.error
    else:
        assert (run.code, run.error) == (0, "")
        assert live_parts(run.out) == []
        assert "M. Jacques BIDEAULT" in plain(run.out) or "Dr Jacques BIDEAULT" in plain(run.out)


@needs_shared
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("title_markup", "<img src=x onerror=alert(1)> <script>alert(2)</script>"),
        ("multimedia_dangling", "image non disponible"),
        ("multimedia_remote", "image non disponible"),
        ("narrative_links", "sûr (www.example.org)"),
        ("narrative_script", "avant après"),
        ("payload_bad-base64", "abîmé"),
        ("payload_empty", "ne contient rien"),
        ("payload_pdf-is-png", "mais le contenu est « image PNG »"),
        ("payload_pdf-is-html", "mais le contenu est « données XML »"),
        ("payload_html", "mais le contenu est « données XML »"),
        ("payload_exe", "fichier d'un type inconnu"),
        ("payload_pdf-javascript", "éléments actifs"),
        ("payload_pdf-encrypted-flag", "protégé par un mot de passe"),
        ("header_no-recordtarget", "Patient non renseigné"),
        ("header_no-ins", "ne porte pas de matricule INS"),
        ("header_ins-bad-shape", "n'a pas la bonne forme"),
        ("header_bad-date", "la date inscrite dans le document est illisible"),
        ("header_no-title", "CR d'imagerie médicale"),
        ("header_unknown-type", "CR d’imagerie médicale"),
        ("no-body", "Le document n'a pas de contenu"),
    ],
)
def test_what_is_replaced_is_said_in_words(name, words, runs):
    assert words in plain(runs[name].out)


@needs_shared
@pytest.mark.parametrize("folder", ["derived", "foreign"])
def test_derived_and_foreign_samples_are_pages(folder, runs):
    names = [path.stem for path in (CDA / folder).glob("*.xml")]

    assert [(name, runs[name].code, live_parts(runs[name].out)) for name in names] == [(name, 0, []) for name in names]


def test_a_document_of_20_megabytes_stays_within_time_and_memory(tmp_path):
    large = tmp_path / "large.xml"
    large.write_bytes(SmallCda(body=payload(b"%PDF-1.4\n" + bytes(13_500_000))).data())
    too_large = tmp_path / "too-large.xml"
    too_large.write_bytes(b"<a>" + b"x" * MAX_BYTES + b"</a>")

    runs = run_all([large, too_large])

    assert 18_000_000 < large.stat().st_size < MAX_BYTES
    assert (runs["large"].code, runs["too-large"].code) == (0, 1)
    assert "dépasse 20" in runs["too-large"].error
    for path in (large, too_large):
        assert_bounded_and_alone(runs[path.stem], path)


def test_hostile_nesting_and_size_of_text_stay_within_time(tmp_path):
    nested = "".join(f'<content ID="c{n}">' for n in range(80)) + "x" * 1_900_000 + "</content>" * 80
    many = "<content><paragraph>" * 40 + "<br/>" * 150_000 + "</paragraph></content>" * 40
    paths = []
    for name, narrative in (("nested", nested), ("many", many)):
        paths.append(tmp_path / f"{name}.xml")
        paths[-1].write_bytes(SmallCda(body=sections(section(narrative))).data())

    for name, run in run_all(paths).items():
        assert run.code == 0
        assert_bounded_and_alone(run, tmp_path / f"{name}.xml")


class TestTheCommandItself:
    def start(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Without any of our variables: no address of a database, a broker or a cache."""
        command = [sys.executable, "manage.py", "dmp_render", *arguments]
        bare = {"PATH": os.defpath, "PYTHONUTF8": "1"}
        return subprocess.run(command, cwd=ROOT, env=bare, capture_output=True, text=True, check=False, timeout=60)

    def test_a_page_on_standard_output_and_nothing_else(self, tmp_path):
        source = tmp_path / "own.xml"
        source.write_bytes(SmallCda(body=sections(section("Tout va bien, é"))).data())

        done = self.start(str(source))

        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("<!DOCTYPE html>")
        assert "Tout va bien, é" in done.stdout
        assert [path.name for path in tmp_path.iterdir()] == ["own.xml"]

    def test_sec_10_the_whole_command_stays_below_200_mb(self, tmp_path):
        source = tmp_path / "own.xml"
        source.write_bytes(SmallCda(body=sections(section("Tout va bien"))).data())
        # A small process in between: Linux counts the memory of who started a process as that process's own.
        measure = (
            "import resource, subprocess, sys\n"
            "code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode\n"
            "print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
        )
        command = [sys.executable, "-c", measure, sys.executable, "manage.py", "dmp_render", str(source)]
        said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60).stdout

        code, peak = map(int, said.split())
        assert code == 0
        assert peak < MEGABYTES_200

    def test_one_line_on_standard_error_when_refused(self, tmp_path):
        source = tmp_path / "own.xml"
        source.write_text('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>')

        done = self.start(str(source))

        reason = "Le document contient une DTD (définition de type de document), ce qui n'est pas accepté.\n"
        assert (done.returncode, done.stdout, done.stderr) == (1, "", reason)

    def test_a_missing_file_is_one_line_too(self):
        done = self.start("/nowhere/at-all.xml")

        assert (done.returncode, done.stdout, done.stderr) == (1, "", "Le fichier ne peut pas être ouvert.\n")
