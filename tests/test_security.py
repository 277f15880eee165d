"""What is open, what every answer carries, and who may write."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from companion import create_app
from companion.security import CONTENT_SECURITY_POLICY, NOTHING_RUNS
from tests.conftest import close

OPEN = {
    "catalogue.newest": "/api/catalogue",
    "catalogue.packed": "/api/catalogue/packed",
    "catalogue.part": "/api/catalogue/parts/<name>.json",
    "catalogue.since": "/api/catalogue/changes",
    "catalogue.snapshot": "/api/catalogue/<int:seq>.json",
    "catalogue.exact_snapshot": "/api/catalogue/<int:seq>-<facts>.json",
    "edits.take": "/api/edits",
    "health.healthz": "/healthz",
    "openapi.spec": "/api/openapi.json",
    "photos.photo": "/photos/<name>.webp",
    "staff.choose_language": "/staff/language",
    "staff.sign_in_answer": "/staff/sign-in",
    "staff.sign_in_form": "/staff/sign-in",
    "visitors.favicon": "/favicon.ico",
    "visitors.leave_request": "/<prefix:lang>/e/<code>/request",
    "visitors.prefixed": "/<prefix:lang>/",
    "visitors.tour": "/tour",
    "visitors.unprefixed": "/",
    "visitors.web_manifest": "/<prefix:lang>/manifest.webmanifest",
    "visitors.worker": "/sw.js",
    "way_in.by_booth": "/in/typed",
    "way_in.by_card": "/in",
    "way_in.door": "/in",
}
"""Every route anybody may call. Whoever adds one adds it here, and so thinks about it."""


def test_only_these_routes_are_open(app: Flask, client: FlaskClient) -> None:
    found = {}
    for rule in app.url_map.iter_rules():
        known = {"letter": "b", "lang": "fr", "own": str(UUID(int=1)), "record": str(UUID(int=1))}
        arguments = {name: known.get(name, "1") for name in rule.arguments}
        with app.test_request_context():
            address = app.url_for(rule.endpoint, **arguments)
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        answer = client.open(address, method=method)
        closed = answer.status_code == 302 and answer.headers["Location"].startswith(("/staff/sign-in", "/in"))
        locked = rule.endpoint.startswith(("edits.look", "records.", "own.")) or rule.rule.startswith("/api/node/")
        closed |= locked and answer.status_code == 401
        if not closed:
            found[rule.endpoint] = rule.rule
    assert found.keys() == OPEN.keys()


@pytest.mark.parametrize(
    "path",
    ["/", "/fr/", "/fr/nothing", "/sw.js", "/api/catalogue", "/staff/sign-in", "/healthz", "/xx/yy/zz", "/api/none"],
)
def test_every_answer_carries_the_headers(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    policy = NOTHING_RUNS if path.startswith(("/api", "/healthz")) else CONTENT_SECURITY_POLICY
    assert headers["Content-Security-Policy"] == policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Permissions-Policy"].startswith("camera=(self)")


def test_static_files_carry_the_headers_too(client: FlaskClient, app: Flask) -> None:
    answer = client.get(app.extensions["release"].url("css/site.css"))
    answer.close()
    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"] == NOTHING_RUNS
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in answer.headers["Cache-Control"]


def test_the_policy_allows_nothing_inline() -> None:
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "require-trusted-types-for 'script'" in CONTENT_SECURITY_POLICY
    assert "default-src 'none'" in CONTENT_SECURITY_POLICY


def test_https_is_kept(client: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/fr/").headers
    assert (
        "max-age=31536000" in client.get("/fr/", base_url="https://rafiq.example").headers["Strict-Transport-Security"]
    )


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 401),
        ({"Sec-Fetch-Site": "none"}, 401),
        ({"Origin": "http://localhost"}, 401),
        ({}, 401),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_writes_of_another_site_are_refused(client: FlaskClient, headers: dict[str, str], status: int) -> None:
    assert client.post("/staff/sign-in", data={"name": "x", "password": "y"}, headers=headers).status_code == status


def test_no_path_leads_out_of_the_releases(client: FlaskClient, app: Flask) -> None:
    for path in ("/static/../rafiq.sqlite", "/static/%2e%2e/secret_key", "/static/" + "..%2f" * 4 + "etc/passwd"):
        assert client.get(path).status_code in (404, 400)


def test_people_get_pages_and_programs_json_when_something_is_wrong(client: FlaskClient) -> None:
    page = client.get("/staff/nothing", headers={"Accept-Language": "ar"})
    assert (page.status_code, page.mimetype) == (404, "text/html")
    refused = client.post("/staff/sign-in", headers={"Sec-Fetch-Site": "cross-site", "Accept-Language": "ar"})
    assert (refused.status_code, refused.mimetype) == (403, "text/html")
    assert '<html lang="ar" dir="rtl">' in refused.get_data(as_text=True)
    answer = client.get("/api/none")
    assert (answer.status_code, answer.mimetype, list(answer.json)) == (404, "application/json", ["message"])
    wrong = client.get("/api/catalogue/changes?since=yesterday")
    assert (wrong.status_code, wrong.mimetype) == (422, "application/json")


def test_a_proxy_is_believed_only_where_there_is_one(demo_instance: Path) -> None:
    """Behind Caddy, a form of a browser without Sec-Fetch-Site comes from the https name that people see."""
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "rafiq.example", "Origin": "https://rafiq.example"}
    statuses = {}
    for proxies in ("0", "1"):
        app = create_app({"COMPANION_PROXIES": proxies}, demo_instance)
        statuses[proxies] = app.test_client().post("/api/node/greeting", headers=headers).status_code
        close(app)
    assert statuses == {"0": 403, "1": 401}
