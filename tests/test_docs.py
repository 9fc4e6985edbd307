"""Pages say what the code says, numbers that are quoted exist, and links lead somewhere."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from fourgates import bundle
from scripts import docs

ROOT = docs.ROOT
MODULES = sorted(docs.SOURCE.rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
PAGES = sorted([*ROOT.glob("*.md"), *docs.DOCS.rglob("*.md")])
NUMBER = re.compile(r"(?:\d+|[A-Z])\.\d+")
# Where the number of a rule stands in a call: by place, counted from 0.
SAYS = {"Refused": 0, "Broken": 1, "Finding": 0, "Deviation": 0}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# --- generated pages --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", docs.PAGES)
def test_a_generated_page_is_current(page: str) -> None:
    write, _ = docs.PAGES[page]
    assert (docs.DOCS / page).read_text(encoding="utf-8") == write(), "run `make docs`"


def test_the_map_names_every_module() -> None:
    page = (docs.DOCS / "house.md").read_text(encoding="utf-8")
    said = set(re.findall(r"^\| (?:&emsp;|\*\*)?`([^`]+?)/?`", page, re.MULTILINE))
    here = set()
    for path in MODULES:
        *folder, module = path.relative_to(docs.SOURCE).with_suffix("").parts
        here.add("/".join([*folder[1:], module]) if module != "__init__" else (folder or [""])[0])
    assert said == here - {""}


def test_decisions_are_numbered_as_their_files_are() -> None:
    pages = sorted((docs.DOCS / "decisions").glob("*.md"))
    said = [re.findall(r"\A# 0*(\d+)[.:] ", text(page)) for page in pages]
    assert said == [[str(int(page.name.partition("-")[0]))] for page in pages]
    assert len({page.name.partition("-")[0] for page in pages}) == len(pages)


def test_every_event_has_a_sentence() -> None:
    from fourgates import events

    assert [
        cls.__name__ for cls in docs.classes(events) if not (cls.__doc__ or "").strip().endswith(".")
    ] == []


# --- rules ------------------------------------------------------------------------------------------------------


def quoted(path: Path) -> Iterator[tuple[str, str]]:
    """Every number of a rule that the code quotes, with its place."""
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(call, ast.Call):
            continue
        called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        places = [SAYS[called]] if called in SAYS else []
        said = [call.args[at] for at in places if at < len(call.args)]
        said += [keyword.value for keyword in call.keywords if keyword.arg == "rule"]
        for value in said:
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield value.value, f"{name(path)}:{call.lineno}"


@cache
def all_quoted() -> list[tuple[str, str]]:
    """Every number that any module quotes."""
    return [(number, place) for path in MODULES for number, place in quoted(path)]


def test_every_number_the_code_quotes_is_a_rule() -> None:
    known = {rule.number for rule in docs.rules().rule}
    assert [(number, place) for number, place in all_quoted() if number not in known] == []


def test_every_rule_is_numbered_once_in_its_order() -> None:
    numbers = [rule.number for rule in docs.rules().rule]
    assert [number for number in numbers if not NUMBER.fullmatch(number)] == []
    assert numbers == sorted(set(numbers), key=order)


def order(number: str) -> tuple[bool, int | str, int]:
    """Chapters by number, those with a letter last."""
    chapter, _, rule = number.partition(".")
    return (not chapter.isdigit(), int(chapter) if chapter.isdigit() else chapter, int(rule))


def test_every_rule_has_both_texts_its_source_and_its_mark() -> None:
    for rule in docs.rules().rule:
        assert all(text.strip() for text in (rule.zh, rule.en, rule.source, rule.mark)), rule.number
        assert re.search(r"[\u4e00-\u9fff]", rule.zh), rule.number
        assert rule.mark in MARKS, rule.number


def test_every_source_a_rule_names_is_told() -> None:
    table = docs.rules()
    told = [one.code for one in table.source]
    named = {code for rule in table.rule for code in re.findall(r"S\d+[a-z]?", rule.source)}
    assert (named - {*told}, len(told) - len({*told})) == (set(), 0)
    assert all(one.zh.strip() and one.en.strip() for one in table.source)


# ✔ read in the source, ◐ in part or second hand, ✎ our own reading, ⚠ the sources disagree, ○ asked for by the contract.
MARKS = {"✔", "◐", "✎", "○", "⚠"}


def test_every_rule_the_code_quotes_is_broken_by_a_test() -> None:
    """A number that no test names is a rule that nobody has seen saying no."""
    tested = {
        number for path in TESTS for number in re.findall(r"[\"'\[]((?:\d+|[A-Z])\.\d+)[\"'\]]", text(path))
    }
    assert sorted({number for number, _ in all_quoted()} - tested) == []


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


# --- schemas ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [page for page in docs.PAGES if page.endswith(".json")])
def test_a_schema_refers_to_what_it_holds(page: str) -> None:
    schema = json.loads(text(docs.DOCS / page))
    inside = {f"#/$defs/{key}" for key in schema["$defs"]}
    assert set(references(schema)) <= inside
    assert inside <= set(references(schema))


def references(part: Any) -> Iterator[str]:
    match part:
        case dict():
            if isinstance(part.get("$ref"), str):
                yield part["$ref"]
            if isinstance(part.get("discriminator"), dict):
                yield from part["discriminator"].get("mapping", {}).values()
            for inner in part.values():
                yield from references(inner)
        case list():
            for inner in part:
                yield from references(inner)


# --- links and commands -----------------------------------------------------------------------------------------

LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)|!\[[^\]\n]*\]\(([^)\s]+)\)|(?:href|src)=\"([^\"]+)\"")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def slug(heading: str) -> str:
    """The anchor that a heading gets where Markdown is shown."""
    bare = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", lambda found: found.group(1) or "", heading.strip().lower())
    return re.sub(r"[^\w\- ]", "", bare).replace(" ", "-")


def anchors(page: Path) -> set[str]:
    lines = FENCE.sub("", text(page))
    return {
        *re.findall(r'<a id="([^"]+)">', lines),
        *(slug(heading) for heading in re.findall(r"^#+ (.+)$", lines, re.MULTILINE)),
    }


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page: Path) -> None:
    lost = []
    for found in LINK.finditer(FENCE.sub("", text(page))):
        link = next(part for part in found.groups() if part)
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
            lost.append(link)
    assert lost == []


def test_every_page_is_reached_from_the_index() -> None:
    reached, waiting = set(), [docs.DOCS / "index.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md" or not page.exists():
            continue
        reached.add(page)
        links = [next(part for part in found.groups() if part) for found in LINK.finditer(text(page))]
        waiting += [(page.parent / link.partition("#")[0]).resolve() for link in links if ":" not in link]
    assert sorted(name(page) for page in docs.DOCS.rglob("*.md") if page not in reached) == []


def test_every_command_a_page_shows_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", text(ROOT / "Makefile"), re.MULTILINE))
    commands = set(re.findall(r"^#+ fourgates ([a-z -]+)$", text(docs.DOCS / "cli.md"), re.MULTILINE))
    wrong = []
    for page in PAGES:
        shown = "\n".join(
            re.findall(
                r"`[^`\n]+`|^```(?:sh|console|bash|text)?\n.*?^```", text(page), re.MULTILINE | re.DOTALL
            )
        )
        wrong += [
            f"{name(page)}: make {one}"
            for one in re.findall(r"(?:^|[`$] ?)make ([a-z-]+)", shown, re.MULTILINE)
            if one not in targets
        ]
        for one in re.findall(r"(?:^|[`$/] ?|bin/)fourgates ((?:[a-z]+ ?)+)", shown, re.MULTILINE):
            words = one.split()
            if words[0] not in commands and " ".join(words[:2]) not in commands:
                wrong.append(f"{name(page)}: fourgates {one}")
    assert wrong == []


# --- the README -------------------------------------------------------------------------------------------------


def test_the_readme_shows_what_the_demo_prints(tmp_path: Path) -> None:
    """Figure by figure; only the seal is another one each time, because it seals the time as well, and the port
    where that one is taken."""
    shown = re.findall(r"^```text\n(.*?)^```", text(ROOT / "README.md"), re.MULTILINE | re.DOTALL)
    assert len(shown) == 2
    for language, lines in zip(("zh", "en"), shown, strict=True):
        answer = subprocess.run(
            [sys.executable, "-m", "fourgates", "--lang", language, "demo", "--once"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        assert [*map(unsealed, answer.stdout.splitlines())] == [*map(unsealed, lines.splitlines())]


def unsealed(line: str) -> str:
    return re.sub(r"\b[0-9a-f]{16}\b|(?<=127\.0\.0\.1:)[0-9]+", "…", line)


# --- the record ---------------------------------------------------------------------------------------------------


def test_the_verifier_on_the_page_about_the_record_works_as_it_stands(
    small_out: Path, tmp_path: Path
) -> None:
    """Whoever copies it checks a real record with it, and sees a byte that was changed."""
    (program,) = re.findall(r"^```python\n(.*?)^```", text(docs.DOCS / "record.md"), re.MULTILINE | re.DOTALL)
    record = Path(shutil.copytree(small_out / "record", tmp_path / "record"))

    def checked() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-I", "-c", program, record], capture_output=True, text=True, check=False
        )

    head = bundle.head(record)
    assert checked().stdout == f"{head.entries} entries, {head.head}\n"
    spoilt = [record / bundle.LEDGER, *(record / bundle.DOCUMENTS).iterdir()]
    for path in spoilt[:3]:
        content = path.read_bytes()
        path.write_bytes(bytes([*content[:9], content[9] ^ 1, *content[10:]]))
        assert checked().returncode == 1
        path.write_bytes(content)
    assert checked().returncode == 0


# --- versions ---------------------------------------------------------------------------------------------------


def test_every_release_in_the_changes_is_a_version_with_its_day_and_the_newest_is_this_one() -> None:
    project = tomllib.loads(text(ROOT / "pyproject.toml"))["project"]
    heads = re.findall(r"^## (.+)$", text(ROOT / "CHANGELOG.md"), re.MULTILINE)
    assert heads[0] == "Unreleased"
    released = []
    for head in heads[1:]:
        version, day = re.fullmatch(r"(\d+\.\d+\.\d+) \((\d{4}-\d{2}-\d{2})\)", head).groups()  # type: ignore[union-attr]
        released.append((tuple(map(int, version.split("."))), date.fromisoformat(day)))
    assert released == sorted(released, reverse=True)
    if released:
        assert ".".join(map(str, released[0][0])) == project["version"]
