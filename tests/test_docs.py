"""The papers say what is there: commands, targets, addresses, links, pictures."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from companion.visitors.manifest import PICTURED, SCREENSHOTS
from tests.test_architecture import COMPANION, imported, part_of

ROOT = Path(__file__).parent.parent
PAPERS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
OTHERS = {"db", "limiter", "routes", "run", "shell", "spec"}
"""Commands that Flask and its extensions bring."""

ALL = "\n".join(paper.read_text() for paper in PAPERS)
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
LINK = re.compile(r'\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"')


def links(paper: Path) -> list[str]:
    found = [one or other for one, other in LINK.findall(CODE.sub("", paper.read_text()))]
    return [link for link in found if not re.match("[a-z]+:", link)]


def test_the_readme_begins_with_the_two_commands() -> None:
    [fence] = re.findall(r"^```sh\n(.*?)^```", (ROOT / "README.md").read_text(), re.DOTALL | re.MULTILINE)
    assert [line.partition("#")[0].strip() for line in fence.splitlines()] == ["make run", "make test"]


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_links_and_pictures_lead_somewhere(paper: Path) -> None:
    missing = [link for link in links(paper) if not (paper.parent / link.partition("#")[0]).exists()]
    assert missing == []


def test_every_page_of_docs_is_linked_from_another() -> None:
    linked = {(paper.parent / link.partition("#")[0]).resolve() for paper in PAPERS for link in links(paper)}
    assert [paper.name for paper in PAPERS if paper not in linked] == ["README.md"]


def test_every_picture_of_docs_is_shown() -> None:
    assert {path.name for path in (ROOT / "docs/screenshots").iterdir()} == set(
        re.findall(r"docs/screenshots/([\w-]+\.png)", ALL)
    )


def test_every_command_and_its_options_are_in_the_papers(app: Flask) -> None:
    commands = {name: app.cli.commands[name] for name in sorted(set(app.cli.commands) - OTHERS)}
    for name, group in list(commands.items()):
        commands |= {f"{name} {sub}": command for sub, command in getattr(group, "commands", {}).items()}
    options = {option for one in commands.values() for part in one.params for option in part.opts if option[:2] == "--"}
    assert [words for words in commands if not re.search(rf"(--app app |`){words}\b", ALL)] == []
    assert [option for option in sorted(options) if not re.search(rf"{option}\b", ALL)] == []


def test_the_papers_name_no_command_that_is_not_there(app: Flask) -> None:
    known = {"COMMAND", *app.cli.commands}
    assert {word for word in re.findall(r"flask --app app ([\w-]+)", ALL) if word not in known} == set()


def test_every_make_target_is_in_the_papers_and_the_other_way_round() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)`|^ *make ([a-z-]+)", ALL, re.MULTILINE)) >= {(t, "") for t in targets}
    named = {
        one or other
        for one, other in re.findall(r"`(?:[A-Z_=,a-z]+ )?make ([a-z-]+)|^make ([a-z-]+)", ALL, re.MULTILINE)
    }
    assert named == targets


ADDRESSES = (
    ("/", 200),
    ("/fr/", 200),
    ("/b/A12", 200),
    ("/B/a12", 200),
    ("/ar/b/A12", 200),
    ("/fr/e/{code}", 200),
    ("/fr/e/{code}.vcf", 200),
    ("/zgh/exhibitors?q=miel&kind=&sector=MIEL&province=&zone=&label=", 200),
    ("/fr/map?at=A12", 200),
    ("/fr/programme", 200),
    ("/fr/programme/W01", 200),
    ("/fr/programme/W01.ics", 200),
    ("/fr/mine", 200),
    ("/fr/scan", 200),
    ("/fr/about", 200),
    ("/staff/", 302),
    ("/api/catalogue", 200),
    ("/api/catalogue/changes?since=1", 200),
    ("/api/edits", 401),
    ("/api/openapi.json", 200),
    ("/healthz", 200),
    ("/sw.js", 200),
    ("/fr/manifest.webmanifest", 200),
)
"""The addresses others rely on; what is closed says so."""


def test_every_address_others_rely_on_is_answered(client: FlaskClient) -> None:
    code = client.get(client.get("/api/catalogue").json["snapshot"]).json["exhibitors"][0]["code"]
    answered = [(address, client.get(address.format(code=code)).status_code) for address, _ in ADDRESSES]
    assert answered == list(ADDRESSES)


def test_the_manifest_shows_pictures_that_are_there_and_as_large_as_it_says(client: FlaskClient) -> None:
    for lang in PICTURED:
        shots = client.get(f"/{lang}/manifest.webmanifest").json["screenshots"]
        assert len(shots) == len(SCREENSHOTS)
        for shot in shots:
            with client.get(shot["src"]) as answer:
                assert answer.status_code == 200
            file = ROOT / "static/screenshots" / shot["src"].rpartition("/")[2]
            with Image.open(file) as picture:
                assert f"{picture.width}x{picture.height}" == shot["sizes"]
            assert file.stat().st_size <= 60_000


def test_the_drawing_is_of_the_imports() -> None:
    drawn: set[tuple[str, str]] = set()
    [drawing] = re.findall(r"```mermaid\n(.*?)```", (ROOT / "docs/architecture.md").read_text(), re.DOTALL)
    for left, right in re.findall(r"^ *(\w+) --> ([\w& ]+)$", drawing, re.MULTILINE):
        drawn |= {(left, part.strip()) for part in right.split("&")}
    parts = {part for edge in drawn for part in edge}
    real = {(part_of(path), other) for path in COMPANION.rglob("*.py") for other in imported(path)}
    assert {(one, other) for one, other in real if one != other and {one, other} <= parts} == drawn
    assert {path.name for path in COMPANION.iterdir() if (path / "__init__.py").exists()} <= parts


def test_third_parties_are_named() -> None:
    paper = (ROOT / "THIRD-PARTY.md").read_text()
    locked = re.findall(r"^([a-z0-9-]+)(?:\[\w+\])?==", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    assert [name for name in locked if not re.search(rf"\b{name}\b", paper)] == []
    assert [path for path in ROOT.glob("*/vendor/*.js") if path.relative_to(ROOT).as_posix() not in paper] == []
