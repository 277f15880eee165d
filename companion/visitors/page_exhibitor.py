"""One exhibitor, by code or by booth; a booth nobody holds. static/js/page_exhibitor.js is the twin."""

from __future__ import annotations

import math
import re
from dataclasses import replace

from companion.catalogue.index import Catalogue, Record
from companion.visitors.ask import Answer, Ask, Context, page
from companion.visitors.cards import card, nearby, place, spoken
from companion.visitors.contact import contact
from companion.visitors.format import (
    Text,
    excerpt,
    fill,
    fnv,
    local,
    plain,
    price,
    tagged,
    words,
)
from companion.visitors.page_missing import missing
from companion.visitors.vcard import vcard

_VCF = re.compile(r"\.vcf\Z", re.ASCII | re.IGNORECASE)


def exhibitor(catalogue: Catalogue, ask: Ask, code: str) -> Answer:
    """`/e/<CODE>` and `/e/<CODE>.vcf`."""
    wants_card = bool(_VCF.search(code))
    record = catalogue.exhibitor(_VCF.sub("", code))
    if record is None:
        return missing(catalogue, ask, "exhibitor", code)
    if wants_card:
        return {
            "status": 200,
            "type": "text/vcard; charset=utf-8",
            "filename": record["code"] + ".vcf",
            "body": vcard(catalogue, ask, record),
        }
    ask = replace(ask, path=f"/e/{record['code']}")
    return _article(catalogue, ask, record, catalogue.home(record), here=False)


def booth(catalogue: Catalogue, ask: Ask, code: str) -> Answer:
    """`/b/<BOOTH>`: what a poster opens. The visitor stands there, so distances start there."""
    record = catalogue.booth(code)
    if record is None:
        return missing(catalogue, ask, "booth", code)
    ask = replace(ask, path=f"/b/{record['code']}")
    holder = catalogue.holder(record)
    if holder:
        return _article(catalogue, ask, holder, record, here=True)
    _ = ask.gettext
    context = {
        "booth": record["code"],
        "map_href": ask.href("/map", {"at": record["code"]}),
        "nearby": nearby(catalogue, ask, record),
    }
    return page(
        catalogue,
        ask,
        "booth_free",
        fill(_("Booth %(code)s"), {"code": record["code"]}),
        context,
    )


def _article(catalogue: Catalogue, ask: Ask, record: Record, booth: Record | None, here: bool) -> Answer:
    lang = ask.lang
    number = booth["code"] if booth else ""
    context = {
        "code": record["code"],
        "here": here,
        "booth": number,
        "name": local(record["name"], lang),
        "names": _other_names(record, ask),
        "about": local(record.get("about"), lang),
        "founded": record.get("founded", 0),
        "members": record.get("members", 0),
        "women": record.get("women", 0),
        "women_led": bool(record.get("women_led")),
        "booths": [
            {
                "code": code,
                "href": ask.href(f"/b/{code}"),
                "map_href": ask.href("/map", {"at" if here and code == number else "to": code}),
            }
            for code in record.get("booths", [])
        ],
        "weave": weave(catalogue, record),
        "photos": [f"/photos/{name}.webp" for name in record.get("photos", [])],
        **_origin(catalogue, ask, record),
        **_offer(catalogue, ask, record),
        **contact(catalogue, ask, record, number),
        "request_href": ask.href(f"/e/{record['code']}/request"),
        "same_sector": [card(catalogue, ask, other) for other in _same_sector(catalogue, record, booth)],
        "nearby": nearby(catalogue, ask, booth) if booth else [],
    }
    title = words(record["name"], lang)
    answer = page(catalogue, ask, "exhibitor", title, context)
    answer["context"]["description"] = excerpt(words(record.get("about"), lang)) or title
    return answer


def _other_names(record: Record, ask: Ask) -> list[Text]:
    """The name in the other languages that are on, as far as it has been written in them."""
    names = record["name"]
    shown = local(names, ask.lang)
    others = [code for code in ask.languages if names.get(code) and shown and code != shown["lang"]]
    return [tagged(names[code], code, ask.lang) for code in others]


def _origin(catalogue: Catalogue, ask: Ask, record: Record) -> Context:
    """What an exhibitor is and where it comes from."""

    def named(name: str) -> Text | None:
        return local(catalogue.texts(name, record.get(name, "")), ask.lang)

    sector = record.get("sector", "")
    href = ask.href("/exhibitors", {"sector": sector})
    return {
        "kind": named("kind"),
        "sector": {"code": sector, "name": named("sector"), "href": href} if sector else None,
        "zone": named("zone"),
        "province": named("province"),
        "commune": place(catalogue, record, ask.lang),
    }


def _offer(catalogue: Catalogue, ask: Ask, record: Record) -> Context:
    """What an exhibitor sells and how."""
    _ = ask.gettext
    lang = ask.lang
    known = {
        "cash": _("Cash"),
        "mobile": _("Mobile payment"),
        "card": _("Card"),
        "transfer": _("Bank transfer"),
    }
    labels = catalogue.snapshot.get("labels", {})
    certifications = catalogue.snapshot.get("certifications", {})
    return {
        "products": [product(catalogue, ask, item) for item in record.get("products", [])],
        "labels": [text for slug in record.get("labels", []) if (text := local(labels.get(slug), lang))],
        "certifications": [
            text for slug in record.get("certifications", []) if (text := local(certifications.get(slug), lang))
        ],
        "languages_spoken": spoken(ask, record.get("languages", [])),
        "payment": [known[code] for code in record.get("payment", []) if code in known],
        "delivery": _yes_or_no(record.get("delivery")),
        "orders": _yes_or_no(record.get("orders")),
    }


def product(catalogue: Catalogue, ask: Ask, product: Record) -> Context:
    """One product as it is shown."""
    unit = product.get("unit", "")
    known = catalogue.snapshot.get("units", {}).get(unit)
    labels = catalogue.snapshot.get("labels", {})
    return {
        "name": local(product["name"], ask.lang),
        "unit": local(known, ask.lang) if known else plain(unit, ask.lang),
        "price": _amount(catalogue, ask, product["price"]) if product.get("price") is not None else "",
        "label": local(labels.get(product.get("label")), ask.lang),
        "available": product.get("available", True),
    }


def _amount(catalogue: Catalogue, ask: Ask, centimes: int) -> str:
    """A price with its currency; dirhams as people write them."""
    _ = ask.gettext
    amount = price(centimes, ask.lang)
    currency = catalogue.fair.get("currency", "MAD")
    return fill(_("%(amount)s DH"), {"amount": amount}) if currency == "MAD" else f"{amount}\u00a0{currency}"


def _yes_or_no(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"


def _same_sector(catalogue: Catalogue, record: Record, booth: Record | None) -> list[Record]:
    """Up to six others of the sector: the nearest to the booth in a straight line, or the first by code."""
    sector = record.get("sector", "")
    peers = [
        other for other in catalogue.exhibitors if other is not record and sector and other.get("sector") == sector
    ]
    if booth is None:
        return peers[:6]
    far = math.inf
    homes = [(catalogue.home(peer), peer) for peer in peers]
    ranked = [(catalogue.apart(booth, home) if home else far, peer["code"], peer) for home, peer in homes]
    return [peer for _, _, peer in sorted(ranked, key=lambda item: item[:2])[:6]]


def weave(catalogue: Catalogue, record: Record) -> Context:
    """What the woven pattern of an exhibitor without a photo is drawn from, always the same for one exhibitor.

    hue: the place of its sector in the sorted sectors. seed: a 32-bit hash of code and sector. bands: eight
    threads of it, each 0 to 7.
    """
    sector = record.get("sector", "")
    sectors = sorted(catalogue.snapshot.get("sectors", {}))
    seed = fnv(f"{record['code']}/{sector}")
    return {
        "hue": sectors.index(sector) if sector in sectors else 0,
        "seed": seed,
        "bands": [seed >> 3 * band & 7 for band in range(8)],
    }
