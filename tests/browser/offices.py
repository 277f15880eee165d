"""The office in tests: a server whose fair may be changed, somebody who works there, and the database behind it."""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.sync_api import BrowserContext, Page
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from companion.accounts.people import add_staff
from tests.browser.conftest import Server

NAME, PASSWORD = "amina", "seven-sheep-sleep"


def open_office(demo: Path, folder: Path, role: str = "editor") -> Server:
    """Start the app on a copy of the demo fair, with an editor or somebody of another role."""
    shutil.copytree(demo, folder)
    server = Server(folder)
    with database(server) as session:
        add_staff(session, NAME, role, PASSWORD)
        session.commit()
    server.start()
    return server


def database(server: Server) -> Session:
    return Session(create_engine(f"sqlite:///{server.folder / 'rafiq.sqlite'}"))


def sign_in(context: BrowserContext, server: Server, lang: str = "fr") -> Page:
    context.set_default_timeout(20_000)
    context.add_cookies([{"name": "lang", "value": lang, "url": server.url}])
    page = context.new_page()
    page.goto(server.url + "/staff/sign-in")
    page.fill("[name=name]", NAME)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/staff/")
    return page
