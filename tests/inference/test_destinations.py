"""Where teachers went: every one is counted once, moving is no loss, and the heads are those of the definitions."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analysis.inference.destinations import count_destinations
from analysis.panel.build import Panel
from analysis.study.load import load_study
from analysis.study.workspace import open_workspace

STUDY = load_study(open_workspace())
# gone, moved, followed, reasons known, reason -> head
ROWS = (
    (0, 0, True, True, None, "stayed"),
    (0, 0, True, True, "maternity", "stayed"),
    (0, 0, True, True, "rotation", "lent"),
    (0, 1, True, True, "moved_urban", "moved"),
    (0, 1, True, True, "rotation", "moved"),
    (1, 0, True, True, "retired", "exempt"),
    (1, 0, True, True, "resigned", "lost"),
    (1, 0, True, True, None, "lost"),
    (1, 0, True, False, None, "unsorted"),
    (None, None, False, True, None, "unknown"),
)


def panel() -> Panel:
    names = ["attrition_A4", "attrition_A3", "is_followed", "has_reasons", "exit_reason", "head"]
    frame = pd.DataFrame(list(ROWS), columns=names).assign(year=2025)
    frame["teacher_id"] = [f"t{i}" for i in range(len(frame))]
    return Panel("drawn", 2025, frame)


def test_everybody_stands_under_the_head_the_definitions_give() -> None:
    found = count_destinations(STUDY, panel())
    expected = panel().frame["head"].value_counts().to_dict()
    counted: dict[str, int] = {}
    for part in found:
        counted[part.head] = counted.get(part.head, 0) + part.n
    assert counted == expected
    assert sum(counted.values()) == len(ROWS)


def test_without_a_rule_that_sets_reasons_apart_everyone_gone_is_unsorted() -> None:
    outcome = STUDY.outcomes["attrition"]
    rules = {k: r for k, r in outcome.definitions.items() if not r.excludes}
    bare = outcome.model_copy(update={"definitions": rules, "primary": "A4"})
    study = STUDY.model_copy(update={"outcomes": {"attrition": bare}})
    found = {d.head: 0 for d in count_destinations(study, panel())}
    for part in count_destinations(study, panel()):
        found[part.head] += part.n
    assert found == {"stayed": 2, "moved": 2, "lent": 1, "unsorted": 4, "unknown": 1}


def test_a_second_row_of_one_teacher_counts_once() -> None:
    twice = replace(panel(), frame=pd.concat([panel().frame, panel().frame.head(1)]))
    assert sum(d.n for d in count_destinations(STUDY, twice)) == len(ROWS)


def test_one_roster_alone_follows_nobody() -> None:
    frame = panel().frame.assign(is_followed=False)
    assert count_destinations(STUDY, replace(panel(), frame=frame)) == ()
    assert (
        count_destinations(STUDY, replace(panel(), frame=frame.drop(columns="is_followed"))) == ()
    )
