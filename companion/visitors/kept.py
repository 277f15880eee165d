"""Answers kept in memory, bounded in bytes, and what of an address they may depend on."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from threading import Lock
from typing import Generic, TypeVar
from urllib.parse import parse_qsl

from companion.visitors.ask import PARAMETERS

T = TypeVar("T")

LONGEST = 500
"""Characters of a path and a query that are still kept; longer ones are not what posters and links carry."""

BESIDE = 3000
"""Bytes an answer takes besides its body: its key, its headers, the objects themselves."""


class Kept(Generic[T]):
    """Answers by what they depend on, at most so many bytes; those not asked for the longest go first."""

    def __init__(self, most: int) -> None:
        self.most, self.held = most, 0
        self._kept: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> T | None:
        """Return an answer that is kept."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def put(self, key: Hashable, answer: T, size: int) -> None:
        """Keep an answer whose body has so many bytes, in the place of an older one."""
        with self._lock:
            if key in self._kept:
                self.held -= self._kept.pop(key)[1]
            self._kept[key] = (answer, size + BESIDE)
            self.held += size + BESIDE
            while self.held > self.most:
                self.held -= self._kept.popitem(last=False)[1][1]

    def clear(self) -> None:
        """Forget them all."""
        with self._lock:
            self._kept.clear()
            self.held = 0

    def __len__(self) -> int:
        return len(self._kept)


def parameters(query: str) -> dict[str, str]:
    """Return the first value of each parameter a page reads, with U+FFFD for what is not UTF-8, as phones do."""
    given = dict(reversed(parse_qsl(query, keep_blank_values=True, errors="replace")))
    return {name: given[name] for name in PARAMETERS if name in given}


def is_own(host: str, environ: Mapping[str, object], base_url: str) -> bool:
    """Whether a request came to an address of this server's: the fair's, or, without a proxy, the socket's."""
    if host == base_url.partition("//")[2] and host:
        return True
    if "werkzeug.proxy_fix.orig" in environ:
        return False
    name, port = environ.get("SERVER_NAME"), environ.get("SERVER_PORT")
    return host in (f"{name}:{port}", f"localhost:{port}") or (port == "80" and host in (name, "localhost"))
