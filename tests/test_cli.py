"""The commands: what they print where, and the exit code they end with. No kernel is started here."""

import json
import os
import subprocess
import sys

import pytest

from analysis import cli
from analysis.errors import DataError, RunError
from analysis.study.workspace import PROJECT
from analysis.synthetic.paper.delivery import generator_mark

COMMANDS = sorted(c.name or c.callback.__name__ for c in cli.app.registered_commands)


@pytest.fixture
def home(tmp_path):
    """A workspace with one empty delivery of 2025."""
    folder = tmp_path / "data" / "raw" / "demo-county" / "2025"
    folder.mkdir(parents=True)
    (folder / "source.toml").write_text("year = 2025\n", encoding="utf-8")
    return tmp_path


def said(capsys, *words):
    """Exit code, output lines and error text of one command."""
    code = cli.main(list(words))
    captured = capsys.readouterr()
    return code, captured.out.splitlines(), captured.err


def test_the_commands_that_exist():
    assert COMMANDS == [
        "check",
        "demo",
        "draft-source",
        "draw",
        "fill",
        "lint",
        "run",
        "schedule",
        "templates",
        "verify",
    ]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example_that_could_be_typed(capsys, command):
    code, lines, _ = said(capsys, command, "--help")
    assert code == 0
    (example,) = [line for line in lines if "Example:" in line]
    assert f"policy-report {command} " in example
    options = [word for word in example.split() if word.startswith("--")]
    assert all(any(line.strip().startswith(o) for line in lines) for o in options)


def test_no_command_shows_the_help(capsys):
    code, lines, _ = said(capsys)
    assert code == 0
    assert lines[0].startswith("Usage: policy-report")


@pytest.mark.parametrize(
    ("words", "nearest"),
    [
        (["rnu"], "run"),
        (["run", "--regoin", "demo-county"], "--region"),
        (["run", "--region", "demo-conty"], "demo-county"),
        (["run", "--region", "demo-county", "--year", "2052"], "2025"),
        (["schedule", "--region", "demo-county", "--system", "window"], "windows"),
    ],
)
def test_a_misspelling_is_answered_with_the_nearest(capsys, home, words, nearest):
    command = [*words, "--home", str(home)] if len(words) > 1 else words
    code, lines, errors = said(capsys, *command)
    assert code == 2
    assert nearest in errors
    assert any("\u4e00" <= letter <= "\u9fff" for letter in errors)
    assert "Traceback" not in errors
    assert lines[-1].startswith("Not done (exit code 2)")
    assert not (home / "reports").exists()


@pytest.mark.parametrize(("error", "code"), [(DataError, 3), (RunError, 1)])
def test_explained_errors_show_no_traceback(capsys, monkeypatch, home, error, code):
    def fail(*_):
        raise error("unknown_home", home="x")

    monkeypatch.setattr(cli, "check_region", fail)
    found, lines, errors = said(capsys, "schedule", "--region", "demo-county", "--home", str(home))
    assert found == code
    assert errors.splitlines()[0].startswith("工作区不存在")
    assert "Traceback" not in errors
    assert str(code) in lines[-1]


def test_a_fault_of_ours_is_shown_whole_and_named_so(capsys, monkeypatch, home):
    monkeypatch.setattr(cli, "check_region", lambda *_: 1 / 0)
    code, lines, errors = said(capsys, "schedule", "--region", "demo-county", "--home", str(home))
    assert code == 1
    assert "ZeroDivisionError" in errors
    assert "fault of the program" in errors
    assert lines[-1].startswith("Not done")


def test_schedule_prints_an_entry_for_this_interpreter(capsys, home):
    words = ["schedule", "--region", "demo-county", "--system", "cron", "--home", str(home)]
    code, lines, _ = said(capsys, *words)
    assert code == 0
    assert sys.executable in lines[-1]
    assert lines[-1].endswith(f"--region demo-county --year auto --home {home}")


@pytest.mark.parametrize("command", ["run", "check"])
@pytest.mark.parametrize("note", ["a key was made", ""])
def test_a_new_key_is_told_before_the_run(capsys, monkeypatch, home, command, note):
    def job(space, *_):
        assert capsys.readouterr().err.splitlines() == ([note] if note else [])
        return space.home / "page.html"

    monkeypatch.setattr("analysis.intake.linking.persons.prepare_key", lambda *_: note)
    monkeypatch.setattr(
        f"analysis.run.report.run_{'check' if command == 'check' else 'report'}", job
    )
    code, lines, errors = said(capsys, command, "--region", "demo-county", "--home", str(home))
    assert (code, errors) == (0, "")
    assert lines[-1].endswith("page.html")


@pytest.fixture
def new_files(tmp_path):
    """A workspace with a delivery that nobody has described yet."""
    folder = tmp_path / "data" / "raw" / "new-county" / "2025"
    folder.mkdir(parents=True)
    roster = "姓名,学校名称,性别,出生年月,爱好\n甲,一小,男,1990-01,棋\n"
    (folder / "花名册2025年9月1日.csv").write_text(roster, encoding="utf-8")
    return tmp_path


def test_a_draft_is_told_file_by_file(capsys, new_files):
    words = ["draft-source", "--region", "new-county", "--home", str(new_files)]
    code, lines, errors = said(capsys, *words)
    assert (code, errors) == (0, "")
    assert "花名册2025年9月1日.csv → roster" in lines[0]
    assert lines[2].endswith("4 mapped, 0 unsure, 1 unmapped.")
    assert lines[-1].startswith("Open the draft")
    source = new_files / "data" / "raw" / "new-county" / "2025" / "source.toml"
    source.write_text("year = 2025\n", encoding="utf-8")  # somebody's own
    assert said(capsys, *words)[0] == 0
    assert source.read_text(encoding="utf-8") == "year = 2025\n"
    assert source.with_name("source.draft.toml").exists()


@pytest.mark.parametrize(
    ("words", "nearest"),
    [(["--region", "new-conty"], "new-county"), (["--region", "new-county", "--year", "2024"], "2025")],
)  # fmt: skip
def test_a_draft_of_no_folder_names_the_nearest(capsys, new_files, words, nearest):
    code, _, errors = said(capsys, "draft-source", *words, "--home", str(new_files))
    assert code == 2
    assert nearest in errors


@pytest.fixture
def invented(monkeypatch):
    """The options of each bureau made, in place of the drawing, which takes seconds."""
    made = []

    def make(space, options, overwrite):
        folder = space.raw / options.region
        folder.mkdir(parents=True, exist_ok=True)
        truth = {"options": vars(options), "generator": generator_mark()}
        (folder / "truth.json").write_text(json.dumps(truth), encoding="utf-8")
        made.append(options)
        return folder

    monkeypatch.setattr("analysis.synthetic.demo.make_demo", make)
    return made


def demo(capsys, home, *words):
    """What ``demo`` says of a new region, in English."""
    code, lines, _ = said(capsys, "demo", "--region", "new-county", "--home", str(home), *words)
    assert code == 0
    return lines[-1]


def test_a_demo_that_is_written_over_says_so(capsys, home, invented):
    assert demo(capsys, home).startswith("Made an invented region: ")
    assert demo(capsys, home, "--if-absent").startswith("The invented region exists already")
    assert len(invented) == 1
    assert demo(capsys, home).startswith("Made the invented region anew")
    assert len(invented) == 2


def test_a_stale_demo_is_made_anew(capsys, home, invented):
    demo(capsys, home)
    truth = home / "data" / "raw" / "new-county" / "truth.json"
    told = json.loads(truth.read_text(encoding="utf-8"))
    truth.write_text(json.dumps(told | {"generator": "another"}), encoding="utf-8")
    assert "another version" in demo(capsys, home, "--if-absent")
    assert len(invented) == 2
    assert demo(capsys, home, "--if-absent").startswith("The invented region exists already")


def test_a_region_not_made_here_is_never_written_over(capsys, home):
    words = ["demo", "--region", "demo-county", "--home", str(home), "--if-absent"]
    code, _, errors = said(capsys, *words)  # no truth.json in it
    assert code == 2
    assert "was not made by this command" in errors


def test_a_console_without_chinese_does_not_stop_the_command(home):
    env = os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    env["PYTHONPATH"] = str(PROJECT / "src")
    command = [sys.executable, "-m", "analysis", "schedule", "--region", "demo-county"]
    done = subprocess.run(
        [*command, "--system", "cron", "--home", str(home)],
        env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "--year auto" in done.stdout


# --- drafts ---------------------------------------------------------------------------------------

LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def test_lint_ends_with_one_if_anything_was_found(capsys, tmp_path):
    draft = tmp_path / "draft.txt"
    draft.write_bytes("成绩显著提高。".encode("gbk"))
    code, lines, errors = said(capsys, "lint", str(draft))
    assert (code, errors) == (1, "")
    assert lines[0] == "第1行第3字【显著】显著：成绩显著提高"
    assert lines[2] == "  改为：成绩提高"
    draft.write_text("成绩提高2分。", encoding="utf-8")
    assert said(capsys, "lint", str(draft))[0] == 0


def test_lint_reads_standard_input():
    command = [sys.executable, "-m", "analysis", "lint", "-"]
    draft = "覆盖教师300人次。".encode()
    done = subprocess.run(command, input=draft, capture_output=True, check=False)
    assert done.returncode == 1
    assert "参加300人次" in done.stdout.decode()


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.docx", b"", "是空的"),
        ("a.txt", b" \n", "是空的"),
        ("a.docx", b"no word file", "不是 Word 文件"),
        ("a.docx", b"PK\x03\x04 cut off", "不是 Word 文件"),
        ("a.docx", LOCKED, "加了密码"),
        ("a.txt", b"\xff\x00\xff\xfe\x80", "认不出来"),
        ("a.txt", bytes(20 * 2**20), "超过 16 MB"),
        ("a.pdf", b"%PDF", "不是能读的种类"),
        ("", b"", "找不到文件"),
    ],
    ids=["empty", "blank", "text", "cut", "locked", "bytes", "large", "pdf", "absent"],
)
@pytest.mark.parametrize("command", ["lint", "fill"])
def test_a_broken_draft_is_explained(capsys, home, tmp_path, command, name, data, says):
    draft = tmp_path / (name or "absent.docx")
    if name:
        draft.write_bytes(data)
    more = ["--region", "demo-county", "--home", str(home)] if command == "fill" else []
    code, lines, errors = said(capsys, command, str(draft), *more)
    assert code == 2
    assert says in errors
    assert "Traceback" not in errors
    assert lines[-1].startswith("Not done")


def test_fill_writes_over_nothing(capsys, home, tmp_path):
    draft = tmp_path / "draft.txt"
    draft.write_text("开展送教下乡X场次。", encoding="utf-8")
    words = ["fill", str(draft), "--region", "demo-county", "--home", str(home)]
    assert "不能写在原稿" in said(capsys, *words, "--out", str(draft))[2]
    (tmp_path / "draft-filled.txt").write_text("mine", encoding="utf-8")
    code, _, errors = said(capsys, *words)
    assert code == 2
    assert "已经存在" in errors
    assert (tmp_path / "draft-filled.txt").read_text(encoding="utf-8") == "mine"
    assert "种类要与原稿相同" in said(capsys, *words, "--out", str(tmp_path / "a.docx"))[2]
