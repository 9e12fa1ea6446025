"""The main job stops early where it can, explains what it met, and leaves earlier reports alone."""

import json
import os

import pytest

from analysis import cli
from analysis.errors import ParameterError, RunError
from analysis.run import report
from analysis.run.diary import diary_file, kept_diary, log_file
from analysis.run.files import claim_row, write_rows
from analysis.run.report import notebook_parameters, run_check, run_report
from analysis.run.staging import MARK, held_report, partial_folder
from analysis.study.workspace import open_workspace
from tests.rules import words

REGION = "tiny"
# a delivery whose only file is not there; the form of source.toml is intake's
SOURCE = """
region_label = "小县"
year = 2025
producer = "drawn for this test"
received = 2025-12-01
invented = true
persons = "invented"

[[files]]
table = "roster"
file = "花名册.xlsx"
snapshot = 2025-09-01
[files.columns]
"姓名" = "name"
"学校名称" = "school_name"
"""


@pytest.fixture
def space(tmp_path):
    folder = tmp_path / "data" / "raw" / REGION / "2025"
    folder.mkdir(parents=True)
    (folder / "source.toml").write_text(SOURCE, encoding="utf-8")
    return open_workspace(tmp_path)


@pytest.fixture
def good(space):
    """The last good report."""
    page = space.report(REGION, 2025) / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("good", encoding="utf-8")
    return page


@pytest.mark.parametrize("job", [run_report, run_check])
@pytest.mark.parametrize(("region", "year"), [("tinny", 2025), (REGION, 2024), (REGION, "newest")])
def test_nothing_starts_for_a_question_that_cannot_be(space, monkeypatch, job, region, year):
    monkeypatch.setattr(report, "execute", lambda *_: pytest.fail("a kernel was started"))
    with pytest.raises(ParameterError):
        job(space, region, year)
    assert not (space.home / "reports").exists()
    assert not (space.home / "data" / "processed").exists()


def test_bad_data_end_with_their_own_message_and_exit_code(space, good, capsys):
    code = cli.main(["run", "--region", REGION, "--home", str(space.home)])
    said = capsys.readouterr()
    assert code == 3
    assert "花名册.xlsx" in said.err
    assert "Traceback" not in said.err
    assert said.out.splitlines()[-1].startswith("Not done (exit code 3)")
    assert good.read_text(encoding="utf-8") == "good"
    assert os.listdir(partial_folder(space, REGION, 2025)) == [MARK]
    record = json.loads(diary_file(space, REGION).read_text(encoding="utf-8"))
    assert record["outcome"] == "DataError"
    assert "Traceback" in log_file(space, REGION).read_text(encoding="utf-8")


@pytest.mark.parametrize("command", ["run", "check"])
@pytest.mark.parametrize("taken", ["out", "out/data", "out/data/processed/tiny/run.json/x"])
def test_results_that_cannot_be_written_are_told_before_anything_starts(
    space, monkeypatch, capsys, tmp_path, command, taken
):
    # a file stands where a folder must be (and the other way round)
    monkeypatch.setattr(report, "execute", lambda *_: pytest.fail("a kernel was started"))
    (tmp_path / taken).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / taken).write_text("not a folder", encoding="utf-8")
    out = tmp_path / "out"
    code = cli.main([command, "--region", REGION, "--home", str(space.home), "--out", str(out)])
    said = capsys.readouterr()
    assert code == 2
    assert said.err.startswith(f"结果文件夹无法写入：{out}")
    assert "Traceback" not in said.err


def test_reports_that_cannot_be_written_are_told_before_anything_starts(
    space, monkeypatch, tmp_path
):
    monkeypatch.setattr(report, "execute", lambda *_: pytest.fail("a kernel was started"))
    (tmp_path / "reports").write_text("not a folder", encoding="utf-8")
    with pytest.raises(ParameterError, match=r"Results cannot be written to .*reports"):
        run_report(space, REGION, 2025)


def test_the_record_says_running_until_the_run_ends(space):
    # a run that is killed outright writes nothing more: not the "finished" of the run before
    def record():
        return json.loads(diary_file(space, REGION).read_text(encoding="utf-8"))

    with kept_diary(space, REGION, 2025):
        pass
    assert record()["outcome"] == "finished"
    with kept_diary(space, REGION, 2025):
        assert record()["outcome"] == "running"
        assert record()["ended"] == ""
    assert record()["outcome"] == "finished"


def test_a_second_run_of_the_same_report_waits_its_turn(space, monkeypatch):
    monkeypatch.setattr(report, "execute", lambda *_: pytest.fail("a kernel was started"))
    with held_report(space, REGION, 2025), pytest.raises(RunError, match=str(os.getpid())):
        run_report(space, REGION, 2025)


def test_the_notebooks_get_plain_parameters(space):
    values = notebook_parameters(report.Question(space, REGION, 2025), "attrition")
    assert values == {
        "region": REGION,
        "year": 2025,
        "home": str(space.home),
        "out": str(space.home),
        "outcome": "attrition",
    }


# --- the tables beside the page -------------------------------------------------------------------


def test_a_table_has_all_columns_and_the_mark_that_office_programs_need(tmp_path):
    write_rows(tmp_path / "a.csv", [{"id": "一", "n": 1}, {"id": "二", "share": 0.5}])
    # the byte-order mark of UTF-8, then CRLF lines as RFC 4180 has them
    assert (tmp_path / "a.csv").read_bytes() == (
        b"\xef\xbb\xbf" + "id,n,share\r\n一,1,\r\n二,,0.5\r\n".encode()
    )


def test_a_claim_keeps_its_sentence_and_the_source_of_each_number():
    from analysis.release.claims import Claim, Slot

    slot = Slot("rate", 2.34567, "2.3%", "pp", "level:attrition:A2:2025", 1)
    claim = Claim("c1", "p", "level", "流失率为{rate}。", (slot,), "level", ("只说多少",), "e")
    row = claim_row(claim)
    assert row["text"] == "流失率为2.3%。"
    assert row["slots"] == "rate=2.3 pp (level:attrition:A2:2025)"
    assert row["caveats"] == "只说多少"


def test_notebooks_exist_for_every_stage(root):
    for name in (report.CLEAN, report.ESTIMATE, report.PROBLEMS):
        text = (root / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8")
        assert words.notebook_offenders(text) == []
