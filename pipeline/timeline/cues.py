"""Words that say where a sentence stands: background, presentation, return to the admission, an aside, the discharge.

Source: the wording of clinical prose. Example: "Past medical history was significant for" tells background.
"""

from __future__ import annotations

from pipeline.timeline.hints import cue

HISTORY = cue(
    r"\b(?:past (?:medical|surgical|family)?\s*history|medical history|surgical history|family history|social history|"
    r"history (?:was )?(?:significant|notable|remarkable|included|includes|of)|known (?:case|to have|history)|"
    r"previous(?:ly)? (?:was |been )?(?:diagnosed|treated|healthy|well|prescribed|on )|had been (?:diagnosed|treated|taking|on)|comorbidit|"
    r"(?:was|is) (?:a|an) (?:\w+ )?(?:ex-)?smoker|was (?:also )?(?:regularly )?taking|home medication|regular medication|(?:reported|admitted|recalled|disclosed)(?: to)? having |for which (?:he|she) (?:took|takes|was taking|is taking|was on)|first pregnancy|background of|(?:was|is) (?:being )?(?:regularly )?(?:followed|monitored|seen) (?:up )?(?:by|at|in) (?:\w+ ){0,3}?\w+olog(?:y|ists?)\b|no (?:relevant|significant|known) )",
)
PRESENTS = cue(
    r"\b(?:present(?:ed|ing|s) (?:to|with|at|for|complaining)|presentation|complain(?:ed|ing|ts?)|admitted|on admission|on arrival|"
    r"physical examination|on examination|clinical examination|initial(?:ly)?|was seen|visited)\b",
)
CONTACT = cue(
    r"\b(?:present(?:ed|ing|s) (?:to|with|at|for)|visited|attended|was seen|was evaluated|(?:was|were) (?:\w+ly )?"
    r"(?:admitted|hospitali[sz]ed|brought|taken|referred|transferred)|came to|sought)\b",
)
# What an excised or aspirated piece showed belongs to the procedure that took it.
PATHOLOGY = cue(
    r"\b(?:histolog\w+|histopatholog\w+|patholog(?:y|ic|ical|ically|ist)|microscopic\w*|immunohistochem\w+|resected specimens?|"
    r"surgical specimens?|biopsy specimens?|frozen sections?|resection margins?|margins? (?:was|were))\b"
)
TAKEN = cue(
    r"biops|aspirat|punctur|\w+ectomy|resect|excis|remov|debrid|surg|operat|drain|evacuat|transplant|autops|curett|amputat"
)
ONGOING = cue(
    r"\b(?:and|but|who|for which) (?:\w+ )?(?:was|is|were|are|remained) (?:\w+ )?(?:taking|on|receiving)\b"
)
FOLLOWED = cue(r"\b(?:followed by|and then|thereafter|afterwards?|subsequently)\b")
DAYS_BETWEEN_HOSPITALS = 14.0
STAY_LENGTH = cue(
    r"\b(?:length of (?:hospital |total )?stay|(?:total )?hospitali[sz]ation (?:length|period|time)|duration of hospitali[sz]ation|"
    r"(?:total |length of )?hospital stay|stay(?:ed)? in (?:the )?hospital)\b"
)
RETOLD = cue(
    r"\b(?:when|before|until|prompting|leading to|and) (?:he|she|they|the patient|her|his)? ?(?:was |were )?"
    r"(?:presented|presentation|admitted|admission|brought|came|visit)",
)
GOES_ON = cue(
    r"\b(?:had|then|subsequent(?:ly)?|thereafter|afterwards?|at that time|following|later|received|diagnosed|treated)\b",
)
DISCHARGE = cue(r"discharg")
LEAVE_REACH = 4.0
RETURNS = cue(
    r"\b(?:(?:on|upon|at) (?:admission|presentation|arrival|examination)|(?:physical|clinical|initial|neurologic\w*) examination|"
    r"initial (?:lab|blood|work|invest|vital)|in the emergency)",
)
PLUPERFECT = cue(
    r"\bhad (?:not |never |also |previously |already )?(?:\w+ed|been|undergone|begun|had|taken|given)\b",
)
OPEN_ENDED = cue(
    r"discharg|died|death|dead|deceased|passed away|succumb|recurr|relaps|surviv|remission|autops|alive|"
    r"disease[- ]free|recovered|recovery|transplant",
)
# Days that an undated step may lie after the last told time, by the number of sentences told since.
REACH = (0.0, 1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 3.0, 3.0, 3.0)
ORDER_REACH = 3.0
TECHNICAL = frozenset(("imaging", "procedure", "drug", "diagnosis"))
ROUTINE = frozenset(("lab", "vital", "finding", "imaging"))
