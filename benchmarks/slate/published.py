"""The peers' own published test cases, put to us: which ran, and what came of each.

    PYTHONPATH=src PEERS_PYTHON -m benchmarks.slate.published COPY [COPY …]

PEERS_PYTHON is that of an environment with the peers, pytest, tomli_w and msgspec; COPY a fetched copy of
sortition-algorithms, citizensassemblies-replication or abcvoting, of which nothing is kept here. sortition-algorithms'
tests run as they are, with our lotteries in the place of its own; abcvoting's instances and expected results are read
by its own code. A case is left out where what is asked is not the same, and that is said.
"""

from __future__ import annotations

import contextlib
import csv
import importlib
import io
import itertools
import math
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fourgates.errors import Refused
from fourgates.slate import sheets
from fourgates.slate.ballots import Ballots, gather, read_abc, read_preflib, write_abc
from fourgates.slate.even import lottery
from fourgates.slate.lottery import TOTAL, chances, verify
from fourgates.slate.model import EXCLUDES, Pair, Person, Problem, Requirement
from fourgates.slate.proportional import candidates_of, elect
from fourgates.slate.represented import ejr, ejr_plus, jr, pjr

RULES = {"av": "av", "pav": "pav", "seqphragmen": "phragmen", "equal-shares": "shares"}
CHECKS = {"jr": jr, "pjr": pjr, "ejr": ejr, "ejr+": ejr_plus}
LOTTERIES = ("maximin", "nash", "leximin")


def told(name: str, passed: int, of: int, more: str = "") -> None:
    """One row of the table."""
    print(f"{name:<78} {passed:>5} of {of:<5} {more}", flush=True)


# ---------------------------------------------------------------------------------------------------------------
# sortition-algorithms


def question(features: Any, people: Any, size: int, address: Iterable[str]) -> Problem:
    """Its people, quotas and households as ours: two of one address exclude each other."""
    persons: list[Person] = []
    homes: dict[tuple[str, ...], list[str]] = {}
    for who in people:
        row = people.get_person_dict(who)
        tags = tuple(f"{feature}={row[feature]}" for feature in features)
        persons.append(Person(str(who), "", tags))
        home = tuple(row.get(column, "") for column in address)
        if home:
            homes.setdefault(home, []).append(str(who))
    quotas = tuple(
        Requirement(f"{feature}={value}", f"{feature}={value}", bounds.min, bounds.max)
        for feature, values in features.items()
        for value, bounds in values.items()
    )
    pairs = tuple(
        Pair(f"{first}-{second}", EXCLUDES, first, second)
        for its in homes.values()
        for first, second in itertools.combinations(its, 2)
    )
    return Problem(tuple(persons), size, quotas, pairs=pairs)


def in_its_place(kind: str) -> Any:
    """Our lottery as a function of its form."""

    def find(features: Any, people: Any, number_people_wanted: int, *more: Any, **named: Any) -> Any:
        from sortition_algorithms import errors
        from sortition_algorithms.utils import RunReport

        address = named.get("check_same_address_columns") or (more[0] if more else [])
        asked = question(features, people, number_people_wanted, address)
        try:
            made = lottery(asked, kind)
        except Refused as no:
            raise errors.InfeasibleQuotasCantRelaxError(str(no)) from no
        verify(asked, made)
        from fourgates.slate.frame import frame

        groups = frame(asked, supported=False).groups
        parts: dict[frozenset[str], float] = {}
        for panel in made.panels:
            # A panel of ours says how many of each group of like persons; each turn of the group has an equal part.
            turns = math.lcm(*(len(group.ids) for group in groups))
            for turn in range(turns):
                chosen = [
                    group.ids[(turn + place) % len(group.ids)]
                    for group, count in zip(groups, panel.counts, strict=True)
                    for place in range(count)
                ]
                parts[frozenset(chosen)] = parts.get(frozenset(chosen), 0.0) + panel.weight / TOTAL / turns
        return list(parts), list(parts.values()), RunReport()

    return find


def sortition(copy: Path) -> None:
    """Its tests of lotteries, run by pytest with our lotteries in the place of its own; then its fixture."""
    import pytest
    from sortition_algorithms import committee_generation, core

    for kind in LOTTERIES:
        for module in (committee_generation, core):
            setattr(module, f"find_distribution_{kind}", in_its_place(kind))
    os.chdir(copy)
    outcomes: Counter[str] = Counter()
    lines = []

    class Watch:
        def pytest_runtest_logreport(self, report: Any) -> None:
            if report.when == "call" or report.outcome != "passed":
                outcomes[report.outcome] += 1
                lines.append((report.nodeid.split("::")[-1], report.outcome))

    sys.path.insert(0, str(copy))
    wanted = "maximin or nash or run_stratification_basic or run_stratification_infeasible"
    files = ["tests/test_committee_generation.py", "tests/test_core.py"]
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        pytest.main(["-q", "-p", "no:cacheprovider", "-k", wanted, *files], plugins=[Watch()])
    if not outcomes:
        sys.exit(said.getvalue())
    told(
        "sortition-algorithms: tests of maximin, Nash and a whole run",
        outcomes["passed"],
        sum(outcomes.values()),
    )
    for name, outcome in lines:
        print(f"    {name}: {outcome}")
    fixture(
        copy / "tests/fixtures/candidates.csv", copy / "tests/fixtures/features.csv", 22, "its fixture of 150"
    )


def fixture(people: Path, features: Path, size: int, name: str) -> None:
    """A pool of theirs as a file: read as it is, drawn from in three ways, every list verified."""
    tables = []
    for path in (people, features):
        with path.open(encoding="utf-8-sig", newline="") as file:
            tables.append([row for row in csv.reader(file) if any(row)])
    if "nationbuilder_id" not in tables[0][0]:
        tables[0] = [
            ["nationbuilder_id", *tables[0][0]],
            *([f"p{n}", *row] for n, row in enumerate(tables[0][1:])),
        ]
    quotas, _ = sheets.read_requirements(tables[1], size)
    asked = Problem(sheets.read_people(tables[0]), size, quotas)
    for kind in LOTTERIES:
        start = time.process_time()
        made = lottery(asked, kind)
        spent = time.process_time() - start
        verify(asked, made)
        able = sorted(chances(asked, made).values())
        said = f"{len(made.panels)} lists, lowest chance {float(able[0]):.7f}, {spent:.2f} CPU s"
        told(f"{name}: {kind}", 1, 1, said)


def replication(copy: Path) -> None:
    """The two example panels, beside the chances its reference output records."""
    for name, size in (("example_small_20", 20), ("example_large_200", 200)):
        folder = copy / "data" / name
        fixture(folder / "respondents.csv", folder / "categories.csv", size, name)
        recorded = (copy / "reference_output" / f"{name}_statistics.txt").read_text(encoding="utf-8")
        for line in recorded.splitlines():
            if "minimum" in line.lower() and "leximin" in line.lower():
                print(f"    recorded: {line.strip()}")


# ---------------------------------------------------------------------------------------------------------------
# abcvoting


def ballots_of(profile: Any) -> Ballots:
    """Its profile as ours; weights must be whole."""
    cast: Counter[tuple[int, ...]] = Counter()
    for voter in profile:
        if voter.weight != int(voter.weight):
            raise Refused("S.12", "选票的张数应当是正整数：{times}", times=str(voter.weight))
        cast[tuple(sorted(voter.approved))] += int(voter.weight)
    return gather(tuple(str(each) for each in range(profile.num_cand)), cast)


def expected(ballots: Ballots, size: int, rule: str, results: Iterable[Iterable[int]]) -> bool:
    """Whether our committee is one of those it expects."""
    chosen = elect(ballots, candidates_of(ballots, size, "published"), RULES[rule])
    return frozenset(map(int, chosen)) in {frozenset(result) for result in results}


def abcvoting(copy: Path) -> None:
    """Its instances with expected winners, its handcrafted properties, and its files, good and bad."""
    from abcvoting import fileio

    folder = copy / "tests"
    found: dict[str, list[bool]] = {rule: [] for rule in RULES}
    wrong = []
    for path in sorted((folder / "test_instances").glob("*.abc.yaml")):
        ballots, size = read_abc(path.read_text(encoding="utf-8"))
        _, _, computed, _ = fileio.read_abcvoting_yaml_file(str(path))
        for case in computed:
            if case["rule_id"] == "pav" and "instanceVL" in path.name:
                # Its own tests call these very slow; ours is a general programme too.
                continue
            if case["rule_id"] in RULES and case.get("result") is not None and not case.get("resolute", True):
                right = expected(ballots, size, case["rule_id"], case["result"])
                found[case["rule_id"]].append(right)
                if not right:
                    wrong.append(f"{path.name} {case['rule_id']}")
    for rule, cases in found.items():
        told(f"abcvoting: instances of tests/test_instances, {rule}", sum(cases), len(cases))
    for each in wrong:
        print(f"    other committee: {each}")
    sys.path.insert(0, str(copy))
    tests = importlib.import_module("tests.test_abcrules")
    known = {
        (case.values[0], case.values[4]): case.values
        for case in tests.testinsts.instances
        if case.values[0] in RULES
    }
    winners = [expected(ballots_of(v[3]), v[6], v[0], v[5]) for v in known.values()]
    told("abcvoting: test_abcrules_correct, our four rules", sum(winners), len(winners))
    properties = importlib.import_module("tests.test_properties")
    judged: dict[str, list[bool]] = {name: [] for name in CHECKS}
    for name, profile, committee, holds in properties.check_property_instances:
        if name in CHECKS:
            broken = CHECKS[name](ballots_of(profile), [str(each) for each in sorted(committee)])
            judged[name].append((broken is None) == holds)
    for name, answers in judged.items():
        told(f"abcvoting: handcrafted instances of {name}", sum(answers), len(answers))
    files(folder)


def files(folder: Path) -> None:
    """Its files: read to the same ballots, written so that it reads the same, refused when they are no ballots."""
    from abcvoting import fileio

    for name in ("test4.cat", "test5.cat"):
        mine = read_preflib((folder / "data" / name).read_text(encoding="utf-8"))
        theirs = ballots_of(fileio.read_preflib_file(str(folder / "data" / name), top_ranks=1))
        told(f"abcvoting: {name} read to the same ballots", int(same(mine, theirs)), 1)
    for name in ("test6.abc.yaml", "test8.abc.yaml"):
        path = folder / "data" / name
        mine, size = read_abc(path.read_text(encoding="utf-8"))
        profile, wanted, _, _ = fileio.read_abcvoting_yaml_file(str(path))
        again = folder / "written-by-us.abc.yaml"
        again.write_text(write_abc(mine, size), encoding="utf-8")
        back = ballots_of(fileio.read_abcvoting_yaml_file(str(again))[0])
        again.unlink()
        right = same(mine, ballots_of(profile)) and same(mine, back) and size == (wanted or 0)
        told(f"abcvoting: {name} there and back", int(right), 1)
    for path in [folder / "data/test7.abc.yaml", *sorted((folder / "data-fail").glob("*.abc.yaml"))]:
        try:
            read_abc(path.read_text(encoding="utf-8"))
            said, refused = "read", 0
        except Refused as no:
            said, refused = str(no), 1
        told(f"abcvoting: {path.parent.name}/{path.name} refused", refused, 1, said)


def same(mine: Ballots, theirs: Ballots) -> bool:
    """The same ballots as often, whatever the candidates are called."""
    return (mine.ballots, mine.weights) == (theirs.ballots, theirs.weights)


def main() -> None:
    """Put every copy's cases to us."""
    for name in sys.argv[1:]:
        copy = Path(name).resolve()
        if (copy / "src/sortition_algorithms").is_dir():
            sortition(copy)
        elif (copy / "abcvoting").is_dir():
            abcvoting(copy)
        elif (copy / "stratification.py").is_file():
            replication(copy)
        else:
            sys.exit(f"nobody's copy: {copy}")


if __name__ == "__main__":
    main()
