"""Which side a claim takes, by cues that say so in words.

A claim supports its idea unless at least half of its passages say otherwise: that is how reform is
written about (of 4,900 annotated claims one in seventy challenges). Of passages annotated for their
stance and with a cue, 7 in 10 challenged where the list was made (384 passages) and 5 in 10 on others
(146); it finds a fifth of the challenges. On the evidence of annotated documents the rule calls 4 in
1,000 claims that support a challenge. A classifier is to replace it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_CHALLENGES = re.compile(
    r"\b(?:"
    + "|".join((
        # somebody says no
        r"challenges? (?:the|this|that|anyone|some|many|those|us)\b", r"disagree[sd]?\b", r"not convinced",
        r"(?:do|does|did) not (?:believe|work|save|solve|help|change|improve|lead|mean)",
        r"(?:don|doesn|didn)['’]t (?:believe|work|save|solve|help|change|improve|lead)",
        # it is not shown
        r"not (?:been )?proven", r"unproven", r"no (?:clear |good |strong |real |hard )?evidence",
        r"evidence [\w\s-]{0,30}(?:is|are|was|remains?) (?:thin|weak|limited|poor)",
        r"(?:no|little) (?:difference|effect|impact)", r"did nothing", r"rarely evaluated", r"have not shown",
        # it does not work
        r"(?:has|have|had) failed", r"fail(?:s|ed)? (?:to|the|people|us|because)", r"failures? of", r"doomed",
        r"(?:is|are|was|were|it['’]s) (?:never|not|rarely|seldom|hardly) (?:enough|a (?:solution|panacea|substitute|"
        r"saving|cure)|the (?:answer|same|solution))", r"no substitute", r"not enough", r"is only a",
        r"cannot (?:replace|fix|solve|explain|be (?:bought|trusted))", r"can['’]t (?:replace|fix|solve)",
        r"silver bullet", r"panacea", r"myths?\b", r"sold as", r"hype\b", r"buzzwords?", r"so-called",
        # it costs or harms
        r"(?:is|are|was|were|proved|too|so|very) (?:\w+ )?(?:costly|expensive|burdensome|cumbersome|bureaucratic|"
        r"unequal|rigid|risky|dangerous|misleading|harmful|counterproductive|ineffective|inefficient|unfair|flawed|"
        r"naive|wrong)\b",
        r"risks? (?:\w+ )?\w+ing\b", r"undermin\w+", r"damag(?:es|ed|ing)\b", r"at the expense",
        r"(?:moves?|shifts?|pushes|moved|shifted) (?:the )?(?:costs?|work|burden|risk)", r"crowd(?:s|ed|ing)? out",
        r"driven? .{0,20}out of", r"gets? in the way", r"stifl\w+", r"backfir\w+", r"perverse", r"unintended",
        r"(?:made|makes|make|making) (?:it|things|them|matters) (?:worse|harder)", r"worse(?:n\w*)?\b",
        r"(?:led|leads?|leading) to (?:\w+ ){0,2}(?:lower pay|costs?|shortages?|appeals|closures?|delays?|failures?|"
        r"confusion|inequality|frustration|burnout|exclusion|shorter visits)",
        r"increased? (?:\w+ ){0,3}(?:costs?|workload|waiting|paperwork|turnover|variation|differences|inequality|"
        r"meetings|burden|bureaucracy)",
        # it leaves people out, or is not meant
        r"shuts? out", r"left out", r"excludes?\b", r"must not become", r"too often", r"theat(?:re|er)\b",
        r"lip service", r"tokenis\w+", r"box-ticking", r"abandonment", r"one-size-fits", r"waste of",
    ))
    + r")",
    re.IGNORECASE,
)


def says_no(passage: str) -> bool:
    """Whether a cue in a passage says that it challenges what it is about."""
    return _CHALLENGES.search(passage) is not None


def challenges(passages: Sequence[str]) -> bool:
    """Whether a claim that is made in these passages challenges its idea."""
    return bool(passages) and 2 * sum(map(says_no, passages)) >= len(passages)
