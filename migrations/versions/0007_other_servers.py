"""Other servers of the fair, and which of them brought an edit.

Revision ID: 0007
Revises: 0006


"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("log", schema=None) as batch_op:
        batch_op.add_column(sa.Column("via", sa.String(length=32), nullable=False, server_default=""))
    op.create_table(
        "node",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("identity", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("got", sa.Integer(), nullable=False),
        sa.Column("got_id", sa.String(length=36), nullable=False),
        sa.Column("theirs", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("catalogue", sa.Integer(), nullable=False),
        sa.Column("release", sa.String(length=32), nullable=False),
        sa.Column("seen", sa.String(length=30), nullable=False),
        sa.Column("clock", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("name"),
        sa.UniqueConstraint("digest"),
    )
    op.create_table(
        "untaken_edit",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("node", sa.String(length=32), nullable=False),
        sa.Column("record", sa.String(length=36), nullable=False),
        sa.Column("edit", sa.JSON(), nullable=False),
        sa.Column("problem", sa.String(length=40), nullable=False),
        sa.Column("at", sa.String(length=30), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("untaken_edit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_untaken_edit_record"), ["record"], unique=False)


def downgrade():
    op.drop_table("untaken_edit")
    op.drop_table("node")
    with op.batch_alter_table("log", schema=None) as batch_op:
        batch_op.drop_column("via")
