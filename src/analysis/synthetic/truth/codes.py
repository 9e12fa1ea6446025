"""The codes of all category columns, and the step from arrays of code numbers to tables.

While a bureau is drawn its tables are plain arrays by column name (``Rows``); categories are positions in
``CODES``, -1 where there is none. That is what makes a thousand draws affordable.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from analysis.synthetic.profile import AREAS

Rows = dict[str, np.ndarray]

DIMENSIONS = (
    "digital_awareness",
    "digital_skills",
    "digital_application",
    "digital_responsibility",
    "professional_growth",
)
TOPICS = (
    "digital",
    "interdisciplinary",
    "design",
    "assignment",
    "mental",
    "ai",
    "class",
    "evaluation",
    "research",
    "family",
    "care",
    "subject",
)
SUBJECTS: dict[str, tuple[str, ...]] = {
    "primary": ("语文", "数学", "英语", "科学", "道德与法治", "体育", "音乐", "美术", "信息科技"),
    "junior": (
        "语文",
        "数学",
        "英语",
        "物理",
        "化学",
        "道德与法治",
        "历史",
        "地理",
        "生物",
        "体育",
    ),
    "senior": ("语文", "数学", "英语", "物理", "化学", "生物", "政治", "历史", "地理", "体育"),
    "vocational": ("语文", "数学", "英语", "计算机应用", "机械", "学前教育", "体育"),
}
ALL_SUBJECTS = "全科"
EXIT_REASONS = (
    "retired",
    "deceased",
    "resigned",
    "civil_service",
    "left_county",
    "dismissed",
    "moved_urban",
    "moved_town",
    "moved_same",
    "rotation",
    "secondment",
    "supporting",
    "maternity",
    "sick_leave",
    "study_leave",
)
SHORT_COURSES = tuple(f"short_{number:02d}" for number in range(1, 17))
CODES: dict[str, tuple[str, ...]] = {
    "area": AREAS,
    "sex": ("female", "male"),
    "stage": ("primary", "junior", "senior", "vocational"),
    "subject": (*dict.fromkeys(s for names in SUBJECTS.values() for s in names), ALL_SUBJECTS),
    "education": ("below", "associate", "bachelor", "graduate"),
    "title_rank": ("none", "second", "first", "senior", "full"),
    "backbone": ("none", "county", "city", "province"),
    "school_kind": (
        "小学",
        "中心小学",
        "初级中学",
        "九年一贯制学校",
        "普通高中",
        "中等职业学校",
    ),
    "area_code": ("111", "112", "121", "122", "123", "210", "220"),
    "fate": ("stays", "retires", "dies", "leaves", "moves"),
    "reason": EXIT_REASONS,
    "direction": ("to_rural", "to_urban", "within"),
    "programme": (
        "digital_course",
        "mentoring",
        "online_general",
        "interdisciplinary",
        "lesson_design",
        "assignment_design",
        "mental_health",
        "ai_training",
        "class_management",
        "evaluation",
        "research_methods",
        "family_school",
        "care",
        "subject_update",
        "induction",
        "upgrading",
        "study_tour",
        "outreach",
        "shadowing",
        "studio_activity",
        "school_based",
        *SHORT_COURSES,
    ),
    "topic": (*TOPICS, "general", "mentoring", "ethics"),
    "mode": ("online", "onsite", "blended", "school", "shadow", "outreach"),
    "level": ("nation", "province", "city", "county", "school"),
    "result": ("pass", "excellent", "fail"),
}


def code(column: str, name: str) -> int:
    """The code number of one category."""
    return CODES[column].index(name)


def frame_of(rows: Rows) -> pd.DataFrame:
    """Arrays by column as a table, categories with their names."""
    return pd.DataFrame({name: _column(name, values) for name, values in rows.items()}, copy=False)


def _column(name: str, values: np.ndarray) -> object:
    if name in CODES:
        return pd.Categorical.from_codes(values.astype(np.int8), categories=CODES[name])
    return values.astype("datetime64[s]") if values.dtype.kind == "M" else values


EVERY = slice(None)


def take(rows: Rows, where: np.ndarray | slice, columns: Iterable[str] = ()) -> Rows:
    """The chosen rows (positions, a mask, or ``EVERY``) of all or some columns."""
    return {name: rows[name][where] for name in (columns or rows)}


def stack(parts: list[Rows]) -> Rows:
    """Tables of the same columns one under the other; nothing at all if there is none."""
    return {n: np.concatenate([part[n] for part in parts]) for n in parts[0]} if parts else {}


def size_of(rows: Rows) -> int:
    """The number of rows."""
    return len(next(iter(rows.values()))) if rows else 0
