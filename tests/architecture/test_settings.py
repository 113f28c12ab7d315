"""Settings: every variable is documented, nothing starts on a wrong one (architecture 3.5, SEC-28, SEC-29)."""

from __future__ import annotations

import ast
import re

import pytest

from tests.architecture.production import REQUIRED, check, environment, starts
from tests.architecture.sources import ROOT, python_files, tree_of

SETTINGS = "ens_portal/settings"
# Read outside the settings: the starter of the demonstration, and the command line for migrations.
SIMULATORS = {
    "ENS_FC_PORT", "ENS_MAILBOX_PORT", "ENS_MSS_OPERATOR_PORT", "ENS_MSS_OPERATOR_SMTP_PORT", "ENS_CANDIDATE_PORT",
    "ENS_CANDIDATE_HTTP_PORT",
}  # fmt: skip
STARTER = {"ENS_HTTP_PORT", "DATABASE_OWNER_URL"} | SIMULATORS
READERS = {"text", "flag", "number", "names", "rate", "secret"}
SECRETS = {
    "ENS_NOTICE_CODE_KEY",
    "ENS_AUDIT_KEY",
    "ENS_AUDIT_KEY_FORMER",
    "SECRET_KEY",
    "ENS_FILES_MASTER_KEY",
    "ENS_FILES_SECOND_MASTER_KEY",
    "ENS_OBJECTS_ACCESS_KEY",
    "ENS_OBJECTS_SECRET_KEY",
    "FRANCECONNECT_CLIENT_SECRET",
    "FRANCECONNECT_DECRYPTION_KEY",
    "ENS_MAIL_PASSWORD",
    "ENS_METRICS_TOKEN",
}


def calls_of_readers() -> list[ast.Call]:
    calls = [node for path in python_files(SETTINGS) for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)]
    return [
        call
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and (call.func.value.id, call.func.attr in READERS) == ("env", True)
    ]


def name_of(call: ast.Call) -> str:
    """Only a literal name can be found by somebody who reads the code."""
    (name,) = call.args
    assert isinstance(name, ast.Constant), ast.unparse(call)
    return str(name.value)


def has_default(call: ast.Call) -> bool:
    return any(word.arg == "default" for word in call.keywords)


def documented() -> dict[str, list[str]]:
    """Name of a variable -> cells of its line."""
    text = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if re.match(r"\| `[A-Z_]+` ", line)]
    rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    assert len({row[0] for row in rows}) == len(rows), "a variable stands there twice"
    return {row[0].strip("`"): row[1:] for row in rows}


def test_documentation_lists_exactly_the_variables_that_are_read():
    assert set(documented()) == {name_of(call) for call in calls_of_readers()} | STARTER


def test_documentation_says_which_variables_are_required():
    required = {name_of(call) for call in calls_of_readers() if not has_default(call)} - {"ENS_ENV"}

    assert required == set(REQUIRED)
    assert {name for name, cells in documented().items() if cells[0] == "required"} == required | {"ENS_ENV"}


def test_sec_28_documentation_says_which_variables_may_come_from_a_file():
    by_code = {name_of(call) for call in calls_of_readers() if call.func.attr == "secret"}

    assert by_code == SECRETS
    assert {name for name, cells in documented().items() if f"{name}_FILE" in " ".join(cells)} == SECRETS


def test_documented_defaults_are_those_of_the_code():
    stated = {name: cells[0].strip("`") for name, cells in documented().items()}
    for call in calls_of_readers():
        default = next((word.value for word in call.keywords if word.arg == "default"), None)
        if isinstance(default, ast.Constant):
            value = {True: "1", False: "0", "": "empty"}.get(default.value, str(default.value))
            assert stated[name_of(call)].replace("\u202f", "").replace(",", ",") == value, name_of(call)


def test_starter_variables_are_really_read():
    code = "\n".join(path.read_text(encoding="utf-8") for path in python_files("ens_portal"))

    assert {name for name in STARTER if f'"{name}"' in code} == STARTER


def test_every_environ_access_of_the_settings_names_a_documented_variable():
    code = "\n".join(path.read_text(encoding="utf-8") for path in python_files(SETTINGS))
    names = set(re.findall(r'os\.environ(?:\.get\(|\[)"([A-Z_]+)"', code))

    assert names <= set(documented())


WRONG_VALUES = [
    ("ENS_ENV", None, "ENS_ENV is missing"),
    ("ENS_ENV", "prod", "ENS_ENV='prod' is unknown: use one of demo, test, production"),
    ("ENS_ENV", "Production", "ENS_ENV='Production' is unknown"),
    ("ENS_TRUSTED_PROXY_COUNT", "one", "ENS_TRUSTED_PROXY_COUNT='one' is not a whole number"),
    ("ENS_TRUSTED_PROXY_COUNT", "-1", "ENS_TRUSTED_PROXY_COUNT=-1 is too small: at least 0"),
    ("ENS_OPPOSITION_WINDOW_DAYS", "41", "ENS_OPPOSITION_WINDOW_DAYS=41 is too small: at least 42"),
    ("ENS_STATE_BRANDING", "oui", "ENS_STATE_BRANDING='oui' is unknown: use 1 or 0"),
    ("ENS_HOLDER_MIN_LEVEL", "substantial", "ENS_HOLDER_MIN_LEVEL='substantial' is unknown"),
    ("ENS_LIMIT_PASSWORD_ACCOUNT", "5 per hour", "ENS_LIMIT_PASSWORD_ACCOUNT='5 per hour' is no rate"),
    ("ENS_LIMIT_PASSWORD_ACCOUNT", "0/1m", "ENS_LIMIT_PASSWORD_ACCOUNT='0/1m' is no rate"),
    ("ENS_FILES_STORAGE", "ftp", "ENS_FILES_STORAGE='ftp' is unknown: use one of local, s3"),
    ("ENS_FILES_STORAGE", "s3", "ENS_OBJECTS_BUCKET, ENS_OBJECTS_ACCESS_KEY or ENS_OBJECTS_SECRET_KEY is missing"),
    ("ENS_FILES_MASTER_KEY", "x" * 64, "ENS_FILES_MASTER_KEY and ENS_FILES_SECOND_MASTER_KEY are 64 hexadecimal"),
    ("ENS_FILES_SECOND_MASTER_KEY", "ab" * 31, "ENS_FILES_MASTER_KEY and ENS_FILES_SECOND_MASTER_KEY are 64"),
    ("ENS_FILES_SECOND_MASTER_KEY", "ab" * 32, "ENS_FILES_SECOND_MASTER_KEY_VERSION=0: two keys need two numbers"),
    ("ENS_PROCESS", "beat", "ENS_PROCESS='beat' is unknown"),
    ("SECRET_KEY", "half-a-secret", "SECRET_KEY is too short: at least 50 characters"),
    ("SECRET_KEY_FILE", "/nowhere", "SECRET_KEY_FILE='/nowhere' cannot be read: No such file"),
    *((name, value, f"{name} is missing") for name in sorted(REQUIRED) for value in (None, "")),
]


@pytest.fixture(scope="module")
def refusals() -> dict[tuple[str, str | None], str]:
    """Outcome for each wrong value."""
    cases = [(name, value) for name, value, _ in WRONG_VALUES]
    return dict(zip(cases, starts([environment(**{name: value}) for name, value in cases]), strict=True))


class TestProductionStart:
    def test_settings_are_those_of_production(self):
        assert starts([environment()]) == ["started production __Host-session False"]

    @pytest.mark.parametrize(("name", "value", "message"), WRONG_VALUES)
    def test_stops_on_a_missing_or_unknown_value_and_names_the_variable(self, refusals, name, value, message):
        refusal = refusals[name, value]

        assert refusal.startswith(f"django.core.exceptions.ImproperlyConfigured: {message}")

    def test_sec_28_a_secret_never_stands_in_the_message(self, refusals):
        assert "half-a-secret" not in refusals["SECRET_KEY", "half-a-secret"]

    def test_sec_28_secrets_may_come_from_files(self, tmp_path):
        path = tmp_path / "key"
        path.write_text(REQUIRED["SECRET_KEY"] + "\n", encoding="utf-8")

        (outcome,) = starts([environment(SECRET_KEY=None, SECRET_KEY_FILE=str(path))])

        assert outcome.startswith("started production")

    def test_check_deploy_has_no_warning(self):
        done = check("--deploy", "--fail-level", "WARNING")

        assert done.stderr == ""
        assert done.stdout.strip() == "System check identified no issues (0 silenced)."
        assert done.returncode == 0

    def test_sec_09_no_proxy_must_be_said(self):
        done = check(ENS_TRUSTED_PROXY_COUNT="0")

        assert done.returncode != 0
        assert "common.E003" in done.stderr

    def test_sec_09_no_proxy_may_be_said(self):
        assert check(ENS_TRUSTED_PROXY_COUNT="0", ENS_NO_PROXY="1").returncode == 0

    def test_sec_09_a_proxy_and_none_at_once_is_refused(self):
        done = check(ENS_TRUSTED_PROXY_COUNT="1", ENS_NO_PROXY="1")

        assert done.returncode != 0
        assert "common.E004" in done.stderr

    def test_sec_29_a_simulated_gateway_is_refused(self):
        done = check(ENS_SCANNER_GATEWAY="apps.files.gateways.scanner_embedded.EmbeddedScanner")

        assert done.returncode != 0
        assert "common.E001" in done.stderr
