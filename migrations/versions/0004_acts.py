"""Edits made in one go share the name of their act.

Revision ID: 0004
Revises: 0003


"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("log", schema=None) as batch_op:
        batch_op.add_column(sa.Column("act", sa.String(length=36), nullable=False, server_default=""))
        batch_op.create_index("ix_log_act", ["act"])


def downgrade():
    with op.batch_alter_table("log", schema=None) as batch_op:
        batch_op.drop_index("ix_log_act")
        batch_op.drop_column("act")
