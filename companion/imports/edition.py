"""What an importer must know of the fair to understand a list: its days, its floor, its sectors and zones."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from companion.catalogue.keys import key

Names = dict[str, str]


@dataclass(frozen=True)
class Edition:
    """One edition of a fair. `sectors` holds (names, zone) by code, `zones` names by code; metres.

    `booths` and `rooms` are those known from earlier imports, for lists that come without a plan.
    """

    id: str
    first: date
    last: date
    width: float
    depth: float
    sectors: dict[str, tuple[Names, str]]
    zones: dict[str, Names]
    booths: frozenset[str] = frozenset()
    rooms: dict[str, Names] = field(default_factory=dict)

    def sector(self, written: str) -> str | None:
        """Return the code of the sector written as code or name in any language, or None."""
        return self._sectors.get(key(written))

    def zone(self, written: str) -> str | None:
        """Return the code of a zone written as code, name, or with its number (`Pôle 3` is `P3`), or None."""
        code = self._zones.get(key(written))
        number = re.fullmatch(r"\D*(\d+)", key(written))
        if code is None and number:
            numbered = [one for one in self.zones if re.sub(r"\D", "", one) == number[1]]
            return numbered[0] if len(numbered) == 1 else None
        return code

    @cached_property
    def _sectors(self) -> dict[str, str]:
        return _by_name({code: names for code, (names, _) in self.sectors.items()})

    @cached_property
    def _zones(self) -> dict[str, str]:
        return _by_name(self.zones)


def _by_name(names: dict[str, Names]) -> dict[str, str]:
    """Return codes by each form they are written in; the first code with a form has it."""
    forms = [(key(form), code) for code, texts in names.items() for form in (code, *texts.values())]
    return dict(reversed(forms))
