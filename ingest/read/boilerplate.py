"""What surrounds a post on its page: menus before it; sharing buttons, related posts and forms after it.

Cuts are anchored: only whole lines of known wording start a cut, and only at the head or the
tail of a text. A paragraph that merely mentions "leave a reply" is never touched.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_MENU_ITEMS = (
    r"home(?:page)?|about(?: us| me| this (?:blog|site))?|contact(?: us| me)?|blogs?|news(?:letter)?|events?|"
    r"resources|publications|"
    r"archives?|search(?: for:?| this site)?|menu|log ?in|sign ?(?:in|up)|register|subscribe|privacy(?: policy)?|"
    r"terms|help|faqs?|rss|"
    r"projects?|people|team|our (?:work|people|team)|what we do|who we are|get involved|donate|careers|jobs|press|"
    r"media|library|"
    r"services|research|topics|categories|english|français|cymraeg|close|more|twitter|facebook|linkedin|youtube"
)
_MENU = re.compile(rf"(?:(?:{_MENU_ITEMS})(?:\s*[|·•/>»]\s*|\s+|$))+", re.I)
_SKIP = re.compile(
    r"(?:skip|jump) to (?:the )?(?:main |primary |secondary )?(?:content|navigation|menu|search)\.?|"
    r"toggle (?:the )?(?:navigation|menu|search)|"
    r"(?:main|primary|secondary) (?:menu|navigation)|open menu|close menu|you are here:?.*|← ?(?:previous|older).*|"
    r".*(?:newer|next) ?→|"
    r"(?:(?:we|this (?:web)?site|this blog) uses? cookies\b.{0,200}|cookies? (?:policy|settings|on this site).*|"
    r"accept(?: all)?(?: cookies)?|"
    r"reject(?: all)?(?: cookies)?|language selection)",
    re.I,
)
# Wording that only the furniture of a page has.
_FORM = re.compile(
    r"leave a (?:reply|comment|response)(?: cancel reply)?(?: to .{1,80})?|(?:post|add|write|submit) (?:a |"
    r"your )?comment|cancel reply|"
    r"enter your comment here ?(?:\.{3}|…)?|fill in your details below or click an icon to log in:?|"
    r"(?:e-?mail|name)(?: address)? \(required\).*|website(?: \(optional\))?|\(address never made public\)|"
    r"address never made public|"
    r"you are commenting using your .{1,40} account\.?.*|\(? ?log ?out ?/ ?change ?\)?|connecting to %s|"
    r"notify me of (?:new|follow-?up) (?:comments|posts).*|your email address will not be published.*|"
    r"required fields are marked.*|"
    r"you (?:may|can) use these html tags.*|save my name, email.*|this site uses akismet.*|"
    r"like this:?|like loading ?(?:\.{3}|…)|(?:like )?loading ?(?:\.{3}|…)|be the first to like this.*|"
    r"\d+ bloggers? likes? this.*|%d bloggers like this.*|"
    r"share this(?: (?:post|page|article|entry|via))?:?.{0,60}|share on .{1,30}|click to (?:share|email|print).*|"
    r"\(opens in new window\)|"
    r"post navigation|(?:←|«|&larr;) ?.{0,90}|.{0,90} ?(?:→|»|&rarr;)|previous(?: post| article)?:?(?: .{0,90})?|"
    r"next(?: post| article)?: .{0,90}|next (?:post|article)|"
    r"(?:create a free website or )?blog at wordpress\.com\.?.*|proudly powered by .{1,40}|powered by wordpress.*|"
    r"theme: .{1,60}|"
    r"this entry was posted (?:in|on|by) .*|bookmark the permalink\.?|view all posts by .*|"
    r"follow(?:ing)?(?: .{1,40})? via e-?mail|join \d[\d,]* other (?:followers|subscribers).*|sign me up!?|"
    r"already have a wordpress\.com account\?.*|privacy & cookies: .*|"
    r"to find out more, including how to control cookies.*|"
    r"trackbacks?(?:/pingbacks?)?|pingbacks?(?:/trackbacks?)?(?: \(\d+\))?|.{0,20}comments? (?:are|"
    r"is) (?:now )?closed.*|report this (?:content|ad)|"
    r"manage subscriptions|subscribe to (?:our|this|my) (?:blog|newsletter).*|skip to .{1,30}|back to top|top of page|"
    r"reply to .{1,60}|powered by wordpress\.com",
    re.I,
)
# Wording that is furniture only in such company.
_SOFT = re.compile(
    r"related(?: (?:posts?|articles?|content|stories|reading))?:?|you (?:may|might) also (?:like|be interested in):?|"
    r"recent (?:posts|comments)|"
    r"(?:more|other|latest) (?:posts|articles|from this author)|(?:tags?|tagged(?: with)?|categor(?:y|ies)|posted in|"
    r"filed under|topics?):? ?.{0,120}|"
    r"twitter|facebook|linkedin|google\+?|e-?mail|print|more|tweet|pocket|tumblr|pinterest|reddit|whatsapp|telegram|"
    r"name|comment|follow|edit|"
    r"reply|search(?: for:?)?|archives|meta|blogroll|\d+ (?:comments?|replies|responses|likes?)|no comments(?: yet)?|"
    r"comments|"
    r"rate this:?|advertisements?|occasionally.*|(?:log in|register)",
    re.I,
)
_COMMENTS = re.compile(
    r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten) (?:responses?|thoughts?|comments?|replies) (?:to|"
    r"on) [“\"'‘«].*|"
    r"comments? \(\d+\)|\d+ (?:comments|responses|replies)|(?:readers?.? )?comments:?|responses:?",
    re.I,
)
_LOOK_BACK = 10  # lines over which a tail may reach across a prose line (a related post's first words, a bio)
_HEAD_LINES = 30


def _prose(line: str) -> bool:
    words = len(line.split())
    return words >= 10 or (words >= 5 and line.rstrip("”\"')").endswith((".", "!", "?")))


def _form(line: str) -> bool:
    return len(line) < 300 and _FORM.fullmatch(line) is not None


def tail_start(lines: Sequence[str]) -> int:
    """Index of the first line of the page's tail; ``len(lines)`` where there is none.

    ``lines`` have no blanks at their ends; empty ones are passed over. A tail holds at least one
    line of a form, a sharing box or a navigation, and no prose but a few lines between such lines.
    """
    start, forms, at = len(lines), 0, len(lines) - 1
    while at >= 0:
        line = lines[at]
        if _form(line):
            start, forms = at, forms + 1
        elif line and _SOFT.fullmatch(line):
            if forms:
                start = at
        elif _prose(line):
            above = [n for n in range(max(0, at - _LOOK_BACK), at) if _form(lines[n])]
            if not forms or not above:
                break
            at = start = above[-1]
            forms += 1
        at -= 1
    if forms:
        half = max(1, start // 3)
        for number in range(half, start):  # the readers' comments stand before the form
            if _COMMENTS.fullmatch(lines[number]) and (
                number == 0 or not lines[number - 1] or len(lines[number].split()) > 2
            ):
                return number
    return start if forms else len(lines)


def head_end(lines: Sequence[str]) -> int:
    """Index of the first line after the page's menu; 0 where there is none.

    A menu is: a "skip to" line, or two lines or items in a row out of a menu's vocabulary, before
    the first line of prose.
    """
    end, items = 0, 0
    for number, line in enumerate(lines[:_HEAD_LINES]):
        if not line:
            continue
        if _SKIP.fullmatch(line):
            end, items = number + 1, items + 2
        elif len(line) < 120 and (menu := _MENU.fullmatch(line)):
            items += max(1, len(menu.group().split()) if len(line.split()) > 1 else 1)
            if items >= 2:
                end = number + 1
        elif _prose(line):
            break
        elif items and end == number:
            items = max(items, 2)
    return end


def is_menu(line: str) -> bool:
    """Whether a line is a menu's or a link for skipping one."""
    return _SKIP.fullmatch(line) is not None or _MENU.fullmatch(line) is not None


def is_furniture(text: str) -> bool:
    """Whether a block's whole text is a page's furniture: for pages whose parser let some of it pass."""
    return _form(text) or _SKIP.fullmatch(text) is not None
