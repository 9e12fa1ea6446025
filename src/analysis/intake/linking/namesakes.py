"""What speaks for and against two roster rows of one name being one person, where no number says who they are.

Known and different sex, month of birth or month in which work began: two people. The same school, post, month of
birth, or sex and month in which work began: one person. Where neither is so, nothing but the name agrees.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

MONTH = len("1980-01")


@dataclass(frozen=True)
class Traits:
    """One row of a name; an empty text where a value is not known."""

    year: int
    school: str
    post: str
    sex: str
    birth: str
    start: str

    @property
    def told(self) -> tuple[str, str, str]:
        """What can contradict."""
        return self.birth, self.sex, self.start


def traits_of(rows: pd.DataFrame) -> list[Traits]:
    """The traits of every row; dates to the month."""
    names = ("school_id", "post", "sex", "birth_month", "work_start")
    texts = [
        rows[n].astype(object).where(rows[n].notna(), "").map(str)
        if n in rows
        else [""] * len(rows)
        for n in names
    ]
    years = rows["year"].astype(int)
    return [
        Traits(year, school, post, sex, birth[:MONTH], start[:MONTH])
        for year, school, post, sex, birth, start in zip(years, *texts, strict=True)
    ]


def may_confirm(rows: pd.DataFrame) -> bool:
    """Whether the rosters deliver what can confirm a name in another school: birth, or sex and start of work."""
    known = {n for n in ("sex", "birth_month", "work_start") if n in rows and rows[n].notna().any()}
    return "birth_month" in known or {"sex", "work_start"} <= known


def contradict(one: Traits, other: Traits) -> bool:
    """Whether two rows cannot be one person; a date of another precision does not contradict."""
    dates = ((one.birth, other.birth), (one.start, other.start))
    is_other_date = any(a and len(a) == len(b) and a != b for a, b in dates)
    return is_other_date or bool(one.sex and other.sex and one.sex != other.sex)


def agree(one: Traits, other: Traits) -> bool:
    """Whether more than the name agrees."""
    is_placed = bool(one.school) and one.school == other.school
    is_posted = bool(one.post) and one.post == other.post
    is_born = len(one.birth) == MONTH and one.birth == other.birth
    is_started = len(one.start) == MONTH and one.start == other.start
    return (
        is_placed or is_posted or is_born or (is_started and one.sex != "" and one.sex == other.sex)
    )


def fits(row: Traits, theirs: Sequence[Traits], is_needed: bool) -> bool:
    """Whether a row may be a person of these rows; ``is_needed``: more than the name must agree."""
    possible = [t for t in theirs if not contradict(row, t)]
    return bool(possible) and (not is_needed or any(agree(row, t) for t in possible))


def split_name(rows: Sequence[Traits], is_needed: bool) -> list[tuple[str, int] | None]:
    """Per row of one name: what its person is told apart by, and the first row of the person; None for nobody.

    The text is empty where nothing contradicts. A row that would fit two people who contradict each other is
    nobody. Rows that only the name connects are different people (``is_needed``), unless of one snapshot.
    """
    told = list(dict.fromkeys(r.told for r in rows))
    of_kind = {t: next(r for r in rows if r.told == t) for t in told}
    friends = {t: [o for o in told if not contradict(of_kind[t], of_kind[o])] for t in told}
    is_between = {t: any(o not in friends[p] for p in friends[t] for o in friends[t]) for t in told}
    is_split = any(len(f) < len(told) for f in friends.values())
    out: list[tuple[str, int] | None] = [None] * len(rows)
    for kind in _classes([t for t in told if not is_between[t]], friends):
        label = "/".join(max(values, key=len) for values in zip(*kind, strict=True))
        inside = [k for k, r in enumerate(rows) if r.told in kind]
        for group in _connected(inside, lambda a, b: _belong(rows[a], rows[b], is_needed)):
            for k in group:
                out[k] = (label if is_split else "", group[0])
    return out


def _classes(
    told: Sequence[tuple[str, str, str]],
    friends: dict[tuple[str, str, str], list[tuple[str, str, str]]],
) -> list[list[tuple[str, str, str]]]:
    """Those that contradict nobody of their class; without those in between every one has one class."""
    seen: dict[frozenset[tuple[str, str, str]], list[tuple[str, str, str]]] = {}
    for t in told:
        seen.setdefault(frozenset(f for f in friends[t] if f in told), []).append(t)
    return list(seen.values())


def _belong(one: Traits, other: Traits, is_needed: bool) -> bool:
    return not is_needed or one.year == other.year or agree(one, other)


def _connected(keys: Sequence[int], joins: Callable[[int, int], bool]) -> list[list[int]]:
    """The keys in groups that are joined, directly or through others, in their own order."""
    groups: list[list[int]] = []
    for key in keys:
        near = [g for g in groups if any(joins(key, k) for k in g)]
        groups = [g for g in groups if g not in near] + [
            sorted([key, *(k for g in near for k in g)])
        ]
    return sorted(groups)
