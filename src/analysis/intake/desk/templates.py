"""``policy-report templates``: the Excel forms that a bureau fills by hand, and the question bank.

A filled form needs no header line in ``source.toml``: its headers are the labels of ``study/variables.toml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from analysis.errors import ParameterError
from analysis.intake.desk.question_bank import bank
from analysis.intake.desk.question_bank_book import bank_book, bank_text
from analysis.intake.desk.templates_book import form_book
from analysis.intake.desk.templates_forms import Form, form_words, forms
from analysis.study.objects import Study
from analysis.study.workspace import YEAR


def write_templates(study: Study, folder: Path, year: str = "") -> list[Path]:
    """All forms and the question bank in ``folder`` (made if absent); the same bytes for the same study and year.

    Raises ParameterError for a year that is none, or for a folder that cannot be written.
    """
    if year and not YEAR.fullmatch(year):
        raise ParameterError("form_year", found=year)
    files = {
        form_file(number, form, year): form_book(study, form, year)
        for number, form in enumerate(forms(), 1)
    }
    files |= {
        bank().workbook: bank_book(study),
        bank().text_file: bank_text(study).encode("utf-8-sig"),
    }
    return write_forms(folder, files)


def write_forms(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Files by name into a folder that is made if need be; raises ParameterError if they cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
    except OSError as error:
        raise ParameterError("forms_not_written", folder=folder, detail=error) from error
    return [folder / name for name in files]


def form_file(number: int, form: Form, year: str) -> str:
    """The file name of a form, numbered so that a folder shows them in the usual order."""
    return str(form_words()["file"].format(number=f"{number:02d}", title=form.title, year=year))
