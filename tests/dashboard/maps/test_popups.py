from __future__ import annotations

import html
import json
from pathlib import Path

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.maps.popups import escape, script_json

HOSTILE = [
    "{{7*7}}", "{{ cycler.__init__.__globals__.os.mkdir('x') }}", "{% x", "{% parked", "{# x",
    "${alert(1)}", "`${x}`", "\\`", "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>", "<!--", "]]>", "&lt;script&gt;", "&#60;b&#62;",
    "' onmouseover='x", '" onload="x', "![](http://beacon.invalid/x.png)",
    "[x](javascript:alert(1))", "=HYPERLINK(1)", "@SUM(1)", "\u202eevil", "\u2066x\u2069",
    "a\u2028b\u2029c", "x\x00y\x1b[31m", "Z\u0351\u036b\u0343\u036a", "\ud800",
    "\\u003cscript\\u003e", "feature_group_0", "map_div", "\ufeff", "\U0001f468\u200d\U0001f469",
    "บ้านแจมป๋อง", "ສະພານມິດຕະພາບ", "ច្រកទ្វារព្រំដែន",
]  # fmt: skip
NAUGHTY = Path(__file__).resolve().parents[3] / "node_modules" / "big-list-of-naughty-strings" / "blns.json"


def naughty() -> list[str]:
    return [str(text) for text in json.loads(NAUGHTY.read_text(encoding="utf-8"))]


def read_back(text: str) -> str:
    """What a person sees."""
    return html.unescape(escape(text))


@pytest.mark.parametrize("text", HOSTILE)
def test_escaped_text_holds_nothing_but_letters_digits_and_references(text: str) -> None:
    rest = escape(text)
    assert set(rest) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789&#;")
    assert jinja2.Template(rest).render() == rest


def test_the_list_of_naughty_strings_is_escaped_without_a_remainder() -> None:
    texts = naughty()
    assert len(texts) > 400
    for text in texts:
        assert not set(escape(text)) & set("<>\"'`${}%\\\n")


@pytest.mark.parametrize(
    "text", ["บ้านแจมป๋อง หมู่ 3", "ສະພານມິດຕະພາບ", "ច្រកទ្វារព្រំដែន", "a<b & c", "${x} {{y}}", "line\nline"]
)
def test_a_person_reads_the_text_as_it_was_written(text: str) -> None:
    assert read_back(text) == text


@pytest.mark.parametrize("text", ["\ud800", "\x00", "\x1b", "\x85", "\uffff"])
def test_what_no_page_can_carry_is_shown_as_the_replacement_character(text: str) -> None:
    assert read_back(text) == "\ufffd"


@given(st.text())
def test_any_text_survives_a_template_unchanged(text: str) -> None:
    assert jinja2.Template(escape(text)).render() == escape(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda x: st.lists(x) | st.dictionaries(st.text(), x),
    )
)
def test_json_for_a_script_means_the_same_and_is_no_template(value: object) -> None:
    text = script_json(value)
    assert json.loads(text) == value
    assert jinja2.Template(text).render() == text
    assert text.isascii()
    assert not set(text) & set("<>&'`$_\n")
    assert "{{" not in text
    assert "{%" not in text


def test_json_for_a_script_refuses_numbers_that_json_does_not_have() -> None:
    with pytest.raises(ValueError, match="JSON"):
        script_json({"zoom": float("nan")})
