"""The tables of the store, the same on SQLite and PostgreSQL.

``contents`` holds each text once, whatever the number of documents that have it. ``extractions.record`` is the
record as extracted, without its text; ``mentions``, ``relations``, ``cases``, ``events`` and ``warnings`` repeat it
in rows that can be queried; ``summaries`` has what a list of documents tells of each. Moments are UTC, ISO 8601, seconds. Columns that hold JSON are named in ``JSON``.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(32), nullable=False),  # process, harvest, reprocess
    Column("name", String(200)),  # of the saved query
    Column("owner", String(200), nullable=False),  # host:pid
    Column("fingerprint", String(64), nullable=False),
    Column("started", String(32), nullable=False),
    Column("finished", String(32)),
    Column("state", String(16), nullable=False),  # running, finished, failed
    Column("counts", Text, nullable=False, default="{}"),
    Column("report", Text),
    Column(
        "options", Text, nullable=False, server_default="{}"
    ),  # {"lexicons": paths}: a retry needs the same
)

fingerprints = Table(
    "fingerprints",
    metadata,
    Column("fingerprint", String(64), primary_key=True),
    Column("caseline", String(32), nullable=False),
    Column("components", Text, nullable=False),
    Column("first_used", String(32), nullable=False),
)

lexicons = Table(
    "lexicons",  # the words of each, so that a later one can be compared with it
    metadata,
    Column("hash", String(32), primary_key=True),  # as fingerprints.components has it
    Column("data", LargeBinary, nullable=False),  # zlib
)

contents = Table(
    "contents",
    metadata,
    Column("key", String(64), primary_key=True),  # of the text and the layout that its reader gave
    Column("text_sha256", String(64), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("layout", Text, nullable=False),
    Column("words", Integer, nullable=False),
)

documents = Table(
    "documents",
    metadata,
    Column("id", String(512), primary_key=True),
    Column("title", Text),
    Column("pmcid", String(32), index=True),
    Column("pmid", String(32), index=True),
    Column("doi", String(256), index=True),
    Column("state", String(16), nullable=False),  # current, withdrawn
    Column("reason", Text),  # why it was withdrawn
    Column("version", Integer, nullable=False),  # the current one
    Column("extraction_id", String(32), index=True),  # the current one
)

versions = Table(
    "versions",
    metadata,
    Column("document_id", String(512), ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("content_key", String(64), ForeignKey("contents.key"), nullable=False, index=True),
    Column("source", Text, nullable=False),
    Column("added", String(32), nullable=False),
    Column("run_id", Integer, ForeignKey("runs.id")),
)

extractions = Table(
    "extractions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("document_id", String(512), nullable=False),
    Column("version", Integer, nullable=False),
    Column("fingerprint", String(64), ForeignKey("fingerprints.fingerprint"), nullable=False),
    Column("content_key", String(64), ForeignKey("contents.key"), nullable=False),
    Column("record", Text, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("added", String(32), nullable=False),
    Column("run_id", Integer, ForeignKey("runs.id")),
    ForeignKeyConstraint(
        ["document_id", "version"], ["versions.document_id", "versions.number"], ondelete="CASCADE"
    ),
    UniqueConstraint("document_id", "version", "fingerprint"),
    Index("ix_extractions_content", "content_key", "fingerprint"),
)


carried = Table(
    "carried",  # extractions that a later pipeline would make again just so
    metadata,
    Column("extraction_id", String(32), ForeignKey("extractions.id", ondelete="CASCADE"), primary_key=True),
    Column("fingerprint", String(64), ForeignKey("fingerprints.fingerprint"), primary_key=True),
)


def _of_extraction(*columns: Column[str]) -> tuple[Column[str], ...]:
    key = Column(
        "extraction_id", String(32), ForeignKey("extractions.id", ondelete="CASCADE"), primary_key=True
    )
    return (key, *columns)


mentions = Table(
    "mentions",
    metadata,
    *_of_extraction(Column("id", String(16), primary_key=True)),
    Column("position", Integer, nullable=False),
    Column("label", String(32), nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("name", Text),
    Column("section", String(32), nullable=False),
    Column("case_id", String(16)),
    Column("negated", Boolean, nullable=False),
    Column("hypothetical", Boolean, nullable=False),
    Column("historical", Boolean, nullable=False),
    Column("family", Boolean, nullable=False),
    Column("patient", Boolean, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("rule", String(128), nullable=False),
)

relations = Table(
    "relations",
    metadata,
    *_of_extraction(),
    Column("position", Integer, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("head", String(16), nullable=False),
    Column("tail", String(16), nullable=False),
    Column("confidence", Float, nullable=False),
    Column("rule", String(128), nullable=False),
)

cases = Table(
    "cases",
    metadata,
    *_of_extraction(Column("id", String(16), primary_key=True)),
    Column("reported", String(16), nullable=False),
    Column("age_years", Float),
    Column("sex", String(16)),
    Column("anchor", Text),
)

events = Table(
    "events",
    metadata,
    *_of_extraction(
        Column("case_id", String(16), primary_key=True), Column("id", String(16), primary_key=True)
    ),
    Column("kind", String(16), nullable=False),
    Column("name", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("action", String(16)),
    Column("status", String(16), nullable=False),
    Column("day_low", Float),
    Column("day_high", Float),
    Column("basis", String(16), nullable=False),
    Column("dose_value", Float),
    Column("dose_unit", Text),
    Column("value", Float),
    Column("value_unit", Text),
    Column("from_table", Boolean, nullable=False),
    Column("rank", Integer, nullable=False),  # Event.order; the word is SQL's
    Column("confidence", Float, nullable=False),
)

warnings = Table(
    "warnings",
    metadata,
    *_of_extraction(),
    Column("position", Integer, primary_key=True),
    Column("code", String(64), nullable=False),
    Column("message", Text, nullable=False),
    Column("start", Integer),
    Column("end", Integer),
)

summaries = Table(
    "summaries",
    metadata,
    *_of_extraction(),
    Column("events", Integer, nullable=False),
    Column("contradictions", Integer, nullable=False),
    Column("doubt", Float, nullable=False),
    Column("names", Text, nullable=False),  # of its events, lower case, one a line: for the search
)

items = Table(
    "items",
    metadata,
    Column("uri", String(1024), primary_key=True),  # a file, or source:article
    Column("raw_sha256", String(64), nullable=False),  # of the bytes as they came
    Column("document_id", String(512), index=True),
    Column("version", Integer),
    Column("state", String(16), nullable=False),  # done, failed, not_open, withdrawn
    Column("seen", String(32), nullable=False),
    Column("run_id", Integer, ForeignKey("runs.id")),
)

failures = Table(
    "failures",
    metadata,
    Column("uri", String(1024), primary_key=True),
    Column("raw_sha256", String(64), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("kind", String(16), nullable=False),  # read, time_limit, crash, error, fetch
    Column("reason", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("first", String(32), nullable=False),
    Column("last", String(32), nullable=False),
    Column("run_id", Integer, ForeignKey("runs.id")),
)

claims = Table(
    "claims",
    metadata,
    Column("content_key", String(64), primary_key=True),
    Column("fingerprint", String(64), primary_key=True),
    Column("owner", String(200), nullable=False),  # host:pid
    Column("until", String(32), nullable=False),
)

fetched = Table(
    "fetched",
    metadata,
    Column("uri", String(1024), primary_key=True),  # source:article
    Column("sha256", String(64), nullable=False),
    Column("data", LargeBinary, nullable=False),  # zlib
    Column("etag", String(256)),
    Column("facts", Text, nullable=False),  # licence, version, retraction as the source tells them
    Column("fetched", String(32), nullable=False),
)

harvests = Table(
    "harvests",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("source", String(32), nullable=False),
    Column("query", Text, nullable=False),
    Column("cron", String(64)),
    Column("cursor", Text),  # where an interrupted listing goes on
    Column("since", String(32)),  # the last complete run
    Column("added", String(32), nullable=False),
    Column("lexicons", Text, nullable=False, server_default="[]"),  # paths of the user's own
)

layers = Table(
    "layers",
    metadata,
    Column("document_id", String(512), ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("layer", String(64), primary_key=True),  # an annotator's name, or "adjudicated"
    Column("revision", Integer, nullable=False),  # the number of the last decision
)

decisions = Table(
    "decisions",
    metadata,
    Column("document_id", String(512), primary_key=True),
    Column("layer", String(64), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("extraction_id", String(32), nullable=False),  # what was on the screen
    Column("author", String(64), nullable=False),
    Column("at", String(32), nullable=False),
    Column("kind", String(32), nullable=False),  # reviews.KINDS
    Column("target", String(64)),  # a mention, event, case or relation
    Column("before", Text),
    Column("after", Text),
    Column("note", Text),
    Column("batch", String(64)),  # decisions that were made, and are undone, together
    Column("undoes", Integer),  # the revision that this one takes back
    ForeignKeyConstraint(
        ["document_id", "layer"], ["layers.document_id", "layers.layer"], ondelete="CASCADE"
    ),
    Index("ix_decisions_target", "document_id", "target"),
    Index("ix_decisions_author", "author", "at"),
)

assignments = Table(
    "assignments",
    metadata,
    Column("document_id", String(512), ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("annotator", String(64), primary_key=True),
    Column("role", String(16), nullable=False),  # annotator, adjudicator
    Column("state", String(16), nullable=False),  # open, started, done
    Column("assigned_by", String(64), nullable=False),
    Column("at", String(32), nullable=False),
)

duplicates = Table(
    "duplicates",
    metadata,
    Column("first", String(600), primary_key=True),  # document#case; first < second
    Column("second", String(600), primary_key=True),
    Column("score", Float, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("decision", String(16)),  # same, different, unsure; null while nobody has looked
    Column("author", String(64)),
    Column("at", String(32)),
)

accounts = Table(
    "accounts",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("role", String(16), nullable=False),  # annotator, adjudicator, admin
    Column("password", String(256), nullable=False),  # scrypt, with its parameters and salt
    Column("active", Boolean, nullable=False),
    Column("made", String(32), nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_sha256", String(64), primary_key=True),
    Column("account", String(64), ForeignKey("accounts.name", ondelete="CASCADE"), nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("until", String(32), nullable=False),
)

attempts = Table(
    "attempts",  # failed log-ins, so that guessing is slow
    metadata,
    Column("key", String(128), primary_key=True),  # account or address
    Column("count", Integer, nullable=False),
    Column("last", String(32), nullable=False),
)

# Columns that hold JSON as text: compared byte for byte, on every database.
JSON = {
    "runs": ("counts", "options"),
    "harvests": ("lexicons",),
    "fingerprints": ("components",),
    "contents": ("layout",),
    "versions": ("source",),
    "extractions": ("record",),
    "cases": ("anchor",),
    "fetched": ("facts",),
    "decisions": ("before", "after"),
    "duplicates": ("reasons",),
}
