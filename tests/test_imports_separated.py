"""Lists saved as text: every encoding and separator offices use is found out, or chosen."""

from __future__ import annotations

from pathlib import Path

import pytest

from companion.imports.problems import Refused
from companion.imports.separated import DELIMITERS, delimiter_of, encoding_of, read_separated

FRENCH = [["N°", "Nom de la coopérative", "Téléphone"], ["1", "COOPÉRATIVE L'Été ; à côté", "06 12 34 56 78"],
          ["2", "Naïma, fille\nde Khénifra", ""]]  # fmt: skip
ARABIC = [["الرقم", "اسم التعاونية", "الهاتف"], ["1", "تعاونية الأمل", "0612345678"], ["2", "زيت | الزيتون", "-"]]


def written(rows: list[list[str]], delimiter: str) -> str:
    def cell(text: str) -> str:
        return f'"{text}"' if any(mark in text for mark in (*DELIMITERS, "\n")) else text

    return "\r\n".join(delimiter.join(cell(text) for text in row) for row in rows) + "\r\n"


@pytest.mark.parametrize("delimiter", DELIMITERS)
@pytest.mark.parametrize(
    ("rows", "encoding", "found"),
    [
        (FRENCH, "utf-8", "utf-8"), (FRENCH, "utf-8-sig", "utf-8"), (FRENCH, "utf-16", "utf-16"),
        (FRENCH, "utf-16-le", "utf-16"), (FRENCH, "utf-16-be", "utf-16"), (FRENCH, "cp1252", "cp1252"),
        (ARABIC, "utf-8", "utf-8"), (ARABIC, "utf-16", "utf-16"), (ARABIC, "cp1256", "cp1256"),
    ],
)  # fmt: skip
def test_it_is_found_out(tmp_path: Path, rows: list[list[str]], encoding: str, found: str, delimiter: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(written(rows, delimiter).encode(encoding))
    sheet, *form = read_separated(path)
    assert form == [found, delimiter]
    assert sheet.rows == [[cell or None for cell in row] for row in rows]


def test_a_choice_counts_more_than_what_is_found_out(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"Nom;Ville,Province\n")
    sheet, encoding, delimiter = read_separated(path, "cp1252", ",")
    assert (sheet.rows, encoding, delimiter) == ([["Nom;Ville", "Province"]], "cp1252", ",")


def test_excels_own_first_line_is_none_of_the_list(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("sep=;\nNom;Type\nAmal;coop\n")
    assert read_separated(path)[0].rows == [["Nom", "Type"], ["Amal", "coop"]]


def test_few_words_are_enough() -> None:
    assert encoding_of("Nom\nCOOPÉRATIVE\nÉTÉ".encode("cp1252")) == "cp1252"
    assert encoding_of("الاسم".encode("cp1256")) == "cp1256"
    assert encoding_of(b"Nom\nAmal") == "utf-8"
    assert delimiter_of("Nom") == ";"


@pytest.mark.parametrize(
    ("content", "encoding", "problem"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 9, "", "not_text"),
        (b"PK\x03\x04" + bytes(100), "", "not_text"),
        ("Coopérative".encode("cp1252"), "utf-8", "wrong_encoding"),
        (b"Nom", "rot13", "not_text"),
        (b"Nom\n" * 60_000, "", "too_many_cells"),
        (b";" * 2_000, "", "too_many_cells"),
        (b";" * 400 + b"\n" * 40_000, "", "too_many_cells"),
    ],
)
def test_what_is_no_list_is_refused(tmp_path: Path, content: bytes, encoding: str, problem: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    with pytest.raises(Refused) as refusal:
        read_separated(path, encoding)
    assert refusal.value.finding.problem == problem
