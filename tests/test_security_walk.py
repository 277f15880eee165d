"""Every address of the app, asked by whoever means ill: headers, redirects, paths, and hostile texts in every record."""

from __future__ import annotations

import ast
import csv
import io
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from uuid import UUID

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from companion import create_app
from companion.models import KINDS, Exhibitor, texts_of
from companion.security import CONTENT_SECURITY_POLICY, HEADERS, NOTHING_RUNS
from companion.sync.log import Author, Change, write
from tests.conftest import close
from tests.offices import PASSWORD, add, signed_in

COMPANION = Path(__file__).parent.parent / "companion"
NASTY = '=HYPERLINK("http://evil.example",1)\'"><script src=//evil.example></script><img src=x onerror=alert(1)> {{7*7}} #eval("1")\r\nX-Evil: 1'
"""At once a formula, a tag, a template, a piece of typst and a header."""

ELSEWHERE = ("//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "https:evil.example")
OUTSIDE = (
    "../rafiq.sqlite",
    "%2e%2e/rafiq.sqlite",
    "..%2f..%2frafiq.sqlite",
    "..\\rafiq.sqlite",
    "/etc/passwd",
    "%00",
    "\u2025/secret_key",
)


@pytest.fixture(scope="module")
def walked(demo_instance: Path) -> Iterator[Flask]:
    app = create_app({}, demo_instance)
    yield app
    close(app)


def addresses(app: Flask) -> Iterator[tuple[Rule, str]]:
    """One address of every route."""
    for rule in app.url_map.iter_rules():
        given = {name: {"letter": "b", "lang": "fr", "own": str(UUID(int=1))}.get(name, "1") for name in rule.arguments}
        with app.test_request_context():
            yield rule, app.url_for(rule.endpoint, **given)


def test_every_answer_of_every_route_carries_the_headers(walked: Flask) -> None:
    """Pages, redirects, what is closed, wrong methods, what is not there; whoever may run nothing says so."""
    seen: set[int] = set()
    asked = [(address, method) for _, address in addresses(walked) for method in ("GET", "POST", "DELETE")]
    for address, method in [*asked, ("/static/none.js", "GET"), ("/photos/none.webp", "GET"), ("/fr", "GET")]:
        with walked.test_client().open(address, method=method) as answer:
            seen.add(answer.status_code)
            assert answer.headers["Content-Security-Policy"] in (CONTENT_SECURITY_POLICY, NOTHING_RUNS), address
            for name in HEADERS.keys() - {"Content-Security-Policy"}:
                assert answer.headers[name] == HEADERS[name], (address, method, name)
    assert seen >= {200, 302, 308, 401, 404, 405}


def test_a_broken_server_says_nothing_of_itself_and_carries_the_headers(
    walked: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise RuntimeError("the password is hunter2")

    monkeypatch.setitem(walked.view_functions, "visitors.favicon", broken)
    monkeypatch.setitem(walked.view_functions, "openapi.spec", broken)
    for address, policy in (("/favicon.ico", CONTENT_SECURITY_POLICY), ("/api/openapi.json", NOTHING_RUNS)):
        answer = walked.test_client().get(address)
        assert (answer.status_code, answer.headers["Content-Security-Policy"]) == (500, policy)
        assert "hunter2" not in answer.get_data(as_text=True)
        assert "Traceback" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_no_address_leads_to_another_site(walked: Flask, wanted: str) -> None:
    """Neither what a person may add to an address nor the address itself."""
    client = walked.test_client()
    names = ("next", "code", "lang", "to", "back")
    asked = [(at, {"QUERY_STRING": "&".join(f"{name}={wanted}" for name in names)}) for _, at in addresses(walked)]
    asked += [
        ("/", {"PATH_INFO": path}) for path in (wanted, f"/{wanted}", f"/fr/{wanted}", f"//fr/{wanted}/", "/fr//")
    ]
    for address, environment in asked:
        with client.get(address, environ_overrides=environment, headers={"Referer": "https://evil.example/"}) as answer:
            where = answer.headers.get("Location", "/").replace("\\", "/")
        assert urlsplit(urljoin("http://localhost/", where)).netloc == "localhost", (address, environment)


def test_no_answer_repeats_a_host_somebody_made_up(demo_instance: Path) -> None:
    """Redirects, pages, files, calendar and contact cards: whole addresses in them are of COMPANION_BASE_URL."""
    app = create_app({"COMPANION_BASE_URL": "https://rafiq.example"}, demo_instance)
    client, seen = app.test_client(), set()
    asked = {address for _, address in addresses(app)} | {"/fr/e/0001.vcf", "/fr/programme/A01.ics"}
    with app.test_client() as visitor:
        records = visitor.get(visitor.get("/api/catalogue").get_json()["snapshot"]).get_json()
    asked |= {f"/fr/e/{records['exhibitors'][0]['code']}{end}" for end in ("", ".vcf")}
    asked |= {f"/fr/programme/{records['workshops'][0]['code']}{end}" for end in ("", ".ics")}
    for address in sorted(asked | {one.rstrip("/") or "/" for one in asked} | {f"//{one.strip('/')}" for one in asked}):
        for path in (address, f"{address}/"):
            with client.get("/", base_url="https://evil.example", environ_overrides={"PATH_INFO": path}) as answer:
                seen.add(answer.status_code)
                assert "evil.example" not in str(answer.headers), path
                assert b"evil.example" not in answer.data, path
                where = answer.headers.get("Location", "/")
                assert urlsplit(urljoin("https://rafiq.example/", where)).netloc == "rafiq.example", path
    close(app)
    assert seen >= {200, 302, 308, 404}


@pytest.mark.parametrize("path", OUTSIDE)
def test_no_address_leads_out_of_a_folder(walked: Flask, path: str) -> None:
    files = [
        rule.rule.split("<")[0] for rule, _ in addresses(walked) if rule.arguments and "GET" in (rule.methods or ())
    ]
    for folder in {*files, "/static/", f"/static/{walked.extensions['release'].name}/", "/"}:
        with walked.test_client().get(folder + path) as answer:
            assert b"SQLite format" not in answer.data, folder
            assert b"root:" not in answer.data, folder


def test_who_guesses_names_learns_none(app: Flask, session: Session) -> None:
    """A wrong password and a wrong name are told the same, of the office as of exhibitors."""
    add(session, "amina", "editor")
    told = []
    for name in ("amina", "nobody"):
        answer = app.test_client().post("/staff/sign-in", data={"name": name, "password": "wrong" * 3})
        told.append((answer.status_code, answer.get_data(as_text=True).replace(name, "")))
    assert told[0] == told[1]
    told = []
    for booth in ("A12", "Z99"):
        answer = app.test_client().post("/in/typed", data={"booth": booth, "pin": "000001"})
        told.append((answer.status_code, answer.get_data(as_text=True).replace(booth, "")))
    assert told[0] == told[1]


def test_only_exchange_and_the_doctor_ask_other_servers() -> None:
    """No request of a visitor, an exhibitor or staff makes the server ask an address: there is nothing to forge."""
    asking = set()
    for path in COMPANION.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(
                name.split(".")[0] in ("socket", "httpx", "requests", "aiohttp", "ftplib", "smtplib") for name in names
            ):
                asking.add(path.relative_to(COMPANION).as_posix())
            if any(name.startswith(("urllib.request", "http.client", "urllib3")) for name in names):
                asking.add(path.relative_to(COMPANION).as_posix())
    assert asking == {"nodes/link.py", "upkeep/doctor.py"}


class Tags(HTMLParser):
    """What a browser would make of a page: its elements that could run something."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.wrong: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        source = dict(attrs).get("src") or ""
        runs = tag == "script" and not source.startswith("/static/")
        link = next((value for name, value in attrs if name in ("href", "action", "formaction")), "") or ""
        if runs or source == "x" or any(name.startswith("on") for name, _ in attrs) or link.startswith("javascript:"):
            self.wrong.append((tag, attrs))


@pytest.fixture
def spoilt(app: Flask, session: Session) -> Flask:
    """The demo fair with something nasty in every text of every record, written as an import would."""
    changes = []
    for kind, model in KINDS.items():
        for row in session.scalars(select(model).limit(400)):
            changes += [
                Change(kind, row.id, {f"{name}.{lang}": NASTY for name in texts_of(model) for lang in ("fr", "ar")})
            ]
    changes = [change for change in changes if change.fields]
    for row in session.scalars(select(Exhibitor)):
        changes.append(Change("exhibitor", row.id, {"note": NASTY, "commune_text": NASTY[:250]}))
    session.rollback()
    write(session, changes, Author(name="importer", role="importer"))
    session.commit()
    return app


def test_hostile_texts_are_text_on_every_page_and_file_of_the_office(spoilt: Flask, session: Session) -> None:
    office = signed_in(spoilt, session, "administrator")
    whole: set[str] = set()
    ids = {"exhibitor": session.scalars(select(Exhibitor.id)).first() or "", "lang": "fr", "letter": "b"}
    session.rollback()
    for rule in spoilt.url_map.iter_rules():
        if not rule.endpoint.startswith("staff.") or "GET" not in (rule.methods or ()):
            continue
        with spoilt.test_request_context():
            address = spoilt.url_for(
                rule.endpoint,
                **{name: ids.get(name, 1 if name == "page" else ids["exhibitor"]) for name in rule.arguments},
            )
        with office.get(address) as answer:
            if answer.status_code != 200:
                continue
            whole.add(answer.mimetype)
            assert "X-Evil" not in answer.headers, address
            if answer.mimetype == "text/html":
                assert Tags(answer.get_data(as_text=True)).wrong == [], address
                assert "49 #eval" not in answer.get_data(as_text=True), address
            elif answer.mimetype.endswith("sheet"):
                book = openpyxl.load_workbook(io.BytesIO(answer.data))
                live = [
                    cell.coordinate
                    for sheet in book
                    for row in sheet.iter_rows()
                    for cell in row
                    if cell.data_type == "f"
                ]
                assert live == [], address
            elif answer.mimetype == "text/csv":
                cells = [cell for row in csv.reader(io.StringIO(answer.get_data(as_text=True))) for cell in row]
                assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == [], address
    assert "text/html" in whole


def test_hostile_texts_are_text_on_every_page_and_file_of_visitors(spoilt: Flask, client: FlaskClient) -> None:
    snapshot = client.get(client.get("/api/catalogue").json["snapshot"]).json
    one, workshop = snapshot["exhibitors"][0], snapshot["workshops"][0]
    pages = ["", "exhibitors", "map", "programme", "about", f"e/{one['code']}", f"e/{one['code']}/request"]
    for lang in ("fr", "ar"):
        for path in [*pages, f"b/{one['booths'][0]}", f"programme/{workshop['code']}", "exhibitors?q=HYPERLINK"]:
            page = client.get(f"/{lang}/{path}").get_data(as_text=True)
            assert "HYPERLINK" in page, path
            assert Tags(page).wrong == [], path
        card = client.get(f"/{lang}/e/{one['code']}.vcf").get_data(as_text=True).split("\r\n")
        assert [line for line in card if line.startswith("X-Evil")] == []
        calendar = client.get(f"/{lang}/programme/{workshop['code']}.ics").get_data(as_text=True).split("\r\n")
        assert [line for line in calendar if line.startswith("X-Evil")] == []


def test_a_phone_that_was_signed_out_is_given_nothing_more(app: Flask, session: Session) -> None:
    """Its session is a row of the server: a copy of the cookie is worth nothing afterwards."""
    client = signed_in(app, session, "editor", "amina")
    stolen = client.get_cookie("session").value
    client.post("/staff/sign-out")
    thief = app.test_client()
    thief.set_cookie("session", stolen)
    assert thief.get("/staff/exhibitors").headers["Location"].startswith("/staff/sign-in")
    assert thief.get("/api/records").status_code == 401
    assert PASSWORD not in stolen
