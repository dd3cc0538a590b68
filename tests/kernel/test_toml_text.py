"""TOML from outside: whatever it is, it is read or refused, and soon."""

from __future__ import annotations

from time import process_time

import pytest

from kernel.toml_text import MOST_PARTS, read_toml


@pytest.mark.parametrize(
    "text",
    [
        f"{'.'.join(['a'] * 20_000)} = 1",
        f"[{'.'.join(['a'] * 20_000)}]",
        f"x = {{{'.'.join(['a'] * 20_000)} = 1}}",
        f"{' . '.join(['a'] * 20_000)} = 1",
        ".".join(['"a"'] * 20_000) + " = 1",
        f"a = {'[' * 20_000}{']' * 20_000}",
        f"a = {'{a = ' * 20_000}1{'}' * 20_000}",
        f"a = {'9' * 20_000}",
        '"' * 20_000,
        "a" * 20_000,
    ],
)
def test_what_would_take_long_is_refused_soon(text: str) -> None:
    """A key of 20,000 parts takes the reader 20 s of the processor: one request would hold a server up."""
    before = process_time()

    with pytest.raises(ValueError, match=r"."):
        read_toml(text)

    assert process_time() - before < 2


def test_a_key_of_many_parts_and_words_with_dots_are_read() -> None:
    """The bound is far beyond what anybody writes."""
    key = ".".join(["a"] * MOST_PARTS)

    found = read_toml(f'{key} = 1\nabout = "{"one. two. " * 20}"')

    assert found["about"].startswith("one. two.")
    assert "a" in found
