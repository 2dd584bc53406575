"""Text that means harm: what reporters, offices and links may send, for tests of every way in and every place shown.

Our own corpus beside the npm package big-list-of-naughty-strings, which misses the worst for this application: text that
is compiled as a template on the server, and text that runs when a map is drawn.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path

__all__ = ["BEACON", "COMPUTED", "MARK", "corpus", "gathered", "letters", "naughty", "planted", "sample", "storable"]

ROOT = Path(__file__).resolve().parents[1]

COMPUTED = "62615533"
"""What ``7919*7907`` comes to: wherever it stands, somebody calculated."""
BEACON = "http://beacon.test/x"
"""An address for tests that refuse every other host, and notice who asks for one."""
MARK = " ¦ "
"""Stands between texts that are sent together."""
LEAST = 200


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


def sample(made: Path, beacon: str, every: int = 3) -> list[str]:
    """Our own strings and a part of the package's, at least 200 together, as a browser sends them: no half characters."""
    texts = [*corpus(made, beacon), *naughty()[::every]]
    assert len(texts) >= LEAST
    return [text.encode("utf-8", "replace").decode() for text in texts]


def gathered(texts: Iterable[str], most: int) -> list[str]:
    """The storable ones put together, at most ``most`` letters each time: as many texts, fewer sendings."""
    found: list[str] = []
    for text in texts:
        if not storable(text) or len(text) > most:
            continue
        if found and len(found[-1]) + len(MARK) + len(text) <= most:
            found[-1] += MARK + text
        else:
            found.append(text)
    return found


def letters(shown: str) -> str:
    """Text without its spaces, which browsers may show otherwise, and without the joiner that keeps addresses text."""
    return "".join(shown.replace("\N{WORD JOINER}", "").split())


class _Page(HTMLParser):
    """What a page is made of: tags with the names of their attributes, addresses, and its text."""

    ADDRESSES = frozenset({"src", "href", "action", "formaction", "style", "srcset", "data"})
    RUN = frozenset({"script", "style", "img", "iframe", "svg", "link", "object", "embed", "base", "meta"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.kinds: set[tuple[str, str]] = set()
        self.run: Counter[str] = Counter()
        self.addresses: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.kinds |= {(tag, name) for name, _ in attrs} | {(tag, "")}
        self.run[tag] += tag in self.RUN
        self.addresses |= {value.split("?")[0] for name, value in attrs if name in self.ADDRESSES and value}


def planted(html: str, like: Iterable[str]) -> list[str]:
    """What a page is made of that harmless pages of the same template are not: each is text that became a page.

    Parameters
    ----------
    like
        Pages that the same template made of harmless text.
    """
    page, others = _Page(html), [_Page(one) for one in like]
    known = set().union(*(one.kinds for one in others))
    found = [f"<{tag} {name}>" for tag, name in sorted(page.kinds - known)]
    if page.run not in [one.run for one in others]:
        found.append(f"{dict(page.run)}")
    found += sorted(
        address
        for address in page.addresses - set().union(*(one.addresses for one in others))
        if not address.startswith("#")
    )
    return found + [COMPUTED] * (COMPUTED in html)
