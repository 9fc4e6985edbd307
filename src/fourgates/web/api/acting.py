"""What machines may do (接口·办理): rosters and other papers in, nominations in, replies in; each an event that is judged."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from ninja import File, Form, Header, Router
from ninja.files import UploadedFile

from fourgates import events, identity, nominations
from fourgates.clerk import spelt
from fourgates.errors import Refused
from fourgates.gates.integrity import Opinion
from fourgates.web import access, cabinet, importing, jobs, uploads
from fourgates.web.access import Room
from fourgates.web.api.shapes import No, Nominations, Numbered, Replies, Upload
from fourgates.web.models import Job
from fourgates.web.roles import BRANCH, COMMITTEE, COUNTY, DEPARTMENT

acting = Router(tags=["act"])
NO = {401: No, 404: No, 409: No}
ONCE: Any = Header(  # type: ignore[type-arg]  # its shape is in what it is given
    "", alias="Idempotency-Key", max_length=60, description="The same key records the same once."
)
FILES: Any = File(...)  # type: ignore[type-arg]  # as above
COMMITTEE_NAME: Any = Form("", max_length=200)  # type: ignore[type-arg]  # as above


@acting.post(
    "/s/{slug}/branches/{key}/nominations",
    response={200: Numbered, **NO},
    summary="Nominations of a branch in",
)
def nominate(request: HttpRequest, slug: str, key: str, told: Nominations, once: str = ONCE) -> Numbered:
    """File what a branch's meetings put forward; it takes the place of what was filed before."""
    room = access.enter(request, slug, (COUNTY, COMMITTEE, BRANCH))
    branch = room.branch(key).name
    sittings = tuple(
        nominations.Sitting(
            one.day,
            one.due,
            one.present,
            tuple(nominations.Name(_person(room, name.person), name.members, "") for name in one.names),
        )
        for one in told.sittings
    )
    claim = room.anew(events.NominationsFiled(branch, sittings))
    return _offered(room, claim, branch, once)


@acting.post(
    "/s/{slug}/departments/{name}/replies",
    response={200: Numbered, **NO},
    summary="Replies of a department in",
)
def reply(request: HttpRequest, slug: str, name: str, told: Replies, once: str = ONCE) -> Numbered:
    """Enter a department's answers; those on persons it says nothing of stay as they were."""
    room = access.enter(request, slug, (COUNTY, DEPARTMENT))
    name = room.department(name)
    handler = room.put_away(f"handler:{name}", str(room.user))
    opinions = {one.person: one for one in room.facts.replies.get(name, ())}
    for one in told.opinions:
        id_ = _person(room, one.person)
        opinions[id_] = Opinion(
            id_, one.word, one.day, room.put_away(f"note:{name}:{id_}", one.note), handler
        )
    claim = room.anew(events.RepliesReceived(name, tuple(opinions[id_] for id_ in sorted(opinions))))
    return _offered(room, claim, "", once)


@acting.post("/s/{slug}/papers", response={200: Upload, **NO}, summary="Workbooks in, to be looked at")
def hand_in(
    request: HttpRequest,
    slug: str,
    files: list[UploadedFile] = FILES,
    committee: str = COMMITTEE_NAME,
) -> Upload:
    """Take rosters and other workbooks in, as the page does; nothing is recorded before it is confirmed."""
    room = access.enter(request, slug, (COUNTY,))
    if committee and committee not in {unit.name for unit in room.tree.committees()}:
        raise Http404
    content = uploads.files(files)
    job = jobs.opened(room.row, room.user, "look", committee=committee)
    cabinet.stage(job, content)
    return _upload(request, room, jobs.begin(job, importing.look))


@acting.get("/s/{slug}/papers/{number}", response={200: Upload, **NO}, summary="How far an upload is")
def seen(request: HttpRequest, slug: str, number: int) -> Upload:
    """How far an upload is read, and what it comes to."""
    room = access.enter(request, slug, (COUNTY,))
    return _upload(request, room, _job(room, number))


@acting.post(
    "/s/{slug}/papers/{number}/confirm", response={200: Upload, **NO}, summary="Record what was looked at"
)
def confirm(request: HttpRequest, slug: str, number: int) -> Upload:
    """Record what an upload comes to; nothing where it would be something else by now."""
    room = access.enter(request, slug, (COUNTY,))
    job = _job(room, number)
    if job.state in jobs.UNDER_WAY or cabinet.found(job) is None or "entered" in (job.result or {}):
        raise Refused("F.9", "还没有预览，或者已经记入")
    job.kind = "enter"
    return _upload(request, room, jobs.begin(job, importing.enter))


def _job(room: Room, number: int) -> Job:
    job = room.row.jobs.filter(pk=number, kind__in=("look", "enter")).select_related("selection").first()
    if job is None:
        raise Http404
    return job


def _upload(request: HttpRequest, room: Room, job: Job) -> Upload:
    found = cabinet.found(job)
    return Upload(
        number=job.pk,
        state=job.state,
        said=job.said,
        done=job.done,
        of=job.of,
        entries=len(found.planned) if found else None,
        results=found.results if found else None,
        problems=len(found.problems) if found else None,
        entered=(job.result or {}).get("entered"),
        where=request.build_absolute_uri(room.to("upload", str(job.pk))),
    )


def _person(room: Room, said: str) -> str:
    """The id that is meant, by id or by citizen number; ``Refused`` (F.4) where it is nobody. Who is not seen by the token's
    owner may be put forward all the same: a branch names whom it wants."""
    members = room.facts.roster().members
    id_ = said
    if said not in members and room.names.key:
        number = identity.normalise(said)
        id_ = room.names.id_of(number)
    if id_ not in members:
        raise Refused("F.4", "名册中没有“{who}”", who=said[:4] + "…")
    return id_


def _offered(room: Room, claim: events.Claim, unit: str, once: str) -> Numbered:
    """Offer a claim; under a key that was used for the same claim, the entry it became then, whatever stands by now."""
    key = f"api-{room.user.pk}-{once}" if once else ""
    if key:
        with room.keeper.store.reading() as view:
            known = view.answer(key)
        if known is not None:
            before = next(room.keeper.entries(known.first - 1))
            if spelt(before.event) != spelt(claim):
                raise Refused("K.5", "这个提交编号已经用于另一件事，请用新的编号提交")
            return Numbered(entries=[before.n])
    return Numbered(entries=[one.n for one in room.offer(claim, unit=unit, once=key)])
