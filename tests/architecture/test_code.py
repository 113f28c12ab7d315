"""Shape of the code: sizes, imports, exceptions, docstrings, words (docs/coding-style.md)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from tests.architecture.sources import CODE, functions_of, python_files, short, tree_of

LONGEST_FILE = 450
LONGEST_FUNCTION = 50
BROAD_EXCEPTS = 3
EMPTY = {"SafeString('')"}
ERRORS_OF_OTHERS = {"Exception", "BaseException"}
# Columns "not" of GLOSSARY.md that can never be right as a name of ours.
REFUSED_WORDS = {
    "patient": "holder",
    "guardian": "representative",
    "opt_out": "oppose",
    "mask_document": "hide",
    "masked_at": "hidden_at",
    "archive_document": "hide",
    "doctor": "professional",
    "ban": "block",
    "banned": "blocked",
    "ssn": "ins_number",
    "vendor": "publisher",
    "inbox": "mailbox",
}
# Words of clinical documents themselves: a CDA knows a patient, who need not be the holder; so do its readers.
DOCUMENT_WORDS = {"patient"}
DOCUMENT_CODE = (
    "apps/accounts/patients.py",
    "apps/formats/",
    "apps/dmp/",
    "apps/journeys/demonstration/documents/",
    "apps/mss/addresses.py",
)
# Legal notions of their own, with a line of the glossary each.
NOTIONS = {"GUARDIAN"}  # mandataire judiciaire (MJPM), one of several kinds of representatives

FILES = python_files()


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def function_lengths() -> dict[str, int]:
    return {
        f"{short(path)}:{node.lineno} {node.name}": length(node)
        for path in FILES
        for node in functions_of(tree_of(path))
    }


class TestSizes:
    def test_no_file_is_too_long(self):
        long = {short(path): lines_of(path) for path in python_files(*CODE) if lines_of(path) > LONGEST_FILE}

        assert long == {}

    def test_no_function_is_too_long(self):
        assert {name: lines for name, lines in function_lengths().items() if lines > LONGEST_FUNCTION} == {}

    def test_medians_are_small(self):
        files = sorted(lines_of(path) for path in FILES if lines_of(path) > 0)
        functions = sorted(function_lengths().values())

        assert median(files) <= 90
        assert files[int(len(files) * 0.9)] <= 250
        assert median(functions) <= 10
        assert functions[int(len(functions) * 0.9)] <= 28


def imports_inside_functions(path: Path) -> Iterator[str]:
    for function in functions_of(tree_of(path)):
        inside_ready = path.name == "apps.py" and function.name == "ready"
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom) and not inside_ready:
                yield f"{short(path)}:{node.lineno}"


class TestImports:
    def test_none_is_late(self):
        assert [line for path in FILES for line in imports_inside_functions(path)] == []

    def test_none_is_relative_or_of_everything(self):
        froms = [
            (short(path), node)
            for path in FILES
            for node in ast.walk(tree_of(path))
            if isinstance(node, ast.ImportFrom)
        ]

        assert [f"{name}:{node.lineno}" for name, node in froms if node.level] == []
        stars = [name for name, node in froms if node.names[0].name == "*"]
        assert [name for name in stars if not name.startswith("ens_portal/settings/")] == []


def names_in(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.alias):
            found.add(node.name.rpartition(".")[2])
    return found


class TestRefusedConstructs:
    def test_sec_07_nothing_is_marked_safe_but_by_formats(self):
        """An empty one marks nothing; every other is made by the module that escapes."""
        makers = {
            short(path)
            for path in FILES
            for node in ast.walk(tree_of(path))
            if isinstance(node, ast.Call)
            and ast.unparse(node.func).endswith("SafeString")
            and ast.unparse(node) not in EMPTY
        }

        assert [short(path) for path in FILES if "mark_safe" in names_in(path)] == []
        assert makers <= {"apps/formats/cda/safe.py"}

    def test_no_signals_of_models(self):
        modules = {"django.db.models.signals"}
        users = [
            short(path)
            for path in FILES
            for node in ast.walk(tree_of(path))
            if isinstance(node, ast.ImportFrom) and node.module in modules
        ]

        assert users == []

    def test_broad_excepts_are_few(self):
        handlers = [
            f"{short(path)}:{node.lineno}"
            for path in FILES
            for node in ast.walk(tree_of(path))
            if isinstance(node, ast.ExceptHandler)
            and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in ERRORS_OF_OTHERS))
        ]

        assert len(handlers) <= BROAD_EXCEPTS, handlers

    def test_no_view_is_exempt_from_the_csrf_check(self):
        """SEC-14: the list is empty."""
        assert [short(path) for path in FILES if "csrf_exempt" in names_in(path)] == []

    def test_sec_10_xml_is_parsed_by_one_module(self):
        parsers = {"fromstring", "XMLParser", "iterparse", "parseString", "XMLPullParser"}
        users = {
            short(path)
            for path in python_files("apps")
            if parsers & names_in(path) and re.search(r"\blxml\b", path.read_text(encoding="utf-8"))
        }

        assert users <= {"apps/formats/xml.py"}

    def test_only_tasks_are_queued_by_delay_in_one_place(self):
        """`enqueue` waits for the commit; `delay` and `apply_async` do not."""
        users = [short(path) for path in FILES if {"delay", "apply_async", "delay_on_commit"} & names_in(path)]

        assert set(users) <= {"apps/common/tasks.py"}

    def test_no_model_has_an_order_of_its_own(self):
        metas = [
            f"{short(path)}:{node.lineno}"
            for path in python_files("apps")
            for node in ast.walk(tree_of(path))
            if isinstance(node, ast.ClassDef) and node.name == "Meta"
            for line in node.body
            if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "ordering"
        ]

        assert metas == []


DOORS = re.compile(r"apps/\w+/(?:services|jobs|policies|gateways)(?:/\w+)?\.py")


def doors() -> list[Path]:
    return [path for path in python_files("apps") if DOORS.fullmatch(short(path)) and path.name != "__init__.py"]


class TestDoors:
    """Modules that other people call: services, jobs, policies, gateways."""

    @pytest.mark.parametrize("path", doors(), ids=short)
    def test_module_and_public_functions_have_docstrings(self, path):
        tree = tree_of(path)
        public = [node for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]

        assert ast.get_docstring(tree)
        # A policy is its own statement: name, rows, rule.
        wanted = [] if "policies" in short(path) else public
        assert [node.name for node in wanted if not ast.get_docstring(node)] == []

    @pytest.mark.parametrize("path", [path for path in doors() if "policies" not in short(path)], ids=short)
    def test_public_functions_take_keywords_only(self, path):
        """One leading argument that the name already says (`read(file)`) may stay positional."""
        functions = [node for node in tree_of(path).body if isinstance(node, ast.FunctionDef)]
        positional = {node.name: len(node.args.posonlyargs) + len(node.args.args) for node in functions}

        assert {name: many for name, many in positional.items() if not name.startswith("_") and many > 1} == {}

    def test_policies_are_named_may_and_ask_nothing(self):
        for path in doors():
            if "policies" in short(path):
                public = [node.name for node in tree_of(path).body if isinstance(node, ast.FunctionDef)]
                assert [name for name in public if not name.startswith(("may_", "_"))] == [], short(path)
                assert not {"objects", "filter", "timezone"} & names_in(path), short(path)

    def test_errors_end_in_error(self):
        classes = [
            (short(path), node) for path in FILES for node in ast.walk(tree_of(path)) if isinstance(node, ast.ClassDef)
        ]
        exceptions = [
            f"{name}:{node.lineno} {node.name}"
            for name, node in classes
            if any(ast.unparse(base).endswith(("Error", "Exception")) for base in node.bases)
            and not node.name.endswith("Error")
        ]

        assert exceptions == []


def identifiers(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id


def words_of(identifier: str) -> set[str]:
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", identifier).lower().strip("_")
    return {snake, *snake.split("_")}


def test_identifiers_use_the_words_of_the_glossary():
    offenders = [
        f"{short(path)}:{line} {name}: say {REFUSED_WORDS[word]}"
        for path in python_files("apps")
        for line, name in identifiers(path)
        for word in words_of(name) & set(REFUSED_WORDS)
        if name not in NOTIONS and not (word in DOCUMENT_WORDS and short(path).startswith(DOCUMENT_CODE))
    ]

    assert offenders == []


def test_words_for_people_stand_outside_f_strings():
    """xgettext does not look into them: such a word would stay English without being missed."""
    calls = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "npgettext"}
    offenders = [
        f"{short(path)}:{string.lineno} {ast.unparse(call)}"
        for path in FILES
        for string in ast.walk(tree_of(path))
        if isinstance(string, ast.JoinedStr)
        for call in ast.walk(string)
        if isinstance(call, ast.Call) and ast.unparse(call.func) in calls
    ]

    assert offenders == []
