"""The parts of the report page: one function per notebook cell, each from the worded report to a fragment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from analysis.errors import RunError, nearest
from analysis.inference.record import Estimate
from analysis.present.figures import figure_html
from analysis.present.heat import heat_html
from analysis.present.labels import label_ids, ordinal, strength, word
from analysis.present.markup import Fragment, el, esc, join, txt
from analysis.present.plot import Plot, open_plot
from analysis.present.tables import table_html
from analysis.present.trail import (
    EFFECTS,
    REST,
    SUMMARY,
    TrailBook,
    claim_html,
    open_book,
    problem_place,
    shown_evidence,
    slot_link,
    trail_list,
)
from analysis.release.claims import (
    Claim,
    FigureSpec,
    Headline,
    Passage,
    Report,
    Scope,
    Section,
    Table,
)
from analysis.release.disclosure import disclose_all

CONTENTS_PLACE = '<nav class="contents"></nav>'


@dataclass(frozen=True)
class Page:
    """A report ready to be shown: its estimates by id, the places of its numbers, its records."""

    report: Report
    estimates: Mapping[str, Estimate]
    book: TrailBook


def open_page(report: Report, estimates: Iterable[Estimate]) -> Page:
    """Look everything up once; small cells are hidden here too, so that no figure can show one.

    Raises RunError if a number of the report has no record.
    """
    return Page(report, disclose_all(tuple(estimates))[0], open_book(report))


def plot_of(page: Page, spec: FigureSpec) -> Plot:
    """One figure with its estimates."""
    return open_plot(spec, page.estimates)


def box(label: str) -> str:
    """A strength label: dots and word in a thin box, dashed for a mere clue."""
    found = strength(label)
    dots = txt("span", found.dots, cls="dots", aria_hidden="true") if found.dots else ""
    return el("span", dots + esc(found.word), cls=f"label {found.id}")


def section(place: str, title: str, *parts: str, cls: str = "") -> Fragment:
    """A part of the page with its heading."""
    heading = txt("h2", title, id=f"h-{place}")
    content = join(heading, *parts).html
    return Fragment(el("section", content, id=place, cls=cls, aria_labelledby=f"h-{place}"))


def paragraph(text: str, cls: str = "") -> str:
    """A paragraph of plain text."""
    return txt("p", text, cls=cls)


def plain_list(texts: Iterable[str], cls: str = "") -> str:
    """A list of plain texts; empty if there are none."""
    items = "".join(txt("li", t) for t in texts)
    return el("ul", items, cls=cls) if items else ""


def show_head(page: Page) -> Fragment:
    """The title, the line that says what the report stands on, and the mark of invented data."""
    return show_title(title_of(page.report), page.report.scope)


def title_of(report: Report) -> str:
    """The title of the report."""
    return word("title", region=report.scope.region_label, year=report.scope.year)


def show_title(title: str, scope: Scope) -> Fragment:
    """The head of any page: one h1, the scope line, the mark of invented data."""
    invented = paragraph(word("invented"), "invented") if scope.is_invented else ""
    parts = join(txt("h1", title), invented, paragraph(scope.text, "scope"))
    return Fragment(el("div", parts.html, cls="head"))


def show_summary(page: Page) -> Fragment:
    """One page: ranked findings, what cannot be told, what the data refute, what the labels mean."""
    report = page.report
    heads = el("ol", "\n".join(headline(page, h) for h in report.headlines), cls="heads")
    return section(
        SUMMARY,
        word("summary"),
        heads,
        claims_line(page, "cannot_tell", report.cannot_tell),
        claims_line(page, "refuted", report.refuted),
        label_key(report),
        cls="summary",
    )


def headline(page: Page, head: Headline) -> str:
    """One finding: its lead, its key figure (phones), its sentence (wider and paper), its label."""
    key = ""
    if head.key_figure and head.claim is not None and head.claim.slots:
        trail = page.book.of(head.claim.slots[0].source)
        key = el("span", slot_link(head.key_figure, trail), cls="key")
    sentence = claim_html(page.book, head.claim, SUMMARY) if head.claim is not None else ""
    lead = el(
        "p", el("b", esc(head.lead)) + el("span", key + box(head.label), cls="tail"), cls="lead"
    )
    return el("li", lead + (el("p", sentence, cls="ev") if sentence else ""))


def claims_line(page: Page, name: str, claims: tuple[Claim, ...]) -> str:
    """A run-in head with its sentences; empty if there are none."""
    if not claims:
        return ""
    sentences = "".join(claim_html(page.book, c, SUMMARY) for c in claims)
    return el("p", txt("b", word(name) + word("colon")) + sentences, cls="besides")


def label_key(report: Report) -> str:
    """What the labels used in this report mean, and how to read a range."""
    used = {h.label for h in report.headlines} | {p.label for p in report.problems}
    used |= {c.label for c in report.claims()}
    rows = (
        el("div", el("dt", box(name)) + txt("dd", strength(name).meaning))
        for name in label_ids()
        if name in used
    )
    reading = txt("summary", word("range_title")) + paragraph(word("range_text"))
    return el("dl", "".join(rows), cls="labels") + el("details", reading, cls="range")


def show_contents() -> Fragment:
    """The place of the list of links; it is filled from the headings when the page is put together."""
    return Fragment(CONTENTS_PLACE)


def show_problems(page: Page) -> Fragment:
    """All problems in rank order."""
    return join(*(show_problem(page, p.id).html for p in page.report.problems))


def show_problem(page: Page, problem: str) -> Fragment:
    """One problem in the order that never changes; RunError names the nearest one if it is unknown."""
    known = {p.id: (i, p) for i, p in enumerate(page.report.problems, start=1)}
    if problem not in known:
        raise RunError("problem_unknown", problem=problem, nearest=nearest(problem, known) or "-")
    position, part = known[problem]
    title = word("ordinal", numeral=ordinal(position), title=part.title)
    place = problem_place(part.id)
    return section(
        place,
        title,
        el("p", box(part.label), cls="strength"),
        evidence(page, part),
        figures(page, part),
        parts_list(page, part),
        trail_list(page.book, place, word("trail")),
        cls="problem",
    )


def evidence(page: Page, part: Section) -> str:
    """One to three sentences, each with its strongest caveat unless the section says it below."""
    place = problem_place(part.id)
    claims = shown_evidence(page.report, part)
    return "\n".join(el("p", claim_with_caveat(page, c, place, part.not_shown)) for c in claims)


def claim_with_caveat(page: Page, claim: Claim, place: str, said: tuple[str, ...] = ()) -> str:
    """A sentence and its first caveat that is not said elsewhere."""
    caveat = next((c for c in claim.caveats if c not in said), "")
    return claim_html(page.book, claim, place) + esc(caveat)


def figures(page: Page, part: Section) -> str:
    """The figures of a problem; without one, the reason."""
    drawn = "\n".join(figure_html(plot_of(page, f)) for f in part.figures)
    return drawn or paragraph(word("no_figure"), "note")


def parts_list(page: Page, part: Section) -> str:
    """Range and strength, the parts, what it does not show, what may be done next year, what is not in the data."""
    plan = part.plan_hook or word("no_plan")
    rows = (
        ("strength", escaped((part.strength,))),
        ("sub_claims", [sub_claim(page, part, p) for p in part.sub_claims]),
        ("not_shown", escaped(part.not_shown)),
        ("plan_hook", escaped((plan,))),
        ("absent", escaped(part.absent)),
    )
    return el("dl", "\n".join(part_row(n, t) for n, t in rows if t), cls="parts")


def escaped(texts: Iterable[str]) -> list[str]:
    """Texts as HTML, without empty ones."""
    return [esc(t) for t in texts if t]


def sub_claim(page: Page, part: Section, passage: Passage) -> str:
    """One part of a problem: its name with what the data say, then its sentences."""
    place = problem_place(part.id)
    told = "".join(
        claim_with_caveat(page, c, place, part.not_shown) + esc(label_words(c))
        for c in passage.claims
    )
    return txt("b", passage.head + word("colon")) + told


def label_words(claim: Claim) -> str:
    """The strength of a like-for-like difference in brackets; nothing for plain figures, and what words say already."""
    if claim.label not in ("strong", "medium"):
        return ""
    return word("label_in_brackets", label=strength(claim.label).word)


def part_row(name: str, rows: Iterable[str]) -> str:
    """One named part of a problem; its rows are HTML."""
    return el("div", txt("dt", word(name)) + "".join(el("dd", r) for r in rows))


def show_changes(page: Page) -> Fragment:
    """What changed since last year: data, definitions, methods."""
    place = "changes"
    parts = (passages(page, page.report.changes, place), named_table(page, place))
    return section(place, word(place), *or_nothing(*parts), records(page, place))


def passages(page: Page, found: Iterable[Passage], place: str, cls: str = "passages") -> str:
    """Heads with their sentences; empty if there are none."""
    rows = (
        el(
            "div",
            txt("dt", p.head)
            + "".join(el("dd", claim_with_caveat(page, c, place)) for c in p.claims),
        )
        for p in found
    )
    shown = "\n".join(rows)
    return el("dl", shown, cls=cls) if shown else ""


def said_html(page: Page, place: str) -> str:
    """The sentences that stand above a section's table."""
    claims = page.report.said.get(place, ())
    return "\n".join(el("p", claim_with_caveat(page, c, place), cls="said") for c in claims)


def records(page: Page, place: str) -> str:
    """The records printed in a section, under their heading."""
    return trail_list(page.book, place, word("trail"))


def show_effects(page: Page) -> Fragment:
    """What can be said of each programme, each sentence with its label; all figures that belong to no problem."""
    sentences = "\n".join(
        el("p", box(c.label) + claim_with_caveat(page, c, EFFECTS), cls="effect")
        for c in page.report.effects
    )
    drawn = (figure_html(plot_of(page, f)) for f in page.report.figures.values())
    parts = (
        sentences,
        *drawn,
        *effect_tables(page),
        trail_list(page.book, EFFECTS, word("trail")),
    )
    return section(EFFECTS, word("effects"), *or_nothing(*parts))


def effect_tables(page: Page) -> list[str]:
    """The table of effects, then every table that has no section of its own."""
    own = ("changes", "demand", "reasons", "definitions", "measures")
    return [table_html(table) for name, table in page.report.tables.items() if name not in own]


def show_demand(page: Page) -> Fragment:
    """What was asked for against what was offered: a shaded table by area, topic and stage of career."""
    heat = page.report.heat
    return section("demand", word("demand"), *or_nothing(heat_html(heat) if heat else ""))


def show_reasons(page: Page) -> Fragment:
    """Where leavers went."""
    return table_section(page, "reasons")


def show_definitions(page: Page) -> Fragment:
    """The headline under every variant of its definition."""
    return table_section(page, "definitions")


def show_measures(page: Page) -> Fragment:
    """Every measure of the bureau's work: evaluated, described, audited, or without data."""
    return table_section(page, "measures")


def table_section(page: Page, name: str) -> Fragment:
    """A section that is one table of the report with the sentences above it; it says so if the data hold none."""
    parts = (said_html(page, name), named_table(page, name))
    return section(name, word(name), *or_nothing(*parts), records(page, name))


def named_table(page: Page, name: str) -> str:
    """One table of the report; empty if it has none of that name."""
    table = page.report.tables.get(name)
    return table_html(table) if table is not None else ""


def or_nothing(*parts: str) -> tuple[str, ...]:
    """The parts, or the sentence that there is nothing to list."""
    return parts if any(parts) else (paragraph(word("nothing")),)


def show_questions(page: Page) -> Fragment:
    """Questions that may be asked, with answers."""
    place = "questions"
    rows = passages(page, page.report.questions, place, "qa")
    return section(place, word(place), *or_nothing(rows), records(page, place))


def show_notes(page: Page) -> Fragment:
    """What comes first and why; notes on comparisons, answers, weights, hidden cells and rounding."""
    place = "notes"
    order = claims_line(page, "priority", page.report.said.get("priority", ()))
    shown = (order, said_html(page, place), plain_list(page.report.notes))
    return section(place, word(place), *or_nothing(*shown), records(page, place))


def show_trails(page: Page) -> Fragment:
    """The records that no problem prints, and links to those that one does."""
    book = page.book
    rest = {t.number for t in book.at(REST)}
    others = (t for t in page.report.trails if t.number not in rest)
    links = word("list_comma").join(
        slot_link(word("trail_mark", number=t.number), t)
        for t in sorted(others, key=lambda t: t.number)
    )
    elsewhere = el("p", esc(word("trail_elsewhere")) + links, cls="elsewhere") if links else ""
    return section(REST, word("trails"), *or_nothing(trail_list(book, REST), elsewhere))


def show_files(names: Iterable[str]) -> Fragment:
    """Links to the other files of the same folder, named in the wording file."""
    items = "".join(el("li", txt("a", word(f"file_{n}"), href=word(f"path_{n}"))) for n in names)
    return section("files", word("files"), el("ul", items, cls="files"))


def show_table(table: Table) -> Fragment:
    """One table by itself."""
    return Fragment(table_html(table))


def show_figure(page: Page, figure: str) -> Fragment:
    """One figure of the report by its id; RunError names the nearest one if it is unknown."""
    specs = {f.id: f for p in page.report.problems for f in p.figures} | dict(page.report.figures)
    if figure not in specs:
        raise RunError("figure_unknown", figure=figure, nearest=nearest(figure, specs) or "-")
    return Fragment(figure_html(plot_of(page, specs[figure])))


def show_plot(spec: FigureSpec, estimates: Iterable[Estimate]) -> Fragment:
    """One figure by itself, for the notebooks that have estimates and no report."""
    return Fragment(figure_html(open_plot(spec, disclose_all(tuple(estimates))[0])))


def show_section(place: str, title: str, *parts: Fragment | str) -> Fragment:
    """A heading with what belongs under it: texts become paragraphs."""
    shown = (p.html if isinstance(p, Fragment) else paragraph(p) for p in parts)
    return section(place, title, *shown)
