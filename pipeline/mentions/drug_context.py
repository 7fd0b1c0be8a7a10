"""What stands beside a drug name: its salt and form, a test that it is part of, evidence that it was given.

Example: "<prednisolone acetate> 1%"; "calcium 8.7 mg/dL" is a value, "<calcium> 1 g IV" a drug.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pipeline.structure.found import Found

SPAN = 80
NEAR = 48
"""Characters read before a name: for a susceptibility test, for a word that it was given."""
TESTED = ("esistan", "ensitiv", "uscepti", "MIC", "termedia")
SURE, LIKELY, LISTED, OPEN = 0.95, 0.7, 0.4, 0.0
"""Confidence: a drug's name; an ambiguous name with evidence; a drug tested, not given; no evidence yet."""

SALT = re.compile(
    r"(?:[ -](?:hydrochloride|hcl|sodium|disodium|potassium|calcium|magnesium|phosphate|sul(?:f|ph)ate|"
    r"acetate|maleate|mesyl?ate|mesilate|tosylate|tartrate|bitartrate|citrate|fumarate|succinate|besylate|"
    r"besilate|"
    r"bromide|hydrobromide|chloride|nitrate|carbonate|gluconate|lactate|malate|pamoate|palmitate|propionate|"
    r"dipropionate|valerate|furoate|acetonide|butyrate|hemisuccinate|decanoate|enant?hate|cypionate|pivoxil|"
    r"axetil|proxetil|medoxomil|etexilate|mofetil|disoproxil|alafenamide|trihydrate|dihydrate|"
    r"monohydrate|hydrate|anhydrous|liposomes?|liposomal|alfa|alpha|beta|betadex|lysine|erbumine|"
    r"tromethamine|isethionate|lactobionate|stearate|estolate|ethylsuccinate|edisylate|xinafoate|napsylate|"
    r"embonate|camsylate|ditosylate|diphosphate|bisulfate|mononitrate|dinitrate|hippurate|gluceptate|"
    r"dimesylate|orotate|salicylate|undecanoate|caproate|hexanoate|benzoate|pidolate|aspartate|"
    r"vedotin|emtansine|deruxtecan|ozogamicin|tiuxetan|pegol)(?![\w-]))+",
    re.IGNORECASE,
)
MANNER = re.compile(
    r"[ -](?:(?:steroid[ -])?pulse(?:s\b|[ -](?:therapy|treatment))|replacement(?: therapy)?|supplements|retard|depot|"
    r"(?-i:[XESCMI]R|XL|LA|LAR|ODT)(?! ?[+:(]))\b",
    re.IGNORECASE,
)
"""The manner or form in which a drug acts, part of its name: "venlafaxine XR", "replacement therapy"."""
HEAD = re.compile(r"[ -](?:drugs?|agents?|medications?|medicines?|preparations?)\b", re.IGNORECASE)
CURE = re.compile(r"[ -](?:therap(?:y|ies)|treatments?|prophylaxis)\b", re.IGNORECASE)
BASED = re.compile(
    r"-based (?:(?:combination|adjuvant|induction) )?"
    r"(?:(?:chemo|immuno)?therapy|chemoradiotherapy|chemoradiation|regimens?|treatment)\b",
    re.IGNORECASE,
)
BEFORE = re.compile(r"(?:(?:liposomal|pegylated|low[- ]molecular[- ]weight|\bPEG)[ -]|\b\d-)$", re.IGNORECASE)
TEST_AFTER = re.compile(
    r"(?: \([^()]{1,40}\))?[ -](?:"
    r"(?:(?:serum|plasma|blood|trough|peak|drug) )*(?:levels?|concentrations?|assays?|tit(?:er|re)s?)\b|"
    r"(?:receptor|auto-?antibod|antibod(?:y|ies)\b(?! admin)|deficien|resistan|sensitiv|suscepti|metaboli|"
    r"channel|"
    r"transporter|stimulation|challenge|suppression test|responsive|dependen|refractory|na[i\xef]ve|eluting|"
    r"coated|secret|excreti|uptake|clearance|intermediate|non-?suscepti|non-?responsive|positiv|negativ|"
    r"pathway|associated (?:Ig|antibod|immunoglobulin)|"
    r"embedded|like\b|sparing|gene\b|binding|stain|tests?\b(?! dos)|testing|activity\b|scores?\b|index\b|ratio\b|"
    r"releas(?:e|ing)\b|MICs?\b|synthesis|synthetase|agar|discs?\b|disks?\b|E-?test))",
    re.IGNORECASE,
)
PROPERTY_AFTER = re.compile(
    r"[ -](?:propert|effects?\b|actions?\b|capacit|potential|potency|efficacy)", re.IGNORECASE
)
VALUE_AFTER = re.compile(
    r"(?: \([^()]{1,40}\))?(?: (?:levels?|values?|concentrations?))?(?:[ ,:=(]| was| were| of| is| at)*"
    r"(?:[<>]=? ?)?\d[\d.,]*(?: ?[x*] ?10\S*)?(?: ?- ?\d[\d.,]*)? ?"
    r"(?:m?g/[dD]?[lL]|[mun]?mol/[lL]|m[Ee][qQ]/|[munp]g/(?:d|m)?[lL]|m?[uk]?I?U/(?:m?[lL]|d[lL])|%|/ ?[uL]|/mm|10\^|mmHg)"
)
GIVEN_AFTER = re.compile(
    r"(?: \([^()]{1,40}\))?(?:[ -](?:oral|intravenous|IV|solution))*(?:[ -](?:"
    r"infus|transfus|supplement|replacement|therap|treatment|injection|administration|administered|drip\b|"
    r"tablets?\b|capsules?\b|pump\b|prophylaxis|chemotherapy|regimen|inhalation|support\b|resuscitation|"
    r"bolus|challenge dose|dos(?:e|ing|age)|suspension|"
    r"(?:was|were|had been|has been|is|are) (?:\w+ly |then |also )?(?:given|administered|started|"
    r"initiated|infused|"
    r"transfused|added|prescribed|commenced|discontinued|stopped|tapered|continued|instituted|injected|"
    r"withdrawn|resumed|switched|used|withheld)|"
    r"(?:via|by|through) (?:a )?(?:nasal|face|mask|(?:continuous |intravenous )?(?:infusion|injection))|"
    r"1:\d[\d,]*000)|"
    r",? ?\(?\d[\d.,]*(?: ?- ?\d[\d.,]*)? ?(?:m?g|mcg|ug|microg\w*|micrograms?|(?:million )?units?|"
    r"M?I?U|mU|m[lL]|L)"
    r"(?:/(?:kg|day|d|h|hr|hour|min|m2|week))*(?![\w/]))",
    re.IGNORECASE,
)
GIVEN_BEFORE = re.compile(
    r"(?:\b(?:given|receiv(?:ed?|es|ing)|administer(?:ed|ing)?|(?:administration|infusions?|injections?|"
    r"initiation|"
    r"introduction|transfusions?|discontinuation|cessation|withdrawal|doses?|units?|bags?|bolus(?:es)?|"
    r"courses?|"
    r"cycles?|instillations?|use) of|(?:treat(?:ed|ment|ing)?(?: (?:\d+|[a-z]+) patients)?|therapy|transfused|supplement(?:ed|ation|ing)?|replace(?:d|"
    r"ment)|"
    r"maintained|medicated) with|supplement(?:s|ation)? of|infused|transfused|injected|started(?: on)?|"
    r"starting|weaned (?:off|from)|"
    r"initiated|prescribed|consist(?:ed|ing|s) of|combination of|taking|took|taken?|takes|on|"
    r"(?:high|low|full)[- ]doses?(?: of)?|intravenous|oral|IV|i\.v\.|parenteral|subcutaneous|supplemental|"
    r"inhaled|"
    r"[\d)] ?(?:mg|g|mcg|ug|IU|m[lL]|L|L/min)(?: of)?)"
    r"(?: (?:a|an|the|of|with|and|oral|intravenous|IV|total|daily|packed|additional|exogenous|adjuvant|"
    r"combined|"
    r"prophylactic|supplemental|\d[\d.]*%|(?:high|low)-dose|\d[\d.]* ?(?:mg|g|L|m[lL]|L/min|units?)?))* ?)$",
    re.IGNORECASE,
)
DOSED_AFTER = re.compile(
    r"(?: \([^()]{1,40}\))?(?: (?:was|were|had been|is) (?:then |further )?(?:increased|reduced|raised|lowered|decreased|"
    r"titrated|inhaled|instilled|sprayed|swallowed|set|run|infused)(?: up| down)?| exceed(?:ed|ing)| reached)?"
    r"(?:,? (?:at|in|to|from|by|of|a|an|the|daily|initial|dose|doses|dosage|rate|\d+%,?))*"
    r",? \(?\d[\d.,]*(?: ?(?:-|to|and) ?\d[\d.,]*)? ?(?:[x*] ?10(?:\^|\()?\d\)? ?)?"
    r"(?:(?:m?g|[um]cg|ug|microg(?:rams?)?|ng|(?:million )?units?|M?I?U|mU|m[lL]|L|mEq|mmol)/(?:kg|min|h|hr|hour|m2)\b|"
    r"(?:mg|[um]cg|ug|(?:million )?units|M?I?U)/(?:d|day)\b|ppm\b)",
    re.IGNORECASE,
)
"""An amount that can only be given behind a name: "dopamine was raised to 10 ug/kg/min"."""
HARM_AFTER = re.compile(
    r"[ -](?:induced|related|associated|containing|toxicity|intoxication|overdos|allergy|hypersensitiv|"
    r"anaphyla|"
    r"withdrawal|exposure|ingestion|monotherapy|discontinuation|cessation)",
    re.IGNORECASE,
)
CAUSE_BEFORE = re.compile(
    r"(?:\b(?:(?:caused|induced|precipitated|provoked|triggered|produced) by|(?:due|secondary|attributed|"
    r"responded|responsive) to|"
    r"(?:reactions?|hypersensitivity|sensitivity|allergy|exposure|exposed|response|intoleran(?:t|ce)|addition) (?:to|of)|"
    r"(?:effects?|toxicity|complications?|overdos(?:e|age)|safety|efficacy) (?:of|with|from)|"
    r"associated with|after|following|during|reported with|regimens? (?:of|was|with)))"
    r" (?:(?:the|a|first|exogenous|recombinant|human) ){0,2}$",
    re.IGNORECASE,
)
"""What tells of a drug's harm before its name: "a rash after <insulin>"."""
CAUSE_AFTER = re.compile(
    r"[.,;:)]?(?:$|[\n.,;)]| (?:and|or|in|for|with|was|were|has|had|may|can|on|to|by|alone|as|caus|induc|"
    r"produc|precipitat|provok|result|led|is|are|given|administered)\b)|"
    r" (?:(?:may|can) )?(?:cause[sd]?|induced|produced|precipitated|provoked|triggered)\b"
)
CAUSING_AFTER = re.compile(
    r" (?:(?:may|can) )?(?:caus(?:e|es|ed|ing)|induc(?:es?|ed|ing)|produc(?:ed|ing)|precipitat(?:ed|ing)|"
    r"provok(?:ed|ing)|triggered|led to|resulted in)\b|"
    r" (?:is|was|may be|may have been|might be|could be|could have been) (?:(?:a|an|the|known|rare|likely|probable|"
    r"possible|most|common|likely to be) ){0,3}(?:causes?|culprit|causative|responsible|implicated|suspected|rechallenged)\b"
)
TESTED_BEFORE = re.compile(
    r"\b(?:resistan(?:t|ce)|sensitiv(?:e|ity)|suscepti(?:ble|bility)|MIC|MICs|intermediate)\b(?:(?!treat|therap|patient|given|start|receiv|admin|so\b|therefore|switch|added|initiat|instead)(?:[^.;\n]|\.\d))*$",
    re.IGNORECASE,
)
TREATED_AFTER = re.compile(
    r"[^,;.()\n]{0,30}? (?:was|were) (?:given|started|initiated|administered|added|commenced|begun|continued|prescribed|introduced)\b"
)
"""After a susceptibility, what was given: "resistant to ampicillin, and <ceftriaxone> 2 g was started"."""
VACCINE_BEFORE = re.compile(
    r"(?:\b(?:inactivated|live|attenuated|live-attenuated|conjugated?|polysaccharide|recombinant|"
    r"adenovir(?:us|al)|vector(?:ed)?|viral|mRNA|subunit|adjuvanted|SARS-CoV-2|COVID(?:-19)?|coronavirus|"
    r"influenza|flu|seasonal|trivalent|quadrivalent|pneumococcal|meningococcal|hepatitis [AB]|"
    r"varicella|measles|mumps|rubella|[A-Z][\w.]*-?\d[\w.-]*)[ -])+$"
)
"""What a vaccine is against or made of: "the <inactivated SARS-CoV-2> vaccine"."""
VACCINE_AFTER = re.compile(r" vaccin(?:e|ation)s?\b")
MICROBE = re.compile(
    r"\b(?:[Ii]solates?|[Oo]rganisms?|[Ss]trains?|[Bb]acteri\w+|pathogens?|cultures?|cultured|coli|aureus|pneumoniae|aeruginosa|"
    r"[Ss]uscepti\w+|inhibitory|MICs?|antibiogram|grew|[Gg]ram|cocci|bacilli|colonies|sensitivities)\b"
)
"""What tells that it is a germ, not a patient, that resists a drug."""
JOINT = re.compile(r" ?[/+] ?|-")
AND = re.compile(r",? (?:and|or|plus|with) |, ?| ?[/+] ?")
SHORT = ("abbreviation", "regimen")
TAKEN = ("drug", "hormone", "vitamin", "blood", "vaccine", *SHORT)
"""Classes whose harm is a drug's, not a poison's: "insulin allergy" against "lead poisoning"."""


class Name(NamedTuple):
    """A name at its place, with the confidence that it is a drug there."""

    start: int
    end: int
    confidence: float
    kind: str
    name: str
    rule: str


def judge(text: str, one: Name, ambiguous: bool) -> Name | None:
    """The name with what belongs to it and its confidence, ``OPEN`` where that is to be seen; None: no drug.

    ``kind`` is the entry's class ("drug", "class", "adjective", ...); ``ambiguous`` names need evidence of
    treatment.
    """
    start, end, kind = one.start, one.end, one.kind
    if kind == "adjective":
        head = HEAD.match(text, end)
        return one._replace(end=head.end(), confidence=LIKELY) if head else None
    if TEST_AFTER.match(text, end):
        return None
    confidence = SURE
    if ambiguous:
        if VALUE_AFTER.match(text, end):
            return None
        harm = False
        given = (
            GIVEN_AFTER.match(text, end)
            or DOSED_AFTER.match(text, end)
            or GIVEN_BEFORE.search(text, max(0, start - NEAR), start)
        )
        if not given and kind in TAKEN:
            harm = HARM_AFTER.match(text, end) is not None or harmful(text, start, end)
        confidence = LIKELY if given or harm else OPEN
    else:
        before = text[max(0, start - SPAN) : start]
        tested = any(word in before for word in TESTED) and TESTED_BEFORE.search(before)
        if tested and not TREATED_AFTER.match(text, end):
            if MICROBE.search(text, max(0, start - 3 * SPAN), end + SPAN):
                return None
            confidence = LISTED
    for pattern in (SALT, MANNER):
        if grown := pattern.match(text, end):
            end = grown.end()
    if grown := BASED.match(text, end):
        end = grown.end()
    elif kind == "regimen" and text.startswith(" chemotherapy", end):
        end += len(" chemotherapy")
    elif kind == "vaccine":
        grown = VACCINE_AFTER.match(text, end)
        end = grown.end() if grown else end
        kinds = VACCINE_BEFORE.search(text, max(0, start - NEAR), start)
        start = kinds.start() if kinds else start
    elif kind == "class":
        if PROPERTY_AFTER.match(text, end):
            return None
        if grown := HEAD.match(text, end) or CURE.match(text, end):
            end = grown.end()
    if grown := BEFORE.search(text, max(0, start - 24), start):
        start = grown.start()
    return one._replace(start=start, end=end, confidence=confidence)


def harmful(text: str, start: int, end: int) -> bool:
    """Whether the words around a name tell of a harm that it did."""
    if CAUSING_AFTER.match(text, end):
        return True
    return bool(CAUSE_BEFORE.search(text, max(0, start - NEAR), start) and CAUSE_AFTER.match(text, end))


def settle(text: str, names: list[Name]) -> Iterator[Name]:
    """The names less those without evidence: not in a list with a drug, nor a short form proven elsewhere.

    "Medications included <vitamin D>, <amlodipine>": the second tells what the first is.
    """
    proven = {text[one.start : one.end] for one in names if one.kind in SHORT and one.confidence}
    for order in (1, -1):
        names = names[::order]
        for at, one in enumerate(names):
            if one.confidence != OPEN:
                continue
            beside = names[at - 1] if at else None
            if beside and beside.confidence >= LIKELY:
                left, right = (beside, one) if order == 1 else (one, beside)
                if AND.fullmatch(text, left.end, right.start):
                    names[at] = one._replace(confidence=LIKELY)
            if one.kind in SHORT and text[one.start : one.end] in proven:
                names[at] = one._replace(confidence=LIKELY)
        names = names[::order]
    return (one for one in names if one.confidence)


FORM = "eye drop"
STRENGTH = re.compile(r" (?:\d[\d.]*%? )?(?:ophthalmic )?")
"""Between a drug and its form, which is no drug of its own: "dexamethasone 0.1% eye drops"."""


def joined(text: str, found: Iterable[Found]) -> Iterator[Found]:
    """Combinations as one: names joined by a slash, plus or hyphen; what lies inside another is dropped."""
    last: Found | None = None
    for one in found:
        if last is None:
            last = one
        elif one.start < last.end:
            if one.end - one.start > last.end - last.start:
                last = one
        elif one.name == FORM and STRENGTH.fullmatch(text, last.end, one.start):
            continue
        elif JOINT.fullmatch(text, last.end, one.start):
            name = f"{last.name}/{one.name}"
            last = last._replace(end=one.end, name=name, codes=None, rule="drug.combination")
        else:
            yield last
            last = one
    if last:
        yield last
