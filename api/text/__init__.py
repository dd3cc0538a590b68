"""Sentences: a code and its values become English or Simplified Chinese here, and nowhere else.

A catalogue is a folder of TOML files, one for each subject (the code's part before its first dot);
both languages hold the same codes with the same values (tested).
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any, Literal, get_args

from kernel.errors import Message, Refusal, Value

Lang = Literal["en", "zh"]
LANGUAGES: tuple[Lang, ...] = get_args(Lang)


@cache
def catalogue(lang: Lang) -> dict[str, str]:
    """All sentences of one language by their code."""
    sentences: dict[str, str] = {}
    for file in sorted((files(__name__) / lang).iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            subject = file.name.removesuffix(".toml")
            for key, sentence in tomllib.loads(file.read_text(encoding="utf-8")).items():
                sentences[f"{subject}.{key}"] = sentence
    return sentences


class _Words(Formatter):
    """Python's format language and two specs of ours.

    ``{lines} {lines:line|lines}`` chooses a word by the number, the first for one; ``{method:=method}`` says a value by the
    sentence ``method.VALUE``.
    """

    def __init__(self, lang: Lang) -> None:
        self.lang = lang

    def format_field(self, value: Any, format_spec: str) -> str:
        """Fill one place of a sentence."""
        one, bar, more = format_spec.partition("|")
        if bar:
            return one if value == 1 else more
        if format_spec.startswith("="):
            return label(f"{format_spec[1:]}.{value}", self.lang)
        return str(super().format_field(value, format_spec))


def say(message: Message, lang: Lang) -> str:
    """Put a message into words; a code without a sentence is shown with its values, never hidden.

    Sentences are filled by Python's format language and two specs: see `_Words`.
    """
    template = catalogue(lang).get(message.code)
    if template is None:
        values = ", ".join(f"{name}={value}" for name, value in message.params.items())
        return f"{message.code} ({values})" if values else message.code
    return _Words(lang).vformat(template, (), message.params)


def label(code: str, lang: Lang, /, **params: Value) -> str:
    """Put one code into words.

    >>> label("cli.error", "en")
    'error'
    """
    return say(Message(code, params), lang)


def say_refusal(refusal: Refusal, lang: Lang) -> str:
    """Put a refusal into words: where, its sentence, its code in brackets."""
    where = ""
    if refusal.at is not None:
        line = f":{refusal.at.line}" if refusal.at.line else ""
        column = f" [{refusal.at.column}]" if refusal.at.column else ""
        where = f"{refusal.at.file}{line}{column}: "
    return f"{where}{say(refusal.message, lang)} ({refusal.code})"
