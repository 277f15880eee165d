"""Pages from memory: the same answers as Flask's, at once after an edit, and quick."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import Client, EnvironBuilder

from companion.models import Exhibitor
from companion.sync.edits import Author, Change
from companion.sync.log import write
from companion.visitors.ready import A_MOMENT


def test_the_second_answer_is_the_first(app: Flask) -> None:
    for path in ("/", "/b/A12", "/ar/b/a12", "/fr/exhibitors?q=miel", "/zgh/map", "/fr/programme/W01.ics"):
        for headers in ({}, {"Accept-Encoding": "br"}, {"Accept": "text/x-fragment"}):
            asked = [app.test_client().get(path, headers=headers) for _ in range(2)]
            first, second = [(answer.status, list(answer.headers), answer.data) for answer in asked]
            assert first == second


def test_each_visitor_gets_the_own_language_and_cookie(app: Flask) -> None:
    def asked(path: str, accept: str, cookie: str = "") -> tuple[str | None, str | None]:
        answer = Client(app, use_cookies=False).get(path, headers={"Accept-Language": accept, "Cookie": cookie})
        return answer.text.split('lang="')[1][:2], answer.headers.get("Set-Cookie", "")[:7]

    for _ in range(2):
        assert asked("/b/A12", "fr") == ("fr", "")
        assert asked("/b/A12", "ar") == ("ar", "")
        assert asked("/b/A12", "fr", "a=b; lang=ar") == ("ar", "")
        assert asked("/b/A12", "fr", "xlang=ar") == ("fr", "")
        assert asked("/ar/b/A12", "fr") == ("ar", "lang=ar")
        assert asked("/ar/b/A12", "fr", "lang=ar") == ("ar", "")


def test_an_edit_is_seen_at_once_and_another_processs_within_a_second(
    client: FlaskClient, session: Session, app: Flask
) -> None:
    row = session.scalars(select(Exhibitor).order_by(Exhibitor.code)).first()
    assert row is not None
    path = f"/fr/e/{row.code}"
    assert client.get(path).status_code == 200
    write(session, [Change("exhibitor", row.id, {"name.fr": "Les ruches"})], Author("test", "importer"))
    session.commit()
    assert "Les ruches</h1>" in client.get(path).text
    with closing(sqlite3.connect(Path(app.instance_path) / "rafiq.sqlite")) as elsewhere:
        elsewhere.execute("UPDATE exhibitor SET name = json_set(name, '$.fr', 'Les jardins')")
        elsewhere.execute("UPDATE log_head SET public_seq = public_seq + 1")
        elsewhere.commit()
    time.sleep(A_MOMENT + 0.1)
    assert "Les jardins</h1>" in client.get(path).text


def test_what_is_not_a_page_is_not_kept(client: FlaskClient) -> None:
    for path in ("/fr/nothing", "/healthz", "/fr/scan?code=A12", "/api/catalogue", "/sw.js"):
        first, second = client.get(path), client.get(path)
        assert (first.status, first.data) == (second.status, second.data)
    etag = client.get("/fr/b/A12").headers["ETag"]
    assert client.get("/fr/b/A12", headers={"If-None-Match": etag}).status_code == 304


def test_a_booth_takes_at_most_three_times_an_empty_view(app: Flask) -> None:
    empty = Flask("empty")
    empty.add_url_rule("/b/<booth>", view_func=lambda booth: "")
    environ = EnvironBuilder("/b/A12", headers={"Accept-Encoding": "br", "Accept-Language": "fr"}).get_environ()

    def seconds(wsgi: Flask) -> float:
        start = time.perf_counter()
        for _ in range(200):
            b"".join(wsgi(dict(environ), lambda *_: None))
        return time.perf_counter() - start

    seconds(app)
    turns = [(seconds(app), seconds(empty)) for _ in range(5)]
    assert min(booth for booth, _ in turns) < 3 * min(nothing for _, nothing in turns)


def kept(app: Flask) -> list[int]:
    """How many answers are in memory: rendered pages, whole answers."""
    return [len(app.extensions["rendered_pages"]), len(app.extensions["ready_pages"].kept)]


def test_what_strangers_vary_is_no_other_answer(app: Flask) -> None:
    client = app.test_client()
    first = client.get("/fr/exhibitors").data
    client.get("/fr/exhibitors")
    client.get("/fr/exhibitors", headers={"Cookie": "lang=xx"})
    before = kept(app)
    for n in range(30):
        for path, headers in (
            (f"/fr/exhibitors?x={n}", {}),
            (f"/fr/exhibitors?utm_source={n}&fbclid={n * 'a'}", {}),
            ("/fr/exhibitors", {"Cookie": f"lang=x{chr(97 + n % 26)}"}),
        ):
            assert client.get(path, headers=headers).data == first
        assert client.get(f"/fr/exhibitors?q=miel&q={n}", headers={"Host": f"h{n}.example"}).status_code == 200
        assert client.get("/fr/", headers={"Host": f"localhost:{n}"}).status_code == 200
        client.get(f"/fr/nothing/{n}")
        client.get(f"/fr/exhibitors?q={n}{'m' * 500}")
    assert [more for more, less in zip(kept(app), before, strict=True) if more > less + 2] == [], (
        "two: the clock moved on"
    )


def test_searches_fill_memory_up_to_a_bound_in_bytes(app: Flask) -> None:
    pages, answers = app.extensions["rendered_pages"], app.extensions["ready_pages"].kept
    pages.most = answers.most = 400_000
    client = app.test_client()
    for n in range(40):
        client.get(f"/fr/exhibitors?page=1&q=a{n}")
        client.get(f"/fr/map?at={n}")
        assert pages.held <= pages.most and answers.held <= answers.most
    assert len(pages) and len(answers)
