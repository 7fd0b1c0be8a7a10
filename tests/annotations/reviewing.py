"""Reviews of small stores, made by hand."""

from annotations.review import service
from caseline import extract
from pipeline.reader import read_bytes
from pipeline.store import reviews, writing
from pipeline.store.reviews import Decision


def keep(store, **texts):
    """Extracts and stores texts by id."""
    for id, text in texts.items():
        document = read_bytes(text.encode(), id, f"/texts/{id}.txt")
        found = extract(document)
        writing.use(store, found.produced_by.config, "0.1.0", {})
        writing.save(store, document, found, writing.Item(f"/texts/{id}.txt", "0" * 64), run=None)


def review(store, id, *decisions, layer="ann", author=None, done=True):
    """Decides, and calls the document done; the record as it is left."""
    seen = service.shown(store, id, layer).revision
    made = [*decisions, *([Decision("document_done")] if done else [])]
    shown = service.decide(store, id, layer, author or layer, made, seen=seen)
    if done and layer != "adjudicated":
        reviews.assign(store, id, layer, "annotator", layer, "done")
    return shown.record


def extraction(store, id):
    """The document as extracted."""
    return service.shown(store, id, "nobody").extraction


def event(record, name):
    """The first event of that name."""
    return next(e for case in record.cases for e in case.events if e.name == name)


def mention(record, text, label=None):
    """The first mention with these characters."""
    return next(m for m in record.mentions if m.text == text and label in (None, m.label))


def added(record, text, label, **fields):
    """The decision that marks these characters of a record."""
    start = record.text.index(text)
    return Decision("add_mention", after={"label": label, "start": start, "end": start + len(text), **fields})
