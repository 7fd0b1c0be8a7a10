"""A user's entity model: off by default, named by the configuration, adds what no finder has."""

from __future__ import annotations

import pytest
import spacy
from spacy.vocab import Vocab

from pipeline.build import ROOM, build_nlp
from pipeline.mentions.entities import LABELS, EntityFinder
from pipeline.structure.found import Found, add
from pipeline.structure.tokenizer import Tokenizer

TEXT = "She was given compound zeta and aspirin for her gout."


@pytest.fixture
def model(tmp_path):
    """A model on disk that knows three words and a label that nobody asked for."""
    nlp = spacy.blank("en")
    nlp.meta["version"] = "0.5.4"
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns(
        [
            {"label": "CHEMICAL", "pattern": "compound zeta"},
            {"label": "CHEMICAL", "pattern": "aspirin"},
            {"label": "DISEASE", "pattern": "gout"},
            {"label": "PERSON", "pattern": "She"},
        ]
    )
    nlp.to_disk(tmp_path / "model")
    return str(tmp_path / "model")


def finder(model, version="0.5.4"):
    return EntityFinder(model=model, version=version, labels=LABELS, confidence=0.6)


def test_it_adds_what_no_finder_has(model):
    doc = add(Tokenizer(Vocab())(TEXT), [Found(32, 39, "DRUG", "drug.lexicon")])
    found = list(finder(model).find(doc))
    assert [(TEXT[f.start : f.end], f.label, f.rule, f.confidence) for f in found] == [
        ("compound zeta", "DRUG", f"model.{model}", 0.6),
        ("gout", "DIAGNOSIS", f"model.{model}", 0.6),
    ]


def test_it_is_off_unless_the_configuration_names_a_model():
    config = spacy.util.load_config(ROOM / "config.cfg")
    assert config["components"]["entities"]["model"] is None
    assert list(finder(None).find(Tokenizer(Vocab())(TEXT))) == []


def test_the_configuration_switches_it_on(model, monkeypatch, tmp_path):
    config = spacy.util.load_config(ROOM / "config.cfg")
    config["components"]["entities"].update(model=model, version="0.5.4")
    config.to_disk(tmp_path / "config.cfg")
    monkeypatch.setattr("pipeline.build.ROOM", tmp_path)
    doc = build_nlp()("She was given compound zeta on day 3.")
    assert [one.rule for one in doc._.found if one.label == "DRUG"] == [f"model.{model}"]


def test_a_model_that_is_not_installed_is_named():
    with pytest.raises(ValueError, match="'en_ner_bc5cdr_md' of the configuration is not installed"):
        finder("en_ner_bc5cdr_md")


def test_another_version_is_refused(model):
    with pytest.raises(ValueError, match=r"installed in version 0\.5\.4, the configuration says 0\.5\.1"):
        finder(model, "0.5.1")
