"""How Alembic reaches the app's database and models; Flask-Migrate runs it inside the app's context."""

from alembic import context
from flask import current_app

migrate = current_app.extensions["migrate"]

with migrate.db.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=migrate.db.metadatas[None],
        render_as_batch=True,  # SQLite changes a table by making it anew
        **{name: value for name, value in migrate.configure_args.items() if name != "render_as_batch"},
    )
    with context.begin_transaction():
        context.run_migrations()
