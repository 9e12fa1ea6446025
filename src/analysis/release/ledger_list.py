"""The whole ledger as a list that a spreadsheet opens: which cell of which file was changed, refused or left out."""

from __future__ import annotations

import csv
import io

from analysis.intake.delivery import Delivery
from analysis.release.check_sheet import table_name
from analysis.release.wording import phrase, words
from analysis.study.objects import Study

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")  # a text that begins so would run in a spreadsheet


def ledger_list(study: Study, delivery: Delivery) -> str:
    """CSV text, a line per ledger line: what was done, why, where, what was found. Identifying values by shape only."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(words("check_sheet", "list_heads"))
    for row in delivery.ledger.to_dict("records"):
        variable = study.variables.get(row["variable"])
        named = (phrase("ledger_kind", row["kind"]), phrase("ledger_rule", row["rule"]))
        place = (
            table_name(row["table"]) if row["table"] else "",
            row["year"],
            row["file"],
            row["sheet"],
            row["row"],
        )
        column = (row["column"], variable.label if variable else "")
        writer.writerow(
            [
                harmless(str(cell))
                for cell in (*named, *place, *column, row["found"], row["done"], row["n"])
            ]
        )
    return out.getvalue()


def harmless(text: str) -> str:
    """The text as a spreadsheet shows it instead of running it."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text
