"""What takes a while (后台任务): done beside the pages by one thread at a time, with its progress to be looked at."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from fourgates import i18n
from fourgates.errors import Broken, Refused
from fourgates.i18n import mark
from fourgates.web import records, sealing
from fourgates.web.models import Job, Selection, User

Told = Callable[[str, int, int], None]
"""Says how far a job is: what is done now, how much of it, of how much (0: nobody knows). Raises ``Stopped`` where somebody
has asked meanwhile that it stop."""
Work = Callable[[Job, Told], None]
WAITING, RUNNING, DONE, REFUSED, LOST = "waiting", "running", "done", "refused", "lost"
STOPPING, STOPPED = "stopping", "stopped"
UNDER_WAY = (WAITING, RUNNING, STOPPING)
OFTEN = 0.3
"""Seconds between two notes of how far a job is."""
MOST = 5
"""Jobs of one selection that may be under way."""


class Stopped(Exception):  # somebody's wish, and no error
    """A job was asked to stop, and has recorded nothing."""


_workers = ThreadPoolExecutor(1, thread_name_prefix="job")
_log = logging.getLogger(__name__)


def opened(row: Selection, user: User, kind: str, **asked: object) -> Job:
    """A job that has not begun, with what was asked; ``Refused`` (F.9) where too many are under way."""
    if row.jobs.filter(state__in=UNDER_WAY).count() >= MOST:
        raise Refused("F.9", "还有{count}件事正在办，请等一等再来", count=MOST)
    return Job.objects.create(selection=row, user=user, kind=kind, result=asked)


def begin(job: Job, work: Work) -> Job:
    """Let a job do ``work`` in the background; its page tells how far it is."""
    job.state, job.done, job.of, job.said, job.ended = WAITING, 0, 0, "", None
    job.save()
    if settings.JOBS_BESIDE:
        _workers.submit(_run, job.pk, work, i18n.spoken(), beside=True)
    else:
        _run(job.pk, work, i18n.spoken(), beside=False)
    job.refresh_from_db()
    return job


def stop(job: Job) -> bool:
    """Ask a job to stop before it records anything; gives whether it was under way."""
    return bool(Job.objects.filter(pk=job.pk, state__in=UNDER_WAY).update(state=STOPPING))


def go_on(job: Job) -> None:
    """Asked before anything is recorded: raises ``Stopped`` where somebody wishes that nothing is."""
    if Job.objects.filter(pk=job.pk, state=STOPPING).exists():
        raise Stopped


def key(job: Job) -> str:
    """The key under which a job records: however often it is done, once."""
    return f"{job.kind}-{job.pk}"


def _run(number: int, work: Work, language: i18n.Language, *, beside: bool) -> None:
    if beside:
        close_old_connections()
    try:
        with i18n.speaking(language):
            _work(Job.objects.select_related("selection", "user").get(pk=number), work)
    except Job.DoesNotExist:
        return  # It was thrown away before its turn came.
    finally:
        if beside:
            close_old_connections()


def _work(job: Job, work: Work) -> None:
    Job.objects.filter(pk=job.pk, state=WAITING).update(state=RUNNING)
    last = [0.0]

    def told(said: str, done: int, of: int) -> None:
        if time.monotonic() - last[0] >= OFTEN:
            last[0] = time.monotonic()
            _note(job.pk, said, done=max(0, done), of=max(0, of))
            go_on(job)

    try:
        work(job, told)
    except Stopped:
        _end(job.pk, STOPPED, i18n.translate(STOPPED_WHY, i18n.spoken()))
    except (Refused, Broken) as no:
        _end(job.pk, REFUSED, f"{i18n.sentence(no)}（{no.rule}）")
    except Exception:  # noqa: BLE001 - whatever it was, the page must not wait for ever
        _log.exception("job %s", job.pk)
        _lose(job)
    else:
        _end(job.pk, DONE, "")


def _note(number: int, said: str, **fields: object) -> None:
    Job.objects.filter(pk=number).update(said=sealing.words(said, sealing.job(number)), **fields)


def _end(number: int, state: str, said: str) -> None:
    _note(number, said, state=state, ended=timezone.now())


LOST_WHY = mark("办到一半出了意外，什么都没有记。请再试一次，仍然不行请告诉管理员")
HALF_WHY = mark("记入了{count}条以后出了意外，没有收尾。请再办一次：收好尾，不会重复记入")
UNKNOWN_WHY = mark("办到一半出了意外，现在问不到纪实，不知道记了没有。请告诉管理员")
STOPPED_WHY = mark("已经停止，什么都没有记")


def _lose(job: Job) -> None:
    """Say of a job that it was lost, and how much of it the record has, which its key tells."""
    try:
        count = records.keeper(job.selection).answered(key(job))
    except Exception:  # noqa: BLE001 - whatever it was, nobody may be told that nothing was recorded
        _log.exception("job %s", job.pk)
        why = i18n.translate(UNKNOWN_WHY, i18n.spoken())
    else:
        why = i18n.translate(HALF_WHY if count else LOST_WHY, i18n.spoken()).format(count=count)
        if count:
            Job.objects.filter(pk=job.pk).update(result={**(job.result or {}), "recorded": count})
    _end(job.pk, LOST, why)


def give_up() -> int:
    """Say of every job that a stopped server left behind that it is lost; gives how many."""
    left = list(Job.objects.filter(state__in=UNDER_WAY).select_related("selection"))
    for job in left:
        _lose(job)
    return len(left)
