"""The errors of the store; messages name no text of a document."""


class StoreError(Exception):
    """The store cannot be opened, is damaged, or refuses what it was given; the message is one line."""


class NewerStoreError(StoreError):
    """The store was written by a newer caseline."""


class StaleReviewError(StoreError):
    """Somebody decided in the meantime; the decisions were not taken."""
