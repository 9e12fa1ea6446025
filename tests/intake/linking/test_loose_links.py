"""Who of this snapshot is who of the next when the name is written otherwise, and where nobody may say so."""

from __future__ import annotations

from io import StringIO

import pandas as pd

from analysis.intake.linking.loose_links import link_loosely


def rows(text: str) -> pd.DataFrame:
    """Posts drawn as name; school; post."""
    frame = pd.read_csv(StringIO(text.strip()), sep=";", header=None, dtype=str)
    frame.columns = pd.Index(["name_form", "school_id", "post"])
    return frame.map(str.strip, na_action="ignore").astype("str")


def pairs(base: str, later: str) -> list[tuple[str, str, str]]:
    """(base, later, pass) of every link."""
    found = link_loosely(rows(base), rows(later))
    return [tuple(row) for row in found[["base", "later", "link_pass"]].to_numpy()]


def test_an_initial_added_or_dropped_links() -> None:
    assert pairs("bo, ann;1;11", "bo, ann c;2;12") == [("bo, ann", "bo, ann c", "spelling")]


def test_two_different_initials_are_two_people() -> None:
    assert pairs("bo, ann b;1;11", "bo, ann c;1;12") == []


def test_a_namesake_in_either_snapshot_blocks_the_link() -> None:
    assert pairs("bo, ann;1;11\nbo, ann b;1;12", "bo, ann c;2;13") == []
    assert pairs("bo, ann;1;11", "bo, ann c;2;13\nbo, ann d;2;14") == []
    # a namesake who is linked already blocks it too: who left may be either of them
    assert pairs("bo, ann;1;11\nbo, ann b;1;12", "bo, ann b;1;12\nbo, ann c;2;13") == []


def test_one_half_of_a_surname_links() -> None:
    assert pairs("bo-ka, ann;1;11", "ka, ann;2;12") == [("bo-ka, ann", "ka, ann", "half_surname")]
    assert pairs("ka, ann;1;11", "bo-ka, ann;2;12") == [("ka, ann", "bo-ka, ann", "half_surname")]


def test_a_new_surname_links_only_in_the_same_post_of_the_same_school() -> None:
    assert pairs("bo, ann c;1;11", "li, ann c;1;11") == [("bo, ann c", "li, ann c", "same_post")]
    assert pairs("bo, ann c;1;11", "li, ann c;2;11") == []
    assert pairs("bo, ann c;1;11", "li, ann c;1;12") == []
    assert pairs("bo, ann c;1;11", "li, eva c;1;11") == []  # another person took the post over


def test_who_is_there_under_the_same_name_is_not_linked_otherwise() -> None:
    assert pairs("bo, ann;1;11", "bo, ann;2;12\nbo-li, ann;1;11") == []


def test_nobody_left_or_nobody_new_gives_no_link() -> None:
    frame = rows("bo, ann;1;11")
    assert link_loosely(frame.iloc[:0], frame).empty
    assert link_loosely(frame, frame.iloc[:0]).empty
