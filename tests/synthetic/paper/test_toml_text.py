"""The text files beside a delivery are read back as they were written."""

from __future__ import annotations

import json
import tomllib

import numpy as np
import pytest

from analysis.synthetic.paper.toml_text import json_text, toml_text


def test_toml_is_read_back_as_written() -> None:
    entry = {
        "table": "roster",
        "file": '花名册 "新".xlsx',
        "columns": {"6、需求（1至5分）—(甲)": "need", "plain": "x"},
        "answers": {"staffed_post": {"占编": "yes"}},
    }
    text = toml_text({"year": 2025, "invented": True}, [entry, {"table": "schools"}], "files")
    made = tomllib.loads(text)
    assert made == {"year": 2025, "invented": True, "files": [entry, {"table": "schools"}]}


def test_json_has_a_line_for_each_key_and_six_decimals() -> None:
    values = {"b": {"z": [0.1234567891, 1e-9], "a": "甲"}, "a": np.int64(3), "c": np.float64(2.5)}
    assert json_text(values) == (
        '{\n"a": 3,\n"b": {"a": "甲", "z": [0.123457, 0.0]},\n"c": 2.5\n}\n'
    )
    assert json.loads(json_text({})) == {}


def test_a_number_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_text({"rate": float("nan")})
