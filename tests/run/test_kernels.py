"""A notebook runs in a private kernel of this interpreter, to its last cell, or the run has failed."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor

import nbformat
import pytest
import zmq
from nbformat.v4 import new_code_cell, new_notebook

from analysis.errors import DataError, ParameterError, RunError
from analysis.run import kernels
from analysis.run.kernels import check_finished, execute

LOOK = """
import json, os, sys
from ipykernel.kernelapp import IPKernelApp
app = IPKernelApp.instance()
seen = {
    "python": sys.executable,
    "transport": app.transport,
    "encrypted": app.curve_secretkey is not None,
    "folder": os.listdir(),
    "hash_seed": os.environ["PYTHONHASHSEED"],
    "backend": os.environ["MPLBACKEND"],
    "year": year,
}
print(json.dumps(seen))
"""


@pytest.fixture
def run(tmp_path):
    """Executes cells as a notebook with the parameter year = 1, by default with year=2025."""

    def run_cells(*sources, **parameters):
        cells = [new_code_cell("year = 1", metadata={"tags": ["parameters"]})]
        cells += [new_code_cell(source) for source in sources]
        spec = {"name": "no-such-kernel", "display_name": "x", "language": "python"}
        notebook = new_notebook(cells=cells, metadata={"kernelspec": spec})
        path = tmp_path / f"toy-{abs(hash(sources))}.ipynb"
        nbformat.write(notebook, path)
        target = path.with_suffix(".out.ipynb")
        warnings = execute(path, target, parameters or {"year": 2025})
        return nbformat.read(target, as_version=4), warnings

    return run_cells


def test_the_kernel_is_private_and_ours(run):
    notebook, _ = run(LOOK)
    seen = json.loads(notebook.cells[-1].outputs[0].text)
    assert seen["python"] == sys.executable  # although the notebook names a kernel nobody has
    assert seen["encrypted"] is zmq.has("curve")
    assert seen["transport"] == ("ipc" if sys.platform != "win32" else "tcp")
    assert seen["folder"] == []  # a neutral working folder
    assert (seen["hash_seed"], seen["backend"], seen["year"]) == ("0", "Agg", 2025)


def test_no_warning_reaches_a_notebook(run, capfd):
    notebook, warnings = run("1 + 1")
    streams = [o for c in notebook.cells for o in c.outputs if o.output_type == "stream"]
    assert streams == []
    assert warnings == []
    assert "arning" not in capfd.readouterr().err  # ipykernel warns there of an open transport


def test_without_ipc_the_kernel_is_encrypted_over_tcp(run, monkeypatch):
    monkeypatch.setattr(kernels, "MAX_SOCKET_PATH", 0)
    seen = json.loads(run(LOOK)[0].cells[-1].outputs[0].text)
    assert (seen["transport"], seen["encrypted"]) == ("tcp", True)


def test_with_neither_ipc_nor_encryption_nothing_starts(run, monkeypatch):
    monkeypatch.setattr(kernels, "MAX_SOCKET_PATH", 0)
    monkeypatch.setattr(zmq, "has", lambda capability: False)
    with pytest.raises(RunError) as caught:
        run("1 + 1")
    assert caught.value.name == "kernel_not_private"


def test_a_notebook_that_leaves_early_has_failed(run):
    # papermill calls this one a success: it marks the cells behind the exit as completed
    with pytest.raises(RunError) as caught:
        run("import sys; sys.exit(0)", "print('never')")
    assert caught.value.name == "notebook_unfinished"
    assert caught.value.fields["cell"] == 4  # parameters, injected, exit, never


def test_a_last_cell_without_a_count_is_unfinished():
    cells = [new_code_cell("a = 1", execution_count=1), new_code_cell("b = 2")]
    with pytest.raises(RunError, match="2"):
        check_finished("toy", new_notebook(cells=cells))
    cells[1].execution_count = 2
    check_finished("toy", new_notebook(cells=cells))


def test_a_dead_kernel_is_a_failed_run(run):
    with pytest.raises(RunError) as caught:
        run("import os; os._exit(1)")
    assert caught.value.name == "kernel_died"


@pytest.mark.parametrize(
    ("raised", "kind", "exit_code"),
    [
        ("ParameterError('missing_parameter', name='year')", ParameterError, 2),
        ("DataError('missing_parameter', name='year')", DataError, 3),
        ("RunError('missing_parameter', name='year')", RunError, 1),
    ],
)
def test_what_a_notebook_explains_keeps_its_words_and_exit_code(run, raised, kind, exit_code):
    with pytest.raises(kind) as caught:
        run(f"from analysis.errors import *\nraise {raised}")
    assert str(caught.value) == "缺少参数 year。\nParameter year is missing."
    assert caught.value.exit_code == exit_code


def test_a_fault_of_ours_names_notebook_and_cell(run):
    with pytest.raises(RunError, match=r"toy.*ZeroDivisionError"):
        run("1 / 0")


def test_nothing_of_clock_or_path_is_kept(run):
    (first, _), (second, _) = run("1 + 1"), run("1 + 1", year=2025)
    text = json.dumps(first, sort_keys=True)
    assert "papermill" not in text
    assert "start_time" not in text
    assert [c.id for c in first.cells if c.metadata.get("tags")] == [
        first.cells[0].id,
        "injected-parameters",
    ]
    first.cells[0].id = second.cells[0].id  # ours are stable; this toy's are drawn anew
    first.cells[-1].id = second.cells[-1].id
    assert first == second


def test_warnings_are_taken_out_and_kept_apart(run):
    notebook, (text,) = run("import warnings; warnings.warn('mind the gap'); print('shown')")
    assert "mind the gap" in text
    assert [o.text for o in notebook.cells[-1].outputs] == ["shown\n"]


def test_two_notebooks_run_side_by_side(run):
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda year: run(f"print(year + {year})", year=year), [1, 2]))
    assert [nb.cells[-1].outputs[0].text for nb, _ in done] == ["2\n", "4\n"]
