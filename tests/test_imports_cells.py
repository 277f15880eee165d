"""What one cell says: every way of writing that lists were seen to use, and properties of the readers."""

from __future__ import annotations

import string
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.catalogue.collation import fold_for_order
from companion.catalogue.communes import communes, find_communes, find_province, provinces
from companion.catalogue.keys import key
from companion.imports import cells, contacts, when
from companion.imports.cells import clean
from companion.imports.problems import PROBLEMS, Unreadable
from companion.imports.truecase import Case
from companion.sync.codes import ALPHABET, code_from, free_code

FIRST, LAST = date(2027, 7, 3), date(2027, 7, 7)
ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def day(cell: Any) -> str:
    return when.day(cell, FIRST, LAST).isoformat()


@pytest.mark.parametrize(
    ("reader", "cell", "value"),
    [
        (cells.count, 12.0, 12), (cells.count, " ١٩ ", 19), (cells.count, "49 adhérents", 49),
        (cells.count, "1 200", 1200), (cells.count, "1.200", 1200),
        (cells.metres, "5,5", 5.5), (cells.metres, "2 m", 2.0), (cells.metres, 0.5, 0.5), (cells.metres, "-3", -3.0),
        (cells.year, 2011.0, 2011), (cells.year, "٢٠١١", 2011), (cells.year, "depuis 2004", 2004),
        (cells.year, date(2016, 3, 12), 2016), (cells.year, "12/03/2016", 2016),
        (cells.price, 218.0, 21800), (cells.price, "19 DH", 1900), (cells.price, "65,00", 6500),
        (cells.price, "٦٠ درهم", 6000), (cells.price, "1 250,50 dhs", 125050), (cells.price, "1.250", 125000),
        (cells.price, "Gratuit", 0), (cells.price, "مجاني", 0), (cells.price, "sur devis", None),
        (cells.price, "3,5 د.م.", 350),
        (cells.boolean, "OUI ", True), (cells.boolean, "نعم", True), (cells.boolean, "X", True),
        (cells.boolean, True, True), (cells.boolean, "✓", True), (cells.boolean, 0.0, False),
        (cells.boolean, "لا", False), (cells.boolean, "Rupture", False),
        (when.time_of_day, "11h30", "11:30"), (when.time_of_day, "9 h", "09:00"),
        (when.time_of_day, "١٠:٣٠", "10:30"), (when.time_of_day, "10:30:00", "10:30"),
        (when.time_of_day, 0.4375, "10:30"),
        (day, date(2027, 7, 4), "2027-07-04"), (day, "04/07/2027", "2027-07-04"), (day, "2027-07-04", "2027-07-04"),
        (day, "4 juillet", "2027-07-04"), (day, "٤ يوليوز", "2027-07-04"),
        (day, "dimanche 4 juillet 2027", "2027-07-04"),
        (when.time_of_day, 9.0, "09:00"), (when.time_of_day, "2:30 PM", "14:30"), (when.time_of_day, "12:00 AM", "00:00"),
        (when.time_of_day, "9:30 ص", "09:30"), (when.time_of_day, "التاسعة والنصف صباحًا", "09:30"),
        (when.time_of_day, "3h de l'après-midi", "15:00"), (when.time_of_day, "0,395833333", "09:30"),
        (when.times_of_day, "14h30 à 16h00", (None, ["14:30", "16:00"])),
        (when.times_of_day, "من 10:00 إلى 11:00", (None, ["10:00", "11:00"])),
        (when.times_of_day, "2-4 pm", (None, ["14:00", "16:00"])),
        (when.times_of_day, datetime(2027, 7, 3, 9, 29, 59), (date(2027, 7, 3), ["09:30"])),  # noqa: DTZ001
        (day, "2027-07-04T10:05", "2027-07-04"), (day, "dimanche 4 juillet 2027 à 10h05", "2027-07-04"),
        (day, "4 juillet 2027 - 10:05", "2027-07-04"), (day, "04/07 10:05", "2027-07-04"),
        (day, "03/07/2027 09:30", "2027-07-03"), (day, "mar. 6 juillet 2027", "2027-07-06"),
        (day, "4-juil-27", "2027-07-04"), (day, "July 4, 2027", "2027-07-04"), (day, "46572", "2027-07-04"),
        (day, "السبت 3 يوليوز 2027 على الساعة 10:30", "2027-07-03"), (day, "20270704", "2027-07-04"),
        (day, "ⵢⵓⵍⵢⵓⵣ 4", "2027-07-04"), (day, "46571.395833", "2027-07-03"),
        (day, "4.7.27", "2027-07-04"), (day, 46572.0, "2027-07-04"),
        (contacts.phones, "06.00.00.00.01", ["+212600000001"]),
        (contacts.phones, "+212(0)600000006", ["+212600000006"]),
        (contacts.phones, 600000005.0, ["+212600000005"]),
        (contacts.phones, 212600000005.0, ["+212600000005"]),
        (contacts.phones, "00212523000015", ["+212523000015"]),
        (contacts.phones, "٠٦٠٠٠٠٠٠١١, +212 5 23 00 00 11", ["+212600000011", "+212523000011"]),
        (contacts.phones, "06-00-00-00-22 - 05 23 00 00 22", ["+212600000022", "+212523000022"]),
        (contacts.phones, "Tél : 06 00 00 00 01 / GSM 06 00 00 00 02", ["+212600000001", "+212600000002"]),
        (contacts.phones, "+33 6 12 34 56 78", ["+33612345678"]),
        (contacts.email, "CONTACT @ COOP.EXAMPLE", "contact@coop.example"),
        (contacts.email, "a@b.example ; c@d.example", "a@b.example"),
        (contacts.website, "coop.example", "https://coop.example"),
        (contacts.website, "http://coop.example/fr", "http://coop.example/fr"),
        (contacts.languages, "العربية، Amazigh / FR", ["ar", "zgh", "fr"]),
        (contacts.payment, "Espèces, TPE", ["cash", "card"]),
        (contacts.booth_codes, "d-08", ["D08"]), (contacts.booth_codes, "Stand E 43", ["E43"]),
        (contacts.booth_codes, "A٥٤", ["A54"]), (contacts.booth_codes, "A14, A15", ["A14", "A15"]),
        (contacts.booth_codes, "C27-C29", ["C27", "C28", "C29"]),
        (contacts.booth_codes, "B26 et B27", ["B26", "B27"]),
    ],
)  # fmt: skip
def test_is_read(reader: Callable[[Any], Any], cell: Any, value: Any) -> None:
    assert reader(cell) == value


@pytest.mark.parametrize(
    ("reader", "cell", "problem"),
    [
        (cells.count, "abc", "invalid_number"), (cells.count, "10 à 15", "invalid_number"),
        (cells.count, -5.0, "negative_number"), (cells.count, 2.5, "invalid_number"),
        (cells.count, float("inf"), "invalid_number"), (cells.metres, "près de la scène", "invalid_number"),
        (cells.metres, 1e9, "invalid_number"),
        (cells.year, "12 mars deux mille seize", "invalid_year"), (cells.year, "2015/2016", "invalid_year"),
        (cells.price, "cher", "invalid_price"), (cells.price, -20.0, "negative_number"),
        (cells.price, "20 à 30 DH", "invalid_price"), (cells.boolean, "peut-être", "unknown_boolean"),
        (when.time_of_day, "25:99", "invalid_time"), (when.time_of_day, "midi", "invalid_time"),
        (when.time_of_day, "09:30:15", "invalid_time"), (when.time_of_day, "2", "ambiguous_time"),
        (when.time_of_day, "14h30 (salle 2)", "invalid_time"), (when.time_of_day, "26:00", "invalid_time"),
        (day, "3-4 juillet", "invalid_date"), (day, "du 3 au 5 juillet", "invalid_date"),
        (day, "03/07/2027 ou 04/07/2027", "invalid_date"), (day, "mardi 3 juillet 2027", "weekday_disagrees"),
        (day, "2027-07-02T23:00:00.000Z", "date_with_zone"), (day, "07/13/2027", "invalid_date"),
        (day, "le premier lundi", "invalid_date"), (day, "31/02/2027", "invalid_date"),
        (contacts.phones, "06 12", "invalid_phone"), (contacts.phones, "O6 OO OO OO 12", "invalid_phone"),
        (contacts.phones, "06 12 34 56 7O", "invalid_phone"), (contacts.phones, "2,12612E+11", "scientific_phone"),
        (contacts.phones, "0612345678/79", "phone_remainder"), (contacts.phones, "061234567", "invalid_phone"),
        (contacts.phones, "0612345678 (9h-17h)", "phone_remainder"), (contacts.phones, "Fatima", "invalid_phone"),
        (contacts.phones, "0612345678 / 05 22 33", "invalid_phone"),
        (contacts.phones, "+49 30 123456 / 12", "phone_remainder"),
        (contacts.phones, "0600COOP01", "invalid_phone"), (contacts.phones, "0123456789012345", "invalid_phone"),
        (contacts.email, "contact(at)coop.example", "invalid_email"),
        (contacts.email, "contact@@coop.example", "invalid_email"),
        (contacts.website, "javascript:alert(1)", "unsafe_url"), (contacts.website, "data:text/html,x", "unsafe_url"),
        (contacts.website, "notre page", "invalid_url"), (contacts.website, "https://a@evil.example", "invalid_url"),
        (contacts.languages, "Arabe, Klingon", "unknown_language"),
        (contacts.booth_codes, "près de l'entrée", "unknown_booth"),
    ],
)  # fmt: skip
def test_is_refused(reader: Callable[[Any], Any], cell: Any, problem: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        reader(cell)
    assert refusal.value.problem == problem
    assert problem in PROBLEMS


TWO = ["+212612345678", "+212522334455"]


@pytest.mark.parametrize("cell", [
    "0612345678 0522334455", "0612345678-0522334455", "06.12.34.56.78 ::: 05.22.33.44.55",
    "06 12 34 56 78 05 22 33 44 55", "0612345678+0522334455", "+212612345678 +212522334455",
    "0612345678 & 0522334455", "0612345678 – 0522334455", "0612345678—0522334455", "0612345678\\0522334455",
    "0612345678 \n0522334455", "0612345678 puis 0522334455", "GSM:0612345678 Fixe:0522334455",
    "0612345678 (GSM) / 0522334455 (fixe)", "06123456780522334455", "612345678/522334455",
    "06-12-34-56-78-05-22-33-44-55", "06/12/34/56/78 05/22/33/44/55", "06_12_34_56_78 ; 00212(0)522334455",
    "06\u00a012\u202f34 56 78 ou Fatima : 05 22 33 44 55", "فاطمة ٠٦١٢٣٤٥٦٧٨ / الثابت: ٠٥٢٢٣٣٤٤٥٥",
    "0612345678 و 0522334455", "6.12345678E+8 / 522334455.0",
])  # fmt: skip
def test_two_telephones_in_one_cell(cell: str) -> None:
    assert contacts.phones(cell) == TWO


@pytest.mark.parametrize("cell", [
    "0612345678 (WhatsApp)", "0612345678 (Fatima)", "Fatima 0612345678", "wtsp 0612345678", "06 12 34 56 78 ✆",
    "612345678.0", "06_12_34_56_78", "ⵜⵉⵍⵉⴼⵓⵏ 0612345678", "(واتساب) ٠٦١٢٣٤٥٦٧٨", "06/12/34/56/78", "2.12612345678E+11",
])  # fmt: skip
def test_a_telephone_with_a_remark_or_damaged_by_a_spreadsheet(cell: str) -> None:
    assert contacts.phones(cell) == TWO[:1]


def test_one_bad_number_does_not_lose_the_good_one() -> None:
    with pytest.raises(Unreadable) as refusal:
        contacts.phones("06 00 00 00 01 / 06 12")
    assert refusal.value.value == ["+212600000001"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("=HYPERLINK(1)", "formula_injection"), ("+SUM(1+1)*cmd", "formula_injection"),
        ("-2+3+cmd|calc", "formula_injection"), ("@SUM(1)", "formula_injection"),
        ("Savon <b>beldi</b>", "html_in_text"), ("< img src=x", None), ("<script>", "html_in_text"),
        ("- miel (thym), amandes", None), ("+ de 20 ans (1998)", None), ("lait à 3 % < 5 %", None),
        ("a" * 101, "text_too_long"),
        ("Coop\u202eérative", "control_or_bidi_characters"), ("Coop\u200férative", None), ("می\u200cخواهم", None),
    ],
)  # fmt: skip
def test_texts_are_kept_or_refused_but_never_altered_in_meaning(text: str, problem: str | None) -> None:
    found = None
    try:
        kept = cells.text(text, 100)
    except Unreadable as error:
        found, kept = error.problem, error.value
    assert found == problem
    if kept:
        assert key(kept) == key("".join(c for c in text if c.isprintable()))


@given(st.integers(500_000_000, 899_999_999), st.data())
def test_a_moroccan_number_is_read_however_it_is_written(national: int, data: st.DataObject) -> None:
    digits = str(national)
    pairs = [digits[0], *(digits[at : at + 2] for at in range(1, 9, 2))]
    prefix = data.draw(st.sampled_from(["0", "+212", "+212 ", "00212", "+212(0)"]))
    written = prefix + data.draw(st.sampled_from(["", " ", ".", "-"])).join(pairs)
    if data.draw(st.booleans()):
        written = written.translate(ARABIC_DIGITS)
    assert contacts.phones(f"{written} ") == [f"+212{digits}"]


@given(st.integers(0, 10**7), st.sampled_from(["{} DH", "{}", "{} درهم", " {} dhs "]), st.booleans(), st.booleans())
def test_a_price_is_read_however_it_is_written(centimes: int, form: str, comma: bool, arabic: bool) -> None:
    amount = f"{centimes // 100}.{centimes % 100:02d}"
    written = form.format(amount.replace(".", ",") if comma else amount)
    assert cells.price(written.translate(ARABIC_DIGITS) if arabic else written) == centimes


@given(st.dates(date(2027, 1, 1), date(2027, 12, 31)))
def test_a_date_is_read_however_it_is_written(one: date) -> None:
    months = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()  # noqa: SIM905
    year = date(2027, 1, 1), date(2027, 12, 31)
    serial = float((one - when.EXCEL_EPOCH) // timedelta(days=1))
    forms = [f"{one:%d/%m/%Y}", f"{one:%d/%m/%Y}".translate(ARABIC_DIGITS), f"{one.day} {months[one.month - 1]}",
             f"{one.day} {months[one.month - 1].upper()} 2027", one.isoformat(), serial]  # fmt: skip
    assert [when.day(form, *year) for form in forms] == [one] * len(forms)


@given(st.text() | st.floats() | st.booleans() | st.dates())
def test_no_cell_can_make_a_reader_fail_otherwise(cell: Any) -> None:
    readers: list[Callable[[Any], Any]] = [
        cells.count, cells.metres, cells.year, cells.price, cells.boolean, when.time_of_day, day, contacts.phones,
        contacts.email, contacts.website, contacts.languages, contacts.payment, contacts.booth_codes,
        lambda cell: cells.text(cell, 300), lambda cell: contacts.words("label", cell),
    ]  # fmt: skip
    for reader in readers:
        if not cells.is_empty(cell):
            with suppress(Unreadable):
                reader(cell)


@pytest.mark.parametrize("province", provinces())
def test_provinces_and_communes_are_found_by_all_their_names(province: str) -> None:
    for name in provinces()[province].values():
        assert [find_province(form) for form in (name, name.upper(), f"Province de {name}")] == [province] * 3
    for commune in communes().values():
        for name in commune.names.values():
            assert commune in find_communes(name.upper())


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Fkih Ben Salah", "fquih-ben-salah"),
        ("BENI-MELLAL", "beni-mellal"),
        ("إقليم أزيلال", "azilal"),
        ("Marrakech", None),
    ],
)
def test_spellings_of_provinces(written: str, code: str | None) -> None:
    assert find_province(written) == code


def test_communes_as_lists_write_them() -> None:
    written = ["Commune d'Azilal", "commune de Bradia", "AÏT M'HAMED", "جماعة أفورار", "Tizi N’Isly"]
    assert [[one.names["fr"] for one in find_communes(name)] for name in written] == [
        ["Azilal"], ["Bradia"], ["Ait M'hamed"], ["Afourar"], ["Tizi N'isly"],
    ]  # fmt: skip


def test_shouted_names_are_written_as_the_list_writes_them() -> None:
    written = ["COOPÉRATIVE APICOLE ARRABIE", "GIE IDGEL – APICULTURE", "AGHBALOU TERROIR", "MAISON DU TERROIR",
               "COOPÉRATIVE D'AIT TAGUELLA", "ONSSA", "Coopérative Tawiza"]  # fmt: skip
    case = Case(
        ["Coopérative apicole Tiziri", "GIE Tamount – Plantes", "Igr Terroir", "Coopérative d'Ait Oumdis"],
        ["Le pôle présente les produits du terroir."],
        written,
    )
    assert [case.calm(name) for name in written] == [
        "Coopérative apicole Arrabie", "GIE Idgel – Apiculture", "Aghbalou Terroir", "Maison du terroir",
        "Coopérative d'Ait Taguella", "ONSSA", "Coopérative Tawiza",
    ]  # fmt: skip


PLACES = ["Souk Sebt Ouled Nemma", "Béni Mellal", "Fquih Ben Salah", "Dar Ould Zidouh", "Ouled M'barek", "Ait Attab"]


def test_names_of_places_keep_their_capitals() -> None:
    written = ["COOPÉRATIVE SOUK SEBT", "COOPÉRATIVE DE FKIH BEN SALAH", "UNION BÉNI MELLAL", "COOPÉRATIVE D'OULAD M'BAREK",
               "COOPÉRATIVE DAR OULAD ZIDOUH", "COOPÉRATIVE AÏT BRAHIM", "COOPÉRATIVE DU SOUK"]  # fmt: skip
    prose = ["Vente au souk de la dar, le miel d'une coopérative; ben oui, l'union du sebt."]
    case = Case([], prose, written, PLACES)
    assert [case.calm(name) for name in written] == [
        "Coopérative Souk Sebt", "Coopérative de Fkih Ben Salah", "Union Béni Mellal", "Coopérative d'Oulad M'Barek",
        "Coopérative Dar Oulad Zidouh", "Coopérative Aït Brahim", "Coopérative du souk",
    ]  # fmt: skip


def test_moroccan_letters_are_ordered_with_the_one_written_instead() -> None:
    assert len({fold_for_order(name) for name in ("أكادير", "أڭادير", "أݣادير", "اگادير")}) == 1
    assert fold_for_order("چيشاوة") == fold_for_order("شيشاوة")


def test_presentation_forms_become_ordinary_letters() -> None:
    assert clean("\ufe97\ufecc\ufe8e\ufeed\ufee7\ufef4\ufe94 \ufefb ½ m²") == "تعاونية لا ½ m²"


def test_codes_can_be_read_aloud_and_are_longer_when_taken() -> None:
    assert set(string.digits + string.ascii_uppercase) - set(ALPHABET) == set("ILOU")
    first = free_code("record", set())
    assert len(first) == 5
    assert set(first) <= set(ALPHABET)
    second = free_code("record", {first})
    assert second == code_from("record", 6)
    assert len(free_code("record", {first, second})) == 6
