"""More than 200 damaged files: each ends in a message that names it, or with every row kept or told; never otherwise."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.conftest import ROOT

LIMIT = 240  # seconds for all of them; an idle machine needs a few
Outcomes = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    """What became of each variant, read in a process of its own: a crash or a hang there fails the test here."""
    folder = tmp_path_factory.mktemp("damaged")
    command = [sys.executable, "-m", "tests.intake.damaged", str(folder)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT, check=False
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, (lines[-1], done.stderr[-3000:])
    return {line["name"]: line for line in lines if "name" in line}


def test_there_are_more_than_two_hundred(outcomes: Outcomes) -> None:
    assert len(outcomes) >= 280


def test_every_message_names_the_file_in_both_languages(outcomes: Outcomes) -> None:
    refused = [o for o in outcomes.values() if "error" in o]
    assert len(refused) >= 100
    for told in refused:
        for message in told["messages"]:
            assert message.count(told["file"]) >= 2, (told["name"], message)
            assert "Traceback" not in message


def test_rows_in_are_rows_kept_and_rows_told(outcomes: Outcomes) -> None:
    read = [o for o in outcomes.values() if "error" not in o]
    assert len(read) >= 100
    for told in read:
        assert told["rows_in"] == told["rows_kept"] + told["rows_told"], told


def test_no_table_is_silently_shorter(outcomes: Outcomes) -> None:
    known = [o for o in outcomes.values() if "error" not in o and o["expected"] is not None]
    assert len(known) >= 80
    for told in known:
        assert told["rows_in"] == told["expected"], told


REFUSED = {
    "zip_cut_6": "file_damaged",
    "without_xl/sharedStrings.xml": "file_damaged",
    "no_member": "file_damaged",
    "letter": "file_damaged",
    "bomb_declared": "file_too_large",
    "bomb_hidden": "file_damaged",  # unpacks to other than it says
    "locked": "file_protected",
    "cell_far": "sheet_too_far",
    "cell_beyond_64": "sheet_too_far",
    "empty_sheet": "file_empty",
    "header_only": "sheet_without_rows",
    "shape_missing": "column_missing",
    "foreign_html": "file_foreign",
    "foreign_pdf": "file_foreign",
    "csv_quote_open": "quote_open",
    "csv_column_missing": "column_missing",
    "csv_rows_longer_than_header": "rows_too_long",
    "csv_nulls": "unknown_encoding",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_says_why(outcomes: Outcomes, name: str) -> None:
    assert outcomes[name].get("error") == REFUSED[name]


TOLD = {
    "cell_error_ref": "nothing_word",  # an error cell is no blank one
    "cell_formula_blank": "unknown_spelling",
    "cell_formula_empty": "unknown_spelling",
    "cell_nan": "nothing_word",
    "cell_dde": "unknown_spelling",
    "cell_long": "long_text",
    "csv_three_megabytes": "long_text",
    "csv_formula": "not_a_number",
    "csv_ragged_short": "row_too_short",
    "csv_ragged_long": "row_too_long",
    "csv_read_as_latin": "double_encoded",
    "csv_gbk_as_latin": "double_encoded",
    "shape_trial": "test_row",
    "shape_same_header": "repeated_header",
}


@pytest.mark.parametrize("name", TOLD)
def test_what_is_read_in_spite_of_a_fault_is_told(outcomes: Outcomes, name: str) -> None:
    assert TOLD[name] in outcomes[name].get("rules", ())


@pytest.mark.parametrize(
    "name",
    [
        "macros",
        "links_outside",
        "merged",
        "hidden",
        "dates_1904",
        "rows_1048576",
        "shape_moved",
        "book_as_csv",
    ],
)
def test_what_is_only_odd_is_read(outcomes: Outcomes, name: str) -> None:
    assert outcomes[name].get("rows_in") == outcomes[name]["expected"]
