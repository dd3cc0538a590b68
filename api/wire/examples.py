"""Examples in the OpenAPI document: an answer for every operation, made of its shape and of the words of one day at one desk.

What a property is called says what stands in it: a number of a ticket looks like one, wherever it stands. What requests show
as examples is taken up in the answers, so that both speak of the same things. Nothing here is drawn: the same document comes
out every time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from api.wire.example_words import DAY, ENDS, KEYS, MOMENT, OF_SHAPE, UNSHAPED, WORDS

Schema = Mapping[str, Any]


def with_examples(document: dict[str, Any]) -> None:
    """Put an example into every answer in JSON that says all went well."""
    making = _Making(document)
    for path, item in document["paths"].items():
        for operation in item.values():
            for status, answer in operation["responses"].items():
                told = answer.get("content", {}).get("application/json")
                if status.startswith("2") and told is not None:
                    told["example"] = UNSHAPED[path] if path in UNSHAPED else making.of(told["schema"])


class _Making:
    """Makes examples from the shapes of one document."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.shapes: Mapping[str, Schema] = document["components"]["schemas"]
        self.said: dict[str, list[Any]] = {}
        for shape in self.shapes.values():
            for example in shape.get("examples", ()):
                for name, value in _leaves(example, ""):
                    self.said.setdefault(name, []).append(value)

    def of(self, schema: Schema, name: str = "", within: tuple[str, ...] = ()) -> Any:
        """An example of a shape; one that holds itself ends where it would begin again."""
        if "$ref" in schema:
            shape = schema["$ref"].rpartition("/")[2]
            return self.of(self.shapes[shape], name, (*within, shape))
        if "anyOf" in schema:
            first = next(one for one in schema["anyOf"] if one.get("type") != "null")
            return None if self._again(first, within) else self.of(first, name, within)
        if schema.get("type") == "array":
            return self._list(schema, name, within)
        if schema.get("type") == "object":
            return self._object(schema, name, within)
        return self._plain(schema, name, within)

    def _list(self, schema: Schema, name: str, within: tuple[str, ...]) -> list[Any]:
        if "prefixItems" in schema:
            return [self.of(one, name, within) for one in schema["prefixItems"]]
        each = schema.get("items", {})
        return [] if self._again(each, within) else [self.of(each, name, within)]

    def _object(self, schema: Schema, name: str, within: tuple[str, ...]) -> dict[str, Any]:
        if "properties" in schema:
            return {key: self.of(one, key, within) for key, one in schema["properties"].items()}
        each = schema.get("additionalProperties")
        if not isinstance(each, Mapping) or name not in KEYS:
            return {}
        return {KEYS[name]: self.of(each, name, within)}

    def _again(self, schema: Schema, within: tuple[str, ...]) -> bool:
        return schema.get("$ref", "").rpartition("/")[2] in within

    def _plain(self, schema: Schema, name: str, within: tuple[str, ...]) -> Any:
        return next(value for value in self._guesses(schema, name, within) if _fits(value, schema))

    def _guesses(self, schema: Schema, name: str, within: tuple[str, ...]) -> Iterator[Any]:
        if "const" in schema:
            yield schema["const"]
        # An enum has a shape of its own within the one it is a word of.
        for shape in within[:-3:-1]:
            if name in (meant := OF_SHAPE.get(shape, {})):
                yield meant[name]
        if name in WORDS:
            yield WORDS[name]
        if (whole := name.removesuffix("_id")) in WORDS:
            yield WORDS[whole]
        yield from self.said.get(name, ())
        yield from (value for end, value in ENDS if name.endswith(end))
        yield from schema.get("enum", ())
        yield from (MOMENT, DAY) if "format" in schema else ()
        yield from (name or "-", 3, 0.5, False)
        yield schema.get("minimum", schema.get("exclusiveMinimum", 0))


def _leaves(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, one in value.items():
            yield from _leaves(one, key)
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(one, name)
    else:
        yield name, value


_IS: Mapping[str, Any] = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: type(value) is int,
    "number": lambda value: type(value) in {int, float},
    "boolean": lambda value: isinstance(value, bool),
}
_FORMATS = {
    "date-time": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+\d\d:\d\d"),
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
}


def _fits(value: Any, schema: Schema) -> bool:
    """Whether a plain value is one of a shape."""
    if "type" in schema and not _IS[schema["type"]](value):
        return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    if "const" in schema and value != schema["const"]:
        return False
    if isinstance(value, str):
        form = _FORMATS.get(schema.get("format", ""))
        return (
            (form is None or form.fullmatch(value) is not None)
            and ("pattern" not in schema or re.search(schema["pattern"], value) is not None)
            and schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value))
        )
    if isinstance(value, bool):
        return True
    return bool(schema.get("minimum", value) <= value <= schema.get("maximum", value))
