"""The only place where text meets a map.

Text inside a folium object is compiled as a template on the server and as a template literal in the browser,
and is then read as HTML. A character written as ``&#NN;`` is none of the three: it is shown, and that is all.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

__all__ = ["escape", "script_json"]

_LITERAL: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_UNSAFE: Final = re.compile(r"[^\w .,:;/?=\-#\"\\]|_", re.ASCII)


def escape(text: str) -> str:
    """``text`` with every character but ASCII letters and digits written as ``&#NN;``.

    Control characters, which HTML cannot show, and lone surrogates, which no page can carry, become U+FFFD.
    Thai, Lao and Khmer are displayed as they should be.
    """
    return "".join(_reference(character) for character in text)


def _reference(character: str) -> str:
    code = ord(character)
    if character.isascii() and character.isalnum():
        return character
    control = (code < 32 and character not in "\t\n") or 127 <= code < 160
    surrogate, nothing = 0xD800 <= code <= 0xDFFF, code & 0xFFFE == 0xFFFE
    return f"&#{0xFFFD if control or surrogate or nothing else code};"


def script_json(value: Any) -> str:
    """``value`` as JSON that can stand in a script, whatever reads the script on its way to the browser.

    Inside strings (keys too) everything but ASCII letters, digits and the characters of an address is written
    as ``\\uXXXX``: no markup, no template (``{{``, ``{%``, ``${``), no end of line, and no underscore,
    because streamlit-folium replaces names that follow one.

    Raises
    ------
    ValueError
        A number is not finite.
    """
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return _LITERAL.sub(lambda found: '"' + _safe(found[0][1:-1]) + '"', text)


def _safe(literal: str) -> str:
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", literal)
