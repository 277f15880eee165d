"""What only some phones have: a code reader of their own, a torch, a share sheet, an offer to install.

Browsers here have them not at all or not in every test, so each is stood in for by what its specification promises;
what is tested is our side.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import pictures
from tests.browser.conftest import Server

pytestmark = pytest.mark.browser

Phones = Callable[..., BrowserContext]

READER = """
let frames = 0;
window.BarcodeDetector = class {
  static getSupportedFormats() { return Promise.resolve(%s); }
  constructor({ formats }) { if (String(formats) !== 'qr_code') throw new TypeError('formats'); }
  detect(picture) {
    if (!(picture instanceof HTMLVideoElement)) throw new TypeError('picture');
    frames += 1;
    %s
  }
};
"""
READS = "return Promise.resolve(frames < 3 ? [] : [{ rawValue: `HTTPS://${location.host.toUpperCase()}/B/E43` }]);"

SHARE = """
window.shared = [];
navigator.share = async (what) => { window.shared.push(what); %s };
navigator.clipboard.writeText = async (text) => { window.copied = text; };
"""


def camera(open_phone: Phones, folder: Path, shows: str, script: str) -> Page:
    """A phone whose camera shows a code, with something added to its browser."""
    page = open_phone(args=pictures.film(shows, folder / "film.mjpeg"), permissions=["camera"]).pages[0]
    page.add_init_script(script)
    return page


def test_the_phones_own_reader_is_asked(open_phone: Phones, server: Server, tmp_path: Path) -> None:
    page = camera(open_phone, tmp_path, "nothing of this fair, nor of any", READER % ("['ean_13', 'qr_code']", READS))
    page.goto(server.url + "/fr/scan")
    page.wait_for_url("**/fr/b/E43")


@pytest.mark.parametrize(
    ("formats", "detect"),
    [
        ("['qr_code']", "return new Promise(() => {});"),
        ("['qr_code']", "return Promise.reject(new DOMException('no service', 'NotSupportedError'));"),
        ("['ean_13']", READS),
    ],
    ids=["never answers", "fails", "knows no QR codes"],
)
def test_ours_reads_where_the_phones_does_not(
    open_phone: Phones, server: Server, tmp_path: Path, formats: str, detect: str
) -> None:
    page = camera(open_phone, tmp_path, f"{server.url}/b/A12".upper(), READER % (formats, detect))
    page.goto(server.url + "/fr/scan")
    page.wait_for_url("**/fr/b/A12")


def test_the_torch_goes_on_and_off(open_phone: Phones, server: Server, tmp_path: Path) -> None:
    page = camera(open_phone, tmp_path, "nothing of this fair, nor of any", pictures.TORCH)
    page.goto(server.url + "/fr/scan")
    light = page.locator("[data-do=light]")
    light.click()
    expect(light).to_have_attribute("aria-pressed", "true")
    light.click()
    expect(light).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("() => lamps") == [True, False]
    page.click("[data-do=stop]")
    expect(light).to_be_hidden()


@pytest.mark.parametrize(
    ("answer", "copied"),
    [
        ("", False),
        ("throw new DOMException('closed by the person', 'AbortError');", False),
        ("throw new DOMException('nothing to share with', 'NotAllowedError');", True),
    ],
    ids=["shared", "closed", "refused"],
)
def test_the_phones_share_sheet_or_else_the_clipboard(page: Page, server: Server, answer: str, copied: bool) -> None:
    page.add_init_script(SHARE % answer)
    page.goto(server.url + "/fr/b/A12")
    page.locator("[data-act=share]").first.click()
    page.wait_for_function("() => shared.length === 1")
    what = page.evaluate("() => shared[0]")
    assert what["url"].startswith(server.url)
    assert page.inner_text("h1") in f"{what['title']} {what['text']}"
    if copied:
        page.wait_for_selector("[data-slot=toast] [data-say=copied]")
    assert (what["url"] in (page.evaluate("() => window.copied") or "")) is copied


def test_the_browsers_offer_to_install_waits_for_our_button(page: Page, server: Server) -> None:
    page.add_init_script("addEventListener('beforeinstallprompt', (e) => e.isTrusted && e.stopImmediatePropagation())")
    page.goto(server.url + "/fr/")
    expect(page.locator("[data-slot=install]")).to_be_hidden()
    page.evaluate("""() => {
        const offer = new Event('beforeinstallprompt', { cancelable: true });
        offer.prompt = async () => { window.prompted = (window.prompted ?? 0) + 1; };
        window.kept = !dispatchEvent(offer);
    }""")
    assert page.evaluate("() => kept") is True
    page.click("[data-do=install]")
    expect(page.locator("[data-slot=install]")).to_be_hidden()
    assert page.evaluate("() => prompted") == 1
    page.evaluate("""() => {
        dispatchEvent(Object.assign(new Event('beforeinstallprompt'), { prompt: async () => {} }));
        dispatchEvent(new Event('appinstalled'));
    }""")
    expect(page.locator("[data-slot=install]")).to_be_hidden()
