"""The word files: complete, alike in every language, and nothing in them that is not words."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard import i18n
from dashboard.i18n import LANGUAGES, has, name, t, words

ROOT = Path(__file__).resolve().parents[3]
SOURCES = [file for folder in ("dashboard", "pages", "geo") for file in sorted((ROOT / folder).rglob("*.py"))]
FIXED = ("th", "en")


def placeholders(sentence: str) -> list[tuple[str, str, str]]:
    return sorted(
        (field, spec or "", conversion or "")
        for _, field, spec, conversion in string.Formatter().parse(sentence)
        if field is not None
    )


def test_thai_comes_first_and_english_second() -> None:
    assert LANGUAGES[:2] == FIXED


def test_both_languages_have_the_same_keys() -> None:
    thai, english = (set(words(lang)) for lang in FIXED)
    assert thai == english


def test_another_language_says_nothing_that_thai_does_not() -> None:
    for lang in LANGUAGES:
        assert set(words(lang)) <= set(words("th"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_sentence_has_the_same_placeholders_in_every_language(lang: str) -> None:
    differ = {key for key, sentence in words(lang).items() if placeholders(sentence) != placeholders(words("th")[key])}
    assert not differ


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_placeholder_is_a_plain_name(lang: str) -> None:
    for key, sentence in words(lang).items():
        for field, _, conversion in placeholders(sentence):
            assert re.fullmatch(r"[a-z][a-z0-9_]*", field), key  # no attribute, no index: values may be anything
            assert not conversion, key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_has_html_stray_spaces_or_spaced_letters(lang: str) -> None:
    for key, sentence in words(lang).items():
        assert sentence, key
        assert sentence == sentence.strip(), key
        assert "  " not in sentence, key
        assert not re.search(r"</?[a-z][^>]*>|&[a-z]+;|&#", sentence), key
        assert not re.search("[\u00a0\u2000-\u200f\u2028-\u202f\u2060-\u206f\ufeff\t\n\r]", sentence), key
        assert not re.search(r"(?:^|\s)(?:\w ){4,}\w(?:\s|$)", sentence), key


def test_thai_sentences_are_thai() -> None:
    without = {
        key
        for key, sentence in words("th").items()
        if re.search("[A-Za-z]{2}", re.sub(r"\{[^}]*\}", "", sentence)) and not re.search("[ก-๛]", sentence)
    }
    assert without == {"app.title"}


def _literals(node: ast.expr) -> Iterator[str | re.Pattern[str]]:
    """The keys that an argument can be: constants, both sides of a choice, f-strings as patterns."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from _literals(body)
            yield from _literals(orelse)
        case ast.JoinedStr(values=parts):
            yield re.compile(
                "".join(re.escape(str(p.value)) if isinstance(p, ast.Constant) else r"[\w.]+" for p in parts)
            )


def _first_arguments(names: set[str]) -> Iterator[tuple[str, str | re.Pattern[str]]]:
    for file in SOURCES:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in names:
                for key in _literals(node.args[0]):
                    yield f"{file.relative_to(ROOT)}:{node.lineno}", key


def test_every_key_that_the_code_says_is_in_the_files() -> None:
    asked = list(_first_arguments({"t"}))
    assert len(asked) > 50
    for where, key in asked:
        if isinstance(key, str):
            assert key in words("th"), where
        else:
            assert any(key.fullmatch(known) for known in words("th")), (where, key.pattern)


def _error_classes() -> set[str]:
    """Names of all classes that come from WatchError, wherever they are."""
    bases: dict[str, set[str]] = {}
    for file in SOURCES:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                bases[node.name] = {b.id if isinstance(b, ast.Name) else getattr(b, "attr", "") for b in node.bases}
    found = {"WatchError"}
    while more := {cls for cls, above in bases.items() if above & found} - found:
        found |= more
    return found


def test_every_error_code_has_a_sentence() -> None:
    codes = [(where, code) for where, code in _first_arguments(_error_classes()) if isinstance(code, str)]
    assert len(codes) > 30
    missing = {f"{where} {code}" for where, code in codes if f"errors.{code}" not in words("th")}
    assert not missing, "\n".join(sorted(missing))


def test_an_unknown_key_or_a_forgotten_value_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        t("no.such.key", "th")
    with pytest.raises(KeyError):
        t("dates.ago", "th")
    assert not has("no.such.key")


def test_a_language_that_lacks_a_word_shows_it_marked_and_in_english_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert t("language.self", "lo") == "⟦English⟧"
    monkeypatch.setattr(i18n, "words", {"th": {"only.thai": "คำ"}, "en": {}}.__getitem__)
    assert i18n.t("only.thai", "en") == "⟦คำ⟧"
    assert i18n.t("only.thai", "th") == "คำ"


def test_a_value_is_said_as_it_is_and_never_read_as_a_sentence() -> None:
    assert t("dates.ago", "en", time="{0.__class__} {{7*7}}") == "{0.__class__} {{7*7}} ago"


def test_a_name_falls_back_to_english_then_thai_then_nothing() -> None:
    row = {"name_th": "หนองคาย", "name_en": "Nong Khai", "name_lo": None, "name_km": float("nan")}
    assert name(row, "th") == "หนองคาย"
    assert name(row, "en") == "Nong Khai"
    assert name(row, "lo") == "Nong Khai"
    assert name(row, "km") == "Nong Khai"
    assert name({"name_th": "หนองคาย", "name_en": " "}, "en") == "หนองคาย"
    assert name({}, "th") == ""


def test_a_name_can_be_taken_from_an_object_too() -> None:
    class Place:
        name_th = "ท่าบ่อ"

    assert name(Place(), "en") == "ท่าบ่อ"
