"""What anybody might hand in: values of any kind the record knows, near to true ones or far from them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import msgspec
import msgspec.inspect as kinds
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from cast import PEOPLE, UNITS, rulebook

INTEGRITY = rulebook().integrity
TEXTS = st.sampled_from(
    sorted(
        {
            *(unit.name for unit in UNITS),
            *(name for names in PEOPLE.values() for name in names[:3]),
            *rulebook().procedure.words.values(),
            *rulebook().participation.channels,
            *INTEGRITY.departments,
            *INTEGRITY.bars,
            *(one.kind for one in INTEGRITY.punishments),
            *(word for one in INTEGRITY.checks for word in (one.name, *one.words())),
            *INTEGRITY.opinions.words(),
            *rulebook().standard.scale,
            *rulebook().structure.tags,
            *rulebook().structure.partition,
            "",
            "无名",
            "\u0000",
            "../../ledger.jsonl",
            "{0}{x}",
            "0" * 64,
        }
    )
)
NUMBERS = st.sampled_from([0, 1, 2, 3, 4, 5, 7, 9, 11, 100, -1, 10_000_001, 2**63, 2**64, -(2**70)])
DAYS = st.sampled_from(
    [
        date(2022, 2, 8),
        date(2022, 2, 22),
        date(2022, 3, 4),
        date(2022, 3, 10),
        date(2022, 3, 21),
        date.min,
        date.max,
    ]
)
SHARES = st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(4, 5), Fraction(1), Fraction(3)])


def anything(kind: Any) -> SearchStrategy[Any]:
    """Any value of ``kind``, by its type alone."""
    return _any(kinds.type_info(kind))


def _any(info: kinds.Type) -> SearchStrategy[Any]:
    match info:
        case kinds.Metadata():
            return _any(info.type)
        case kinds.StrType():
            return TEXTS
        case kinds.IntType():
            return NUMBERS
        case kinds.BoolType():
            return st.booleans()
        case kinds.DateType():
            return DAYS
        case kinds.NoneType():
            return st.none()
        case kinds.CustomType():
            return SHARES
        case kinds.LiteralType():
            return st.sampled_from(info.values)
        case kinds.UnionType():
            return st.one_of(*map(_any, info.types))
        case kinds.DictType():
            return st.dictionaries(_any(info.key_type), _any(info.value_type), max_size=3)
        case kinds.VarTupleType():
            return st.lists(_any(info.item_type), max_size=3).map(tuple)
        case kinds.StructType():
            return _struct(info.cls)
    raise NotImplementedError(info)


@st.composite
def _struct(draw: DrawFn, cls: type) -> Any:
    """A value of ``cls``, field by field: named by its class alone, because all it may hold is long to print."""
    info = kinds.type_info(cls)
    assert isinstance(info, kinds.StructType)
    return cls(**{field.name: draw(_any(field.type)) for field in info.fields})


@st.composite
def nearly(draw: DrawFn, value: Any) -> Any:
    """``value`` with one thing in it other than it was, however deep, or one thing more, less or twice."""
    return _other(draw, value, kinds.type_info(type(value)))


def _other(draw: DrawFn, value: Any, info: kinds.Type) -> Any:
    if isinstance(info, kinds.StructType) and info.fields:
        field = draw(
            st.sampled_from([field for field in info.fields if field.name != "corrects"] or info.fields)
        )
        return msgspec.structs.replace(
            value, **{field.name: _other(draw, getattr(value, field.name), field.type)}
        )
    if isinstance(info, kinds.VarTupleType) and value:
        place = draw(st.integers(0, len(value) - 1))
        match draw(st.sampled_from(["deeper", "deeper", "less", "twice", "turned"])):
            case "less":
                return (*value[:place], *value[place + 1 :])
            case "twice":
                return (*value, value[place])
            case "turned":
                return value[::-1]
            case _:
                return (*value[:place], _other(draw, value[place], info.item_type), *value[place + 1 :])
    return draw(_any(info))
