"""Passwords, codes, tries and people, below the pages."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from companion.accounts.passwords import hashed, is_right, new_password, problem_with
from companion.accounts.people import add_staff, everybody, find_staff, give_role, remove, reset
from companion.accounts.sessions import device_of, start_session
from companion.accounts.totp import matching_step, new_secret, otpauth, turn_off, turn_on, use_code
from companion.accounts.tries import KNOWN, NAME, NAME_FROM_PLACE, WINDOW, forget_tries, try_once
from companion.extensions import prepare_sqlite
from companion.models import Base, SignInTry, StaffSession

NOON = datetime(2026, 7, 15, 12, tzinfo=UTC)
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""`12345678901234567890`, of the test vectors of RFC 6238 appendix B."""


@pytest.fixture
def office(database_url: str) -> Session:
    engine = create_engine(database_url)
    if database_url.startswith("sqlite"):
        prepare_sqlite(engine)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    assert matching_step(RFC_SECRET, f" {code[:3]} {code[3:]}", now=seconds + 29) == seconds // 30
    assert matching_step(RFC_SECRET, code, now=seconds + 90) == 0
    assert matching_step(RFC_SECRET, code, now=seconds, after=seconds // 30) == 0


def test_what_is_no_code_is_wrong_and_nothing_breaks() -> None:
    for typed in ("", "28708", "2870822", "٢٨٧٠٨٢", "abcdef", "287082\n0"):
        assert matching_step(RFC_SECRET, typed, now=59) == 0
    assert otpauth(RFC_SECRET, "Amina B", "Foire d'été") == (
        f"otpauth://totp/Foire%20d%27%C3%A9t%C3%A9:Amina%20B?secret={RFC_SECRET}&issuer=Foire%20d%27%C3%A9t%C3%A9"
    )


def test_a_code_and_a_recovery_code_count_once(office: Session) -> None:
    add_staff(office, "amina", "editor")
    amina, secret = find_staff(office, "Amina"), new_secret()
    now = int(datetime.now(UTC).timestamp()) // 30
    assert turn_on(office, amina, secret, "000000") == turn_on(office, amina, "no base 32!", "000000") == []
    assert amina.codes == ""
    recovery = turn_on(office, amina, secret, pyotp.TOTP(secret).generate_otp(now))
    assert len(set(recovery)) == 10
    assert not any(code in str(amina.recovery) for code in recovery)
    assert not use_code(amina, pyotp.TOTP(secret).generate_otp(now)), "it was used to turn them on"
    assert [use_code(amina, pyotp.TOTP(secret).generate_otp(now + 1)) for _ in "ab"] == [True, False]
    assert [use_code(amina, f" {recovery[3].upper()} ") for _ in "ab"] == [True, False]
    assert use_code(amina, recovery[4])
    turn_off(amina)
    assert (amina.codes, amina.recovery) == ("", [])


def test_what_makes_a_password_good_is_its_length() -> None:
    stored = hashed("correct horse")
    problems = {word: problem_with(word, "amina", stored) for word in (
        "short", "x" * 201, "amina12345", "Amina-Amina-is-long-enough", "correct horse", "aaaaaaaaaa", "كلمة سر طويلة",
    )}  # fmt: skip
    assert list(problems.values()) == ["short", "long", "name", "", "same", "", ""]
    assert (is_right("correct horse", stored), is_right("wrong", stored), is_right("x", None)) == (True, False, False)
    assert len({new_password() for _ in range(50)}) == 50


def test_after_ten_tries_a_name_waits_and_others_do_not(office: Session) -> None:
    waits = [try_once(office, "admin", "10.0.0.1", NOON) for _ in range(NAME_FROM_PLACE + 2)]
    assert waits[:NAME_FROM_PLACE] == [0] * NAME_FROM_PLACE
    assert waits[NAME_FROM_PLACE:] == [901, 901]
    assert try_once(office, "ADMIN", "10.0.0.1", NOON) == 901
    assert try_once(office, "driss", "10.0.0.1", NOON) == 0
    assert try_once(office, "admin", "10.0.0.2", NOON) == 0
    assert try_once(office, "admin", f"{KNOWN}laptop", NOON) == 0
    assert try_once(office, "admin", "10.0.0.1", NOON + WINDOW + timedelta(seconds=1)) == 0
    assert office.query(SignInTry).count() == 1


def test_guessing_from_many_addresses_stops_too_but_not_a_browser_known_before(office: Session) -> None:
    waits = [try_once(office, "admin", f"10.0.{n}.1", NOON) for n in range(NAME + 1)]
    assert (set(waits[:NAME]), waits[NAME] > 0) == ({0}, True)
    assert try_once(office, "admin", f"{KNOWN}laptop", NOON) == 0


def test_signing_in_forgets_the_tries(office: Session) -> None:
    for _ in range(NAME_FROM_PLACE):
        try_once(office, "admin", "10.0.0.1", NOON)
    forget_tries(office, "Admin", "10.0.0.1")
    office.commit()
    assert try_once(office, "admin", "10.0.0.1", NOON) == 0


def test_many_at_the_same_moment_count_as_many(office: Session) -> None:
    heard: list[int] = []

    def guess() -> None:
        with Session(office.get_bind()) as own:
            heard.append(try_once(own, "admin", "10.0.0.1", NOON))

    guesses = [threading.Thread(target=guess) for _ in range(24)]
    for one in guesses:
        one.start()
    for one in guesses:
        one.join()
    assert len(heard) == 24
    assert heard.count(0) <= NAME_FROM_PLACE


def test_there_is_always_an_administrator(office: Session) -> None:
    add_staff(office, "root", "administrator")
    root = find_staff(office, "root")
    for act in (lambda: remove(office, root), lambda: give_role(office, root, "viewer")):
        with pytest.raises(ValueError, match="last_administrator"):
            act()
    add_staff(office, "second", "administrator")
    give_role(office, root, "viewer")
    remove(office, root)
    assert [one.name for one in everybody(office)] == ["second"]


@pytest.mark.parametrize(
    ("name", "role", "problem"),
    [("Amina", "editor", "name_taken"), ("", "editor", "name_wrong"), ("a\nb", "editor", "name_wrong"),
     ("staff:x", "editor", "name_wrong"), ("x" * 61, "editor", "name_wrong"), ("x", "king", "role_unknown")],
)  # fmt: skip
def test_who_cannot_be_added(office: Session, name: str, role: str, problem: str) -> None:
    add_staff(office, "amina", "editor")
    add_staff(office, "خديجة بنت-علي", "floor")
    with pytest.raises(ValueError, match=problem):
        add_staff(office, name, role)


def test_a_reset_ends_sessions_and_codes(office: Session) -> None:
    add_staff(office, "amina", "editor")
    amina = find_staff(office, "amina")
    start_session(office, amina)
    amina.codes = new_secret()
    office.commit()
    password = reset(office, amina)
    office.commit()
    assert (is_right(password, amina.password), amina.temporary, amina.codes) == (True, True, "")
    assert office.scalars(select(StaffSession)).all() == []


AGENTS = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0": "Firefox · Windows",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36":
        "Chrome · Android",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605 Version/17.0 Mobile/15E Safari/604.1":
        "Safari · iPhone",
    "curl/8.1 <script>": "curl/8.1 script",
    "": "",
}  # fmt: skip


def test_devices_are_called_as_people_know_them() -> None:
    assert {agent: device_of(agent) for agent in AGENTS} == AGENTS
