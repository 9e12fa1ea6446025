"""Links every table but the roster to the people of the right snapshots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce

import pandas as pd

from analysis.intake.cleaning.identity import KEPT_BY_SPREADSHEET
from analysis.intake.cleaning.names import name_forms
from analysis.intake.cleaning.text import is_among
from analysis.intake.ledger import row_lines
from analysis.intake.linking.cut_numbers import head_keys
from analysis.intake.linking.people import look_up, one_person
from analysis.intake.linking.probable import probable_links
from analysis.intake.linking.rates import stated_confidence

ROW_PASSES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("person_number", ("person_number",)),
    ("number_cut", ("number_head",)),
    ("staff_number", ("staff_number", "name_form")),
    ("name_school", ("name_form", "school_id")),
)
EVIDENCE = ("school_id", "staff_number")  # beside the name, of rows that only a probability links
LOOKED_AT = ("name_form", "school_id", "person_number", "number_head", "staff_number")


@dataclass(frozen=True)
class Snapshots:
    """The posts of all snapshots, and the look-ups made of them so far (many tables ask for the same)."""

    posts: pd.DataFrame
    known: dict[tuple[tuple[int, ...], tuple[str, ...]], pd.Series] = field(default_factory=dict)

    def of(self, years: tuple[int, ...]) -> pd.DataFrame:
        """The posts of some years."""
        return self.posts[self.posts["year"].isin(years)]

    def person_by(self, years: tuple[int, ...], columns: tuple[str, ...]) -> pd.Series:
        """Key -> person, for keys of those columns that one person alone has in those years."""
        if (years, columns) not in self.known:
            posts = self.of(years)
            self.known[years, columns] = one_person(_keys(posts, columns), posts["person"])
        return self.known[years, columns]


def open_snapshots(posts: pd.DataFrame) -> Snapshots:
    """The linked posts of all years as other tables ask for them."""
    columns = [c for c in LOOKED_AT if c in posts and c != "number_head"]
    known = posts[["year", "person", *columns]]
    heads = head_keys(
        _texts(known, "person_number").str.slice(0, KEPT_BY_SPREADSHEET), known["name_form"]
    )
    return Snapshots(known.assign(number_head=heads))


def link_rows(rows: pd.DataFrame, snapshots: Snapshots) -> pd.DataFrame:
    """The rows with ``person``, ``link_pass`` and ``link_confidence``, by the year before, else the year itself.

    ``rows``: a typed table with ``link_year``. By identity number (or what a spreadsheet left of it, with the name),
    then staff number (and name, where both are given), then name and school, then a name that is unique in the
    bureau, then the likeliest person of a name that is near.
    """
    out = rows.assign(person=None, link_pass=None, link_confidence=float("nan"))
    out = out.assign(name_form=name_forms(_texts(rows, "name")))
    out = out.astype({"person": "object", "link_pass": "object"})
    for column in ("person_number", "staff_number"):
        out[column] = _texts(rows, column)
    asked = out[["person", "link_pass", "link_confidence", *(c for c in LOOKED_AT if c in out)]]
    asked = asked.assign(number_head=head_keys(_texts(rows, "number_head"), out["name_form"]))
    for year in sorted(int(y) for y in out["link_year"].unique()):
        chosen = out["link_year"] == year
        found = _link_year(asked[chosen], snapshots, years_asked(snapshots.posts, year))
        out.loc[chosen, ["person", "link_pass", "link_confidence"]] = found
    stated = stated_confidence(out["link_pass"], out["link_confidence"])
    return out.assign(link_confidence=stated)


def _texts(rows: pd.DataFrame, column: str) -> pd.Series:
    """A column, or missing texts where it was not delivered."""
    return rows[column] if column in rows else pd.Series(None, index=rows.index, dtype="str")


def years_asked(posts: pd.DataFrame, year: int) -> tuple[int, ...]:
    """The snapshots to look in: the year before, then the year; if neither is there, the nearest."""
    years = sorted(int(y) for y in posts["year"].unique())
    wanted = tuple(y for y in (year - 1, year) if y in years)
    return wanted or tuple(sorted(years, key=lambda y: (abs(y - year + 1), y))[:1])


def _link_year(rows: pd.DataFrame, snapshots: Snapshots, years: tuple[int, ...]) -> pd.DataFrame:
    """Person, pass and confidence (where a model gives one) for the rows of one year."""
    out = rows[["person", "link_pass", "link_confidence"]].copy()
    texts = rows
    steps = [(name, keys, (year,)) for name, keys in ROW_PASSES for year in years]
    for name, columns, asked in [*steps, ("name", ("name_form",), years)]:
        texts = texts[out.loc[texts.index, "person"].isna()]
        if texts.empty:
            return out
        found = _found(texts, snapshots, columns, asked)
        out.loc[found.index, "person"] = found
        out.loc[found.index, "link_pass"] = name
    return _most_likely(out, texts, snapshots.of(years))


def _found(
    rows: pd.DataFrame, snapshots: Snapshots, columns: tuple[str, ...], years: tuple[int, ...]
) -> pd.Series:
    """The person of each row whose key one person alone has; a staff number by itself serves rows without a name.

    A name alone says nothing against a school of the roster in which nobody has it.
    """
    keys = _keys(rows, columns)
    if columns == ("name_form",):
        keys = keys.where(~_in_known_school(rows, snapshots.of(years)))
    found = look_up(keys, snapshots.person_by(years, columns))
    if columns[0] == "staff_number":
        nameless = rows["staff_number"].where(rows["name_form"] == "")
        by_staff = snapshots.person_by(years, ("staff_number",))
        found = found.fillna(look_up(nameless, by_staff))
    return found.dropna()


def _in_known_school(rows: pd.DataFrame, posts: pd.DataFrame) -> pd.Series:
    """Whether a row names a school that the snapshots know."""
    if "school_id" not in rows or "school_id" not in posts:
        return pd.Series(False, index=rows.index)
    return rows["school_id"].notna() & is_among(rows["school_id"], posts["school_id"].dropna())


def _most_likely(out: pd.DataFrame, rows: pd.DataFrame, posts: pd.DataFrame) -> pd.DataFrame:
    """The rest: rows with a name and no identity number that fits nobody, linked where it is probable enough."""
    rest = rows[out.loc[rows.index, "person"].isna()]
    rest = rest[(rest["name_form"] != "") & _texts(rest, "person_number").isna()]
    fields = [c for c in EVIDENCE if c in rest and c in posts]
    if rest.empty or not fields:
        return out
    distinct = rest[["name_form", *fields]].drop_duplicates()
    links = probable_links(distinct, posts, fields)
    named = distinct.loc[links["row"]].assign(
        person=links["known"].to_numpy(), probability=links["probability"].to_numpy()
    )
    keys = ["name_form", *fields]
    found = rest[keys].reset_index().merge(named, on=keys, how="inner").set_index("index")
    out.loc[found.index, "person"] = found["person"]
    out.loc[found.index, "link_pass"] = "probable"
    out.loc[found.index, "link_confidence"] = found["probability"]
    return out


def _keys(rows: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """Several columns as one text; missing where one of them is missing or empty."""
    parts = [t.where(t != "").astype("str") for t in (_texts(rows, c) for c in columns)]
    return reduce(lambda left, right: left + "|" + right, parts)


def own_people(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of a region without any roster: people are told apart by the number in the row itself."""
    number, staff = _texts(rows, "person_number"), _texts(rows, "staff_number")
    person = ("P:" + number).fillna("S:" + staff)
    passes = person.where(person.isna(), "own_number")
    return rows.assign(
        person=person,
        link_pass=passes,
        link_confidence=stated_confidence(passes, pd.Series(float("nan"), index=rows.index)),
        name_form=name_forms(_texts(rows, "name")),
        person_number=number,
        staff_number=staff,
    )


def unlinked_lines(rows: pd.DataFrame, table: str) -> pd.DataFrame:
    """A ledger line per row that names somebody whom no roster knows, or whom two may be."""
    is_named = rows[["person_number", "staff_number"]].notna().any(axis=1) | (
        rows["name_form"] != ""
    )
    return row_lines("unlinked", rows[rows["person"].isna() & is_named], table)
