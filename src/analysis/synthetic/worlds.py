"""A panel of a world straight in memory: the same draw as the deliveries, without files; a thousand are affordable.

Columns are those of ``analysis.panel`` under the live study (a test holds that both ways give the same panel).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.synthetic.options import BureauOptions
from analysis.synthetic.profile import RURAL
from analysis.synthetic.truth.assessments import EXCELLENT
from analysis.synthetic.truth.bureau import Bureau, Tables, draw_years
from analysis.synthetic.truth.careers import DIES, LEAVES, MOVES, RETIRES
from analysis.synthetic.truth.codes import CODES, DIMENSIONS, Rows, code, size_of, stack, take

# programmes followed by attendance -> fewest hours that count, outcomes they are held against
ATTENDED = {
    "digital_course": (8.0, ("digital_literacy", "attrition")),
    "mentoring": (20.0, ("attrition",)),
}
SHORT_HOURS = 8.0
# programmes with an effect on scores -> what they are called in the tests, and the flag of the exposed
SCORED = (
    ("digital_course", "course", "took_course"),
    ("smart_pilot", "pilot", "in_pilot"),
    ("short_01", "short", "took_short"),
)
CATEGORIES = ("sex", "stage", "education", "title_rank", "backbone", "area")
FLAGS = ("staffed_post", "homeroom", "subsidy_eligible", "is_small")
NEVER = np.datetime64("9999-01-01")
UNKNOWN = np.datetime64("NaT")


@dataclass(frozen=True)
class DrawnPanel:
    """A panel and what is true of it.

    ``frame``: one row per teacher and report year. ``effects``: the same rows; the planted effect of each
    programme on this row, missing where it was not exposed: ``rural_subsidy_attrition`` as a difference of
    chances of leaving the bureau, ``smart_pilot_digital_literacy``, ``digital_course_digital_literacy`` and
    ``short_01_digital_literacy`` in points.
    """

    frame: pd.DataFrame
    effects: pd.DataFrame


def draw_panel(options: BureauOptions) -> DrawnPanel:
    """The panel of a bureau up to its last year."""
    bureau, years = draw_years(options, is_whole=False)
    # of the year beyond the last roster nothing is known
    rows = _people(stack([_teachers(tables) for tables in years[:-1]]))
    tests = stack([tables["scores"] for tables in years[:-1] if "scores" in tables])
    held = stack([tables["trainings"] for tables in years if "trainings" in tables])
    index = _row_index(rows)
    scored, effects = _scores(rows, tests, index)
    frame = _frame(rows) | _attrition(rows, bureau) | scored
    frame |= _policies(rows, bureau) | _attendances(rows, scored, held, index, bureau)
    effects["rural_subsidy_attrition"] = _subsidy_effect(rows, frame)
    if scored:
        frame["test_date"] = _day_texts(scored["test_date"])
    return DrawnPanel(pd.DataFrame(frame), pd.DataFrame(effects))


def _teachers(tables: Tables) -> Rows:
    """The teachers of one roster with what became of them."""
    fates = {n: tables["fates"][n] for n in ("fate", "next_school", "leave", "leave_untreated")}
    return take(tables["teachers"] | fates, tables["teachers"]["is_teacher"])


def _people(rows: Rows) -> Rows:
    """The rows in order of year, school and person, with the report year."""
    ordered = take(rows, np.lexsort((rows["person"], rows["school"], rows["year"])))
    return ordered | {"base_year": ordered["year"], "year": ordered["year"] + 1}


def _row_index(rows: Rows) -> np.ndarray:
    """The row of each person (down) and report year (across, from the first), -1 where there is none."""
    first = int(rows["year"].min())
    shape = (1 + int(rows["person"].max()), 2 + int(rows["year"].max()) - first)
    index: np.ndarray = np.full(shape, -1)
    index[rows["person"], rows["year"] - first] = np.arange(size_of(rows))
    return index


def _look_up(index: np.ndarray, first: int, person: np.ndarray, year: np.ndarray) -> np.ndarray:
    """The rows of these persons and years, -1 where there is none."""
    is_known = (person < len(index)) & (year >= first) & (year < first + index.shape[1])
    found = index[np.where(is_known, person, 0), np.where(is_known, year - first, 0)]
    return np.where(is_known, found, -1)


def named(column: str, codes: np.ndarray) -> pd.api.extensions.ExtensionArray:
    """Category names as text, missing where the code is -1."""
    return pd.array(list(CODES[column]), dtype="str").take(codes, allow_fill=True)


def _frame(rows: Rows) -> Rows:
    """Identifiers and covariates as the panel has them."""
    ids = pd.array([f"t{at:016x}" for at in range(1 + int(rows["person"].max()))], dtype="str")
    schools = [f"s{at:05d}" for at in range(1 + int(rows["school"].max()))]
    yes_no = pd.array(["no", "yes"], dtype="str")
    frame: dict[str, Any] = {"teacher_id": ids.take(rows["person"]), "year": rows["year"]}
    frame["school_id"] = pd.array(schools, dtype="str").take(rows["school"])
    frame["school_group"] = pd.array([f"d{at:02d}" for at in range(99)], dtype="str").take(
        rows["district"]
    )
    frame |= {name: named(name, rows[name]) for name in CATEGORIES}
    frame |= {name: yes_no.take(rows[name].astype(int)) for name in FLAGS}
    frame |= {name: rows[name] for name in ("base_year", "distance_km", "weekly_lessons")}
    september: np.ndarray = rows["base_year"] * 12 + 8
    for source, target in (("birth_date", "age"), ("work_start", "years_teaching")):
        month: np.ndarray = rows[source].astype("datetime64[M]").astype(int) + 1970 * 12
        frame[target] = ((september - month) // 12).astype(float)
    return frame


def _day_texts(days: np.ndarray) -> Any:
    """Days as text, missing where there is none."""
    codes, found = pd.factorize(days)
    names = pd.array(found.astype("datetime64[D]").astype(str), dtype="str")
    return names.take(codes, allow_fill=True)


def _attrition(rows: Rows, bureau: Bureau) -> Rows:
    """The five definitions as 0, 1 or missing."""
    area = bureau.schools["area"]
    has_left, has_moved = rows["fate"] == LEAVES, rows["fate"] == MOVES
    away = has_left | (has_moved & (area[rows["next_school"]] != rows["area"]))
    gone = np.isin(rows["fate"], (LEAVES, RETIRES, DIES))
    rural = np.where(rows["area"] == RURAL, away.astype(float), np.nan)
    found = {"A1": rural, "A2": has_left, "A3": has_moved, "A4": gone, "A5": away}
    return {f"attrition_{name}": values.astype(float) for name, values in found.items()}


def _scores(rows: Rows, tests: Rows, index: np.ndarray) -> tuple[Rows, Rows]:
    """Scores of the report year, of the year before and the school's mean of those; and planted effects in points."""
    size, first = size_of(rows), int(rows["year"].min())
    blank = np.full(size, np.nan)
    if not tests:
        return {}, {}
    now = _look_up(index, first, tests["person"], tests["year"])
    after = _look_up(index, first, tests["person"], tests["year"] + 1)
    found: Rows = {}
    for name in ("digital_score", *DIMENSIONS):
        found[name] = _spread(blank, now, tests[name])
    found["pre_score"] = _spread(blank, after, tests["digital_score"])
    earlier = _look_up(index, first, tests["person"], tests["year"] + 2)
    found["pre_score_2"] = _spread(blank, earlier, tests["digital_score"])
    found["school_pre_score"] = _group_mean(rows, found["pre_score"])
    found["digital_literacy_score"] = found["digital_score"]
    excellent = (found["digital_score"] >= EXCELLENT).astype(float)
    found["digital_literacy_excellent"] = np.where(
        np.isnan(found["digital_score"]), np.nan, excellent
    )
    dates: np.ndarray = np.full(size, UNKNOWN, "datetime64[D]")
    days = _spread(dates, now, tests["test_date"])
    effects = {}
    # short courses are held in one world only
    known = [entry for entry in SCORED if entry[1] != "short" or tests[entry[2]].any()]
    for programme, short, flag in known:
        added = tests["digital_score"] - tests[f"score_without_{short}"]
        points = np.where(tests[flag], added, np.nan)
        effects[f"{programme}_digital_literacy"] = _spread(blank, now, points)
    return found | {"test_date": days}, effects


def _spread(blank: np.ndarray, where: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Values at their rows; those without a row are dropped."""
    out = blank.copy()
    out[where[where >= 0]] = values[where >= 0]
    return out


def _group_mean(rows: Rows, values: np.ndarray) -> np.ndarray:
    """The mean of what is known over each school and year, missing where nothing is."""
    group = rows["school"] * 100 + (rows["year"] - rows["year"].min())
    known = ~np.isnan(values)
    counts = np.bincount(group[known], minlength=group.max() + 1)
    sums = np.bincount(group[known], values[known], group.max() + 1)
    with np.errstate(invalid="ignore"):
        return (sums / np.where(counts > 0, counts, np.nan))[group]


def _policies(rows: Rows, bureau: Bureau) -> Rows:
    """The subsidy and the pilot: groups, exposure (missing in a partial window) and the day it began."""
    paid = np.full(size_of(rows), np.datetime64(bureau.profile.subsidy_starts))
    cohort = rows["cohort"]
    is_pilot = ~np.isnan(cohort)
    years = np.where(is_pilot, cohort - 1, 9999).astype(int) - 1970
    start = years.astype("datetime64[Y]").astype("datetime64[M]") + 8
    start = np.where(is_pilot, start.astype("datetime64[D]"), NEVER)
    eligible: np.ndarray = rows["subsidy_eligible"].astype(float)
    found = {"group_rural_subsidy": eligible, "group_smart_pilot": is_pilot.astype(float)}
    found["exposed_rural_subsidy_attrition"] = eligible * _since(paid, rows)
    for outcome in ("digital_literacy", "attrition"):
        found[f"exposed_smart_pilot_{outcome}"] = _since(start, rows)
    months: np.ndarray = (
        np.where(is_pilot, years, 0).astype("datetime64[Y]").astype("datetime64[M]") + 8
    )
    text = np.where(is_pilot, months.astype(str), "")
    found["pilot_start"] = np.where(text == "", None, text.astype(object))
    return found


def _since(start: np.ndarray, rows: Rows) -> np.ndarray:
    """1 if begun when the window opens, 0 if after it closes or never, missing if it begins inside."""
    opens, closes = _september(rows["year"] - 1), _september(rows["year"])
    inside = (start > opens) & (start < closes)
    return np.where(inside, np.nan, (start <= opens).astype(float))


def _september(years: np.ndarray) -> np.ndarray:
    """1 September of each year."""
    months: np.ndarray = (years - 1970).astype("datetime64[Y]").astype("datetime64[M]") + 8
    return months.astype("datetime64[D]")


def _attendances(rows: Rows, scored: Rows, held: Rows, index: np.ndarray, bureau: Bureau) -> Rows:
    """Exposure by attendance in the 12 months before the window opens or before the test."""
    found: Rows = {}
    if not held:
        return found
    closes = {"attrition": _september(rows["year"] - 1)}
    if scored:
        closes["digital_literacy"] = _test_days(rows, scored["test_date"])
    short = CODES["programme"][-16:][: bureau.planted.short_courses]
    programmes = ATTENDED | dict.fromkeys(short, (SHORT_HOURS, ("digital_literacy",)))
    for programme, (least, outcomes) in programmes.items():
        mine = take(held, held["programme"] == code("programme", programme))
        for outcome in (o for o in outcomes if o in closes and size_of(mine)):
            hours, known = _hours_before(rows, mine, closes[outcome], index)
            exposed = np.where(known, (hours >= least).astype(float), np.nan)
            found[f"exposed_{programme}_{outcome}"] = exposed
    return found


def _test_days(rows: Rows, dates: np.ndarray) -> np.ndarray:
    """Each row's test day; for those without one the first day of the year's test, missing without any test."""
    out = dates.copy()
    for year in np.unique(rows["year"]):
        mine = rows["year"] == year
        days = dates[mine & ~np.isnat(dates)]
        if len(days):
            out[mine & np.isnat(dates)] = days.min()
    return out


def _hours_before(
    rows: Rows, held: Rows, closes: np.ndarray, index: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Hours of each row in the 12 months up to its closing day, and whether any ledger covers those months."""
    first = int(rows["year"].min())
    hours: np.ndarray = np.zeros(size_of(rows))
    years: np.ndarray = held["end_date"].astype("datetime64[Y]").astype(int) + 1970
    for later in (0, 1, 2):
        at = _look_up(index, first, held["person"], years + later)
        end, row = held["end_date"][at >= 0], at[at >= 0]
        inside = (end <= closes[row]) & (end > _a_year_before(closes[row]))
        np.add.at(hours, row[inside], held["hours"][at >= 0][inside])
    return hours, _is_covered(closes, np.sort(held["end_date"]))


def _a_year_before(days: np.ndarray) -> np.ndarray:
    months: np.ndarray = days.astype("datetime64[M]")
    return (months - 12).astype("datetime64[D]") + (days - months.astype("datetime64[D]"))


def _is_covered(closes: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Whether any attendance ended in the 12 months up to each closing day; ``ends`` is sorted."""
    opens = _a_year_before(closes)
    before = np.searchsorted(ends, opens, "right")
    return (np.searchsorted(ends, closes, "right") > before) & ~np.isnat(closes)


def _subsidy_effect(rows: Rows, frame: Rows) -> np.ndarray:
    """The difference in the chance of leaving the bureau for those who are paid and neither retire nor die."""
    exposed = frame["exposed_rural_subsidy_attrition"] == 1
    at_risk = ~np.isin(rows["fate"], (RETIRES, DIES))
    difference = (rows["leave"] - rows["leave_untreated"]) * at_risk
    return np.where(exposed, difference, np.nan)
