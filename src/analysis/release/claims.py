"""Claims: sentences whose every number is a slot with a trail back to the raw file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

SLOT = re.compile(r"\{([a-z][a-z0-9_]*)\}")


@dataclass(frozen=True)
class Slot:
    """One number in a sentence: the unrounded value, how it is printed (number with unit), and its source.

    ``source`` is the id of the estimate it comes from.
    """

    name: str
    value: float
    text: str
    unit: str
    source: str
    decimals: int


@dataclass(frozen=True)
class Claim:
    """One sentence: ``text`` is a template whose ``{names}`` are slots.

    ``label`` is the strength label's id (strong, medium, weak, none, clue, level); caveats are sentences.
    """

    id: str
    problem: str
    kind: str
    text: str
    slots: tuple[Slot, ...]
    label: str
    caveats: tuple[str, ...] = ()
    estimate: str = ""

    def slot(self, name: str) -> Slot:
        """The slot of that name; KeyError if the claim has none."""
        return {s.name: s for s in self.slots}[name]

    def plain(self) -> str:
        """The sentence as a reader sees it, numbers filled in."""
        return SLOT.sub(lambda m: self.slot(m.group(1)).text, self.text)


@dataclass(frozen=True)
class Trail:
    """Where one number comes from: the two lines that are always visible, and the rest behind them.

    ``number`` is the printed mark; ``lines`` are (label, text) pairs that are always visible, ``more`` the folded ones.
    """

    number: int
    estimate: str
    lines: tuple[tuple[str, str], ...]
    more: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Headline:
    """One line of the one-page summary: a bold lead, one sentence of evidence, a label."""

    problem: str
    lead: str
    key_figure: str
    claim: Claim | None
    label: str


@dataclass(frozen=True)
class Section:
    """One problem: finding as title, evidence, range and label, what it does not show, hook, trail.

    ``figures`` are (kind, estimate ids, title, subtitle, reading, source) specs that ``present`` draws.
    """

    id: str
    title: str
    label: str
    evidence: tuple[Claim, ...]
    strength: str
    not_shown: tuple[str, ...]
    plan_hook: str
    figures: tuple[FigureSpec, ...] = ()
    absent: tuple[str, ...] = ()
    sub_claims: tuple[Passage, ...] = ()

    def leading(self) -> tuple[Claim, ...]:
        """The evidence that no part of the problem tells."""
        told = {c.id for p in self.sub_claims for c in p.claims}
        return tuple(c for c in self.evidence if c.id not in told)


@dataclass(frozen=True)
class FigureSpec:
    """What to draw, in words and ids; ``present`` turns it into SVG, caption and data table.

    ``kind``: forest, gap, trend, ruler; event_study, curve, points or distribution for a ``series`` of one
    estimate; weights for two shares a row. ``rows`` are estimate ids in drawing order; ``row_labels`` name them one
    by one (in a trend of levels: the group). ``arm_labels`` name focus and reference. ``point_labels`` name the
    points of the series in its order, ``choices`` what each point of a curve is made of. ``cut``: the score that
    parts a distribution. ``start``: the first year of a policy in a trend. ``definition`` follows the source.
    """

    id: str
    kind: str
    title: str
    subtitle: str
    reading: str
    source: str
    alt_title: str
    alt_text: str
    rows: tuple[str, ...]
    unit: str
    row_labels: tuple[str, ...] = ()
    arm_labels: tuple[str, ...] = ()
    definition: str = ""
    series: str = ""
    point_labels: tuple[str, ...] = ()
    choices: tuple[tuple[str, ...], ...] = ()
    cut: float | None = None
    start: int | None = None


@dataclass(frozen=True)
class Table:
    """A table ready to show: heads, cells as text, which columns are numbers, a unit line, notes, a source.

    Cells are never empty; ``0`` true zero, ``—`` not applicable, ``…`` not in the data, ``※`` hidden for small numbers.
    ``bars``: per cent of one total, drawn in each row; ``heads_at``: rows that head those below them.
    """

    id: str
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    unit_line: str = ""
    notes: tuple[str, ...] = ()
    source: str = ""
    bars: tuple[float, ...] = ()
    heads_at: tuple[int, ...] = ()


@dataclass(frozen=True)
class HeatCell:
    """One cell: its number as text (or a symbol), its shade 1 to 5 (0: hidden or no data), its place among the top."""

    text: str
    shade: int
    place: int = 0
    ranks: str = ""


@dataclass(frozen=True)
class HeatMap:
    """A shaded table in blocks, one per area; ``rows`` of a block: a topic and one cell per head."""

    id: str
    title: str
    heads: tuple[str, ...]
    blocks: tuple[tuple[str, tuple[tuple[str, tuple[HeatCell, ...]], ...]], ...]
    unit_line: str
    summary: str
    notes: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Passage:
    """Sentences under a head of their own: a question with its answer, or one kind of change; never without a claim."""

    id: str
    head: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True)
class Scope:
    """The line under the title: what the report stands on."""

    region: str
    region_label: str
    year: int
    as_of: str
    n_teachers: int
    n_schools: int
    n_answers: int
    text: str
    is_invented: bool


@dataclass(frozen=True)
class Report:
    """Everything the report shows, worded; ``present`` adds only looks.

    ``trails`` are numbered through the report; ``problems`` in rank order. ``said`` holds the sentences that stand
    above the tables of a section (reasons, definitions) or among the notes, by the section's name.
    """

    scope: Scope
    headlines: tuple[Headline, ...]
    cannot_tell: tuple[Claim, ...]
    refuted: tuple[Claim, ...]
    problems: tuple[Section, ...]
    effects: tuple[Claim, ...]
    changes: tuple[Passage, ...]
    tables: dict[str, Table]
    figures: dict[str, FigureSpec]
    trails: tuple[Trail, ...]
    notes: tuple[str, ...]
    questions: tuple[Passage, ...] = ()
    said: dict[str, tuple[Claim, ...]] = field(default_factory=dict)
    heat: HeatMap | None = None
    hidden: tuple[str, ...] = field(default_factory=tuple)

    def claims(self) -> tuple[Claim, ...]:
        """Every claim of the report, in reading order."""
        heads = tuple(h.claim for h in self.headlines if h.claim is not None)
        body = tuple(c for p in self.problems for c in p.evidence)
        rest = tuple(c for place in self.around().values() for c in place)
        return heads + self.cannot_tell + self.refuted + body + self.effects + rest

    def around(self) -> dict[str, tuple[Claim, ...]]:
        """The claims of the sections around problems and effects, by the section's name, in reading order."""
        changes, questions = (
            tuple(c for p in passages for c in p.claims)
            for passages in (self.changes, self.questions)
        )
        return {"changes": changes} | self.said | {"questions": questions}
