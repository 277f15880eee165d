"""The server as it runs everywhere: `python -m companion.serve --host … --port … --workers …`.

granian, with the app behind `buffered`, and a main process that keeps its workers: one that dies is replaced, and a
signal to it, or to all at once as Ctrl+C and systemd send it, ends everything within five seconds.
"""

from __future__ import annotations

import argparse
import queue
import resource
import time
from collections import deque
from typing import Any

from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

TARGET = "app:app"
CONNECTIONS = 4096
"""That a worker holds, most of them idle."""

HEADERS_WITHIN = 15_000
"""Milliseconds for a request's headers, and for the next request of a connection that is kept."""

ENDS_WITHIN = 3
"""Seconds requests under way are given when the server stops."""

DEATHS, SPAN = 10, 30.0
"""So many workers that die within so many seconds: nothing here can be served, and the server gives up."""


class Bell:
    """What granian's main process waits for, in place of its `threading.Event`.

    A signal's handler rings in the thread that waits. An event's lock may be held by that very thread then, because a
    worker's end was noted at the same moment; the process then waits for ever. `SimpleQueue.put` is reentrant.
    """

    def __init__(self) -> None:
        self._rings: queue.SimpleQueue[None] = queue.SimpleQueue()

    def set(self) -> None:
        """Wake the main loop."""
        self._rings.put(None)

    def clear(self) -> None:
        """Nothing to forget: a ring is taken by `wait`."""

    def wait(self) -> None:
        """Wait for a ring."""
        self._rings.get()


class Keeper(MPServer):
    """granian's main process, which replaces each worker that dies."""

    def __init__(self, *words: Any, **options: Any) -> None:
        super().__init__(*words, **options)
        self.main_loop_interrupt: Any = Bell()
        self._deaths: deque[float] = deque(maxlen=DEATHS)

    def signal_handler_interrupt(self, *_: Any, **__: Any) -> None:
        """Stop; workers that had the signal as well end as they should."""
        for worker in self.wrks:
            worker.interrupt_by_parent = True
        self.interrupt_signal = True
        self.main_loop_interrupt.set()

    def _serve_loop(self, spawn_target: Any, target_loader: Any) -> None:
        while not self.interrupt_signal:
            self.main_loop_interrupt.wait()
            while self.interrupt_children and not self.interrupt_signal:
                self._deaths.append(time.monotonic())
                if len(self._deaths) == DEATHS and self._deaths[-1] - self._deaths[0] < SPAN:
                    return
                self._respawn_workers([self.interrupt_children.pop()], spawn_target, target_loader)
        self.interrupt_children.clear()


def main() -> None:
    """Serve until a signal."""
    parser = argparse.ArgumentParser(prog="companion.serve", description="Serve Rafiq.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--target", default=TARGET)
    words = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = 4 * CONNECTIONS if most == resource.RLIM_INFINITY else min(4 * CONNECTIONS, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, most))
    Keeper(
        words.target, words.host, words.port, interface=Interfaces.RSGI, workers=words.workers, websockets=False,
        backlog=CONNECTIONS, backpressure=CONNECTIONS, log_level=LogLevels.warning,
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS_WITHIN, max_buffer_size=64 << 10),
        workers_kill_timeout=ENDS_WITHIN, respawn_failed_workers=True,
    ).serve()  # fmt: skip


if __name__ == "__main__":
    main()
