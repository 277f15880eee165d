"""How often somebody may try to sign in: counted in the database, so for all workers and over restarts.

A try is written before the password is looked at, so that many at the same moment count as many; a right one takes
the tries of its name from its address away again. A whole fair shares one address, so what counts first is the name
from an address: ten in a quarter of an hour. A name alone has more, or anybody could lock the office out from
anywhere; an address alone has the most.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, delete, insert, select
from sqlalchemy.orm import Session

from companion.models import SignInTry
from companion.writing import may_repeat

WINDOW = timedelta(minutes=15)
NAME_FROM_PLACE = 10
NAME = 60
PLACE = 300

KNOWN = "known:"


def try_once(session: Session, name: str, place: str, now: datetime | None = None) -> int:
    """Count a try, and return the seconds to wait until one is heard again, 0 when this one is. It commits.

    `place` is the address it comes from, or `KNOWN` and the name of a browser that signed in as this person before:
    no guessing elsewhere locks that one out. What is not heard is not counted, so waiting helps.
    """
    now, name = now or datetime.now(UTC), _name(name)
    session.commit()  # what only read so far could not go on to write beside others on SQLite
    session.execute(delete(SignInTry).where(SignInTry.at < _written(now - WINDOW)))
    row = {"name": name, "place": place, "at": _written(now)}
    mine = session.scalars(insert(SignInTry).returning(SignInTry.id), row).one()
    session.commit()  # before counting, so that many at the same moment see each other
    wait = max(_wait(session, which, most, now) for which, most in _limits(name, place))
    session.commit()
    if wait:
        session.execute(delete(SignInTry).where(SignInTry.id == mine))
        session.commit()
    may_repeat()  # a view that runs once more counts one try more, at most
    return wait


def forget_tries(session: Session, name: str, place: str) -> None:
    """Forget the tries of a name from a place, since it signed in; the caller commits."""
    session.execute(delete(SignInTry).where(SignInTry.name == _name(name), SignInTry.place == place))


def _limits(name: str, place: str) -> list[tuple[ColumnElement[bool], int]]:
    of_name, from_place = SignInTry.name == name, SignInTry.place == place
    of_both = (of_name & from_place, NAME_FROM_PLACE)
    return [of_both] if place.startswith(KNOWN) else [of_both, (of_name, NAME), (from_place, PLACE)]


def _wait(session: Session, which: ColumnElement[bool], most: int, now: datetime) -> int:
    query = select(SignInTry.at).where(which).order_by(SignInTry.at.desc(), SignInTry.id.desc())
    over = session.scalars(query.offset(most).limit(1)).first()
    return 0 if over is None else int((datetime.fromisoformat(over) + WINDOW - now).total_seconds()) + 1


def _name(name: str) -> str:
    return name.casefold()[:100]


def _written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
