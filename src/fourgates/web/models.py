"""What the site itself must remember (账号与权限): who may do what where. What happened stands in the record alone."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone

from fourgates.web import sealing
from fourgates.web.roles import KINDS


class User(AbstractUser):
    """Somebody with an account (账号). ``name`` is how colleagues know them, sealed for this account, and ``called`` opens it.
    Citizen numbers are never kept here."""

    first_name = None  # type: ignore[assignment]  # one name serves, in the order it is written
    last_name = None  # type: ignore[assignment]  # as above
    name = models.TextField(blank=True)
    held: list[Role] | None = None
    """The roles, once they were asked for; for this request alone."""

    def __str__(self) -> str:
        return self.called or self.username

    @property
    def called(self) -> str:
        """How colleagues know them."""
        return sealing.read(self.name, sealing.account(self.username))

    @staticmethod
    def sealed(username: str, name: str) -> str:
        """What is kept of the name of this account."""
        return sealing.words(name, sealing.account(username))


class Selection(models.Model):
    """One selection of delegates (一次推选): where its record is kept, and whether it is a rehearsal with invented people.

    ``ahead``: seconds by which its clock is ahead of the clock on the wall, ``pace``: how many of its seconds pass in one, from
    ``began`` on; only a rehearsal has any. ``others``: who acts by itself in a rehearsal: nobody, all but the county office
    (``*``), or all but that and the committee of this name with its branches. ``said``: what papers claimed when they were last
    taken in, by digest.
    """

    slug = models.SlugField(unique=True, max_length=40)
    title = models.CharField(max_length=200)
    store = models.CharField(max_length=400)
    rehearsal = models.BooleanField(default=False)
    ahead = models.BigIntegerField(default=0)
    pace = models.PositiveIntegerField(default=1)
    began = models.DateTimeField(null=True, blank=True)
    others = models.CharField(max_length=200, blank=True)
    said = models.JSONField(default=dict, blank=True)
    made = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-made"]

    def __str__(self) -> str:
        return self.title

    @property
    def time(self) -> tuple[int, int, datetime | None]:
        """What its clock goes by: how far ahead, how fast, since when."""
        return self.ahead, self.pace, self.began


class Role(models.Model):
    """One person's place in one selection (岗位): what kind, and for which unit or department."""

    user = models.ForeignKey(User, models.CASCADE, related_name="roles")
    selection = models.ForeignKey(Selection, models.CASCADE, related_name="roles")
    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in KINDS])
    unit = models.CharField(max_length=200, blank=True)
    department = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "selection", "kind", "unit", "department"], name="one_role_once"
            )
        ]

    def __str__(self) -> str:
        return " ".join(part for part in (self.kind, self.unit, self.department) if part)


class Hidden(models.Model):
    """A secret that is only compared (只存摘要): the digest is kept, the secret is shown once."""

    digest = models.CharField(max_length=64, unique=True)
    made = models.DateTimeField(auto_now_add=True)
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @staticmethod
    def digested(secret: str) -> str:
        """What is kept of ``secret``: 128 random bits need no salt."""
        return hashlib.sha256(secret.encode()).hexdigest()

    @property
    def valid(self) -> bool:
        """Whether its time has not run out."""
        return self.until is None or timezone.now() < self.until


class Link(Hidden):
    """A link that lets somebody in (一次性链接): to make the first account, or to enter as ``user``."""

    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="links")
    purpose = models.CharField(
        max_length=12, choices=[("first", "first"), ("enter", "enter"), ("set", "set")]
    )
    once = models.BooleanField(default=True)
    used = models.DateTimeField(null=True, blank=True)

    @classmethod
    def issue(cls, purpose: str, user: User | None = None, *, days: int = 7, once: bool = True) -> str:
        """Make a link; gives its secret, which is nowhere else."""
        secret = secrets.token_urlsafe(24)
        cls.objects.create(
            digest=cls.digested(secret),
            purpose=purpose,
            user=user,
            once=once,
            until=timezone.now() + timedelta(days=days),
        )
        return secret


class Look(models.Model):
    """Somebody looked at a masked number (查看号码): who, whose (empty: everybody's), when, and why, sealed."""

    user = models.ForeignKey(User, models.PROTECT, related_name="looks")
    selection = models.ForeignKey(Selection, models.CASCADE, related_name="looks")
    person = models.CharField(max_length=40)
    reason = models.TextField()
    at = models.DateTimeField()


class Token(Hidden):
    """A machine's key to the interface (接口令牌), with the rights of its owner."""

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    used = models.DateTimeField(null=True, blank=True)


class Job(models.Model):
    """Something that takes a while (后台任务): an import, a list being solved. ``said`` is how far it is or why it ended, sealed
    for this job, and ``sentence`` opens it."""

    selection = models.ForeignKey(Selection, models.CASCADE, related_name="jobs")
    user = models.ForeignKey(User, models.CASCADE, related_name="jobs")
    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=12, default="waiting")
    done = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(default=0)
    said = models.TextField(blank=True)
    result = models.JSONField(null=True, blank=True)
    kept = models.BinaryField(null=True, blank=True)
    """What was found and names people, sealed."""
    made = models.DateTimeField(auto_now_add=True)
    ended = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-made"]

    @property
    def sentence(self) -> str:
        """How far it is, or why it ended."""
        return sealing.read(self.said, sealing.job(self.pk))


class Text(models.Model):
    """What somebody wrote (原文), under the keyed digest by which entries name it: kept beside the record, and erasable."""

    selection = models.ForeignKey(Selection, models.CASCADE, related_name="texts")
    digest = models.CharField(max_length=64)
    text = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["selection", "digest"], name="one_text_a_digest")
        ]


class Enclosure(models.Model):
    """A file that came with an answer (附件), sealed, under the keyed digest by which an entry names it; nothing of its name is
    kept."""

    selection = models.ForeignKey(Selection, models.CASCADE, related_name="enclosures")
    digest = models.CharField(max_length=64)
    sealed = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["selection", "digest"], name="one_file_a_digest")
        ]


class Proposal(models.Model):
    """What one person proposed and a second has to confirm (一人提出、另一人确认): of what kind, about what, and what it says."""

    selection = models.ForeignKey(Selection, models.CASCADE, related_name="proposals")
    user = models.ForeignKey(User, models.CASCADE, related_name="proposals")
    kind = models.CharField(max_length=40)
    about = models.CharField(max_length=200)
    says = models.JSONField()
    made = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["selection", "kind", "about"], name="one_proposal_about_it")
        ]


class Call(models.Model):
    """A telephone call to a member (电话联系): how it came out and when, never what was said."""

    selection = models.ForeignKey(Selection, models.CASCADE, related_name="calls")
    user = models.ForeignKey(User, models.CASCADE, related_name="calls")
    person = models.CharField(max_length=40)
    outcome = models.CharField(max_length=12)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        indexes: ClassVar = [models.Index(fields=["selection", "person"], name="calls_of_a_person")]


class Arrival(models.Model):
    """Somebody came to a meeting (签到), until its attendance is entered: who, when, and how they signed in."""

    selection = models.ForeignKey(Selection, models.CASCADE, related_name="arrivals")
    meeting = models.CharField(max_length=64)
    person = models.CharField(max_length=40)
    manner = models.CharField(max_length=8)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["selection", "meeting", "person"], name="one_arrival_each")
        ]


class Paper(models.Model):
    """A workbook of the county folder (表册), sealed: as it was last taken in, or waiting with ``job`` to be."""

    selection = models.ForeignKey(Selection, models.CASCADE, related_name="papers")
    job = models.ForeignKey(Job, models.CASCADE, null=True, blank=True, related_name="papers")
    file = models.CharField(max_length=300)
    content = models.BinaryField()
    made = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["selection", "job", "file"], name="one_paper_once")
        ]
        ordering: ClassVar = ["file", "pk"]

    def __str__(self) -> str:
        return self.file


class Statement(models.Model):
    """What somebody wrote in an objection (反映的内容): sealed, away from the record, gone when the case is answered. Who
    wrote it is asked nowhere and kept nowhere. ``receipt``: their own number, where the case came in before under its own."""

    selection = models.ForeignKey(Selection, models.CASCADE, related_name="statements")
    case = models.CharField(max_length=64)
    sealed = models.BinaryField()
    day = models.DateField()
    receipt = models.CharField(max_length=12, default="", db_index=True)
