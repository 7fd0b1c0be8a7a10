"""What an amount of time says by its neighbours: an offset, a window, a duration, a frequency or an age.

Examples: "<two weeks after RTX initiation>", "<six months ago>", "<over the past year>", "for <3 days>", "<every 3 weeks>",
"at <14 months old>", "<within 48 h of admission>", "<37 weeks' gestation>".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.mentions.time import references
from pipeline.mentions.time.amounts import Amount
from pipeline.mentions.time.references import Reference
from pipeline.mentions.time.values import Value, found, value
from pipeline.mentions.time.vocabulary import POST, granularity
from pipeline.structure.found import Found

I = re.IGNORECASE  # noqa: E741
LEFT = 56
APPROXIMATE = re.compile(
    r"(?:^|(?<=[ (]))(?:(?P<about>about|approximately|approx\.?|around|roughly|~|ca\.?|circa|an? (?:average|mean|total) of)"
    r"|(?P<nearly>nearly|almost|just under|close to)|(?P<least>at least|more than|greater than|longer than|>=?|beyond)"
    r"|(?P<over>(?<=for )over|(?<=of )over|(?<=after )over|(?<=a )over|over(?= \d+ (?:years?|months?|weeks?) ago))"
    r"|(?P<most>up to|less than|fewer than|at most|no more than|not more than|<=?)|(?P<only>only|just|merely|exactly)) ?$",
    I,
)
PREFIX = re.compile(
    r"(?:^|(?<=[ (,;.\-\"\n]))(?:(?P<every>once every|once each|every|each|q\.?|at intervals of|at an interval of)"
    r"|(?:(?P<window_in>over|during|within|in|for|since|throughout|across|from|of|on|until|after|by) )?"
    r"(?:(?:the|his|her|their|its|these|this) )?"
    r"(?P<window>(?:very )?(?:past|last|previous|preceding|prior|recent|following|next|subsequent|ensuing|coming|"
    r"succeeding|first|initial|same|entire|whole))"
    r"|(?P<after>after|following)(?: (?:a|the))?(?: (?:period|time span|interval|total|delay|course|latency))?(?: of)?"
    r"|(?P<within>within|inside|in less than)(?: the)?(?: (?:period|space|span) of)?"
    r"|(?P<over>over|during|through|throughout|across)(?: (?:the|a))?(?: (?:time |total )?(?:course|period|span|space|interval)(?: of)?)?"
    r"|(?P<for>for|lasting|lasted for|lasted|of|persisting|persisted)(?: (?:a|the))?(?: (?:period|total|duration))?(?: of)?"
    r"|(?P<in>in)|(?P<since>since|from)|(?P<until>until|till|(?<!followed )by|through)|(?P<at>at|on)(?: the)?|(?P<the>the|his|her|a))"
    r" ?$",
    I,
)
AGE = re.compile(r"'?[- ]?(?:olds?\b|of age\b|after (?:his|her) birth\b)", I)
GESTATION = re.compile(
    r"(?:'s?|s')?(?:[ -](?:and|\+) ?\d days?)?(?: of| in)?[ -](?:gestation(?:al age)?|pregnancy|gestational|amenorrh\w+|pregnant)\b",
    I,
)
NOT_TIME = re.compile(
    r"[- ]?(?:urine|urinary|walk|walking|holter|ambulatory|electrocardio\w+|ECGs?|EEG|blood pressure|glucose tolerance|"
    r"postprandial|fasting|survival|pH|esophageal|recording|monitoring|tape|protein\w*|collection|creatinine|mortality|care|"
    r"hospital\b|case|surgery\b|sweats?|blindness|vision|splint|student|shift|supply|/)",
    I,
)
FIGURE = re.compile(r"\bfig(?:ure|s)?\.? ?$", I)
BORN = re.compile(r"\b(?:born|deliver\w+|birth|c(?:a)?esarean\w*|section)\b[^.;]{0,24} at $", I)
OF_LIFE = re.compile(r" of (?:\w+ )?life\b", I)
CHANGE = re.compile(r"\b(?:lost|loss|gain\w*|weight|decreas\w+|increas\w+|drop\w*|growth|grew)\b", I)
SECONDS = re.compile(r"\b(?:prothrombin|thromboplastin|APTT|PTT|PT|FEV1|volume|time) ?[^.;]{0,12}$", I)
AFTER = re.compile(r"[ -](?:after|following|post|since|from|subsequent to|out from|into)(?=[ -])", I)
BEFORE = re.compile(r"[ -](?:before|prior to|preceding|ahead of|previous to)(?= )", I)
LATER = re.compile(
    r" (?:later|afterwards?|thereafter|hence|after|after that|after this|after which|that followed|thence)\b",
    I,
)
EARLIER = re.compile(
    r" (?:earlier|previously|prior|before(?: that| this)?|beforehand|in advance|preceding)\b", I
)
AGO = re.compile(r" (?:ago|back)\b", I)
OF = re.compile(r"(?:'|'s)? of(?= )", I)
FOLLOW_UP = re.compile(
    r"'?[- ](?:of |post-?operative |clinical |long-term |routine )*follow(?:ed)?[ -]?up\b", I
)
HEAD = re.compile(r"(?:'s?|s')?[- ](?:period|course|interval|duration|time span|span|trial)\b", I)
POST_WORD = re.compile(r"[ -]([A-Za-z]+(?:[- ][a-z]+)?)\b")
PER = re.compile(r"(?:/ ?|\bper |\btimes (?:a |in a )?|\b(?:once|twice|thrice) (?:a |in a |in )?)$", I)
GONE = frozenset("past last previous preceding prior recent".split())
TO_COME = frozenset("following next subsequent ensuing coming succeeding".split())


def read(text: str, amounts: list[Amount]) -> Iterator[Found]:
    """The expressions around the amounts of a text."""
    for amount in amounts:
        one = _read(text, amount)
        if one is not None:
            yield one


def _gestation(amount: Amount, left: str, end: int) -> Found:
    """Weeks of gestation, "36+2" being 36 weeks and 2 days."""
    low, high, start = amount.low, amount.high, amount.start
    weeks = re.search(r"(\d\d)(?:\+| \+ )$", left)
    if weeks:
        low = high = 7.0 * int(weeks[1]) + low / amount.unit
        start -= len(weeks[0])
    made = value(
        "offset", "pregnancy", direction="at", low=low, high=high, granularity=granularity(amount.unit)
    )
    return found(start, end, "TIME", "time.gestation", made)


def _left(text: str, end: int) -> str:
    left = text[max(0, end - LEFT) : end]
    return left[left.rfind("\n") + 1 :]


def _read(text: str, amount: Amount) -> Found | None:
    surface = text[amount.start : amount.end]
    bare = amount.plain and surface[:2].lower() not in ("a ", "an", "a-")
    left = _left(text, amount.start)
    if PER.search(left) or NOT_TIME.match(text, amount.end):
        return None
    age = AGE.match(text, amount.end)
    if age:
        return _age(text, amount, left, age.end())
    gestation = GESTATION.match(text, amount.end)
    if (gestation or "gestational" in surface) and not bare:
        return _gestation(amount, left, gestation.end() if gestation else amount.end)
    if amount.unit == 7.0 and 20 * 7 <= amount.low <= 43 * 7 and BORN.search(left):
        return _gestation(amount, left, amount.end)
    if FIGURE.search(left) or left.endswith("aged "):
        return None
    if amount.unit < 1e-4 and (SECONDS.search(left) or "." in surface):
        return None
    low, high, approximate, start = _approximate(left, amount)
    left = left[: len(left) - (amount.start - start)]
    prefix = PREFIX.search(left)
    cue = prefix.lastgroup if prefix else None
    if prefix and prefix["window"]:
        cue = "window"
    opening = amount.start - (amount.start - start) - (len(left) - prefix.start() if prefix else 0)
    context = _Context(text, amount, low, high, approximate, start, opening, cue, prefix, bare)
    if cue == "every":
        return context.frequency()
    return context.offset() or (context.window() if cue == "window" else context.prefixed())


def _approximate(left: str, amount: Amount) -> tuple[float, float | None, bool, int]:
    """Bounds and start of the amount with "about", "at least", "nearly" before it."""
    low, high, approximate, start = amount.low, amount.high, amount.approximate, amount.start
    while True:
        match = APPROXIMATE.search(left)
        if match is None or (
            amount.plain
            and match["about"] is None
            and match["nearly"] is None
            and match["least"] is None
            and match["over"] is None
        ):
            return low, high, approximate, start
        kind = match.lastgroup
        approximate = approximate or kind != "only"
        if kind == "about" and high is not None and low == high and not match[0].startswith(("a ", "an ")):
            low, high = 0.8 * low, 1.2 * high
        elif kind == "nearly":
            low = 0.85 * low
        elif kind in ("least", "over"):
            high = None
        elif kind == "most":
            low = 0.0
        start -= len(left) - match.start()
        left = left[: match.start()]


def _age(text: str, amount: Amount, left: str, end: int) -> Found | None:
    """An age that tells when ("at 14 months old"), none that describes the patient ("a 14-month-old boy")."""
    if (
        re.search(
            r"\b(?:at|when|until|since|till|by|from|after|before|age of)(?: (?:the|an) age of| (?:he|she) (?:was|reached|turned))?(?: about| approximately| around)? ?$",
            left,
            I,
        )
        is None
    ):
        return None
    if text[end - 3 : end].lower() == "old" and text[amount.end] == "-":
        return None
    # A person is 16 from one birthday to the next.
    high = (
        None
        if amount.high is None
        else amount.high + (amount.unit if amount.unit > 360 and not amount.points else 0.0)
    )
    made = value(
        "age",
        "birth",
        direction="at",
        low=amount.low,
        high=high,
        points=amount.points,
        granularity=granularity(amount.unit),
    )
    return found(amount.start, end, "TIME", "time.age", made)


class _Context:
    """An amount with what stands before it; the methods try one reading each."""

    def __init__(
        self, text: str, amount: Amount, low: float, high: float | None, approximate: bool, start: int,
        opening: int, cue: str | None, prefix: re.Match[str] | None, bare: bool,
    ) -> None:  # fmt: skip
        self.text, self.amount, self.low, self.high = text, amount, low, high
        self.approximate, self.start, self.opening = approximate, start, opening
        self.cue, self.prefix, self.bare = cue, prefix, bare
        self.granularity = granularity(amount.unit)

    def frequency(self) -> Found | None:
        """ "every 3 weeks", "every other day" is a word of the lexicon."""
        if self.amount.plain and self.bare and self.amount.unit < 1 / 24:
            return None
        return found(
            self.opening, self.amount.end, "FREQUENCY", "time.frequency.every",
            value("frequency", low=self.low, high=self.high, granularity=self.granularity, approximate=self.approximate),
        )  # fmt: skip

    def offset(self) -> Found | None:
        """An amount counted from something that is named behind it."""
        text, end = self.text, self.amount.end
        later, ago, earlier = LATER.match(text, end), AGO.match(text, end), EARLIER.match(text, end)
        after, before = AFTER.match(text, end), BEFORE.match(text, end)
        plural = text[end - 1 : end] == "s"
        if self.bare and not plural and self.granularity not in ("day", "week", "month", "year"):
            after = before = None
        if after:
            reference = references.read(text, after.end())
            if after[0].strip(" -").lower() in ("from", "into", "since") and reference is None:
                after = None
            elif reference is not None:
                return self._offset("time.offset.after", 1, reference, reference.end)
        if before:
            reference = references.read(text, before.end())
            if reference is not None:
                return self._offset("time.offset.before", -1, reference, reference.end)
        if self.bare and not plural:
            if (before or after) and self.granularity == "day":
                return None
            return None if not (earlier or later) or self.cue not in ("the", "window") else None
        if ago:
            return self._offset("time.offset.ago", -1, "now", ago.end())
        if earlier:
            return self._offset("time.offset.earlier", -1, "previous", earlier.end())
        if later:
            return self._offset("time.offset.later", 1, "previous", later.end())
        post = POST_WORD.match(text, end)
        if post:
            word = post[1].lower()
            for form, stop in (
                (word.replace("-", ""), post.end()),
                (word.split(" ")[0].replace("-", ""), post.start(1) + len(word.split(" ")[0])),
            ):
                if form in POST:
                    name, sign = POST[form]
                    follow = FOLLOW_UP.match(text, stop)
                    return self._offset("time.offset.post", sign, name, follow.end() if follow else stop)
        return None

    def _offset(self, rule: str, sign: float, reference: Reference | str, end: int) -> Found | None:
        low, high = self._signed(sign)
        if self.bare and self.text[self.amount.end - 1 : self.amount.end] == "s":
            low, high = (2 * low, 12 * low) if sign > 0 else (12 * (high or 0.0), 2 * (high or 0.0))
        inner = self.cue in ("after", "within", "over")
        start = self.opening if inner else self.start
        until: dict[str, float | None] = {}
        direction = "after" if sign > 0 else "before"
        if self.cue in ("within", "over", "in", "window") and not (
            self.bare or (self.amount.plain and self.cue == "window")
        ):
            direction = "during" if self.cue != "within" else direction
            if sign > 0:
                low, until = (
                    (0.0, {})
                    if self.cue == "within"
                    else (0.0, {"until_low": self.low, "until_high": self.high})
                )
                high = high if self.cue == "within" else 0.0
            elif self.cue == "within":
                high = 0.0
            else:
                until = {"until_low": 0.0, "until_high": 0.0}
            if self.cue == "window" and self.prefix:
                start = self.opening + self.prefix.start("window") - self.prefix.start()
        if self.cue in ("for", "since"):
            direction = "since" if self.cue == "since" else direction
        points = tuple(sorted((sign * a, sign * b)[:: int(sign)] for a, b in self.amount.points))
        return found(
            start, end, "TIME", rule,
            value("offset", reference, direction=direction, low=low, high=high, points=points if not until else (),
                  granularity=self.granularity, approximate=self.approximate, **until),
        )  # fmt: skip

    def _signed(self, sign: float) -> tuple[float | None, float | None]:
        if sign > 0:
            return self.low, self.high
        return (None if self.high is None else -self.high), -self.low

    def window(self) -> Found | None:
        """ "over the past 3 months", "the following two weeks", "during the first week", with or without a number."""
        assert self.prefix is not None
        which = self.prefix["window"].lower().removeprefix("very ")
        into = (self.prefix["window_in"] or "").lower()
        text, end = self.text, self.amount.end
        at_word = self.opening + self.prefix.start("window") - self.prefix.start()
        start = (
            self.opening
            if into in ("over", "during", "within", "since", "until", "after", "throughout")
            and (which in GONE or (which in TO_COME and into != "during"))
            else at_word
        )
        if into == "after" or (into in ("over", "within") and which in ("first", "initial")):
            start = self.opening
        common = {"granularity": self.granularity, "approximate": self.approximate}
        plural = text[end - 1 : end] == "s"
        low, high = self.low, self.high
        if self.bare and plural:
            low, high, common["approximate"] = 2 * self.low, 12 * self.low, True
        if which in GONE:
            if self.bare and not plural and self.granularity == "day":
                return None
            far = None if high is None else -high
            if self.bare and not plural and into in ("", "in", "on", "of", "by") and which != "past":
                since = "now" if which in ("last", "recent") else "previous"
                made = value("offset", since, direction="before", low=-2 * low, high=0.0, **common)
                return found(start, end, "TIME", "time.window.previous", made)
            made = value(
                "offset",
                "now",
                direction="during",
                low=far,
                high=-low,
                until_low=0.0,
                until_high=0.0,
                **common,
            )
            return found(start, end, "DURATION", "time.window.past", made)
        if which in TO_COME:
            if (
                self.bare
                and not plural
                and (self.granularity in ("day", "hour", "minute") or into in ("", "in", "on", "by"))
            ):
                if self.granularity == "minute":
                    return None
                made = value(
                    "offset",
                    "previous",
                    direction="after",
                    low=low,
                    high=2 * low if self.granularity != "day" else low,
                    **common,
                )
                if self.granularity != "day":
                    made["low"] = 0.0
                return found(start, end, "TIME", "time.window.next", made)
            made = value(
                "offset",
                "previous",
                direction="during",
                low=0.0,
                high=0.0,
                until_low=low,
                until_high=high,
                **common,
            )
            return found(start, end, "DURATION", "time.window.next", made)
        if which in ("first", "initial") and (not self.bare or (plural and self.granularity != "minute")):
            of = OF.match(text, end)
            reference = references.read(text, of.end()) if of else None
            if of and text[of.end() : of.end() + 5] == " life":
                return found(
                    start,
                    of.end() + 5,
                    "TIME",
                    "time.age.first",
                    value("age", "birth", direction="during", low=0.0, high=high, **common),
                )
            made = value(
                "offset",
                reference,
                direction="during",
                low=0.0,
                high=0.0,
                until_low=low,
                until_high=high,
                **common,
            )
            return found(start, reference.end if reference else end, "TIME", "time.window.first", made)
        if self.bare:
            return None
        return self._duration(self.start)

    def prefixed(self) -> Found | None:
        """An amount with a preposition before it, or bare: an offset from what was told last, or a duration."""
        text, end, cue = self.text, self.amount.end, self.cue
        follow = FOLLOW_UP.match(text, end)
        common = {"granularity": self.granularity, "approximate": self.approximate}
        if self.bare:
            if cue not in ("after", "within") or text[end - 1] != "s" or self.amount.unit < 1e-3:
                return None
            self.low, self.high, common["approximate"] = 2 * self.low, 12 * self.low, True
        points = self.amount.points
        if cue in ("after", "within"):
            of = OF.match(text, end)
            reference: Reference | str | None = references.read(text, of.end()) if of and not follow else None
            stop = reference.end if isinstance(reference, Reference) else end
            if follow:
                made = value(
                    "offset", None, direction="after", low=self.low, high=self.high, points=points, **common
                )
            elif cue == "after":
                made = value(
                    "offset",
                    reference or "previous",
                    direction="after",
                    low=self.low,
                    high=self.high,
                    points=points,
                    **common,
                )
            else:
                made = value(
                    "offset", reference or "previous", direction="after", low=0.0, high=self.high, **common
                )
            return found(self.opening, stop, "TIME", f"time.offset.{cue}_amount", made)
        if follow and (cue in ("at", "in", "the") or text[end] == "-"):
            if cue in ("at", "the", None):
                made = value(
                    "offset", None, direction="after", low=self.low, high=self.high, points=points, **common
                )
                return found(self.start, end, "TIME", "time.offset.follow_up", made)
            return self._duration(self.start)
        if self.amount.plain and cue not in ("for", "over", "in", "since"):
            return None
        if cue == "over":
            return self._duration(
                self.opening
                if self.prefix
                and self.prefix["over"].lower() == "over"
                and not HEAD.match(text, end)
                and not follow
                else self.start,
                "time.duration.over",
            )
        if cue == "since" and self.prefix and self.prefix["since"].lower() == "since":
            low, high = self._signed(-1)
            made = value(
                "offset",
                "now",
                direction="since",
                low=low,
                high=high,
                until_low=0.0,
                until_high=0.0,
                **common,
            )
            return found(self.opening, end, "DURATION", "time.duration.since", made)
        life = OF_LIFE.match(text, end) if cue == "at" else None
        if life:
            made = value(
                "age", "birth", direction="at", low=self.low, high=self.high, points=points, **common
            )
            return found(self.start, life.end(), "TIME", "time.age", made)
        if cue == "at" and self.prefix and self.prefix[0].lower().startswith("at"):
            made = value(
                "offset", None, direction="at", low=self.low, high=self.high, points=points, **common
            )
            return found(self.start, end, "TIME", "time.offset.at_amount", made)
        if cue == "in" and CHANGE.search(text, max(0, self.opening - 40), self.opening):
            return self._duration(self.start)
        if cue == "in" and not self.amount.plain:
            made = value("offset", "previous", direction="after", low=0.0, high=self.high, **common)
            return found(self.start, end, "TIME", "time.offset.in_amount", made, 0.7)
        if cue == "until":
            made = value(
                "offset", None, direction="until", low=self.low, high=self.high, points=points, **common
            )
            return found(self.start, end, "TIME", "time.offset.until_amount", made, 0.7)
        return self._duration(self.start)

    def _duration(self, start: int, rule: str = "time.duration") -> Found | None:
        head = HEAD.match(self.text, self.amount.end)
        made = value(
            "duration",
            low=self.low,
            high=self.high,
            points=self.amount.points,
            granularity=self.granularity,
            approximate=self.approximate,
        )
        confidence = 0.9 if self.cue else 0.75
        return found(start, head.end() if head else self.amount.end, "DURATION", rule, made, confidence)
