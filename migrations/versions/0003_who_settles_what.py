"""Edits that settle conflicts name them.

Revision ID: 0003
Revises: 0002


"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("log", schema=None) as batch_op:
        batch_op.add_column(sa.Column("settles", sa.JSON(), nullable=False, server_default="[]"))


def downgrade():
    with op.batch_alter_table("log", schema=None) as batch_op:
        batch_op.drop_column("settles")
