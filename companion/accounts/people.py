"""Who works at the fair: adding, listing, giving a role, resetting, removing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from companion.accounts.passwords import hashed, new_password
from companion.accounts.totp import turn_off
from companion.models import ROLES, Staff, StaffSession
from companion.spoofing import problem_with_text

NAME = re.compile(r"[\w.'’-]+(?: [\w.'’-]+)*")


def add_staff(session: Session, name: str, role: str, password: str = "", *, temporary: bool = False) -> str:
    """Add a staff member and return the password, made up if none is given; the caller commits.

    A temporary password must be changed before anything opens. Raises ValueError with `role_unknown`, `name_wrong`
    or `name_taken`.
    """
    if role not in ROLES:
        raise ValueError("role_unknown")
    if not NAME.fullmatch(name) or len(name) > 60 or problem_with_text(name):
        raise ValueError("name_wrong")
    if find_staff(session, name):
        raise ValueError("name_taken")
    password = password or new_password()
    session.add(Staff(name=name, role=role, password=hashed(password), temporary=temporary, recovery=[]))
    return password


def find_staff(session: Session, name: str) -> Staff | None:
    """Return who has this name, however it is capitalised."""
    return session.scalar(select(Staff).where(func.lower(Staff.name) == name.lower()))


def everybody(session: Session) -> Sequence[Staff]:
    """Return all staff by name."""
    return session.scalars(select(Staff).order_by(func.lower(Staff.name))).all()


def give_role(session: Session, staff: Staff, role: str) -> None:
    """Give somebody another role; the caller commits. Raises ValueError with `role_unknown` or `last_administrator`."""
    if role not in ROLES:
        raise ValueError("role_unknown")
    if role != "administrator":
        _not_the_last(session, staff)
    staff.role = role


def reset(session: Session, staff: Staff) -> str:
    """Give somebody who is locked out a temporary password and return it; the caller commits.

    Their sessions end, and they are no longer asked for codes.
    """
    password = new_password()
    staff.password, staff.temporary = hashed(password), True
    turn_off(staff)
    end_sessions(session, staff)
    return password


def remove(session: Session, staff: Staff) -> None:
    """Take somebody off the list; what they did stays in the log. The caller commits.

    Raises ValueError with `last_administrator`.
    """
    _not_the_last(session, staff)
    end_sessions(session, staff)
    session.delete(staff)


def end_sessions(session: Session, staff: Staff, but: str = "") -> int:
    """End all sessions of somebody, but the one with the id `but`; return how many. The caller commits."""
    query = delete(StaffSession).where(StaffSession.staff_id == staff.id, StaffSession.id != but)
    return int(getattr(session.execute(query), "rowcount", 0))


def _not_the_last(session: Session, staff: Staff) -> None:
    others = select(func.count()).select_from(Staff).where(Staff.role == "administrator", Staff.id != staff.id)
    if staff.role == "administrator" and not session.scalar(others):
        raise ValueError("last_administrator")
