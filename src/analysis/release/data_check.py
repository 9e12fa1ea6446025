"""All tables of the data check, from the verdict on each file to the columns that nothing uses."""

from __future__ import annotations

from analysis.intake.delivery import Delivery
from analysis.release.check_changes import change_tables
from analysis.release.check_links import link_tables
from analysis.release.check_sheet import sheet_tables
from analysis.release.check_survey import survey_tables
from analysis.release.check_todo import spelling_tables
from analysis.release.claims import Table
from analysis.study.objects import Study

MAKERS = (sheet_tables, change_tables, spelling_tables, link_tables, survey_tables)


def check_tables(study: Study, delivery: Delivery) -> dict[str, Table]:
    """Every table of the data check by id; one that would be empty is left out."""
    return {table.id: table for make in MAKERS for table in make(study, delivery)}
