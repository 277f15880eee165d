"""Telephone numbers as people write them, read as E.164."""

from __future__ import annotations

import re

import phonenumbers

COUNTRY = "MA"
"""Where a number without a country code is: the fair is Moroccan, its exhibitors and visitors may not be."""

_MOROCCAN = re.compile(r"[5-8]\d{8}")
_PLAIN = re.compile(r"0([5-8][0-9]{8})")
"""How nearly all numbers are written here, but for what stands between the digits."""


def national(number: str) -> str:
    """An E.164 number as its country's people write it: "06 00 00 00 01" for Morocco, others unchanged."""
    if not re.fullmatch(r"\+212[0-9]{9}", number):
        return number
    digits = "0" + number[4:]
    return "\u00a0".join(digits[start : start + 2] for start in range(0, 10, 2))


def e164(written: str) -> str | None:
    """Return a number as E.164 (`06 00 00 00 01` → `+212600000001`), or None when it is none.

    Any country's number that could be rung is taken. A Moroccan one must have its nine digits and begin as
    Moroccan numbers do, whether or not the operator is known: number plans change faster than libraries.
    """
    if plain := _PLAIN.fullmatch(re.sub(r"[ .\u00a0\u202f-]", "", written)):
        return f"+212{plain[1]}"
    if any(letter.isalpha() for letter in written):
        return None
    if re.fullmatch(r"212\d{9}", written):
        written = f"+{written}"
    try:
        number = phonenumbers.parse(written, COUNTRY)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number) or number.extension:
        return None
    at_home = number.country_code == phonenumbers.country_code_for_region(COUNTRY)
    if at_home and not _MOROCCAN.fullmatch(str(number.national_number)):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
