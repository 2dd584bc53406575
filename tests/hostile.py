"""Text that means harm: what reporters, offices and links may send, for tests of every way in and every place shown.

Our own corpus beside the npm package big-list-of-naughty-strings, which misses the worst for this application: text that
is compiled as a template on the server, and text that runs when a map is drawn.
"""

from __future__ import annotations

import json
from pathlib import Path

__all__ = ["COMPUTED", "corpus", "naughty", "storable"]

ROOT = Path(__file__).resolve().parents[1]

COMPUTED = "62615533"
"""What ``7919*7907`` comes to: wherever it stands, somebody calculated."""


def corpus(made: Path, beacon: str) -> list[str]:
    """Our own strings, the worst first.

    Parameters
    ----------
    made
        Folder that must never come to be.
    beacon
        Address that must never be asked, ``http://127.0.0.1:PORT/beacon``.
    """
    return [
        # compiled on the server
        f"{{{{ cycler.__init__.__globals__.os.mkdir('{made}') }}}}",
        f"{{% set x = cycler.__init__.__globals__.os.mkdir('{made}') %}}",
        f"{{% for c in [].__class__.__base__.__subclasses__() %}}{{{{ c('mkdir {made}', shell=True) }}}}{{% endfor %}}",
        f"<%= system('mkdir {made}') %>",
        "{% x",
        "{# x",
        "{{ x",
        "{{7*7}}",
        "{{7919*7907}}",
        "${7919*7907}",
        "#{7919*7907}",
        "{0.__class__} {missing} %(missing)s %s %n",
        "{{ '{' }}{% raw %}",
        # run in the browser
        "${alert(1)}",
        "`${alert(2)}`",
        f"${{fetch('{beacon}?literal')}}",
        "</script><script>alert(3)</script>",
        f"<img src=x onerror=\"alert(4);fetch('{beacon}?img')\">",
        f'<img src="{beacon}?src">',
        f"<svg/onload=alert(5)><image href={beacon}?svg />",
        f'<iframe src="{beacon}?frame"></iframe>',
        f'<link rel=stylesheet href="{beacon}?css"><style>@import "{beacon}?import";</style>',
        f"}}</style><style>*{{background:url({beacon}?rule)}}",
        '"><details open ontoggle=alert(6)>',
        "' onmouseover=alert(7) x='",
        "javascript:alert(8)",
        "&#60;img src=x onerror=alert(9)&#62;",
        "\\u003cimg src=x onerror=alert(10)\\u003e",
        "<!--<script>",
        "]]><![CDATA[",
        # Markdown
        f"![]({beacon}?markdown)",
        f"[press here]({beacon}?link) <{beacon}?auto> {beacon}?bare",
        f"![x][y]\n\n[y]: {beacon}?reference",
        "**bold** _slanted_ `code` ~~gone~~ # heading",
        ":red[x] :material/home: :smile: $\\sum_x$ :blue-badge[x]",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "> quoted\n- list\n1. list\n***",
        # formulas
        f'=HYPERLINK("{beacon}?formula","x")',
        f'=WEBSERVICE("{beacon}?web")',
        "@SUM(1+1)*cmd|' /C calc'!A0",
        "+1+1",
        "-2+3",
        "\t=1+1",
        "=cmd|'/C calc'!A1",
        # not what it looks like
        "\u202eevil\u202c \u2066hidden\u2069 \u200f\u200e",
        "a\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309\u030a\u030b" * 8,
        "ก่่่่่่่่้้้้้้้้๊๊๊๊๊๋๋๋๋",
        "\ufeff\u200b\u200c\u200d\u2060word\u00ad",
        "\x01\x02\x07\x08\x1b[31mred\x1b[0m\x7f\x85\x9f",
        "one\r\ntwo\rthree\nfour\u2028five\u2029six",
        "nothing\x00after",
        "half \ud800 and \udfff alone",
        "\ufffe\uffff\U0001ffff",
        "W" * 3000,
        "ภ" * 3000,
        "x " * 1500,
        # queries
        "'; drop table incident; --",
        "' or '1'='1",
        "\\'; select pg_sleep(60); --",
        '" ; truncate incident cascade; --',
        "%' escape '!",
        "$$;$$ :name %(name)s ?",
        "../../../../etc/passwd\x00.png",
        "NaN",
        "null",
        "1e999",
    ]


def naughty() -> list[str]:
    """The strings of the npm package, which ``make test`` installs."""
    file = ROOT / "node_modules" / "big-list-of-naughty-strings" / "blns.json"
    return list(json.loads(file.read_text(encoding="utf-8")))


def storable(text: str) -> bool:
    """Whether PostgreSQL takes it as text at all: no zero byte, no half character."""
    return bool(text) and "\x00" not in text and not any(0xD800 <= ord(letter) < 0xE000 for letter in text)
