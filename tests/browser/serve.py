"""The real app from a folder of its own, for granian: `RAFIQ_FOLDER=… granian tests.browser.serve:app`."""

from __future__ import annotations

import os
from pathlib import Path

from companion import create_app

app = create_app(os.environ, Path(os.environ["RAFIQ_FOLDER"]))
