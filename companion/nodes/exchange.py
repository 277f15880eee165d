"""Exchanging the log with another server: greet, pull what it has, push what it lacks.

Whoever *receives* keeps the position, in one transaction with the edits, and tells it to the sender in the
greeting. So there is nothing to be stored after the fact: whatever is cut, killed or sent twice, the next
exchange goes on from what is really there.

    caller                                     called
    POST /api/node/greeting  {who, format, how far I am in yours}  →  {who, how far I am in yours}
    POST /api/node/accounts  rows              →  rows, where the heaps of the greeting differ
    GET  /api/node/edits?since=…               →  page of at most 500, applied here, position moved, commit
    POST /api/node/edits     page              →  applied there, position moved, commit; {how far I am}
    GET, POST /api/node/pictures               →  what records name and one of the two lacks
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, Field, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.models import LogHead, Node
from companion.nodes.accounts import HEAPS, Row, rows_of, summary, take_rows
from companion.nodes.identity import Position, holds, meet, rename_log
from companion.nodes.pages import (
    Incomplete,
    Page,
    check_whole,
    moment,
    page_after,
    take_page,
    try_untaken_again,
    untaken_count,
)
from companion.nodes.peers import ACCOUNT, PHOTO, author_of, trusts
from companion.nodes.pictures import MOST, Carried, carried_all, missing, take_picture
from companion.sync.log import log_name

FORMAT = 2
"""The form of all this: 2 has pages with a count and a digest, which servers of form 1 pass over. Raised when
something is added or an older server could not read it; `OLDEST` when the older form goes."""

OLDEST = 1


T = TypeVar("T", bound=BaseModel)


class Unreached(Exception):
    """The other server could not be reached, or somebody else answered; try again later."""


class Refused(Exception):
    """The other server answered, and will not: trying again changes nothing until somebody does something."""


class Link(Protocol):
    """A way to ask another server. Raises `Unreached` or `Refused`."""

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the JSON object it answers."""


class Where(BaseModel):
    """A position as it travels."""

    seq: int = Field(ge=0)
    id: str = Field("", max_length=36)


class Greeting(BaseModel):
    """What each tells the other first. `of` is the log that `got` is a position in."""

    node: str = Field(pattern=r"^[a-z0-9]{1,32}$")
    format: int
    oldest: int
    release: str = Field("", max_length=32)
    seq: int = Field(ge=0)
    catalogue: int = Field(0, ge=0)
    of: str = Field("", max_length=32)
    got: Where
    now: int = Field(description="Unix milliseconds")
    accounts: dict[str, str] | None = Field(None, description="Digests of `nodes.accounts`; None: not for you")
    missing: list[str] | None = Field(
        None, max_length=MOST, description="Hashes of pictures it lacks; None: not for you"
    )


class Shared(BaseModel):
    """The accounts of some heaps."""

    heaps: list[str] = Field(max_length=HEAPS)
    rows: list[Row]


class Wanted(BaseModel):
    """Pictures a server lacks."""

    missing: list[str] = Field(max_length=MOST)


@dataclass
class Exchanged:
    """What one exchange did: edits that came, edits that went, what is untaken here afterwards, and remarks."""

    pulled: int = 0
    pushed: int = 0
    untaken: int = 0
    accounts: int = 0
    pictures: int = 0


def exchange(
    session: Session, name: str, link: Link, release: str = "", *, pull: bool = True, push: bool = True
) -> Exchanged:
    """Exchange with the server called `name`; commits as it goes. Raises `Unreached` and `Refused`."""
    done = Exchanged()
    theirs = greet(session, name, link, release)
    if try_untaken_again(session):
        session.commit()
    done.accounts = _share_accounts(session, name, link, theirs)
    if pull:
        done.pulled = _pull(session, name, link)
    if push:
        done.pushed = _push(session, name, link, theirs.got.seq)
    done.pictures = _share_pictures(session, name, link, theirs, ask=done.pushed > 0)
    done.untaken = untaken_count(session)
    node = session.get_one(Node, name)
    node.problem = ""
    session.commit()
    return done


def greet(session: Session, name: str, link: Link, release: str) -> Greeting:
    """Tell the other server who this is, and return its answer. A log that went back is renamed, here or there."""
    for _ in range(2):
        node = session.get_one(Node, name)
        answer = _read(Greeting, link.ask("POST", "/api/node/greeting", greeting(session, node, release).model_dump()))
        understood(answer)
        listened(session, node, answer)
        session.commit()
        if holds(session, Position(answer.got.seq, answer.got.id)):
            return answer
        rename_log(session)
        session.commit()
    raise Refused(f"{name} says it has read entries of this server's log that are not there")


def greeting(session: Session, node: Node, release: str) -> Greeting:
    """Return what this server says to another; commits what it notices of its accounts."""
    accounts = summary(session) if trusts(node, ACCOUNT) else None
    head = session.scalars(select(LogHead).execution_options(populate_existing=True)).one()
    return Greeting(
        node=head.node, format=FORMAT, oldest=OLDEST, release=release[:32], seq=head.seq, catalogue=head.public_seq,
        of=node.identity, got=Where(seq=node.got, id=node.got_id), now=time.time_ns() // 1_000_000,
        accounts=accounts, missing=missing(session) if trusts(node, PHOTO) else None,
    )  # fmt: skip


def greeted(session: Session, name: str, said: Greeting, release: str) -> Greeting:
    """Listen to a server that calls, and return the answer; commits."""
    understood(said)
    if said.of == log_name(session) and not holds(session, Position(said.got.seq, said.got.id)):
        rename_log(session)
    node = session.get_one(Node, name)
    try:
        listened(session, node, said)
    except Refused as error:
        note_problem(session, name, str(error))
        raise
    if not node.address:  # whoever is called notes how its own calls went
        node.problem = ""
    session.commit()
    return greeting(session, node, release)


def understood(said: Greeting) -> None:
    """Raise `Refused`, with what to do, when two releases have no form of exchange in common."""
    if said.format < OLDEST or said.oldest > FORMAT:
        older = "this server" if said.oldest > FORMAT else said.node
        raise Refused(
            f"{said.node} exchanges in form {said.oldest} to {said.format}, this server in {OLDEST} to {FORMAT}; "
            f"update {older}. Nothing is lost meanwhile."
        )


def listened(session: Session, node: Node, said: Greeting) -> None:
    """Note what a server says of itself."""
    try:
        meet(session, node, said.node)
    except ValueError as error:
        raise Refused(str(error)) from None
    if said.of == log_name(session):
        node.theirs = said.got.seq
    node.seq, node.catalogue, node.release, node.seen = said.seq, said.catalogue, said.release, moment()
    node.format = said.format
    node.clock = round((said.now - time.time_ns() // 1_000_000) / 1000)


def took(session: Session, name: str, page: Page) -> Position:
    """Take a page somebody sends and commit; raises `Refused` when it is none of that server's log, or not whole."""
    try:
        position = take_page(session, name, page)
    except ValueError as error:
        note_problem(session, name, str(error))
        raise Refused(str(error)) from None
    session.commit()
    return position


def _share_accounts(session: Session, name: str, link: Link, theirs: Greeting) -> int:
    """Exchange the heaps of accounts that differ, and return how many rows came."""
    if theirs.accounts is None or not trusts(session.get_one(Node, name), ACCOUNT):
        return 0
    ours = summary(session)
    heaps = [heap for heap in {**ours, **theirs.accounts} if ours.get(heap) != theirs.accounts.get(heap)]
    if not heaps:
        return 0
    shared = Shared(heaps=heaps, rows=rows_of(session, heaps))
    session.commit()
    answer = _read(Shared, link.ask("POST", "/api/node/accounts", shared.model_dump()))
    taken = take_rows(session, answer.rows)
    session.commit()
    return taken


def share_accounts(session: Session, shared: Shared) -> Shared:
    """Take the rows another server sends, and return this one's of the same heaps; the caller commits."""
    take_rows(session, shared.rows)
    return Shared(heaps=shared.heaps, rows=rows_of(session, shared.heaps))


def _share_pictures(session: Session, name: str, link: Link, theirs: Greeting, *, ask: bool) -> int:
    """Get the pictures that are missing here, give those that are missing there, and return how many went or came.

    None unless each trusts the other with pictures.
    """
    if theirs.missing is None or not trusts(session.get_one(Node, name), PHOTO):
        return 0
    moved = 0
    for picture in missing(session):
        answer = link.ask("GET", f"/api/node/pictures/{picture}")
        moved += bool(answer) and take_picture(session, _read(Carried, answer))
        session.commit()
    wanted = _read(Wanted, link.ask("GET", "/api/node/pictures")).missing if ask else theirs.missing
    for each in carried_all(session, wanted):
        link.ask("POST", "/api/node/pictures", each.model_dump())
        moved += 1
    return moved


def _pull(session: Session, name: str, link: Link) -> int:
    came = 0
    while True:
        since = session.get_one(Node, name).got
        session.commit()
        page = _read(Page, link.ask("GET", f"/api/node/edits?since={since}"))
        try:
            check_whole(page, session.get_one(Node, name).format)
        except Incomplete as error:
            raise Unreached(str(error)) from None
        if page.next <= since:
            return came
        if page.since != since or took(session, name, page).seq <= since:
            raise Unreached(f"{name} answered with another page of its log than the one after {since}")
        came += len(page.edits)


def _push(session: Session, name: str, link: Link, since: int) -> int:
    node = session.get_one(Node, name)
    reader, identity = author_of(node), node.identity
    went = 0
    while (page := page_after(session, since, reader, identity)).next > since:
        session.commit()
        got = _read(Where, link.ask("POST", "/api/node/edits", page.model_dump()))
        if got.seq <= since:
            raise Refused(f"{name} did not take the edits after {since}")
        went += len(page.edits)
        since = got.seq
        session.get_one(Node, name).theirs = since
        session.commit()
    return went


def note_problem(session: Session, name: str, problem: str) -> None:
    """Keep what went wrong, for the board; commits."""
    session.rollback()
    node = session.get(Node, name)
    if node is not None:
        node.problem = problem[:300]
        session.commit()


def _read(model: type[T], answer: dict[str, Any]) -> T:
    try:
        return model.model_validate(answer)
    except ValidationError:
        raise Unreached("the answer is not that of a server of Rafiq") from None
