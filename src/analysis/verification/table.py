"""The lines of the verification as one text table, with what every known difference comes from below it."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from analysis.errors import message, messages
from analysis.verification.record import Line

COLUMNS = ("case", "figure", "expected", "found", "status")
WIDTH = 200  # more than the longest line, so that nothing is broken


def table_text(lines: Sequence[Line]) -> str:
    """A table with one row per line; headings and verdicts in both languages."""
    table = Table(box=box.ASCII2, pad_edge=False)
    for column in COLUMNS:
        name = messages()[f"verify_column_{column}"]
        is_number = column in ("expected", "found")
        head = Text(f"{name['zh']}\n{name['en']}")
        table.add_column(head, justify="right" if is_number else "left", no_wrap=True)
    for row in rows_of(lines):
        table.add_row(*(Text(cell) for cell in row))
    return rendered(table)


def rows_of(lines: Sequence[Line]) -> Iterator[tuple[str, ...]]:
    """The cells of every line; the case stands on its first line only."""
    before = ""
    for line in lines:
        case = "" if line.case == before else line.case
        before = line.case
        yield (case, line.figure, line.expected, line.found, verdict_of(line))


def verdict_of(line: Line) -> str:
    """What became of a line, in both languages."""
    name = messages()[f"verify_status_{line.status}"]
    return f"{name['zh']} {name['en']}"


def rendered(table: Table) -> str:
    """A table as plain text without colours and trailing blanks."""
    out = io.StringIO()
    Console(file=out, width=WIDTH, color_system=None, legacy_windows=False).print(table)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def notes_of(lines: Sequence[Line]) -> Iterator[str]:
    """Why some figures differ, each reason once and in both languages."""
    for why in dict.fromkeys(line.why for line in lines if line.why):
        where = dict.fromkeys(line.case for line in lines if line.why == why)
        entry = messages()[why]
        yield f"* {'; '.join(where)}\n  {entry['zh']}\n  {entry['en']}"


def sources_of(lines: Sequence[Line]) -> Iterator[str]:
    """Who printed each case and which functions it went through."""
    name = messages()["verify_sources"]
    sources = dict.fromkeys((line.case, line.source) for line in lines if line.source)
    if sources:
        yield f"{name['zh']} {name['en']}"
    yield from (f"  {case}: {source}" for case, source in sources)


def sums_of(lines: Sequence[Line]) -> str:
    """How many figures came out, how many differ for a known reason, and how many could not be looked at."""
    count = Counter(line.status for line in lines)
    return message(
        "verify_sums",
        same=count["same"],
        explained=count["explained"],
        inside=count["inside"],
        outside=count["outside"],
        unclaimed=count["unclaimed"],
        no_data=count["no_data"],
        miss=count["miss"],
    )


def report_text(lines: Sequence[Line]) -> str:
    """Table, sources, notes and sums."""
    return "\n".join([table_text(lines), *sources_of(lines), *notes_of(lines), sums_of(lines)])
