"""The pages beside the report are put together from their parts and lead to each other."""

import pytest

from analysis.intake.delivery import Delivery
from analysis.present import sheets
from analysis.release.appendix import compose_appendix
from analysis.release.claims import Table
from analysis.study.load import load_study
from analysis.study.workspace import open_workspace
from tests.release.drawn import effect
from tests.release.drawn_series import staggered


@pytest.fixture(scope="module")
def study():
    return load_study(open_workspace())


@pytest.fixture
def delivery():
    return Delivery(
        region="r", label="示例县", year=2025, tables={}, ledger=None, files=(), links=None,
        is_invented=True, fingerprint="", as_of="2025-09-01", notes=(),
    )  # fmt: skip


def test_titles_say_where_when_and_what(study, delivery):
    assert sheets.check_title(delivery) == "示例县2025年数据体检单"
    label = study.outcomes["attrition"].label
    assert (
        sheets.appendix_title(delivery, study.outcomes["attrition"])
        == f"示例县2025年{label}技术附录"
    )


def test_invented_data_are_named_on_every_page(delivery):
    assert "本报告使用虚构数据" in sheets.show_check_head(delivery).html


def test_a_part_without_a_table_says_so():
    table = Table("check-files", "题", ("甲",), (("一",),), (False,))
    assert "<table>" in sheets.show_check_part({"check-files": table}, "files").html
    assert "<table>" not in sheets.show_check_part({}, "files").html
    assert 'id="files"' in sheets.show_check_part({}, "files").html


def test_the_folder_links_one_appendix_per_outcome(study):
    html = sheets.show_folder(study).html
    wanted = [sheets.appendix_path(o.id) for o in study.outcomes.values() if o.appendix]
    assert wanted == ["attrition.html", "digital-literacy.html"]  # design.md, 'The report'
    assert all(f'href="{path}"' in html for path in [*wanted, "data-check.html", "claims.csv"])


def test_an_appendix_shows_each_part_once(study, delivery):
    found = compose_appendix(study, delivery, "digital_literacy", (effect(), staggered()))
    shown = sheets.show_comparisons(found).html
    assert shown.count("<svg") == 3  # years, cohorts, curve of the second programme
    assert "换做法的比较：可比的做法不足两种，不画图。" in shown  # the first has no curve
    assert sheets.show_definitions(found).html.count("<table") == 1
    assert sheets.show_detectable(found).html.count("<table") == 1
    assert sheets.show_overview(found).html.count("<svg") == 1


def test_an_outcome_without_comparisons_says_so(study, delivery):
    missing = effect(estimate=None, reason="no_outcome", checks=(), arms={}, grade="E")
    found = compose_appendix(study, delivery, "digital_literacy", (missing,))
    assert "本次数据中没有可列的内容" in sheets.show_detectable(found).html
    assert "<svg" not in sheets.show_comparisons(found).html
