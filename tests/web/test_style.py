"""The style sheet and the templates know the same classes; colours hold the contrast that the design guide states."""
from __future__ import annotations

import re
from pathlib import Path

WEB = Path(__file__).resolve().parents[2] / "web"
CSS = re.sub(r"/\*.*?\*/", "", (WEB / "static" / "style.css").read_text("utf-8"), flags=re.DOTALL)
TEMPLATES = "".join(path.read_text("utf-8") for path in sorted((WEB / "templates").glob("*.html")))
KINDS = ("person", "group", "organisation", "place", "issue", "intervention", "outcome", "idea", "document")
MADE_UP = {f"t-{kind}" for kind in KINDS} | {f"f-{s}" for s in ("supports", "challenges", "discusses")} | {
    f"b-{kind}" for kind in ("item", "quote", "table", "caption", "note")}


def test_every_class_of_the_style_sheet_is_used() -> None:
    known = {name for selector in re.findall(r"([^{}]+)\{", CSS) if not selector.strip().startswith("@")
             for name in re.findall(r"\.([A-Za-z][\w-]*)", selector)}
    words = set(re.findall(r"[A-Za-z][\w-]*", TEMPLATES))
    assert known - words - MADE_UP == set()
    assert len(known) > 80


def test_nothing_is_loaded_from_elsewhere() -> None:
    assert not re.findall(r"url\((?!#)", CSS)
    assert "@import" not in CSS
    assert not re.findall(r"""(?:src|href|action)=["'](?:https?:)?//""", TEMPLATES)
    assert "|safe" not in TEMPLATES
    assert "autoescape" not in TEMPLATES


def tokens(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", css))


def luminance(colour: str) -> float:
    parts = [int(colour[n:n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    """Contrast of two colours (WCAG 2.2, definition of contrast ratio)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_texts_and_signs_have_contrast_in_both_themes() -> None:
    light_css, _, dark_css = CSS.partition("prefers-color-scheme: dark")
    light = tokens(light_css)
    dark = light | tokens(dark_css.partition("}\n}")[0])
    for theme in (light, dark):
        for ground in ("paper", "wash", "tint", "mark", "mark-2"):
            for text in ("ink", "ink-2", "link"):
                assert ratio(theme[text], theme[ground]) >= 4.5, (text, ground)
        for sign in (*KINDS[:1], *KINDS[2:], "supports", "challenges", "discusses", "warn", "error", "visited"):
            assert ratio(theme[sign], theme["paper"]) >= 4.5, sign
        assert ratio(theme["edge"], theme["paper"]) >= 3
