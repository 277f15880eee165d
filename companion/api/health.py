"""Is this server alive, and what does it run? For monitors and other nodes."""

from __future__ import annotations

from apiflask import APIBlueprint, abort
from flask import current_app
from pydantic import BaseModel, Field

from companion.catalogue.published import public_seq
from companion.extensions import db
from companion.upkeep.writable import why_not_written

health = APIBlueprint("health", __name__, tag="Health")


class Health(BaseModel):
    """A sign of life."""

    status: str = Field(description="`ok`")
    release: str = Field(description="What phones are given")
    seq: int = Field(description="Position of the public catalogue")


@health.get("/healthz")
@health.output(Health)
@health.doc(responses={503: "Nothing can be written; `message` says why"})
def healthz() -> dict[str, str | int]:
    """Answer when the server and its database do; 503 with the reason when nothing can be written."""
    problem = why_not_written(db.engine)
    if problem:
        current_app.logger.error("Nothing can be written: %s", problem)
        abort(503, f"Nothing can be written: {problem}")
    release = current_app.extensions["release"]
    return {"status": "ok", "release": release.name, "seq": public_seq(db.engine)}
