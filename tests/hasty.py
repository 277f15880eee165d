"""The app of `browser/serve.py` with half a second's patience for slow clients."""

from __future__ import annotations

from companion import buffered
from tests.browser.serve import app

buffered.QUIET = 0.5

__all__ = ["app"]
