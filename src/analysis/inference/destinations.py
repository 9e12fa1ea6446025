"""Where the teachers in post a year ago are now: counted once each, by the reason that the list of leavers gives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.panel.build import Panel
from analysis.study.objects import Definition, Outcome, Study

LENT = (
    "rotation",
    "supporting",
    "secondment",
)  # works elsewhere, still on the list of the own school
BLANK = ""
# gone, moved, lost: what the definition counts, and whether it leaves any reason out
KINDS = (("bureau", False), ("school", False), ("bureau", True))
HEADS = ("stayed", "moved", "lent", "exempt", "lost", "unsorted", "unknown")


@dataclass(frozen=True)
class Destination:
    """One way of staying or going and how many went it; ``reason`` is a code of the list of leavers, or empty.

    ``head``: stayed; moved (another school of the bureau) and lent (rotation and the like), both no loss; exempt
    (retired, deceased, on leave: no loss); lost; unsorted (gone, and no list of reasons); unknown (not followed).
    """

    head: str
    reason: str
    n: int


def count_destinations(study: Study, panel: Panel) -> tuple[Destination, ...]:
    """Every teacher of the report year's base under one head and reason; none without a later roster.

    The heads are those of the definitions: moved is the move between schools, exempt and lost together are everyone
    gone, lost alone is the narrowest definition of leaving the bureau. Where the study has none that sets reasons
    apart, everyone gone is unsorted.
    """
    outcome = next((o for o in study.outcomes.values() if o.source == "roster"), None)
    gone, moved, lost = (find_rule(outcome, *kind) for kind in KINDS)
    frame = panel.of_year()
    if outcome is None or gone is None or moved is None or "is_followed" not in frame:
        return ()
    people = frame.drop_duplicates("teacher_id")
    columns = [study.outcome_column(outcome.id, rule.id) for rule in (gone, moved)]
    if not people["is_followed"].any() or not set(columns) <= set(people):
        return ()
    heads = sort_heads(people, columns, lost.excludes if lost else None)
    reasons = people["exit_reason"].fillna(BLANK).where(~heads.isin(["stayed", "unknown"]), BLANK)
    counts = pd.DataFrame({"head": heads, "reason": reasons}).value_counts()
    found = [Destination(str(head), str(reason), int(n)) for (head, reason), n in counts.items()]
    return tuple(sorted(found, key=lambda d: (HEADS.index(d.head), -d.n, d.reason)))


def find_rule(outcome: Outcome | None, leaves: str, has_excludes: bool) -> Definition | None:
    """The definition of everybody that counts this; None if the study has none."""
    if outcome is None:
        return None
    rules = outcome.definitions.values()
    found = (r for r in rules if r.leaves == leaves and bool(r.excludes) == has_excludes)
    return next((r for r in found if not r.population), None)


def sort_heads(
    people: pd.DataFrame, columns: list[str], excludes: tuple[str, ...] | None
) -> pd.Series:
    """The head of each teacher; ``columns``: whether gone, whether moved; no ``excludes``: no loss told apart."""
    gone, moved = (people[c] == 1 for c in columns)
    reason = people["exit_reason"].fillna(BLANK)
    is_sorted = people["has_reasons"].astype(bool) & (excludes is not None)
    chosen = [
        ~people["is_followed"].astype(bool) | people[columns[0]].isna(),
        gone & ~is_sorted,
        gone & reason.isin(excludes or ()),
        gone,
        moved,
        reason.isin(LENT),
    ]
    names = ["unknown", "unsorted", "exempt", "lost", "moved", "lent"]
    return pd.Series(np.select(chosen, names, "stayed"), index=people.index)
