"""Files on their way in: kept by their hash, in their database's folder, until they are imported or a day old.

Beside a file lie what it is called and who brought it, the choices made for it, the stage its trial is at, and what
the last trial found.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from companion.imports.choices import Choices
from companion.imports.content import kind_of
from companion.imports.problems import Refused
from companion.imports.read import MAX_MEGABYTES

FOLDER = "imports"
"""Of a database's folder, where they lie."""

KEPT_SECONDS = 24 * 3600
HASH = re.compile(r"[0-9a-f]{64}")
PIECE = 1 << 20


@dataclass(frozen=True)
class Upload:
    """One file that was brought: its hash, its name there, and the folder it lies in."""

    folder: Path
    hash: str
    name: str

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return self.folder / f"{self.hash}.list"

    def choices(self) -> Choices:
        """Return the choices made for it so far."""
        return Choices.from_json(self._read("choices") or {})

    def choose(self, choices: Choices) -> None:
        """Keep choices; what an earlier trial found no longer counts."""
        self._write("choices", choices.as_json())
        for what in ("found", "wrong"):
            self._file(what).unlink(missing_ok=True)

    def found(self) -> dict[str, Any] | None:
        """Return what the last trial found, if the choices are still the same."""
        return self._read("found")

    def find(self, found: dict[str, Any]) -> None:
        """Keep what a trial found; how much of it is wrong lies apart, since it is looked at often."""
        self._write("found", found)
        self._write("wrong", {"wrong": found["wrong"]})

    def stage(self) -> str:
        """Return the stage a trial is at; empty when there is none."""
        return str((self._read("stage") or {}).get("stage", ""))

    def say(self, stage: str) -> None:
        """Note the stage a trial is at."""
        self._write("stage", {"stage": stage})

    def remove(self) -> None:
        """Forget the file and all about it."""
        for file in self.folder.glob(f"{self.hash}*"):
            file.unlink(missing_ok=True)

    def _file(self, what: str) -> Path:
        return self.folder / f"{self.hash}.{what}.json"

    def _read(self, what: str) -> dict[str, Any] | None:
        try:
            read: dict[str, Any] = json.loads(self._file(what).read_text("utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            return None
        return read

    def _write(self, what: str, plain: dict[str, Any]) -> None:
        draft = self.folder / f"{self.hash}.{what}.{os.getpid()}.{time.monotonic_ns()}"
        draft.write_text(json.dumps(plain, ensure_ascii=False), "utf-8")
        draft.replace(self._file(what))


def keep(folder: Path, file: IO[bytes], name: str) -> Upload:
    """Keep a file that was brought. Raises Refused."""
    name = Path(name.replace("\\", "/")).name[-120:]
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = folder / f"draft-{os.getpid()}-{time.monotonic_ns()}"
    digest, size = hashlib.sha256(), 0
    with draft.open("wb") as out:
        while piece := file.read(PIECE):
            digest.update(piece)
            size += len(piece)
            out.write(piece)
    if not size or size > MAX_MEGABYTES << 20:
        draft.unlink()
        raise Refused("file_too_big", other=str(MAX_MEGABYTES)) if size else Refused("empty_file")
    _check_kind(draft, name)
    upload = Upload(folder, digest.hexdigest(), name)
    draft.replace(upload.path)
    upload._write("upload", {"name": name})
    return upload


def _check_kind(draft: Path, name: str) -> None:
    """Remove and refuse a file of a kind that has no name here; the preview explains the others."""
    try:
        kind_of(draft, name)
    except Refused as refusal:
        if refusal.finding.problem == "unknown_file_type":
            draft.unlink()
            raise


def kept(folder: Path, digest: str) -> Upload | None:
    """Return the file with this hash, if it is still there."""
    if not HASH.fullmatch(digest):
        return None
    told = Upload(folder, digest, "")._read("upload")
    upload = Upload(folder, digest, told["name"]) if told else None
    return upload if upload and upload.path.exists() else None


def with_problems(folder: Path) -> list[tuple[Upload, int]]:
    """Return the files that were tried and have errors, with how many, by name."""
    found = []
    for file in folder.glob("*.wrong.json"):
        upload = kept(folder, file.name.partition(".")[0])
        number = (upload._read("wrong") or {}).get("wrong", 0) if upload else 0
        if upload and number:
            found.append((upload, int(number)))
    return sorted(found, key=lambda one: one[0].name)


def forget_old(folder: Path) -> None:
    """Remove what is a day old."""
    for file in folder.iterdir() if folder.exists() else ():
        with contextlib.suppress(FileNotFoundError):
            if abs(time.time() - file.stat().st_mtime) > KEPT_SECONDS:
                file.unlink()
