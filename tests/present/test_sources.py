"""Names of files: like ones stand as one, nothing is lost."""

from __future__ import annotations

import pytest

from analysis.present.sources import compact


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ("培训台账2021.csv、培训台账2022.csv、培训台账2023.csv", "培训台账2021—2023.csv"),
        ("名册2019.csv、名册2021.csv、名册2022.csv", "名册2019、2021—2022.csv"),
        (
            "名册2019.xlsx / 名册、问卷.xlsx、名册2020.xlsx / 名册",
            "名册2019—2020.xlsx / 名册、问卷.xlsx",
        ),
        ("名册2024年9月.csv、名册(2025年9月).xlsx", "名册2024年9月.csv、名册(2025年9月).xlsx"),
        ("问卷2025.xlsx", "问卷2025.xlsx"),
        ("2024年9月1日、2025年9月1日", "2024年9月1日、2025年9月1日"),
        ("", ""),
    ],
)
def test_like_names_are_drawn_together(names: str, text: str) -> None:
    assert compact(names) == text
