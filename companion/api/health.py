"""Is this server alive, and what does it run? For monitors and other nodes."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import current_app
from pydantic import BaseModel, Field

from companion.catalogue.published import public_seq
from companion.extensions import db

health = APIBlueprint("health", __name__, tag="Health")


class Health(BaseModel):
    """A sign of life."""

    status: str = Field(description="`ok`")
    release: str = Field(description="What phones are given")
    seq: int = Field(description="Position of the public catalogue")


@health.get("/healthz")
@health.output(Health)
def healthz() -> dict[str, str | int]:
    """Answer when the server and its database do."""
    release = current_app.extensions["release"]
    return {"status": "ok", "release": release.name, "seq": public_seq(db.engine)}
