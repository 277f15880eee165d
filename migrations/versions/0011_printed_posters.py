"""Which posters were printed, saying what.

Revision ID: 0011
Revises: 0010


"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "printed_poster",
        sa.Column("booth", sa.String(length=20), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("at", sa.String(length=30), nullable=False),
        sa.PrimaryKeyConstraint("booth"),
    )


def downgrade():
    op.drop_table("printed_poster")
