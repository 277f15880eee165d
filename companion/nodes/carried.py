"""What two servers exchange when no line joins them: a file on a stick.

A file is made for one server, with the key both share: nobody else can read it (it holds visitors' requests and
the hashes of passwords) and nobody else could have made it. It may be carried late, twice, in any order, and over
servers in between, which pass on what they took. It begins where the other was known to be, and says how far this
server has read, so the file that comes back is short.

Form: `RAFIQ-1\\n`, 16 bytes that tell which key, 16 of salt, then parts: 4 bytes of length and a brotli-compressed
JSON object under AES-256-GCM (NIST SP 800-38D), the number of the part as nonce, the key derived from the shared one
and the salt by HKDF (RFC 5869). The last part says that it is: a file cut short is noticed.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

import brotli
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import ValidationError
from sqlalchemy.orm import Session

from companion.models import Node, Photo, Trouble
from companion.nodes.accounts import Row, rows_of, summary, take_rows
from companion.nodes.exchange import Exchanged, Greeting, greeted, greeting
from companion.nodes.pages import Page, pages_after, take_page, untaken_count
from companion.nodes.peers import ACCOUNT, PHOTO, author_of, known_nodes, trusts
from companion.nodes.pictures import Carried, carried_all, take_picture
from companion.nodes.unpack import unpacked
from companion.private_files import write_private

BEGINNING = b"RAFIQ-1\n"
LARGEST = 64_000_000
"""Bytes of a part, as it is and unpacked: all accounts are one."""


class Unreadable(ValueError):
    """A file that is not for this server, not of one it knows, or not whole; the message says what to do."""


def export_file(session: Session, name: str, path: Path, release: str = "", *, everything: bool = False) -> Exchanged:
    """Write what the server called `name` lacks, or all there is; commits what it notices."""
    node = session.get_one(Node, name)
    trusted = trusts(node, ACCOUNT)
    rows = rows_of(session, summary(session)) if trusted else []
    node = session.get_one(Node, name)
    said = greeting(session, node, release)
    done = Exchanged()

    def parts() -> Iterator[dict[str, Any]]:
        yield {"greeting": said.model_dump()}
        for page in pages_after(session, 0 if everything else node.theirs, author_of(node), ""):
            done.pushed += len(page.edits)
            yield {"page": page.model_dump()}
            for each in carried_all(session, _named(page)) if trusts(node, PHOTO) else ():
                yield {"picture": each.model_dump()}
        yield {"accounts": [row.model_dump() for row in rows]}

    write_private(path, b"")
    with path.open("wb") as file:
        _write(file, bytes.fromhex(node.seal), parts())
    return done


def import_file(session: Session, path: Path) -> tuple[str, Exchanged]:
    """Take what a file brings and return whose it is and what came; commits part by part.

    Raises `Unreadable`; of a file cut short, what could be read has been taken then.
    """
    done = Exchanged()
    with path.open("rb") as file:
        node = _maker(session, file.read(len(BEGINNING) + 16))
        name = node.name
        for part in _read(file, bytes.fromhex(node.seal)):
            _take(session, name, part, done)
            session.commit()
    done.untaken = untaken_count(session)
    return name, done


def _take(session: Session, name: str, part: dict[str, Any], done: Exchanged) -> None:
    try:
        if "greeting" in part:
            greeted(session, name, Greeting.model_validate(part["greeting"]), "")
        elif "page" in part:
            page = Page.model_validate(part["page"])
            take_page(session, name, page)
            done.pulled += len(page.edits)
        elif "picture" in part and trusts(session.get_one(Node, name), PHOTO):
            take_picture(session, Carried.model_validate(part["picture"]))
        elif "accounts" in part and trusts(session.get_one(Node, name), ACCOUNT):
            take_rows(session, [Row.model_validate(row) for row in part["accounts"]])
    except ValidationError:
        raise Unreadable("this file is of a newer release; update this server and import it again") from None
    except (TypeError, ValueError) as error:
        raise Unreadable(str(error)) from None


def _named(page: Page) -> list[str]:
    """Return the pictures the edits of a page name."""
    columns = {Photo.KIND: "hash", Trouble.KIND: "picture"}
    named = (edit["fields"].get(columns.get(edit["kind"], "")) for edit in page.edits)
    return [name for name in named if name]


def _maker(session: Session, start: bytes) -> Node:
    if not start.startswith(BEGINNING):
        raise Unreadable("this is not a file of sync export")
    for node in known_nodes(session):
        if _mark(bytes.fromhex(node.seal)) == start[len(BEGINNING) :]:
            return node
    raise Unreadable("this file is for another server, or of one that is not known here (any more)")


def _write(file: BinaryIO, seal: bytes, parts: Iterable[dict[str, Any]]) -> None:
    salt = secrets.token_bytes(16)
    cipher = _cipher(seal, salt)
    file.write(BEGINNING + _mark(seal) + salt)
    for number, part in enumerate(chain(parts, [{"last": True}])):
        plain = json.dumps(part, ensure_ascii=False, separators=(",", ":")).encode()
        sealed = cipher.encrypt(number.to_bytes(12, "big"), brotli.compress(plain, quality=9), None)
        file.write(len(sealed).to_bytes(4, "big") + sealed)


def _read(file: BinaryIO, seal: bytes) -> Iterator[dict[str, Any]]:
    cipher = _cipher(seal, file.read(16))
    number = 0
    while True:
        length = int.from_bytes(file.read(4), "big")
        sealed = file.read(min(length, LARGEST))
        if length == 0 or len(sealed) < length:
            raise Unreadable("this file was cut short; what it held so far was taken. Copy it again")
        try:
            plain = unpacked(cipher.decrypt(number.to_bytes(12, "big"), sealed, None), LARGEST)
            part = json.loads(plain)
        except InvalidTag:
            raise Unreadable("this file was changed on the way; copy it again") from None
        except (ValueError, RecursionError, brotli.error):
            part = None
        if not isinstance(part, dict):
            raise Unreadable("this file holds what no server of Rafiq writes; revoke who made it")
        if "last" in part:
            return
        yield part
        number += 1


def _mark(seal: bytes) -> bytes:
    """Return what tells which key a file needs and nothing about the key."""
    return hashlib.sha256(b"mark" + seal).digest()[:16]


def _cipher(seal: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt, b"rafiq file").derive(seal))
