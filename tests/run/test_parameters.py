"""A question that cannot be answered stops before a kernel starts and names the nearest right one."""

import pytest

from analysis.errors import ParameterError, SeveralErrors
from analysis.run import parameters
from analysis.run.parameters import ask, check_question

# what the invented workspace below holds: region demo-county with deliveries of 2024 and 2025
GOOD = {"region": "demo-county", "year": 2025, "outcome": "attrition", "definition": "A2"}


@pytest.fixture
def home(tmp_path):
    for year in (2024, 2025):
        folder = tmp_path / "data" / "raw" / "demo-county" / str(year)
        folder.mkdir(parents=True)
        (folder / "source.toml").write_text(f"year = {year}\n", encoding="utf-8")
    return str(tmp_path)


def test_good_parameters_become_a_question(home):
    asked = check_question("02_estimate", GOOD | {"home": home})
    assert (asked.region, asked.year, asked.outcome, asked.definition) == (
        "demo-county",
        2025,
        "attrition",
        "A2",
    )


def test_auto_is_the_newest_delivery(home):
    asked = check_question("01_clean", {"region": "demo-county", "year": "auto", "home": home})
    assert asked.year == 2025


def test_an_empty_definition_is_the_primary_one(home):
    # study/outcomes.toml: attrition, primary = "A2"
    asked = check_question("02_estimate", GOOD | {"home": home, "definition": ""})
    assert asked.definition == "A2"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"yeer": 2024}, ["yeer", "year"]),
        ({"region": "demo-conty"}, ["demo-conty", "demo-county"]),
        ({"year": 2023}, ["2023", "2024, 2025"]),
        ({"year": "latest"}, ["latest", "auto"]),
        ({"outcome": "atrition"}, ["atrition", "attrition"]),
        ({"definition": "A9"}, ["A9", "A1"]),
        ({"outcome": 7}, ["outcome", "7"]),
        ({"home": "/no/such/folder"}, ["/no/such/folder"]),
    ],
)
def test_a_bad_parameter_is_refused_in_two_languages(home, change, words):
    with pytest.raises(ParameterError) as caught:
        check_question("02_estimate", GOOD | {"home": home} | change)
    chinese, english = str(caught.value).splitlines()
    for word in words:
        assert word in chinese
        assert word in english
    assert caught.value.exit_code == 2


def test_several_faults_are_told_together(home):
    with pytest.raises(SeveralErrors) as caught:
        check_question("01_clean", {"yeer": 2024, "regin": "demo-county", "home": home})
    # two unknown names, and the two parameters they were meant to be are missing
    assert sorted(e.name for e in caught.value.errors) == [
        "missing_parameter",
        "missing_parameter",
        "unknown_parameter",
        "unknown_parameter",
    ]
    assert caught.value.exit_code == 2


def test_a_name_that_papermill_injected_must_be_a_parameter(home):
    injected = '# Parameters\nyear = 2025\nshape = "round"\n'
    names = {"region": "demo-county", "year": 2025, "home": home, "In": ["", injected]}
    with pytest.raises(ParameterError, match="shape"):
        ask("01_clean", names)


def test_papermills_own_path_names_are_let_through(home):
    injected = '# Parameters\nyear = 2025\nPAPERMILL_INPUT_PATH = "x.ipynb"\n'
    names = {"region": "demo-county", "year": 2025, "home": home, "In": ["", injected]}
    assert ask("01_clean", names).year == 2025


def test_a_variable_that_nearly_spells_a_parameter_is_refused(home):
    names = {"region": "demo-county", "year": 2025, "yeer": 2024, "home": home}
    with pytest.raises(ParameterError, match="yeer"):
        ask("01_clean", names)


def test_other_variables_of_a_session_do_not_matter(home):
    # names that our own notebooks define after the check, and what IPython puts there
    later = dict.fromkeys(
        [
            "study",
            "delivery",
            "panel",
            "estimates",
            "report",
            "asked",
            "Out",
            "exit",
            "quit",
            "open",
        ]
    )
    names = {"region": "demo-county", "year": 2024, "home": home, "In": ["year = 2024"]} | later
    assert ask("01_clean", names).year == 2024


@pytest.mark.parametrize("notebook", sorted(parameters.KNOWN))
def test_every_notebook_has_its_parameters(notebook):
    assert {"region", "year", "home", "out"} <= set(parameters.KNOWN[notebook].model_fields)
