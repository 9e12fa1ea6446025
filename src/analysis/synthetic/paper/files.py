"""Writes one file of a delivery: the suffix of its name says how."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.synthetic.paper.csv_files import write_csv
from analysis.synthetic.paper.form import Form
from analysis.synthetic.paper.layout import form_table, leaf_headers, named_headers, plan_pages
from analysis.synthetic.paper.old_workbooks import write_xls
from analysis.synthetic.paper.workbooks import write_xlsx


def write_file(folder: Path, form: Form, rows: pd.DataFrame, year: int) -> Path:
    """Write the entries of a form into ``folder`` and give the file; a row of ``rows`` is a row of the file.

    Raises ValueError for a suffix that nobody sends, or a table too long for its format.
    """
    path = folder / form.file
    if path.suffix == ".csv":
        return write_csv(path, form_table(form, rows), leaf_headers(form), form.encoding)
    if path.suffix == ".xlsx":
        return write_xlsx(path, *plan_pages(form, rows), year)
    if path.suffix == ".xls":
        return write_xls(path, *plan_pages(form, rows))
    if path.suffix == ".parquet":
        names = [*named_headers(form).values(), *form.extra]
        table = pa.Table.from_pandas(form_table(form, rows), preserve_index=False)
        pq.write_table(table.rename_columns(names), path)
        return path
    raise ValueError(f"{form.file}: no way to write {path.suffix or 'this'}")
