"""A value changed in a TOML text: what is read afterwards is the change and nothing else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Refusal
from kernel.toml_edit import toml_changed, toml_leaves, toml_literal
from kernel.toml_text import read_toml

VALUES = (
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=8)
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.dates()
    | st.lists(st.integers(0, 9), max_size=3)
)
KEYS = st.sampled_from(["a", "b-c", "名", "with space", 'quo"te'])
TABLES = st.recursive(
    VALUES, lambda inner: st.dictionaries(KEYS, inner, min_size=1, max_size=3), max_leaves=8
)

TEXT = """# why
first = 1  # one
[a.b]
c = { d = "x # y", e = [1,
  2] }  # two
# of f
[f]
g = 3
"""


def at(table: Any, path: tuple[str, ...]) -> Any:
    """What stands at a path; None: nothing."""
    for key in path:
        table = table.get(key) if isinstance(table, dict) else None
    return table


@given(VALUES)
def test_a_value_is_read_as_it_was_written(value: Any) -> None:
    """Quotation marks, line ends and control signs in a text are nobody's business but its own."""
    assert read_toml(f"x = {toml_literal(value)}") == {"x": value}


@given(st.dictionaries(KEYS, TABLES, min_size=1, max_size=3), VALUES, st.data())
def test_a_change_changes_its_value_and_nothing_else(
    table: dict[str, Any], value: Any, data: st.DataObject
) -> None:
    """Whatever the layout: each value of a text can be replaced and taken out by itself."""
    text = "\n".join(f"{toml_literal({key: one})[2:-2]}" for key, one in table.items()) + "\n"
    leaf = data.draw(st.sampled_from(toml_leaves(text)))

    changed = toml_changed(text, leaf.path, value)
    without = toml_changed(text, leaf.path, None)

    assert {one.path: one.value for one in toml_leaves(changed)} == {
        one.path: value if one.path == leaf.path else one.value for one in toml_leaves(text)
    }
    assert {one.path for one in toml_leaves(without)} == {one.path for one in toml_leaves(text)} - {leaf.path}
    assert toml_changed(changed, leaf.path, leaf.value) == toml_changed(text, leaf.path, leaf.value)


@pytest.mark.parametrize(
    ("path", "value", "written"),
    [
        ("first", 2, "first = 2  # one"),
        ("a.b.c.d", "z # w", 'c = { d = "z # w", e = [1, 2] }  # two'),
        ("f.h", True, "h = true"),
        ("second", date(2026, 5, 1), "second = 2026-05-01"),
        ("new.table", {"k": 1}, "[new.table]"),
    ],
)
def test_comments_stay_where_they_stood(path: str, value: Any, written: str) -> None:
    """They say why a figure is as it is."""
    changed = toml_changed(TEXT, tuple(path.split(".")), value)

    assert written in changed.splitlines()
    assert at(read_toml(changed), tuple(path.split("."))) == value
    assert [line for line in TEXT.splitlines() if line.startswith("#")] == [
        line for line in changed.splitlines() if line.startswith("#")
    ]


def test_a_table_goes_with_the_comment_above_it() -> None:
    """A reason without its figure would stand at the next one."""
    assert "# of f" not in toml_changed(TEXT, ("f",), None)


def test_what_cannot_be_changed_is_refused_and_not_damaged() -> None:
    """Tables in a list, a table where a value stands: nobody guesses."""
    for text, path in (("[[a]]\nb = 1\n", ("a", "b")), ("a = 1\n", ("a", "b"))):
        with pytest.raises(Refusal) as refused:
            toml_changed(text, path, 2)
        assert refused.value.code == "toml.cannot_change"


@pytest.mark.parametrize(("text", "value"), [("a = 1\n", True), ("a = true\n", 1), ("a = [0]\n", [False])])
def test_yes_is_not_one(text: str, value: Any) -> None:
    """What Python takes for the same is another value in a file, and its rules have to see it."""
    changed = toml_changed(text, ("a",), value)

    assert changed == f"a = {toml_literal(value)}\n"
