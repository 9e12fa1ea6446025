"""Files that nobody named are told, in the notes of the delivery."""

from pathlib import Path

from analysis.intake.checking.unlisted import unlisted_files
from analysis.intake.clean import clean_region, load_sources
from analysis.intake.delivery import ready_delivery
from analysis.study.objects import Study
from tests.intake.test_clean import both_years


def test_a_file_beside_the_description_that_it_does_not_name(tmp_path: Path, study: Study) -> None:
    space = both_years(tmp_path)
    folder = space.delivery("drawn", 2025)
    assert not any("source.toml" in n for n in clean_region(space, study, "drawn", 2025).notes)
    for name in (
        "荣誉台账.csv",
        "待核实_一小.xlsx",
        ".hidden",
        "~$打开着.xlsx",
        "source.draft.toml",
    ):
        (folder / name).write_text("x", encoding="utf-8")
    source = load_sources(space, study, "drawn", 2025)[2025]
    assert unlisted_files(space, source, "drawn") == ["待核实_一小.xlsx", "荣誉台账.csv"]
    notes = ready_delivery(space, study, "drawn", 2025).notes
    assert any("荣誉台账.csv" in note and "2" in note for note in notes)


def test_a_file_that_comes_later_is_noticed(tmp_path: Path, study: Study) -> None:
    space = both_years(tmp_path)
    before = ready_delivery(space, study, "drawn", 2025)
    (space.delivery("drawn", 2025) / "新到.csv").write_text("x", encoding="utf-8")
    after = ready_delivery(space, study, "drawn", 2025)
    assert before.fingerprint != after.fingerprint
    assert any("新到.csv" in note for note in after.notes)
