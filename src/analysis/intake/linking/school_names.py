"""Short and joined names of schools: which forms one school may be called by, and which school a text then means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from analysis.intake.cleaning.text import compact
from analysis.intake.cleaning.words import words

_BRACKETED = re.compile(r"\(([^()]*)\)$")


def school_key(name: str, region_label: str) -> str:
    """A school's name without spaces, case and the name of the region in front."""
    return compact(name).removeprefix(compact(region_label))


@lru_cache(maxsize=1 << 14)
def school_forms(key: str) -> frozenset[str]:
    """The short forms of a school's key: its kind in a short word, numbers alike, with and without the township.

    Empty where the end of the name is no kind of school that is known. A campus counts as its school.
    """
    name = _without_campus(key)
    word = next((k for k in words().schools.kinds if name.endswith(k)), "")
    stem = _alike_numbers(name.removesuffix(word))
    if not word or not stem:
        return frozenset()
    stems = _stems(stem)
    return frozenset(s + kind for s in stems for kind in words().schools.kinds[word])


@dataclass(frozen=True)
class Told:
    """What a name says beside its form; an empty text where it does not say it.

    ``level``: county, city or district in front of a number. ``town``: township with the word for it. ``place``: what
    stands behind the township; a ``hamlet`` is called one. ``is_wide``: the kind of school may be one of several.
    """

    level: str
    town: str
    place: str
    hamlet: bool
    campus: str
    is_wide: bool


@lru_cache(maxsize=1 << 14)
def told_by(key: str) -> Told:
    """The parts of a school's key in which two schools of one short form may differ."""
    known, name = words().schools, _without_campus(key)
    word = next((k for k in known.kinds if name.endswith(k)), "")
    stem = name.removesuffix(word)
    cuts = [(stem.find(level, 1), level) for level in known.levels if stem.find(level, 1) > 0]
    at, level = min(cuts, default=(0, ""))
    place = stem[at + len(level) :]
    return Told(
        level=next((w for w in known.in_front if stem.startswith(w)), ""),
        town=stem[: at + len(level)],
        place=place,
        hamlet=place.endswith(known.village),
        campus=key[len(name) :],
        is_wide=len(known.kinds.get(word, ())) > 1,
    )


def may_be(key: str, school: str, level: str = "") -> bool:
    """Whether a name may be a school's: nothing that both say differs, and only one of the two says less.

    ``level``: that of the region, which a name without one means. A plain secondary school is no junior one.
    """
    one, other = told_by(key), told_by(school)
    pairs = (
        (one.level or level, other.level or level),
        (one.town, other.town),
        (one.campus, other.campus),
    )
    if any(a and b and a != b for a, b in pairs) or (other.is_wide and not one.is_wide):
        return False
    if (one.hamlet and other.town and not other.place) or (
        other.hamlet and one.town and not one.place
    ):
        return False  # the village and the township of one name
    says_less = _lacks(one, other) or (one.is_wide and not other.is_wide)
    return not (says_less and _lacks(other, one))


def _lacks(one: Told, other: Told) -> bool:
    """Whether the first does not say a township, village or campus that the other says."""
    pairs = ((one.town, other.town), (one.hamlet, other.hamlet), (one.campus, other.campus))
    return any(b and not a for a, b in pairs)


def looks_like_school(text: str) -> bool:
    """Whether a text ends like the name of a school, or has a word for one of at least two signs in it."""
    known, key = words().schools, compact(text)
    long_words = (*(k for k in known.kinds if len(k) > 1), *known.others)
    return any(w in key for w in long_words) or _without_campus(key).endswith(tuple(known.kinds))


def _without_campus(key: str) -> str:
    """The name without a campus in brackets behind it."""
    found = _BRACKETED.search(key)
    is_campus = found is not None and found[1].endswith(words().schools.branch)
    return key[: found.start()] if found is not None and is_campus else key


def _alike_numbers(stem: str) -> str:
    """A stem whose number is written without the mark of an ordinal and in words; only before the kind."""
    known = words().schools
    for digit, word in enumerate(known.digits, start=1):
        if stem.endswith(str(digit)) and not stem[:-1].endswith(tuple("0123456789")):
            stem = stem[:-1] + word
    at = stem.rfind(known.ordinal)
    if at >= 0:
        stem = stem[:at] + stem[at + 1 :]
    head = next((w for w in known.in_front if stem.startswith(w)), "")
    rest = stem.removeprefix(head)
    return rest if rest and set(rest) <= {*known.digits, *known.tens} else stem


def _stems(stem: str) -> set[str]:
    """A stem with and without the words for township and village, and a village also without its township."""
    known = words().schools
    found = {stem}
    for level in known.levels:
        town, mark, place = stem.partition(level)
        if mark and town:
            found |= {town + place} | ({place} if place else set())
    return found | {s.removesuffix(known.village) for s in found if len(s) > len(known.village)}


def form_directory(schools: Mapping[str, str]) -> dict[str, set[str]]:
    """Short form -> keys of the schools that may be called so; ``schools``: key -> code."""
    found: dict[str, set[str]] = {}
    for key in schools:
        for form in school_forms(key):
            found.setdefault(form, set()).add(key)
    return found


def find_alias(
    key: str, schools: Mapping[str, str], forms: Mapping[str, set[str]], level: str = ""
) -> str:
    """The code of the only school that a short or joined name can mean, or an empty text.

    A name joined of a school and a part of it (``school-office``) is the school if exactly one part names one.
    """
    near = {school for form in school_forms(key) for school in forms.get(form, ())}
    means = {schools[school] for school in near if may_be(key, school, level)}
    if len(means) == 1:
        return next(iter(means))
    parts = _parts(key)
    if means or len(parts) < 2:
        return ""
    named = {schools.get(part) or find_alias(part, schools, forms, level) for part in parts} - {""}
    return next(iter(named)) if len(named) == 1 else ""


def _parts(key: str) -> list[str]:
    """The parts of a joined name."""
    pattern = "|".join(re.escape(joint) for joint in words().schools.joints)
    return [part for part in re.split(pattern, key) if part]


def aliases(keys: Iterable[str], schools: Mapping[str, str], label: str = "") -> dict[str, str]:
    """Key -> code for those of the keys that are no school's name but can mean only one school.

    ``label``: the name of the region. Two keys that name different townships or levels are not both one school.
    """
    forms = form_directory(schools)
    level = next((w for w in words().schools.in_front if label.endswith(w)), "")
    found = {key: find_alias(key, schools, forms, level) for key in keys if key not in schools}
    named = {key: code for key, code in found.items() if code}
    rivals = _rivals(named)
    return {key: code for key, code in named.items() if key not in rivals}


def _rivals(named: Mapping[str, str]) -> set[str]:
    """Keys that lead to one code though their townships or levels differ: at most one can be right."""
    by_code: dict[str, list[str]] = {}
    for key, code in named.items():
        by_code.setdefault(code, []).append(key)
    pairs = [pair for keys in by_code.values() for pair in combinations(keys, 2)]
    return {key for pair in pairs if _are_rivals(*map(told_by, pair)) for key in pair}


def _are_rivals(one: Told, other: Told) -> bool:
    is_elsewhere = bool(one.town and other.town and one.town != other.town)
    return is_elsewhere or bool(one.level and other.level and one.level != other.level)
