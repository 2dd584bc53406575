"""What changes on the map: one call of our script with one state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import folium
from branca.element import MacroElement
from folium.template import Template

from dashboard.maps.palette import palette
from dashboard.maps.popups import script_json

__all__ = ["MapState", "state_group", "state_json"]


def state_json(state: Mapping[str, Any]) -> str:
    """A state, with its palette, as it stands in the map's script."""
    return script_json({**state, "palette": palette(bool(state.get("night")))})


class MapState(MacroElement):
    """Hands ``state`` to ``window.watch.apply``, which compares it with what is drawn and changes only that.

    Parameters
    ----------
    state
        Plain values: codes, addresses and words of the interface, never text that people wrote. ``palette``
        is added.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            window.watch.apply({{ this.json }});
        {% endmacro %}
        """
    )

    def __init__(self, state: Mapping[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "MapState"
        self.json = state_json(state)


def state_group(state: Mapping[str, Any]) -> folium.FeatureGroup:
    """The feature group that a page adds to the base map."""
    group = folium.FeatureGroup(name="watch")
    MapState(state).add_to(group)
    return group
