"""JSON of strangers."""

from __future__ import annotations

import json
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.store.checks.web.json_reading import (
    MAX_DEPTH,
    MAX_VALUES,
    TooManyValuesError,
    UnreadableJsonError,
    read_object,
)

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.text(max_size=8), VALUES, max_size=5))
def test_what_json_writes_is_read(value):
    assert read_object(json.dumps(value).encode()) == value
    assert read_object(json.dumps(value, ensure_ascii=False).encode()) == value


@pytest.mark.parametrize(
    "data",
    [
        b"", b"null", b"[]", b"[1]", b"1", b'"a"', b"{", b"}", b'{"a":NaN}', b'{"a":-Infinity}', b"<html>", b"\xff\xfe",
        b'{"a":1}{"b":2}', b'{"a":' * 100_000, b"[" * 1_000_000, b'{"a":' * 41 + b"1" + b"}" * 41,
        b'{"a":' + b"9" * 5_000 + b"}", b'"' + b"\\" * 1_000_001,
    ],
)  # fmt: skip
def test_sec_32_anything_else_is_refused_at_once(data):
    with pytest.raises(UnreadableJsonError):
        read_object(data)


def test_brackets_inside_words_are_no_depth():
    text = {"a": "[" * 500, 'b"\\': "{" * 500}

    assert read_object(json.dumps(text).encode()) == text


def test_the_deepest_that_is_read():
    data = b'{"a":' * MAX_DEPTH + b"1" + b"}" * MAX_DEPTH

    assert read_object(data)["a"]


@pytest.mark.parametrize("data", [b'{"' + b'\\"' * 400_000, b'{"a' + b'\\"x' * 300_000, b'{"\\' + b'"\\' * 400_000])
def test_sec_32_words_that_never_end_take_no_time(data):
    begin = process_time()

    with pytest.raises(UnreadableJsonError):
        read_object(data)
    assert process_time() - begin < 1


@pytest.mark.parametrize("sign", [b"[]", b"{}", b"1", b"]", b"}", b"["])
def test_sto_110_more_values_than_a_model_could_look_at_are_not_read(sign):
    with pytest.raises(TooManyValuesError):
        read_object(b'{"a":[' + b",".join([sign] * (MAX_VALUES + 1)) + b"]}")


def test_the_most_values_that_are_read():
    values = [0] * (MAX_VALUES - 2)

    assert read_object(json.dumps({"a": values, "b,[": ""}).encode())["a"] == values
