"""What people and programs are told when an address is wrong, closed or broken."""

from __future__ import annotations

from flask import Flask, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DataError
from werkzeug.exceptions import BadRequest, HTTPException

FOR_PROGRAMS = ("/api/", "/healthz")


def explain_errors(app: Flask) -> None:
    """Answer errors with a page in the person's language, or with JSON where programs ask."""

    @app.errorhandler(HTTPException)
    def explain(error: HTTPException) -> ResponseReturnValue:
        status = error.code or 500
        if status < 400:
            return error
        if request.path.startswith(FOR_PROGRAMS):
            return jsonify(message=error.description), status
        return render_template("error.html", status=status), status

    @app.errorhandler(DataError)
    @app.errorhandler(OverflowError)
    def refuse(_: Exception) -> ResponseReturnValue:
        """What no column can hold, a NUL on PostgreSQL or a number of 40 digits, can name nothing that is there."""
        current_app.extensions["sqlalchemy"].session.rollback()
        return explain(BadRequest())
