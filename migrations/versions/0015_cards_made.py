"""When an exhibitor's access card was made, as the log and their phones say it.

Revision ID: 0015
Revises: 0014


"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("exhibitor", schema=None) as batch_op:
        batch_op.add_column(sa.Column("card_made", sa.String(30), nullable=False, server_default=""))


def downgrade():
    with op.batch_alter_table("exhibitor", schema=None) as batch_op:
        batch_op.drop_column("card_made")
