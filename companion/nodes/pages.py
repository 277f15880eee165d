"""Parts of the log on their way from one server to another: made, read, and taken."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from companion.models import KINDS, LogEntry, LogHead, Node, Personal, UntakenEdit
from companion.nodes.identity import Position
from companion.nodes.peers import author_of
from companion.sync.codes import part_codes
from companion.sync.edits import Author, Edit, Outcome
from companion.sync.erasure import subject
from companion.sync.log import apply, take_turn
from companion.sync.merge import canonical
from companion.sync.rights import trusted

MOST = 500
"""Edits of one page."""

SEALED = 2
"""The form of the exchange since which pages say how many edits they have, and their digest."""

LARGEST = 1_000_000
"""Characters of one page, or a little more: below what a server takes in one POST."""


class Page(BaseModel):
    """The edits after `since`, up to `next`, of the log called `node`, without those the reader brought itself.

    `since_id` and `next_id` are the ids of the entries there, which need not be among these edits; `at` has the
    positions of the edits, `seq` is the end of the log.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    node: str = Field(max_length=32)
    seq: int = Field(ge=0)
    since: int = Field(ge=0)
    since_id: str = Field(max_length=36)
    next: int = Field(ge=0)
    next_id: str = Field(max_length=36)
    edits: list[Any] = Field(max_length=MOST)
    at: list[int] = Field(max_length=MOST)
    count: int | None = Field(default=None, description="Number of edits; since form 2")
    digest: str = Field(default="", max_length=64, description="sha256 of `DIGESTED` as canonical JSON; since form 2")

    def sealed(self) -> Page:
        """Return this page with its count and digest."""
        page = self.model_copy(update={"count": len(self.edits)})
        return page.model_copy(update={"digest": page.digest_of_members()})

    def digest_of_members(self) -> str:
        """Return the sha256 of what the page says, in hex."""
        return hashlib.sha256(canonical(self.model_dump(include=DIGESTED)).encode()).hexdigest()


DIGESTED = {"node", "seq", "since", "since_id", "next", "next_id", "edits", "at", "count"}
"""The members a digest is of: a later form may add others."""


class Incomplete(ValueError):
    """A page that is not as its server wrote it: shortened or rewritten on the way. Nothing of it is taken."""


def page_after(session: Session, since: int, reader: Author, identity: str) -> Page:
    """Return the page after a position for a server with this identity (empty: it was never heard of)."""
    head = session.scalars(select(LogHead).execution_options(populate_existing=True)).one()
    query = select(LogEntry).where(LogEntry.seq > since, LogEntry.seq <= head.seq)
    if identity:
        query = query.where(LogEntry.via != identity)
    entries, size, cut = [], 0, False
    for entry in session.scalars(query.order_by(LogEntry.seq).limit(MOST)):
        if size > LARGEST:
            cut = True
            break
        entries.append(entry)
        size += len(canonical(entry.fields)) + 400
    cut = cut or len(entries) == MOST
    end = entries[-1].seq if cut else max(head.seq, since)
    given = [entry for entry in entries if trusted(reader, subject(entry)[0])]
    return Page(
        node=head.node, seq=head.seq, since=since, since_id=_id_at(session, since), next=end,
        next_id=_id_at(session, end), edits=[_written(entry) for entry in given], at=[entry.seq for entry in given],
    ).sealed()  # fmt: skip


def check_whole(page: Page, form: int) -> None:
    """Raise `Incomplete` unless the page is as a server that knows this form of the exchange wrote it.

    Pages of form 1 have neither count nor digest; theirs can only be checked against themselves.
    """
    inside = not page.at or (page.since < page.at[0] and page.at[-1] <= page.next)
    whole = len(page.at) == len(page.edits) and page.at == sorted(page.at) and inside
    if page.next <= page.since:
        whole = whole and page.seq <= page.since
    if form >= SEALED or page.digest or page.count is not None:
        whole = whole and page.count == len(page.edits) and page.digest == page.digest_of_members()
    if not whole:
        said = len(page.edits) if page.count is None else page.count
        raise Incomplete(
            f"a page of {said} edits came shortened or rewritten ({len(page.edits)} are there); nothing of it was"
            " taken, and it is asked for again. If this stays, see which proxy changes it"
        )


def _id_at(session: Session, seq: int) -> str:
    return session.scalar(select(LogEntry.id).where(LogEntry.seq == seq)) or ""


def pages_after(session: Session, since: int, reader: Author, identity: str) -> Iterator[Page]:
    """Return pages until the end of the log; none when there is nothing new."""
    while (page := page_after(session, since, reader, identity)).next > since:
        yield page
        since = page.next


def take_page(session: Session, name: str, page: Page) -> Position:
    """Apply a page of the server called `name` and return how far its log has been read; the caller commits.

    Edits and position are one transaction. What cannot be taken is put aside. One that is not whole raises
    `Incomplete`, and nothing of it is taken. A page that does not begin where the
    last one ended is applied and does not move the position, so that files may come in any order.
    Raises ValueError for a page of a log this server was not told of.
    """
    take_turn(session)
    node = session.get_one(Node, name, populate_existing=True)
    if page.node != node.identity:
        raise ValueError(f"this is the log of {page.node or 'nobody'}, not of {node.identity or name}")
    check_whole(page, node.format)
    _apply(session, page.edits, node)
    if page.since <= node.got < page.next and _goes_on(page, Position(node.got, node.got_id)):
        node.got, node.got_id = page.next, page.next_id
    node.seq = max(node.seq, page.seq)
    return Position(node.got, node.got_id)


def _goes_on(page: Page, position: Position) -> bool:
    """Tell whether a page is of the log that was read up to `position`, and not of one that went back since.

    A file may be of a log that was set back to a backup and has grown past that position again. Its edits are
    taken; but the position stays, so that the next greeting shows the other what happened to its log.
    """
    if page.since == position.seq:
        return page.since_id == position.id
    return (position.seq, position.id) in zip(page.at, (edit.get("id") for edit in page.edits), strict=True)


def try_untaken_again(session: Session) -> int:
    """Try the edits that were not taken once more, and return how many could be taken now; the caller commits."""
    if not untaken_count(session):
        return 0
    take_turn(session)
    tried = 0
    for node in session.scalars(select(Node)).all():
        untaken = session.scalars(select(UntakenEdit).where(UntakenEdit.peer == node.digest)).all()
        refused = _apply(session, [row.edit for row in untaken], node)
        for row in untaken:
            if row.id not in refused:
                session.delete(row)
                tried += 1
    session.flush()
    return tried


def untaken_count(session: Session) -> int:
    """Return how many edits could not be taken."""
    return session.scalar(select(func.count()).select_from(UntakenEdit)) or 0


def _written(entry: LogEntry) -> dict[str, Any]:
    """Return an edit as it travels, without the members that are empty."""
    members = {name: getattr(entry, name) for name in Edit.model_fields if name != "secret"}
    return {name: value for name, value in members.items() if value}


def _apply(session: Session, sent: list[Any], node: Node) -> set[str]:
    """Apply edits a server brought, put the refused aside under its key, and return the ids of these."""
    edits, outcomes = [], []
    for each in sent:
        edit = _read(each)
        if isinstance(edit, Edit):
            edits.append(edit)
        else:
            outcomes.append(edit)
    outcomes += apply(session, edits, author_of(node)).outcomes
    part_codes(session, edits)
    refused = {outcome.id: outcome.problem for outcome in outcomes if outcome.state == "refused"}
    ids = [each["id"] for each in sent]
    session.execute(delete(UntakenEdit).where(UntakenEdit.peer == "", UntakenEdit.id.in_(ids)))  # it has come again
    for each in sent:
        if each["id"] in refused:
            _put_aside(session, each, node.digest, refused[each["id"]])
    return set(refused)


def _read(sent: Any) -> Edit | Outcome:
    try:
        return Edit.model_validate(sent)
    except ValidationError:
        if not isinstance(sent, dict) or not isinstance(sent.get("id"), str) or len(sent["id"]) > 36:
            raise ValueError("this page holds something that is no edit") from None
        return Outcome(sent["id"], "refused", "malformed")


def _put_aside(session: Session, sent: dict[str, Any], peer: str, problem: str) -> None:
    record = str(sent.get("record", ""))[:36]
    if _is_erased(session, record):
        return
    row = UntakenEdit(peer=peer, id=sent["id"], record=record, edit=sent, problem=problem, at=moment())
    session.merge(row)


def _is_erased(session: Session, record: str) -> bool:
    personal = [model for model in KINDS.values() if issubclass(model, Personal)]
    return any(row is not None and row.erased for row in (session.get(model, record) for model in personal))


def moment() -> str:
    """Return the time as it is kept in tables: UTC, ISO, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
