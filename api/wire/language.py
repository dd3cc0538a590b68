"""The language of an answer, by Accept-Language."""

from __future__ import annotations

from api.text import Lang


def spoken(accepted: str, /) -> Lang:
    """Chinese when the header prefers it to English, else English.

    Args:
        accepted: the header; what cannot be read in it counts as not said.

    >>> spoken("zh-CN,zh;q=0.9,en;q=0.8"), spoken("en-GB;q=0.9, zh;q=0.5"), spoken("")
    ('zh', 'en', 'en')
    """
    best: dict[str, float] = {"zh": 0.0, "en": 0.0}
    for one in accepted[:400].split(","):
        name, _, weight = one.partition(";")
        tongue = name.strip().lower().partition("-")[0]
        if tongue in best:
            best[tongue] = max(best[tongue], _weight(weight))
    return "zh" if best["zh"] > best["en"] else "en"


def _weight(text: str) -> float:
    name, _, value = text.strip().partition("=")
    if not name:
        return 1.0
    # At most three digits after the point (RFC 9110): nothing else is a weight.
    plain = value.strip()
    return float(plain) if name.strip() == "q" and plain.replace(".", "", 1).isdecimal() else 0.0
