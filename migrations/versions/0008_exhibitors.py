"""Exhibitors sign in, keep contacts and photos.

Revision ID: 0008
Revises: 0007


"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "access_card",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exhibitor", sa.String(length=36), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("pin", sa.String(length=200), nullable=False),
        sa.Column("made", sa.String(length=24), nullable=False),
        sa.Column("revoked", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("secret"),
    )
    with op.batch_alter_table("access_card", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_access_card_exhibitor"), ["exhibitor"], unique=False)

    op.create_table(
        "held_edit",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("exhibitor", sa.String(length=20), nullable=False),
        sa.Column("edit", sa.JSON(), nullable=False),
        sa.Column("received", sa.String(length=24), nullable=False),
        sa.Column("declined", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("held_edit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_held_edit_exhibitor"), ["exhibitor"], unique=False)

    op.create_table(
        "lead",
        sa.Column("exhibitor", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("request", sa.String(length=36), nullable=True),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("organisation", sa.String(length=300), nullable=False),
        sa.Column("town", sa.String(length=300), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("whatsapp", sa.String(length=20), nullable=True),
        sa.Column("email", sa.String(length=300), nullable=True),
        sa.Column("interest", sa.String(length=300), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("lang", sa.String(length=20), nullable=False),
        sa.Column("consent", sa.String(length=20), nullable=False),
        sa.Column("consent_lang", sa.String(length=20), nullable=False),
        sa.Column("at", sa.String(length=30), nullable=False),
        sa.Column("erased", sa.Boolean(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("lead", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lead_exhibitor"), ["exhibitor"], unique=False)

    op.create_table(
        "remark",
        sa.Column("exhibitor", sa.String(length=20), nullable=False),
        sa.Column("lead", sa.String(length=36), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("by", sa.String(length=300), nullable=False),
        sa.Column("at", sa.String(length=30), nullable=False),
        sa.Column("erased", sa.Boolean(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("remark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_remark_exhibitor"), ["exhibitor"], unique=False)
        batch_op.create_index(batch_op.f("ix_remark_lead"), ["lead"], unique=False)

    op.create_table(
        "photo",
        sa.Column("exhibitor", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=300), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("photo", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_photo_exhibitor"), ["exhibitor"], unique=False)

    op.create_table(
        "picture",
        sa.Column("hash", sa.String(length=32), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_table(
        "access_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["card_id"], ["access_card.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("access_attempt", schema=None) as batch_op:
        batch_op.create_index("ix_access_attempt_card", ["card_id", "at"], unique=False)

    op.create_table(
        "exhibitor_phone",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("started", sa.String(length=24), nullable=False),
        sa.Column("seen", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["card_id"], ["access_card.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("exhibitor_phone", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exhibitor_phone_card_id"), ["card_id"], unique=False)


def downgrade():
    with op.batch_alter_table("exhibitor_phone", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exhibitor_phone_card_id"))

    op.drop_table("exhibitor_phone")
    with op.batch_alter_table("access_attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_access_attempt_card")

    op.drop_table("access_attempt")
    op.drop_table("picture")
    with op.batch_alter_table("photo", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_photo_exhibitor"))

    op.drop_table("photo")
    with op.batch_alter_table("remark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_remark_lead"))
        batch_op.drop_index(batch_op.f("ix_remark_exhibitor"))

    op.drop_table("remark")
    with op.batch_alter_table("lead", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lead_exhibitor"))

    op.drop_table("lead")
    with op.batch_alter_table("held_edit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_held_edit_exhibitor"))

    op.drop_table("held_edit")
    with op.batch_alter_table("access_card", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_card_exhibitor"))

    op.drop_table("access_card")
