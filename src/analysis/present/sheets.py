"""The pages beside the report: the data check sheet and the technical appendix of one outcome."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from analysis.intake.delivery import Delivery
from analysis.present.labels import word
from analysis.present.markup import Fragment, el, esc, join, txt
from analysis.present.page import (
    box,
    paragraph,
    plain_list,
    show_plot,
    show_section,
    show_title,
)
from analysis.present.rare import rare_notes
from analysis.present.tables import table_html
from analysis.release.appendix import Appendix, Comparison
from analysis.release.appendix_figures import SeriesPart
from analysis.release.check_sheet import check_line, check_notes
from analysis.release.claims import Claim, Scope, Table
from analysis.release.spread_figures import weights_figure
from analysis.study.objects import Outcome, Study

FILES = ("word", "estimates", "claims", "manifest")
SURVEY_TABLES = ("response", "weights", "scales", "quality")


def check_title(delivery: Delivery) -> str:
    """The title of the data check sheet."""
    return dated(delivery, word("file_check"))


def appendix_title(delivery: Delivery, outcome: Outcome) -> str:
    """The title of the technical appendix of an outcome."""
    return dated(delivery, word("appendix_name", measure=outcome.label))


def dated(delivery: Delivery, name: str) -> str:
    """A page's name after region and year."""
    return delivery.label + word("year_name", year=delivery.year) + name


def appendix_path(outcome: str) -> str:
    """The file name of an outcome's appendix, beside the report."""
    return f"{outcome.replace('_', '-')}.html"


def show_check_head(delivery: Delivery) -> Fragment:
    """Title of the data check sheet, the line under it, the mark of invented data."""
    return show_title(check_title(delivery), sheet_scope(delivery, check_line(delivery)))


def show_appendix_head(delivery: Delivery, appendix: Appendix) -> Fragment:
    """Title of an appendix, the line under it, the mark of invented data."""
    title = appendix_title(delivery, appendix.outcome)
    return show_title(title, sheet_scope(delivery, appendix.line))


def sheet_scope(delivery: Delivery, line: str) -> Scope:
    """What a page beside the report stands on, in one line."""
    return Scope(
        region=delivery.region,
        region_label=delivery.label,
        year=delivery.year,
        as_of=delivery.as_of,
        n_teachers=0,
        n_schools=0,
        n_answers=0,
        text=line,
        is_invented=delivery.is_invented,
    )


def show_check_part(tables: Mapping[str, Table], name: str) -> Fragment:
    """One table of the sheet under its heading; a sentence instead if there is nothing to list."""
    table = tables.get(f"check-{name}")
    shown = table_html(table) if table is not None else paragraph(word("nothing"))
    return show_section(name, word(f"check_{name}"), Fragment(shown))


def show_survey(study: Study, delivery: Delivery, tables: Mapping[str, Table]) -> Fragment:
    """Who answered beside who is on the roster, then the survey's tables; a sentence if there is no survey."""
    drawn = weights_figure(study, delivery)
    names = [n for n in SURVEY_TABLES if f"check-{n}" in tables]
    parts = [show_plot(*drawn)] if drawn is not None else []
    parts += [Fragment(table_html(tables[f"check-{name}"])) for name in names]
    nothing = Fragment(paragraph(word("nothing")))
    return show_section("survey", word("check_survey"), *(parts or [nothing]))


def show_check_todo(sentences: Iterable[str]) -> Fragment:
    """What the office has to look at first."""
    return show_section("todo", word("check_todo"), Fragment(plain_list(sentences)))


def show_check_notes(study: Study, delivery: Delivery) -> Fragment:
    """What a reader must know of the delivery as a whole, rare characters in its names among it."""
    notes = (*check_notes(delivery), *rare_notes(study, delivery))
    return show_section("notes", word("notes"), Fragment(plain_list(notes)))


def show_definitions(appendix: Appendix) -> Fragment:
    """Every definition of the outcome, what it counts, its level this year and last, and how scores are spread."""
    tables = (Fragment(table_html(t)) for t in appendix.definitions)
    spread = (show_plot(f, appendix.estimates) for f in appendix.spread)
    return show_section("definitions", word("appendix_definitions"), *tables, *spread)


def show_overview(appendix: Appendix) -> Fragment:
    """All comparisons at a glance: the figure, then the tables."""
    figures = (show_plot(f, appendix.estimates) for f in appendix.figures)
    tables = (Fragment(table_html(t)) for t in appendix.tables)
    return show_section("overview", word("overview"), *figures, *tables)


def show_detectable(appendix: Appendix) -> Fragment:
    """How small a change this year's data could have shown; a sentence where nothing was compared."""
    tables = [Fragment(table_html(t)) for t in appendix.detectable]
    nothing = Fragment(paragraph(word("nothing")))
    return show_section("detectable", word("appendix_detectable"), *(tables or [nothing]))


def show_comparisons(appendix: Appendix) -> Fragment:
    """Every programme with its sentences, its sample, its figures, its checks and its populations."""
    return join(*(show_comparison(c, appendix).html for c in appendix.comparisons))


def show_comparison(comparison: Comparison, appendix: Appendix) -> Fragment:
    """One programme."""
    sentences = (Fragment(sentence(claim)) for claim in comparison.claims)
    flow, tables = (
        [Fragment(table_html(t)) for t in found] for found in (comparison.flow, comparison.tables)
    )
    series = (show_series(p, appendix) for p in comparison.series)
    place = f"programme-{comparison.id}"
    return show_section(place, comparison.title, *sentences, *flow, *series, *tables)


def show_series(part: SeriesPart, appendix: Appendix) -> Fragment:
    """The figure of one series, or the sentence that says why there is none."""
    if part.figure is None:
        return Fragment(paragraph(part.sentence))
    return show_plot(part.figure, appendix.estimates)


def sentence(claim: Claim) -> str:
    """A claim without marks, its strongest caveat and its label."""
    text = esc(claim.plain() + "".join(claim.caveats[:1]))
    return el("p", f"{text} {box(claim.label)}")


def show_folder(study: Study) -> Fragment:
    """Links to the other files of a report's folder: the check sheet, an appendix per outcome, Word, tables."""
    links = [(word("path_check"), word("file_check"))]
    links += [
        (appendix_path(o.id), word("appendix_name", measure=o.label))
        for o in study.outcomes.values()
        if o.appendix
    ]
    links += [(word(f"path_{name}"), word(f"file_{name}")) for name in FILES]
    items = (el("li", txt("a", text, href=path)) for path, text in links)
    return show_section("files", word("files"), Fragment(el("ul", "".join(items), cls="files")))
