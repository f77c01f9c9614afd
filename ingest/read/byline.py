"""Who wrote a document: bylines and the sentences that say who an author is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ingest.read.date import find_date, is_date
from records.model import Author

ORGANISATION_WORDS = frozenset(
    [
        "academy", "administration", "agency", "agencies", "alliance", "assembly", "association", "audit", "authority",
        "bank", "board", "bureau", "cabinet", "campaign", "centre", "center", "charity", "city", "club", "college",
        "commission", "committee", "community", "company", "consortium", "consultancy", "consulting", "cooperative",
        "corporation", "council", "county", "coalition", "crown", "department", "directorate", "division", "exchequer",
        "executive", "federation", "force", "forum", "foundation", "fund", "government", "group", "homes", "hospital",
        "housing", "inc", "initiative", "inspectorate", "institute", "institution", "kommission", "lab", "labs",
        "laboratory", "league", "library", "limited", "llp", "ltd", "ministry", "mission", "network", "nhs",
        "observatory", "office", "ombudsman", "organisation", "organization", "parliament", "partners", "partnership",
        "police", "press", "programme", "program", "project", "scheme", "school", "secretariat", "service", "services",
        "society", "solutions", "strategy", "studio", "systems", "taskforce", "team", "think-tank", "treasury",
        "tribunal", "trust", "union", "unit", "university", "working",
    ]
)  # fmt: skip
# Words that start with a capital on title pages and in headings but are no names.
_NOT_NAMES = frozenset(
    [
        "a", "about", "abstract", "accessibility", "acknowledgements", "acknowledgments", "additional", "agenda", "all",
        "an", "analysis", "and", "annex", "annual", "appendix", "are", "article", "at", "background", "blog", "brief",
        "briefing", "case", "chapter", "comment", "conclusion", "conclusions", "consultation", "contact", "contents",
        "data", "date", "design", "digital", "discussion", "document", "draft", "edition", "evaluation", "evidence",
        "executive", "figure", "final", "findings", "first", "for", "foreword", "from", "full", "getting", "glossary",
        "guest", "guidance", "guide", "handbook", "health", "how", "in", "introduction", "is", "issue", "key",
        "learning", "lessons", "list", "local", "manager", "memo", "memorandum", "model", "more", "new", "news", "note",
        "notes", "of", "on", "open", "our", "overview", "page", "paper", "part", "pilot", "plan", "policy", "post",
        "preface", "progress", "public", "publication", "read", "reading", "recommendations", "references", "report",
        "research", "results", "review", "section", "social", "standard", "state", "states", "strategy", "study",
        "summary", "supplementary", "table", "technical", "the", "their", "this", "title", "to", "toolkit", "uk",
        "united", "update", "us", "version", "volume", "we", "web", "welcome", "what", "when", "where", "white", "why",
        "with", "working", "your", "january", "february", "march", "april", "may", "june", "july", "august",
        "september", "october", "november", "december", "monday", "tuesday", "wednesday", "thursday", "friday",
        "saturday", "sunday", "admin", "administrator", "editor", "user", "webmaster", "author", "authors", "anonymous",
        "unknown", "home", "menu", "search",
    ]
)  # fmt: skip
_PARTICLES = r"(?:de|la|le|du|da|di|dos|del|van|von|der|den|ten|ter|bin|ibn|al|el|y|of that ilk)"
_WORD_FORM = r"(?:[^\W\d_a-z][\w]*(?:['’-][^\W\d_]\w*)*|[^\W\d_a-z]\.(?:[^\W\d_a-z]\.)*)"
_TITLE_WORD = r"(?:dr|prof|professor|sir|dame|lord|lady|baroness|mr|mrs|ms|miss|rev|rt hon|hon)\b\.?"
_PERSON = re.compile(rf"(?:{_WORD_FORM})(?:[ ]+(?:{_PARTICLES}[ ]+)*(?:{_WORD_FORM})){{1,4}}")
_PLACEHOLDERS = frozenset(
    [
        "admin", "administrator", "user", "author", "owner", "unknown", "anonymous", "default", "guest", "webmaster",
        "editor", "none", "null", "root", "staff", "windows user", "python-docx", "user account", "test",
    ]
)  # fmt: skip
_PROGRAMS = re.compile(
    r"microsoft|adobe|acrobat|libreoffice|openoffice|latex|hewlett|preferred customer|word user", re.I
)
# Titles that are also what somebody is.
_OFFICE = re.compile(
    r"^(?:(?:rt hon|the|dr|prof)\.?\s+)?(?P<office>cllr|councillor|professor|superintendent|chief constable|"
    r"inspector|sergeant|constable|senator|mayor|alderman|judge|justice|sister|matron|minister|ambassador|bishop|canon|colonel|major|captain)\.?\s+"
    r"(?=(?-i:[^\W\d_a-z]))",
    re.I,
)
_HONORIFIC = re.compile(rf"^(?:{_TITLE_WORD}\s+)+", re.I)
_AFTER_NAME = re.compile(r",?\s+(?:OBE|MBE|CBE|KCB|PhD|MD|MP|MSP|AM|QC|KC|Jr\.?|Sr\.?|II|III|IV)(?=$|[\s,;])")
_BY = re.compile(
    r"^(?:(?:guest\s+)?(?:post(?:ed)?|written|published|prepared|edited|authored|compiled|reported|submitted|created|"
    r"blog)\s+"
    r"(?:post\s+)?(?:on\b.{6,40}?\s)?by|author(?:s|\(s\))?\s*:|by:?|words(?:\s+by)?:?\s)\s*:?\s+(?P<who>\S.{1,300})$",
    re.I | re.S,
)
_POSTED_ON = re.compile(
    r"^(?:posted|published|written)?\s*(?:on\s+)?(?P<when>.{6,60}?)\s*[,|·•–—-]?\s+by\s*:?\s+(?P<who>\S.{1,200})$", re.I
)
_CUT = re.compile(
    r"\s*(?:[|·•]|\s[-–—]\s|\b(?:posted\s+)?(?:on|in|at)\s+(?=(?:\w+day\b|\d|[A-Z][a-z]{2,8}\.?\s+\d))|"
    r",?\s*(?:last\s+)?(?:published|updated|posted)\b|"
    r"\b\d+\s+(?:comments?|min(?:ute)?s?\s+read)\b|\bleave a (?:comment|reply)\b|\bfiled under\b|\bunder:)",
    re.I,
)
_MAIL = re.compile(r"\s*[<(]?\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b[>)]?")
_HANDLE = re.compile(r"\s*\(?@\w+\)?")
_ROLE_WORDS = re.compile(
    r"\b(?:director|manager|officer|head|lead|leader|chief|chair|chairman|chairwoman|president|secretary|minister|"
    r"adviser|"
    r"advisor|analyst|researcher|consultant|professor|lecturer|fellow|student|nurse|doctor|teacher|engineer|"
    r"developer|designer|"
    r"editor|writer|journalist|author|founder|co-founder|partner|associate|assistant|specialist|strategist|"
    r"commissioner|"
    r"councillor|mayor|senator|mp|coordinator|co-ordinator|programmer|architect|scientist|economist|owner|executive|"
    r"member|"
    r"technologist|psychologist|physician|gp|surgeon|inspector|constable|superintendent|trustee|volunteer|expert|"
    r"practitioner|planner|librarian|entrepreneur|innovator|worker|counsel|administrator|intern|deputy|principal|ceo|"
    r"cto|cio)\b",
    re.I,
)
_BIO = re.compile(
    r"^(?P<name>(?:[^.,;:()]|(?<=\b[A-Z])\.){4,60}?)(?:\s*\([^)]{1,60}\)|,[^,]{2,40},)?\s+(?:is|was|works as|"
    r"serves as)\s+"
    r"(?:currently\s+|now\s+|also\s+)?(?P<what>(?:an?\s+|the\s+)?(?:[^.;]|(?<=\b[A-Z])\.){3,220})"
)
_ORG_NAME = re.compile(
    r"(?:the\s+)?(?P<org>[^\W_a-z][\w&'’.-]*(?:(?:\s+|,\s(?=[A-Z][\w-]*(?:,|\s+and)\s[A-Z]))(?:(?:of|for|and|the|on|"
    r"to|de|&)\s+){0,2}[^\W_a-z][\w&'’.-]*)*)"
)
_FIELDS = frozenset(
    [
        "policy", "research", "strategy", "communications", "operations", "finance", "delivery", "services", "service",
        "design", "engineering", "technology", "digital", "development", "adult", "adults", "social", "care",
        "children", "health", "public", "innovation", "learning", "education", "data", "analysis", "insight", "product",
        "marketing", "performance", "housing", "planning", "sciences", "science", "economics", "politics", "sociology",
        "law", "medicine", "nursing", "management", "change", "transformation", "staff", "people", "culture",
        "programmes", "programs", "projects", "partnerships", "procurement", "content", "user", "experience",
        "psychology", "state",
    ]
)  # fmt: skip


def bare_name(text: str) -> tuple[str, str]:
    """A name without the titles before it, and the office that they say ("Councillor"), or ""."""
    office = _OFFICE.match(text)
    name = text[office.end() :] if office else text
    shown = office["office"] if office else ""
    return _HONORIFIC.sub("", name).strip(), "Councillor" if shown.lower() == "cllr" else shown


def is_person(text: str) -> bool:
    """Whether a short text has the form of a person's name: two to five capitalised words, none a common one."""
    text, _ = bare_name(text.strip())
    if not _PERSON.fullmatch(text) or len(text) > 60:
        return False
    words = [word.strip(".").lower() for word in text.split()]
    if any(word in _NOT_NAMES or word in ORGANISATION_WORDS for word in words):
        return False
    offices = sum(_ROLE_WORDS.fullmatch(word) is not None for word in words)
    if offices > 1 or _ROLE_WORDS.fullmatch(words[-1]):
        return False
    letters = [word for word in text.split() if len(word.strip(".")) > 1]
    return bool(letters) and not (len(letters) == 1 and letters[0].isupper()) and not text.startswith(("http", "www"))


def kind_of(name: str, publisher: str = "") -> str:
    """Person or Organisation, by the form of the name alone."""
    words = [word.strip(".,").lower() for word in name.split()]
    if any(word in ORGANISATION_WORDS for word in words):
        return "Organisation"
    if name and publisher.casefold().startswith(name.casefold()) and not is_person(name):
        return "Organisation"
    if is_person(name):
        return "Person"
    if re.search(r"\d", name) or (sum(char.isupper() for char in name) >= 2 and len(words) == 1):
        return "Organisation"
    return "Organisation" if words and words[0] == "the" else "Person"


def is_junk_name(name: str) -> bool:
    """Whether a metadata author is a login, a program or a placeholder and not a name."""
    shown = name.strip()
    bare = shown.lower()
    if len(bare) < 2 or bare in _PLACEHOLDERS or "@" in bare or _PROGRAMS.search(bare):
        return True
    if re.fullmatch(r"\d{1,2}[A-Z]\w*", shown):
        return False  # a body such as 18F
    if " " in bare:
        return re.search(r"[^\W\d_]{2}", bare) is None
    return bool(re.search(r"\d|_", bare)) or bare == shown or (shown.isupper() and len(bare) > 5)


def split_byline(text: str) -> str | None:
    """The names' part of a byline ("By …", "Posted by …", "Authors: …"), or None when a line is none."""
    text = " ".join(text.split())
    if len(text) > 300:
        return None
    dated = _POSTED_ON.match(text)
    match = dated if dated and is_date(dated["when"]) else _BY.match(text)
    return match["who"].strip() if match else None


def parse_authors(text: str, publisher: str = "") -> tuple[Author, ...]:
    """Authors of a byline's names: "Ann Lee, Director of X, and Bo Ek (Y)". Not a name: not an author."""
    text = _HANDLE.sub("", _MAIL.sub("", " ".join(text.split())))
    head = _CUT.split(text, maxsplit=1)[0].strip(" ,;.|-–—:")
    if not head and text:
        return ()
    authors: list[Author] = []
    for part in _parts(head):
        name, _, inside = part.partition("(")
        name, inside = _AFTER_NAME.sub("", " " + name).strip(" ,."), inside.rstrip(") ")
        bare, office = bare_name(name)
        if not bare or find_date(bare):
            continue
        if is_person(bare):
            position, affiliation = _position_and_body(inside) if inside else ("", "")
            if position and not affiliation and position[:1].isupper() and not _ROLE_WORDS.search(position):
                position, affiliation = "", position
            authors.append(Author(bare, affiliation, position or office))
        elif authors and authors[-1].kind == "Person":
            authors[-1] = _describe(authors[-1], part)
        elif _is_organisation(bare := bare.removeprefix("the "), publisher):
            authors.append(Author(bare, kind="Organisation"))
    return tuple(dict.fromkeys(authors))


def _is_organisation(name: str, publisher: str) -> bool:
    if re.fullmatch(r"\d{1,2}[A-Z]\w*", name) or (publisher and name.casefold() == publisher.casefold()):
        return True
    return kind_of(name) == "Organisation" and name[:1].isupper() and len(name) < 100 and not name.endswith("!")


def _parts(text: str) -> list[str]:
    """A byline's pieces. "and" and commas divide names, but not inside a body's name or brackets."""
    pieces = [piece for piece in re.split(r"\s*;\s*|\s*\n\s*|,\s*(?:and\s+|&\s+)?(?![^()]*\))", text) if piece]
    parts: list[str] = []
    for piece in pieces:
        halves = re.split(r"\s+(?:and|&|with)\s+(?![^()]*\))", piece)
        if len(halves) > 1 and all(is_person(half.partition("(")[0].strip()) for half in halves):
            parts.extend(halves)
        elif len(halves) > 1 and is_person(halves[-1].partition("(")[0].strip()):
            parts.extend((" and ".join(halves[:-1]), halves[-1]))
        elif len(halves) > 1 and is_person(halves[0]):
            parts.extend((halves[0], " and ".join(halves[1:])))
        else:
            parts.append(piece)
    return parts


def _describe(author: Author, words: str) -> Author:
    """The author with what a byline says after the name: a position, a body, or both."""
    position, affiliation = _position_and_body(words.strip())
    if not _ROLE_WORDS.search(position) and not affiliation:
        named = _ORG_NAME.fullmatch(words.strip(" ."))
        if kind_of(words) == "Organisation" or (author.position and named and len(words.split()) <= 6):
            position, affiliation = "", words.strip()
        elif author.position:
            return author
    if author.position and not affiliation and position:
        if _OFFICE.match(f"{author.position} A"):
            author = replace(author, position="")
        else:
            affiliation, position = position, ""
    return replace(author, position=author.position or position, affiliation=author.affiliation or affiliation)


def _position_and_body(text: str) -> tuple[str, str]:
    """A description into position and body: "Head of Policy at Nesta" -> ("Head of Policy", "Nesta")."""
    text = re.sub(r"^(?:an?|the|our|one of the)\s+", "", text.strip(" ,."), flags=re.I)
    for words in (r"at|with|from|within", r"for|in", r"of"):
        for match in re.finditer(rf"\s+(?:{words})\s+", text):
            position, rest = text[: match.start()].strip(" ,"), text[match.end() :]
            body = _ORG_NAME.match(rest)
            if body and position and _is_body(body["org"], words == r"of") and _ROLE_WORDS.search(position):
                return position, _trim(body["org"])
    if "," in text:
        position, _, rest = text.partition(",")
        body = _ORG_NAME.fullmatch(rest.strip(" ."))
        if body and _ROLE_WORDS.search(position):
            return position.strip(), _trim(body["org"])
    if not _ROLE_WORDS.search(text):
        body = _ORG_NAME.fullmatch(text)
        if body and (kind_of(text) == "Organisation" or text.isupper()):
            return "", _trim(body["org"])
    return text, ""


def _is_body(name: str, strict: bool) -> bool:
    words = [word.strip(".,").lower() for word in name.split() if word[:1].isupper() or word[:1].isdigit()]
    if any(
        word in ORGANISATION_WORDS - {"services", "service", "strategy", "programme", "program", "project"}
        for word in words
    ):
        return True
    if all(word in _FIELDS for word in words):
        return False
    return len(words) > 1 or not strict or name.strip(".,").isupper()


def _trim(name: str) -> str:
    return re.sub(r"\s+(?:and|of|in|for|the|on|to)$", "", name.strip(" ,.'’")).strip()


def find_bio(sentence: str) -> Author | None:
    """The author that a sentence presents: "Sharon Squires is Director of Sheffield First Partnership.", or None."""
    match = _BIO.match(bare_name(" ".join(sentence.split()))[0])
    if match is None:
        return None
    name = match["name"].strip()
    if not is_person(name):
        return None
    what = re.split(
        r",?\s+(?:and\s+)?[A-Z][\w-]+\s+[A-Z][\w-]+\s+(?:is|was)\b|\s+(?:who|where|which|and\s+(?:has|is|was|a|an|"
        r"the|works|leads|writes))\b|,\s*(?:where|who|and|which)\b",
        match["what"],
    )[0]
    if not _ROLE_WORDS.search(what) or re.match(r"\w+ing\b", what):
        return None
    position, affiliation = _position_and_body(what)
    return Author(name, affiliation, position) if len(position) <= 80 else None


def add_bios(authors: Sequence[Author], texts: Iterable[str]) -> tuple[Author, ...]:
    """The authors with position and affiliation from sentences that say who they are; never a new author."""
    found = list(authors)
    texts = list(texts)
    for number, author in enumerate(found):
        only_office = _OFFICE.match(f"{author.position} A") is not None
        if author.kind != "Person" or (author.position and author.affiliation and not only_office):
            continue
        for text in texts:
            at = text.find(author.name)
            opens = at == 0 or (at > 0 and text[at - 2 : at] in (". ", ") ", ": ", "* "))
            opens = opens or bare_name(text)[0].startswith(author.name)
            bio = find_bio(text[at:]) if opens else None
            if bio and bio.name == author.name:
                position = bio.position or author.position if only_office else author.position or bio.position
                found[number] = replace(author, position=position, affiliation=author.affiliation or bio.affiliation)
                break
    return tuple(found)
