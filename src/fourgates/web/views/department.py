"""A consulted department's page (征求意见): its list, its questions and its answers, nothing else.

The department answers here itself, or the county office types in what came on paper; a returned workbook is shown row by
row before anything is recorded.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from fourgates import oversight
from fourgates.errors import Refused
from fourgates.events import Claim
from fourgates.i18n import _, sentence
from fourgates.web import access, enclosures, leaving, letters, listing, replies, uploads
from fourgates.web.access import Room
from fourgates.web.duties import duties
from fourgates.web.listing import Head, Listing, Row, cell
from fourgates.web.replies import Preview, Said
from fourgates.web.roles import COUNTY, DEPARTMENT, SUPERVISOR


@access.page(COUNTY, DEPARTMENT, SUPERVISOR)
def department(room: Room, name: str) -> HttpResponse:
    """Who is asked about, and what was answered."""
    name = room.department(name)
    table = listing.arranged(room.request, asked(room, name))
    if listing.wanted(room.request):
        return listing.workbook(table)
    return _page(room, name, table)


def _page(
    room: Room, name: str, table: Listing, preview: Preview | None = None, field: str = "", status: int = 200
) -> HttpResponse:
    letter = room.facts.asked.get(name)
    silent = replies.silent(room, name)
    return render(
        room.request,
        "department/department.html",
        {
            "department": name,
            "table": table,
            "duties": duties(room, department=name),
            "letter": letter,
            "silent": len(silent),
            "answered": len(letter.people) - len(silent) if letter else 0,
            "late": any(one.department == name for one in oversight.overdue(room.facts, room.today)),
            "answers": room.at is None and room.has(COUNTY, DEPARTMENT),
            "refusal": replies.refusal(room, name, *replies.listed(room, name)),
            "reminded": replies.reminded(room, name),
            "preview": preview,
            "field": field,
            "trail": [*_above(room), (_(name), "")],
        },
        status=status,
    )


def _above(room: Room) -> list[tuple[str, str]]:
    return [(_("征求意见"), room.to("consultation"))] if room.whole else []


def asked(room: Room, name: str) -> Listing:
    """Everybody on the department's list, with its answer; silence is said as silence."""
    answers = replies.answers(room, name)
    notes = room.written(*(one.note for one in answers.values()))
    heads = [
        Head(_("姓名")), Head(_("公民身份号码")), Head(_("党（工）委")), Head(_("答复")), Head(_("说明")), Head(_("附件")),
        Head(_("回函日期")),
    ]  # fmt: skip
    answering = room.has(COUNTY, DEPARTMENT)
    may = room.at is None and answering
    rows = []
    for id_ in room.by_strokes(replies.listed(room, name)):
        answer = answers.get(id_)
        word = answer.word if answer else ""
        rows.append(
            Row(
                [
                    cell(room.names.name(id_), where=room.to("question", name, id_) if may else ""),
                    cell(access.masked(room.names, id_)),
                    cell(room.tree.committee_of(room.facts.roster().members[id_].branch)),
                    cell(_(word) if word else _("没有答复")),
                    cell(notes.get(answer.note, "") if answer else ""),
                    cell(_("有"), where=room.to("reply-file", name, id_) if answering else "")
                    if _file_of(room, name, id_)
                    else cell(""),
                    cell(answer.day if answer else None),
                ],
                "" if word else "late",
            )
        )
    return Listing(_("征求{department}意见").format(department=_(name)), heads, rows)


def _file_of(room: Room, name: str, id_: str) -> str:
    """The digest of the file that came with an answer; empty where none did."""
    return room.facts.enclosed.get(f"{name} {id_}", "") if id_ in replies.answers(room, name) else ""


# --- one answer -------------------------------------------------------------------------------------------------


class Answer(forms.Form):
    """One answer on one person: the word, the day, the explanation, a file."""

    def __init__(self, room: Room, before: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._room, self._before = room, before
        self.fields["word"] = forms.ChoiceField(
            label=_("意见"),
            choices=[(word, _(word)) for word in room.facts.rulebook().integrity.opinions.words()],
            widget=forms.RadioSelect,
        )
        self.fields["day"] = forms.DateField(
            label=_("回函日期"),
            initial=room.today,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        )
        self.fields["note"] = forms.CharField(
            label=_("说明"),
            required=False,
            max_length=1000,
            widget=forms.Textarea(attrs={"rows": 4}),
            help_text=_("{why}。不要写反映问题的人是谁。").format(why=_(replies.WHY)),
        )
        self.fields["file"] = forms.FileField(
            label=_("附件"),
            required=False,
            allow_empty_file=True,
            widget=forms.FileInput(attrs={"accept": uploads.ACCEPTED}),
            help_text=_(
                "PDF、图片、Word 或者表格，一份，不超过{most}兆；加密保存，文件名不留。再交一份，就以新的为准。"
            ).format(most=uploads.ENCLOSED >> 20),
        )
        self.fields["handler"] = forms.CharField(label=_("经办人"), required=False, max_length=40)

    def clean_file(self) -> bytes:
        """What is in the file; nothing where there is none."""
        upload = self.cleaned_data["file"]
        try:
            return uploads.enclosed(upload) if upload else b""
        except Refused as no:
            raise forms.ValidationError(sentence(no)) from None

    def clean(self) -> dict[str, Any]:
        """A reason with every answer that is not plainly clear, and with every correction."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if replies.unexplained(self._room, found.get("word", ""), found.get("note", ""), self._before):
            self.add_error("note", _("请写明理由"))
        return found


def _asked_about(room: Room, name: str, id_: str) -> tuple[str, str]:
    """The department and the person; 404 where the person is not on its list."""
    name = room.department(name)
    if id_ not in replies.listed(room, name):
        raise Http404
    return name, id_


@access.page(COUNTY, DEPARTMENT)
def question(room: Room, name: str, id_: str) -> HttpResponse:
    """What a department is asked about one person, and the form to answer on."""
    name, id_ = _asked_about(room, name, id_)
    return _question(room, name, id_)


def _question(room: Room, name: str, id_: str, form: Answer | None = None) -> HttpResponse:
    old = replies.answers(room, name).get(id_)
    if form is None:
        texts = room.written(*([old.note, old.handler] if old else []))
        initial = (
            {
                "word": old.word,
                "day": old.day or room.today,
                "note": texts.get(old.note, ""),
                "handler": texts.get(old.handler, ""),
            }
            if old
            else None
        )
        form = Answer(room, old.word if old else "", initial=initial)
    trail = [*_above(room), (_(name), room.to("department", name)), (room.names.name(id_), "")]
    said = {
        "department": name,
        "id": id_,
        "name": room.names.name(id_),
        "form": form,
        "old": old,
        "file": _file_of(room, name, id_),
        "refusal": replies.refusal(room, name, id_),
        "trail": trail,
    }
    said["number"] = access.masked(room.names, id_)
    return render(room.request, "department/question.html", said, status=422 if form.is_bound else 200)


@access.act(COUNTY, DEPARTMENT)
def answer(room: Room, name: str, id_: str) -> HttpResponse:
    """Record one answer."""
    name, id_ = _asked_about(room, name, id_)
    old = replies.answers(room, name).get(id_)
    form = Answer(room, old.word if old else "", room.request.POST, room.request.FILES)
    if not form.is_valid():
        return _question(room, name, id_, form)
    said = form.cleaned_data
    answered = Said(id_, said["word"], said["day"], said["note"], said["handler"])
    enclosed = replies.enclosed(room, name, id_, said["file"]) if said["file"] else None
    _record(room, name, [answered], *([enclosed] if enclosed else []))
    messages.success(room.request, _("{name}的答复已经记下").format(name=room.names.name(id_)))
    return redirect(room.to("department", name))


def _record(room: Room, name: str, said: list[Said], *more: Claim) -> None:
    event = replies.event(room, name, said)
    told = [event] if event.opinions != room.facts.replies.get(name) else []
    if told or more:
        room.offer(*told, *more, once=room.request.POST.get("once", ""))


@access.page(COUNTY, DEPARTMENT)
def enclosure(room: Room, name: str, id_: str) -> HttpResponse:
    """The file that came with an answer, to take away; it is never shown in the browser."""
    name, id_ = _asked_about(room, name, id_)
    content = enclosures.opened(room.row, _file_of(room, name, id_))
    ends = uploads.kind(content or b"")
    if content is None or ends is None:
        raise Http404
    return leaving.attached(content, f"{name}_{room.names.name(id_)}.{ends}")


# --- a workbook out and back ------------------------------------------------------------------------------------


@access.page(COUNTY, DEPARTMENT)
def blank(room: Room, name: str) -> HttpResponse:
    """The workbook to answer on."""
    name = room.department(name)
    return leaving.attached(letters.workbook(room, name), f"{letters.REPLY}_{name}.xlsx")


@access.page(COUNTY, DEPARTMENT)
def letter(room: Room, name: str) -> HttpResponse:
    """The letter to the department."""
    name = room.department(name)
    return leaving.attached(letters.letter(room, name), f"{letters.LETTER}_{name}.docx")


@access.act(COUNTY, DEPARTMENT)
def returned(room: Room, name: str) -> HttpResponse:
    """Look through a returned workbook; nothing is recorded. Asked for, give it back with its faults marked."""
    name = room.department(name)
    upload = room.request.FILES.get("file")
    table = listing.arranged(room.request, asked(room, name))
    if not isinstance(upload, UploadedFile):
        preview = Preview(wrong=((_("没有选文件"), _("选好填过的回函表再提交")),))
        return _page(room, name, table, preview, status=422)
    preview, marked = replies.opened(room, name, upload)
    if room.request.POST.get("give") == "marked" and marked:
        return leaving.attached(marked, f"{letters.REPLY}_{name}_{_('标出问题')}.xlsx")
    field = replies.carried(room, name, preview.ready) if preview.ready else ""
    return _page(room, name, table, preview, field, status=422 if preview.wrong else 200)


@access.act(COUNTY, DEPARTMENT)
def confirm(room: Room, name: str) -> HttpResponse:
    """Record what a preview showed."""
    name = room.department(name)
    said = replies.confirmed(room, name, room.request.POST.get("answers", ""))
    if said is None:
        messages.error(room.request, _("预览已经过期，请重新选文件"))
    else:
        _record(room, name, list(said))
        messages.success(room.request, _("{count}人的答复已经记下").format(count=len(said)))
    return redirect(room.to("department", name))


urlpatterns = [
    path("departments/<str:name>/", department, name="department"),
    path("departments/<str:name>/letter.docx", letter, name="letter"),
    path("departments/<str:name>/reply.xlsx", blank, name="reply-form"),
    path("departments/<str:name>/returned/", returned, name="returned"),
    path("departments/<str:name>/confirm/", confirm, name="confirm-replies"),
    path("departments/<str:name>/<str:id_>/", question, name="question"),
    path("departments/<str:name>/<str:id_>/file/", enclosure, name="reply-file"),
    path("departments/<str:name>/<str:id_>/answer/", answer, name="answer"),
]
