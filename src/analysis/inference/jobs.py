"""Many questions at once: side by side in processes, and kept by a hash of everything an answer rests on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib import metadata, resources
from pathlib import Path

import pandas as pd
from joblib import Parallel, delayed, parallel_config

from analysis.inference.design import Design, check_columns
from analysis.inference.estimate import measure
from analysis.inference.record import Estimate
from analysis.inference.sample import used_columns
from analysis.inference.store import read_estimate

LIBRARIES = ("numpy", "pandas", "scipy", "statsmodels", "svy", "pyfixest", "moderndid")
BIG = 50_000  # rows of all questions together from which starting processes pays


@dataclass(frozen=True)
class Job:
    """One question to a frame: only the columns it reads travel to another process."""

    rows: pd.DataFrame
    design: Design
    cheap: bool = False


def make_job(rows: pd.DataFrame, design: Design, *, cheap: bool = False) -> Job:
    """A job with the columns its design reads; DataError if one of them is not there."""
    check_columns(rows, design)
    return Job(rows[used_columns(rows, design)].reset_index(drop=True), design, cheap)


def measure_all(
    jobs: Sequence[Job], *, workers: int = 1, folder: Path | None = None
) -> list[Estimate]:
    """The Estimate of each job in order, from ``folder`` where it is kept under the same hash.

    The answers are the same with any number of workers: every seed is a constant.
    """
    keys = [hash_of(job) if folder else "" for job in jobs]
    found = [recall(folder, key) for key in keys]
    open_ = [i for i, record in enumerate(found) if record is None]
    size = sum(len(jobs[i].rows) for i in open_)
    made = run_jobs([jobs[i] for i in open_], workers if size >= BIG else 1)
    for i, record in zip(open_, made, strict=True):
        found[i] = keep(folder, keys[i], record)
    return [record for record in found if record is not None]


def run_jobs(jobs: Sequence[Job], workers: int) -> list[Estimate]:
    """The jobs one after the other, or side by side with one thread each."""
    if workers == 1 or len(jobs) < 2:
        return [run_job(job) for job in jobs]
    with parallel_config(backend="loky", inner_max_num_threads=1):
        return list(Parallel(n_jobs=workers)(delayed(run_job)(job) for job in jobs))


def run_job(job: Job) -> Estimate:
    """One job."""
    return measure(job.rows, job.design, cheap=job.cheap)


def hash_of(job: Job) -> str:
    """A hash of rows, design, the code that estimates, and the libraries it uses."""
    digest = hashlib.sha256(code_hash().encode())
    digest.update(repr((job.design, job.cheap, list(job.rows.columns))).encode())
    digest.update(pd.util.hash_pandas_object(job.rows, index=False).to_numpy().tobytes())
    return digest.hexdigest()[:32]


@cache
def code_hash() -> str:
    """A hash of this room's source and of the versions of its libraries."""
    digest = hashlib.sha256()
    room = Path(str(resources.files("analysis.inference")))
    for path in sorted(room.rglob("*.py")):
        digest.update(path.relative_to(room).as_posix().encode() + path.read_bytes())
    for name in LIBRARIES:
        digest.update(f"{name}={metadata.version(name)}".encode())
    return digest.hexdigest()


def recall(folder: Path | None, key: str) -> Estimate | None:
    """What is kept under a key; None if nothing is."""
    path = folder / f"{key}.json" if folder else None
    if path is None or not path.exists():
        return None
    return read_estimate(json.loads(path.read_text(encoding="utf-8")))


def keep(folder: Path | None, key: str, record: Estimate) -> Estimate:
    """Writes a record under its key, whole or not at all, and hands it on as it will be read again."""
    if folder is None:
        return record
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(asdict(record), ensure_ascii=False)
    partial = folder / f"{key}.partial"
    partial.write_text(text, encoding="utf-8")
    partial.replace(folder / f"{key}.json")
    return read_estimate(json.loads(text))
