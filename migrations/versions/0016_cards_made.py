"""When an exhibitor's access card was made, and wrong PINs at booths without one.

Revision ID: 0016
Revises: 0015


"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("exhibitor", schema=None) as batch_op:
        batch_op.add_column(sa.Column("card_made", sa.String(30), nullable=False, server_default=""))
    with op.batch_alter_table("access_attempt", schema=None) as batch_op:
        batch_op.alter_column("card_id", existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(sa.Column("door", sa.String(36), nullable=False, server_default=""))
        batch_op.create_index("ix_access_attempt_door", ["door", "at"], unique=False)


def downgrade():
    op.execute(sa.text("DELETE FROM access_attempt WHERE card_id IS NULL"))
    with op.batch_alter_table("access_attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_access_attempt_door")
        batch_op.drop_column("door")
        batch_op.alter_column("card_id", existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("exhibitor", schema=None) as batch_op:
        batch_op.drop_column("card_made")
