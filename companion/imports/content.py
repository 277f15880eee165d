"""What a file is, by its content: the name only says what its owner thinks it is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from companion.imports.problems import Refused
from companion.imports.read import WORKBOOKS
from companion.imports.separated import CONTROL, TEXTS, decoded_head

Kind = Literal["workbook", "text", "fair"]
LOOKED_AT = 4096
"""Bytes that tell what a file is."""

SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "pdf_document"),
    (b"\x89PNG", "picture"), (b"\xff\xd8\xff", "picture"), (b"GIF8", "picture"), (b"BM", "picture"),
    (b"II*\x00", "picture"), (b"MM\x00*", "picture"), (b"RIFF", "picture"),
    (b"{\\rtf", "word_document"),
    (b"Rar!", "archive"), (b"7z\xbc\xaf\x27\x1c", "archive"), (b"\x1f\x8b", "archive"),
)  # fmt: skip
"""What binary files begin with, and the problem that names them."""
NAMED = frozenset({"web_page", "xml_spreadsheet", "numbers_document"} | {problem for _, problem in SIGNATURES})
"""Problems that say what a file is and how it is named."""

_WORDS = (b"BM", b"RIFF")
"""Signatures that a text may begin with as well."""
_PHOTO = re.compile(rb".{4}ftyp(?:hei|mif|avif)", re.DOTALL)
_PAGE = re.compile(
    r"(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body|table|meta|style|script|title|div|p)\b", re.I | re.S
)
_MAIL = re.compile(r"(?:mime-version|content-type):", re.I)
_SPREADSHEET = re.compile(r"urn:schemas-microsoft-com:office:spreadsheet|<office:document\b")
_FAIR = re.compile(r"^dates\s*=\s*\[", re.M)
"""What every fair's own file holds."""


def kind_of(path: Path, name: str) -> Kind:
    """Tell how a file is to be read; `name` is what it is called. Raises Refused, saying what else it is."""
    with path.open("rb") as file:
        head = file.read(LOOKED_AT)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")):
        return "workbook"  # or another package, which the child process looks into
    for signature, problem in SIGNATURES:
        if head.startswith(signature) and (signature not in _WORDS or b"\x00" in head):
            raise refused(problem, name)
    if _PHOTO.match(head):
        raise refused("picture", name)
    return _kind_of_text(head, name)


def refused(problem: str, name: str) -> Refused:
    """Return the refusal of a file for what it is, not for what its name says."""
    return Refused(problem, other=Path(name).suffix or name)


def _kind_of_text(head: bytes, name: str) -> Kind:
    ending, text = Path(name).suffix.lower(), decoded_head(head).lstrip("\ufeff \t\r\n")
    if CONTROL.search(text):
        other = "not_a_workbook" if ending in WORKBOOKS else "unknown_file_type"
        raise Refused("not_text" if ending in TEXTS else other)
    if _PAGE.match(text) or _MAIL.match(text) or (text.startswith("<?xml") and "<html" in text.lower()):
        raise refused("web_page", name)
    if text.startswith(("<?xml", "<Workbook", "<office:document")):
        raise refused("xml_spreadsheet", name) if _SPREADSHEET.search(text) else Refused("unknown_file_type")
    is_table = any(mark in text.partition("\n")[0] for mark in ";,\t|") and "=" not in text.partition("\n")[0]
    if _FAIR.search(text) or (ending == ".toml" and not (is_table and not text.startswith(("#", "[")))):
        return "fair"
    return "text"
