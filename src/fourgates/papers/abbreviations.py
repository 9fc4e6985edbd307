"""How offices shorten each other's names (简称): 中共成县城关镇委员会 is 城关镇党委, a working committee 教育工委."""

from __future__ import annotations

import re
from collections import Counter

from fourgates.units import Tree

_COUNTY = re.compile(r"(?:中共)?(.+?)(?:县委|委员会|委)")
_COMMITTEE = re.compile(r"中共(.+?)(工作)?委员会")


def abbreviations(tree: Tree) -> dict[str, str]:
    """Every unit's short name, by its full one; a name that is not built the usual way, or would no longer be its own,
    stays as it is."""
    county = _COUNTY.fullmatch(tree.county)
    place = county[1] if county else ""
    places = (
        (place,)
        if place.endswith(("县", "区", "市", "旗"))
        else (place, f"{place}县", f"{place}区", f"{place}市")
    )
    found = {unit.name: _short(unit.name, places) for unit in tree}
    times = Counter(found.values())
    return {name: short if times[short] == 1 else name for name, short in found.items()}


def _short(name: str, places: tuple[str, ...]) -> str:
    usual = _COMMITTEE.fullmatch(name)
    if not usual:
        return name
    core = usual[1]
    for place in sorted(places, key=len, reverse=True):
        if place and core.startswith(place) and len(core) > len(place):
            core = core[len(place) :]
            break
    return core + ("工委" if usual[2] else "党委")
