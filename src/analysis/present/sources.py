"""Names of source files, shortened: files that differ only in their year stand as one."""

from __future__ import annotations

import re

from analysis.present.labels import word

YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
FILE = re.compile(r"\.\w{2,4}\b")


def compact(text: str) -> str:
    """A list of names with the years of like names drawn together; anything else as it is."""
    comma = word("list_comma")
    groups: dict[tuple[str, ...], list[int]] = {}
    for name in text.split(comma):
        parts = YEAR.split(name)
        is_yearly = len(parts) == 3 and FILE.search(name) is not None
        key, year = ((parts[0], parts[2]), [int(parts[1])]) if is_yearly else ((name,), [])
        groups.setdefault(key, []).extend(year)
    return comma.join(name_of(key, years) for key, years in groups.items())


def name_of(parts: tuple[str, ...], years: list[int]) -> str:
    """One name, with the runs of its years in their place."""
    return parts[0] if len(parts) == 1 else parts[0] + show_years(years) + parts[1]


def show_years(years: list[int]) -> str:
    """Years with unbroken runs as spans."""
    runs: list[list[int]] = []
    for year in sorted(set(years)):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    spans = (str(r[0]) if len(r) == 1 else word("span", first=r[0], last=r[-1]) for r in runs)
    return word("list_comma").join(spans)
