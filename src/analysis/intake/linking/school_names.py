"""Short and joined names of schools: which forms one school may be called by, and which school a text then means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

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
    """Short form -> codes of the schools that may be called so; ``schools``: key -> code."""
    found: dict[str, set[str]] = {}
    for key, code in schools.items():
        for form in school_forms(key):
            found.setdefault(form, set()).add(code)
    return found


def find_alias(key: str, schools: Mapping[str, str], forms: Mapping[str, set[str]]) -> str:
    """The code of the only school that a short or joined name can mean, or an empty text.

    A name joined of a school and a part of it (``school-office``) is the school if exactly one part names one.
    """
    means = {code for form in school_forms(key) for code in forms.get(form, ())}
    if len(means) == 1:
        return next(iter(means))
    parts = _parts(key)
    if means or len(parts) < 2:
        return ""
    named = {schools.get(part) or find_alias(part, schools, forms) for part in parts} - {""}
    return next(iter(named)) if len(named) == 1 else ""


def _parts(key: str) -> list[str]:
    """The parts of a joined name."""
    pattern = "|".join(re.escape(joint) for joint in words().schools.joints)
    return [part for part in re.split(pattern, key) if part]


def aliases(keys: Iterable[str], schools: Mapping[str, str]) -> dict[str, str]:
    """Key -> code for those of the keys that are no school's name but can mean only one school."""
    forms = form_directory(schools)
    found = {key: find_alias(key, schools, forms) for key in keys if key not in schools}
    return {key: code for key, code in found.items() if code}
