"""Checks blocks of lines, in processes of their own when there is more than one core: no row, no query."""

from __future__ import annotations

import ctypes
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain, islice
from multiprocessing import get_context

from apps.formats.lines import Block, decoded
from apps.rollout.validation.codes import Code, Finding, refused
from apps.rollout.validation.columns import FAMILY_NAME, FIRST_GIVEN_NAME, Layout
from apps.rollout.validation.lines import Rules, check_line
from apps.rollout.validation.names import folded

_AHEAD = 2  # blocks a process that wait for it, so that it never waits for us
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG, linux/prctl.h


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedBlock:
    """Texts for COPY: sound `rows`, `findings`. `lines` of the block, `sound` and `empty` among them.

    `next_line` and `next_place` say where the file goes on.
    """

    rows: str
    findings: str
    lines: int
    sound: int
    empty: int
    next_line: int
    next_place: int


Checker = Callable[[Iterator[Block]], Iterator[CheckedBlock]]


def check_block(*, block: Block, layout: Layout, rules: Rules) -> CheckedBlock:
    """Check the lines of one block."""
    rows: list[str] = []
    findings: list[str] = []
    empty = 0
    lines = decoded(block.data)
    for number, line in enumerate(lines, block.first):
        if line is None:
            findings.append(_finding_text(number, refused("", Code.ENCODING)))
        elif not line or line.isspace():
            empty += 1
        else:
            checked = check_line(line=line, layout=layout, rules=rules)
            if checked.findings:
                findings.extend(_finding_text(number, finding) for finding in checked.findings)
            if checked.values is not None:
                rows.append(_row_text(number, checked.values))
    return CheckedBlock(
        rows="".join(rows),
        findings="".join(findings),
        lines=len(lines),
        sound=len(rows),
        empty=empty,
        next_line=block.first + len(lines),
        next_place=block.end,
    )


@contextmanager
def checker(*, processes: int, layout: Layout, rules: Rules) -> Iterator[Checker]:
    """A function from blocks to checked blocks, in their order; with one process the work is done here."""
    if processes == 1:
        yield lambda blocks: (check_block(block=block, layout=layout, rules=rules) for block in blocks)
        return
    pool = ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_die_with_parent)
    try:
        yield lambda blocks: _in_order(pool, blocks, processes, layout, rules)
    finally:
        pool.shutdown(cancel_futures=True)


def _in_order(
    pool: ProcessPoolExecutor, blocks: Iterator[Block], processes: int, layout: Layout, rules: Rules
) -> Iterator[CheckedBlock]:
    first = list(islice(blocks, 2))
    if len(first) == 1:  # a small file is checked before a process has begun
        yield check_block(block=first[0], layout=layout, rules=rules)
        return
    waiting: deque[Future[CheckedBlock]] = deque()
    for block in chain(first, blocks):
        waiting.append(pool.submit(check_block, block=block, layout=layout, rules=rules))
        if len(waiting) > _AHEAD * processes:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _die_with_parent() -> None:
    """A child whose parent was killed would wait for ever: it holds both ends of its queue."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)


def _row_text(number: int, values: list[str]) -> str:
    """One line for COPY. Values hold no control characters, so the backslash alone needs care."""
    text = "\t".join(values)
    # Without an older DMP the fingerprint is that of files that knew no such column.
    fingerprint = blake2b(text.removesuffix("\t0").encode(), digest_size=16).hexdigest()
    names = f"{folded(values[FAMILY_NAME])}\t{folded(values[FIRST_GIVEN_NAME])}"
    if "\\" in text:
        text = text.replace("\\", "\\\\")
    return f"{number}\t{fingerprint}\t{names}\t{text}\n"


def _finding_text(number: int, finding: Finding) -> str:
    shape = finding.masked.replace("\\", "\\\\")
    return f"{number}\t{finding.field}\t{finding.code.value}\t{finding.severity.value}\t{shape}\n"
