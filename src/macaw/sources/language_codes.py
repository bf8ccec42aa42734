"""What language the codes of several lists mean: one id for each, a BCP 47 tag."""

from __future__ import annotations

from functools import cache

from langcodes import Language, standardize_tag
from langcodes.tag_parser import LanguageTagError

UNDETERMINED = "und"


@cache
def language_of(code: str) -> str | None:
    """The BCP 47 tag of a language, with a script only where the code has one; None if the code names no language.

    ISO 639-1, ISO 639-3 and old codes of one language give the same tag.

    >>> [language_of(code) for code in ("zh", "zho", "zh-Hant", "yue_Hans", "iw", "jw")]
    ['zh', 'zh', 'zh-Hant', 'yue-Hans', 'he', 'jv']
    >>> language_of("xx-Goth") is None
    True
    """
    try:
        tag = standardize_tag(code)
    except LanguageTagError:
        return None
    language = Language.get(tag)
    known = language.is_valid() and language.language not in (None, UNDETERMINED, "mis", "mul", "zxx")
    return tag if known and not language.territory else None


def base(tag: str) -> str:
    """A tag without its script.

    >>> base("zh-Hant")
    'zh'
    """
    return tag.split("-")[0]
