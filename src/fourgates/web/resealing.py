"""What an earlier version left open or sealed for no row of its own (补封): sealed where it lies, as often as it is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from allauth.mfa.models import Authenticator

from fourgates.errors import Broken
from fourgates.web import accounts, sealing
from fourgates.web.models import Job, User

BEFORE = "second factor"
"""What every secret of a second factor was once sealed for."""


def everything() -> None:
    """Whatever came out of an earlier backup."""
    factors(Authenticator.objects.all())
    names(User.objects.all())
    sentences(Job.objects.all())


def factors(rows: Iterable[Any]) -> None:
    """Second factors, each for its account and kind."""
    for one in rows:
        accounts.put(one)
        for name in accounts.SECRETS & one.data.keys():
            row = one.data[name].row
            if not _sealed(one.data[name], row):
                one.data[name] = sealing.words(sealing.read(one.data[name], BEFORE), row)
                one.save(update_fields=["data"])


def names(rows: Iterable[Any]) -> None:
    """The names of accounts, which lay open."""
    _column(rows, "name", lambda one: sealing.account(one.username))


def sentences(rows: Iterable[Any]) -> None:
    """What jobs said, which lay open."""
    _column(rows, "said", lambda one: sealing.job(one.pk))


def _column(rows: Iterable[Any], field: str, about: Callable[[Any], str]) -> None:
    for one in rows:
        text, row = getattr(one, field), about(one)
        if not _sealed(text, row):
            setattr(one, field, sealing.words(text, row))
            one.save(update_fields=[field])


def _sealed(text: str, row: str) -> bool:
    try:
        sealing.read(text, row)
    except Broken:
        return False
    return True
