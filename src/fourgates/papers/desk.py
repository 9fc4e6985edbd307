"""The desk at which the forms are compared (核对台): units and people known so far, problems, oddities, what waits.

A row that names somebody whose own roster row is faulty, or whose roster has not come in, is not wrong: it waits, and an
oddity says for what. Everything else that contradicts the registers is a problem.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fourgates import identity, names
from fourgates.i18n import _
from fourgates.papers import guesses
from fourgates.papers.cells import squeeze, suggested
from fourgates.papers.problems import Place, Problem, problem
from fourgates.papers.table import Row, Table
from fourgates.plan import Plan
from fourgates.roster import Roster
from fourgates.units import Tree

NUMBER = "公民身份号码"


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody on a roster: keyed id, name as written, number, branch, committee, what lists print beside a name."""

    id: str
    name: str
    number: str
    branch: str
    committee: str
    nationality: str
    female: bool
    education: str
    joined: str
    post: str


@dataclass(slots=True)
class Desk:
    """``ids``: number → id of everybody on record; ``known``: number → person; ``faulty``: number → place of a faulty roster
    row; ``faulty_names``: (name, branch) of faulty rows whose number could not be read; ``missing``: committees whose
    roster has not come in, or that stand in 01 on a faulty row."""

    plan: Plan
    key: bytes
    ids: Mapping[str, str] = field(default_factory=dict)
    tree: Tree | None = None
    roster: Roster | None = None
    units: dict[str, str] = field(default_factory=dict)
    faulty_units: dict[str, Place] = field(default_factory=dict)
    known: dict[str, Known] = field(default_factory=dict)
    faulty: dict[str, Place] = field(default_factory=dict)
    faulty_names: dict[tuple[str, str], Place] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    oddities: list[Problem] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    digests: dict[tuple[str, str], str] = field(default_factory=dict)
    waiting: dict[tuple[str, str], int] = field(default_factory=dict)
    guessed: dict[str, str] = field(default_factory=dict)
    by_name: dict[str, list[Known]] = field(default_factory=dict)
    named: int = 0

    def id_of(self, number: str) -> str:
        """The keyed id under which a person appears in the record."""
        return self.ids.get(number) or identity.keyed(self.key, "person", number)

    def put_away(self, about: str, text: str) -> str:
        """The keyed digest of a text people wrote; the text itself goes with the names, away from the record."""
        if not text:
            return ""
        if (about, text) not in self.digests:
            digest = self.digests[about, text] = identity.keyed(self.key, "text", about, text)
            self.texts[digest] = text
        return self.digests[about, text]

    def odd(self, place: Place, read: str, wrong: str, mend: str = "") -> None:
        """Put something that is only odd: it blocks nothing."""
        self.oddities.append(problem(place, read, wrong, mend))

    def waits(self, table: Table, why: str) -> None:
        """Count a row that waits for something else to be mended; one oddity a file and reason will say so."""
        self.waiting[table.file, why] = self.waiting.get((table.file, why), 0) + 1

    def settle(self) -> None:
        """Turn what waits into oddities, one a file and reason."""
        for (file, why), rows in self.waiting.items():
            self.odd(Place(file), "", _("{rows}行暂不计入：{why}").format(rows=rows, why=why))
        self.waiting.clear()

    def unit(self, table: Table, row: Row, column: str) -> str | None:
        """The unit a cell names, as 01 writes it; a problem or a wait when there is none."""
        written = row.values[column]
        found = self.units.get(squeeze(written))
        if found is None:
            place = self.faulty_units.get(squeeze(written))
            if place is not None:
                self.waits(table, _("{file}第{row}行有错").format(file=place.file, row=place.row))
            else:
                table.reject(
                    row,
                    column,
                    _("01 党组织名册里没有这个党组织"),
                    self.near(written, _("照01中的全称填写，或者在01中补上")),
                )
        return found

    def near(self, written: str, mend: str) -> str:
        """How to mend the name of an organisation that is none, with the one that was probably meant."""
        key = squeeze(written)
        if key not in self.guessed:
            self.guessed[key] = guesses.unit(key, self.units)
        guess = suggested(mend, self.units.get(self.guessed[key], ""))
        hidden = guesses.invisible(written)
        return (
            _("这一格里有看不见的{hidden}，删去后重新输入；").format(hidden=hidden) + guess
            if hidden
            else guess
        )

    def namesakes(self, name: str) -> list[Known]:
        """Everybody on the rosters who is called so."""
        if self.named != len(self.known):
            self.named, self.by_name = len(self.known), {}
            for one in self.known.values():
                self.by_name.setdefault(names.key(one.name), []).append(one)
        return self.by_name.get(names.key(name), [])

    def whose(self, written: str | int | float, name: str, branch: str = "") -> str:
        """Whose number ``written`` probably is, where exactly one person of that name (in ``branch``, where one is given)
        has one it could have come of; the number itself stays masked."""
        found = [
            (how, one)
            for one in self.namesakes(name)
            if branch in ("", one.branch) and (how := guesses.same_number(written, one.number))
        ]
        if len(found) != 1:
            return ""
        how, one = found[0]
        said = {
            "lost": _("留下的前15位与名册中{name}（{number}，{branch}）的号码相同，可能就是这名党员"),
            "old": _("与名册中{name}（{number}，{branch}）的18位号码相符，可能就是这名党员"),
            "swapped": _("与名册中{name}（{number}，{branch}）的号码只有相邻两位颠倒，可能就是这名党员"),
            "one": _("与名册中{name}（{number}，{branch}）的号码只有一位不同，可能就是这名党员"),
        }[how]
        return said.format(name=one.name, number=identity.masked(one.number), branch=one.branch)

    def _of_that_name(self, name: str) -> str:
        """Everybody called so, a few of them shown, so that namesakes are not taken for each other."""
        shown = "；".join(
            f"{one.name} {identity.masked(one.number)} {one.branch}" for one in self.namesakes(name)[:3]
        )
        return _("名册中同名的有：{people}").format(people=shown) if shown else ""

    def own_branch(self, table: Table, row: Row, column: str, person: Known) -> None:
        """Put a problem at a branch that is not the person's own, with the namesake there, if there is one."""
        written = self.units.get(squeeze(row.values[column]), "")
        mend = _("核对党支部，与02一致")
        for other in self.namesakes(person.name):
            if other.branch == written:
                mend += _("；{branch}另有同名党员（{number}），也核对号码").format(
                    branch=written, number=identity.masked(other.number)
                )
        table.reject(row, column, _("名册中这名党员在{branch}").format(branch=person.branch), mend)

    def branch(self, table: Table, row: Row, column: str, committee: str = "") -> str | None:
        """The branch a cell names, of ``committee`` where one is given."""
        found = self.unit(table, row, column)
        if found is None or self.tree is None:
            return None
        if self.tree[found].kind != "branch":
            table.reject(
                row,
                column,
                _("这是{kind}，不是党支部").format(kind=self.tree[found].kind),
                _("填写党支部的全称"),
            )
            return None
        if committee and self.tree.committee_of(found) != committee:
            table.reject(
                row,
                column,
                _("这个党支部属于{other}，不属于{committee}").format(
                    other=self.tree.committee_of(found), committee=committee
                ),
                _("核对党支部，或者把这一行移到它所属党委的文件"),
            )
            return None
        return found

    def person(
        self, table: Table, row: Row, name: str, *, branch: str | None = None, of: str = ""
    ) -> Known | None:
        """Whom a row names, by number, the name in column ``name`` agreeing; a problem or a wait when it does not.

        ``branch``: the person's own branch where the row states it; ``of``: the committee whose roster must hold the
        person, where the form is that committee's own.
        """
        number = row.values[NUMBER]
        found = self.known.get(number)
        if found is not None:
            if names.key(found.name) == names.key(row.values[name]):
                return found
            table.reject(
                row,
                name,
                _("姓名与号码不符：名册中这个号码是{name}（{branch}）").format(
                    name=found.name, branch=found.branch
                ),
                self._which(row.values[name], found),
            )
            return None
        place = self.faulty.get(number)
        if place is None and branch is not None:
            place = self.faulty_names.get((names.key(row.values[name]), branch))
        if place is not None:
            self.waits(table, _("{file}第{row}行有错").format(file=place.file, row=place.row))
        elif (of or self.missing) and (not of or of in self.missing):
            self.waits(
                table, _("党员名册没有交齐：{committees}").format(committees="、".join(sorted(self.missing)))
            )
        else:
            self._unknown(table, row, name)
        return None

    def _faulty_namesake(self, name: str) -> str:
        """The roster row of that name that is itself at fault: mended, it may be the one."""
        places = [place for (key, _branch), place in self.faulty_names.items() if key == names.key(name)]
        if len(places) != 1:
            return ""
        return _("{file}第{row}行有同名的党员，那一行有错，先改那一行").format(
            file=places[0].file, row=places[0].row
        )

    def _which(self, written: str, found: Known) -> str:
        """How to mend a name that is not that of its number: the number may be another's, or the name a slip."""
        mend = _("核对姓名和公民身份号码，改正写错的那一个")
        said = self.whose(found.number, written) or self._of_that_name(written)
        if said:
            return f"{mend}；{said}"
        return suggested(mend, found.name if guesses.slip(names.key(written), names.key(found.name)) else "")

    def _unknown(self, table: Table, row: Row, name: str) -> None:
        written = row.values[name]
        hint = (
            self.whose(row.values[NUMBER], written)
            or self._faulty_namesake(written)
            or self._of_that_name(written)
        )
        table.reject(
            row,
            NUMBER,
            _("这个号码不在任何一份党员名册中"),
            "；".join(part for part in (_("核对公民身份号码，或者在02中补上这名党员"), hint) if part),
        )


def twice(table: Table, rows: Mapping[str, list[Row]], column: str, wrong: str, mend: str) -> set[int]:
    """Problems for every row of a person who stands more than once; gives the numbers of those rows."""
    found: set[int] = set()
    for same in rows.values():
        if len(same) > 1:
            for row in same:
                others = "、".join(str(other.number) for other in same if other is not row)
                table.reject(row, column, wrong.format(rows=others), mend)
                found.add(row.number)
    return found
