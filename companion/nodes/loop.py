"""The exchange in the background: every 5 seconds while it works, up to every 5 minutes while it does not."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable

SHORTEST, LONGEST = 5.0, 300.0
"""Seconds."""


def pause(failures: int, dice: Callable[[], float] = random.random) -> float:
    """Return the seconds to wait after so many failures in a row.

    Doubled each time and shortened by up to a third by chance, so that servers cut off together do not all come
    back in the same second.
    """
    wait = min(LONGEST, SHORTEST * 2.0 ** min(failures, 10))
    return wait if failures == 0 else max(SHORTEST, wait * (1 - dice() / 3))


def keep_company(
    called: Callable[[], set[str] | None],
    turn: Callable[[str], Callable[[], bool]],
    stop: threading.Event,
    look: float = SHORTEST,
) -> None:
    """Keep on with every server that `called` names, each in a thread of its own, until `stop` is set.

    Who is added later is called too, and who is revoked no longer; None: nobody knows, so all stays as it is.
    `look` is in seconds.
    """
    running: dict[str, threading.Event] = {}
    begun: list[threading.Thread] = []
    while not stop.is_set():
        known = called()
        names = running.keys() if known is None else known
        for name in running.keys() - names:
            running.pop(name).set()
        for name in names - running.keys():
            running[name] = threading.Event()
            begun.append(threading.Thread(target=keep_on, args=(turn(name), running[name])))
            begun[-1].start()
        stop.wait(look)
    for over in running.values():
        over.set()
    for thread in begun:  # who was revoked a moment ago may still be at it
        thread.join()


def keep_on(attempt: Callable[[], bool], stop: threading.Event, wait: Callable[[int], float] = pause) -> None:
    """Call `attempt`, which tells whether it went well, until `stop` is set."""
    failures = 0
    while not stop.is_set():
        failures = 0 if attempt() else failures + 1
        stop.wait(wait(failures))
