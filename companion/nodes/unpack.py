"""Unpacking what another server compressed, up to a limit: a kilobyte of brotli can hold gigabytes."""

from __future__ import annotations

from typing import IO

import brotli

LARGEST = 16_000_000
"""Bytes of an answer or a body once it is unpacked: a page is at most 500 edits."""


class TooLarge(ValueError):
    """It holds more than any server of Rafiq sends."""


def read_at_most(source: IO[bytes], largest: int = LARGEST) -> bytes:
    """Return all there is to read; raises `TooLarge` when it does not end."""
    content = source.read(largest + 1)
    if len(content) > largest:
        raise TooLarge
    return content


def unpacked(content: bytes, largest: int = LARGEST) -> bytes:
    """Return at most so many bytes; raises `TooLarge`, and brotli.error for what is not brotli or not whole."""
    unpacker = brotli.Decompressor()
    whole = bytes(unpacker.process(content, output_buffer_limit=largest))
    if len(whole) > largest or not (unpacker.is_finished() or unpacker.can_accept_more_data()):
        raise TooLarge
    if not unpacker.is_finished():
        raise brotli.error("cut short")
    return whole
