"""The headers of every answer, Flask's and the service worker's alike, and the same-origin check on writes."""

from __future__ import annotations

from flask import Flask, Response, abort, request

CONTENT_SECURITY_POLICY = "; ".join((
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "font-src 'self'",
    "connect-src 'self'",
    "media-src 'self' blob:",
    "manifest-src 'self'",
    "worker-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types rafiq",
))  # fmt: skip

NOTHING_RUNS = "default-src 'none'; frame-ancestors 'none'"
"""The policy of answers that are no pages: a tenth of the bytes of the other, which count on a slow network."""

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}
"""Headers of every answer. The generated `js/shell.js` gives them to the service worker."""

STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"


def protect(app: Flask) -> None:
    """Give every answer the headers above and refuse writes that another site's page sent."""

    @app.before_request
    def refuse_cross_site_writes() -> None:
        """Check `Sec-Fetch-Site`, then `Origin`; no tokens, which go stale in cached pages and queued edits.

        The algorithm is Filippo Valsorda's, as in Go's net/http CrossOriginProtection
        (https://words.filippo.io/csrf/).
        """
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return
        site = request.headers.get("Sec-Fetch-Site")
        origin = request.headers.get("Origin")
        same = site in ("same-origin", "none") if site else origin in (None, request.host_url.rstrip("/"))
        if not same:
            abort(403)

    @app.after_request
    def redirect_within_the_address(response: Response) -> Response:
        """Make redirects to the address this was asked of relative: the Host header is whatever a sender writes.

        A browser follows them where it is, at `COMPANION_BASE_URL` or under the hall's own address; a cache in
        between keeps no stranger's name. Werkzeug's router writes whole addresses.
        """
        location = response.headers.get("Location", "")
        if location.startswith(request.host_url):
            response.headers["Location"] = "/" + location.removeprefix(request.host_url).lstrip("/\\")
            response.set_data(b"")  # the router's page has the whole address once more
        return response

    @app.after_request
    def add_headers(response: Response) -> Response:
        if "Content-Security-Policy" not in response.headers:  # visitors' pages bring them, made once
            response.headers.extend(HEADERS)
            if (response.mimetype or "").endswith("json"):
                response.headers["Content-Security-Policy"] = NOTHING_RUNS
        if request.is_secure:
            response.headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
        return response
