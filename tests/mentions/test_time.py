"""TIME, DURATION and FREQUENCY: spans, labels and normalised values, on sentences of our own."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest
import spacy

from pipeline import lexicon
from pipeline.mentions.time import TimeFinder
from pipeline.mentions.time.cues import PREFIX
from pipeline.schema import TimeValue
from pipeline.structure.found import Found
from pipeline.structure.tokenizer import Tokenizer

VOCAB = spacy.blank("en").vocab
TOKENIZE = Tokenizer(VOCAB)
FINDER = TimeFinder()
MARK = re.compile(r"<([^<>]+)>")
WEEK, MONTH, YEAR, HOUR = 7.0, 30.44, 365.25, 1 / 24


def find(text: str, cues: bool = False) -> list[Found]:
    return [one for one in FINDER.find(TOKENIZE(text)) if cues or not one.rule.startswith(PREFIX)]


def marked(example: str) -> tuple[str, list[tuple[int, int]]]:
    """The text of an example and its marked spans."""
    text, spans, at = "", [], 0
    for match in MARK.finditer(example):
        text += example[at : match.start()]
        spans.append((len(text), len(text) + len(match[1])))
        text += match[1]
        at = match.end()
    return text + example[at:], spans


def only(example: str, cues: bool = False) -> dict[str, Any]:
    """The value of the one expression of an example."""
    text, spans = marked(example)
    found = find(text, cues)
    assert [(one.start, one.end) for one in found] == spans
    value = dict(found[0].value or {})
    TimeValue(**value)
    return value


EXAMPLES = [entry for entry in lexicon.load("time") if entry.columns.get("example")]


@pytest.mark.parametrize("entry", EXAMPLES, ids=[entry.term for entry in EXAMPLES])
def test_each_entry_of_the_lexicon_finds_its_example(entry: lexicon.Entry) -> None:
    text, spans = marked(entry.columns["example"])
    found = find(text, cues=True)
    assert [(one.start, one.end) for one in found] == spans
    if entry.columns.get("rule"):
        assert found[0].rule == entry.columns["rule"]


# What must be found, with its characters.
SPANS = [
    "It began on <12th December 2007> and ended on <Feb. 18, 2016>.",
    "It was seen on <14/9/2005> and on <2011-10-27>.",
    "In <June 2003> he fell; in <January and June 2002> he had not.",
    "In the <beginning of August 2006> she came.",
    "She had surgery in <2005> and again in <early 2009>.",
    "He worked there from <1998 to 2004>.",
    "On <day 28 of hospitalization> ECMO was started.",
    "On <hospital day 2> fever fell, and on <HD 3> it rose.",
    "On the <third day of admission> it rose.",
    "On <POD 9> she left; the <7th postoperative day> was calm.",
    "She left on <postoperative day 6>.",
    "From <day 3 to 9> she slept; <day 1 to day 4> were worse.",
    "On <d 22 to 24> she had pulses; on <d 31> none.",
    "On <day +42> and <D+30> the graft held.",
    "By <week 10 after transplantation> it was gone.",
    "It was seen <6 days since diagnosis>.",
    "It came <2 weeks after rituximab initiation>.",
    "It came <5 months after this surgery>.",
    "It came <1 year after this treatment was started>.",
    "It came <3 months prior to admission>.",
    "It came <two days after birth>.",
    "It was done <two months later>, and <a year earlier> as well.",
    "It was done <more than 10 years ago>.",
    "The <next day> she ate; the <following day> she walked.",
    "On the <same day> she left.",
    "<Over the following 2 weeks> it fell.",
    "<Over the past 3 months> it rose.",
    "For the <past 16 years> she smoked.",
    "During the <first week> she slept.",
    "<After three days> she woke.",
    "<Within 24 hours> she woke.",
    "It was seen at <3, 4, 6, and 10 months after admission>, respectively.",
    "It was normal at <2 and 6 months>.",
    "It was normal at <12-month> follow-up.",
    "It was found at the <age of 7>.",
    "It was found <since the age of 16>.",
    "It was given on <day 15 of cycle 2> and on <C3D1>.",
    "IgG was 3+ and C3d 2+ on <day 5>, and three sessions followed.",
    "The <week before>, she had a cold.",
    "<After a 3-month course of isoniazid>, it healed.",
    "<Following 2 weeks of ceftriaxone>, it healed.",
    "It came in <2014> and again in <mid-2015>.",
    "It was seen at the <age of 16, 18 and 20 years>.",
    "It fell <within hours of arrival>.",
    "He smoked during the <1990s>, and in <May> he stopped.",
    "It was seen on <day 100 post-transplant>.",
    "It was found at <38 years of age>.",
    "It was found at <14 months old>.",
    "At <8:00 am> and <02:15 p.m>. it was high.",
    "He was born at <37 weeks' gestation> or at <36+2 gestational weeks>.",
    "<Twenty-eight months later> it came back.",
    "It lasted <two-and-a-half years>.",
    "A <2-month> history of cough and a <10-day course> of antibiotics.",
    "It went on for <one and a half months>.",
    "It went on for <2 years and 3 months>.",
    "It was given <twice daily> and then <every 6 months>.",
    "It was given <3 times per week>, 50 mg <tid> or 400 mg <q8h>.",
    "He had <8-10 seizures/day>.",
    "On the <day of admission> and the <day before surgery> he ate.",
    "<Six hours postoperatively> he ate.",
    "She was seen <6 weeks post-discharge>.",
    "It improved <after one cycle>.",
    "QT was 600 ms at the <age of 37>, 780 ms later.",
    "It started <a few days before presentation>.",
    "It was repeated <12 h after ingestion>.",
    "It was normal on <days 1, 3, and 7>.",
    "He had been well until <one month before admission>.",
    "On <ICU day 3> he woke.",
    "On <day of life 3> she fed.",
]


@pytest.mark.parametrize("example", SPANS)
def test_spans(example: str) -> None:
    text, spans = marked(example)
    assert [text[one.start : one.end] for one in find(text)] == [text[a:b] for a, b in spans]


# What must not be found.
NOTHING = [
    "A 2-year-old girl came.",
    "A 45-year old man came.",
    "He took 5 mg/day of it.",
    "It ran at 0.4 ug/kg/min.",
    "She may march in.",
    "A second episode followed.",
    "The 24-hour urine protein was 3 g.",
    "The 6-minute walk test was normal.",
    "She walked 400 m in the 6-minute walk test.",
    "The 5-year survival is low.",
    "This was shown before (Smith, 2005).",
    "This was shown by Smith et al. (2005).",
    "The 3D reconstruction was normal.",
    "He took vitamin D 400 IU.",
    "White cells were 2000/uL.",
    "The first patient was well.",
    "A day care centre took him.",
    "Prothrombin time was 14.3 seconds.",
    "Activities of daily living were normal.",
    "It was a one-time dose.",
    "It is shown (Fig. 1d).",
    "He passed 50 ml in 24 h.",
]


@pytest.mark.parametrize("text", NOTHING)
def test_what_is_no_time(text: str) -> None:
    assert [text[one.start : one.end] for one in find(text)] == []


VALUES: list[tuple[str, dict[str, Any]]] = [
    ("on <12th December 2007>", {"kind": "date", "date": "2007-12-12"}),
    ("on <December 19, 2014>", {"kind": "date", "date": "2014-12-19"}),
    ("on <14/9/2005>", {"kind": "date", "date": "2005-09-14"}),
    ("on <2011-10-27>", {"kind": "date", "date": "2011-10-27"}),
    ("on <3/4/2005>", {"kind": "unresolved", "reason": "day_and_month_ambiguous"}),
    ("in <June 2003>", {"kind": "date", "date": "2003-06", "granularity": "month"}),
    ("in <January and June 2002>", {"kind": "date", "date": "2002-01", "date_end": "2002-06"}),
    ("from <November 2011 to March 2012>", {"kind": "date", "date": "2011-11", "date_end": "2012-03"}),
    ("in <2005>", {"kind": "date", "date": "2005", "granularity": "year"}),
    ("on <hospital day 2>", {"kind": "day_number", "reference": "admission", "low": 2, "high": 2}),
    ("on <day 28 of hospitalization>", {"kind": "day_number", "reference": "admission", "low": 28}),
    ("on the <third day of admission>", {"kind": "day_number", "reference": "admission", "low": 3}),
    ("on <POD 9>", {"kind": "day_number", "reference": "surgery", "low": 9}),
    ("on the <7th postoperative day>", {"kind": "day_number", "reference": "surgery", "low": 7}),
    ("on <ICU day 3>", {"kind": "day_number", "reference": "icu", "low": 3}),
    ("on <day of life 3>", {"kind": "day_number", "reference": "birth", "low": 3}),
    ("on <day 11>", {"kind": "day_number", "low": 11, "high": 11}),
    ("on <day -3>", {"kind": "day_number", "low": -3, "high": -3}),
    ("from <day 3 to 9>", {"kind": "day_number", "low": 3, "high": 3, "until_low": 9, "until_high": 9}),
    ("on <days 1, 3, and 7>", {"kind": "day_number", "points": ((1, 1), (3, 3), (7, 7))}),
    ("seen <6 days since diagnosis>", {"kind": "offset", "reference": "diagnosis", "low": 6, "high": 6}),
    ("seen <2 weeks after rituximab initiation>", {"reference": "event", "low": 14, "high": 14}),
    ("seen <5 months after this surgery>", {"reference": "surgery", "low": 5 * MONTH, "high": 5 * MONTH}),
    ("seen <3 months prior to admission>", {"reference": "admission", "low": -3 * MONTH, "high": -3 * MONTH}),
    ("seen <a few months before admission>", {"low": -6 * MONTH, "high": -2 * MONTH, "approximate": True}),
    ("seen <2-3 weeks after discharge>", {"reference": "discharge", "low": 14, "high": 21}),
    ("seen <about 10 days after discharge>", {"low": 8, "high": 12, "approximate": True}),
    ("seen <two days after birth>", {"reference": "birth", "low": 2, "high": 2}),
    ("seen <two months later>", {"reference": "previous", "low": 2 * MONTH, "direction": "after"}),
    ("seen <a year earlier>", {"reference": "previous", "low": -YEAR, "direction": "before"}),
    ("seen <3 years ago>", {"reference": "now", "low": -3 * YEAR}),
    ("seen <more than 10 years ago>", {"reference": "now", "low": None, "high": -10 * YEAR}),
    ("The <next day> she ate", {"reference": "previous", "low": 1, "high": 1}),
    ("On the <same day> she left", {"reference": "same", "low": 0, "high": 0}),
    ("<over the following 2 weeks>", {"reference": "previous", "low": 0, "until_low": 14, "until_high": 14}),
    ("<over the past 3 months>", {"reference": "now", "low": -3 * MONTH, "until_high": 0}),
    ("during the <first week of treatment>", {"reference": "treatment", "low": 0, "high": 7}),
    ("<after three days> she woke", {"reference": "previous", "low": 3, "high": 3}),
    ("<after 2 weeks of dialysis>", {"reference": "event", "low": 14, "high": 14}),
    ("<within 24 hours of admission>", {"reference": "admission", "low": 0, "high": 1}),
    ("at <3, 4, and 10 months after discharge>", {"points": tuple((n * MONTH,) * 2 for n in (3, 4, 10))}),
    ("at <2 and 6 months>", {"kind": "offset", "points": ((2 * MONTH, 2 * MONTH), (6 * MONTH, 6 * MONTH))}),
    ("at the <age of 7>", {"kind": "age", "low": 7 * YEAR, "high": 8 * YEAR}),
    ("at <14 months old>", {"kind": "age", "low": 14 * MONTH}),
    ("at <8:00 am>", {"kind": "clock", "low": 1 / 3}),
    ("at <02:15 p.m>", {"kind": "clock", "low": 14.25 / 24}),
    ("at <37 weeks' gestation>", {"kind": "offset", "reference": "pregnancy", "low": 259}),
    ("for <one and a half months>", {"kind": "duration", "low": 1.5 * MONTH}),
    ("for <2 years and 3 months>", {"kind": "duration", "low": 2 * YEAR + 3 * MONTH}),
    ("for <half an hour>", {"kind": "duration", "low": HOUR / 2}),
    ("for <21⁄2 months>", {"kind": "duration", "low": 2.5 * MONTH}),
    ("for <several weeks>", {"kind": "duration", "low": 21, "high": 63, "approximate": True}),
    ("for <at least 6 months>", {"kind": "duration", "low": 6 * MONTH, "high": None}),
    ("<six hours postoperatively>", {"reference": "surgery", "low": 0.25}),
    ("given <twice daily>", {"kind": "frequency", "low": 0.5}),
    ("given <3 times per week>", {"kind": "frequency", "low": WEEK / 3}),
    ("given <every 6 months>", {"kind": "frequency", "low": 6 * MONTH}),
    ("given <every 4 to 6 weeks>", {"kind": "frequency", "low": 28, "high": 42}),
    ("400 mg <q 12 h>", {"kind": "frequency", "low": 0.5}),
    ("in the <2 weeks before admission>", {"low": -14, "high": -14, "until_low": 0, "until_high": 0}),
    ("seen <one month post-operatively>", {"reference": "surgery", "low": MONTH}),
    ("was born at <38 weeks>", {"reference": "pregnancy", "low": 266}),
    ("was cyanotic at <12 hours of life>", {"kind": "age", "low": 0.5, "high": 0.5}),
    ("on <day 5 of illness>", {"kind": "day_number", "reference": "onset", "low": 5}),
    ("at <28 + 3 weeks' gestation>", {"reference": "pregnancy", "low": 199, "high": 199}),
    ("at <weeks 0 and 2>", {"kind": "offset", "points": ((0, 0), (7, 14))}),
    ("lost 3 kg in <5 months>", {"kind": "duration", "low": 5 * MONTH}),
    ("seen <two hours after admission to the intensive care unit>.", {"reference": "icu"}),
    ("seen <6 days before visiting the emergency room>.", {"reference": "presentation", "low": -6}),
    ("had <8-10 episodes per day>", {"kind": "frequency", "low": 0.1, "high": 0.125}),
]  # fmt: skip


@pytest.mark.parametrize(("example", "fields"), VALUES)
def test_values(example: str, fields: dict[str, Any]) -> None:
    value = only(example)
    for name, expected in fields.items():
        got = value.get(name)
        if isinstance(expected, float | int) and not isinstance(expected, bool):
            assert got == pytest.approx(expected, abs=1e-4), name
        elif name == "points":
            assert [pair for point in got for pair in point] == pytest.approx(
                [n for p in expected for n in p], abs=1e-4
            )
        else:
            assert got == expected, name


CUES = [
    ("<on admission> he was well", "admission", "at", "admission"),
    ("He was well <before discharge>.", "discharge", "before", "discharge"),
    ("He was weaned <during ECMO>.", "event", "during", "ECMO"),
    ("<After the biopsy>, he bled.", "event", "after", "the biopsy"),
    ("He bled <at the time of admission>.", "admission", "at", "admission"),
    ("<Following cardiopulmonary bypass> he bled.", "event", "after", "cardiopulmonary bypass"),
]


@pytest.mark.parametrize(("example", "reference", "direction", "phrase"), CUES)
def test_named_events_are_cues(example: str, reference: str, direction: str, phrase: str) -> None:
    value = only(example, cues=True)
    text, _ = marked(example)
    assert (value["kind"], value["reference"], value["direction"]) == ("event", reference, direction)
    assert text[value["reference_start"] : value["reference_end"]] == phrase


REFERENCES = [
    ("seen <2 weeks after rituximab initiation>.", "rituximab initiation"),
    ("seen <2 weeks after the initiation of rituximab>, he", "the initiation of rituximab"),
    ("seen <6 days after starting prednisone>, he", "starting prednisone"),
    ("seen <6 days after admission to our hospital> with fever", "admission to our hospital"),
    ("seen <13 months after the initial diagnosis>.", "the initial diagnosis"),
    ("seen <1 year after this treatment was started>, he", "this treatment was started"),
    ("seen <3 days after symptom onset> by him", "symptom onset"),
]


@pytest.mark.parametrize(("example", "phrase"), REFERENCES)
def test_references_keep_their_characters(example: str, phrase: str) -> None:
    value = only(example)
    text, _ = marked(example)
    assert text[value["reference_start"] : value["reference_end"]] == phrase


def test_expressions_do_not_overlap() -> None:
    found = find(
        "On day 3 of admission, 2 weeks after surgery, at 8 pm on June 3, 2012, he slept for 3 days.", True
    )
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert len(found) == 5
