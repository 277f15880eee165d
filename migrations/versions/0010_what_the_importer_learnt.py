"""Headings that were learnt, and exhibitors that were merged.

Revision ID: 0010
Revises: 0009


"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "learnt_heading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("folded", sa.String(length=200), nullable=False),
        sa.Column("heading", sa.String(length=200), nullable=False),
        sa.Column("path", sa.String(length=40), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("kind", "folded"),
    )
    with op.batch_alter_table("exhibitor", schema=None) as batch_op:
        batch_op.add_column(sa.Column("merged", sa.String(length=36), nullable=True))


def downgrade():
    with op.batch_alter_table("exhibitor", schema=None) as batch_op:
        batch_op.drop_column("merged")
    op.drop_table("learnt_heading")
