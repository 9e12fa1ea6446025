"""The one record every estimator returns, and the checks it carries; nothing downstream reads anything else."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Literal

Grade = Literal["A", "B", "C", "D", "E"]
Verdict = Literal["direction", "bounded", "undetermined"]
Kind = Literal["effect", "gap", "level", "association"]
LISTS = ("checks", "arms", "files", "left_out", "series")
GRADES: tuple[Grade, ...] = ("A", "B", "C", "D", "E")


@dataclass(frozen=True)
class Check:
    """One diagnostic: ``value`` in its own unit, what it decided, and what that cost.

    ``cap``: the best grade still possible; ``steps``: grades lost; ``blocks``: no sentence (grade E).
    """

    name: str
    value: float | None
    verdict: Literal["pass", "caution", "fail", "not_run"]
    cap: Grade | None = None
    steps: int = 0
    blocks: bool = False
    detail: str = ""


@dataclass(frozen=True)
class Point:
    """One point of a series that stands beside an estimate, in the estimate's unit unless the series says otherwise.

    ``label``: periods since the start, a horizon in years, the id of a specification or of a part.
    """

    label: str
    estimate: float | None
    std_error: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    n: int | None = None


@dataclass(frozen=True)
class Arm:
    """One side of a contrast: its people, schools, events (yes/no outcomes), and unadjusted level."""

    n_teachers: int
    n_schools: int
    n_events: int | None
    level: float | None
    std_error: float | None = None
    n_rows: int = 0  # teacher-years; more than the teachers where several years are pooled


@dataclass(frozen=True)
class Estimate:
    """One number with everything needed to judge, hide, word and trace it.

    Risks are in percentage points (unit ``pp``), scores in points; ``n_*`` are counts of the rows used.
    ``arms`` holds ``treated`` and ``control`` (effects), ``focus`` and ``reference`` (gaps) or ``all`` (levels).
    """

    id: str
    kind: Kind
    subject: str  # intervention id or indicator id
    outcome: str  # outcome id or panel column
    definition: str
    estimand: str  # key of the estimand sentence in wording.toml
    design: str
    assignment: str
    population: str
    unit: str
    year: int
    estimate: float | None
    std_error: float | None
    df: float | None
    ci_low: float | None
    ci_high: float | None
    p_value: float | None
    p_adjusted: float | None
    ci_adj_low: float | None
    ci_adj_high: float | None
    n_teachers: int
    n_schools: int
    n_treated: int
    n_treated_schools: int
    n_control_schools: int
    n_dropped: int
    mde: float | None
    relevant_effect: float | None
    raw_difference: float | None = None
    pre_difference: float | None = None
    ratio: float | None = None
    ratio_low: float | None = None
    ratio_high: float | None = None
    arms: dict[str, Arm] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    grade: Grade = "E"
    verdict: Verdict = "undetermined"
    family: str = ""
    files: tuple[str, ...] = ()
    sample_id: str = ""
    reason: str = ""  # key of the reason in wording.toml when there is no estimate
    period: str = ""  # ISO dates of base and look-up, for outcomes that follow people
    n_family: int = 0  # comparisons adjusted for together
    is_weighted: bool = False  # by the survey's own weights
    left_out: tuple[str, ...] = ()  # covariates that the data do not have
    std_error_kind: str = (
        ""  # CRV1, CRV3, wild, HC1, classical, replicate, bootstrap: what the interval rests on
    )
    # event_study, cohorts, horizons, destinations, specifications, sensitivity, decomposition, flow,
    # same_score (other definitions read from the same score): see Point
    series: dict[str, tuple[Point, ...]] = field(default_factory=dict)
    note: str = ""  # what was done in place of the first choice, as a key of wording.toml

    @property
    def is_usable(self) -> bool:
        """Whether a sentence may be made of it at all."""
        return self.estimate is not None and self.grade != "E"

    def as_row(self) -> dict[str, object]:
        """One flat row for ``estimates.csv``; checks as ``name=verdict`` pairs, arms as counts."""
        row = {k: v for k, v in asdict(self).items() if k not in LISTS}
        row["checks"] = "; ".join(f"{c.name}={c.verdict}" for c in self.checks)
        row |= {k: "; ".join(getattr(self, k)) for k in ("files", "left_out")}
        for name, arm in self.arms.items():
            row |= {f"{name}_{k}": v for k, v in asdict(arm).items()}
        return row
