"""The timer entry that makes the newest report again and again while nobody watches.

Only text is made here, with the paths of the machine it is printed on; the user puts it in place.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from xml.sax.saxutils import escape

from analysis.errors import ParameterError, message, nearest

AT = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
DAILY, WEEKLY = "daily", "weekly"
EVERY = (DAILY, WEEKLY)
MAX_TASK = 261  # schtasks takes no longer command in /TR
MONDAY = "Mon"


def this_system() -> str:
    """The kind of timer this machine most likely has."""
    return {"win32": "windows", "linux": "systemd"}.get(sys.platform, "cron")


def timer_entry(system: str, region: str, every: str, at: str, home: str = "") -> str:
    """The text of a timer entry that runs the newest report of a region.

    ``every`` is daily or weekly (Mondays), ``at`` a time as 06:30, ``home`` a workspace other than ours.
    Raises ParameterError for a system, rhythm or time that does not exist.
    """
    if system not in ENTRIES:
        raise _unknown("--system", system, ENTRIES)
    if every not in EVERY:
        raise _unknown("--every", every, EVERY)
    if not AT.fullmatch(at):
        raise ParameterError("bad_time", value=at)
    return ENTRIES[system](region, run_command(region, home), every, at)


def run_command(region: str, home: str = "") -> list[str]:
    """The command a timer starts: this interpreter, this package, the newest year."""
    command = [sys.executable, "-m", "analysis", "run", "--region", region, "--year", "auto"]
    return [*command, "--home", home] if home else command


def _systemd(region: str, command: Sequence[str], every: str, at: str) -> str:
    """A user service and its timer; a run missed while the machine was off is made up for."""
    line = " ".join(_systemd_word(word) for word in command)
    name = f"policy-report-{region}"
    when = f"{MONDAY} *-*-* {at}:00" if every == WEEKLY else f"*-*-* {at}:00"
    return "\n".join(
        [
            _comment(message("schedule_systemd", name=name)),
            f"# ~/.config/systemd/user/{name}.service",
            "[Unit]",
            f"Description=policy-report {region}",
            "[Service]",
            "Type=oneshot",
            f"ExecStart={line}",
            "",
            f"# ~/.config/systemd/user/{name}.timer",
            "[Timer]",
            f"OnCalendar={when}",
            "Persistent=true",
            "[Install]",
            "WantedBy=timers.target",
        ]
    )


def _systemd_word(word: str) -> str:
    """One word of ExecStart: quoted if need be, ``%`` and ``$`` taken literally."""
    plain = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{plain}"' if re.search(r"[\s\"']", word) else plain


def _cron(region: str, command: Sequence[str], every: str, at: str) -> str:
    """One crontab line; ``%`` would end the command there, so it is escaped."""
    hour, minute = (int(part) for part in at.split(":"))
    day = "1" if every == WEEKLY else "*"
    line = " ".join(shlex.quote(word) for word in command).replace("%", r"\%")
    return f"{_comment(message('schedule_cron'))}\n{minute} {hour} * * {day} {line}"


def _windows(region: str, command: Sequence[str], every: str, at: str) -> str:
    """A schtasks command, or the task as XML where the command would be too long for schtasks."""
    task = subprocess.list2cmdline(command)
    if len(task) > MAX_TASK:
        return _task_xml(command, every, at)
    rhythm = "/SC WEEKLY /D MON" if every == WEEKLY else "/SC DAILY"
    quoted = task.replace('"', '\\"')
    return f'schtasks /Create /TN "policy-report {region}" /TR "{quoted}" {rhythm} /ST {at} /F'


def _task_xml(command: Sequence[str], every: str, at: str) -> str:
    """A Task Scheduler file for ``schtasks /Create /TN name /XML file``."""
    days = "<DaysOfWeek><Monday /></DaysOfWeek><WeeksInterval>1</WeeksInterval>"
    rhythm = (
        f"<ScheduleByWeek>{days}</ScheduleByWeek>"
        if every == WEEKLY
        else "<ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay>"
    )
    start = f"<StartBoundary>2025-01-06T{at}:00</StartBoundary>"  # any Monday in the past
    program, arguments = escape(command[0]), escape(subprocess.list2cmdline(command[1:]))
    return (
        '<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">\n'
        f" <Triggers><CalendarTrigger>{start}{rhythm}</CalendarTrigger></Triggers>\n"
        " <Settings><StartWhenAvailable>true</StartWhenAvailable></Settings>\n"
        f" <Actions><Exec><Command>{program}</Command>"
        f"<Arguments>{arguments}</Arguments></Exec></Actions>\n"
        "</Task>"
    )


def _comment(text: str) -> str:
    """The text as lines that systemd and cron pass over."""
    return "\n".join(f"# {line}" for line in text.splitlines())


def _unknown(name: str, found: str, known: Iterable[str]) -> ParameterError:
    """A ParameterError for an option value that is not on its list."""
    words = list(known)
    expected = f"{' / '.join(words)} (→ {nearest(found, words) or words[0]})"
    return ParameterError("bad_parameter", name=name, value=found, expected=expected)


ENTRIES: dict[str, Callable[[str, Sequence[str], str, str], str]] = {
    "systemd": _systemd,
    "cron": _cron,
    "windows": _windows,
}
