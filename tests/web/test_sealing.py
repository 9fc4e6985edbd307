"""What lies in the databases of a site: nobody's name, number or words can be read there, and nothing can be moved."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import import_module
from io import StringIO
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.apps import apps
from django.core.management import call_command
from django.test import override_settings

from fourgates import vault
from fourgates.errors import Broken, Refused
from fourgates.web import cabinet, jobs, records, resealing, sealing, texts
from fourgates.web.accounts import Factors
from fourgates.web.models import Job, Selection, Text, User
from planting import holding

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
    seed = rows[own.pk, "recovery_codes"].data["seed"]
    Authenticator.objects.filter(user=own, type="totp").update(data={"secret": seed})
    with pytest.raises(Broken):  # nor as that of another kind
        TOTP(Authenticator.objects.get(user=own, type="totp")).validate_code("123456")


def test_what_an_earlier_version_left_is_sealed_for_its_rows(working: Selection) -> None:
    user = User.objects.get(username="office")
    made = TOTP.activate(user, KEY).instance
    job = jobs.opened(working, user, "import")
    Authenticator.objects.filter(pk=made.pk).update(data={"secret": sealing.words(KEY, resealing.BEFORE)})
    User.objects.filter(pk=user.pk).update(name="白玉兰")
    Job.objects.filter(pk=job.pk).update(said="白玉兰不在花名册上")
    with pytest.raises(Broken):
        Factors().decrypt(Authenticator.objects.get(pk=made.pk).data["secret"])
    for _time in range(2):
        import_module("fourgates.web.migrations.0009_sealed").reseal(apps, None)
        assert Factors().decrypt(Authenticator.objects.get(pk=made.pk).data["secret"]) == KEY
        assert str(User.objects.get(pk=user.pk)) == "白玉兰"
        assert Job.objects.get(pk=job.pk).sentence == "白玉兰不在花名册上"
    assert not holding(["白玉兰"], dumped())


def dumped() -> list[bytes]:
    """Every table of the site, as it lies."""
    out = StringIO()
    call_command("dumpdata", stdout=out)
    return [json.dumps(json.loads(out.getvalue()), ensure_ascii=False).encode()]


@override_settings(JOBS_BESIDE=False)
def test_names_of_accounts_and_uploads_and_what_jobs_say_lie_sealed(working: Selection) -> None:
    user = User.objects.get(username="office")
    user.name = User.sealed(user.username, "白玉兰")
    user.save()

    def work(job: Job, _told: jobs.Told) -> None:
        cabinet.stage(job, {"白玉兰交来的.xlsx": b"2", "a.xlsx": b"1"})
        raise Refused("F.8", "白玉兰不在花名册上")

    job = jobs.begin(jobs.opened(working, user, "import"), work)
    assert (str(job.user), job.sentence) == ("白玉兰", "白玉兰不在花名册上（F.8）")
    assert cabinet.waiting(job) == {"白玉兰交来的.xlsx": b"2", "a.xlsx": b"1"}
    assert holding(["office"], dumped()) == {"office"}  # the search finds what lies open
    assert not holding(["白玉兰"], dumped())
    other = User.objects.create(username="other", name=user.name)
    with pytest.raises(Broken):
        str(other)


def test_an_upload_that_an_earlier_version_staged_keeps_its_names(working: Selection) -> None:
    job = jobs.opened(working, User.objects.get(username="office"), "import")
    cabinet.stage(job, {"a.xlsx": b"1"})
    job.papers.filter(file=cabinet.NAMES).delete()
    assert cabinet.waiting(job) == {"0": b"1"}
