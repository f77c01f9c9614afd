"""Which language a text is in."""

from __future__ import annotations

from functools import cache
from typing import Any

READ_HERE = "en"
SURE = 0.8  # below it the guess is worth nothing: "NHS 111" is "oc" with .09, "ok" is "af" with .01
SAMPLE = 700  # characters taken from the start, the middle and the end
SHORT = 200  # characters below which no document is turned away
NAMES = {
    "af": "Afrikaans",
    "ar": "Arabic",
    "bg": "Bulgarian",
    "br": "Breton",
    "ca": "Catalan",
    "cs": "Czech",
    "cy": "Welsh",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "es": "Spanish",
    "et": "Estonian",
    "eu": "Basque",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "ga": "Irish",
    "gl": "Galician",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian",
    "hu": "Hungarian",
    "id": "Indonesian",
    "is": "Icelandic",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "la": "Latin",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "mt": "Maltese",
    "nb": "Norwegian",
    "nl": "Dutch",
    "nn": "Norwegian",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "sl": "Slovenian",
    "sq": "Albanian",
    "sr": "Serbian",
    "sv": "Swedish",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "zh": "Chinese",
}


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def detect(text: str) -> str:
    """The BCP 47 tag of the text's language, or "" where that is not sure (short or mixed texts)."""
    if len(text) > 3 * SAMPLE:
        middle = len(text) // 2
        text = " ".join((text[:SAMPLE], text[middle : middle + SAMPLE], text[-SAMPLE:]))
    if not any(char.isalpha() for char in text):
        return ""
    tag, probability = _identifier().classify(text)
    return str(tag) if probability >= SURE else ""


def name_of(tag: str) -> str:
    """The language's English name, or its tag where the name is not known here."""
    return NAMES.get(tag, tag)
