"""Temporary passwords, codes, sessions that say where they are, and tries to sign in.

Revision ID: 0012
Revises: 0011


"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.add_column(sa.Column("temporary", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("codes", sa.String(64), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("code_used", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("recovery", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("staff_session", schema=None) as batch_op:
        batch_op.add_column(sa.Column("device", sa.String(100), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("seen", sa.String(24), nullable=False, server_default=""))
    op.create_table(
        "sign_in_try",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("place", sa.String(64), nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("sign_in_try", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_try_name", ["name", "at"])
        batch_op.create_index("ix_sign_in_try_place", ["place", "at"])


def downgrade():
    op.drop_table("sign_in_try")
    with op.batch_alter_table("staff_session", schema=None) as batch_op:
        batch_op.drop_column("seen")
        batch_op.drop_column("device")
    with op.batch_alter_table("staff", schema=None) as batch_op:
        for column in ("recovery", "code_used", "codes", "temporary"):
            batch_op.drop_column(column)
