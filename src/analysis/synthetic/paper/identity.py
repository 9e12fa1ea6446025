"""Names and numbers of people who do not exist.

Person numbers have 18 characters and a right check digit, but a region code 99xxxx that no place has, so
none can belong to anyone. Names are put together from syllable lists and collide about as real names do.
Texts are made as tables of code points, a row a text: a million of them take seconds.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
    "苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史"
)
FEMALE = "婷颖静敏丽娟艳芳燕玲萍红霞英梅兰慧洁莹雪琳倩佳欣怡蕾晓文雅云春秋月琴珍淑瑞彩素凤巧荣岚"
MALE = "伟强磊军勇杰涛超明刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林阳建国志海东文晓春新成永庆立峰"
RARE = "㛃㑇䶮㬎㼆䴖㻬㥄"  # real characters that older systems of an office cannot show
DOT = "·"
# put together at random, so that no name of this form is taken from a person
DOTTED_HEADS = ("阿依努", "古丽夏", "帕尔哈", "努尔巴", "热依拉", "米热阿", "艾孜提", "吐逊古")
DOTTED_TAILS = ("图尔孜", "卡得尔", "马合木", "萨迪克", "依布拉", "奥斯曼", "库尔班", "赛买提")
SHORT_SHARE = 0.03  # given names of one syllable
RARE_SHARE = 0.002
DOTTED_SHARE = 0.003
WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
CHECK_CODES = np.array(list("10X98765432"))  # GB 11643-1999, remainder 0..10
ZERO = ord("0")
NAME_LENGTH = 7
STAFF_DIGITS = 7


def code_points(text: str) -> np.ndarray:
    """The characters of a text as numbers."""
    return np.array([ord(c) for c in text], dtype=np.uint32)


def as_texts(points: np.ndarray) -> np.ndarray:
    """Rows of code points as texts; zeros at the end of a row are nothing."""
    table = np.ascontiguousarray(points, dtype=np.uint32)
    return table.view(f"<U{table.shape[1]}").ravel().astype(object)


def digits_of(numbers: np.ndarray, width: int) -> np.ndarray:
    """The decimal digits of whole numbers, a row a number, with zeros in front."""
    powers: np.ndarray = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    return np.asarray(numbers, dtype=np.int64)[:, None] // powers % 10


def check_characters(digits: np.ndarray) -> np.ndarray:
    """The 18th character of person numbers, from their first 17 digits (n by 17 integers)."""
    return CHECK_CODES[(digits @ WEIGHTS) % 11]


def has_right_check(numbers: np.ndarray) -> np.ndarray:
    """Whether the last character of each 18-character number is the one that belongs to the others."""
    if not len(numbers):
        return np.zeros(0, dtype=bool)
    fixed: np.ndarray = numbers.astype("<U18")
    digits: np.ndarray = (
        fixed.view(np.uint32).reshape(len(fixed), 18)[:, :17].astype(np.int64) - ZERO
    )
    return np.asarray(check_characters(digits) == [number[17:] for number in fixed])


def person_numbers(index: np.ndarray, birth: np.ndarray, is_female: np.ndarray) -> np.ndarray:
    """Impossible person numbers, unique for the first five million persons (``index``); ``birth`` in days."""
    index = np.asarray(index, dtype=np.int64)
    place: np.ndarray = 990000 + (index * 7919) % 10000
    order = 2 * ((index // 10000 + index * 37) % 500) + np.where(is_female, 0, 1)
    body = np.hstack([digits_of(place, 6), digits_of(_day_numbers(birth), 8), digits_of(order, 3)])
    checks: np.ndarray = check_characters(body).astype("<U1").view(np.uint32)
    return as_texts(np.column_stack([body + ZERO, checks]))


def _day_numbers(birth: np.ndarray) -> np.ndarray:
    """Days as whole numbers YYYYMMDD."""
    days = np.asarray(birth).astype("datetime64[D]")
    years, months = days.astype("datetime64[Y]"), days.astype("datetime64[M]")
    year = years.astype(np.int64) + 1970
    month = (months - years).astype(np.int64) + 1
    return np.asarray(year * 10000 + month * 100 + (days - months).astype(np.int64) + 1)


def staff_numbers(index: np.ndarray) -> np.ndarray:
    """Staff numbers in the order of hiring, unique across the bureau; all are of one length."""
    digits = digits_of(np.asarray(index) + 10 ** (STAFF_DIGITS - 1) + 1, STAFF_DIGITS)
    return as_texts(np.column_stack([np.full(len(digits), ord("G")), digits + ZERO]))


def draw_names(rng: Generator, is_female: np.ndarray) -> np.ndarray:
    """One invented name each: a surname (common ones more often) and one or two syllables.

    A few have a character that older systems cannot show, a few are names of two parts with a dot between.
    """
    size = len(is_female)
    points: np.ndarray = np.zeros((size, NAME_LENGTH), dtype=np.uint32)
    points[:, 0] = code_points(SURNAMES)[_common_first(rng, len(SURNAMES), size)]
    points[:, 1], points[:, 2] = (_syllables(rng, is_female) for _ in range(2))
    points[rng.random(size) < SHORT_SHARE, 2] = 0
    rare = rng.choice(code_points(RARE), size)
    points[:, 1] = np.where(rng.random(size) < RARE_SHARE, rare, points[:, 1])
    dotted, parts = rng.random(size) < DOTTED_SHARE, _dotted(rng, size)
    return as_texts(np.where(dotted[:, None], parts, points))


def _common_first(rng: Generator, kinds: int, size: int) -> np.ndarray:
    """Positions in a list whose first entries are the common ones."""
    weights = 1.0 / (np.arange(kinds) + 9.0)
    steps = np.cumsum(weights / weights.sum())[:-1]
    return np.asarray(np.searchsorted(steps, rng.random(size), side="right"))


def _syllables(rng: Generator, is_female: np.ndarray) -> np.ndarray:
    size = len(is_female)
    female, male = (rng.choice(code_points(text), size) for text in (FEMALE, MALE))
    return np.where(is_female, female, male)


def _dotted(rng: Generator, size: int) -> np.ndarray:
    """Names of two parts, a row a name."""
    heads, tails = (
        np.array([code_points(part) for part in parts]) for parts in (DOTTED_HEADS, DOTTED_TAILS)
    )
    head, tail = (parts[rng.integers(0, len(parts), size)] for parts in (heads, tails))
    return np.hstack([head, np.full((size, 1), ord(DOT), dtype=np.uint32), tail])
