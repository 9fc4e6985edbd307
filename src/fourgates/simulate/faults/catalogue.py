"""Every fault by its name (差错目录), and planting several at once."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from fourgates.simulate.county import County
from fourgates.simulate.faults import gating, meetings, people, sending, values, workbooks
from fourgates.simulate.faults.planting import Fault, NoPlace, Planted
from fourgates.simulate.sheet import NotMeant

CATALOGUE: Mapping[str, Fault] = {
    fault.__name__: fault
    for module in (values, people, meetings, sending, gating, workbooks)
    for fault in module.FAULTS
}
# Takes a second to make and 400 MB to unpack: planted only where it is asked for.
HEAVY: Mapping[str, Fault] = {"bomb": workbooks.bomb}


def plant(county: County, names: list[str], rng: Random) -> list[tuple[str, Planted]]:
    """Plants the named faults one after another; one that finds no place is left out."""
    planted = []
    for name in names:
        try:
            planted.append((name, {**CATALOGUE, **HEAVY}[name](county, rng)))
        except (NoPlace, NotMeant):
            continue
    return planted
