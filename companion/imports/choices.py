"""What a person chose for one file: how its text is read, what its columns hold, who is who."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

IGNORE = "-"
"""The choice for a column, or a sheet, that is left out."""
NEW = "new"
"""The choice for a possible duplicate that is none."""


@dataclass(frozen=True)
class Choices:
    """The choices for one file; what is not chosen is found out.

    `kinds` says per sheet which list it is, `columns` per sheet and column (from 0) which field it holds, `same` per
    row (`Exposants 12`) the id of the record it is, or `new`. `without_refused` leaves out the rows that have errors
    instead of refusing the file, `skip_hidden` the rows and sheets that a spreadsheet does not show.
    """

    encoding: str = ""
    delimiter: str = ""
    kinds: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    same: Mapping[str, str] = field(default_factory=dict)
    without_refused: bool = False
    skip_hidden: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the choices as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Choices:
        """Return what `as_json` made."""
        columns = {sheet: {int(at): path for at, path in of.items()} for sheet, of in plain.get("columns", {}).items()}
        return cls(**{**plain, "columns": columns})
