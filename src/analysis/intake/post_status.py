"""People whom a roster still lists though its own column says that they have left: they are not in post."""

from __future__ import annotations

from dataclasses import replace

from analysis.intake.ledger import join_lines, row_lines
from analysis.intake.typed_rows import TypedRows

STATUS = "post_status"
OUT_OF_POST = (
    "retired",
    "gone",
)  # away or on leave is still in post: leave and secondment are no loss


def only_in_post(part: TypedRows) -> TypedRows:
    """A roster without the rows whose status says retired or gone, each with a ledger line; other parts as they are.

    Who is away for a time or on leave keeps the post (domain 2.1, 3.2 item 14).
    """
    if part.table != "roster" or STATUS not in part.frame:
        return part
    is_out = part.frame[STATUS].isin(OUT_OF_POST)
    if not is_out.any():
        return part
    lines = row_lines("not_in_post", part.frame[is_out], part.table, variable=STATUS)
    kept = part.frame[~is_out].reset_index(drop=True)
    return replace(part, frame=kept, lines=join_lines([part.lines, lines]))
