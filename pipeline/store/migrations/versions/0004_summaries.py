"""What the review's queue tells of an extraction, computed once; filled here for those that are there."""

from collections.abc import Sequence
from itertools import groupby
from math import fsum
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
MANY = 500  # extractions at a time

EVENTS = sa.table(
    "events",
    *(sa.column(name) for name in ("extraction_id", "name", "day_low", "day_high", "confidence")),
)
WARNINGS = sa.table("warnings", sa.column("extraction_id"), sa.column("code"))
EXTRACTIONS = sa.table("extractions", sa.column("id"))


def upgrade() -> None:
    """Creates the table and fills it."""
    summaries = op.create_table(
        "summaries",
        sa.Column("extraction_id", sa.String(length=32), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("contradictions", sa.Integer(), nullable=False),
        sa.Column("doubt", sa.Float(), nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["extraction_id"], ["extractions.id"], name=op.f("fk_summaries_extraction_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("extraction_id", name=op.f("pk_summaries")),
    )
    connection = op.get_bind()
    ids = connection.execute(sa.select(EXTRACTIONS.c.id).order_by(EXTRACTIONS.c.id)).scalars().all()
    for first in range(0, len(ids), MANY):
        connection.execute(sa.insert(summaries), _rows(connection, ids[first : first + MANY]))


def _rows(connection: sa.Connection, ids: Sequence[str]) -> list[dict[str, Any]]:
    """The rows of some extractions."""
    e, w = EVENTS.c, WARNINGS.c
    told = connection.execute(sa.select(*e).where(e.extraction_id.in_(ids)).order_by(e.extraction_id))
    events = {id: list(rows) for id, rows in groupby(told, key=lambda row: row.extraction_id)}
    counts = sa.select(w.extraction_id, sa.func.count()).where(
        w.extraction_id.in_(ids), w.code == "contradiction"
    )
    contradictions = dict(connection.execute(counts.group_by(w.extraction_id)).tuples().all())
    return [
        {
            "extraction_id": id,
            "events": len(events.get(id, ())),
            "contradictions": contradictions.get(id, 0),
            "doubt": fsum((0.5 * contradictions.get(id, 0), *map(_doubt, events.get(id, ())))),
            "names": "\n".join(sorted({row.name.lower() for row in events.get(id, ())})),
        }
        for id in ids
    ]


def _doubt(event: Any) -> float:
    """The doubt of a row of events, as it was counted when this version was made."""
    low, high = event.day_low, event.day_high
    slack = 0.0
    if low is None and high is None:
        slack = 0.1
    elif low is None or high is None or high - low > 7.0:
        slack = 0.05
    return float(1.0 - event.confidence + slack)
