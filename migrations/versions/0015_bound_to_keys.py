"""What another server brought and could not be taken is bound to its key; the form of the exchange it knows;
when a picture was sent.

Revision ID: 0015
Revises: 0014


"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("node", schema=None) as batch_op:
        batch_op.add_column(sa.Column("format", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("node", schema=None) as batch_op:
        batch_op.alter_column("format", server_default=None, existing_type=sa.Integer())
    _recreate(sa.Column("peer", sa.String(length=64), nullable=False), ["peer", "id"])
    op.execute(
        "INSERT INTO untaken_edit (peer, id, record, edit, problem, at) "
        "SELECT (SELECT CASE WHEN COUNT(*) = 1 THEN MIN(node.digest) ELSE '' END FROM node "
        "WHERE node.identity = former.node), id, record, edit, problem, at FROM untaken_edit_before AS former"
    )
    op.drop_table("untaken_edit_before")
    op.create_index("ix_untaken_edit_record", "untaken_edit", ["record"])
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    with op.batch_alter_table("picture", schema=None) as batch_op:
        batch_op.add_column(sa.Column("at", sa.String(length=30), nullable=False, server_default=now))
    with op.batch_alter_table("picture", schema=None) as batch_op:
        batch_op.alter_column("at", server_default=None, existing_type=sa.String(length=30))


def downgrade():
    with op.batch_alter_table("picture", schema=None) as batch_op:
        batch_op.drop_column("at")
    _recreate(sa.Column("node", sa.String(length=32), nullable=False), ["id"])
    op.execute(
        "INSERT INTO untaken_edit (node, id, record, edit, problem, at) "
        "SELECT node.identity, former.id, former.record, former.edit, former.problem, former.at "
        "FROM untaken_edit_before AS former JOIN node ON node.digest = former.peer WHERE NOT EXISTS ("
        "SELECT 1 FROM untaken_edit_before AS other WHERE other.id = former.id AND other.peer < former.peer)"
    )
    op.drop_table("untaken_edit_before")
    op.create_index("ix_untaken_edit_record", "untaken_edit", ["record"])
    with op.batch_alter_table("node", schema=None) as batch_op:
        batch_op.drop_column("format")


def _recreate(owner, key):
    """Make the table anew beside the one there is, which a change of the primary key needs on SQLite."""
    op.drop_index("ix_untaken_edit_record", table_name="untaken_edit")
    op.rename_table("untaken_edit", "untaken_edit_before")
    op.create_table(
        "untaken_edit",
        owner,
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("record", sa.String(length=36), nullable=False),
        sa.Column("edit", sa.JSON(), nullable=False),
        sa.Column("problem", sa.String(length=40), nullable=False),
        sa.Column("at", sa.String(length=30), nullable=False),
        sa.PrimaryKeyConstraint(*key, name=f"untaken_edit_by_{'_'.join(key)}"),
    )
