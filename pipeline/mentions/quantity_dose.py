"""How surely a quantity is a dose: by its unit, then by the words beside it.

Example: "375 mg/m2" is hardly anything else; "3200 g" may be a birth weight, "250 mL" a blood loss.
"""

from __future__ import annotations

import re

from pipeline.patterns import cue
from pipeline.units import Amount

DOSING_BEFORE = cue(
    r"(?:\bdos(?:es?|age|ing|ed)\b|bolus|infus|\brate of|\bgiven|receiv|administ|prescri|start|initiat|"
    r"treated|therap|"
    r"increas|reduc|taper|decreas|titrat|\badded|inject|switch|maintain|continu|\bonce|\btook|\btaking|"
    r"\btakes|loading|"
    r"ingest|overdos|\bpulses?\b|dilut|dissolv|instill|steroid|\bdaily|swallow)[^.;]{0,28}$",
    re.IGNORECASE,
)
DOSING_AFTER = re.compile(
    r"(?:\s?[,(/]?\s?(?:a day|per day|daily|once|twice|thrice|every|each|at night|at bedtime|"
    r"in the morning|nightly|weekly|"
    r"monthly|bi?[dw]\b|b\.i\.d|ti[dw]\b|t\.i\.d|qid\b|q\.i\.d|q\.?\s?\d|q\.?[dho]|o\.?d\b|hs\b|prn|"
    r"(?:two|three|four|five|2|3|4|5)[\s-](?:times|x)|IV\b|i\.?v\b|intra|oral|p\.?o\b|s\.?c\b|i\.?m\b|"
    r"subcut|tablet|"
    r"capsule|bolus|infus|for \w+(?: consecutive)? (?:days?|weeks?|months?)|was (?:given|administ|start|"
    r"add|inject|infus)))"
    r"|\s(?:doses?|of)\s[a-zA-Z]",
    re.IGNORECASE,
)
LOST_AFTER = re.compile(
    r"\s(?:of\s)?(?:(?!(?:led|caused|followed|resulted|produced|induced|was|were|to|and|for|before|after|with)\s)"
    r"[\w-]+\s){0,3}?(?:fluids?\b(?!\s(?:bolus|resus|therap|chall))|ascit|"
    r"blood\b(?!\s(?:cells|prod|transf))|"
    r"effusion|tissue|urine|tumou?r|pus\b|bile\b|hemo|haemo|secretion|sputum|exudate|stool|DNA\b|RNA\b|"
    r"clots?\b)",
    re.IGNORECASE,
)
"""What a body gave, not got: "350 mL of serous fluid"."""
GAVE_BEFORE = re.compile(r"(?:given|receiv|infus|administ|resuscit|bolus|transfus|intravenous|IV)[^.;]*$")
NOT_DOSE_BEFORE = cue(
    r"(?:\bweigh(?:ed|ing|s)\b|(?<!molecular-)(?<!molecular )weight|levels?\b|concentration|measur|trough|"
    r"\bserum|\burin|protein|excret|output|blood loss|"
    r"\bloss\b|drain|aspirat|evacuat|remov|\bsize|diamet|\btumou?r|\bmass\b|specimen|stone|\bvolume|stool|"
    r"fetus|infant|"
    r"newborn|neonat|resect|placenta|spleen|heart weight|capacity|\bFEV|\bFVC|\bVT\b|tidal|creatinine|"
    r"bilirubin|albumin was|"
    r"ferritin|glucose\b(?! infus)|\bCRP|hemoglobin|haemoglobin|cholesterol|stroke|\bindex|cardiac output|"
    r"\bflow|gradient|"
    r"\bpass(?:ed|age)|lost|estimated|residual|smok|cigar|normal|range|ratio|baseline|peak|fat\b|"
    r"sodium level)"
    r"[^.;]{0,22}$",
    re.IGNORECASE,
)
RESULT_BETWEEN = re.compile(r"\d\s?[a-zA-Z]+/[dum]?[lL]\b")
"""The result of a test that stands before the dose: "a level of 38 mg/L on <300 mg/d>"."""
EXCRETED = cue(
    r"(?:excretion|output|creatinine|protein(?:uria)?|clearance|urine|production|synthesis|consumption|losses)\s"
    r"(?:rate\s)?(?:was|were|of|is|at|:|remained|rose to|fell to)\s(?:about\s|approximately\s|only\s)?$",
    re.IGNORECASE,
)
"""What the body makes or puts out: "creatinine excretion was 20 mg/kg/day"."""
OXYGEN = re.compile(
    r"oxygen(?! sat)|\bO2\b|nasal|cannula|mask|prong|\bNC\b|\bair\b|insuffl|high[- ]flow", re.IGNORECASE
)
FLUID_AFTER = re.compile(
    r"\s?(?:\([^)]*\)\s)?(?:of\s)?(?:\w+\s){0,2}(?:saline|dextrose|glucose|ringer|crystalloid|colloid|"
    r"lactate|albumin|fluids?|"
    r"plasma|blood\scells|PRBC|RBC|FFP|contrast|lidocaine|lignocaine|bupivacaine|ropivacaine|alcohol|"
    r"ethanol|water|solution|"
    r"electrolyte|starch|gelatin|lipid|emulsion|milk|formula)",
    re.IGNORECASE,
)
SOLUTION_AFTER = re.compile(
    r"\)?\s(?:[\w-]+\s){0,2}?(?:saline|dextrose|glucose|albumin|mannitol|solution|cream|ointment|gel|"
    r"drops?|lotion|salve|"
    r"paste|ethanol|alcohol|lidocaine|lignocaine|bupivacaine|ropivacaine|levobupivacaine|sodium|"
    r"bicarbonate|hydrocortisone|"
    r"minoxidil|atropine|phenylephrine|povidone|chlorhexidine|NaCl|hypertonic|emulsion|foam|spray|"
    r"mouthwash|permethrin|"
    r"tacrolimus|timolol|acetic|salicylic|urea|sevoflurane|isoflurane|desflurane|halothane|enflurane|nitrous|N2O|silver)\b",
    re.IGNORECASE,
)
SOLUTION_BEFORE = re.compile(
    r"(?:saline|dextrose|albumin|mannitol|solution|cream|ointment|gel|drops|lotion|lidocaine|bupivacaine|"
    r"ropivacaine|"
    r"bicarbonate|topical|suspension|hydrocortisone|sevoflurane|isoflurane|desflurane|minoxidil|"
    r"betamethasone)\s?[(,]?\s?"
    r"(?:at\s|of\s)?$",
    re.IGNORECASE,
)
OXYGEN_AFTER = re.compile(r"\s(?:inspired |humidified )?(?:oxygen|O2)\b(?! sat)", re.IGNORECASE)
BLOOD_AFTER = re.compile(
    r"\s(?:each\s)?(?:of\s)?(?:\w+[\s-]){0,3}?(?:blood|red|RBCs?|PRBCs?|pRBCs?|FFP|plasma|platelets?|"
    r"cryo\w*|erythrocyte|whole|"
    r"packed|transfus)",
    re.IGNORECASE,
)
ORGAN_DOSE = re.compile(r"(?:\bmean\b|volume|\bV\d|constraint|lung dose|heart dose|cord)[^.;]{0,30}$")
CONCENTRATED = frozenset(("mg/mL", "ug/mL", "U/mL", "g/L", "mg/L", "[IU]/mL", "g/mL", "mg/dL"))
BASE = {
    "mass": 0.75, "volume": 0.4, "activity": 0.8, "substance": 0.65, "radiation": 0.85, "radioactivity": 0.8,
    "form": 0.85, "flow": 0.45, "energy": 0.2,
}  # fmt: skip
SMALL_MASSES = ("mg", "ug")


def graded(text: str, amount: Amount) -> tuple[str, float]:
    """The rule and the confidence with which an amount is a dose; 0 where its unit is not one of doses."""
    unit = amount.unit
    if unit is None:
        return "", 0.0
    kind, per, code = unit.kind, unit.per, unit.code
    start, end = amount.start, amount.end
    if kind == "fraction":
        return _fraction(text, amount)
    if kind == "count":
        return "dose.cells", 0.8 if per == ("weight",) and code.startswith("10*") and "/kg" in code else 0.0
    if kind == "occasion":
        return "dose.occasions", 0.75 if per == ("time",) and not code.startswith("{eye") else 0.0
    if kind not in BASE or amount.value < 0:
        return "", 0.0
    base, rule = BASE[kind], f"dose.{kind}"
    if "volume" in per:
        if code not in CONCENTRATED or not SOLUTION_AFTER.match(text, end):
            return ("dose.strength_beside", 0.3) if code == "mg/mL" else ("", 0.0)
        return "dose.concentration", 0.5
    if "weight" in per and "/kg" in code:
        base, rule = (0.6 if kind == "volume" else 0.95), "dose.per_weight"
    elif "surface" in per:
        if "1.73" in code or code.startswith("kg") or kind == "volume":
            return "", 0.0
        base, rule = (0.6 if code == "g/m2" else 0.95), "dose.per_surface"
    elif set(per) - {"time", "dose"}:
        return "", 0.0
    elif "time" in per:
        rule = "dose.per_time"
        if code == "L/min" or kind == "flow":
            return _flow(text, amount)
        base = 0.8 if kind in ("mass", "activity", "form") and code != "g/d" else 0.5
        base = 0.3 if code == "mL/min" else base
    elif kind == "mass":
        if code not in ("mg", "ug", "g", "ng"):
            return "", 0.0
        base = 0.8 if code in SMALL_MASSES else 0.5
    before = text[max(0, start - 60) : start]
    before = before[before.rfind("\n") + 1 :]
    if kind == "activity" and not per and BLOOD_AFTER.match(text, end):
        return "dose.blood_units", 0.9
    if kind == "radiation" and ORGAN_DOSE.search(before):
        return rule, 0.3
    if kind == "form" and re.search(r"smok|cigar|tobacco|pack[- ]", text[max(0, start - 40) : end + 30]):
        return rule, 0.0
    if kind == "volume" and not per and FLUID_AFTER.match(text, end):
        base += 0.3
    if kind == "volume" and not per and OXYGEN.search(text, end, end + 24):
        base += 0.25
    if (
        kind in ("volume", "mass")
        and code not in SMALL_MASSES
        and not per
        and LOST_AFTER.match(text, end)
        and not GAVE_BEFORE.search(before)
    ):
        return rule, 0.2
    if DOSING_AFTER.match(text, end):
        base += 0.2
    if DOSING_BEFORE.search(before):
        base += 0.15
    if EXCRETED.search(before):
        return rule, 0.2
    unlike = NOT_DOSE_BEFORE.search(before)
    if unlike and not RESULT_BETWEEN.search(unlike.group()):
        base -= 0.35 if rule not in ("dose.per_surface", "dose.per_weight") else 0.15
    return rule, round(min(max(base, 0.0), 0.98), 2)


def _fraction(text: str, amount: Amount) -> tuple[str, float]:
    """A percentage is a dose as the strength of a solution, parts per million as that of a gas.

    Any other is one only right beside a drug: "latanoprost <0.005%>".
    """
    unit = amount.unit
    if unit and unit.code == "[ppm]":
        return "dose.gas", 0.75
    if OXYGEN_AFTER.match(text, amount.end) or SOLUTION_AFTER.match(text, amount.end):
        return "dose.strength", 0.7
    if SOLUTION_BEFORE.search(text, max(0, amount.start - 30), amount.start):
        return "dose.strength", 0.6
    return ("dose.percent", 0.3) if unit and unit.code == "%" and amount.value <= 50 else ("", 0.0)


def _flow(text: str, amount: Amount) -> tuple[str, float]:
    """A flow is a dose where it is one of oxygen or another gas."""
    if NOT_DOSE_BEFORE.search(text, max(0, amount.start - 40), amount.start):
        return "dose.flow", 0.3
    near = OXYGEN.search(text, max(0, amount.start - 50), amount.end + 50)
    return "dose.flow", 0.85 if near else 0.45
