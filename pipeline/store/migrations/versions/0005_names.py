"""No index over the names of mentions and events: nothing asked it, and it made each document dearer to write than the last."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Drops both."""
    op.drop_index("ix_mentions_name", "mentions", if_exists=True)
    op.drop_index("ix_events_name", "events", if_exists=True)
