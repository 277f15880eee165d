"""Releases: scripts as bundles that keep what modules mean, one name for one content."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from threading import Thread

import brotli
import pytest
from flask.testing import FlaskClient

from companion import create_app
from companion.offline.build import NOTE
from companion.offline.bundle import Bundle, Unbundled
from companion.offline.release import Release, make_release
from tests.conftest import close

MODULES = {
    "sw.js": 'import { answer } from "./js/answer.js";\nimport { release } from "./js/shell.js";\nanswer(release);\n',
    "js/answer.js": "/** @param {import('./nowhere.js').Nothing} it */\nexport const answer = (it) => it;\n",
    "js/site.js": "import { start as begin } from './store.js';\nbegin();\nimport('./mine.js');\nimport('./about.js');\n"
    "import('./outbox.js');\n",
    "js/outbox.js": "export const send = () => 1;\n",
    **dict.fromkeys(
        ("js/tally.js", "js/request.js", "js/requests.js", "js/card.js", "js/offering.js", "js/direct.js"),
        "export const start = () => 1;\n",
    ),
    "js/store.js": "export function start() {\n  return 'store';\n}\n",
    "js/about.js": "import * as store from './store.js';\nexport const start = () => store.start();\n",
    "js/mine.js": "import { start as open } from './store.js';\nconst own = () => open();\nimport('./outbox.js');\n"
    "export { own as start };\n",
    "js/scan.js": "import { drawCode } from './qrcode.js';\nexport class Scanner {}\n"
    "export const start = () => new Scanner(drawCode);\n",
    "js/area/area.js": "import { start as open } from '../store.js';\nexport const start = () => open();\n",
    "js/floor/floor.js": "export const start = () => 1;\n",
    "js/area/enter.js": "export const start = () => import('../qrcode.js');\n",
    "js/qrcode.js": "export const drawCode = () => 'drawn';\n",
    "js/decode.js": "export const photo = () => '';\n",
    "js/office/office.js": "import { start } from '../store.js';\nstart();\n",
}


@pytest.fixture
def static(tmp_path: Path) -> Path:
    files = MODULES | {
        "css/site.css": "a  {  color : red }\n",
        "fonts/x.woff2": "font",
        "icons/sprite.svg": "<svg></svg>",
        "area.shell": "<link href=RELEASE/css/area.css>",
    }
    for path, text in files.items():
        target = tmp_path / "static" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    return tmp_path / "static"


def made(static: Path, **facts: str) -> Release:
    return make_release(static, {"js/templates.js": "export const render = 1;\n"}, facts, static.parent / "releases")


def test_a_worker_is_one_classic_script(static: Path) -> None:
    script = (made(static).folder / "sw.js").read_text()
    assert script.startswith("(()=>")
    assert "import" not in script
    assert "export" not in script


def test_pages_that_need_codes_share_what_the_others_have(static: Path) -> None:
    release = made(static)
    page, codes = (release.folder / "js" / name for name in ("site.js", "with-qr.js"))
    assert 'import("./with-qr.js")' in page.read_text()
    assert page.read_text().count("'store'") + page.read_text().count('"store"') == 1
    assert "Scanner" in codes.read_text()
    assert 'import("./sending.js")' in codes.read_text()
    assert "send" not in page.read_text().replace("sending.js", "")
    assert 'store"' not in codes.read_text().replace('js/store.js"', "")


def test_only_what_pages_load_is_precached(static: Path) -> None:
    release = made(static)
    script = (release.folder / "sw.js").read_text()
    shell = ["css/site.css", "fonts/x.woff2", "icons/sprite.svg", "js/site.js", "js/with-qr.js"]
    assert [path for path in shell if release.url(path) not in script] == []
    assert release.url("js/store.js") not in script
    assert not (release.folder / "js/store.js").exists()


def test_the_name_is_the_contents(static: Path) -> None:
    first = made(static)
    assert made(static) == first
    assert made(static, base_url="https://other.example").name != first.name
    (static / "css/site.css").write_text("a{color:blue}")
    second = made(static)
    assert second.name != first.name
    assert first.folder.exists(), "pages that are open still need it"


def test_old_releases_go_but_none_of_a_live_process_or_of_the_last_days(static: Path) -> None:
    releases = static.parent / "releases"
    other = (
        "import sys; from pathlib import Path; from companion.offline.release import Release, hold\n"
        "hold(Release('x', Path(sys.argv[1]))); print('held', flush=True); sys.stdin.read()"
    )
    old = releases / "in-use"
    old.mkdir(parents=True)
    words = [sys.executable, "-c", other, str(old)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as living:
        assert living.stdin and living.stdout and living.stdout.readline() == b"held\n"
        (releases / "long-gone").mkdir()
        for name in ("in-use", "long-gone"):
            os.utime(releases / name, (1, 1))
        names = [made(static, base_url=f"https://{n}.example").name for n in range(8)]
        assert {path.name for path in releases.iterdir()} == {"in-use", *names}
        living.stdin.close()
    os.utime(old, (1, 1))
    made(static, base_url="https://last.example")
    assert not old.exists()


def test_files_that_are_gone_are_made_again(static: Path) -> None:
    release = made(static)
    for name in ("sw.js", "css/site.css.br"):
        (release.folder / name).unlink()
    assert made(static) == release
    assert (release.folder / "sw.js").is_file() and (release.folder / "css/site.css.br").is_file()


def test_files_that_go_while_they_are_served_are_made_again_when_asked_for(client: FlaskClient) -> None:
    release: Release = client.application.extensions["release"]
    addresses = {path: "/sw.js" if path == "sw.js" else release.url(path) for path in ("css/site.css", "sw.js")}
    whole = {path: client.get(address, buffered=True).data for path, address in addresses.items()}
    for path, address in addresses.items():
        shutil.rmtree(release.folder)
        answer = client.get(address, buffered=True)
        assert (path, answer.status_code, answer.data == whole[path]) == (path, 200, True)
    (release.folder / "css/site.css.br").unlink()
    answers = []

    def ask() -> None:
        answers.append(
            client.application.test_client().get(
                addresses["css/site.css"], headers={"Accept-Encoding": "br"}, buffered=True
            )
        )

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [brotli.decompress(one.data) == whole["css/site.css"] for one in answers] == [True] * 4


def test_an_earlier_releases_file_that_is_gone_is_a_404(demo_instance: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(demo_instance, tmp_path / "instance"))
    old = folder / "releases/0123456789ab/css"
    old.mkdir(parents=True)
    (old / "site.css").write_text("a{color:red}")
    app = create_app({}, folder)
    assert app.test_client().get("/static/0123456789ab/css/site.css", buffered=True).data == b"a{color:red}"
    (old / "site.css").unlink()
    assert app.test_client().get("/static/0123456789ab/css/site.css", buffered=True).status_code == 404
    close(app)


def test_files_lie_beside_their_compressed_forms(static: Path) -> None:
    style = made(static).folder / "css/site.css"
    assert style.read_text() == "a{color:red}"
    assert brotli.decompress(Path(f"{style}.br").read_bytes()) == style.read_bytes()
    assert gzip.decompress(Path(f"{style}.gz").read_bytes()) == style.read_bytes()


def test_workers_that_start_at_once_make_one_release(static: Path) -> None:
    threads = [Thread(target=made, args=(static,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list((static.parent / "releases").iterdir())) == 1


@pytest.mark.parametrize(
    ("path", "text", "says"),
    [
        ("js/answer.js", "import '../sw.js';", "sw.js imports js/answer.js imports sw.js"),
        ("js/answer.js", "import './gone.js';", "js/answer.js imports js/gone.js, which is not there"),
        ("js/answer.js", "export default 1;", "js/answer.js: 'export default 1;' is not known to bundles"),
        ("js/answer.js", "export const reply = 1;", "sw.js imports answer, which js/answer.js does not export"),
        ("js/answer.js", "export * from './store.js';", "is not known to bundles"),
    ],
)
def test_what_bundles_do_not_know_is_refused(path: str, text: str, says: str) -> None:
    with pytest.raises(Unbundled) as refusal:
        Bundle(MODULES | {"js/shell.js": "export const release = 1;", path: text}, ["sw.js"]).script()
    assert says in str(refusal.value)


def test_a_start_finds_the_release_that_is_made_already(demo_instance: Path, tmp_path: Path) -> None:
    def started(**settings: str) -> Release:
        app = create_app(settings, tmp_path / "instance")
        close(app)
        release: Release = app.extensions["release"]
        assert (release.folder / "sw.js").is_file()
        return release

    shutil.copytree(demo_instance, tmp_path / "instance", symlinks=True)
    note = tmp_path / "instance" / NOTE
    first, written = started(), note.stat().st_mtime_ns
    assert started() == first
    assert note.stat().st_mtime_ns == written
    assert started(COMPANION_BASE_URL="https://rafiq.example") != first
    for harm in ("", "0 0", "a b c"):
        note.write_text(harm)
        assert started() == first
    shutil.rmtree(first.folder)
    assert started() == first


def test_tamazights_letters_come_beside_the_stylesheet_and_not_after_it(client: FlaskClient) -> None:
    def ahead(lang: str) -> list[str]:
        return re.findall(r'<link rel="preload" href="([^"]+)" as="font"', client.get(f"/{lang}/b/A12").text)

    assert (ahead("fr"), ahead("ar")) == ([], [])
    [letters] = ahead("zgh")
    with client.get(letters) as answer:
        assert answer.content_type == "font/woff2"
