"""What a scanned or typed code is. static/js/codes.js is the twin."""

from __future__ import annotations

import re

from companion.catalogue.index import Catalogue, typed
from companion.visitors.format import NATIVE, tidy

Found = dict[str, str]

TABS = ("exhibitors", "map", "programme", "mine", "scan", "about")
LONGEST = 4000

_ADDRESS = re.compile(r"https?://([^/?#]*)([^?#]*)", re.ASCII | re.IGNORECASE)
_PORT = re.compile(r"(:80|:443)\Z")
_FILE = re.compile(r"\.(vcf|ics)\Z", re.ASCII | re.IGNORECASE)
_URL_LINE = re.compile(
    r"(?:^|[\r\n])(?:[A-Z0-9-]+\.)?URL[^:\r\n]*:[ \t]*([^\r\n]+)",
    re.ASCII | re.IGNORECASE,
)
_BARCODE = re.compile("[0-9]{8}|[0-9]{12,14}")
# What other codes begin with, as phones' scanners know them (ZXing's list of barcode contents).
_KINDS = (
    ("contact", re.compile("(BEGIN:VCARD|MECARD:|BIZCARD:)", re.ASCII | re.IGNORECASE)),
    ("event", re.compile("BEGIN:V(EVENT|CALENDAR)", re.ASCII | re.IGNORECASE)),
    ("wifi", re.compile("WIFI:", re.ASCII | re.IGNORECASE)),
    ("phone", re.compile("tel:", re.ASCII | re.IGNORECASE)),
    ("sms", re.compile("(sms|smsto|mms|mmsto):", re.ASCII | re.IGNORECASE)),
    ("email", re.compile("(mailto|matmsg|smtp):", re.ASCII | re.IGNORECASE)),
    ("place", re.compile("geo:", re.ASCII | re.IGNORECASE)),
)


def resolve(catalogue: Catalogue, text: str, *addresses: str) -> Found:
    """Say what a code is. addresses: those the fair is reached at, each "https://host" or "".

    {"kind": "booth" | "exhibitor" | "workshop", "code", "href"}: of this fair, typed or as one of these addresses
    in any spelling (capitals, http, www, a language, a last slash), also inside an exhibitor's contact card;
    {"kind": "page", "href"}: another page of the fair; hrefs are without language;
    {"kind": "missing", "what": "booth" | "exhibitor" | "workshop" | "page", "text"}: of this fair, but not there;
    {"kind": "other", "what": "site" | "contact" | "event" | "wifi" | "phone" | "sms" | "email" | "place" |
    "product" | "text", "text"}: something else; text is the site's host or the beginning of what it says.
    """
    text = text[:LONGEST]
    line = tidy(text, LONGEST)
    hosts = {_host(address.partition("://")[2]) for address in addresses} - {""}
    address = _ADDRESS.match(line)
    if address:
        return _visit(catalogue, address[1], address[2], hosts)
    first, slash, rest = line.partition("/")
    if _host(first) in hosts:
        return _visit(catalogue, first, slash + rest, hosts)
    what = next((kind for kind, start in _KINDS if start.match(line)), "")
    if what == "contact":
        return _on_card(catalogue, text, hosts) or _other("contact", line)
    if what:
        return _other(what, line)
    return _code(catalogue, line) or _other("product" if _BARCODE.fullmatch(line) else "text", line)


def _other(what: str, text: str) -> Found:
    return {"kind": "other", "what": what, "text": tidy(text, 60)}


def _host(text: str) -> str:
    """A host to compare: small letters, without www, the usual ports and the root's dot."""
    host = _PORT.sub("", text.lower())
    return host.removeprefix("www.").removesuffix(".")


def _visit(catalogue: Catalogue, host: str, path: str, hosts: set[str]) -> Found:
    """Where an http address leads."""
    if _host(host) not in hosts:
        return _other("site", host)
    parts = [part for part in path.split(" ")[0].split("/") if part]
    if parts and parts[0].lower() in NATIVE:
        parts = parts[1:]
    head = parts[0].lower() if parts else ""
    if not parts or (len(parts) == 1 and head in TABS):
        return {"kind": "page", "href": "/" + head}
    kind = {"b": "booth", "e": "exhibitor", "programme": "workshop"}.get(head, "")
    if not kind or len(parts) != 2:
        return {"kind": "missing", "what": "page", "text": tidy(path, 60)}
    code = _FILE.sub("", parts[1])
    return _named(catalogue, kind, code) or {
        "kind": "missing",
        "what": kind,
        "text": tidy(code, 60),
    }


def _named(catalogue: Catalogue, kind: str, code: str) -> Found | None:
    """A booth, exhibitor or workshop by its code."""
    find = {
        "booth": catalogue.booth,
        "exhibitor": catalogue.exhibitor,
        "workshop": catalogue.workshop,
    }[kind]
    letter = {"booth": "b", "exhibitor": "e", "workshop": "programme"}[kind]
    record = find(code)
    return {"kind": kind, "code": record["code"], "href": f"/{letter}/{record['code']}"} if record else None


def _code(catalogue: Catalogue, code: str) -> Found | None:
    """What a bare code names: first a booth by its exact number, then an exhibitor, then a looser spelling."""
    booth = catalogue.booth(code)
    exact = booth is not None and typed(booth["code"]) == typed(code)
    kinds: tuple[str, ...] = ("booth",) if exact else ("exhibitor", "booth", "workshop")
    return next((found for kind in kinds if (found := _named(catalogue, kind, code))), None)


def _on_card(catalogue: Catalogue, text: str, hosts: set[str]) -> Found | None:
    """The exhibitor whose page a contact card links to, as the cards of this fair do."""
    for url in _URL_LINE.finditer(text):
        address = _ADDRESS.match(url[1])
        found = _visit(catalogue, address[1], address[2], hosts) if address else {}
        if found.get("kind") == "exhibitor":
            return found
    return None
