"""Small charts as SVG without words: what they show stands in the table beside them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

__all__ = ["bar", "columns"]

HIGH, WIDE, FOOT = 180, 64, 46
"""Of a column with room for its number above and its name below."""


def bar(count: int | None, most: int) -> str:
    """A bar beside its number, hatched and short where it is not shown."""
    if count is None:
        return ""
    return (
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect width="{max(100 * count / max(most, 1), 0.5):.1f}" height="10"/></svg>'
    )


def columns(rows: Sequence[tuple[str, int | None]], label: str) -> str:
    """Columns side by side, each with its number above and its name below; a dash where a number is not shown."""
    most = max((count for _, count in rows if count is not None), default=1)
    parts = []
    for number, (name, count) in enumerate(rows):
        middle = number * WIDE + WIDE / 2
        high = 0 if count is None else max((HIGH - 30) * count / most, 1)
        if count is not None:
            parts.append(f'<rect x="{middle - 20:.0f}" y="{HIGH - high:.0f}" width="40" height="{high:.0f}"/>')
        said = "–" if count is None else f"{count:,}"
        parts.append(f'<text x="{middle:.0f}" y="{HIGH - high - 7:.0f}">{said}</text>')
        parts.append(f'<text class="under" x="{middle:.0f}" y="{HIGH + 22}">{escape(name)}</text>')
    width = max(len(rows), 1) * WIDE
    return (
        f'<svg class="columns" viewBox="0 0 {width} {HIGH + FOOT}" width="{width}" role="img" aria-label="{escape(label)}">'
        f'<path class="base" d="M0 {HIGH}H{width}"/>{"".join(parts)}</svg>'
    )
