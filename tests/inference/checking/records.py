"""An Estimate typed by hand, for checks that read one."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from analysis.inference.record import Estimate

WORDS = (
    "id", "kind", "subject", "outcome", "definition", "estimand", "design", "assignment", "population", "unit",
)  # fmt: skip


def drawn_estimate(**values: Any) -> Estimate:
    """An Estimate with words "drawn", counts of 100 and the given values."""
    needed = [f.name for f in fields(Estimate)][:28]
    plain: dict[str, Any] = {name: "drawn" if name in WORDS else 100 for name in needed}
    return Estimate(**(plain | {"kind": "effect"} | values))
