"""Make the sample documents from their sources: ``python -m samples [FOLDER]``.

A source is Markdown with a header that names the format to make. The same sources give the
same text in each file; only PDF, DOCX and ODT carry a date of their own, which is fixed.
Needs the development requirements (fpdf2, python-docx).
"""
from __future__ import annotations

import html
import re
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import docx
import frontmatter
import yaml
from docx.shared import Pt
from fpdf import FPDF
from odfdo import Document as OdtDocument
from odfdo import Header, Paragraph

HERE = Path(__file__).resolve().parent
NOTICE = (
    "This is a sample document written for the Reform Evidence Graph. "
    "Its people, bodies and figures are invented."
)
MADE = datetime(2026, 11, 25, tzinfo=UTC)
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)
NOTE = re.compile(r"\^\[([^\]]+)\]")


@dataclass(frozen=True)
class Source:
    name: str
    header: dict[str, Any]
    blocks: tuple[tuple[str, str], ...]  # (heading | paragraph, text)

    @property
    def authors(self) -> list[str]:
        return [a["name"] if isinstance(a, dict) else a for a in self.header["authors"]]

    @property
    def printed_date(self) -> str:
        """The date as a reader sees it: as exact as the header gives it."""
        value = self.header["date"]
        if isinstance(value, date):
            return f"{value.day} {MONTHS[value.month - 1]} {value.year}"
        year, _, month = str(value).partition("-")
        return f"{MONTHS[int(month) - 1]} {year}" if month else year


def read_source(path: Path) -> Source:
    post = frontmatter.load(str(path))
    blocks = []
    for part in re.split(r"\n\s*\n", post.content.strip()):
        if part.startswith("## "):
            blocks.append(("heading", part[3:].strip()))
        else:
            blocks.append(("paragraph", " ".join(part.split("\n")) if not post.get("comments") else part))
    return Source(path.stem, dict(post.metadata), tuple(blocks))


def curl(text: str) -> str:
    """Typographic quotation marks, as word processors and blogs set them."""
    text = re.sub(r'(^|[\s(])"', r"\1“", text).replace('"', "”")
    return re.sub(r"(^|[\s(])'", r"\1‘", text).replace("'", "’")


def make_md(source: Source, path: Path) -> None:
    header = {k: v for k, v in source.header.items() if k not in ("format", "columns", "byline")}
    body = "\n\n".join(f"## {text}" if kind == "heading" else text for kind, text in source.blocks)
    front = yaml.safe_dump(header, allow_unicode=True, sort_keys=False)
    path.write_text(f"---\n{front}---\n\n{body}\n\n*{NOTICE}*\n", "utf-8")


def make_txt(source: Source, path: Path) -> None:
    paragraphs = [text for _, text in source.blocks]
    if source.header.get("comments"):
        text = "\n\n".join([
            "Skip to content", "Eastmarch First: a blog about one place",
            "Home\nAbout\nContact", *paragraphs, NOTICE,
            "Share this:\nTwitter\nFacebook", "Like this:\nLike Loading...",
            "This entry was posted in Uncategorized. Bookmark the permalink.",
            "← Older post\nNewer post →",
            "Leave a Reply", "Enter your comment here...",
            "Fill in your details below or click an icon to log in:",
            "Email (required) (Address never made public)\nName (required)\nWebsite",
            "You are commenting using your WordPress.com account. ( Log Out / Change )",
            "Cancel", "Connecting to %s", "Notify me of new comments via email.",
            "Blog at WordPress.com.",
        ])
    else:
        first = paragraphs[0].split(". ")[0] if paragraphs[0].startswith("By ") else ""
        assert first, f"{source.name}: a plain text begins with its byline"
        byline, _, printed = re.match(r"(By \S.*?)( )(\d{1,2} \w+ \d{4})$", paragraphs[0]).groups()  # type: ignore[union-attr]
        text = "\n\n".join([source.header["title"], f"{byline}\n{printed}", *paragraphs[1:], NOTICE])
    path.write_text(text + "\n", "utf-8")


def make_html(source: Source, path: Path) -> None:
    title, publisher = html.escape(curl(source.header["title"])), html.escape(curl(source.header["publisher"]))
    byline, when = html.escape(curl(source.header["byline"])), source.header["date"]
    body = "\n".join(
        f"<h2>{html.escape(curl(text))}</h2>" if kind == "heading" else f"<p>{html.escape(curl(text))}</p>"
        for kind, text in source.blocks
    )
    menu = "".join(f'<li><a href="#">{word}</a></li>' for word in ("Home", "About us", "Our work", "Blog", "Contact"))
    comments = ""
    if source.header.get("saved"):
        comments = """
<section id="comments" class="comments-area"><h2 class="comments-title">2 thoughts on this post</h2>
<ol class="comment-list"><li class="comment"><p>Well said. Our surgery has had three reorganisations.</p></li>
<li class="comment"><p>First! Buy cheap watches here.</p></li></ol>
<div id="respond" class="comment-respond"><h3>Leave a Reply</h3>
<form action="#" method="post"><p>Your email address will not be published. Required fields are marked *</p>
<label>Comment <textarea name="comment"></textarea></label><label>Name * <input name="author"></label>
<label>Email * <input name="email"></label><input type="submit" value="Post Comment"></form></div></section>"""
    path.write_text(f"""<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<title>{title} | {publisher}</title>
<meta property="og:title" content="{title}">
<meta property="og:site_name" content="{publisher}">
<meta name="author" content="{html.escape(curl(source.authors[0]))}">
<meta property="article:published_time" content="{when.isoformat()}T09:00:00+00:00">
<link rel="canonical" href="{html.escape(source.header["url"])}">
<style>body {{ font-family: sans-serif }}</style>
</head>
<body>
<div class="cookie-banner" role="dialog"><p>We use cookies to make this site work.
Accept all cookies or change your settings.</p>
<button>Accept all cookies</button></div>
<header><p class="site-title">{publisher}</p><nav aria-label="Menu"><ul>{menu}</ul></nav></header>
<main><article>
<h1>{title}</h1>
<p class="byline">By <span class="author">{byline}</span></p>
<p class="date"><time datetime="{when.isoformat()}">{source.printed_date}</time></p>
{body}
<p class="sample-notice"><em>{NOTICE}</em></p>
</article>
<div class="sharing"><h3>Share this</h3><ul><li><a href="#">Email</a></li><li><a href="#">Print</a></li></ul></div>
{comments}</main>
<aside><h2>Recent posts</h2>
<ul><li><a href="#">Summer opening hours</a></li><li><a href="#">We are hiring</a></li></ul></aside>
<footer><p>Copyright {publisher}. <a href="#">Privacy</a> <a href="#">Cookies</a></p></footer>
</body>
</html>
""", "utf-8")


class Report(FPDF):
    """A4 with a running head from the second page on, page numbers, and notes at the first page's foot."""

    def __init__(self, source: Source) -> None:
        super().__init__(format="A4")
        self.source, self.notes = source, list[str]()
        self.set_creation_date(MADE)
        self.set_title("Microsoft Word - report_final_v3.doc")  # what such files often carry
        self.set_margins(22, 24, 22)
        self.set_auto_page_break(True, 40)

    def header(self) -> None:
        if self.page_no() > 1:
            self.set_font("Helvetica", size=8)
            self.set_y(10)
            self.cell(0, 5, f"{self.source.header['publisher']} - {self.source.header['title'].split(':')[0]}")
            self.set_y(24)

    def footer(self) -> None:
        self.set_font("Helvetica", size=8)
        if self.page_no() == 1 and self.notes:
            self.set_y(-34)
            self.line(22, self.get_y(), 70, self.get_y())
            for number, note in enumerate(self.notes, 1):
                self.multi_cell(0, 4, f"{number} {note}", new_x="LMARGIN", new_y="NEXT")
        self.set_y(-14)
        self.cell(0, 5, str(self.page_no()), align="C")


def make_pdf(source: Source, path: Path) -> None:
    pdf = Report(source)
    for _, text in source.blocks:
        pdf.notes += NOTE.findall(text)
    pdf.add_page()
    pdf.set_font("Times", "B", 22)
    pdf.multi_cell(0, 9, source.header["title"], align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(2)
    pdf.set_font("Times", size=12)
    people = [name for name in source.authors if name != source.header["publisher"]]
    for line in filter(None, (", ".join(people), source.header["publisher"], source.printed_date)):
        pdf.cell(0, 6, line, new_x="LMARGIN", new_y="NEXT")
    pdf.ln(6)
    number = 0
    with pdf.text_columns(ncols=source.header.get("columns", 1), gutter=8, text_align="J", line_height=1.2) as columns:
        for kind, text in [*source.blocks, ("notice", NOTICE)]:
            size, style = {"heading": (13, "B"), "paragraph": (11, ""), "notice": (9, "I")}[kind]
            above, below = (2, 1.5) if kind == "heading" else (0, 3)
            align = "J" if kind == "paragraph" else "L"
            with columns.paragraph(top_margin=above, bottom_margin=below, text_align=align) as paragraph:
                pieces = NOTE.split(text)
                for at, piece in enumerate(pieces):
                    pdf.set_font("Times", style, size)
                    if at % 2:
                        number += 1
                        pdf.char_vpos = "SUP"
                        paragraph.write(str(number))
                        pdf.char_vpos = "LINE"
                    else:
                        paragraph.write(piece)
    pdf.output(str(path))


def make_docx(source: Source, path: Path) -> None:
    document = docx.Document()
    document.styles["Normal"].font.size = Pt(11)
    document.add_paragraph(curl(source.header["title"]), style="Title")
    people = [name for name in source.authors if name != source.header["publisher"]]
    for line in filter(None, (", ".join(people), source.header["publisher"], source.printed_date)):
        document.add_paragraph(curl(line))
    for kind, text in source.blocks:
        if kind == "heading":
            document.add_heading(curl(text), 1)
        else:
            document.add_paragraph(curl(text))
    document.add_paragraph().add_run(NOTICE).italic = True
    properties = document.core_properties
    properties.author, properties.title = "jsmith2", "report final FINAL"  # what such files often carry
    properties.created = properties.modified = MADE.replace(tzinfo=None)
    document.save(str(path))


def make_odt(source: Source, path: Path) -> None:
    document = OdtDocument("text")
    document.body.clear()
    document.body.append(Header(1, curl(source.header["title"])))
    people = [name for name in source.authors if name != source.header["publisher"]]
    if people:
        document.body.append(Paragraph("By " + ", ".join(people)))
    for line in (source.header["publisher"], source.printed_date):
        document.body.append(Paragraph(curl(line)))
    for kind, text in source.blocks:
        document.body.append(Header(2, curl(text)) if kind == "heading" else Paragraph(curl(text)))
    document.body.append(Paragraph(NOTICE))
    document.meta.creation_date = document.meta.date = MADE.replace(tzinfo=None)
    document.save(str(path))


MAKERS = {"md": make_md, "txt": make_txt, "html": make_html, "pdf": make_pdf, "docx": make_docx, "odt": make_odt}


def make_all(folder: Path) -> list[Path]:
    """Make every sample document; gives their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for path in sorted((HERE / "sources").glob("*.md")):
        source = read_source(path)
        target = folder / f"{source.name}.{source.header['format']}"
        MAKERS[source.header["format"]](source, target)
        made.append(target)
    return made


if __name__ == "__main__":
    for made_path in make_all(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "documents"):
        print(made_path)
