"""Content lines of vCard and iCalendar files. static/js/lines.js is the twin."""

from __future__ import annotations

import re

_BREAKS = re.compile("\r\n|[\n\r\u000b\u000c\u0085\u2028\u2029]")
_CONTROLS = re.compile("[\u0000-\u0008\u000b-\u001f\u007f-\u009f]")


def escape(text: str) -> str:
    """A text value (RFC 2426 section 4, RFC 5545 section 3.3.11); line breaks of any kind become \\n."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return _CONTROLS.sub("", _BREAKS.sub("\\\\n", text))


def fold(line: str) -> str:
    """A line cut every 75 octets, never inside a character (RFC 5545 section 3.1)."""
    folded, room = "", 75
    for character in line:
        size = len(character.encode())
        if size > room:
            folded, room = folded + "\r\n ", 74
        folded, room = folded + character, room - size
    return folded


def content(lines: list[tuple[str, str]]) -> str:
    """A file of `name:value` lines, each folded and ended by CRLF; lines without a value are left out."""
    return "".join(fold(f"{name}:{value}") + "\r\n" for name, value in lines if value)
