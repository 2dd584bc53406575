"""Links under a table to take it away, and links to papers: plain links of our own routes, which ask anew who comes."""

from __future__ import annotations

import html
from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st

from dashboard.i18n import t

__all__ = ["link", "links", "table_links"]

_PLAIN = "display:inline-block;padding:0.15rem 0.2rem;margin-right:0.6rem;color:inherit;text-decoration:underline"
_BUTTON = (
    "display:inline-block;padding:0.3rem 0.9rem;border:1px solid currentColor;border-radius:0.5rem;color:inherit;"
    "text-decoration:none;line-height:1.6"
)


def link(path: str, query: Mapping[str, str], words: str, key: str) -> None:
    """A link to a file of ours; ``path`` is made of our own words and numbers."""
    with st.container(key=key):
        st.html(_anchor(path, query, words, _BUTTON))


def links(paths: Mapping[str, str], query: Mapping[str, str], key: str) -> None:
    """Links to several forms of one paper, side by side: what is read of each, and its path."""
    with st.container(key=key, width="content"):
        anchors = "".join(
            _anchor(path, query, words, f"{_BUTTON};margin-right:0.5rem") for words, path in paths.items()
        )
        st.html(f'<p style="margin:0;white-space:nowrap">{anchors}</p>', width="content")


def table_links(table: str, query: Mapping[str, str], lang: str) -> None:
    """Take a table away as CSV or for Excel.

    Parameters
    ----------
    query
        The filter as it stands in the page's address.
    """
    asked = dict(query) | {"lang": lang}
    links = "".join(
        _anchor(f"exports/{table}.{form}", asked, said, _PLAIN) for form, said in (("csv", "CSV"), ("xlsx", "Excel"))
    )
    with st.container(key=f"take_{table}"):
        said = f'<span style="margin-right:0.6rem">{_safe(t("export.take", lang))}</span>'
        st.html(f'<p style="margin:0;font-size:0.9rem">{said}{links}</p>')


def _anchor(path: str, query: Mapping[str, str], words: str, style: str) -> str:
    return f'<a href="{_safe(f"{path}?{urlencode(query)}")}" style="{style}">{_safe(words)}</a>'


def _safe(words: str) -> str:
    return html.escape(words, quote=True)
