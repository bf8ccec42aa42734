"""Tables in CSV as every reader gets them."""

from __future__ import annotations

import pytest

from macaw.errors import SourceError
from macaw.sources.files import csv_table


def test_a_cell_may_hold_any_line_break(write):
    path = write("a.csv", 'bird,note\r\nAra,"two\r\nlines"\r\n\r\nKea,an odd\u2028break\x0b\r\n')
    assert csv_table(path, "epoch") == (["bird", "note"], [["Ara", "two\r\nlines"], ["Kea", "an odd\u2028break\x0b"]])


def test_a_quote_that_is_never_closed_is_named(write):
    with pytest.raises(SourceError, match=r"a\.csv: not valid CSV"):
        csv_table(write("a.csv", 'bird\n"Ara\n'), "epoch")


def test_nobody_is_told_to_delete_a_file_of_his_own(write):
    for name, content in (("a.csv", b"caf\xe9,b\n"), ("b.csv", b'"a\n'), ("c.csv", b" "), ("d.csv.gz", b"\x1f\x8b")):
        with pytest.raises(SourceError) as error:
            csv_table(write(name, content), "deals")
        assert error.value.remedy.endswith("mend the file, or put a whole copy in its place")


def test_two_columns_of_one_name_are_an_error_and_nameless_ones_are_not(write):
    assert csv_table(write("a.csv", "a,,\n1,2,3\n"), "epoch")[0] == ["a", "", ""]
    with pytest.raises(SourceError, match="several columns are called 'a'") as error:
        csv_table(write("b.csv", "a, a ,b\n1,2,3\n"), "deals")
    assert error.value.remedy.startswith("give each column a name of its own")


def test_a_table_of_nothing_but_a_byte_order_mark_is_empty(write):
    with pytest.raises(SourceError, match=r"a\.csv: the file is empty"):
        csv_table(write("a.csv", b"\xef\xbb\xbf"), "epoch")
