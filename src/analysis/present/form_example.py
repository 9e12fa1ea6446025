"""The example form that ``policy-report templates`` writes, and the list of names that a form may use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docx.document import Document as WordDocument

from analysis.intake.desk.templates import write_forms
from analysis.present.docx_page import new_document, run, stable_bytes
from analysis.present.docx_parts import fill_row, repeat_head, set_lines
from analysis.present.form import FIELDS
from analysis.release.wording import wording

STYLES = {"#": "Title", "=": "Heading 1", ">": "Note"}  # the first sign of a line of the example


def write_example(folder: Path) -> list[Path]:
    """The example form and the list of names in ``folder``. Raises ParameterError if it cannot be written."""
    words = wording()["form"]
    files = {
        str(words["file"]): stable_bytes(example_form()),
        str(words["names_file"]): names_text().encode("utf-8-sig"),
    }
    return write_forms(folder, files)


def example_form() -> WordDocument:
    """A whole form with loops over problems, programmes, tables and records."""
    words = wording()["form"]
    document = new_document(str(words["title"]))
    for line in words["lines"]:
        style = STYLES.get(line[:1], "")
        text = line[1:] if style else line
        run(document.add_paragraph(style=style or None), text)
    add_table(document, words["table"])
    for line in words["after"]:
        run(document.add_paragraph(style="Record"), line)
    return document


def add_table(document: WordDocument, rows: list[list[str]]) -> None:
    """A table whose row is repeated: the loop stands in rows of its own."""
    made: Any = document.add_table(rows=len(rows), cols=len(rows[0]))
    for row, cells in zip(made.rows, rows, strict=True):
        fill_row(row, tuple(cells), (False,) * len(cells))
    repeat_head(made.rows[0])
    set_lines(made)


def names_text() -> str:
    """All names, Chinese and English, those of a list's entries below it."""
    return "\n".join([str(wording()["form"]["names_head"]), *name_lines(FIELDS, "")]) + "\n"


def name_lines(fields: dict[str, Any], indent: str) -> list[str]:
    """The lines of some names and of what lies below them."""
    chinese, found = wording()["form"]["names"], []
    for name, shape in fields.items():
        found.append(f"{indent}{chinese[name]}  {name}")
        if isinstance(shape, list) and isinstance(shape[0], dict):
            found += name_lines(shape[0], indent + "    ")
    return found
