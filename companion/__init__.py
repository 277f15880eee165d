"""Rafiq, the pocket companion of a fair."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from apiflask import APIFlask
from flask import Flask, g
from sqlalchemy.engine import make_url
from werkzeug.middleware.proxy_fix import ProxyFix

import companion.zones  # noqa: F401 - first: nothing may read the host's zone data before
from companion.accounts.sessions import SessionsWhereSomebodySignsIn, sign_in
from companion.api.catalogue import catalogue as catalogue_api
from companion.api.edits import bodies_are_required
from companion.api.edits import edits as edits_api
from companion.api.health import health as health_api
from companion.api.nodes import nodes as nodes_api
from companion.api.records import records as records_api
from companion.buffered import Buffered
from companion.catalogue.published import Shelf, public_seq
from companion.commands import register_commands
from companion.commands_nodes import sync_commands
from companion.commands_prepared import require_prepared
from companion.commands_printing import register_printing_commands
from companion.commands_upkeep import backup_command, doctor_command, restore_command, snapshot_command
from companion.errors import explain_errors
from companion.exhibitors.views_area import area, own, photos
from companion.exhibitors.views_in import way_in
from companion.extensions import babel, conceal_values, db, limiter, migrate, prepare_sqlite
from companion.languages import LANGUAGES, Words
from companion.offline.build import release_of
from companion.offline.files import ReleaseFiles
from companion.private_files import make_private_folder
from companion.request_language import locale_of_request, preferred_language
from companion.security import protect
from companion.settings import database_folder, read_settings, secret_key, unknown_settings
from companion.staff.area import staff as staff_pages
from companion.staff.views_import import LARGEST_FORM
from companion.sync.purge import purge_after_erasures
from companion.upkeep.housekeeping import keep_tidy, tidy
from companion.visitors.kept import Kept
from companion.visitors.ready import ReadyPages
from companion.visitors.views import PAGES_KEPT, Anything, Prefix
from companion.visitors.views import visitors as visitor_pages
from companion.writing import RepeatingFlask, bound_writers

ROOT = Path(__file__).parent.parent
purge_after_erasures(db.session)


def create_app(environ: Mapping[str, str] = os.environ, instance: Path = ROOT / "instance") -> APIFlask:
    """Make the app: settings, extensions, audiences. Nothing is migrated, asked or waited for."""
    app = RepeatingFlask(
        "companion", title="Rafiq", version="1", spec_path="/api/openapi.json", docs_path=None, json_errors=False,
        static_folder=None,  # type: ignore[arg-type]
        template_folder=str(ROOT / "templates"), instance_path=str(instance),
    )  # fmt: skip
    _configure(app, environ, instance)
    explain_errors(app)
    _tie_extensions(app)
    tidy(instance)
    protect(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(words_of_page)
    _publish(app)
    app.url_map.converters |= {"prefix": Prefix, "anything": Anything}
    app.url_map.merge_slashes = False
    public = (catalogue_api, edits_api, records_api, health_api, nodes_api, photos, visitor_pages)
    for blueprint in (*public, staff_pages, way_in, area, own):
        app.register_blueprint(blueprint)
    app.spec_processor(bodies_are_required)
    proxies = app.config["PROXIES"]
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, proxies, proxies, proxies)  # type: ignore[method-assign]
    largest = {"/staff/import": LARGEST_FORM}
    app.__rsgi__ = Buffered(app, app.config["MAX_CONTENT_LENGTH"], largest)  # type: ignore[attr-defined]
    app.config["AUTO_SERVERS"] = False  # or the description of the API would repeat the Host header of who asked first
    app.servers = [{"url": app.config["BASE_URL"] or "/"}]
    app.__rsgi_init__ = lambda _loop: keep_tidy(instance)  # type: ignore[attr-defined]
    register_commands(app)
    register_printing_commands(app)
    for command in (sync_commands, backup_command, restore_command, snapshot_command, doctor_command):
        app.cli.add_command(command)
    require_prepared(app)
    return app


def _configure(app: Flask, environ: Mapping[str, str], instance: Path) -> None:
    settings = read_settings(environ)
    for name in unknown_settings(environ):
        app.logger.warning("%s is no setting of Rafiq; see docs/settings.md", name)
    make_private_folder(instance)
    app.config.from_mapping(settings)
    app.config.from_mapping(
        SECRET_KEY=settings["SECRET_KEY"] or secret_key(instance),
        SECRET_KEY_SET=bool(settings["SECRET_KEY"]),
        SQLALCHEMY_DATABASE_URI=settings["DATABASE_URL"] or f"sqlite:///{instance / 'rafiq.sqlite'}",
        SQLALCHEMY_ENGINE_OPTIONS={"pool_pre_ping": True, "hide_parameters": True},
        BABEL_DEFAULT_LOCALE=LANGUAGES[settings["LANGUAGES"][0]].locale,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings["BASE_URL"].startswith("https://"),
        SESSION_COOKIE_HTTPONLY=True,
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
        RATELIMIT_STORAGE_URI=settings["LIMITS_URL"],
        RATELIMIT_STORAGE_OPTIONS={"wrap_exceptions": True},
    )


def _tie_extensions(app: Flask) -> None:
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"))
    babel.init_app(app, locale_selector=locale_of_request)
    babel.domain_instance = Words()
    app.session_interface = SessionsWhereSomebodySignsIn()
    sign_in.init_app(app)
    limiter.init_app(app)
    with app.app_context():
        conceal_values(db.engine)
        if make_url(app.config["SQLALCHEMY_DATABASE_URI"]).get_backend_name() == "sqlite":
            prepare_sqlite(db.engine)
        bound_writers(db.engine)
        app.config["DATABASE_FOLDER"] = database_folder(Path(app.instance_path), db.engine.url)


def _publish(app: Flask) -> None:
    """Make the release phones are given, and serve its files and those of earlier releases."""
    releases = Path(app.instance_path) / "releases"
    release = release_of(app, ROOT / "static", releases)
    app.extensions["release"] = release
    app.extensions["shelf"] = Shelf(app.config["LANGUAGES"])
    app.extensions["rendered_pages"] = Kept(PAGES_KEPT)
    app.jinja_env.globals["asset"] = release.url
    with app.app_context():
        engine = db.engine
    ready = ReadyPages(app.wsgi_app, lambda: public_seq(engine), app.config["LANGUAGES"], app.config["BASE_URL"])
    app.extensions["ready_pages"] = ready
    app.wsgi_app = ReleaseFiles(ready, release)  # type: ignore[method-assign]


def words_of_page() -> dict[str, str]:
    """Give every page of staff its language and direction; a visitor's page brings its own."""
    lang = g.get("lang") or preferred_language()
    return {"lang": lang, "dir": LANGUAGES[lang].dir}
