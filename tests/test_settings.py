"""Settings: documented, and wrong ones said clearly."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from companion.settings import SETTINGS, WrongSetting, read_settings, secret_key, unknown_settings

ROOT = Path(__file__).parent.parent


def test_the_documentation_is_the_list() -> None:
    rows = re.findall(r"^\| `(COMPANION_\w+)` \| (.*?) \| (.*) \|$", (ROOT / "docs" / "settings.md").read_text(), re.M)
    assert rows == [(s.name, f"`{s.default}`" if s.default else "(empty)", s.meaning) for s in SETTINGS]


def test_every_setting_the_code_or_the_papers_name_exists() -> None:
    papers = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("companion/**/*.py"), ROOT / "Makefile"]
    named = {name for paper in papers for name in re.findall(r"COMPANION_[A-Z_]+[A-Z]", paper.read_text())}
    assert named <= {setting.name for setting in SETTINGS}


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("COMPANION_LANGUAGES", "fr,de", "write some of fr, ar, zgh, en"),
        ("COMPANION_LANGUAGES", " , ", "write some of"),
        ("COMPANION_BASE_URL", "rafiq.example", "https://rafiq.example"),
        ("COMPANION_BASE_URL", "https://rafiq.example/fair", "without a path"),
        ("COMPANION_NODE", "Site 1", "small letters and digits"),
        ("COMPANION_LIMITS_URL", "nothing://", "write memory:// or redis://host:6379"),
        ("COMPANION_RETENTION_DAYS", "-1", "a whole number of days"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_with_what_to_write(name: str, value: str, says: str) -> None:
    with pytest.raises(WrongSetting, match=f"{name}.*{re.escape(says)}"):
        read_settings({name: value})


def test_a_misspelt_name_is_found() -> None:
    assert unknown_settings({"COMPANION_LANGAGES": "fr", "COMPANION_NODE": "x", "PATH": "/"}) == ["COMPANION_LANGAGES"]


def test_settings_are_read_without_their_prefix() -> None:
    settings = read_settings({"COMPANION_LANGUAGES": "ar, zgh", "COMPANION_BASE_URL": "https://rafiq.example/"})
    assert settings["LANGUAGES"] == ("ar", "zgh")
    assert settings["BASE_URL"] == "https://rafiq.example"


def test_the_key_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    key = secret_key(tmp_path)
    assert secret_key(tmp_path) == key
    assert len(key) > 60
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0
