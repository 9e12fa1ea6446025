"""The report as an official paper in Word: the same sentences and marks, figures and tables after the text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docx.document import Document as WordDocument

from analysis.present.docx_page import new_document, run, stable_bytes
from analysis.present.docx_parts import (
    add_bookmark,
    add_caption,
    add_claim,
    add_page_break,
    add_picture,
    add_table,
)
from analysis.present.figures import png, source_line
from analysis.present.labels import ordinal, strength, word
from analysis.present.page import Page, label_words, plot_of, title_of
from analysis.present.rare import footnote
from analysis.present.sources import compact
from analysis.present.trail import shown_evidence
from analysis.release.claims import (
    Claim,
    FigureSpec,
    Headline,
    Passage,
    Section,
    Table,
    Trail,
)

TABLE_ORDER = ("changes", "effects", "demand", "reasons", "definitions", "measures")
OTHERS = TABLE_ORDER[2:]  # sections that are tables, with sentences above them


@dataclass(frozen=True)
class Annex:
    """Figures and tables in the order of their first mention; their place in it is their number."""

    figures: tuple[FigureSpec, ...]
    tables: tuple[Table, ...]

    def mention(self, kind: str, name: str) -> str:
        """The words that stand in the text instead of the figure or table."""
        names = [x.id for x in (self.figures if kind == "figure" else self.tables)]
        number = f"{word(f'annex_{kind}')}{names.index(name) + 1}"
        return word("see", number=number)


def write_word(page: Page, target: Path, mark: str = "") -> Path:
    """Write the report as .docx and return its path; ``mark`` is the short hash of the manifest."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(stable_bytes(make_document(page, mark)))
    return target


def make_document(page: Page, mark: str = "") -> WordDocument:
    """Title, summary, problems, the other sections, annex, records."""
    document = new_document(title_of(page.report))
    annex = annex_of(page)
    add_head(document, page, mark)
    for position, part in enumerate(page.report.problems, start=1):
        add_problem(document, page, annex, position, part)
    add_other_sections(document, page, annex)
    add_annex(document, page, annex)
    add_records(document, page.report.trails)
    return document


def annex_of(page: Page) -> Annex:
    """All figures and tables of the report in the order in which the text mentions them."""
    report = page.report
    figures = (f for p in report.problems for f in p.figures)
    tables = (t for name in TABLE_ORDER for t in tables_under(page, name))
    return Annex((*figures, *report.figures.values()), tuple(tables))


def tables_under(page: Page, name: str) -> list[Table]:
    """The tables of one section; those without a section of their own stand with the effects."""
    known = page.report.tables
    if name == "effects":
        return [t for n, t in known.items() if n == name or n not in TABLE_ORDER]
    return [known[name]] if name in known else []


def add_head(document: WordDocument, page: Page, mark: str) -> None:
    """Title, what the report stands on, the ranked findings, what cannot be told, what is refuted."""
    report = page.report
    document.add_paragraph(title_of(report), style="Title")
    if report.scope.is_invented:
        document.add_paragraph(word("invented") + word("sentence_stop"))
    number = word("sentence_stop") + word("mark") + mark if mark else ""
    document.add_paragraph(report.scope.text + number + word("sentence_stop"))
    for head in report.headlines:
        add_headline(document, page, head)
    add_claims_line(document, page, "cannot_tell", report.cannot_tell)
    add_claims_line(document, page, "refuted", report.refuted)


def add_headline(document: WordDocument, page: Page, head: Headline) -> None:
    """A bold lead with its label, then its sentence, in one paragraph."""
    paragraph = document.add_paragraph()
    run(paragraph, head.lead).font.bold = True
    run(
        paragraph,
        word("label_in_brackets", label=strength(head.label).word) + word("sentence_stop"),
    )
    if head.claim is not None:
        add_claim(paragraph, page.book, head.claim)


def add_claims_line(
    document: WordDocument, page: Page, name: str, claims: tuple[Claim, ...]
) -> None:
    """A run-in head with its sentences; nothing if there are none."""
    if not claims:
        return
    paragraph = document.add_paragraph()
    run_in(paragraph, name)
    for claim in claims:
        add_claim(paragraph, page.book, claim)


def run_in(paragraph: Any, name: str) -> None:
    """A head within the line, in the second face."""
    run(paragraph, word(name) + word("colon"), "second")


def add_heading(document: WordDocument, position: int, title: str) -> None:
    """A heading of the first level with its Chinese numeral."""
    document.add_heading(word("ordinal", numeral=ordinal(position), title=title), level=1)


def add_problem(
    document: WordDocument, page: Page, annex: Annex, position: int, part: Section
) -> None:
    """One problem, in the order of the page."""
    add_heading(document, position, part.title)
    for claim in shown_evidence(page.report, part):
        add_claim(document.add_paragraph(), page.book, claim)
    for figure in part.figures:
        document.add_paragraph(annex.mention("figure", figure.id))
    add_part(document, "strength", (strength_words(part),))
    for passage in part.sub_claims:
        add_line(document, page, passage)
    add_part(document, "not_shown", part.not_shown)
    add_part(document, "plan_hook", (part.plan_hook or word("no_plan"),))
    add_part(document, "absent", part.absent)


def strength_words(part: Section) -> str:
    """The line on range and strength; it begins with the label unless it names it itself."""
    label = strength(part.label).word
    return (
        part.strength if label in part.strength else label + word("sentence_stop") + part.strength
    )


def add_part(document: WordDocument, name: str, texts: Iterable[str]) -> None:
    """One named part of a problem; nothing if it is empty."""
    shown = [t for t in texts if t]
    if shown:
        paragraph = document.add_paragraph()
        run_in(paragraph, name)
        run(paragraph, "".join(shown))


def add_other_sections(document: WordDocument, page: Page, annex: Annex) -> None:
    """What follows the problems, numbered on."""
    position = len(page.report.problems)
    for name, lines in other_sections(page, annex):
        position += 1
        add_heading(document, position, word(name))
        for line in lines:
            add_line(document, page, line)


def add_line(document: WordDocument, page: Page, line: str | Claim | Passage) -> None:
    """One paragraph: a text as it is, a claim with its marks, label and caveat, a head with its sentences."""
    paragraph = document.add_paragraph()
    if isinstance(line, str):
        run(paragraph, line)
    elif isinstance(line, Passage):
        run(paragraph, line.head + word("colon"), "second")
        for claim in line.claims:
            add_claim(paragraph, page.book, claim)
            run(paragraph, "".join(claim.caveats[:1]) + label_words(claim))
    else:
        add_claim(paragraph, page.book, line)
        run(paragraph, "".join(line.caveats[:1]))
        run(paragraph, word("label_in_brackets", label=strength(line.label).word))


def other_sections(page: Page, annex: Annex) -> list[tuple[str, list[str | Claim | Passage]]]:
    """The sections after the problems that have anything to say."""
    report = page.report
    texts: dict[str, list[str | Claim | Passage]] = {
        "changes": [*report.changes],
        "effects": [*report.effects],
        **{name: [*report.said.get(name, ())] for name in OTHERS},
        "questions": [*report.questions],
        "notes": [*report.said.get("notes", ()), *report.notes],
    }
    for name in TABLE_ORDER:
        drawn = report.figures.values() if name == "effects" else ()
        seen = [annex.mention("figure", f.id) for f in drawn]
        seen += [annex.mention("table", t.id) for t in tables_under(page, name)]
        texts[name] += ["".join(seen)] if seen else []
    return [(name, lines) for name, lines in texts.items() if lines]


def add_annex(document: WordDocument, page: Page, annex: Annex) -> None:
    """Figures, then tables, on their own pages."""
    if not (annex.figures or annex.tables):
        return
    add_page_break(document)
    document.add_heading(word("annex"), level=1)
    for number, spec in enumerate(annex.figures, start=1):
        add_figure(document, page, number, spec)
    for number, table in enumerate(annex.tables, start=1):
        add_caption(document, "annex_table", number, table.title)
        add_table(document, table)


def add_figure(document: WordDocument, page: Page, number: int, spec: FigureSpec) -> None:
    """One figure: finding, measure, picture, how to read it, source."""
    plot = plot_of(page, spec)
    add_caption(document, "annex_figure", number, spec.title)
    measure = document.add_paragraph(spec.subtitle, style="Note")
    measure.paragraph_format.keep_with_next = True
    add_picture(document, png(plot), spec.alt_title, spec.alt_text)
    reading = document.add_paragraph(style="Note")
    run(reading, word("how_to_read") + word("colon") + spec.reading)
    reading.paragraph_format.keep_with_next = True
    for text in (*filter(None, (footnote(plot.rare), source_line(plot))), ""):
        document.add_paragraph(text, style="Note")


def add_records(document: WordDocument, trails: tuple[Trail, ...]) -> None:
    """The last section: every record with the lines that a page always shows."""
    document.add_heading(word("trails"), level=1)
    for trail in sorted(trails, key=lambda t: t.number):
        paragraph = document.add_paragraph(style="Record")
        add_bookmark(paragraph, trail)
        run(paragraph, word("trail_mark", number=trail.number))
        pairs = (word("trail_pair", label=label, text=compact(text)) for label, text in trail.lines)
        run(paragraph, word("list_stop").join(pairs) + word("sentence_stop"))
