"""The register of an invented bureau: names and numbers of people by person, of schools by position."""

from __future__ import annotations

import re
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
PLACE_HEADS = "柳石青白松竹杨枣槐桃梨清沙龙凤云双高大小长金银红黄古新永安太和福兴马牛羊鹿鹤泉"
PLACE_MIDDLES = "家水山头石沙土林泉井"
PLACE_TAILS = "溪桥岗河坪湾沟岭寨店庄塘坡埠渡堰峪垭坝堡滩桩洼洞"
NUMERALS = "零一二三四五六七八九"
NEW_NAMES = ("实验", "育才", "新星", "晨光", "致远", "启明", "博文", "向阳", "春晖", "弘德", "知行")
SEAT_HEADS, SEAT_TAILS = "明育文博启思弘崇致养修立", "德英才华知行远正新真贤慧"
NINE_YEARS, CENTRAL = "九年一贯制学校", "中心小学"
SPARE_TOWNS = 2  # one township without a school in its seat for so many with one


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
        "name": _names(draw.options.seed, offset, people, is_female),
        "person_number": numbers,
        "staff_number": staff_numbers(index),
    }
    return pd.DataFrame(values, index=pd.Index(people["person"], name="person"), dtype=object)


def _names(seed: int, offset: int, people: pd.DataFrame, is_female: np.ndarray) -> np.ndarray:
    """Names, drawn for the people of one year of hiring at a time."""
    hired, born = people["hired_year"].to_numpy(), people["birth_date"].dt.year.to_numpy()
    names: np.ndarray = np.empty(len(hired), dtype=object)
    purpose = f"names-{offset}" if offset else "names"
    for year in np.unique(hired):
        chosen, rng = hired == year, stream(seed, int(year), purpose)
        names[chosen] = draw_names(rng, is_female[chosen], born[chosen])
    return names


def _schools(draw: Draw) -> pd.DataFrame:
    schools = draw.schools
    label = str(getattr(draw.profile, "label", "示例县"))
    kinds = schools["school_kind"].astype(object)
    offset = int(getattr(draw, "school_offset", 0))
    area, district = schools["area"].astype(object), schools["district"]
    names = first_names(draw.options.seed, area, kinds, label, district)
    renamed = schools.get("renamed_in", pd.Series(0, index=schools.index)).to_numpy(int)
    values = {
        "school_id": school_ids(kinds, offset),
        "school_name": np.where(renamed > 0, new_names(names, kinds), names),
        "former_name": names,
        "renamed_in": renamed,
    }
    return pd.DataFrame(values, index=pd.Index(schools["school"], name="school"))


def school_ids(kinds: pd.Series, offset: int = 0) -> np.ndarray:
    """Ten digits: two for the type, province 99 that does not exist, six for the school."""
    codes = kinds.map(TYPE_CODES)
    order = range(offset + 1, offset + len(kinds) + 1)
    return np.array([f"{c}99{i:06d}" for c, i in zip(codes, order, strict=True)], dtype=object)


def first_names(
    seed: int, area: pd.Series, kinds: pd.Series, label: str, district: pd.Series
) -> np.ndarray:
    """Names of schools, each different: numbered in the seat, after township and village elsewhere."""
    number = pd.Series(1, index=kinds.index).groupby([area, kinds]).cumsum()
    town, count = _townships(area, kinds, district)
    places = _places(seed, count + len(kinds))
    seats = set(town[(area == "town").to_numpy()].tolist())
    towns = [places[at] + ("镇" if at in seats else "乡") for at in range(count)]
    rows = zip(area, kinds, number, town.tolist(), places[count:], strict=True)
    names = [
        _seat_name(kind, int(n), label)
        if where == "urban"
        else _name(where, kind, towns[at], place)
        for where, kind, n, at, place in rows
    ]
    return np.array(names, dtype=object)


def _townships(area: pd.Series, kinds: pd.Series, district: pd.Series) -> tuple[np.ndarray, int]:
    """The township of each school, numbered through the bureau, and how many there are.

    A seat of a township has one school of a kind; villages are dealt to all townships of their district.
    """
    ones = pd.Series(1, index=kinds.index)
    of_kind = ones.groupby([area, kinds, district]).cumsum() - 1
    turn = ones.groupby([area, district]).cumsum() - 1
    is_town = area == "town"
    seats = (of_kind[is_town] + 1).groupby(district[is_town]).max()
    seats = seats.reindex(np.sort(district.unique()), fill_value=0)
    counts = seats + 1 + seats // SPARE_TOWNS
    first = counts.cumsum() - counts
    within = of_kind.where(is_town, turn % district.map(counts))
    return (within + district.map(first)).to_numpy(dtype=int), int(counts.sum())


def _name(area: str, kind: str, town: str, village: str) -> str:
    """A school of a township's seat, or of one of its villages."""
    if area == "town":
        return town + kind
    return town + village + (kind if kind == NINE_YEARS else "村小学")


def _seat_name(kind: str, number: int, label: str) -> str:
    """A school of the seat: numbered, those of nine years by a word of their own."""
    if kind != NINE_YEARS:
        return f"{label}第{chinese_number(number)}{kind}"
    words = [head + tail for tail in SEAT_TAILS for head in SEAT_HEADS]
    turn, at = divmod(number - 1, len(words))
    return f"{label}{words[at]}{'新' * turn}学校"


def _places(seed: int, size: int) -> list[str]:
    """So many different places, short ones first, in an order of the seed's own."""
    rng, stems = stream(seed, 0, "school-names"), [*PLACE_HEADS]
    found: list[str] = []
    while len(found) < size:
        names = [stem + tail for stem in stems for tail in PLACE_TAILS if tail not in stem]
        found += [names[i] for i in rng.permutation(len(names))]
        stems = [stem + middle for stem in stems for middle in PLACE_MIDDLES if middle not in stem]
    return found[:size]


def new_names(names: np.ndarray, kinds: pd.Series) -> np.ndarray:
    """What each school would be called after being renamed: 第三初级中学 becomes 实验初级中学."""
    words = [NEW_NAMES[at % len(NEW_NAMES)] for at in range(len(names))]
    rows = zip(names, words, kinds, strict=True)
    return np.array([_new_name(name, word, kind) for name, word, kind in rows], dtype=object)


def _new_name(name: str, word: str, kind: str) -> str:
    """Its place stays; a number, 中心 or 村小学 gives way to a word."""
    place = re.split(r"第|中心|村小学|初级中学|普通高中|中等职业学校|九年一贯制学校|学校", name)[0]
    return f"{place}{word}{kind.removeprefix('中心')}"


def chinese_number(number: int) -> str:
    """A whole number from 1 to 9999 in Chinese words, as schools are numbered."""
    words = ""
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        is_ten = digit == 1 and power == 10 and number < 20
        words += unit if is_ten else NUMERALS[digit] + unit if digit else NUMERALS[0]
    words = words.strip(NUMERALS[0])
    return words.replace("零零", "零").replace("零零", "零")
