"""The API is as /api/openapi.json says it is, whatever is sent."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings

from companion import create_app
from tests.conftest import close

OPERATIONS = (
    ("GET", "/api/catalogue"), ("GET", "/api/catalogue/{seq}.json"), ("GET", "/api/catalogue/changes"),
    ("GET", "/api/edits"), ("POST", "/api/edits"), ("GET", "/healthz"),
    ("GET", "/api/records"), ("GET", "/api/records/conflicts"),
)  # fmt: skip
NOTHING_TO_GET_WRONG = ("/api/catalogue", "/healthz", "/api/records", "/api/records/conflicts")
CASES = [
    (method, path, mode)
    for method, path in OPERATIONS
    for mode in schemathesis.GenerationMode
    if mode is schemathesis.GenerationMode.POSITIVE or path not in NOTHING_TO_GET_WRONG
]


@pytest.fixture(scope="module")
def api(demo_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("api") / "instance"
    shutil.copytree(demo_instance, folder, symlinks=True)
    app = create_app({}, folder)
    yield schemathesis.openapi.from_wsgi("/api/openapi.json", app)
    close(app)


def test_every_operation_is_asked(api: Any) -> None:
    found = [result.ok() for result in api.get_all_operations()]
    assert sorted((operation.method.upper(), operation.path) for operation in found) == sorted(OPERATIONS)


@pytest.mark.parametrize(("method", "path", "mode"), CASES)
def test_every_answer_is_as_described(api: Any, method: str, path: str, mode: schemathesis.GenerationMode) -> None:
    @settings(
        max_examples=25, deadline=None, phases=[Phase.explicit, Phase.generate], database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=api[path][method].as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case) -> None:
        case.call_and_validate(headers={"Accept-Encoding": "identity"})  # its WSGI client unpacks nothing

    ask()


def test_edits_are_described(app: Flask, client: FlaskClient) -> None:
    described = client.get("/api/openapi.json").json
    assert set(described["paths"]["/api/edits"]) == {"get", "post"}
    assert set(described["paths"]["/api/edits"]["post"]["responses"]) == {"200", "401", "413", "422", "429", "503"}
    sent = described["components"]["schemas"]["Sent"]["properties"]
    assert (set(sent), sent["edits"]["maxItems"]) == ({"edits", "device", "author"}, 500)
