"""The print kit: what papers say, what their codes say, what cannot be printed, and what is not handed out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from unittest.mock import ANY

import pypdfium2
import pytest
import qrcode
import zxingcpp
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.accounts.access import enter_with_card, make_card
from companion.catalogue.index import Catalogue
from companion.extensions import db
from companion.models import Booth, Card, Exhibitor
from companion.printing.cards import AccessCard, access_cards, business_card, business_cards_pdf
from companion.printing.codes import booth_address, exhibitor_address, qr_modules
from companion.printing.font_coverage import drawable, undrawable
from companion.printing.posters import booth_posters, posters
from companion.printing.printed import Reprint, posters_to_reprint, posters_were_printed
from companion.printing.typeset import CONDITIONS, READERS, CodesUnread, Paper, typeset
from companion.sync.edits import Author, Change
from companion.sync.log import write

BASE = "https://rafiq.example"
EDITOR = Author("staff:amina", "editor")
LANGUAGES = ("fr", "ar", "zgh")
HOSTILE = r"""#panic("x") $x$ *b* _i_ `r` <l> @c \u{41} #import "/etc/passwd" // /* = - + ~ ' " [ ] { } ; --"""


@pytest.fixture
def catalogue(app: Flask) -> Catalogue:
    with app.app_context():
        catalogue: Catalogue = app.extensions["shelf"].newest(db.session()).catalogue
    return catalogue


def text_of(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    pages = [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]
    document.close()
    return pages


def codes_of(pdf: bytes, scale: float = 2) -> list[list[str]]:
    document = pypdfium2.PdfDocument(pdf)
    pages = [[found.text for found in zxingcpp.read_barcodes(page.render(scale=scale).to_pil())] for page in document]
    document.close()
    return pages


def a_poster(catalogue: Catalogue, **changes: object) -> Paper:
    [poster] = booth_posters(catalogue, BASE, "A12")
    return typeset(posters(catalogue, [replace(poster, **changes)], "a6"))  # type: ignore[arg-type]


def what(paper: Paper) -> set[tuple[str, str, str]]:
    return {(problem.what, problem.of, problem.field) for problem in paper.problems}


def test_a_poster_says_booth_names_address_and_fair_in_three_scripts(catalogue: Catalogue) -> None:
    [poster] = booth_posters(catalogue, BASE, "a-12")
    paper = typeset(posters(catalogue, [poster], "a5"))
    [text] = text_of(paper.pdf)
    for word in ("A12", poster.names["fr"].split()[0], "rafiq.example/b/A12", "Scannez", "ⵣⵣⵔⵉ ⵉⵏⵉⴳⵍ"):
        assert word in text
    assert codes_of(paper.pdf) == [["HTTPS://RAFIQ.EXAMPLE/B/A12"]]


def test_every_code_is_read_again_by_two_readers_under_four_conditions(catalogue: Catalogue) -> None:
    paper = typeset(posters(catalogue, booth_posters(catalogue, BASE)[:30], "a6"))
    assert (paper.pages, paper.check.codes) == (30, 30)
    assert paper.check.readings == 30 * len(READERS) * len(CONDITIONS)
    assert len(text_of(paper.pdf)) == 30


def test_a_paper_whose_code_says_something_else_is_not_handed_out(catalogue: Catalogue) -> None:
    first, second = booth_posters(catalogue, BASE)[:2]
    copy = posters(catalogue, [first, second], "a6")
    with pytest.raises(CodesUnread) as caught:
        typeset(replace(copy, says=[[first.says], ["HTTPS://RAFIQ.EXAMPLE/B/Z99"]]))
    failures = {(one.page, one.says, one.how) for one in caught.value.check.failures}
    assert failures == {(1, "HTTPS://RAFIQ.EXAMPLE/B/Z99", "printed"), (1, second.says, "unexpected")}


def test_a_code_with_too_little_to_mend_it_with_is_found_out(catalogue: Catalogue) -> None:
    """A code of level L looks fine and reads well, until something of it is torn."""
    [poster] = booth_posters(catalogue, BASE, "A12")
    weak = qrcode.QRCode(version=2, error_correction=qrcode.ERROR_CORRECT_L, border=4)
    weak.add_data(poster.says)
    rows = weak.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {len(rows)} {len(rows)}"><path d="{path}"/></svg>'
    copy = posters(catalogue, [poster], "a6")
    with pytest.raises(CodesUnread) as caught:
        typeset(replace(copy, sheets=[{**copy.sheets[0], "code": svg}]))
    assert {one.how for one in caught.value.check.failures} == {"torn"}


def test_what_the_fonts_cannot_draw_is_reported_with_its_booth(catalogue: Catalogue) -> None:
    paper = a_poster(catalogue, names={"fr": "Coopérative 蜂蜜 🐝 Ait", "ar": "تعاونية"})
    assert what(paper) == {("letters", "A12", "name.fr")}
    assert paper.problems[0].detail == "蜂 蜜 🐝"


def test_the_fair_and_its_words_can_be_drawn(catalogue: Catalogue) -> None:
    assert {ord(letter) for letter in "Aéœ’«»عڭپⵣⵥⵯ0-9"} <= drawable()
    assert undrawable("a\u200f\u00a0\u202f\nb") == []
    texts = [name for one in catalogue.exhibitors for name in one["name"].values()]
    assert [text for text in texts if undrawable(text)] == []


def test_a_long_name_shrinks_and_one_that_is_too_long_is_printed_whole_and_reported(catalogue: Catalogue) -> None:
    long = "Union régionale des coopératives féminines agricoles et artisanales de la montagne du Haut Atlas central"
    assert what(a_poster(catalogue, names={"fr": long})) == set()
    paper = a_poster(catalogue, names={"fr": f"{long} " * 5 + "fin", "ar": "تعاونية"})
    assert what(paper) == {("room", "A12", "name.fr")}
    assert float(paper.problems[0].detail) < 2.5
    [text] = text_of(paper.pdf)
    assert text.count("Haut Atlas") == 5
    assert "fin" in text


def test_hostile_names_are_text(catalogue: Catalogue) -> None:
    [text] = text_of(a_poster(catalogue, names={"fr": HOSTILE, "ar": HOSTILE}).pdf)
    assert '#panic("x") $x$ *b* _i_ `r` <l> @c' in text
    assert 'import "/etc/passwd"' in text


def test_access_cards_carry_secret_booth_and_help(catalogue: Catalogue) -> None:
    cards = [
        AccessCard(f"{BASE}/in#{secret}", booth, "K7M2P", {"fr": "Coopérative Afoulki", "ar": "تعاونية أفولكي"})
        for secret, booth in (("0123456789ABCDEFGHJKMNPQRS", "A12"), ("TVWXYZ0123456789ABCDEFGHJK", ""))
    ]
    paper = typeset(access_cards(cards, LANGUAGES))
    assert codes_of(paper.pdf, 3) == [[card.address] for card in cards]
    first, second = text_of(paper.pdf)
    assert "A12" in first or "12A" in first, "pdfium turns what stands beside Arabic around"
    for word in ("Coopérative Afoulki", "rafiq.example/in", "Se connecter", "ⵙⵜⵢ PIN"):
        assert word in first
    assert "K7M2P" in second
    assert "0123456789ABCDEFGHJKMNPQRS" not in first
    assert paper.problems == []


def test_business_cards_are_ten_a_page_with_the_exhibitors_address(catalogue: Catalogue) -> None:
    exhibitors = catalogue.exhibitors[:2]
    paper = business_cards_pdf([business_card(catalogue, BASE, one) for one in exhibitors])
    assert codes_of(paper.pdf, 4) == [[exhibitor_address(BASE, one["code"])] * 10 for one in exhibitors]
    assert paper.check.readings == 2 * len(READERS) * (10 + len(CONDITIONS) - 1)
    for text, exhibitor in zip(text_of(paper.pdf), exhibitors, strict=True):
        assert text.count(f"rafiq.example/e/{exhibitor['code']}") == 10


def test_apart_there_is_a_file_for_each(catalogue: Catalogue) -> None:
    chosen = booth_posters(catalogue, BASE)[:3]
    paper = typeset(posters(catalogue, chosen, "a6"), apart=True)
    assert [codes_of(sheet) for sheet in paper.sheets] == [[[poster.says]] for poster in chosen]
    assert paper.pdf == b""


@pytest.mark.parametrize(("base", "side"), [("https://rafiq.example", 25), ("https://salon.beni-mellal.example", 29)])
def test_codes_are_capitals_at_version_2_and_level_q_where_the_address_allows(base: str, side: int) -> None:
    address = booth_address(base, "A12")
    assert address == address.upper()
    modules = qr_modules(address)
    assert len(modules) == side
    format_bits = [modules[8][n] for n in (0, 1)]
    assert [bool(bit) ^ mask for bit, mask in zip(format_bits, (True, False), strict=True)] == [True, True], "11 is Q"


def test_a_poster_is_to_be_printed_again_when_what_it_says_has_changed(session: Session) -> None:
    assert posters_to_reprint(session) == []
    posters_were_printed(session, ["A12", "A13"])
    assert {"A12", "A13"}.isdisjoint(reprint.booth for reprint in posters_to_reprint(session))
    assert posters_to_reprint(session)[0] == Reprint("A01", ANY, "")
    posters_were_printed(session, [reprint.booth for reprint in posters_to_reprint(session)])
    booth = session.scalars(select(Booth).where(Booth.code == "A12")).one()
    holder = session.get_one(Exhibitor, booth.exhibitor)
    write(session, [Change("exhibitor", holder.id, {"email": "new@example.org"})], EDITOR)
    assert posters_to_reprint(session) == []
    write(session, [Change("exhibitor", holder.id, {"name.fr": "Autre nom"})], EDITOR)
    [reprint] = posters_to_reprint(session)
    assert (reprint.booth, reprint.names["fr"], reprint.printed[:2]) == ("A12", "Autre nom", "20")
    posters_were_printed(session, ["A12"])
    write(session, [Change("exhibitor", holder.id, {"withdrawn": True})], EDITOR)
    assert [(one.booth, one.names) for one in posters_to_reprint(session)] == [("A12", {})]


def test_cards_for_a_whole_fair_are_handed_out(app: Flask, tmp_path: Path) -> None:
    """Their secrets are drawn by lot: readers that are shown too few sizes miss one of some hundred."""
    app.config["BASE_URL"] = BASE
    done = app.test_cli_runner().invoke(args=["cards", str(tmp_path / "cards.pdf"), "--again"])
    assert done.exit_code == 0, done.output
    assert "320 access cards" in done.output


def test_the_command_prints_cards_for_who_has_none(app: Flask, session: Session, tmp_path: Path) -> None:
    app.config["BASE_URL"] = BASE
    run, out = app.test_cli_runner().invoke, tmp_path / "cards.pdf"
    one = run(args=["cards", str(out), "--exhibitor", "a 12"])
    assert (one.exit_code, one.output.splitlines()[0]) == (0, f"{out}: 1 access cards")
    assert out.stat().st_mode & 0o777 == 0o600
    [[address]] = codes_of(out.read_bytes(), 3)
    secret = address.removeprefix(f"{BASE}/in#")
    assert enter_with_card(session, secret, "phone") is not None
    session.commit()
    assert run(args=["cards", str(out), "--exhibitor", "A12"]).exit_code == 0
    assert enter_with_card(session, secret, "phone") is None
    assert run(args=["cards", str(out), "--exhibitor", "Z99"]).exit_code == 1
    for row in session.scalars(select(Exhibitor).where(Exhibitor.id.not_in(select(Card.exhibitor)))).all()[2:]:
        make_card(session, row.id)
    session.commit()
    assert run(args=["cards", str(out)]).output.splitlines()[0] == f"{out}: 2 access cards"
    assert run(args=["cards", str(out)]).exit_code == 1
