"""A request left without scripts: the plain form, read as the edit a phone would have made of it (static/js/wish.js).

The form is the same for everybody, so it cannot hold an id. Both ids are made of what was written, the day and this
server's key instead: the same form sent twice, by a double press or by reloading the answer, is one request.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from companion.models import Request
from companion.sync.requests import ANY_PHONE, MOST_PRODUCTS
from companion.sync.stamps import next_stamp

WITH_PRODUCTS = ("price", "order")
TEXTS = ("wants", "name", "message", "lang", "consent", "website")


def fields_of(form: Mapping[str, str], exhibitor: str) -> dict[str, Any]:
    """Return the fields of a request to this exhibitor, as the form has them; `receive` judges them."""
    fields: dict[str, Any] = {"exhibitor": exhibitor} | {name: form.get(name, "") for name in TEXTS}
    reach = {name: form.get(name, "").strip() for name in ("phone", "whatsapp", "email")}
    if form.get("same"):
        reach["whatsapp"] = reach["phone"]
    fields |= {name: value for name, value in reach.items() if value}
    if fields["wants"] in WITH_PRODUCTS:
        fields["products"] = _products(form)
    return fields


def _products(form: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the products that were ticked or given a quantity."""
    rows = []
    for number in range(MOST_PRODUCTS):
        quantity = form.get(f"quantity-{number}", "").strip()
        if not form.get(f"name-{number}") or not (quantity or form.get(f"product-{number}")):
            continue
        row: dict[str, Any] = {"name": form[f"name-{number}"], "unit": form.get(f"unit-{number}", "")}
        if quantity:
            row["quantity"] = int(quantity) if quantity.isdecimal() and len(quantity) < 9 else quantity
        rows.append(row)
    return rows


def edit_of(fields: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return the edit that leaves a request with these fields; the same fields give the same ids all day long."""
    now = datetime.now(UTC)
    said = f"{now:%Y-%m-%d} {sorted(fields.items())}".encode()
    digest = hmac.digest(key.encode(), said, hashlib.sha256)
    made, record = (str(UUID(bytes=part, version=4)) for part in (digest[:16], digest[16:]))
    stamp = next_stamp(ANY_PHONE, int(now.timestamp() * 1000), [])
    at = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"id": made, "kind": Request.KIND, "record": record, "stamp": stamp, "fields": {**fields, "at": at}}
