"""Whether an exhibitor has come.

Revision ID: 0006
Revises: 0005


"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("exhibitor", schema=None) as batch_op:
        batch_op.add_column(sa.Column("presence", sa.String(20), nullable=False, server_default=""))


def downgrade():
    with op.batch_alter_table("exhibitor", schema=None) as batch_op:
        batch_op.drop_column("presence")
