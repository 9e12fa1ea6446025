"""The notebooks as anybody may run them: plain papermill, a whole run, next year's folder, JupyterLab."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from docx import Document

from analysis.errors import RunError, message
from analysis.run import kernels
from analysis.run.diary import diary_file
from analysis.run.explore import follow, open_selectors
from analysis.run.kernels import execute
from analysis.run.parameters import EstimateParameters, Question
from analysis.run.report import run_report
from analysis.run.staging import MARK, partial_folder
from analysis.study.workspace import PROJECT, Workspace, open_workspace
from analysis.synthetic.demo import add_year, make_demo
from analysis.synthetic.options import BureauOptions

on_demo = pytest.mark.xdist_group("demo")
on_small = pytest.mark.xdist_group("small")  # a second worker can take these

REGION, YEAR = "demo-county", 2025
# enough for every table, quick to run
SMALL = {"teachers": 500, "schools": 30, "first_year": 2023, "waves": 3}
PAGES = ("index.html", "data-check.html", "attrition.html", "digital-literacy.html")
# design.md, 'The report'
FILES = {*PAGES, "问题与不足.docx", "estimates.csv", "claims.csv", "manifest.json"}


def papermill(
    space: Workspace, notebook: str, *words: str
) -> tuple[int, str, nbformat.NotebookNode]:
    """Exit code, what was said, and the notebook that the papermill command wrote."""
    target = space.home / f"{notebook}.out.ipynb"
    command = [sys.executable, "-m", "papermill", str(PROJECT / "notebooks" / f"{notebook}.ipynb")]
    home = ("-p", "home", str(space.home))
    done = subprocess.run(
        [*command, str(target), "--no-progress-bar", *home, *words],
        capture_output=True, text=True, check=False, env=os.environ, cwd=space.home,
    )  # fmt: skip
    return done.returncode, done.stderr, nbformat.read(target, as_version=4)


def shown(notebook: nbformat.NotebookNode) -> str:
    """All HTML that a notebook shows."""
    outputs = (o for c in notebook.cells if c.cell_type == "code" for o in c.outputs)
    return "\n".join(o.data.get("text/html", "") for o in outputs if "data" in o)


def hashes(folder: Path) -> dict[str, str]:
    """The hash of every file of a folder, by name."""
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}


@pytest.fixture(scope="module")
def small_space(tmp_path_factory) -> Workspace:
    """A small invented county with one finished report, for whatever must be run again."""
    space = open_workspace(tmp_path_factory.mktemp("small"))
    make_demo(space, BureauOptions(**SMALL))
    run_report(space, REGION, YEAR)
    return space


# --- plain papermill, as a newcomer types it ------------------------------------------------------


@pytest.mark.slow
@on_small
def test_plain_papermill_runs_a_notebook(small_space):
    # the command of the issue; home only says where the test's county lies
    code, told, notebook = papermill(
        small_space, "02_estimate", "-p", "year", "2025", "-p", "outcome", "attrition"
    )
    assert code == 0, told
    assert 'id="programme-rural_subsidy"' in shown(notebook)


@on_small
def test_plain_papermill_refuses_misspellings(small_space):
    # papermill itself would warn, run on with the defaults, and report about something else
    words = ("-p", "yeer", "2024", "-p", "shape", "round")
    code, told, notebook = papermill(small_space, "02_estimate", *words)
    assert code != 0
    assert "SeveralErrors" in told
    known = ", ".join(EstimateParameters.model_fields)
    for found, nearest in (("yeer", "year"), ("shape", "-")):  # the second is like none of ours
        said = message("unknown_parameter", found=found, nearest=nearest, known=known)
        assert said in told
    assert shown(notebook) == ""


# --- a whole run ----------------------------------------------------------------------------------


@on_demo
def test_a_report_has_its_files_and_nothing_else(demo_report):
    assert set(os.listdir(demo_report)) == FILES


@on_demo
def test_a_run_prints_no_warning(demo_report, demo_space):
    record = json.loads(diary_file(demo_space, REGION).read_text(encoding="utf-8"))
    assert record["outcome"] == "finished"
    assert record["warnings"] == []


@on_demo
def test_a_report_names_no_path_and_no_user(demo_report, demo_space):
    record = json.loads(diary_file(demo_space, REGION).read_text(encoding="utf-8"))
    secrets = (str(demo_space.home), str(PROJECT), record["started"])
    texts = {p.name: p.read_bytes() for p in demo_report.iterdir()}
    assert [(n, s) for n, t in texts.items() for s in secrets if s.encode() in t] == []


@on_demo
def test_every_page_bears_the_mark_of_the_manifest(demo_report):
    manifest = json.loads((demo_report / "manifest.json").read_text(encoding="utf-8"))
    for name in PAGES:
        assert manifest["id"] in (demo_report / name).read_text(encoding="utf-8")
    sheets = [p.text for p in Document(str(next(demo_report.glob("*.docx")))).paragraphs]
    assert [
        t for t in sheets if f"编号{manifest['id']}" in t
    ]  # who compares page and Word compares one report
    assert set(manifest["files"]) == FILES - {"manifest.json"}


@pytest.mark.slow
@on_small
def test_the_same_inputs_give_the_same_bytes(small_space):
    folder = small_space.report(REGION, YEAR)
    before = hashes(folder)
    run_report(small_space, REGION, YEAR)
    assert hashes(folder) == before


@pytest.mark.slow
@on_small
def test_a_failed_run_leaves_the_last_good_report(small_space, monkeypatch):
    before = hashes(small_space.report(REGION, YEAR))
    unfinished = kernels.check_finished

    def lose_last_cell(name, notebook):
        notebook.cells[-1].execution_count = None
        unfinished(name, notebook)

    monkeypatch.setattr(kernels, "check_finished", lose_last_cell)
    with pytest.raises(RunError, match="01_clean"):
        run_report(small_space, REGION, YEAR)
    assert hashes(small_space.report(REGION, YEAR)) == before
    assert (partial_folder(small_space, REGION, YEAR) / MARK).exists()
    record = json.loads(diary_file(small_space, REGION).read_text(encoding="utf-8"))
    assert record["outcome"] == "RunError"


@pytest.mark.slow
@on_small
def test_next_year_is_a_new_folder_and_nothing_else(small_space):
    add_year(small_space, BureauOptions(**SMALL | {"last_year": 2026}))
    old = hashes(small_space.report(REGION, YEAR))
    page = run_report(small_space, REGION, "auto")
    assert page == small_space.report(REGION, 2026) / "index.html"
    assert "示例县2026年问题与不足" in page.read_text(encoding="utf-8")
    assert hashes(small_space.report(REGION, YEAR)) == old
    listing = (small_space.reports / "index.html").read_text(encoding="utf-8")
    assert f'href="{REGION}/2026/index.html"' in listing
    assert f'href="{REGION}/{YEAR}/index.html"' in listing


# --- exploring ------------------------------------------------------------------------------------


@on_small
def test_explore_holds_widgets_over_the_same_functions(small_space, tmp_path):
    target = tmp_path / "explore.ipynb"
    values = {"region": REGION, "year": YEAR, "home": str(small_space.home)}
    execute(PROJECT / "notebooks" / "explore.ipynb", target, values)
    notebook = nbformat.read(target, as_version=4)
    (view,) = [o for o in notebook.cells[-1].outputs if "data" in o]
    assert "application/vnd.jupyter.widget-view+json" in view.data


@on_small
def test_a_choice_is_answered_in_the_words_of_the_report(small_space):
    selectors = open_selectors(Question(small_space, REGION, YEAR))
    follow(selectors, selectors.outcome)
    assert len(selectors.all) == 5  # region, year, outcome, programme, group
    everybody = selectors.answer.value
    assert "乡村教师生活补助提标" in everybody
    selectors.group.value = ("sex", "female")
    follow(selectors, selectors.group)
    assert selectors.answer.value not in ("", everybody)


def test_jupyterlab_is_there():
    assert shutil.which("jupyter-lab", path=os.path.dirname(sys.executable))
