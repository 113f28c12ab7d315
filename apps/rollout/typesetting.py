"""A process of its own that sets the letters of one file: `python -m apps.rollout.typesetting`.

Typst keeps what it has set for the next ten documents, some gigabytes after a few files; the memory goes with the
process. It reads the data on its standard input and writes one line of JSON with the pages of each letter, then
the PDF. It knows neither settings nor database.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import cast

import typst

TEMPLATE = Path(__file__).parent / "data" / "letters.typ"


def main() -> None:
    """One file of letters."""
    compiler = typst.Compiler(str(TEMPLATE), sys_inputs={"data": sys.stdin.buffer.read().decode()})
    made = cast("bytes", compiler.compile(format="pdf", pdf_standards=["ua-1"]))
    pages = {name: json.loads(compiler.query(f"<{name}>", field="value")) for name in ("first", "last")}
    sys.stdout.buffer.write(json.dumps(pages).encode() + b"\n")
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main()
