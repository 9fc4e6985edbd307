"""A hostile or broken workbook is one named reason, in bounded time, and nothing else comes to harm."""

from __future__ import annotations

import os
import random
import resource
import signal
import socket
import subprocess
import sys
import textwrap
import time
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from fourgates.papers import precheck, reading
from fourgates.papers.workbook import Limits, Reason, Sheet, Unreadable
from papers.strange import MAIN, book, packed, parts, row, sheet

GOOD = row("><v>1</v>")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "表.xlsx"


def reason(path: Path, limits: Limits | None = None) -> Reason:
    """Why this file could not be read; a good file asked for right after it must still be read."""
    good = book(path.with_name("good.xlsx"), GOOD)
    started = time.monotonic()
    (_, found), (_, after) = reading.read_all([path, good], limits=limits)
    assert after == Sheet("表", [[1]])
    assert time.monotonic() - started < 30
    assert isinstance(found, Unreadable), found
    return found.reason


def children() -> bool:
    """Whether any process started from here still runs or was never waited for."""
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return False
    return True


@pytest.fixture(autouse=True)
def _nothing_is_left_behind(tmp_path: Path) -> Iterator[None]:
    yield
    assert not children()
    assert [
        file.name for file in tmp_path.iterdir() if file.suffix not in {".xlsx", ".XLSX", ".xls", ""}
    ] == []


# --- not a file that can be opened -------------------------------------------------------------------------------


def test_missing(path: Path) -> None:
    assert reason(path) is Reason.MISSING
    assert reading.read(book(path, GOOD) / "表.xlsx") == Unreadable(Reason.MISSING)


def test_a_name_that_no_file_can_have(path: Path) -> None:
    assert reason(path.with_name("a\0b.xlsx")) is Reason.MISSING


def test_directory(path: Path) -> None:
    path.mkdir()
    assert reason(path) is Reason.NOT_A_FILE


def test_symlink_even_to_a_good_workbook(path: Path) -> None:
    path.symlink_to(book(path.with_name("there.xlsx"), GOOD))
    assert reason(path) is Reason.NOT_A_FILE


def test_pipe_that_nobody_writes_to(path: Path) -> None:
    os.mkfifo(path)
    assert reason(path) is Reason.NOT_A_FILE


def test_socket(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.parent)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path.name)
        assert reason(path) is Reason.NOT_A_FILE


def test_no_permission(path: Path) -> None:
    book(path, GOOD).chmod(0)
    if os.geteuid() == 0:
        pytest.skip("root may read everything, so that a refused permission CANNOT be tested as root")
    assert reason(path) is Reason.FORBIDDEN


def test_zero_bytes(path: Path) -> None:
    path.touch()
    assert reason(path) is Reason.EMPTY


def test_another_suffix(path: Path) -> None:
    assert reason(book(path.with_suffix(".xls"), GOOD)) is Reason.WRONG_NAME
    assert reading.read(book(path.with_suffix(".XLSX"), GOOD)) == Sheet("表", [[1]])


# --- not a workbook ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        "序号,姓名\n1,张三\n".encode(),
        "序号,姓名\n1,张三\n".encode("gb18030"),
        "序号\t姓名".encode("utf-16"),
        b"<html><table><tr><td>1</td></tr></table></html>",
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        b"x",
    ],
)
def test_text(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert reason(path) is Reason.TEXT


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (OLE + "Workbook".encode("utf-16-le"), Reason.OLD_FORMAT),
        (b"\x09\x08\x10\x00\x00\x06\x05\x00", Reason.OLD_FORMAT),
        (
            OLE + "EncryptionInfo".encode("utf-16-le") + "EncryptedPackage".encode("utf-16-le"),
            Reason.ENCRYPTED,
        ),
        (b"%PDF-1.7\n\x00\x01\x02", Reason.NOT_A_WORKBOOK),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", Reason.NOT_A_WORKBOOK),
        (packed({"readme.txt": "hello"}), Reason.NOT_A_WORKBOOK),
        (packed({"word/document.xml": "<x/>", "[Content_Types].xml": "<x/>"}), Reason.NOT_A_WORKBOOK),
        (packed({}), Reason.NOT_A_WORKBOOK),
        (b"PK\x03\x04", Reason.DAMAGED),
    ],
)
def test_another_kind_of_file(path: Path, content: bytes, expected: Reason) -> None:
    path.write_bytes(content)
    assert reason(path) is expected


def test_truncated(path: Path) -> None:
    whole = book(path, GOOD).read_bytes()
    path.write_bytes(whole[: len(whole) * 2 // 3])
    assert reason(path) is Reason.DAMAGED


def test_one_flipped_bit_in_the_cells_is_found(path: Path) -> None:
    made = parts(sheet(row("><v>1234567</v>")))
    path.write_bytes(_stored(made))
    content = path.read_bytes()
    path.write_bytes(content.replace(b"<v>1234567</v>", b"<v>1234566</v>"))
    assert reason(path) is Reason.DAMAGED


def _stored(found: dict[str, str | bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in found.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_missing_sheet_part(path: Path) -> None:
    made = parts(sheet(GOOD))
    del made["xl/worksheets/sheet1.xml"]
    path.write_bytes(packed(made))
    assert reason(path) is Reason.DAMAGED


def test_xml_that_is_none(path: Path) -> None:
    for name in (
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/worksheets/sheet1.xml",
        "xl/styles.xml",
    ):
        made = parts(sheet(GOOD))
        made[name] = b"<worksheet><sheetData><row><c"
        path.write_bytes(packed(made))
        assert reason(path) is Reason.DAMAGED


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name(path: Path) -> None:
    book(path, GOOD)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", sheet(row("><v>2</v>")))
    assert reason(path) is Reason.DAMAGED


def test_a_part_behind_a_password(path: Path) -> None:
    content = bytearray(book(path, GOOD).read_bytes())
    at = -1
    while (at := content.find(b"PK\x01\x02", at + 1)) >= 0:
        content[at + 8] |= 1
    path.write_bytes(content)
    assert reason(path) is Reason.ENCRYPTED


# --- larger inside than is safe ----------------------------------------------------------------------------------


def bomb(path: Path, name: str, *, megabytes: int, stated: int | None = None) -> Path:
    """A workbook with one part of so many megabytes of spaces, and perhaps a lie about it in the list of parts."""
    made = parts(sheet(GOOD))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for other, content in made.items():
            if other != name:
                archive.writestr(other, content)
        with archive.open(name, "w") as part:
            for _ in range(megabytes):
                part.write(b" " * (1 << 20))
    if stated is not None:
        lying = bytearray(path.read_bytes())
        at = lying.rfind(b"PK\x01\x02")
        lying[at + 24 : at + 28] = stated.to_bytes(4, "little")
        path.write_bytes(lying)
    return path


def test_zip_bomb(path: Path) -> None:
    bomb(path, "xl/worksheets/sheet1.xml", megabytes=300)
    assert path.stat().st_size < 1 << 20
    started = time.monotonic()
    assert reason(path) is Reason.TOO_LARGE_INSIDE
    assert time.monotonic() - started < 5


def test_zip_bomb_below_the_total(path: Path) -> None:
    assert reason(bomb(path, "xl/media/image1.png", megabytes=100)) is Reason.TOO_DENSE


def test_zip_bomb_that_states_a_small_size(path: Path) -> None:
    made = bomb(path, "xl/worksheets/sheet1.xml", megabytes=300, stated=1000)
    assert reason(made) is Reason.DAMAGED
    with pytest.raises(precheck.Stopped):
        precheck.unpack(made.read_bytes(), Limits())
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 1 << 20


def test_too_large_on_disk(path: Path) -> None:
    book(path, GOOD)
    with path.open("ab") as file:
        file.truncate(33 << 20)
    assert reason(path) is Reason.TOO_LARGE


def test_too_many_parts(path: Path) -> None:
    path.write_bytes(packed(parts(sheet(GOOD)) | {f"xl/media/{at}": b"" for at in range(2100)}))
    assert reason(path) is Reason.TOO_MANY_PARTS


def test_pictures_are_never_opened(path: Path) -> None:
    path.write_bytes(packed(parts(sheet(GOOD)) | {"xl/media/1.png": os.urandom(9 << 20)}))
    assert reading.read(path) == Sheet("表", [[1]])


# --- XML that reaches out ----------------------------------------------------------------------------------------

XXE = '<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
PARTS = [
    "_rels/.rels",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/worksheets/sheet1.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
]


@pytest.mark.parametrize("declared", [XXE, LAUGHS, "<!-- <r> -->" + XXE])
@pytest.mark.parametrize("part", PARTS[1:])
def test_document_types(path: Path, part: str, declared: str) -> None:
    made = parts(sheet(row('t="inlineStr"><is><t>&e;&b;</t></is>')))
    made[part] = '<?xml version="1.0"?>' + declared + str(made[part])
    path.write_bytes(packed(made))
    assert reason(path) is Reason.UNSAFE_XML


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-7"])
def test_encodings_that_hide_a_document_type(path: Path, encoding: str) -> None:
    made = parts(sheet(GOOD))
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    made["xl/worksheets/sheet1.xml"] = (head + XXE + str(made["xl/worksheets/sheet1.xml"])).encode(encoding)
    path.write_bytes(packed(made))
    assert reason(path) is Reason.UNSAFE_XML


def test_a_formula_that_calls_out_calls_nobody(path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"
        made = parts(
            sheet(
                row(f't="str"><f>WEBSERVICE("{address}")</f><v>旧值</v>', f'><f>HYPERLINK("{address}")</f>')
            )
        )
        links = str(made["xl/_rels/workbook.xml.rels"])
        outside = (
            f'<Relationship Id="x" Type="http://x/externalLink" Target="{address}" TargetMode="External"/>'
        )
        made["xl/_rels/workbook.xml.rels"] = links.replace("</Relationships>", outside + "</Relationships>")
        path.write_bytes(packed(made))
        found = reading.read(path)
        assert isinstance(found, Sheet)
        assert found.rows[0][0] == "旧值"
        server.settimeout(0.2)
        with pytest.raises(TimeoutError):
            server.accept()


# --- cells that are too far, too many, too long --------------------------------------------------------------------


FAR = {
    "XFD300000": Reason.TOO_MANY_ROWS,
    "A1048576": Reason.TOO_MANY_ROWS,
    "A9999999": Reason.TOO_MANY_ROWS,
    "XFD1": Reason.TOO_MANY_COLUMNS,
    "ZZZ9": Reason.TOO_MANY_COLUMNS,
    "SF150000": Reason.TOO_MANY_CELLS,
}
SPELT = {
    "plain": '<c r="{}"><v>1</v></c>',
    "single quotes": "<c r='{}'><v>1</v></c>",
    "formula": '<c r="{}"><f>1</f></c>',
    "error": '<c r="{}" t="e"><v>#N/A</v></c>',
    "spaces": '<c s="0" r = "{}" ><v>1</v></c>',
    "inline": '<c r="{}" t="inlineStr"><is><t>1</t></is></c>',
}


def test_far_cells(path: Path) -> None:
    expected = {f"{place} {how}": why for place, why in FAR.items() for how in SPELT}
    paths = []
    for place in FAR:
        number = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        for how, cell in SPELT.items():
            rows = f'<row r="{number}">{cell.format(place)}</row>'
            paths.append(book(path.with_name(f"{place} {how}.xlsx"), rows))
    started = time.monotonic()
    found = {
        made.stem: result.reason if isinstance(result, Unreadable) else None
        for made, result in reading.read_all(paths)
    }
    assert found == expected
    assert time.monotonic() - started < 30


def test_rows_that_stand_behind_their_place_are_not_left_out(path: Path) -> None:
    swapped = row("><v>2</v>", number=2) + row("><v>1</v>")
    assert reading.read(book(path, swapped)) == Sheet("表", [[1], [2]])
    assert reason(book(path, swapped.replace('"', "'"))) is Reason.DAMAGED
    assert reason(book(path, "<row r='2'><c r='A7'><v>1</v></c></row>")) is Reason.DAMAGED


def test_a_far_cell_that_gets_past_the_look_ends_one_reader_and_no_more(path: Path) -> None:
    # Small letters are no places at all, yet the fast reader takes them for some and asks for half a terabyte.
    hidden = f'{GOOD}<row><c r="A2" r="xfd1048576"><v>1</v></c></row>'
    assert reason(book(path, hidden)) is Reason.DAMAGED


@pytest.mark.parametrize("inline", [True, False])
def test_nine_megabytes_in_one_cell(path: Path, inline: bool) -> None:
    text = "长" * (3 << 20)
    if inline:
        book(path, row('t="inlineStr"><is><t>' + text + "</t></is>"))
    else:
        book(path, row("><v>1</v>", 't="s"><v>0</v>'), strings=[f"<t>{text}</t>"])
    # Nine megabytes of one character pack so well that the ratio is stopped first; let it pass here.
    found = reading.read(path, limits=Limits(ratio=2000))
    assert isinstance(found, Unreadable)
    assert (found.reason, found.facts["found"], found.facts["limit"]) == (Reason.LONG_CELL, 3 << 20, 32_767)
    assert reason(path) is Reason.TOO_DENSE


def test_a_long_cell_made_of_many_short_runs(path: Path) -> None:
    runs = "".join(f"<r><t>{at:09}</t></r>" for at in range(8000))
    assert reason(book(path, row('t="s"><v>0</v>'), strings=[runs])) is Reason.LONG_CELL


def test_the_longest_cell_that_excel_allows_is_read(path: Path) -> None:
    text = "长" * 32_767
    found = reading.read(book(path, row('t="s"><v>0</v>'), strings=[f"<t>{text}</t>"]))
    assert found == Sheet("表", [[text]])


# --- readers that fail ---------------------------------------------------------------------------------------------


def test_too_slow(path: Path) -> None:
    # A stretch of XML that only the careful reader takes, and that keeps it busy for longer than it is given.
    many = "".join(row(*["><v>1.5</v>"] * 20, number=at).replace('"', "'") for at in range(1, 9000))
    book(path, many)
    started = time.monotonic()
    found = reading.read(path, limits=Limits(seconds=1))
    assert found == Unreadable(Reason.TOO_SLOW, {"limit": 1})
    assert time.monotonic() - started < 6


def test_a_reader_that_dies_is_replaced_and_the_file_tried_once_more(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = []

    class Counted(reading._Reader):
        def greet(self) -> bool:
            started.append(self)
            return super().greet()

    monkeypatch.setattr(reading, "_Reader", Counted)
    # Eight gigabytes, were they allowed: the fast reader aborts, the careful one sees its memory end.
    loose = Limits(rows=1 << 20, columns=1 << 14, cells=1 << 40, memory=256 << 20)
    book(path, GOOD + '<row r="20000"><c r="XFD20000"><v>1</v></c></row>')
    found = [
        result
        for _, result in reading.read_all([path, book(path.with_name("good.xlsx"), GOOD)], limits=loose)
    ]
    assert found == [Unreadable(Reason.OUT_OF_MEMORY, {"size_limit": 256 << 20}), Sheet("表", [[1]])]
    assert len(started) == 2


def test_a_reader_that_is_killed_twice_is_named(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Doomed(reading._Reader):
        def read(self, path: Path, *, careful: bool) -> bytes | Reason:
            self.kill()
            return super().read(path, careful=careful)

    monkeypatch.setattr(reading, "_Reader", Doomed)
    assert reading.read(book(path, GOOD)) == Unreadable(Reason.DIED)


def test_three_hundred_mutations(path: Path) -> None:
    chance = random.Random(20220221)
    whole = book(
        path,
        "".join(row('t="s"><v>0</v>', 's="1"><v>44613</v>', "><f>1</f>", number=at) for at in range(1, 30)),
        strings=["<t>字</t>"],
    ).read_bytes()
    texts = {name: str(content) for name, content in parts(sheet(row('t="s"><v>0</v>', "><v>1</v>"))).items()}
    paths = []
    for at in range(300):
        made = path.with_name(f"{at}.xlsx")
        if at % 2:
            content = bytearray(whole)
            for _ in range(chance.randrange(1, 8)):
                content[chance.randrange(len(content))] = chance.randrange(256)
            made.write_bytes(content[: chance.choice([len(content), chance.randrange(len(content))])])
        else:
            # Inside the parts, where no checksum stands in the way of the parser.
            name = chance.choice(sorted(texts))
            letters = list(texts[name])
            for _ in range(chance.randrange(1, 6)):
                letters[chance.randrange(len(letters))] = chance.choice('<>"=/ A9Z&;!-x\x00')
            made.write_bytes(packed(texts | {name: "".join(letters)}))
        paths.append(made)
    started = time.monotonic()
    found = list(reading.read_all(paths, limits=Limits(seconds=10)))
    assert time.monotonic() - started < 60
    assert [made for made, _ in found] == paths
    kinds = {result.reason if isinstance(result, Unreadable) else "read" for _, result in found}
    assert {"read", Reason.DAMAGED} <= kinds
    assert Reason.DIED not in kinds
    assert Reason.TOO_SLOW not in kinds


# --- a good neighbour ----------------------------------------------------------------------------------------------


def test_dropping_the_rest_ends_the_readers(path: Path) -> None:
    paths = [book(path.with_name(f"{at}.xlsx"), GOOD) for at in range(30)]
    results = reading.read_all(paths)
    next(results)
    assert children()
    results.close()  # type: ignore[attr-defined]
    assert not children()


SCRIPT = """
    import sys
    from pathlib import Path
    from fourgates.papers import reading
    paths = [Path(sys.argv[1])] * 200_000
    for number, (path, found) in enumerate(reading.read_all(paths)):
        if number == 0:
            print(found.rows, flush=True)
"""


def test_ctrl_c_ends_the_readers_and_the_script(path: Path) -> None:
    """In a script without a main guard, as an auditor writes one."""
    folder = path.parent
    script = folder / "audit"
    script.write_text(textwrap.dedent(SCRIPT))
    book(path, GOOD)
    running = subprocess.Popen(
        [sys.executable, script, path],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        cwd=folder,
    )
    assert running.stdout is not None
    assert running.stdout.readline() == b"[[1]]\n"
    os.killpg(running.pid, signal.SIGINT)
    _, said = running.communicate(timeout=20)
    assert running.returncode == -signal.SIGINT
    assert said.rstrip().endswith(b"KeyboardInterrupt")
    with pytest.raises(ProcessLookupError):
        os.killpg(running.pid, 0)


def test_killing_the_parent_ends_the_readers(path: Path) -> None:
    script = path.parent / "audit"
    script.write_text(textwrap.dedent(SCRIPT))
    book(path, GOOD)
    running = subprocess.Popen([sys.executable, script, path], stdout=subprocess.PIPE, start_new_session=True)
    assert running.stdout is not None
    running.stdout.readline()
    running.kill()
    running.communicate(timeout=20)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.killpg(running.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    pytest.fail("a reader outlived its parent")


def test_a_module_in_the_current_folder_is_not_imported(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trap = path.parent / "trap"
    trap.mkdir()
    (trap / "msgspec.py").write_text("raise SystemExit('imported from the current folder')")
    monkeypatch.chdir(trap)
    assert reading.read(book(path, GOOD)) == Sheet("表", [[1]])


def test_a_reader_that_cannot_start_is_no_fault_of_the_files(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book(path, GOOD)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(RuntimeError, match="cannot start"):
        reading.read(path)
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with pytest.raises(RuntimeError, match="cannot start"):
        reading.read(path)


def test_checksums_are_those_of_zip() -> None:
    made = precheck.unpack(packed(parts(sheet(GOOD))), Limits())
    assert made.sheet.crc == zlib.crc32(made.sheet.content)
    assert MAIN.encode() in made.sheet.content
