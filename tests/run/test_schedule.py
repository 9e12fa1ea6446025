"""The timer entries say what each system expects; expected texts are drawn from its manual."""

import shlex
import sys
from xml.etree import ElementTree

import pytest

from analysis.errors import ParameterError
from analysis.run import schedule
from analysis.run.schedule import timer_entry


@pytest.fixture(autouse=True)
def interpreter(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/usr/py 3/bin/python")


def test_systemd_has_service_and_timer():
    # systemd.timer(5): OnCalendar=Mon *-*-* 06:30:00, Persistent= makes up for a missed run
    text = timer_entry("systemd", "demo-county", "weekly", "06:30")
    lines = text.splitlines()
    assert (
        'ExecStart="/usr/py 3/bin/python" -m analysis run --region demo-county --year auto' in lines
    )
    assert "OnCalendar=Mon *-*-* 06:30:00" in lines
    assert "Persistent=true" in lines
    assert "# ~/.config/systemd/user/policy-report-demo-county.timer" in lines


def test_systemd_takes_percent_and_dollar_literally():
    # systemd.service(5): %% is a percent sign, $$ a dollar sign
    text = timer_entry("systemd", "r", "daily", "06:30", home="/data/50%$x")
    assert "--home /data/50%%$$x" in text


def test_cron_is_one_line_after_its_comment():
    # crontab(5): minute hour day month weekday command; Monday is 1
    *notes, line = timer_entry("cron", "demo-county", "weekly", "06:05").splitlines()
    assert all(note.startswith("#") for note in notes)
    assert line.startswith("5 6 * * 1 '/usr/py 3/bin/python' -m analysis run")
    assert shlex.split(line)[5:] == schedule.run_command("demo-county")


def test_cron_escapes_percent():
    # crontab(5): an unescaped % ends the command
    line = timer_entry("cron", "r", "daily", "23:59", home="/data/50%").splitlines()[-1]
    assert line.startswith("59 23 * * * ")
    assert r"/data/50\%" in line


def test_windows_is_a_schtasks_command(monkeypatch):
    monkeypatch.setattr(sys, "executable", r"C:\Program Files\Python\python.exe")
    text = timer_entry("windows", "demo-county", "weekly", "06:30")
    # schtasks /?: inner quotes are written \"
    assert text == (
        r'schtasks /Create /TN "policy-report demo-county" '
        r'/TR "\"C:\Program Files\Python\python.exe\" -m analysis run --region demo-county '
        r'--year auto" /SC WEEKLY /D MON /ST 06:30 /F'
    )


def test_a_command_too_long_for_schtasks_becomes_a_task_file():
    text = timer_entry("windows", "demo-county", "daily", "06:30", home="/a&b/" + "x" * 200)
    root = ElementTree.fromstring(text)
    space = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
    assert root.findtext(".//t:Command", namespaces=space) == "/usr/py 3/bin/python"
    assert "/a&b/xxx" in root.findtext(".//t:Arguments", namespaces=space)
    assert root.findtext(".//t:StartBoundary", namespaces=space).endswith("T06:30:00")
    assert root.find(".//t:ScheduleByDay", namespaces=space) is not None


@pytest.mark.parametrize(
    ("system", "every", "at", "words"),
    [
        ("systemctl", "daily", "06:30", ["systemctl", "systemd"]),
        ("cron", "weakly", "06:30", ["weakly", "weekly"]),
        ("cron", "daily", "6.30", ["6.30", "06:30"]),
        ("cron", "daily", "24:00", ["24:00"]),
        ("cron", "daily", "25:99", ["25:99", "HH:MM", "00:00 至 23:59", "06:30"]),
        ("cron", "daily", "0６:30", ["HH:MM"]),
    ],
)
def test_what_does_not_exist_is_refused(system, every, at, words):
    with pytest.raises(ParameterError) as caught:
        timer_entry(system, "demo-county", every, at)
    assert all(word in str(caught.value) for word in words)
