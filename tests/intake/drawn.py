"""A small study of our own and regions drawn as text, so that every expected value stands beside its rows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis.study.objects import Study, Variable
from analysis.study.workspace import Workspace

PEOPLE = ("roster", "trainings", "assessments", "survey", "exits", "programmes")


def variable(name: str, kind: str, tables: tuple[str, ...], **more: Any) -> Variable:
    """One variable whose label is its id."""
    return Variable(id=name, label=name, label_en=name, kind=kind, tables=tables, **more)  # type: ignore[arg-type]


def small_study() -> Study:
    """A study with one variable of every kind and tables enough to link."""
    yes_no = {"yes": ("是", "在编"), "no": ("否", "编外")}
    entries = [
        variable("person_number", "person_number", ("roster", "assessments", "exits")),
        variable("name", "name", PEOPLE),
        variable("staff_number", "person_number", PEOPLE),
        variable("school_id", "code", (*PEOPLE, "schools")),
        variable("school_name", "text", (*PEOPLE, "schools")),
        variable("is_teacher", "flag", ("roster",), codes={"yes": ("专任教师",), "no": ("工勤",)}),
        variable("post", "code", ("roster",)),
        variable("post_share", "number", ("roster",), low=0.0, high=2.0),
        variable(
            "sex", "category", ("roster", "survey"), codes={"female": ("女",), "male": ("男",)}
        ),
        variable("birth_month", "month", ("roster",)),
        variable("staffed_post", "flag", ("roster",), codes=yes_no),
        variable("n_pupils", "integer", ("schools",), low=0.0, high=20000.0, unit="人"),
        variable("school_group", "category", ("schools",)),
        variable(
            "programme", "category", ("trainings", "programmes"), codes={"digital": ("数字培训",)}
        ),
        variable("start_date", "date", ("trainings", "programmes")),
        variable("end_date", "date", ("trainings", "programmes")),
        variable("hours", "number", ("trainings",), unit="学时", low=0.0, high=400.0),
        variable("test_date", "date", ("assessments",)),
        variable("digital_score", "number", ("assessments",), unit="分", low=0.0, high=100.0),
        variable("exit_date", "date", ("exits",)),
        variable(
            "exit_reason",
            "category",
            ("exits",),
            codes={"retired": ("退休",), "resigned": ("辞职",)},
        ),
        variable("survey_date", "date", ("survey",)),
        variable("survey_stratum", "category", ("survey",), codes={"A": ("甲",), "B": ("乙",)}),
        variable("survey_weight", "number", ("survey",), low=0.0),
        variable("age", "integer", ("survey",), unit="岁", low=16.0, high=80.0),
        variable("answer_seconds", "number", ("survey",), unit="秒", low=0.0),
        variable("need", "integer", ("survey",), low=1.0, high=5.0),
        variable("age_group", "category", ("panel",), codes={"young": ("青年",)}),
    ]
    return Study(variables={v.id: v for v in entries}, interventions={}, outcomes={}, problems={})


HEAD = """
region_label = "示例县"
year = {year}
producer = "drawn in a test"
received = {year}-12-01
persons = "{persons}"
"""


def draw_region(
    home: Path,
    year: int,
    files: Mapping[str, str],
    entries: str,
    region: str = "drawn",
    persons: str = "invented",
) -> Workspace:
    """A workspace with one more delivery: ``files`` by name as CSV text, ``entries`` the [[files]] of source.toml."""
    folder = home / "data" / "raw" / region / str(year)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text.strip() + "\n", encoding="utf-8")
    head = HEAD.format(year=year, persons=persons)
    (folder / "source.toml").write_text(head + entries, encoding="utf-8")
    return Workspace(home=home, out=home / "out")


ROSTER = """
[[files]]
table = "roster"
file = "{file}"
snapshot = {year}-09-01
[files.columns]
{columns}
"""


def roster_entry(year: int, columns: Mapping[str, str], file: str = "roster.csv") -> str:
    """The source.toml entry of a roster."""
    lines = "\n".join(f'"{header}" = "{name}"' for header, name in columns.items())
    return ROSTER.format(file=file, year=year, columns=lines)


def table_entry(table: str, columns: Mapping[str, str], file: str = "") -> str:
    """The source.toml entry of any other table."""
    lines = "\n".join(f'"{header}" = "{name}"' for header, name in columns.items())
    name = file or f"{table}.csv"
    return f'\n[[files]]\ntable = "{table}"\nfile = "{name}"\n[files.columns]\n{lines}\n'
