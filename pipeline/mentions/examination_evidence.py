"""Whether a name that may also be a drug, a word or a finding stands for a measurement here.

Source: rules of caseline, on the text alone. Example: "iron" is an analyte in "serum iron", "iron was 20
ug/dL" and "ferritin and iron"; not in "iron was given".
"""

from __future__ import annotations

import re

from pipeline.patterns import cue

AFTER = re.compile(
    r"(?:\s?\([^()\n]{1,25}\))?(?:\sin\s(?:the\s)?(?:CSF|cerebrospinal\sfluid|serum|blood|urine|plasma|fluid))?"
    r"(?:\s(?:levels?|values?|concentrations?|titers?|titres?|counts?|scores?|results?|tests?|assay|index"
    r"|range|reactivity|nadir|peak)\b"
    r"|\s?[:=<>~]|\s?\([+-]\)|-(?:positive|negative)\b"
    r"|\s(?:was|were|is|are|of|at|had been|remained|with|had|to|from|showed|revealed|for)?\s?"
    r"(?:a\s|an\s|also\s|both\s|all\s|only\s|found to be\s|within\s(?:the\s)?|in\s(?:the\s)?|still\s|not\s"
    r"|markedly\s|"
    r"slightly\s|mildly\s|significantly\s|approximately\s|about\s|around\s)*"
    r"(?:[<>=~-]?\s?\d|normal|elevated|increased|decreased|reduced|high\b|low\b|raised|negative|positive"
    r"|undetectable"
    r"|deranged|abnormal|unremarkable|preserved|impaired|intact|stable\b|rose|fell|dropped|declined"
    r"|improved|measured"
    r"|absent|brisk|sluggish|delayed|restricted|adequate|symmetric\w*|equal|slow\b|unsteady|deteriorated|worsened|unchanged"
    r"|performed|obtained|sterile|non-?reactive|reactive)"
    r"|,?\s(?:rose|fell|dropped|increased|decreased|declined|revealed|showed|demonstrated|normali[sz]ed"
    r"|improved|grew|yielded|recovered to|rebounded|peaked|climbed|plateaued)\b"
    r"|,\s[<>~]?\d|\s?\([<>~]?\s?\d|\s[<>~]?\d)",
)
BEFORE = re.compile(
    r"(?:\b(?:serum|plasma|urine|urinary|blood|csf|elevated|decreased|low|high|normal|raised|reduced"
    r"|increased|abnormal"
    r"|total|free|ionized|mean|measured|(?:levels?|values?|concentrations?|titers?|measurements?"
    r"|percentage|number|count) of"
    r"|(?:positive|negative|immunoreactive|reactive|tested|staining|stained|screened|screening|tests?"
    r"|testing|serology"
    r"|markers?|studies|assays?|examination|evaluation|smears?|cultures?|pcr) (?:positive "
    r"|negative )?(?:for|with|of)(?: the)?"
    r"|expressed|express|expression of|expressing|deranged"
    r"|maximum|maximal|peak|serial|repeat(?:ed)?|improved|impaired"
    r"|included|including|showed|revealed|of|with|positive|negative) )$",
    re.I,
)
NUMBER_BEFORE = re.compile(r"(?:\d ?[%+]?|/(?:mm\^?3|u?L|HPF|hpf)|cells) $")
WEAK_BEFORE = re.compile(
    r"\b(?:of|with|included|including|showed|revealed|positive|negative|peak|mean|free|total) $", re.I
)
LIST = re.compile(
    r"\s?(?:,|/|;|and|or|, and|\(|\), and|\),|\)|and the|,? as well as|\[)\s?(?:the |a |his |her )?"
)
# What follows a name that is part of a drug, a disease, a device or a property.
OTHER = re.compile(
    r"[ -](?:deficien\w+|supplement\w*|infusions?|inhibit\w+|channel|antagonists?|agonists?|blockers?"
    r"|nephropathy|drip|pump"
    r"|producing|secreting|guided|based|associated|induced|related|mediated|sensitive|resistant|dependent"
    r"|independent|free"
    r"|replacement|therap\w+|treatment|toxicity|poisoning|intoxication|overload|sul(?:f|ph)ate|gluconate"
    r"|valproate|binders?"
    r"|nitroprusside|oxybate|iod[io]\w+|hydroxide|hydrate|citrate|acetate|carbonate|chloride|infection"
    r"|tablets?|injections?"
    r"|transfusions?|concentrates?|syrup|loss\b|gain\b|reduction\b|bearing|heparin|stones?|storage"
    r"|metabolism|homeostasis"
    r"|absorption|intake|ingestion|receptor antag\w+|resistance|carrier|vaccin\w+|surgery|room|suite|lab\b"
    r"|laboratory\b"
    r"|lowering|positivity in|coated|bound|labeled|labelled|oxide|phosphate\b|bicarbonate|polystyrene"
    r"|picosulfate)"
    r"|\+? ?[BT] (?:cell|lymphocyte)"
)
TREATED = re.compile(
    r"\s(?:was|were|had been|have been)\s(?:\w+ly\s)?(?:given|administered|infused|started|prescribed"
    r"|added|stopped"
    r"|discontinued|initiated|supplemented|replaced|restarted|commenced|withdrawn|injected|continued)"
)
GIVEN = cue(
    r"\b(?:treated with|received|receiving|intravenous|oral|iv|administration of|administer(?:ed|ing)"
    r"|infusions? (?:of|with)"
    r"|supplement(?:s|ed|ation|ing)? (?:of|with)|therapy with|treatment with|gave|given|maintained on"
    r"|started on|bolus of"
    r"|subcutaneous|injections? of|dose of|doses of|topical|inhaled|units of|replacement of|replaced with"
    r"|prescribed"
    r"|molecular|short|loss of|low-molecular)[ -](?:\w+ )?$",
)
REACH = 26

PER = ("/mol", "/mmol", "/g", "/mg")
"""What a result is told by; the analyte behind it is a part of the unit."""


def otherwise(text: str, start: int, end: int) -> bool:
    """Whether the name is part of something else: "zinc deficiency", "oral potassium", "CT-guided"."""
    if text[start : start + 4].lower() == "scan" and text[start - 2 : start] == ") ":
        return True  # "computed tomography (CT) scan"
    if text[start - 1 : start] == " " and text.endswith(PER, 0, start - 1):
        return True  # "2,340 mmol/mol creatinine"
    return bool(
        OTHER.match(text, end) or TREATED.match(text, end) or GIVEN.search(text, max(0, start - 32), start)
    )


def supported(text: str, start: int, end: int, last: int, following: int, *, exact: bool) -> bool:
    """Whether the name at ``start``..``end`` has evidence beside it.

    Args:
        text: the whole view.
        start: where the name starts.
        end: where it ends.
        last: where the last accepted name ends, or -1.
        following: where the next unambiguous name starts, or -1.
        exact: whether the name was matched by its very spelling, so that a weaker sign is enough.
    """
    if AFTER.match(text, end):
        return True
    before = BEFORE.search(text, max(0, start - REACH), start)
    if before and (exact or not WEAK_BEFORE.search(text, max(0, start - REACH), start)):
        return True
    if not exact and NUMBER_BEFORE.search(text, max(0, start - 6), start):
        return True
    if 0 <= last <= start and start - last <= 18 and LIST.fullmatch(text, last, start):
        return True
    return end <= following <= end + 18 and bool(LIST.fullmatch(text, end, following))


# Short forms with a second meaning: what stands near when it is meant.
SECOND = {
    "MAP": (re.compile(r"cm ?H2O|\bPEEP\b|\bPIP\b|FiO2|oscillat|ventilator"), "mean airway pressure"),
    "PVR": (re.compile(r"\bmL|bladder|void|urin|residual"), "postvoid residual"),
    "PR": (re.compile(r"/ ?min|bpm|beats|pulse"), "pulse rate"),
    "CK": (
        re.compile(r"keratin|\bAE1|stain|immunohisto|(?:tumou?r|neoplastic|atypical) cells"),
        "cytokeratin",
    ),
    "ERG": (re.compile(r"stain|immuno|positive for|marker"), "ERG"),
}
AROUND = 40


def meaning(text: str, start: int, end: int, name: str) -> str:
    """The name of an ambiguous short form in its place: "MAP" beside "cmH2O" is the mean airway pressure."""
    second = SECOND.get(text[start:end])
    if second is None:
        return name
    after = text[end : end + AROUND].partition("\n")[0]
    before = text[max(0, start - AROUND) : start].rpartition("\n")[2]
    sentence = re.split(r"[;.] ", before)[-1]
    return second[1] if second[0].search(re.split(r"[;.] ", after)[0]) or second[0].search(sentence) else name
