"""What the floor team does: walk-ins, cards handed out, troubles.

Revision ID: 0014
Revises: 0013


"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("exhibitor", schema=None) as batch_op:
        batch_op.add_column(sa.Column("walk_in", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("card_given", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("card_digest", sa.String(300), nullable=False, server_default=""))
    op.create_table(
        "trouble",
        sa.Column("exhibitor", sa.String(length=36), nullable=True),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("picture", sa.String(length=300), nullable=False),
        sa.Column("at", sa.String(length=30), nullable=False),
        sa.Column("solved", sa.Boolean(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade():
    op.drop_table("trouble")
    with op.batch_alter_table("exhibitor", schema=None) as batch_op:
        batch_op.drop_column("card_digest")
        batch_op.drop_column("card_given")
        batch_op.drop_column("walk_in")
