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
# Syllables of given names by decade of birth, commonest first: of the first place, the second, and alone.
# None is in ``SLIPS`` of the dirt of names, so that a slip makes nobody else's name.
ERAS = (
    1970,
    1980,
    1990,
)  # a person born before the first belongs to era 0, after the last to era 3
GIVEN: dict[str, tuple[tuple[str, str, str], ...]] = {
    "female": (
        (
            "秀桂玉淑凤丽春金爱美银建月素国彩红翠",
            "英兰珍芳华梅琴荣霞香玲莲云芝平清花萍",
            "英敏华萍芳丽平玲梅霞",
        ),
        (
            "丽海晓红艳春小玉雪秀建爱志文金冬素永",
            "霞红丽艳梅萍燕玲娟敏英华琴芳芬云春平",
            "丽艳敏霞红燕芳静娟玲颖梅萍",
        ),
        (
            "晓丽婷海雪艳小春文倩佳玉明思慧红静玲",
            "婷娟燕丽静红敏娜霞洁艳玲楠萍颖君瑶媛",
            "静婷丽燕娜敏艳洁倩丹颖娟莹蕾晶",
        ),
        (
            "雨欣佳思梦雅晓婉诗紫可若一子怡静慧文",
            "婷怡琪涵欣瑶宁萱妍悦洁彤然琳慧雨娜月",
            "婷倩洁莹雪颖悦欣瑶敏琪静璐蕊",
        ),
    ),
    "male": (
        (
            "建国志永玉德文金福明春长庆世学荣光兴",
            "军国华明平林生民祥忠富荣文贵山才义海",
            "军平强勇华明伟忠刚林",
        ),
        (
            "建志永海国文晓小玉立宏新春卫红俊东成",
            "军强伟勇斌峰华波涛明辉刚东平林民生飞",
            "伟勇军强涛斌刚辉波峰杰磊明超",
        ),
        (
            "志海建文晓俊明国小宏永立鹏春世家振少",
            "超鹏飞伟磊强涛龙杰峰亮军辉波阳勇凯斌",
            "伟磊鹏超涛杰强波凯亮飞帅浩勇斌",
        ),
        (
            "浩子宇俊文志家天明泽博一可梓瑞晨思建",
            "杰豪轩宇鑫涛凯鹏阳龙文辉洋航然博昊哲",
            "鑫杰浩凯帅超鹏宇博旭阳昊晨涛",
        ),
    ),
}
RARE = "㛃㑇䶮㬎㼆䴖㻬㥄"  # real characters that older systems of an office cannot show
DOT = "·"
# put together at random, so that no name of this form is taken from a person
DOTTED_HEADS = ("阿依努", "古丽夏", "帕尔哈", "努尔巴", "热依拉", "米热阿", "艾孜提", "吐逊古")
DOTTED_TAILS = ("图尔孜", "卡得尔", "马合木", "萨迪克", "依布拉", "奥斯曼", "库尔班", "赛买提")
SHORT_SHARES = (0.13, 0.16, 0.18, 0.12)  # by era: given names of one syllable
ERA_BLUR = 0.15  # are named in the fashion before their time, and as many in the one after
RARE_SHARE = 0.002
DOTTED_SHARE = 0.003
WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
CHECK_CODES = np.array(list("10X98765432"))  # GB 11643-1999, remainder 0..10
SURNAME_FLATNESS = 4.0  # the commonest of ninety surnames has 8 in a hundred people
GIVEN_FLATNESS = 12.0
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


def draw_names(rng: Generator, is_female: np.ndarray, born: np.ndarray) -> np.ndarray:
    """One invented name each, in the fashion of the year of birth: a surname and one or two syllables.

    A few have a character that older systems cannot show, a few are names of two parts with a dot between.
    """
    size = len(is_female)
    points: np.ndarray = np.zeros((size, NAME_LENGTH), dtype=np.uint32)
    points[:, 0] = code_points(SURNAMES)[_common_first(rng, len(SURNAMES), size)]
    points[:, 1:3] = _given(rng, is_female, _eras(rng, born))
    rare = rng.choice(code_points(RARE), size)
    points[:, 1] = np.where(rng.random(size) < RARE_SHARE, rare, points[:, 1])
    dotted, parts = rng.random(size) < DOTTED_SHARE, _dotted(rng, size)
    return as_texts(np.where(dotted[:, None], parts, points))


def _eras(rng: Generator, born: np.ndarray) -> np.ndarray:
    """The fashion of each person's name: mostly that of the decade of birth."""
    own = np.searchsorted(ERAS, born, side="right")
    luck = rng.random(len(born))
    shift = (luck > 1 - ERA_BLUR).astype(int) - (luck < ERA_BLUR)
    return np.asarray((own + shift).clip(0, len(ERAS)))


def _given(rng: Generator, is_female: np.ndarray, eras: np.ndarray) -> np.ndarray:
    """Given names, a row a name; the second place is 0 in those of one syllable; none is doubled."""
    luck = rng.random((len(eras), 3))
    names: np.ndarray = np.zeros((len(eras), 2), dtype=np.uint32)
    for sex, lists in GIVEN.items():
        for era, texts in enumerate(lists):
            mine = np.flatnonzero((is_female == (sex == "female")) & (eras == era))
            names[mine] = _of_fashion(luck[mine], texts, SHORT_SHARES[era])
    return names


def _of_fashion(luck: np.ndarray, texts: tuple[str, str, str], share: float) -> np.ndarray:
    """Given names of one sex and era from three uniform numbers each."""
    first, second, alone = (code_points(text) for text in texts)
    one = first[_common(luck[:, 0], len(first), GIVEN_FLATNESS)]
    at = _common(luck[:, 1], len(second), GIVEN_FLATNESS)
    two = np.where(second[at] == one, second[(at + 1) % len(second)], second[at])
    is_short = luck[:, 2] < share
    single = alone[_common(luck[:, 0], len(alone), GIVEN_FLATNESS)]
    return np.column_stack([np.where(is_short, single, one), np.where(is_short, 0, two)])


def _common_first(rng: Generator, kinds: int, size: int) -> np.ndarray:
    """Positions of surnames, the common ones more often."""
    return _common(rng.random(size), kinds, SURNAME_FLATNESS)


def _common(luck: np.ndarray, kinds: int, flatness: float) -> np.ndarray:
    """Positions in a list whose first entries are the common ones, from uniform numbers."""
    weights = 1.0 / (np.arange(kinds) + flatness)
    steps = np.cumsum(weights / weights.sum())[:-1]
    return np.asarray(np.searchsorted(steps, luck, side="right"))


def _dotted(rng: Generator, size: int) -> np.ndarray:
    """Names of two parts, a row a name."""
    heads, tails = (
        np.array([code_points(part) for part in parts]) for parts in (DOTTED_HEADS, DOTTED_TAILS)
    )
    head, tail = (parts[rng.integers(0, len(parts), size)] for parts in (heads, tails))
    return np.hstack([head, np.full((size, 1), ord(DOT), dtype=np.uint32), tail])
