"""docs/add-a-language.md holds: English becomes a fourth language by a setting and one catalogue, and no line of code."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

from companion.languages import LANGUAGES

ROOT = Path(__file__).parent.parent
CATALOGUE = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Favourites"
msgstr "My pocket"
"""
VISIT = """
import json, os, sys
from pathlib import Path
from companion import create_app
app = create_app({"COMPANION_LANGUAGES": "fr,ar,zgh,en"}, Path(sys.argv[1]))
app.test_cli_runner().invoke(args=["prepare"])
client = app.test_client()
pages = {path: client.get(path).get_data(as_text=True) for path in ("/en/", "/en/b/E43", "/fr/")}
worker = client.get("/sw.js").get_data(as_text=True)
print(json.dumps({"pages": pages, "worker": "My pocket" in worker, "bare": client.get("/xx/").status_code}))
"""


def test_english_comes_by_a_setting_and_a_catalogue(tmp_path: Path) -> None:
    """Pages of the server and of the phone speak it, what it lacks is its id, and the others offer it."""
    for name in ("companion", "translations"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("static", "templates", "examples", "migrations"):
        (tmp_path / name).symlink_to(ROOT / name)
    folder = tmp_path / "translations/en/LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text(CATALOGUE)
    words = [sys.executable, "-c", VISIT, str(tmp_path / "instance")]
    said = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    found = json.loads(said.stdout.splitlines()[-1])
    home = found["pages"]["/en/"]
    assert '<html lang="en" dir="ltr"' in home
    assert "My pocket" in home, "the catalogue's words"
    assert "Exhibitors" in home, "ids where it has none"
    assert 'data-exhibitor="' in found["pages"]["/en/b/E43"]
    assert 'hreflang="en"' in found["pages"]["/fr/"]
    assert (found["worker"], found["bare"]) == (True, 404)


def test_languages_are_listed_once() -> None:
    """Other modules ask `companion.languages`; the phone's twin has the same names."""
    codes = re.compile(r"""["']fr["'], ["']ar["'], ["']zgh["'], ["']en["']""")
    listing = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "companion").rglob("*.py")
        if codes.search(path.read_text("utf-8")) and path.name not in ("languages.py", "fair.py")
    ]
    assert listing == []
    [names] = re.findall(r"NATIVE = \{(.*)\}", (ROOT / "static/js/format.js").read_text("utf-8"))
    assert dict(re.findall(r"(\w+): '([^']+)'", names)) == {code: one.name for code, one in LANGUAGES.items()}
