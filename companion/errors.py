"""What people and programs are told when an address is wrong, closed or broken."""

from __future__ import annotations

from flask import Flask, Response, current_app, g, jsonify, make_response, render_template, request
from flask_babel import gettext as _
from flask_login import AnonymousUserMixin
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError
from werkzeug.exceptions import BadRequest, Conflict, HTTPException, ServiceUnavailable

FOR_PROGRAMS = ("/api/", "/healthz")

RETRY_AFTER = 2
"""Seconds after which a request that found the database busy may come again."""

CARRIED = ("Allow", "Retry-After")
"""Headers of an error that say what else to do (RFC 9110, sections 10.2.1 and 10.2.3)."""

SAID = {
    409: lambda: _("Somebody else changed this at the same moment. Look at it again."),
    503: lambda: _("The server is busy. Nothing was changed. Try again in a moment."),
}
"""What the office's scripts show when the database refused."""


def explain_errors(app: Flask) -> None:
    """Answer errors with a page in the person's language, or with JSON where programs ask.

    Call it before the rate limit is tied to the app: Flask runs what comes after a request in reverse order.
    """

    @app.after_request
    def say_when(response: Response) -> Response:
        """Keep the error's own Retry-After: the rate limit puts the end of its minute there. Runs last, see above."""
        if response.status_code == 503 and "retry_after" in g:
            response.headers["Retry-After"] = g.retry_after
        return response

    @app.errorhandler(HTTPException)
    def explain(error: HTTPException) -> Response | HTTPException:
        status = error.code or 500
        if status < 400:
            return error
        if status >= 500:
            current_app.extensions["sqlalchemy"].session.rollback()
        response = _answer(status, error.description or "")
        sent = error.get_response().headers
        for name in CARRIED:
            if name in sent:
                response.headers[name] = sent[name]
        return response

    @app.errorhandler(DataError)
    @app.errorhandler(OverflowError)
    def refuse(_error: Exception) -> Response | HTTPException:
        """What no column can hold, a NUL on PostgreSQL or a number of 40 digits, can name nothing that is there."""
        current_app.extensions["sqlalchemy"].session.rollback()
        return explain(BadRequest())

    @app.errorhandler(IntegrityError)
    @app.errorhandler(StaleDataError)
    @app.errorhandler(ObjectDeletedError)
    def overtaken(error: SQLAlchemyError) -> Response | HTTPException:
        """Somebody else added the same or removed it meanwhile, and a second attempt met that again."""
        current_app.extensions["sqlalchemy"].session.rollback()
        current_app.logger.error("%s %s: %s", request.method, request.path, type(error).__name__)
        return _try_later() if request.path.startswith(FOR_PROGRAMS) else explain(Conflict())

    @app.errorhandler(OperationalError)
    @app.errorhandler(NoConnection)
    def busy(error: OperationalError | NoConnection) -> Response | HTTPException:
        """The database cannot be written or reached now: say so, and keep what was typed."""
        said = getattr(error, "orig", error)
        current_app.logger.error("%s %s: the database says: %s", request.method, request.path, said)
        return _try_later()

    def _try_later() -> Response | HTTPException:
        g.retry_after = str(RETRY_AFTER)
        return explain(ServiceUnavailable("The database is busy. Send again later.", retry_after=RETRY_AFTER))


def _answer(status: int, description: str) -> Response:
    accepted = request.headers.get("Accept", "")
    if request.path.startswith(FOR_PROGRAMS):
        return make_response(jsonify(message=description), status)
    if status in SAID and accepted.startswith("application/json"):
        return make_response(jsonify(said=str(SAID[status]())), status)
    typed = typed_form() if status == 503 else None
    try:
        page = render_template("error.html", status=status, typed=typed)
    except SQLAlchemyError:  # who is signed in cannot be read either
        current_app.extensions["sqlalchemy"].session.rollback()
        g._login_user = AnonymousUserMixin()
        page = render_template("error.html", status=status, typed=typed)
    return make_response(page, status)


def typed_form() -> list[tuple[str, str]] | None:
    """Return what was typed, to be sent again from the error's page; None when it has files or passwords.

    Those stay with the browser, which sends them again when the page is reloaded.
    """
    if request.method != "POST" or not request.form or request.files:
        return None
    secret = any("password" in name or name in ("new", "pin", "secret", "code") for name in request.form)
    return None if secret else list(request.form.items(multi=True))
