"""Every POST of every role while others write 20 times a second, and while the lock is held: none answers 500."""

from __future__ import annotations

import itertools
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from companion import create_app, writing
from companion.accounts.access import make_card
from companion.accounts.people import add_staff
from companion.extensions import db
from companion.models import ROLES, Booth, Exhibitor, LogEntry, Notice, Staff, Workshop
from companion.security import CONTENT_SECURITY_POLICY, NOTHING_RUNS
from tests.busy import locked, somebody_writes
from tests.conftest import Compiled, close
from tests.offices import PASSWORD
from tests.photos import jpeg
from tests.visitors import make_request

ENDS = (
    "staff.exhibitor_turned", "staff.exhibitor_merged", "staff.import_removed", "staff.remove_person",
    "staff.change_password", "staff.end_own_session", "own.phone_ended", "staff.sign_out", "own.sign_out",
)  # fmt: skip
"""What takes away what others work on, or ends the session of who asks: asked last, in this order."""

LIST = "Nom,Téléphone\nCoopérative du Rif,0612345678\n".encode()
JSON: dict[str, Any] = {
    "own.pin_chosen": {"pin": "274951"},
    "way_in.by_card": {"secret": "nobody's"},
}
Form = tuple[str, dict[str, str]]
places = itertools.count(1)


class Forms(HTMLParser):
    """The forms of a page that are posted: where to, and their fields as they stand."""

    def __init__(self, at: str, page: str) -> None:
        super().__init__()
        self.at, self.found, self._name = at, [], ""
        self.feed(page)

    found: list[Form]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = {name: value or "" for name, value in attrs}
        if tag == "form" and of.get("method") == "post":
            self.found.append((of.get("action") or self.at, {}))
        elif self.found and of.get("name"):
            self._name = of["name"]
            typed = of.get("value") or {"password": PASSWORD, "text": "Amina", "search": "miel"}.get(
                of.get("type", ""), ""
            )
            if tag != "input" or of.get("type") not in ("checkbox", "radio") or "checked" in of:
                self.found[-1][1].setdefault(self._name, typed)
        elif tag == "option" and self.found and ("selected" in of or not self.found[-1][1].get(self._name)):
            self.found[-1][1][self._name] = of.get("value", "")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def fair(
    request: pytest.FixtureRequest,
    demo_instance: Path,
    tmp_path_factory: pytest.TempPathFactory,
    compiled: Compiled,
) -> Iterator[Flask]:
    """The demo fair."""
    folder, settings = tmp_path_factory.mktemp("busy") / "instance", {}
    if request.param == "sqlite":
        shutil.copytree(demo_instance, folder, symlinks=True)
    else:
        settings["COMPANION_DATABASE_URL"] = request.getfixturevalue("demo_on_postgres")()
    app = create_app(settings, folder)
    app.jinja_env.bytecode_cache = compiled
    yield app
    close(app)


def somebody(app: Flask, role: str) -> FlaskClient:
    """The browser of somebody of this role: of the office, an exhibitor's, or a visitor's."""
    client = app.test_client()
    with app.app_context():
        if role in ROLES:
            name = f"{role} {next(places)}"
            add_staff(db.session(), name, role, PASSWORD)
            add_staff(db.session(), f"{name} or another", role, PASSWORD)  # whom one may remove
            db.session.commit()
            assert post(client, "/staff/sign-in", data={"name": name, "password": PASSWORD}).status_code == 302
        elif role == "exhibitor":
            present = select(Exhibitor.id).where(~Exhibitor.deleted, ~Exhibitor.withdrawn, Exhibitor.merged.is_(None))
            secret = make_card(db.session(), str(db.session.scalars(present).first()))
            db.session.commit()
            assert post(client, "/in", json={"secret": secret}).status_code == 200
    return client


def post(client: FlaskClient, address: str, **sent: Any) -> Any:
    """Send from an address of one's own, so that no rate limit answers instead."""
    number = next(places)
    return client.post(address, environ_overrides={"REMOTE_ADDR": f"10.1.{number // 250}.{number % 250 + 1}"}, **sent)


def arguments(app: Flask, client: FlaskClient) -> dict[str, str]:
    """For each argument of an address something that is there; who may import has brought a list."""
    brought = post(client, "/staff/import", data={"file": (BytesIO(LIST), f"liste {next(places)}.csv")})
    digest = brought.location.rsplit("/", 1)[-1] if brought.status_code == 303 else "0" * 64
    post(client, f"/staff/import/{digest}/try")
    with app.app_context():
        one = db.session.scalars(select(Exhibitor.code).where(~Exhibitor.deleted, ~Exhibitor.withdrawn)).first()
        act = db.session.scalars(select(LogEntry.act).order_by(LogEntry.seq.desc())).first()
        notice = db.session.scalars(select(Notice.id)).first()
        booth = db.session.scalars(select(Booth.code).where(Booth.exhibitor.is_not(None))).first()
        removed = db.session.scalars(select(Staff.id).order_by(Staff.id.desc())).first()
        return {
            "lang": "fr", "code": str(one), "own": str(notice), "booth": str(booth), "record": str(UUID(int=1)), "state": "open",
            "act": str(act), "person": str(removed), "number": "1", "what": "withdraw", "digest": digest,
        }  # fmt: skip


def address_of(app: Flask, rule: Rule, given: dict[str, str]) -> str:
    values = {name: given.get(name, "1") for name in rule.arguments}
    if "programme" in rule.rule:
        with app.app_context():
            values["code"] = str(db.session.scalars(select(Workshop.code)).first())
    with app.test_request_context():
        return app.url_for(rule.endpoint, **{name: int(v) if v.isdecimal() else v for name, v in values.items()})


def forms_seen(app: Flask, client: FlaskClient, given: dict[str, str]) -> dict[str, Form]:
    """The forms this person finds on the pages that open for them, one per endpoint."""
    found: dict[str, Form] = {}
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or not rule.rule.startswith(("/staff", "/in", "/<prefix:lang>/e")):
            continue
        at = address_of(app, rule, given)
        at += f"?pick={given['booth']}&mode=draw" if rule.rule == "/staff/plan" else ""
        with client.get(at) as answer:
            if answer.status_code != 200 or answer.mimetype != "text/html":
                continue
            for action, fields in Forms(at, answer.text).found:
                path = re.sub(r"[?#].*", "", action)
                endpoint = adapter.match(path, method="POST")[0]
                found.setdefault(str(endpoint), (action, fields))
    return found


def body_of(endpoint: str, fields: dict[str, str], given: dict[str, str]) -> dict[str, Any]:
    """What is sent: the form's fields, or what a program sends there."""
    if endpoint == "edits.take":
        return {"json": {"edits": [make_request(exhibitor=given["code"])]}}
    if endpoint in JSON:
        return {"json": JSON[endpoint]}
    if endpoint == "own.photo_taken":
        return {"data": jpeg()}
    if endpoint in ("staff.import_brought", "staff.exhibitor_photo"):
        file = (BytesIO(LIST), "liste.csv") if "import" in endpoint else (BytesIO(jpeg()), "p.jpg")
        return {"data": fields | {"file": file, "photo": file}, "content_type": "multipart/form-data"}
    typed = {"name": f"Amina {'abcdefgh'[next(places) % 8] * (1 + next(places) % 7)}", "password": PASSWORD}
    return {"data": fields | {name: value for name, value in typed.items() if not fields.get(name)}}


def send_all(
    app: Flask, client: FlaskClient, forms: dict[str, Form], given: dict[str, str], role: str
) -> list[tuple[str, int]]:
    """Send every POST there is; return what each answered. None may be a 500, an empty page or one without a policy."""
    rules = {rule.endpoint: rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    answers = []
    for endpoint in sorted(rules, key=lambda one: (ENDS.index(one) if one in ENDS else -1, one)):
        address, fields = forms.get(endpoint) or (address_of(app, rules[endpoint], given), {})
        with post(client, address, **body_of(endpoint, fields, given)) as answer:
            assert answer.headers["Content-Security-Policy"] in (CONTENT_SECURITY_POLICY, NOTHING_RUNS), address
            assert answer.status_code == 204 or answer.data, (role, address)
            assert answer.status_code == 503 or answer.status_code < 500, (role, address, answer.status_code)
            if answer.status_code == 503:
                assert int(answer.headers["Retry-After"]) > 0
            answers.append((endpoint, answer.status_code))
    return answers


@pytest.mark.parametrize("role", [*ROLES, "visitor"])
def test_no_post_fails_while_others_write(fair: Flask, role: str) -> None:
    client = somebody(fair, role)
    given = arguments(fair, client)
    forms = forms_seen(fair, client, given)
    with somebody_writes(fair.config["SQLALCHEMY_DATABASE_URI"]):
        answers = send_all(fair, client, forms, given, role)
    statuses = Counter(status for _, status in answers)
    assert [endpoint for endpoint, status in answers if status == 503] == []
    if role == "administrator":
        assert statuses[200] + statuses[204] + statuses[302] + statuses[303] > 20, answers


@pytest.mark.parametrize("role", [*ROLES, "visitor"])
def test_no_post_fails_while_the_lock_is_held(fair: Flask, role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "NOTES_PATIENCE", 20)
    client = somebody(fair, role)
    given = arguments(fair, client)
    forms = forms_seen(fair, client, given)
    monkeypatch.setattr(writing, "PATIENCE", 60)
    with locked(fair.config["SQLALCHEMY_DATABASE_URI"]):
        answers = send_all(fair, client, forms, given, role)
        for rule in fair.url_map.iter_rules():
            if "GET" in (rule.methods or ()) and rule.rule.startswith(("/staff", "/exhibitor", "/api", "/in")):
                with client.get(address_of(fair, rule, given)) as answer:
                    assert answer.status_code < 500, (role, rule.rule)
    refused = [endpoint for endpoint, status in answers if status == 503]
    assert len(refused) > (10 if role == "administrator" else 0)
