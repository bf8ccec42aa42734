"""A number of any length ends the reading."""

from __future__ import annotations

from macaw.claims.reading.quantities import find_quantities


def test_a_long_number_in_a_chinese_sentence_is_read_in_one_way():
    """Tried in every way it could be cut, this one would not end."""
    find_quantities(f"公司编号{'1' * 200}，见 https://example.com/{'13' * 40}，共{'亿' * 30}元。", [])
