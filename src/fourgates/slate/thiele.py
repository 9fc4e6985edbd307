"""Proportional approval voting as a programme (比例认可投票), quotas as rows.

greatest Σ_b w_b Σ_l z_{b,l} / l  with  Σ_l z_{b,l} ≤ Σ_{c ∈ b} x_c, 0 ≤ z ≤ 1, x as the quotas allow: since 1/l falls,
the z fill up by themselves. Values are judged again as whole numbers over the least common multiple of 1 … k.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import lcm
from typing import Any

from msgspec.structs import replace

from fourgates.errors import Refused
from fourgates.slate.ballots import Ballots
from fourgates.slate.engine import tabulate
from fourgates.slate.frame import frame
from fourgates.slate.model import Problem


def score(ballots: Ballots, chosen: Sequence[str], size: int) -> int:
    """The PAV score times the least common multiple of 1 … size: a whole number, so scores compare exactly."""
    common = lcm(*range(1, size + 1)) if size else 1
    gains = [0]
    for number in range(1, size + 1):
        gains.append(gains[-1] + common // number)
    place = {each: number for number, each in enumerate(ballots.candidates)}
    taken = {place[each] for each in chosen}
    pairs = zip(ballots.ballots, ballots.weights, strict=True)
    return sum(weight * gains[sum(each in taken for each in ballot)] for ballot, weight in pairs)


def pav(ballots: Ballots, problem: Problem) -> tuple[str, ...]:
    """A committee of the greatest PAV score under the quotas, in the order of the lots."""
    import highspy
    import numpy as np

    # Every candidate is a column: candidates alike in tags are not alike in who approves them.
    people = tuple(replace(person, support=(number,)) for number, person in enumerate(problem.people))
    programme = frame(replace(problem, people=people))
    column = {each: place for place, group in enumerate(programme.groups) for each in group.ids}
    sheet = tabulate(programme)
    size = problem.size
    cost = [0.0] * len(programme.groups)
    top = [1.0] * len(programme.groups)
    for ballot, weight in zip(ballots.ballots, ballots.weights, strict=True):
        able = [column[ballots.candidates[each]] for each in ballot if ballots.candidates[each] in column]
        depth = min(len(able), size)
        entries = [(place, -1.0) for place in able] + [(len(cost) + level, 1.0) for level in range(depth)]
        cost += [weight / (level + 1) for level in range(depth)]
        top += [1.0] * depth
        sheet.add(entries, -float("inf"), 0.0)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(cost), len(sheet.entries)
    model.sense_ = highspy.ObjSense.kMaximize
    model.col_cost_, model.col_upper_ = np.array(cost), np.array(top)
    least = [float(group.least) for group in programme.groups]
    model.col_lower_ = np.array(least + [0.0] * (len(cost) - len(least)))
    model.row_lower_, model.row_upper_ = np.array(sheet.low), np.array(sheet.high)
    matrix = model.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    matrix.start_ = np.cumsum([0, *map(len, sheet.entries)]).astype(np.int32)
    matrix.index_ = np.array([place for row in sheet.entries for place, _ in row], dtype=np.int32)
    matrix.value_ = np.array([number for row in sheet.entries for _, number in row])
    model.a_matrix_ = matrix
    kind: Any = highspy.HighsVarType
    model.integrality_ = [kind.kInteger] * len(least) + [kind.kContinuous] * (len(cost) - len(least))
    base: Any = highspy.Highs.__base__
    highs = base()
    for option, setting in (
        ("output_flag", False),
        ("parallel", "off"),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 1e-9),
    ):
        highs.setOptionValue(option, setting)
    highs.passModel(model)
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise Refused("S.9", "求解结果前后不一致")
    values = highs.getSolution().col_value
    chosen = [each for each, place in column.items() if values[place] > 0.5]
    return tuple(problem.lots().order(chosen))
