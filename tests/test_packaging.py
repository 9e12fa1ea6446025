"""What a newcomer installs and reads: locks, the conda file, commands, and the tree drawn in the README."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.rules import repository

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock")


def read(name: str) -> str:
    """A file of the project."""
    return (ROOT / name).read_text(encoding="utf-8")


def assert_none(offenders: list[str]) -> None:
    """Fail with one offender a line."""
    assert not offenders, "\n" + "\n".join(offenders)


@pytest.fixture(scope="module")
def project() -> dict:
    """``[project]`` of pyproject.toml."""
    return tomllib.loads(read("pyproject.toml"))["project"]


@pytest.fixture(scope="module")
def committed() -> list[Path]:
    """Files that are or would be committed."""
    return repository.committed_files(ROOT)


# --- locks ----------------------------------------------------------------------------------------

GOOD_LOCK = """\
colorama==0.4.6 ; sys_platform == 'win32' \\
    --hash=sha256:aa
    # via tqdm
numpy==2.4.6 ; python_full_version < '3.12' \\
    --hash=sha256:bb \\
    --hash=sha256:cc
numpy==2.5.5 ; python_full_version >= '3.12' \\
    --hash=sha256:dd
pywinpty==3.1.2 ; os_name == 'nt' \\
    --hash=sha256:ee
"""


@pytest.mark.parametrize("name", LOCKS)
def test_locks_install_anywhere(name: str) -> None:
    assert len(repository.pins(read(name))) > 100  # the rule looked at something
    assert_none(repository.lock_offenders(read(name)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    --hash=sha256:aa\n", "    --hash=md5:aa\n"),
        ("; os_name == 'nt' ", ""),
        ("colorama==0.4.6", "colourama==0.4.6"),
        ("    # via tqdm", "--extra-index" + "-url somewhere"),
        ("    # via tqdm", "    # from file:" + "//somewhere"),
        ("    # via tqdm", "tqdm>=4"),
    ],
)
def test_lock_rule_can_fail(old: str, new: str) -> None:
    assert not repository.lock_offenders(GOOD_LOCK)
    assert old in GOOD_LOCK
    assert repository.lock_offenders(GOOD_LOCK.replace(old, new))


def test_test_lock_holds_the_base_pins() -> None:
    assert_none(repository.superset_offenders(*map(read, LOCKS)))


def test_superset_rule_can_fail() -> None:
    assert not repository.superset_offenders(GOOD_LOCK, GOOD_LOCK + "ruff==1.0\n")
    assert repository.superset_offenders(GOOD_LOCK, GOOD_LOCK.replace("2.5.5", "2.5.6"))
    assert repository.superset_offenders(GOOD_LOCK + "ruff==1.0\n", GOOD_LOCK)


def test_locks_fit_the_declared_dependencies(project: dict) -> None:
    base, dev = map(read, LOCKS)
    assert_none(repository.stale_lock_offenders(project["dependencies"], base))
    every = project["dependencies"] + project["optional-dependencies"]["dev"]
    assert_none(repository.stale_lock_offenders(every, dev))


def test_build_tool_is_in_the_lock(project: dict) -> None:
    # The project installs itself without fetching a build tool: what builds it must be pinned too.
    wanted = tomllib.loads(read("pyproject.toml"))["build-system"]["requires"]
    assert_none(repository.stale_lock_offenders(wanted, read("requirements.lock")))


def test_stale_lock_rule_can_fail() -> None:
    assert not repository.stale_lock_offenders(["NumPy>=2.5"], GOOD_LOCK)
    assert repository.stale_lock_offenders(["numpy>=3"], GOOD_LOCK)
    assert repository.stale_lock_offenders(["ruff"], GOOD_LOCK)


def test_conda_file_agrees_with_the_lock(project: dict) -> None:
    oldest = re.search(r">=(3\.\d+)", project["requires-python"])[1]
    assert f"--python-version {oldest} " in read("Makefile")
    assert_none(repository.conda_offenders(read("environment.yml"), oldest))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("python=3.11", "python=3.10"),
        ("requirements.lock", "requirements.txt"),
        ("  - pip\n", "  - pip\n  - pandas=2\n"),
    ],
)
def test_conda_rule_can_fail(old: str, new: str) -> None:
    listed = re.sub(r"^#.*\n", "", read("environment.yml"), flags=re.M)
    assert not repository.conda_offenders(listed, "3.11")
    assert old in listed
    assert repository.conda_offenders(listed.replace(old, new), "3.11")


# --- what no committed file names ---------------------------------------------------------------------


def test_no_machine_is_named(committed: list[Path]) -> None:
    assert len(committed) > 20  # the rule looked at something
    found = []
    for path in committed:
        data = path.read_bytes()
        if b"\0" in data:
            continue
        name = path.relative_to(ROOT).as_posix()
        found += [f"{name}:{o}" for o in repository.machine_offenders(data.decode("utf-8"), name)]
    assert_none(found)


@pytest.mark.parametrize(
    ("text", "name", "breaks"),
    [
        ("see /" + "work/main", "README.md", True),
        ("HOME = '/" + "home/li'", "x.py", True),
        ("url = 'https:" + "//mirror.example/simple/'", "x.md", True),
        ("https:" + "//mirror.example", "environment.yml", True),
        ("https:" + "//keepachangelog.com", "CHANGELOG.md", False),
        ("a/work/b and /usr/bin/env", "x.md", False),
    ],
)
def test_machine_rule_can_fail(text: str, name: str, breaks: bool) -> None:
    assert bool(repository.machine_offenders(text, name)) is breaks


def test_no_data_and_no_environment_is_committed() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("a copy without git")
    built = re.compile(r"^(\.venv|data/raw|data/processed|reports)/(?!\.gitkeep$)")
    assert_none([name for name in listed.stdout.splitlines() if built.match(name)][:20])


# --- README and commands ------------------------------------------------------------------------------


def test_drawn_tree_is_the_disk(committed: list[Path]) -> None:
    files = [p.relative_to(ROOT).as_posix() for p in committed]
    assert_none(repository.tree_offenders(read("README.md"), files))


DRAWN = """\
```
policy-report/
├── src/analysis/
│   ├── panel/            one row per teacher and year
│   └── cli.py
├── data/raw/<region>/    as received
├── .ci/run
└── README.md
```
"""
ON_DISK = [".ci/run", ".gitignore", "README.md", "data/raw/.gitkeep", "src/analysis/__init__.py",
           "src/analysis/cli.py", "src/analysis/panel/build.py"]  # fmt: skip


@pytest.mark.parametrize(
    ("files", "offender"),
    [
        (ON_DISK, None),
        (ON_DISK[1:], "drawn but absent: .ci/run"),
        (ON_DISK[:-1], "drawn but absent: src/analysis/panel"),
        ([*ON_DISK, "attic/old.py"], "not drawn: attic"),
        ([*ON_DISK, "notes.txt"], "not drawn: notes.txt"),
        ([*ON_DISK, "src/analysis/attic/old.py"], "not drawn: src/analysis/attic"),
    ],
)
def test_tree_rule_can_fail(files: list[str], offender: str | None) -> None:
    assert repository.tree_offenders(DRAWN, files) == ([offender] if offender else [])


def test_a_tree_that_cannot_be_read_is_an_error() -> None:
    with pytest.raises(ValueError, match="not a line of a tree"):
        repository.drawn_paths("```\npolicy-report/\n|-- src\n```\n")


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md", "environment.yml"])
def test_make_targets_named_exist(name: str) -> None:
    assert repository.named_commands(read(name), "make") <= repository.make_targets(
        read("Makefile")
    )


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md", "environment.yml", "Makefile"])
def test_commands_named_exist(name: str) -> None:
    import typer.main

    from analysis import cli

    known = set(typer.main.get_command(cli.app).commands)
    assert repository.named_commands(read(name), "policy-report") <= known


def test_named_commands_are_found() -> None:
    text = "`make report`\nmake test  # tests\n.venv/bin/policy-report run --region x"
    assert repository.named_commands(text, "make") == {"report", "test"}
    assert repository.named_commands(text, "policy-report") == {"run"}


def test_ci_runs_the_readme_command() -> None:
    assert re.search(r"^make test$", read(".ci/run"), flags=re.M)
    assert re.search(r"^make test ", read("README.md"), flags=re.M)


def test_version_has_one_home() -> None:
    version = re.search(r'__version__ = "(.+)"', read("src/analysis/__init__.py"))[1]
    assert f"\nversion: {version}\n" in read("CITATION.cff")
    assert f"\n## [{version}]" in read("CHANGELOG.md")


@pytest.mark.parametrize(
    "path", sorted((ROOT / "docs" / "decisions").glob("*.md")), ids=lambda p: p.stem
)
def test_decision_notes_are_short_and_whole(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 25
    assert all(f"**{part}.**" in text for part in ("Context", "Choice", "Looked at", "Consequence"))


# --- the Makefile itself ------------------------------------------------------------------------------


def run_make(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run make in a folder; the test is skipped where make is absent."""
    if not shutil.which("make"):
        pytest.skip("make is not here")
    return subprocess.run(["make", *words], cwd=folder, capture_output=True, text=True, check=False)


def test_make_alone_lists_every_target() -> None:
    listed = run_make(ROOT).stdout
    phony = re.search(r"^\.PHONY: (help .*)$", read("Makefile"), flags=re.M)[1].split()
    assert re.findall(r"^  make ([a-z]+) ", listed, flags=re.M) == phony


def test_make_refuses_a_python_it_cannot_use(tmp_path: Path) -> None:
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path)
    done = run_make(tmp_path, ".venv/base", "PYTHON=python-nowhere")
    assert done.returncode == 2
    assert "需要 Python 3.11" in done.stderr
    assert "not found: python-nowhere" in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_report_needs_no_test_tools() -> None:
    planned = run_make(ROOT, "--dry-run", "--always-make", "report").stdout
    assert "-r requirements.lock" in planned
    assert "requirements-dev.lock" not in planned
