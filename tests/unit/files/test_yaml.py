"""Strict YAML: what is read, and what is refused at which place."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalharness.errors import BadInput
from evalharness.files.fields import Count, IsoDate, Label, Name, Share, Text
from evalharness.files.shape import Shape
from evalharness.files.yaml import LARGEST_FILE, front_matter, parse_yaml, read_yaml, validate


def problems_of(text: bytes) -> list[str]:
    with pytest.raises(BadInput) as caught:
        parse_yaml(text, "f.yaml")
    return [f"{p.where}: {p.what}" for p in caught.value.problems]


def test_scalars_follow_the_core_schema_of_yaml_1_2() -> None:
    text = b"""
words: [no, yes, on, 'true', "1", 2026-11-01, 1:30, 1_000, 0b1, null-ish]
numbers: [1, -2, +3, 0x1F, 0o17, 1.5, -.5, 1., 1e3]
others: [true, False, null, ~, ]
empty:
"""
    assert parse_yaml(text, "f").data == {
        "words": ["no", "yes", "on", "true", "1", "2026-11-01", "1:30", "1_000", "0b1", "null-ish"],
        "numbers": [1, -2, 3, 31, 15, 1.5, -0.5, 1.0, 1000.0],
        "others": [True, False, None, None],
        "empty": None,
    }


def test_every_key_and_item_has_its_place() -> None:
    document = parse_yaml(b"a: 1\nb:\n  - x\n  - {c: 2}\n", "f")
    assert document.places == {
        (): (1, 1), ("a",): (1, 1), ("b",): (2, 1), ("b", 0): (3, 5), ("b", 1): (4, 5), ("b", 1, "c"): (4, 6),
    }  # fmt: skip
    assert document.where(("b", 1, "c")) == "f:4:6"
    assert document.where(("b", 1, "absent")) == "f:4:5"


def test_a_byte_order_mark_and_crlf_are_read() -> None:
    document = parse_yaml(b"\xef\xbb\xbfa: 1\r\nb: two\r\n", "f")
    assert document.data == {"a": 1, "b": "two"}
    assert document.places[("b",)] == (2, 1)


REFUSED = {
    "empty": (b"", ["f.yaml: the file is empty"]),
    "blank": (b" \n\n", ["f.yaml: the file is empty"]),
    "comments only": (b"# nothing\n", ["f.yaml: the file is empty"]),
    "not UTF-8": (b"a: 1\nb: \xff\n", ["f.yaml:2:4: the file is not UTF-8"]),
    "UTF-16": ("a: 1".encode("utf-16"), ["f.yaml:1:1: the file is not UTF-8"]),
    "a list": (b"- a\n", ["f.yaml:1:1: the top level is not a mapping"]),
    "a word": (b"a\n", ["f.yaml:1:1: the top level is not a mapping"]),
    "nothing but null": (b"~\n", ["f.yaml:1:1: the top level is not a mapping"]),
    "several documents": (b"a: 1\n---\nb: 2\n", ["f.yaml:2:1: a second document is not allowed"]),
    "duplicate key": (b"a: 1\nb: 2\na: 3\n", ["f.yaml:3:1: the key 'a' stands twice"]),
    "duplicate key below": (b"x:\n  a: 1\n  'a': 2\n", ["f.yaml:3:3: the key 'a' stands twice"]),
    "anchor and alias": (b"a: &x 1\nb: *x\n", ["f.yaml:1:4: the anchor &x is not allowed", "f.yaml:2:4: the alias *x is not allowed"]),
    "merge key": (b"a: {}\n<<: {b: 1}\n", ["f.yaml:2:1: the merge key << is not allowed"]),
    "tag": (b"a: !!str 1\n", ["f.yaml:1:4: the tag tag:yaml.org,2002:str is not allowed"]),
    "own tag": (b"a: !thing {b: 1}\n", ["f.yaml:1:4: the tag !thing is not allowed"]),
    "python tag": (b"a: !!python/object/apply:os.getcwd []\n", [
        "f.yaml:1:4: the tag tag:yaml.org,2002:python/object/apply:os.getcwd is not allowed",
    ]),
    "directive": (b"%YAML 1.1\n---\na: no\n", ["f.yaml:2:1: a YAML directive is not allowed"]),
    "key that is a number": (b"1: a\n", ["f.yaml:1:1: the key is not text"]),
    "key that is a list": (b"? [a]\n: b\n", ["f.yaml:1:3: the key is not text"]),
    "NaN": (b"a: .nan\n", ["f.yaml:1:4: NaN and infinity are not numbers here"]),
    "infinity": (b"a: [-.inf]\n", ["f.yaml:1:5: NaN and infinity are not numbers here"]),
    "overflow": (b"a: 1e999\n", ["f.yaml:1:4: the number is too large"]),
    "huge integer": (b"a: 9007199254740993\n", ["f.yaml:1:4: the integer is beyond 2**53"]),
    "very long integer": (b"a: -" + b"9" * 5000, ["f.yaml:1:4: the integer is beyond 2**53"]),
    "huge hexadecimal": (b"a: 0x" + b"f" * 30, ["f.yaml:1:4: the integer is beyond 2**53"]),
    "control character": (b"a: b\x07c\n", ["f.yaml:1:5: a control character is not allowed"]),
    "escaped control character": (b'a: "b\\u001bc"\n', ["f.yaml:1:4: a control character is not allowed"]),
    "control character in a key": (b'"a\\b": 1\n', ["f.yaml:1:1: a control character is not allowed"]),
    "text that runs backwards": ("a: b\u202ec\n".encode(), ["f.yaml:1:5: a control character is not allowed"]),
    "lone surrogate": (b'a: "\\ud800"\n', ["f.yaml:1:4: a control character is not allowed"]),
    "carriage return alone": (b"a: b\rc\n", ["f.yaml:1:5: a control character is not allowed"]),
    "nested too deep": (b"a: " + b"[" * 30 + b"]" * 30, ["f.yaml:1:24: the file is nested deeper than 20 levels"]),
    "several at once": (
        b"a: &x 1\nb: .nan\na: 2\n",
        [
            "f.yaml:1:4: the anchor &x is not allowed",
            "f.yaml:2:4: NaN and infinity are not numbers here",
            "f.yaml:3:1: the key 'a' stands twice",
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", REFUSED)
def test_what_could_mislead_is_refused_with_its_place(fault: str) -> None:
    text, expected = REFUSED[fault]
    assert problems_of(text) == expected


@pytest.mark.parametrize("text", [b"a: [1", b"a: 'x", b"a: b: c", b"\tx: 1", b'a: "\\UFFFFFFFF"', b'a: "\\q"', b"a: @x", b"}", b"a: {b"])
def test_broken_yaml_is_one_problem_and_no_traceback(text: bytes) -> None:
    (told,) = problems_of(text)
    assert "this is not YAML" in told


@given(st.binary(max_size=60) | st.text("ab:-[]{}&*!|>'\"%@`?#,\n\t .0~\\", max_size=60).map(str.encode))
@settings(max_examples=400, deadline=None)
def test_any_bytes_are_read_or_refused(text: bytes) -> None:
    try:
        document = parse_yaml(text, "f")
    except BadInput:
        return
    assert isinstance(document.data, dict)


def test_a_file_that_is_absent_a_folder_a_pipe_or_too_large_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large").write_bytes(b"#" * (LARGEST_FILE + 1))
    for name, what in (
        ("absent", "no such file"),
        (".", "no such file"),
        ("pipe", "no such file"),
        ("large", "too large"),
        ("x\0", "no such file"),
    ):
        with pytest.raises(BadInput, match=what):
            read_yaml(tmp_path / name)
    with pytest.raises(BadInput, match="too large"):
        parse_yaml(b"#" * (LARGEST_FILE + 1), "f")


def test_front_matter_keeps_the_lines_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "card.md"
    path.write_text("---\na: 1\nb: {c: 2}\n---\n# Title\n---\nmore\n")
    document, body = front_matter(path)
    assert document.data == {"a": 1, "b": {"c": 2}}
    assert document.where(("b", "c")) == f"{path}:3:5"
    assert document.raw == path.read_bytes()
    assert body == "# Title\n---\nmore\n"


class Inner(Shape):
    share: Share
    label: Label = "x"


class Outer(Shape):
    name: Name
    count: Count
    on: IsoDate | None = None
    words: tuple[Text, ...] = ()
    inner: tuple[Inner, ...] = ()
    by_name: dict[str, Inner] = {}  # noqa: RUF012 - frozen model


def shape_problems(text: str) -> list[str]:
    with pytest.raises(BadInput) as caught:
        validate(parse_yaml(text.encode(), "f"), Outer)
    return [f"{p.where}: {p.what} | {p.got} | {p.expected} | {p.hint}" for p in caught.value.problems]


def test_a_document_in_shape_becomes_its_model() -> None:
    text = b"name: a\ncount: 2\non: 2026-11-01\nwords: [' x ']\ninner: [{share: 1, label: true}, {share: 0.5, label: 7}]\n"
    outer = validate(parse_yaml(text, "f"), Outer)
    assert (outer.count, str(outer.on), outer.words) == (2, "2026-11-01", ("x",))
    assert [(i.share, i.label) for i in outer.inner] == [(1.0, "true"), (0.5, "7")]


OUT_OF_SHAPE = {
    "unknown key": ("nmae: 1\n", "f:3:1: unknown key 'nmae' |  | one of by_name, count, inner, name, on, words | did you mean 'name'?"),
    "unknown key in an item": (
        "inner: [{share: 1, lable: x}]\n",
        "f:3:20: unknown key 'lable' |  | one of label, share | did you mean 'label'?",
    ),
    "unknown key in a value": ("by_name: {k: {share: 1, zzz: x}}\n", "f:3:25: unknown key 'zzz' |  | one of label, share | remove it"),
    "missing key in an item": ("inner:\n  - {label: a}\n", "f:4:5: the key 'share' is missing |  |  | add 'share:'"),
    "number as text": ("inner: [{share: '1'}]\n", "f:3:10: 'share' is not what is expected here | 1 | a number | remove the quotes"),
    "boolean as number": ("inner: [{share: true}]\n", "f:3:10: 'share' is not what is expected here | true | a number | "),
    "out of range": ("inner: [{share: 1.5}]\n", "f:3:10: 'share' is not what is expected here | 1.5 | less than or equal to 1 | "),
    "text as list": ("words: x\n", "f:3:1: 'words' is not what is expected here | x | a list | "),
    "number as word": ("words: [1]\n", "f:3:9: item 1 is not what is expected here | 1 | text | put it in quotes"),
    "blank text": ("words: ['  ']\n", "f:3:9: item 1 is not what is expected here |    | text of 1 to 2000 characters | "),
    "a mapping for a list": ("inner: {a: 1}\n", "f:3:1: 'inner' is not what is expected here | a mapping | a list | "),
    "nothing for a list": ("inner:\n", "f:3:1: 'inner' is not what is expected here | nothing | a list | "),
    "a day that is not": ("on: 2026-02-30\n", "f:3:1: 'on' is not what is expected here | 2026-02-30 | a date YYYY-MM-DD that exists | "),
    "a fraction as label": (
        "inner: [{share: 1, label: 1.0}]\n",
        "f:3:20: 'label' is not what is expected here | 1.0 | text, a whole number, true or false | put it in quotes",
    ),
}


@pytest.mark.parametrize("fault", OUT_OF_SHAPE)
def test_every_mistake_of_shape_is_told_with_place_and_fix(fault: str) -> None:
    text, expected = OUT_OF_SHAPE[fault]
    assert shape_problems("name: a\ncount: 2\n" + text) == [expected]


def test_all_mistakes_of_shape_are_told_at_once() -> None:
    told = shape_problems("name: ../a\ncount: 0\nwords: [1, x, 2]\n")
    assert [line.split(" ")[0] for line in told] == ["f:1:1:", "f:2:1:", "f:3:9:", "f:3:15:"]
