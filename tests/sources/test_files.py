"""Tables in CSV as every reader gets them."""

from __future__ import annotations

import pytest

from macaw.errors import SourceError
from macaw.sources.files import csv_table


def test_a_cell_may_hold_any_line_break(write):
    path = write("a.csv", 'bird,note\r\nAra,"two\r\nlines"\r\n\r\nKea,an odd\u2028break\x0b\r\n')
    assert csv_table(path, "birds") == (["bird", "note"], [["Ara", "two\r\nlines"], ["Kea", "an odd\u2028break\x0b"]])


def test_a_quote_that_is_never_closed_is_named(write):
    with pytest.raises(SourceError, match=r"a\.csv: not valid CSV"):
        csv_table(write("a.csv", 'bird\n"Ara\n'), "birds")
