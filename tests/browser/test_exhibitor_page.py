"""My page: what an exhibitor changes on it with no network, and how it is taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.models import Exhibitor, Photo, Product
from companion.sync.held import decline, held
from tests.browser.conftest import Server, database
from tests.browser.exhibitors import card_of, come_in, delivered, go, press, standing, unsent, wait_until
from tests.photos import jpeg

pytestmark = pytest.mark.browser

BOOTH = "A18"


def in_order(session: Session, own: Exhibitor) -> list[Product]:
    session.rollback()
    query = select(Product).where(Product.exhibitor == own.id, ~Product.deleted)
    return list(session.scalars(query.order_by(Product.position, Product.id)))


def names_on(page: Page) -> list[str | None]:
    return [row.get_attribute("data-product") for row in page.locator("[data-product]").all()]


def test_products_labels_texts_and_undo_without_a_network(
    area_server: Server, open_phone: Callable[..., BrowserContext], records: Session
) -> None:
    """In Arabic, with the server stopped from the sign-in to the evening."""
    own = standing(records, BOOTH)
    before = [product.id for product in in_order(records, own)]
    page = open_phone(locale="ar-MA").pages[0]
    come_in(page, area_server, card_of(records, BOOTH))
    area_server.network.set("off")

    go(page, area_server, "page")
    expect(page.locator(f'[data-product="{before[0]}"] [data-do="move"]')).to_be_disabled()
    press(page, f'[data-product="{before[2]}"] [data-do="move"]')
    page.wait_for_function("id => document.querySelectorAll('[data-product]')[1].dataset.product === id", arg=before[2])
    press(page, f'[data-product="{before[2]}"] [data-do="move"]')
    page.wait_for_function("id => document.querySelector('[data-product]').dataset.product === id", arg=before[2])
    assert names_on(page) == [before[2], before[0], before[1], *before[3:]]
    sold = page.locator(f'[data-product="{before[1]}"]')
    was = sold.locator('[data-do="sold"]').get_attribute("aria-pressed") == "true"
    press(page, f'[data-product="{before[1]}"] [data-do="sold"]')
    expect(sold.locator('[data-do="sold"]')).to_have_attribute("aria-pressed", "false" if was else "true")
    expect(sold.locator('[data-do="sold"]')).to_contain_text("متوفر" if was else "نفد اليوم")

    go(page, area_server, "edit/labels")
    boxes = page.locator("[name=label]")
    for box in boxes.all():
        box.uncheck()
    label = boxes.nth(1).get_attribute("value")
    boxes.nth(1).check()
    page.check("[name=payment][value=mobile]")
    page.set_checked("[name=delivery]", True)
    press(page, ".sheet .strong")
    page.wait_for_url("**/exhibitor/page")
    expect(page.locator("#area article .chips .chip")).to_have_count(1)

    go(page, area_server, "edit/about")
    french = page.input_value("[name=text-fr]")
    page.fill("[name=text-fr]", "قصير")
    press(page, ".sheet .strong")
    page.wait_for_url("**/exhibitor/page")
    go(page, area_server, "edit/about")
    hint = page.locator("[data-lang-field]", has=page.locator("[name=text-fr]")).locator(".hint")
    expect(hint).to_contain_text("150")
    assert page.locator('[data-do="copy"][data-to="ar"]').count() == (0 if page.input_value("[name=text-ar]") else 1)

    go(page, area_server, "history")
    expect(page.locator("[data-edit]", has_text="الأداء بالهاتف")).not_to_have_count(0)
    assert "mobile" not in page.inner_text("#area")
    edit = page.locator("[data-edit]", has_text="قصير")
    expect(edit).to_have_count(1)
    edit.locator('[data-do="undo"]').evaluate("element => element.scrollIntoView({ block: 'center' })")
    edit.locator('[data-do="undo"]').click()
    expect(edit).to_have_count(2)  # the change, and what takes it back
    go(page, area_server, "edit/about")
    assert page.input_value("[name=text-fr]") == french

    assert {item["as"] for item in unsent(page)} == {f"exhibitor:{own.code}"}
    area_server.network.calm()
    delivered(page, area_server)
    now = in_order(records, own)
    assert [product.id for product in now] == [before[2], before[0], before[1], *before[3:]]
    assert now[2].available is was
    records.rollback()
    assert (own.labels, "mobile" in own.payment, own.delivery) == ([label], True, True)
    assert own.about.get("fr", "") == french


def what_is_under_a_finger_stays_there(page: Page, server: Server, button: str) -> None:
    """News comes from another tab while a finger is down: it is drawn when the finger is gone."""
    other = page.context.new_page()
    go(other, server, "page")
    before = page.get_attribute(button, "aria-pressed") or ""
    page.mouse.move(100, 100)
    page.mouse.down()
    press(other, button)
    expect(other.locator(button)).not_to_have_attribute("aria-pressed", before)
    page.wait_for_timeout(500)
    assert page.get_attribute(button, "aria-pressed") == before
    page.mouse.up()
    expect(page.locator(button)).not_to_have_attribute("aria-pressed", before)
    press(other, button)
    expect(page.locator(button)).to_have_attribute("aria-pressed", before)
    other.close()


def test_a_product_is_copied_from_french_taken_out_and_brought_back(
    area_server: Server, page: Page, records: Session
) -> None:
    own = standing(records, BOOTH)
    come_in(page, area_server, card_of(records, BOOTH))
    area_server.network.set("off")
    go(page, area_server, "product/new")
    page.fill("[name=text-fr]", "Huile d'argan")
    page.fill("[name=text-ar]", "زيت أركان")
    page.click('[data-do="copy"][data-to="zgh"]')
    page.click('[data-do="copy"][data-to="ar"]')  # nothing that was written is lost
    assert [page.input_value(f"[name=text-{code}]") for code in ("ar", "zgh")] == ["زيت أركان", "Huile d'argan"]
    page.fill("[name=price]", "beaucoup")
    press(page, ".sheet .strong")
    page.wait_for_selector('[data-slot="toast"] [data-say="wrong-price"]')
    page.fill("[name=price]", "٩٠")
    press(page, ".sheet .strong")
    page.wait_for_selector("[data-product] >> text=90")
    added = page.locator("[data-product]", has_text="Huile d'argan").get_attribute("data-product")
    go(page, area_server, f"product/{added}")
    press(page, '[data-do="ask_remove"]')
    page.click('#remove [data-do="remove"]')
    page.wait_for_url("**/exhibitor/page#products")
    expect(page.locator(f'[data-product="{added}"]')).to_have_count(0)
    go(page, area_server, "history")
    before = len(unsent(page))
    page.locator("[data-edit] [data-do=undo]").first.click()
    wait_until(lambda: len(unsent(page)) > before)
    go(page, area_server, "page")
    expect(page.locator(f'[data-product="{added}"]')).to_have_count(1)
    what_is_under_a_finger_stays_there(page, area_server, f'[data-product="{added}"] [data-do="sold"]')
    area_server.network.calm()
    delivered(page, area_server)
    [product] = [one for one in in_order(records, own) if one.id == added]
    assert (product.name["ar"], product.price, product.available) == ("زيت أركان", 9000, True)


SLOW_READ = """() => {
  const { getAll } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.getAll = function (...question) {
    const request = getAll.apply(this, question);
    if (this.name !== 'history') return request;
    IDBObjectStore.prototype.getAll = getAll;
    const listen = request.addEventListener.bind(request);
    request.addEventListener = (type, heard) => listen(type, (event) => setTimeout(() => {
      heard(event);
      setTimeout(() => { window.slow = 'over'; }, 500);
    }, 2500));
    return request;
  };
  window.seen = [];
  new MutationObserver(() => window.seen.push(document.querySelectorAll('[data-photo]').length))
    .observe(document.querySelector('#area'), { childList: true });
  new BroadcastChannel('outbox').postMessage('changed');
}"""
"""The page begins to draw itself, and the phone's storage takes its time to answer."""


def test_photos_are_put_in_order_and_taken_out_without_a_network(
    area_server: Server, page: Page, records: Session
) -> None:
    own = standing(records, "A28").id
    come_in(page, area_server, card_of(records, "A28"))
    go(page, area_server, "photos")
    page.set_input_files('[data-do="add"] >> nth=1', {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": b"<svg/>"})
    page.wait_for_selector('[data-slot="toast"] [data-say="no-picture"]')
    files = [{"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": jpeg(300 + n, 200)} for n in range(3)]
    page.set_input_files('[data-do="add"] >> nth=1', files)  # type: ignore[arg-type]
    expect(page.locator("[data-photo]")).to_have_count(3)
    first, second, third = (one.get_attribute("data-photo") for one in page.locator("[data-photo]").all())
    area_server.network.set("off")
    press(page, f'[data-photo="{third}"] [data-do="first"]')
    page.wait_for_function("id => document.querySelector('[data-photo]').dataset.photo === id", arg=third)
    page.evaluate(SLOW_READ)
    press(page, f'[data-photo="{first}"] [data-do="remove"]')
    expect(page.locator("[data-photo]")).to_have_count(2)
    page.wait_for_function("() => window.slow === 'over'")
    seen = page.evaluate("window.seen")
    assert seen == sorted(seen, reverse=True), "a drawing begun before the removal came after it"
    area_server.network.calm()
    delivered(page, area_server)
    records.rollback()
    query = select(Photo.id).where(Photo.exhibitor == own, ~Photo.deleted).order_by(Photo.position)
    assert records.scalars(query).all() == [third, second]


def test_where_the_office_looks_first_the_exhibitor_sees_what_waits_and_what_was_declined(
    own_server: Server, page: Page
) -> None:
    own_server.stop()
    own_server.start(COMPANION_EXHIBITOR_CHANGES="after-look")
    with database(own_server) as records:
        come_in(page, own_server, card_of(records, BOOTH))
        go(page, own_server, "edit/about")
        page.fill("[name=text-fr]", "Un texte que le bureau regarde.")
        press(page, ".sheet .strong")
        page.wait_for_selector("text=À ce salon, le bureau regarde")
        expect(page.locator(".flag", has_text="Le bureau regarde d'abord")).to_have_count(1)
        delivered(page, own_server)
        go(page, own_server, "page")
        expect(page.locator(".flag", has_text="Le bureau regarde d'abord")).to_have_count(1)
        records.rollback()
        [waiting] = held(records)
        records.rollback()
        decline(records, waiting.id)
        records.commit()
        go(page, own_server, "page")
        page.wait_for_selector('.notice a[href="/exhibitor/history"]')
        page.click('.notice a[href="/exhibitor/history"]')
        page.wait_for_selector("text=Un texte que le bureau regarde.")
