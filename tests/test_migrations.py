"""Migrations: both databases get the tables the models describe, from nothing and from the release before."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

from companion import create_app
from companion.extensions import db
from companion.models import Base
from tests.conftest import close


@pytest.mark.parametrize("steps", [("head",), ("0001", "head", "-0001", "head")])
def test_migrations_end_at_the_models(database_url: str, tmp_path: Path, steps: tuple[str, ...]) -> None:
    app = create_app({"COMPANION_DATABASE_URL": database_url}, tmp_path)
    with app.app_context():
        for step in steps:
            if step == "-0001":
                downgrade(revision="0001")
                assert "request" not in inspect(db.engine).get_table_names()
            else:
                upgrade(revision=step)
            if step == "0001":
                with db.engine.begin() as connection:
                    connection.execute(text("INSERT INTO log_head VALUES (1, 'cloud', 7, 7, '')"))
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, Base.metadata) == []
            kept = connection.execute(text("SELECT seq FROM log_head")).scalars().all()
    assert kept == ([7] if "0001" in steps else [])
    close(app)
