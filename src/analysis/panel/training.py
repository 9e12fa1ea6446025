"""What the lists of a year say of each teacher: training received and offered, follow-up, honours, stage of career.

Added to the rows of the report year once the panel stands; a column whose table is not in the data is not added.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analysis.panel.build import Panel
from analysis.panel.survey import TOP_NEEDS, hours_by_topic
from analysis.panel.vouched import listed_topics, part_attendances, top_needs

NEEDED = 4  # of 1 to 5: from here on a topic is a need ("needed", "much needed")
FACE_TO_FACE = ("onsite", "blended", "outreach", "shadow")
CAREER_ENDS = (-1, 3, 10, 20, 30, 99)  # whole years of teaching: up to 3, 4-10, 11-20, 21-30, above
CAREERS = ("novice", "early", "middle", "late", "veteran")
Tables = dict[str, pd.DataFrame]

# column -> the typed tables it is read from, and the columns or programmes that must be held by a file to be named
SOURCES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "training_hours": (("trainings",), ()),
    "was_trained_face_to_face": (("trainings",), ()),
    "need_precision": (("survey", "trainings"), ()),
    "need_offered": (("survey",), ("topics_offered",)),
    "was_followed_up": (("programmes", "trainings"), ("programme:follow_up",)),
    "application_score": (("programmes",), ("application_score",)),
    "is_studio_member": (("programmes",), ("programme:studio", "programme:chief_studio")),
    "is_backbone": (("roster",), ("backbone",)),
    "has_project": (("honours",), ("is_approved",)),
    "has_prize": (("honours",), ("prize",)),
    "is_trainer": (("trainers",), ()),
    "is_listed_trainer": (("trainers",), ()),
    "unmet_digital": (("survey", "trainings"), ("need_digital", "topic")),
    "unmet_interdisciplinary": (("survey", "trainings"), ("need_interdisciplinary", "topic")),
    "career_stage": (("roster",), ("work_start",)),
}


def add_training(panel: Panel, tables: Tables) -> Panel:
    """The panel with what the typed tables say of each teacher in its report year; other years stay without."""
    is_now = panel.frame["year"] == panel.year
    now = panel.frame[is_now]
    kept, pasted = part_attendances(tables)
    tables = tables | {"trainings": kept} if "trainings" in tables else tables
    columns = {
        **training_columns(now, tables, panel.year),
        **need_columns(now, tables, panel.year, pasted),
        **programme_columns(now, tables, panel.year),
        **honour_columns(now, tables, panel.year),
        **trainer_columns(now, tables, panel.year),
        **post_columns(now),
    }
    new = pd.DataFrame(columns, index=now.index).reindex(panel.frame.index)
    return replace(panel, frame=panel.frame.drop(columns=[*columns], errors="ignore").join(new))


def held(trainings: pd.DataFrame, year: int) -> pd.DataFrame:
    """The attendances that ended in a calendar year."""
    return trainings[trainings["end_date"].astype("string").str.startswith(str(year)).fillna(False)]


def of_year(tables: Tables, name: str, year: int) -> pd.DataFrame:
    """The rows of one typed table in one year; empty if there is none."""
    table = tables.get(name)
    if table is None or "year" not in table or "teacher_id" not in table:
        return pd.DataFrame()
    return table[table["year"] == year]


def training_columns(now: pd.DataFrame, tables: Tables, year: int) -> dict[str, pd.Series]:
    """Hours of the calendar year, and whether any of them were face to face; 0 for who is in no list of it."""
    trainings = tables.get("trainings")
    rows = None if trainings is None or "end_date" not in trainings else held(trainings, year)
    if rows is None or rows.empty:
        return {}
    hours = rows.groupby("teacher_id")["hours"].sum()
    found = {"training_hours": now["teacher_id"].map(hours).fillna(0.0)}
    if "mode" in rows:
        met = rows.loc[rows["mode"].isin(FACE_TO_FACE), "teacher_id"]
        found["was_trained_face_to_face"] = flag(now, met)
    return found


def flag(now: pd.DataFrame, persons: pd.Series) -> pd.Series:
    """1.0 for the rows whose teacher is among the persons, else 0.0."""
    return now["teacher_id"].isin(set(persons.dropna())).astype(float)


def need_names(rows: pd.DataFrame) -> list[str]:
    """The columns in which teachers rated their need for a topic: whole numbers, one for each topic."""
    derived = ("need_unmet", "need_coverage", "need_precision", "need_offered")
    return [c for c in rows.columns if c.startswith("need_") and c not in derived]


def need_columns(
    now: pd.DataFrame, tables: Tables, year: int, pasted: pd.DataFrame
) -> dict[str, pd.Series]:
    """How far hours and offers met the needs of those who rated every topic; ``pasted``: attendances not vouched for.

    ``need_precision``: hours on topics rated 4 or 5 over all hours on the topics asked about, for who had any;
    ``need_offered``: share of the top-three needs that the school offered, as its teachers answered;
    ``unmet_<topic>``: 1 where the topic is rated 4 or 5 and the year brought no hours on it, missing where a pasted
    list names the teacher; so are ``need_unmet`` and ``need_coverage`` if it is one of the top three.
    """
    names = need_names(now)
    if len(names) < TOP_NEEDS:
        return {}
    asked = now[now[names].notna().all(axis=1)]
    needs = asked[names].astype(float)
    found: dict[str, pd.Series] = {}
    trainings = tables.get("trainings")
    if trainings is not None and not trainings.empty and "topic" in trainings:
        hours = hours_by_topic(trainings, asked["teacher_id"], year, names)
        total = hours.sum(axis=1)
        is_listed = listed_topics(pasted, asked["teacher_id"], year, names)
        unmet = ((needs >= NEEDED) & (hours == 0)).astype(float).mask(is_listed)
        found |= {f"unmet_{n.removeprefix('need_')}": unmet[n] for n in names}
        is_open = (top_needs(needs) & is_listed).any(axis=1)
        found |= {c: asked[c].mask(is_open) for c in ("need_unmet", "need_coverage") if c in asked}
        found["need_precision"] = (hours * (needs >= NEEDED)).sum(axis=1) / total.where(total > 0)
    if "topics_offered" in asked:
        is_top = top_needs(needs)
        share = (is_top & offered(asked["topics_offered"], names)).sum(axis=1) / is_top.sum(axis=1)
        found["need_offered"] = share.where(asked["topics_offered"].notna())
    return found


def offered(answers: pd.Series, names: list[str]) -> pd.DataFrame:
    """Teachers by needs: whether the topic of a need is among the chosen ones of a multiple-choice answer."""
    chosen = answers.fillna("").astype(str).str.split(";")
    topics = [n.removeprefix("need_") for n in names]
    rows = [[topic in mine for topic in topics] for mine in chosen]
    return pd.DataFrame(rows, index=answers.index, columns=names, dtype=bool)


def programme_columns(now: pd.DataFrame, tables: Tables, year: int) -> dict[str, pd.Series]:
    """Follow-up after face-to-face training, the score it gave, and membership of a studio."""
    rows = of_year(tables, "programmes", year)
    if rows.empty or "programme" not in rows:
        return {}
    found = {}
    follow = rows[rows["programme"] == "follow_up"]
    trained = training_columns(now, tables, year).get("was_trained_face_to_face")
    if len(follow) and trained is not None:
        found["was_followed_up"] = flag(now, follow["teacher_id"]).where(trained == 1)
    if "application_score" in follow and follow["application_score"].notna().any():
        scores = follow.groupby("teacher_id")["application_score"].mean()
        found["application_score"] = now["teacher_id"].map(scores)
    studios = rows[rows["programme"].isin(("studio", "chief_studio"))]
    if len(studios):
        found["is_studio_member"] = flag(now, studios["teacher_id"])
    return found


def honour_columns(now: pd.DataFrame, tables: Tables, year: int) -> dict[str, pd.Series]:
    """An approved research project and a prize of the year."""
    rows, found = of_year(tables, "honours", year), {}
    if "is_approved" in rows and rows["is_approved"].notna().any():
        found["has_project"] = flag(now, rows.loc[rows["is_approved"] == "yes", "teacher_id"])
    if "prize" in rows and rows["prize"].notna().any():
        found["has_prize"] = flag(now, rows.loc[rows["prize"].notna(), "teacher_id"])
    return found


def trainer_columns(now: pd.DataFrame, tables: Tables, year: int) -> dict[str, pd.Series]:
    """Whether a teacher in post is on the year's list of trainers: as 1.0 or 0.0, and as a code to count by."""
    rows = of_year(tables, "trainers", year)
    if rows.empty:
        return {}
    is_listed = flag(now, rows["teacher_id"])
    return {"is_trainer": is_listed, "is_listed_trainer": is_listed.map({1.0: "yes", 0.0: "no"})}


def post_columns(now: pd.DataFrame) -> dict[str, pd.Series]:
    """Whether a teacher is on the backbone list of the roster, and the stage of career by years of teaching."""
    found = {}
    if "backbone" in now and now["backbone"].notna().any():
        found["is_backbone"] = (
            (now["backbone"] != "none").astype(float).where(now["backbone"].notna())
        )
    if "years_teaching" in now and now["years_teaching"].notna().any():
        stage = pd.cut(now["years_teaching"], list(CAREER_ENDS), labels=list(CAREERS))
        found["career_stage"] = stage.astype("object").where(stage.notna())
    return found
