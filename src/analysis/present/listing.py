"""The list of reports: regions and years, read from the manifest beside each report."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from analysis.errors import DataError
from analysis.present.export import page_from_fragments
from analysis.present.labels import word
from analysis.present.markup import Fragment, el, txt
from analysis.present.page import paragraph


@dataclass(frozen=True)
class Entry:
    """One finished report; ``path`` is relative to the list."""

    region: str
    region_label: str
    year: int
    title: str
    is_invented: bool
    path: str


def write_listing(reports: Path) -> Path:
    """Write ``index.html`` of a reports folder and return its path; DataError if a manifest cannot be read."""
    entries = find_reports(reports)
    title = word("listing_title")
    intro = word("listing_intro") if entries else word("listing_empty")
    head = el("div", txt("h1", title) + paragraph(intro, "scope"), cls="head")
    regions = groupby(entries, key=lambda e: (e.region_label, e.region))
    parts = (region_part(label, region, tuple(found)) for (label, region), found in regions)
    return page_from_fragments((Fragment(head), *parts), reports / "index.html", title)


def find_reports(reports: Path) -> tuple[Entry, ...]:
    """Every folder that has both a manifest and a page, by region, newest year first."""
    found = (
        read_entry(m, reports)
        for m in reports.glob("*/*/manifest.json")
        if m.with_name("index.html").is_file()
    )
    return tuple(sorted(found, key=lambda e: (e.region_label, e.region, -e.year)))


def read_entry(manifest: Path, reports: Path) -> Entry:
    """One report from its manifest; DataError if it is not a manifest."""
    try:
        fields = json.loads(manifest.read_text(encoding="utf-8"))
        region = manifest.parent.parent.name
        return Entry(
            region=region,
            region_label=str(fields.get("region_label", region)),
            year=int(fields["year"]),
            title=str(fields.get("title", "")),
            is_invented=bool(fields.get("is_invented", False)),
            path=manifest.with_name("index.html").relative_to(reports).as_posix(),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        place = manifest.relative_to(reports).as_posix()
        raise DataError("manifest_unreadable", file=place, detail=error) from error


def region_part(label: str, region: str, entries: tuple[Entry, ...]) -> Fragment:
    """One region with its years."""
    heading = txt("h2", label, id=f"h-{region}")
    items = "".join(entry_item(e) for e in entries)
    return Fragment(
        el("section", heading + el("ul", items, cls="reports"), aria_labelledby=f"h-{region}")
    )


def entry_item(entry: Entry) -> str:
    """One report as a link; invented data are named."""
    title = entry.title or word("title", region=entry.region_label, year=entry.year)
    mark = txt("span", word("invented_short"), cls="label clue") if entry.is_invented else ""
    return el("li", txt("a", title, href=entry.path) + mark)
