import json
import re

import pytest

from pipeline.export.withheld import withhold
from pipeline.schema import Extraction
from tests.conftest import SAMPLES

STAYS = (
    "start",
    "end",
    "value",
    "unit",
    "day_low",
    "day_high",
    "offset_low",
    "sha256",
    "rule",
    "label",
    "comparator",
)


def leaves(value, key=""):
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, key)
    else:
        yield key, value


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_nothing_is_quoted_and_the_values_stay(sample, path):
    whole = sample(path.stem)
    bare = withhold(whole)
    bare.check()
    assert bare.text == ""
    before, after = (json.loads(one.model_dump_json()) for one in (whole, bare))
    assert [x for x in leaves(before) if x[0] in STAYS] == [x for x in leaves(after) if x[0] in STAYS]
    quoted = {
        m.text for m in whole.mentions if m.label in ("TIME", "DURATION", "AGE") and len(m.text.split()) > 2
    }
    written = " ".join(str(value) for _, value in leaves(after))
    assert not [text for text in quoted if text in written]
    assert not re.search(r"Case report|CASE REPORT", written)


def test_a_record_without_its_text_may_not_quote(sample):
    bare = withhold(sample("anti-gbm-disease"))
    assert Extraction.model_validate_json(bare.model_dump_json()) == bare
    first = bare.mentions[0].model_copy(update={"text": "58-year-old"})
    with pytest.raises(ValueError, match=first.id):
        bare.model_copy(update={"mentions": (first,)}).check()
    with pytest.raises(ValueError, match="withheld"):
        bare.model_copy(update={"text": "words"}).check()


def test_words_that_no_lexicon_has_go(sample):
    names = [e.name for case in withhold(sample("liver-abscess-dates")).cases for e in case.events]
    assert "ceftriaxone" in names
    assert "" in names
