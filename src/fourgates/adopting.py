"""The rulebooks shipped, and how an organisation's plan.toml is laid over one (规则库).

What plan.toml does not say is taken from the rulebook; a key nobody knows is refused, with the key it is likest to,
because a mistyped rule must never pass as no rule.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from importlib import resources
from typing import Any

import msgspec

from fourgates import canon
from fourgates.errors import Refused
from fourgates.plan import Plan, check

RULES = "rules.toml"  # every rule with its texts and sources: no rulebook
_PLACE = re.compile(r"(?P<what>.*?)(?: - at `(?P<place>[^`]*)`)?$", re.DOTALL)
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`")
_MISSING = re.compile(r"Object missing required field `(.*)`")
_KIND = re.compile(r"Expected `(.*)`, got `(.*)`")


def shipped() -> list[str]:
    """The rulebooks shipped, by id."""
    folder = resources.files("fourgates") / "rulebooks"
    return sorted(
        file.name[:-5] for file in folder.iterdir() if file.name.endswith(".toml") and file.name != RULES
    )


def adopt(text: str) -> Plan:
    """The plan written in ``text`` (TOML) over the rulebook it names.

    Raises ``Refused`` (rule 1.0) with the place and what to write when the text is not TOML, a key is unknown or
    missing, or a value is not of its kind.
    """
    try:
        written = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused("1.0", "plan.toml 不是有效的 TOML：{why}", why=str(error)) from None
    head = written.get("selection")
    name = head.get("rulebook") if isinstance(head, dict) else None
    if not isinstance(name, str) or name not in shipped():
        raise Refused(
            "1.0",
            "plan.toml 的 [selection] rulebook 应为下列之一：{known}；读到“{read}”",
            known="、".join(shipped()),
            read=str(name),
        )
    file = resources.files("fourgates") / "rulebooks" / f"{name}.toml"
    under = tomllib.loads(file.read_text(encoding="utf-8"))
    try:
        plan = canon.convert(_overlay(under, written), Plan)
    except msgspec.ValidationError as error:
        raise _complaint(str(error)) from None
    check(plan)
    return plan


def _overlay(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """``over`` laid upon ``under``: tables are merged key by key, everything else is replaced."""
    merged = dict(under)
    for key, value in over.items():
        old = merged.get(key)
        merged[key] = _overlay(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged


def _complaint(error: str) -> Refused:
    """What is wrong with the plan, at which key, and what may have been meant."""
    found = _PLACE.fullmatch(error)
    what = found["what"] if found else error
    place = ((found["place"] if found else None) or "$").removeprefix("$").removeprefix(".") or "plan.toml"
    if unknown := _UNKNOWN.fullmatch(what):
        known = [field.encode_name for kind in _tables(Plan) for field in msgspec.structs.fields(kind)]
        alike = difflib.get_close_matches(unknown[1], known, n=1)
        if alike:
            return Refused(
                "1.0",
                "plan.toml 的 {place} 里不认识“{key}”，是不是“{alike}”",
                place=place,
                key=unknown[1],
                alike=alike[0],
            )
        return Refused("1.0", "plan.toml 的 {place} 里不认识“{key}”", place=place, key=unknown[1])
    if missing := _MISSING.fullmatch(what):
        return Refused("1.0", "plan.toml 的 {place} 里缺少“{key}”", place=place, key=missing[1])
    if kind := _KIND.fullmatch(what):
        return Refused(
            "1.0",
            "plan.toml 的 {place} 应为 {wanted}，读到 {read}",
            place=place,
            wanted=kind[1],
            read=kind[2],
        )
    return Refused("1.0", "plan.toml 的 {place} 读不懂：{what}", place=place, what=what)


def _tables(kind: type[msgspec.Struct]) -> list[type[msgspec.Struct]]:
    """``kind`` and every table inside it."""
    found = [kind]
    for field in msgspec.structs.fields(kind):
        if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct):
            found.extend(_tables(field.type))
    return found
