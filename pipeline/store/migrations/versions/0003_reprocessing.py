"""What a later run needs of an earlier one: its lexicons, its options, what it would do again just so."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Creates the tables and columns."""
    op.create_table(
        "lexicons",
        sa.Column("hash", sa.String(length=32), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_lexicons")),
    )
    op.create_table(
        "carried",
        sa.Column("extraction_id", sa.String(length=32), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["extraction_id"], ["extractions.id"], name=op.f("fk_carried_extraction_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["fingerprint"], ["fingerprints.fingerprint"], name=op.f("fk_carried_fingerprint")
        ),
        sa.PrimaryKeyConstraint("extraction_id", "fingerprint", name=op.f("pk_carried")),
    )
    op.add_column("runs", sa.Column("options", sa.Text(), nullable=False, server_default="{}"))
    op.add_column("harvests", sa.Column("lexicons", sa.Text(), nullable=False, server_default="[]"))
