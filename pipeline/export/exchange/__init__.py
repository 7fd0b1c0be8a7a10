"""What the exchange formats share: errors that name their place, bounded JSON, texts, and building the records.

A format module has ``write(extractions)``, which yields (file name, bytes), and ``read(path, originals)``, which yields
records of the annotation layer: text, mentions and relations. Cases and events are not exchanged: they follow from
the mentions. All offsets of the records are code points, end exclusive.
"""

from pipeline.export.exchange.build import Building
from pipeline.export.exchange.carried import Carried, carried, extra
from pipeline.export.exchange.errors import ExchangeError, Place
from pipeline.export.exchange.originals import Original, Originals, file_name, id_of

__all__ = [
    "Building", "Carried", "ExchangeError", "Original", "Originals", "Place", "carried", "extra", "file_name", "id_of",
]  # fmt: skip
