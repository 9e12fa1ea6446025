"""Names and numbers of people who do not exist.

Person numbers have 18 characters and a right check digit, but a region code 99xxxx that no place has, so
none can belong to anyone. Names are put together from syllable lists and collide about as real names do.
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
WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
CHECK_CODES = np.array(list("10X98765432"))  # GB 11643-1999, remainder 0..10


def check_characters(digits: np.ndarray) -> np.ndarray:
    """The 18th character of person numbers, from their first 17 digits (n by 17 integers)."""
    return CHECK_CODES[(digits @ WEIGHTS) % 11]


def person_numbers(index: np.ndarray, birth: np.ndarray, is_female: np.ndarray) -> np.ndarray:
    """Impossible person numbers, unique for the first five million persons (``index``); ``birth`` in days."""
    place: np.ndarray = 990000 + (index * 7919) % 10000
    order = 2 * ((index // 10000 + index * 37) % 500) + np.where(is_female, 0, 1)
    parts = zip(place, birth.astype("datetime64[D]").astype(str), order, strict=True)
    bodies = [f"{p}{day.replace('-', '')}{o:03d}" for p, day, o in parts]
    digits = np.array([list(body) for body in bodies], dtype=int).reshape(len(bodies), 17)
    checks = check_characters(digits)
    return np.array([b + c for b, c in zip(bodies, checks, strict=True)], dtype=object)


def staff_numbers(index: np.ndarray) -> np.ndarray:
    """Staff numbers in the order of hiring, unique across the bureau."""
    return np.array([f"G{i + 100001:06d}" for i in index], dtype=object)


def draw_names(rng: Generator, is_female: np.ndarray) -> np.ndarray:
    """One invented name each: a surname (common ones more often) and one or two syllables."""
    size = len(is_female)
    common = 1.0 / (np.arange(len(SURNAMES)) + 9.0)
    surname = rng.choice(list(SURNAMES), size, p=common / common.sum())
    given = [_syllables(rng, is_female) for _ in range(2)]
    second = np.where(rng.random(size) < 0.03, "", given[1])
    return np.char.add(np.char.add(surname, given[0]), second).astype(object)


def _syllables(rng: Generator, is_female: np.ndarray) -> np.ndarray:
    size = len(is_female)
    return np.where(is_female, rng.choice(list(FEMALE), size), rng.choice(list(MALE), size))
