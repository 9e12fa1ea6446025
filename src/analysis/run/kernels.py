"""One notebook, executed by papermill in a private kernel of this same interpreter.

Private: the kernel talks over sockets in an owner-only folder (IPC, wherever the system has it) and
encrypts what it says, so nobody else on the machine can listen in or type into it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
import papermill
import zmq
from ipykernel.kernelspec import get_kernel_dict
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from analysis.errors import AnalysisError, DataError, ParameterError, RunError

PACKAGE = Path(__file__).resolve().parents[1]
MAX_SOCKET_PATH = 90  # a socket's path may have 104 bytes on macOS, 108 on Linux; names need some
THREADS = "1"  # kernels run side by side; more threads would fight for the same cores
INJECTED = "injected-parameters"  # papermill's tag of the cell it adds
LASTING_METADATA = ("kernelspec", "language_info")
EXPLAINED: dict[str, type[AnalysisError]] = {
    "ParameterError": ParameterError,
    "DataError": DataError,
    "SeveralErrors": DataError,
    "RunError": RunError,
}
OnCell = Callable[..., None]


class OwnSpecs(KernelSpecManager):
    """Knows one kernel: the interpreter that runs now, whatever is registered on the machine."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """The current interpreter's ipykernel with the environment of a run."""
        return KernelSpec(**get_kernel_dict(), env=kernel_environment())


class PrivateKernel(AsyncKernelManager):
    """Starts the kernels of a run; transport and encryption come from ``kernel_config``."""

    def _kernel_spec_manager_default(self) -> KernelSpecManager:
        return OwnSpecs()


def kernel_environment() -> dict[str, str]:
    """What a run's kernel finds set: everything that could make two runs differ."""
    here = os.environ.get("PYTHONPATH", "")
    return {
        "PYTHONPATH": os.pathsep.join(
            filter(None, [str(PACKAGE.parent), here])
        ),  # this very package
        "PYTHONHASHSEED": "0",
        "OMP_NUM_THREADS": THREADS,
        "OPENBLAS_NUM_THREADS": THREADS,
        "MKL_NUM_THREADS": THREADS,
        "MPLBACKEND": "Agg",
        "PYTHONUTF8": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # else the debugger warns about frozen modules
    }


def kernel_config(folder: Path) -> Config:
    """Transport and encryption as traitlets config (papermill ignores them as plain keywords).

    ``folder`` takes connection file and sockets. Raises RunError where neither IPC nor encryption exists.
    """
    config = Config()
    has_ipc = os.name == "posix" and len(os.fsencode(folder)) < MAX_SOCKET_PATH
    config.KernelManager.connection_file = str(folder / "kernel.json")
    if has_ipc:
        config.KernelManager.transport = "ipc"
    if zmq.has("curve"):
        config.KernelManager.transport_encryption = "required"
    elif not has_ipc:
        raise RunError("kernel_not_private")
    return config


def execute(
    source: Path, target: Path, parameters: Mapping[str, Any], on_cell: OnCell | None = None
) -> list[str]:
    """Executes ``source`` into ``target`` (half-done if it fails) and returns the warnings it printed.

    ``on_cell`` is called after each cell. Raises what the notebook raised if that is explained to
    users, otherwise RunError; also RunError if the last cell did not run.
    """
    try:
        with _private_folder() as folder:
            _run_papermill(source, target, parameters, folder, on_cell)
    except (PapermillExecutionError, DeadKernelError, RuntimeError) as error:
        raise explain(source.stem, error) from error
    notebook = nbformat.read(target, as_version=4)
    check_finished(source.stem, notebook)
    warnings = take_warnings(notebook)
    nbformat.write(strip_run_marks(notebook), target)
    return warnings


def _run_papermill(
    source: Path,
    target: Path,
    parameters: Mapping[str, Any],
    folder: Path,
    on_cell: OnCell | None,
) -> None:
    """Papermill's own call; the kernel works in an empty folder so that it reads nothing by chance."""
    for name in ("work", "ipython"):
        (folder / name).mkdir()
    papermill.execute_notebook(
        str(source),
        str(target),
        parameters=dict(parameters),
        progress_bar=False,
        kernel_manager_class=PrivateKernel,
        config=kernel_config(folder),
        resources={"metadata": {"path": str(folder / "work")}},
        extra_arguments=[f"--ipython-dir={folder / 'ipython'}"],  # nobody's start-up files
        on_cell_executed=on_cell,
        shutdown_kernel="immediate",  # all is said by then; a polite goodbye takes seconds
    )


@contextmanager
def _private_folder() -> Iterator[Path]:
    """An owner-only folder with a short path, removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="run-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def check_finished(name: str, notebook: NotebookNode) -> None:
    """Nothing if every code cell ran; RunError otherwise.

    Papermill marks cells behind a ``sys.exit(0)`` as completed; only the execution count tells the truth.
    """
    cells = [c for c in notebook.cells if c.cell_type == "code" and c.source.strip()]
    missing = [k for k, cell in enumerate(cells, start=1) if cell.execution_count is None]
    if missing or not cells:
        raise RunError(
            "notebook_unfinished", notebook=name, cell=min(missing, default=0), cells=len(cells)
        )


def explain(name: str, error: Exception) -> AnalysisError:
    """What stopped a notebook, as an error with the exit code that belongs to it."""
    kind = EXPLAINED.get(getattr(error, "ename", ""))
    if kind is not None:
        # an explained error's text alternates: a Chinese line, an English line
        lines = str(error.evalue).splitlines()  # type: ignore[attr-defined]
        zh, en = "\n".join(lines[::2]), "\n".join(lines[1::2])
        return kind("notebook_explained", zh=zh, en=en)
    if isinstance(error, PapermillExecutionError):
        what = f"{error.ename}: {error.evalue}"
        return RunError("notebook_failed", notebook=name, cell=error.exec_count, detail=what)
    what = "".join(traceback.format_exception_only(error)).strip()
    return RunError("kernel_died", notebook=name, detail=what)


def strip_run_marks(notebook: NotebookNode) -> NotebookNode:
    """The notebook without clocks, paths and the random id of the injected cell: runs repeat byte by byte."""
    for key in set(notebook.metadata) - set(LASTING_METADATA):
        del notebook.metadata[key]
    for cell in notebook.cells:
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        if INJECTED in cell.metadata.get("tags", []):
            cell.id = INJECTED
    return notebook


def take_warnings(notebook: NotebookNode) -> list[str]:
    """Takes out what cells wrote to the error stream and returns it: for the diary, never for a page."""
    taken = []
    for cell in (c for c in notebook.cells if c.cell_type == "code"):
        is_warning = [o.output_type == "stream" and o.name == "stderr" for o in cell.outputs]
        taken += [o.text for o, w in zip(cell.outputs, is_warning, strict=True) if w]
        cell.outputs = [o for o, w in zip(cell.outputs, is_warning, strict=True) if not w]
    return taken
