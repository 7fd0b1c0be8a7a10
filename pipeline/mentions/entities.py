"""DRUG and DIAGNOSIS from a spaCy or scispaCy entity model that the user has installed; off unless configured.

What: the model's entities, by ``labels``, where no finder has a candidate: the lexicons stay the authority. Models differ by
version, so the configuration names the version too; both are part of the fingerprint.
Example: with ``model = "en_ner_bc5cdr_md"`` an investigational name that no list and no stem knows is a DRUG.
Requires: doc._.text, doc._.found. Assigns: doc.spans, doc._.found.
Options: ``model``, a package name or path, null for none; ``version``, the model's own; ``labels``, its labels to ours;
``confidence``, which stays below that of the lexicons.
Source: https://allenai.github.io/scispacy/ (the models are not part of caseline; models/README.md says how).
"""

from collections.abc import Iterator

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.mentions.finder import Finder
from pipeline.structure.found import Found, candidates

LABELS = {"CHEMICAL": "DRUG", "DISEASE": "DIAGNOSIS"}
# What names and types of entities do not need.
UNUSED = ("tagger", "parser", "attribute_ruler", "lemmatizer")


class EntityFinder(Finder):
    """What the model finds and nobody else does."""

    def __init__(
        self, *, model: str | None, version: str | None, labels: dict[str, str], confidence: float
    ) -> None:
        self.rule = f"model.{model}"
        self.labels = labels
        self.confidence = confidence
        self.model = None if model is None else _load(model, version)

    def find(self, doc: Doc) -> Iterator[Found]:
        """The entities of the model, in the order of the text."""
        if self.model is None:
            return
        taken = bytearray(len(doc._.text))
        for one in candidates(doc):
            taken[one.start : one.end] = b"\1" * (one.end - one.start)
        for entity in self.model(doc._.text).ents:
            start, end = entity.start_char, entity.end_char
            if entity.label_ in self.labels and not any(taken[start:end]):
                yield Found(start, end, self.labels[entity.label_], self.rule, confidence=self.confidence)


def _load(model: str, version: str | None) -> Language:
    try:
        loaded = spacy.load(model, exclude=UNUSED)
    except OSError as error:
        raise ValueError(
            f"the entity model {model!r} of the configuration is not installed; models/README.md says how, "
            "components.entities.model = null switches it off"
        ) from error
    if loaded.meta["version"] != version:
        raise ValueError(
            f"the entity model {model!r} is installed in version {loaded.meta['version']}, "
            f"the configuration says {version}"
        )
    return loaded


@Language.factory(
    "caseline_entities",
    default_config={"model": None, "version": None, "labels": LABELS, "confidence": 0.6},
    requires=["doc._.text", "doc._.found"],
    assigns=["doc.spans", "doc._.found"],
)
def create_entity_finder(
    nlp: Language,
    name: str,
    model: str | None,
    version: str | None,
    labels: dict[str, str],
    confidence: float,
) -> EntityFinder:
    """The finder behind a user's entity model."""
    return EntityFinder(model=model, version=version, labels=labels, confidence=confidence)
