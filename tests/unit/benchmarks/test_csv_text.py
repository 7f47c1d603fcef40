from __future__ import annotations

from pathlib import Path

import pytest

from evalharness.benchmarks import csv_text
from evalharness.errors import BadInput


@pytest.mark.parametrize("chunk", [1, 2, 3, 5, 1 << 20])
def test_the_first_byte_that_is_not_utf8_is_placed_wherever_the_file_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(csv_text, "_CHUNK", chunk)
    path = tmp_path / "t.csv"
    for broken, byte, line in ((b'\xc3\xa9,"\nb\n\xff,\xff\n', 7, 3), (b"a\n\xe2\x82", 2, 2)):
        path.write_bytes(broken)
        with pytest.raises(BadInput) as caught:
            csv_text.count_quotes(path)
        assert f"t.csv:{line}: the file is not UTF-8" in str(caught.value)
        assert f"byte {byte}: " in str(caught.value)
    path.write_bytes('é,"\n"\n'.encode())
    assert csv_text.count_quotes(path) == 2


def test_a_header_may_follow_blank_lines_only_where_that_is_said(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b'\xef\xbb\xbf\r\n"a\nb",c\r\n1,2\r\n')
    assert csv_text.header(path, after_blank_lines=True) == ["a\nb", "c"]
    with pytest.raises(BadInput, match="is empty"):
        csv_text.header(path)
