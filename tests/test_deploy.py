"""What `deploy/` holds is true of this tree; where Caddy, dnsmasq or systemd are installed, they read their own files."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]

from companion.security import HEADERS, STRICT_TRANSPORT

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
SERVICE = (DEPLOY / "rafiq.service").read_text()
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())


def said_wrong(*words: str | Path) -> str:
    """Return what a program says is wrong with a file; nothing also where it is not installed."""
    if shutil.which(words[0]) is None:
        return ""
    run = subprocess.run(words, capture_output=True, text=True, check=False)
    return run.stderr if run.returncode else ""


def test_the_image_holds_the_app_and_nothing_of_a_server_that_runs_here() -> None:
    copied = set(re.findall(r"^COPY (?!--)(\S+)", DOCKERFILE, re.MULTILINE))
    let_in = set(re.findall(r"^!(\S+)", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    assert copied == let_in and all((ROOT / name).exists() for name in copied)
    used = set(re.findall(r'ROOT / "(\w+)"', (ROOT / "companion/__init__.py").read_text()))
    assert used - {"instance"} <= copied and {"companion", "templates", "translations", "examples"} <= copied
    assert not {"instance", ".git", "tests"} & copied


def test_a_container_and_a_unit_serve_alike() -> None:
    command = json.loads(re.findall(r"^CMD (\[.*\])", DOCKERFILE, re.MULTILINE)[-1])
    [unit] = re.findall(r"^ExecStart=/srv/rafiq/(.*)", SERVICE, re.MULTILINE)
    assert " ".join(command) == unit.replace("127.0.0.1", "0.0.0.0")


@pytest.mark.parametrize("name", sorted(COMPOSE["services"]))
def test_each_service_of_compose_leans_on_what_is_there(name: str) -> None:
    service = COMPOSE["services"][name]
    assert set(service.get("depends_on", {})) <= set(COMPOSE["services"])
    settings = {key for key in service.get("environment", {}) if key.startswith("COMPANION_")}
    paper = (ROOT / "docs/settings.md").read_text()
    assert [key for key in settings if f"`{key}`" not in paper] == []
    for volume in service.get("volumes", []):
        source = volume.partition(":")[0]
        assert source in COMPOSE["volumes"] or (DEPLOY / source).exists()
    if "build" in service:
        assert (
            DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]
        ).resolve() == DEPLOY / "Dockerfile"


@pytest.mark.parametrize("name", ["Caddyfile", "Caddyfile.static"])
def test_caddy_reads_its_files(name: str) -> None:
    assert said_wrong("caddy", "adapt", "--adapter", "caddyfile", "--config", DEPLOY / name) == ""


def test_files_go_out_with_the_headers_of_pages() -> None:
    text = (DEPLOY / "Caddyfile.static").read_text()
    wanted = HEADERS | {"Strict-Transport-Security": STRICT_TRANSPORT}
    assert [name for name, value in wanted.items() if not re.search(f'{name} "?{re.escape(value)}"?\n', text)] == []


def test_systemd_reads_its_units(tmp_path: Path) -> None:
    units = []
    for unit in [*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")]:
        text = unit.read_text()
        assert "[Service]" not in text or {"User=rafiq", "UMask=0077", "ProtectSystem=strict"} <= set(text.split("\n"))
        units.append(tmp_path / unit.name)
        units[-1].write_text(re.sub(r"=/srv/rafiq/\.venv/bin/\S+", "=/bin/true", text))
    assert said_wrong("systemd-analyze", "verify", *units) == ""


def test_phones_in_the_hall_are_told_where_the_box_is() -> None:
    path = DEPLOY / "site/dnsmasq.conf"
    assert said_wrong("dnsmasq", "--test", "-C", path) == ""
    told = path.read_text()
    assert "host-record=rafiq.example,10.20.0.1" in told and "\nno-hosts\n" in told, (
        "not what /etc/hosts says of the box"
    )
