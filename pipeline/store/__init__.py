"""What was read and found, kept: documents with versions, extractions, failures, runs, review decisions.

``open_store`` gives a ``Store``; the modules hold what is done with one::

    from pipeline.store import open_store
    from pipeline.store import reading, reviews, writing

    store = open_store()                              # or a path, or postgresql://user@host/name
    extraction = reading.extraction(store, "PMC123")  # the record as it was extracted
    reviews.decide(store, "PMC123", "ann", ...)
"""

from pipeline.store.errors import NewerStoreError, StaleReviewError, StoreError
from pipeline.store.store import Store, now, open_store

__all__ = ["NewerStoreError", "StaleReviewError", "Store", "StoreError", "now", "open_store"]
