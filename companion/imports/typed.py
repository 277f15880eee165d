"""What a form about an exhibitor or a product says, read by the same rules as a list's cells.

Nothing is silently repaired or left out: a field that cannot be read is named with its problem, and what was typed
stays in the form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from companion.catalogue import vocabulary
from companion.catalogue.communes import communes, find_communes, provinces
from companion.imports import cells, contacts
from companion.imports.problems import Finding, Unreadable
from companion.imports.rows import MAX_NAME, SCRIPT_OF
from companion.languages import LANGUAGES
from companion.models import MAX_TEXT, Exhibitor, Product
from companion.spoofing import problem_with_value

Typed = Mapping[str, str]
Readers = dict[str, Callable[[str], Any]]


def exhibitor_form(one: Exhibitor) -> dict[str, str]:
    """Return what a form about this exhibitor shows, by field."""
    shown = {f"{name}.{lang}": getattr(one, name).get(lang, "") for name in ("name", "about") for lang in LANGUAGES}
    shown |= {name: getattr(one, name) or "" for name in ("number", "kind", "sector", "zone", "province", "note")}
    shown["commune"] = communes()[one.commune].names["fr"] if one.commune in communes() else one.commune_text
    for name in ("founded", "members", "women"):
        value = getattr(one, name)
        shown[name] = "" if value is None else str(value)
    shown |= {name: getattr(one, name) or "" for name in ("whatsapp", "email", "website")}
    shown["phones"] = "\n".join(one.phones)
    shown |= {name: ", ".join(getattr(one, name)) for name in ("labels", "certifications")}
    for name, family in (("languages", "language"), ("payment", "payment")):
        words = vocabulary.family(family)
        shown[name] = ", ".join(words[code]["fr"] if code in words else code for code in getattr(one, name))
    answers = {None: "", True: "yes", False: "no"}
    shown |= {name: answers[getattr(one, name)] for name in ("delivery", "orders")}
    return shown | {"women_led": "yes" if one.women_led else "no"}


def read_exhibitor(typed: Typed, shown: Typed) -> tuple[dict[str, Any], dict[str, Finding]]:
    """Return the fields of an exhibitor that differ from what is `shown`, and what is wrong by field."""
    fields, wrong = _read(typed, shown, _EXHIBITOR | _texts("name", MAX_NAME) | _texts("about", MAX_TEXT))
    place = fields.pop("commune", None)
    if place is not None:
        fields |= place
        if place["commune"]:
            fields["province"] = communes()[place["commune"]].province
    if fields.get("women", 0) and typed.get("members", "").isdecimal() and fields["women"] > int(typed["members"]):
        wrong["women"] = Finding("women_exceed_members")
    if not any(typed.get(f"name.{lang}", shown.get(f"name.{lang}", "")).strip() for lang in LANGUAGES):
        wrong["name.fr"] = Finding("missing_name")
    return fields, wrong


def product_form(one: Product) -> dict[str, str]:
    """Return what a form about this product shows, by field."""
    shown = {f"name.{lang}": one.name.get(lang, "") for lang in LANGUAGES}
    price = "" if one.price is None else f"{one.price / 100:.2f}".rstrip("0").rstrip(".")
    return shown | {"unit": one.unit, "price": price, "available": "yes" if one.available else "no"}


def read_product(typed: Typed, shown: Typed) -> tuple[dict[str, Any], dict[str, Finding]]:
    """Return the fields of a product that differ from what is `shown`, and what is wrong by field."""
    fields, wrong = _read(typed, shown, _PRODUCT | _texts("name", MAX_NAME))
    if not any(typed.get(f"name.{lang}", shown.get(f"name.{lang}", "")).strip() for lang in LANGUAGES):
        wrong["name.fr"] = Finding("missing_name")
    return fields, wrong


def _read(typed: Typed, shown: Typed, readers: Readers) -> tuple[dict[str, Any], dict[str, Finding]]:
    fields: dict[str, Any] = {}
    wrong: dict[str, Finding] = {}
    for path, reader in readers.items():
        text = typed.get(path, shown.get(path, "")).replace("\r\n", "\n").strip()
        if text == shown.get(path, "").strip():
            continue
        try:
            fields[path] = reader(text)
        except Unreadable as error:
            wrong[path] = Finding(error.problem, value=text[:120], parameters=error.parameters)
            continue
        problem = problem_with_value(path.partition(".")[0], fields[path])
        if problem:
            wrong[path] = Finding(problem, value=text[:120])
    return fields, wrong


def _texts(name: str, limit: int) -> Readers:
    return {f"{name}.{lang}": _text_in(lang, limit) for lang in LANGUAGES}


def _text_in(lang: str, limit: int) -> Callable[[str], str | None]:
    def read(text: str) -> str | None:
        lines = "\n".join(cells.text(line, limit) for line in text.split("\n"))
        if len(lines) > limit:
            raise Unreadable("text_too_long", other=str(len(lines)))
        if lines and lang in SCRIPT_OF and cells.script_of(lines) != SCRIPT_OF[lang]:
            raise Unreadable("wrong_script")
        return lines or None

    return read


def _line(limit: int = MAX_NAME) -> Callable[[str], str]:
    return lambda text: cells.text(text, limit)


def _note(text: str) -> str:
    lines = "\n".join(cells.plain(cells.clean(line)) for line in text.split("\n"))
    if len(lines) > MAX_TEXT:
        raise Unreadable("text_too_long", other=str(len(lines)))
    return lines


def _or_none(reader: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda text: reader(text) if text else None


def _list(reader: Callable[[str], list[str]]) -> Callable[[str], list[str]]:
    return lambda text: reader(text) if text else []


def _answer(text: str) -> bool | None:
    return {"yes": True, "no": False}.get(text)


def _commune(text: str) -> dict[str, str]:
    found = find_communes(text) if text else []
    if len(found) == 1:
        return {"commune": found[0].code, "commune_text": ""}
    return {"commune": "", "commune_text": cells.text(text, MAX_NAME)}


def _province(text: str) -> str:
    if text and text not in provinces():
        raise Unreadable("unknown_province", other=", ".join(names["fr"] for names in provinces().values()))
    return text


def _one_phone(text: str) -> str | None:
    return next(iter(contacts.phones(text)), None)


_EXHIBITOR: Readers = {
    "number": _line(20), "kind": _line(20), "sector": _line(20), "zone": _line(20), "province": _province,
    "commune": _commune, "founded": _or_none(cells.year), "members": _or_none(cells.count),
    "women": _or_none(cells.count), "women_led": lambda text: text == "yes", "phones": _list(contacts.phones),
    "whatsapp": _or_none(_one_phone), "email": _or_none(contacts.email), "website": _or_none(contacts.website),
    "labels": lambda text: contacts.words("label", text), "delivery": _answer, "orders": _answer,
    "certifications": lambda text: contacts.words("certification", text),
    "languages": _list(contacts.languages), "payment": _list(contacts.payment), "note": _note,
}  # fmt: skip
_PRODUCT: Readers = {
    "unit": _line(), "price": _or_none(cells.price), "available": lambda text: text == "yes",
}  # fmt: skip
