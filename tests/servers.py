"""Servers of one fair that call each other without a network, for tests: real apps, real databases, real pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from companion import create_app
from companion.extensions import db
from companion.models import KINDS, Base, LogEntry, LogHead, Node
from companion.nodes.exchange import Exchanged, Refused, Unreached, exchange
from companion.nodes.peers import add_node
from companion.sync.log import name_node

T = TypeVar("T")


class Cut(Exception):
    """The power goes here."""


class Server:
    """An app on a database of its own."""

    def __init__(self, name: str, url: str, folder: Path) -> None:
        self.name = name
        self.app: Flask = create_app({"COMPANION_DATABASE_URL": url}, folder)
        self.app.config["RATELIMIT_ENABLED"] = False
        with self.app.app_context():
            Base.metadata.create_all(db.engine)
        self.empty()

    def empty(self) -> None:
        """Begin again, as when it was new."""
        self.links: dict[str, Straight] = {}

        def clear(session: Session) -> None:
            for table in reversed(Base.metadata.sorted_tables):
                session.execute(delete(table))

        self.run(clear)
        self.run(lambda session: name_node(session, self.name))

    def run(self, work: Callable[[Session], T]) -> T:
        """Do something in a session of this server and commit."""
        with self.app.app_context():
            db.session().expire_on_commit = False
            result = work(db.session())
            db.session.commit()
            return result

    def knows(self, other: Server, *kinds: str) -> None:
        """Add each to the other; this one calls."""
        key = other.run(lambda session: add_node(session, self.name, kinds=kinds))
        self.run(lambda session: add_node(session, other.name, f"https://{other.name}.example", key))
        self.links[other.name] = Straight(other, key)

    def exchange(self, other: Server, link: Any = None, **how: bool) -> Exchanged:
        with self.app.app_context():
            return exchange(db.session(), other.name, link or self.links[other.name], "r1", **how)

    def state(self) -> dict[tuple[str, str], dict[str, Any]]:
        """All synced records with all they hold."""

        def read(session: Session) -> dict[tuple[str, str], dict[str, Any]]:
            return {
                (kind, row.id): {column.key: getattr(row, column.key) for column in model.__table__.columns}
                for kind, model in KINDS.items()
                for row in session.scalars(select(model))
            }

        return self.run(read)

    def log(self) -> dict[str, tuple[str, str, str]]:
        """Who wrote which edit, by its id."""
        entries = self.run(lambda session: session.scalars(select(LogEntry)).all())
        return {entry.id: (entry.author, entry.role, entry.stamp) for entry in entries}

    def seq(self) -> int:
        return self.run(lambda session: session.get_one(LogHead, 1).seq)

    def identity(self) -> str:
        return self.run(lambda session: session.get_one(LogHead, 1).node)

    def node(self, name: str) -> Node:
        return self.run(lambda session: session.get_one(Node, name))


OpenServer = Callable[..., Server]


class Straight:
    """Asks a server through its app; at call number `cut_at` the power goes, before or after the other has done it."""

    def __init__(self, server: Server, key: str, cut_at: int = 0, *, after: bool = False) -> None:
        self.server, self.key, self.cut_at, self.after = server, key, cut_at, after
        self.asked: list[str] = []

    def cut(self, at: int, *, after: bool) -> Straight:
        return Straight(self.server, self.key, at, after=after)

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        self.asked.append(f"{method} {path.partition('?')[0]}")
        cut = len(self.asked) == self.cut_at
        if cut and not self.after:
            raise Cut
        answer = self.server.app.test_client().open(
            path, method=method, json=body, headers={"Authorization": f"Bearer {self.key}"}
        )
        if cut:
            raise Cut
        if answer.status_code == 200:
            return answer.json
        raise (Refused if answer.status_code in (401, 409, 422) else Unreached)(answer.json["message"])
