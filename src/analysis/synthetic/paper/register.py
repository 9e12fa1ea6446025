"""The register of an invented bureau: names and numbers of people by person, of schools by position."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.synthetic.paper.identity import draw_names, person_numbers, staff_numbers
from analysis.synthetic.streams import stream
from analysis.synthetic.truth.record import Draw

TYPE_CODES = {
    "小学": "21",
    "中心小学": "21",
    "初级中学": "31",
    "九年一贯制学校": "31",
    "普通高中": "34",
    "中等职业学校": "36",
}
PLACE_HEADS = "柳石青白松竹杨枣槐桃梨清沙龙凤南北东西上下大小长"
PLACE_TAILS = "溪桥岗河坪湾沟岭寨店庄塘"
NUMERALS = "零一二三四五六七八九"
NEW_NAMES = ("育才", "新星", "晨光", "致远", "启明", "博文", "向阳", "春晖", "弘德", "知行")


@dataclass(frozen=True)
class Register:
    """Who is who.

    ``people``: by person, ``name``, ``person_number``, ``staff_number``. ``schools``: by school, ``school_id``,
    ``school_name`` (the newest), ``former_name`` and ``renamed_in`` (0: never renamed).
    """

    people: pd.DataFrame
    schools: pd.DataFrame

    def school_names(self, year: int) -> np.ndarray:
        """The name of every school on 1 September of a year, by position."""
        is_former = (self.schools["renamed_in"] > year).to_numpy()
        names = self.schools["former_name"].to_numpy(object), self.schools["school_name"]
        return np.where(is_former, names[0], names[1].to_numpy(object))


def open_register(draw: Draw) -> Register:
    """The names and numbers of everyone who was ever on a roster, and of the schools.

    A name depends on the year of hiring and on who else was hired in it, so later years change no name.
    """
    return Register(_people(draw), _schools(draw))


def _people(draw: Draw) -> pd.DataFrame:
    is_first = ~draw.teachers["person"].duplicated()
    columns = ["person", "sex", "birth_date", "hired_year"]
    people = draw.teachers.loc[is_first, columns].sort_values("person", ignore_index=True)
    offset = int(getattr(draw, "person_offset", 0))
    index = people["person"].to_numpy() + offset
    is_female = (people["sex"] == "female").to_numpy()
    numbers = person_numbers(index, people["birth_date"].to_numpy(), is_female)
    values = {
        "name": _names(draw.options.seed, offset, people["hired_year"].to_numpy(), is_female),
        "person_number": numbers,
        "staff_number": staff_numbers(index),
    }
    return pd.DataFrame(values, index=pd.Index(people["person"], name="person"), dtype=object)


def _names(seed: int, offset: int, hired: np.ndarray, is_female: np.ndarray) -> np.ndarray:
    """Names, drawn for the people of one year of hiring at a time."""
    names: np.ndarray = np.empty(len(hired), dtype=object)
    purpose = f"names-{offset}" if offset else "names"
    for year in np.unique(hired):
        chosen = hired == year
        names[chosen] = draw_names(stream(seed, int(year), purpose), is_female[chosen])
    return names


def _schools(draw: Draw) -> pd.DataFrame:
    schools = draw.schools
    label = str(getattr(draw.profile, "label", "示例县"))
    kinds = schools["school_kind"].astype(object)
    offset = int(getattr(draw, "school_offset", 0))
    names = first_names(draw.options.seed, schools["area"].astype(object), kinds, label)
    renamed = schools.get("renamed_in", pd.Series(0, index=schools.index)).to_numpy(int)
    values = {
        "school_id": school_ids(kinds, offset),
        "school_name": np.where(renamed > 0, _new_names(names, kinds, label), names),
        "former_name": names,
        "renamed_in": renamed,
    }
    return pd.DataFrame(values, index=pd.Index(schools["school"], name="school"))


def school_ids(kinds: pd.Series, offset: int = 0) -> np.ndarray:
    """Ten digits: two for the type, province 99 that does not exist, six for the school."""
    codes = kinds.map(TYPE_CODES)
    order = range(offset + 1, offset + len(kinds) + 1)
    return np.array([f"{c}99{i:06d}" for c, i in zip(codes, order, strict=True)], dtype=object)


def first_names(seed: int, area: pd.Series, kinds: pd.Series, label: str) -> np.ndarray:
    """Names of schools, each different: numbered in the seat, after a place elsewhere."""
    number = pd.Series(1, index=kinds.index).groupby([area, kinds]).cumsum()
    rows = zip(area, kinds, number, _places(seed, len(kinds)), strict=True)
    return np.array([_name(a, k, int(n), place, label) for a, k, n, place in rows], dtype=object)


def _places(seed: int, size: int) -> list[str]:
    """So many different places, in an order of the seed's own."""
    plain = [head + tail for head in PLACE_HEADS for tail in PLACE_TAILS]
    order = stream(seed, 0, "school-names").permutation(len(plain))
    rounds = range(-(-size // len(plain)))
    marks = ["" if not turn else chinese_number(turn + 1) for turn in rounds]
    return [mark + plain[i] for mark in marks for i in order][:size]


def _name(area: str, kind: str, number: int, place: str, label: str) -> str:
    if area == "urban":
        return f"{label}第{chinese_number(number)}{kind}"
    if area == "town":
        return f"{place}镇{kind}"
    return f"{place}乡{kind}" if kind == "九年一贯制学校" else f"{place}村小学"


def _new_names(names: np.ndarray, kinds: pd.Series, label: str) -> np.ndarray:
    """What each school would be called after being renamed."""
    rounds = [divmod(i, len(NEW_NAMES)) for i in range(len(names))]
    words = [NEW_NAMES[at] + (chinese_number(turn + 1) if turn else "") for turn, at in rounds]
    places = [name[:2] if not name.startswith(label) else label for name in names]
    rows = zip(places, words, kinds, strict=True)
    return np.array([f"{place}{word}{kind}" for place, word, kind in rows], dtype=object)


def chinese_number(number: int) -> str:
    """A whole number from 1 to 9999 in Chinese words, as schools are numbered."""
    words = ""
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        is_ten = digit == 1 and power == 10 and number < 20
        words += unit if is_ten else NUMERALS[digit] + unit if digit else NUMERALS[0]
    words = words.strip(NUMERALS[0])
    return words.replace("零零", "零").replace("零零", "零")
