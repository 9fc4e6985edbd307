"""What lies in the databases of a site: nobody's name, number or words can be read there, and nothing can be moved."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.apps import apps

from fourgates import vault
from fourgates.errors import Broken
from fourgates.web import accounts, records, sealing, texts
from fourgates.web.accounts import Factors
from fourgates.web.models import Selection, Text, User

KEY = "JBSWY3DPEHPK3PXP"


def lying(store: str) -> Iterator[bytes]:
    """Every file of a store in a file."""
    path = Path(store.removeprefix("sqlite:///"))
    yield from (one.read_bytes() for one in path.parent.glob(f"{path.name}*"))


def test_no_name_and_no_number_lies_in_a_store_of_the_site(working: Selection) -> None:
    people = records.keeper(working).people().people
    planted = [one.number.encode() for one in people.values()] + [
        one.name.encode() for one in people.values()
    ]
    assert len(planted) > 100
    content = b"".join(lying(working.store))
    assert [one for one in planted if one in content] == []


def test_a_text_lies_sealed_and_opens_in_its_own_row_alone(working: Selection) -> None:
    texts.keep(working, {"a": "王同志的话", "b": "另一句"})
    assert texts.everything(working) == {"a": "王同志的话", "b": "另一句"}
    assert "王同志的话" not in str(list(Text.objects.values()))
    Text.objects.filter(digest="b").update(text=Text.objects.get(digest="a").text)
    with pytest.raises(Broken):
        texts.everything(working)
    records.keys(working).destroy([vault.text("a")])
    assert texts.everything(working) == {}


def test_a_second_factor_opens_in_its_own_row_alone(county: Selection) -> None:
    own, other = (User.objects.get(username=name) for name in ("office", "clerk"))
    for user in (own, other):
        TOTP.activate(user, KEY)
        RecoveryCodes.activate(user)
    rows = {(one.user_id, one.type): one for one in Authenticator.objects.all()}
    kinds = {Authenticator.Type.TOTP: "secret", Authenticator.Type.RECOVERY_CODES: "seed"}

    def opened(kind: Authenticator.Type) -> str:
        return Factors().decrypt(Authenticator.objects.get(user=other, type=kind).data[kinds[kind]])

    assert opened(Authenticator.Type.TOTP) == KEY
    for kind in kinds:
        assert opened(kind) == Factors().decrypt(rows[other.pk, kind].data[kinds[kind]])
        Authenticator.objects.filter(user=other, type=kind).update(data=rows[own.pk, kind].data)
        with pytest.raises(Broken):
            opened(kind)
    with pytest.raises(Broken):  # nor as that of another kind
        Authenticator.objects.filter(user=own, type="totp").update(
            data={"secret": rows[own.pk, "recovery_codes"].data["seed"]}
        )
        TOTP(Authenticator.objects.get(user=own, type="totp")).validate_code("123456")


def test_second_factors_sealed_before_are_sealed_for_their_rows(county: Selection) -> None:
    user = User.objects.get(username="office")
    made = TOTP.activate(user, KEY).instance
    before = sealing.words(KEY, accounts.BEFORE)
    Authenticator.objects.filter(pk=made.pk).update(data={"secret": before})
    with pytest.raises(Broken):
        Factors().decrypt(Authenticator.objects.get(pk=made.pk).data["secret"])
    for _time in range(2):
        import_module("fourgates.web.migrations.0009_factors").reseal(apps, None)
        assert Factors().decrypt(Authenticator.objects.get(pk=made.pk).data["secret"]) == KEY
