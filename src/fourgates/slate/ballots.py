"""Approval ballots (认可票): who approves whom, and the two file forms others keep them in.

Reads abcvoting's ``.abc.yaml`` (the part that describes a profile) and PrefLib's categorical files (``.cat``: the
first category is what is approved); writes ``.abc.yaml``. Candidates without a name are called by their number.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import msgspec

from fourgates.errors import Refused

MOST = 10_000_000


class Ballots(msgspec.Struct, frozen=True):
    """Candidates, and each different ballot once: the places of those approved, and how many voters cast it."""

    candidates: tuple[str, ...]
    ballots: tuple[tuple[int, ...], ...]
    weights: tuple[int, ...]

    @property
    def voters(self) -> int:
        """How many voters there are."""
        return sum(self.weights)


def gather(candidates: tuple[str, ...], cast: Counter[tuple[int, ...]]) -> Ballots:
    """The ballots in one order, whatever order they were cast in."""
    for ballot, times in cast.items():
        if len(set(ballot)) != len(ballot) or any(not 0 <= each < len(candidates) for each in ballot):
            raise Refused("S.12", "选票上的人选不在名单上：{ballot}", ballot=str(ballot)[:80])
        if times < 1:
            raise Refused("S.12", "选票的张数应当是正整数：{times}", times=times)
    merged: Counter[tuple[int, ...]] = Counter()
    for ballot, times in cast.items():
        merged[tuple(sorted(ballot))] += times
    ordered = sorted(merged.items())
    return Ballots(candidates, tuple(ballot for ballot, _ in ordered), tuple(n for _, n in ordered))


def read_abc(text: str) -> tuple[Ballots, int]:
    """The profile and the committee size of an ``.abc.yaml`` file."""
    found = _top_level(text)
    try:
        profile = found["profile"]
        count = found.get("num_cand", 1 + max((each for ballot in profile for each in ballot), default=-1))
        size = found.get("committeesize", 0)
        weights = found.get("voter_weights") or [1] * len(profile)
        cast: Counter[tuple[int, ...]] = Counter()
        for ballot, weight in zip(profile, weights, strict=True):
            if not isinstance(weight, int):
                raise Refused("S.12", "选票的张数应当是正整数：{times}", times=str(weight))
            cast[tuple(sorted(set(ballot)))] += weight
        return gather(tuple(str(each) for each in range(count)), cast), int(size)
    except (KeyError, TypeError, ValueError) as error:
        raise Refused("S.12", "不是 .abc.yaml 选票文件：{error}", error=str(error)) from error


def write_abc(ballots: Ballots, size: int) -> str:
    """The profile as an ``.abc.yaml`` file."""
    profile = ", ".join(f"[{', '.join(map(str, ballot))}]" for ballot in ballots.ballots)
    lines = [f"profile: [{profile}]", f"num_cand: {len(ballots.candidates)}", f"committeesize: {size}"]
    if any(weight != 1 for weight in ballots.weights):
        lines.append(f"voter_weights: [{', '.join(map(str, ballots.weights))}]")
    return "\n".join(lines) + "\n"


def read_preflib(text: str) -> Ballots:
    """The ballots of a PrefLib categorical file; its alternatives are numbered from 1."""
    names: dict[int, str] = {}
    cast: Counter[tuple[int, ...]] = Counter()
    for number, line in enumerate(text.splitlines(), 1):
        named = re.fullmatch(r"#\s*ALTERNATIVE NAME (\d+):\s*(.*)", line.strip())
        if named:
            names[int(named[1]) - 1] = named[2].strip()
        if not line.strip() or line.startswith("#"):
            continue
        ballot = re.fullmatch(r"(\d+)\s*:\s*(\{[\d,\s]*\}|\d+)?(.*)", line.strip())
        if ballot is None:
            raise Refused("S.12", "第{row}行不是选票：{text}", row=number, text=line[:60])
        approved = tuple(sorted(int(each) - 1 for each in re.findall(r"\d+", ballot[2] or "")))
        cast[approved] += int(ballot[1])
    count = 1 + max((*names, *(each for ballot in cast for each in ballot)), default=-1)
    return gather(tuple(names.get(each, str(each + 1)) for each in range(count)), cast)


def _top_level(text: str) -> dict[str, Any]:
    """The keys of a block mapping whose values are flow values on one or several lines; others are left out."""
    if len(text) > MOST:
        raise Refused("S.12", "选票文件太大")
    found: dict[str, Any] = {}
    for key, value in re.findall(r"^(\w+):[ \t]*((?:.*(?:\n[ \t#].*)*))", text, re.MULTILINE):
        if key in ("profile", "num_cand", "committeesize", "voter_weights"):
            plain = re.sub(r"\s+", " ", value.replace("{", "[").replace("}", "]")).strip()
            if not re.fullmatch(r"[\d\s,\[\]]*", plain):
                raise Refused("S.12", "选票文件的“{key}”一项读不懂", key=key)
            try:
                found[key] = msgspec.json.decode(re.sub(r",\s*\]", "]", plain) or "null")
            except msgspec.DecodeError as error:
                raise Refused("S.12", "选票文件的“{key}”一项读不懂", key=key) from error
    return found
