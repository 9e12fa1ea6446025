"""The data check's tables on linking: what is lost under a strict and a loose link, and how sure the links are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from analysis.intake.delivery import Delivery
from analysis.intake.linking.probable import SURE
from analysis.release.check_sheet import NAMES, make_table, rows_of, table_name
from analysis.release.claims import Table
from analysis.release.numbers import round_text
from analysis.release.trails import fill
from analysis.release.wording import phrase, words
from analysis.study.objects import Study

SHARE_DIGITS = 2  # of a per cent: strict and loose differ by tenths of a point
CONFIDENCE_DIGITS = 2
HIGHEST = 0.999  # of a link by probability: what its test on known pairs can support, whatever the model says


def link_tables(study: Study, delivery: Delivery) -> Iterator[Table]:
    """The tables of linking with notes on what strict, main and loose mean; one that would be empty is left out."""
    followed = tuple(followed_row(row) for row in rows_of(delivery, "followed"))
    if followed:
        table = make_table(delivery, "followed", followed, (False, False, True, True, True, True))
        sure = round_text(100 * SURE, 0)
        notes = tuple(fill(note, sure=sure) for note in words(NAMES, "followed_notes"))
        yield replace(table, notes=notes)
    found = [r for r in rows_of(delivery, "confidence") if r["year"] == delivery.year]
    if found:
        rows = tuple(confidence_row(row) for row in found)
        table = make_table(delivery, "confidence", rows, (False, True, False, True, True))
        yield replace(table, notes=words(NAMES, "confidence_notes"))


def followed_row(row: dict[str, object]) -> tuple[str, ...]:
    """One report year under one reading of who is who: the base, who is still there, who is gone, the share."""
    counts = tuple(str(row[name]) for name in ("n_base", "n_followed", "n_gone"))
    link = phrase("link_strictness", str(row["link"]))
    return (str(row["year"]), link, *counts, percent(row["rate"], SHARE_DIGITS))


def confidence_row(row: dict[str, object]) -> tuple[str, ...]:
    """One pass in one table: how many links, and how often such a link is right."""
    name = phrase("link_pass", str(row["link_pass"]))
    sure = confidence(row["confidence"], by_model=row["link_pass"] == "probable")
    return (table_name(str(row["table"])), str(row["year"]), name, str(row["n_links"]), sure)


def confidence(value: object, *, by_model: bool) -> str:
    """How often a link is right; of a model's own probability never more than ``HIGHEST``, as at least that."""
    if not by_model or not float(str(value)) > HIGHEST:
        return percent(value, CONFIDENCE_DIGITS)
    return fill(phrase(NAMES, "at_least"), share=percent(HIGHEST, CONFIDENCE_DIGITS))


def percent(value: object, digits: int) -> str:
    """A share in per cent; the sign for not applicable where there is no base."""
    share = float(str(value))
    if share != share:
        return phrase("tables", "not_applicable")
    return fill(phrase(NAMES, "percent"), share=round_text(100 * share, digits))
