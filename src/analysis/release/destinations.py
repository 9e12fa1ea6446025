"""Where the teachers of a year ago went, in words: staying first, moving is not loss, small reasons merged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.inference.destinations import BLANK, HEADS, Destination
from analysis.inference.record import Estimate
from analysis.intake.checking.comparison import hide_few
from analysis.release.claims import Claim, Table
from analysis.release.disclosure import MIN_PERSONS
from analysis.release.numbers import count_slot, level_text
from analysis.release.trails import day_text, fill
from analysis.release.wording import join, phrase, words
from analysis.study.objects import Study

NUMERIC = (False, True, True)
FULL = 100.0


@dataclass(frozen=True)
class Line:
    """One row of the table: a head, or the reasons under it; ``n`` is None where too few people are meant."""

    label: str
    n: int | None
    is_head: bool


def destinations_table(
    study: Study,
    counts: tuple[Destination, ...],
    n_roster: int,
    level: Estimate | None,
    region: str,
) -> Table | None:
    """Everybody under a head and, under it, by reason; None without counts or if they do not add up to the roster.

    ``level``: a rate of leaving, for its dates and files.
    """
    if not counts or level is None or sum(c.n for c in counts) != n_roster:
        return None
    start, end = (day_text(d) for d in level.period.split("/"))
    title = fill(phrase("reasons", "title", region=region, start=start, end=end), n=n_roster)
    lines = destination_lines(study, counts)
    return Table(
        "reasons",
        title,
        words("reasons", "heads"),
        (*(line_cells(x, n_roster) for x in lines), total_cells(n_roster)),
        NUMERIC,
        unit_line=phrase("reasons", "unit_line"),
        notes=tuple(table_notes(counts)),
        source=join(level.files),
        bars=(*(share(x.n, n_roster) for x in lines), FULL),
        heads_at=tuple(i for i, x in enumerate(lines) if x.is_head),
    )


def share(n: int | None, base: int) -> float:
    """Per cent of the roster; nothing is drawn of what is hidden."""
    return FULL * n / base if n else 0.0


def line_cells(line: Line, base: int) -> tuple[str, str, str]:
    """The cells of one row; the sign for hidden in both numbers of a hidden one."""
    indent = "" if line.is_head else phrase("reasons", "indent")
    if line.n is None:
        blank = phrase("tables", "hidden")
        return (indent + line.label, blank, blank)
    return (indent + line.label, str(line.n), level_text(FULL * line.n / base, "pp", base))


def total_cells(base: int) -> tuple[str, str, str]:
    """The last row: the roster."""
    return (phrase("page", "total"), str(base), level_text(FULL, "pp", base))


def destination_lines(study: Study, counts: tuple[Destination, ...]) -> list[Line]:
    """Heads in their order, the reasons of each below it; heads too small are hidden with the one that tells them."""
    groups = [(h, [c for c in counts if c.head == h]) for h in HEADS]
    groups = [(h, found) for h, found in groups if found]
    hidden = hide_few([(sum(c.n for c in found),) for _, found in groups])
    lines: list[Line] = []
    for (head, found), is_hidden in zip(groups, hidden, strict=True):
        n = None if is_hidden else sum(c.n for c in found)
        lines.append(Line(phrase("reasons", head), n, True))
        if not is_hidden and [c.reason for c in found] != [BLANK]:
            lines += [Line(reasons_text(study, part), sum(c.n for c in part), False)
                      for part in merge_small(found)]  # fmt: skip
    return lines


def merge_small(parts: Iterable[Destination]) -> list[list[Destination]]:
    """The reasons of one head, largest first, those of fewer than ten joined with the next until together they are.

    The blank reason is joined last, so that its share can be told.
    """
    found = sorted(parts, key=lambda c: (c.reason == BLANK, c.n))
    few = [c for c in found if c.n < MIN_PERSONS]
    rest = [c for c in found if c.n >= MIN_PERSONS]
    while few and rest and (len(few) < 2 or sum(c.n for c in few) < MIN_PERSONS):
        few.append(rest.pop(0))
    kept = sorted(([c] for c in rest), key=lambda part: -part[0].n)
    return [*kept, sorted(few, key=lambda c: -c.n)] if few else kept


def reasons_text(study: Study, part: list[Destination]) -> str:
    """The names of one row's reasons."""
    return join([reason_text(study, c.reason) for c in part])


def reason_text(study: Study, reason: str) -> str:
    """The name of a reason, or that none was given."""
    if reason == BLANK:
        return phrase("reasons", "blank")
    return study.variables["exit_reason"].code_label(reason)


def table_notes(counts: tuple[Destination, ...]) -> list[str]:
    """How moving differs from loss, what was merged, how many reasons are blank."""
    found = [phrase("reasons", "note_heads")]
    if any(c.n < MIN_PERSONS for c in counts):
        found.append(fill(phrase("reasons", "note_merged"), few=MIN_PERSONS))
    if any(c.head == "unsorted" for c in counts):
        found.append(phrase("reasons", "note_unsorted"))
    asked = [c for c in counts if c.head in ("moved", "lost", "exempt", "lent")]
    blank = [c for c in asked if c.reason == BLANK]
    if not any(c.n < MIN_PERSONS for c in blank) and blank:
        n, base = sum(c.n for c in blank), sum(c.n for c in asked)
        text = phrase("reasons", "note_blank")
        found.append(fill(text, n=n, base=base, share=level_text(FULL * n / base, "pp", base)))
    elif not blank and asked:
        found.append(phrase("reasons", "note_no_blank"))
    return found


def destination_claims(
    levels: dict[str, Estimate], has_table: bool, has_counts: bool
) -> tuple[Claim, ...]:
    """How many left by the narrow rule, how many moved, and that moving is no loss; why there is no table otherwise.

    ``levels``: the disclosed rates ``lost``, ``gone`` and ``moved`` of the report year, as far as there are any;
    without ``lost`` nobody can tell who of those gone has retired.
    """
    if not has_counts:
        return (plain("absent", phrase("reasons", "absent")),)
    found = [] if has_table else [plain("differs", phrase("reasons", "differs"))]
    out = "lost" if "lost" in levels else "gone"
    left, moved = levels.get(out), levels.get("moved")
    if left is None or moved is None or events(left) is None or events(moved) is None:
        return tuple(found)
    slots = (
        count_slot("n", left.n_teachers, left.id),
        count_slot(out, events(left) or 0, left.id),
        count_slot("moved", events(moved) or 0, moved.id),
    )
    text = phrase("reasons", "summary" if out == "lost" else "summary_unsorted")
    said = Claim("reasons:summary", "", "level", text, slots, "level", (), left.id)
    return (said, *found)


def plain(name: str, text: str) -> Claim:
    """A sentence without a number."""
    return Claim(f"reasons:{name}", "", "level", text, (), "none")


def events(level: Estimate) -> int | None:
    """How many it counts; None if hidden."""
    arm = level.arms.get("all")
    return arm.n_events if arm else None
