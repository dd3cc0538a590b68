"""Bodies as strangers send them: one meaning or a refusal, whatever the bytes."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.wire.strict_json import MOST_DEPTH, MOST_WHOLE, read_json
from kernel.errors import Refusal

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-MOST_WHOLE, MOST_WHOLE)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inside: (
        st.lists(inside, max_size=3) | st.dictionaries(st.text("abc福", max_size=4), inside, max_size=3)
    ),
    max_leaves=12,
)


def code_of(body: bytes) -> str:
    """The code a body is refused with."""
    with pytest.raises(Refusal) as refused:
        read_json(body)
    return refused.value.code


@given(plain)
def test_what_other_readers_agree_on_is_read_as_they_read_it(document: Any) -> None:
    """Strict is not another language: what is plain JSON means here what it means everywhere."""
    body = json.dumps(document, ensure_ascii=False).encode()

    assert read_json(body) == document


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    """No body is a defect of the server."""
    with suppress(Refusal):
        read_json(body)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "request.not_json"),
        (b"{", "request.not_json"),
        (b"\xef\xbb\xbf{}", "request.not_json"),
        (b'{"a": "\xff"}', "request.not_utf8"),
        (b'{"a": "\xed\xa0\x80"}', "request.not_utf8"),
        (b'{"a": "\\ud800"}', "request.unwritable_text"),
        (b'{"\\udfff": 1}', "request.unwritable_text"),
        (b'["\\u0000"]', "request.unwritable_text"),
        (b'{"a": 1, "a": 2}', "request.duplicate_name"),
        (b'[{"b": {"\\u0061": 1, "a": 1}}]', "request.duplicate_name"),
        (b'{"a": NaN}', "request.number_out_of_range"),
        (b"[-Infinity]", "request.number_out_of_range"),
        (b"[1e999]", "request.number_out_of_range"),
        (b"[73786976294838206464]", "request.number_out_of_range"),
        (b"[-9007199254740992]", "request.number_out_of_range"),
        (b"[" + b"9" * 100_000 + b"]", "request.number_out_of_range"),
        (b"[" * 100_000, "request.too_deep"),
        (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, "request.too_deep"),
        (b"[" * (MOST_DEPTH + 1) + b"]" * (MOST_DEPTH + 1), "request.too_deep"),
    ],
)
def test_what_could_mean_two_things_is_refused(body: bytes, code: str) -> None:
    """Each of these is read silently by some reader, and differently by the next."""
    assert code_of(body) == code


def test_the_deepest_and_the_largest_that_is_allowed_is_read() -> None:
    """A limit that refuses its own value is another limit."""
    deepest = b"[" * MOST_DEPTH + b"]" * MOST_DEPTH

    assert read_json(deepest) == json.loads(deepest)
    assert read_json(b"[9007199254740991, -9007199254740991]") == [MOST_WHOLE, -MOST_WHOLE]
