"""Fairs of any size, invented from a small one by recombining what its exhibitors say."""

from __future__ import annotations

import random
from typing import Any

Record = dict[str, Any]
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: One exhibitor in so many has a name nobody else has: as a fair grows, so do its words.
OWN_NAME = 3
SYLLABLES = [
    ("ta", "تا", "ⵜⴰ"),
    ("zi", "زي", "ⵣⵉ"),
    ("mou", "مو", "ⵎⵓ"),
    ("ri", "ري", "ⵔⵉ"),
    ("gha", "غا", "ⵖⴰ"),
    ("lou", "لو", "ⵍⵓ"),
    ("sa", "سا", "ⵙⴰ"),
    ("di", "دي", "ⴷⵉ"),
    ("kou", "كو", "ⴽⵓ"),
    ("ni", "ني", "ⵏⵉ"),
]


def grown(snapshot: Record, count: int, seed: int = 2027) -> Record:
    """The same fair with `count` exhibitors: names, products, places and sentences of the real ones, shuffled."""
    draw = random.Random(seed)
    models: list[Record] = snapshot["exhibitors"]
    products = [product for model in models for product in model.get("products", [])]
    codes = sorted({_code(draw) for _ in range(count * 2)})[:count]
    exhibitors = [_exhibitor(draw, models, products, code, at) for at, code in enumerate(codes)]
    return snapshot | {"exhibitors": exhibitors, "order": {}}


def _code(draw: random.Random) -> str:
    return "".join(draw.choices(CROCKFORD, k=6))


def _exhibitor(draw: random.Random, models: list[Record], products: list[Record], code: str, at: int) -> Record:
    model, place = draw.choice(models), draw.choice(models)
    own = list(zip(*draw.choices(SYLLABLES, k=draw.randint(3, 5)), strict=True)) if at % OWN_NAME == 0 else []
    scripts = {language: "".join(own[n]) for n, language in enumerate(("fr", "ar", "zgh")) if own}
    return model | {
        "code": code,
        "booths": [f"{chr(65 + at // 500 % 26)}{at % 500 + 1:02}"],
        "name": {language: f"{text} {scripts.get(language, '')}".strip() for language, text in model["name"].items()},
        "about": _about(draw, models),
        "commune": place["commune"],
        "province": place["province"],
        "products": draw.choices(products, k=draw.randint(1, 5)),
    }


def _about(draw: random.Random, models: list[Record]) -> dict[str, str]:
    """Four sentences in each language, each of another exhibitor."""
    about = {}
    for language in ("fr", "ar", "zgh"):
        told = [model["about"][language] for model in draw.sample(models, 12) if language in model["about"]][:4]
        about[language] = " ".join(draw.choice(text.split(". ")) + "." for text in told)
    return about
