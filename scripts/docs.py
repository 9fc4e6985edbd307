"""Write the pages that say what the code says: `python -m scripts.docs`.

The rules from the rulebooks' own table, the record's vocabulary and the settings from the types they are read with,
the terminal from its commands, and a JSON Schema for each kind of file that another program may read or write.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import inspect
import json
import re
import tomllib
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import msgspec
import msgspec.inspect as kinds

from fourgates import canon

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
SOURCE = ROOT / "src" / "fourgates"
RULEBOOKS = SOURCE / "rulebooks"
SHARE = {
    "type": "string",
    "description": 'An exact share, as "4/5", "80%" or "2".',
    "pattern": r"^([0-9]{1,9}(/[0-9]{1,9})?|[0-9]{1,9}(\.[0-9]{1,6})?%)$",
}


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One numbered rule: both texts, where it comes from, and how sure that is."""

    number: str
    zh: str
    en: str
    source: str
    mark: str


class Chapter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A group of rules that share the part of their number before the dot."""

    number: str
    zh: str
    en: str


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A source that rules name by its code."""

    code: str
    zh: str
    en: str


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table of rules."""

    rule: tuple[Rule, ...]
    source: tuple[Source, ...] = ()
    chapter: tuple[Chapter, ...] = ()
    note: str = ""


def rules() -> Rules:
    """Every numbered rule, in the order of the table."""
    return msgspec.convert(tomllib.loads((RULEBOOKS / "rules.toml").read_text(encoding="utf-8")), Rules)


def heading(title: str, source: str) -> list[str]:
    """The first lines of a page: what it is, and what to change instead of it."""
    return [f"<!-- Written by `make docs` from {source}; change that, not this. -->", "", f"# {title}", ""]


def sentences(thing: object) -> str:
    """The docstring of ``thing`` on one line, in Markdown."""
    text = inspect.cleandoc(getattr(thing, "__doc__", None) or "")
    return " ".join(text.split()).replace("``", "`").replace("|", "\\|")


# --- rules ------------------------------------------------------------------------------------------------------


def rules_page() -> str:
    """Every rule with its number, in Chinese and English, with its source."""
    table = rules()
    titles = {chapter.number: f"{chapter.zh} · {chapter.en}" for chapter in table.chapter}
    lines = heading("规则 · Rules", "src/fourgates/rulebooks/rules.toml")
    lines += [
        "一条规则一个编号；退回、认定和报告都写这个编号。 Every rule has a number; refusals, findings and reports quote it.",
        "",
    ]
    lines += ["出处 · Sources", "", *(f"- {one.code} {one.zh} · {one.en}" for one in table.source), ""]
    lines += [table.note.strip(), ""]
    chapter = ""
    for rule in table.rule:
        if rule.number.partition(".")[0] != chapter:
            chapter = rule.number.partition(".")[0]
            lines += [f"## {chapter} {titles.get(chapter, '')}".rstrip(), ""]
        lines += [
            f'<a id="rule-{rule.number}"></a>**{rule.number}** {rule.zh}\\',
            f"{rule.en}\\",
            f"<sub>{rule.source} {rule.mark}</sub>",
            "",
        ]
    return "\n".join(lines)


# --- values -----------------------------------------------------------------------------------------------------


NAMES = {
    kinds.StrType: "text",
    kinds.BoolType: "true or false",
    kinds.DateType: "date",
    kinds.DateTimeType: "date and time",
    kinds.NoneType: "nothing",
}
LISTS = (kinds.VarTupleType, kinds.ListType, kinds.SetType, kinds.FrozenSetType)


def called(kind: kinds.Type) -> str:
    """What a reader of Markdown is told about the kind of a value."""
    match kind:
        case kinds.Metadata():
            return called(kind.type)
        case kinds.IntType():
            low = f" from {kind.ge}" if kind.ge is not None else ""
            return f"whole number{low}" + (f" to {kind.le}" if kind.le is not None else "")
        case kinds.LiteralType():
            return " · ".join(f'`"{value}"`' for value in kind.values)
        case kinds.UnionType():
            if any(isinstance(one, kinds.StructType) and one.tag == "PlanAdopted" for one in kind.types):
                return "one of the [events](#events)"
            return " or ".join(map(called, kind.types))
        case kinds.TupleType():
            return f"[{', '.join(map(called, kind.item_types))}]"
        case kinds.DictType():
            return f"table of {called(kind.key_type)} to {called(kind.value_type)}"
        case kinds.StructType():
            return f"[{kind.cls.__name__}](#{anchor(kind.cls)})"
        case kinds.CustomType(cls=cls) if cls is Fraction:
            return 'share (`"4/5"`, `"80%"`)'
    return f"list of {called(kind.item_type)}" if isinstance(kind, LISTS) else NAMES[type(kind)]


def anchor(cls: type) -> str:
    """Where a value is described on its page; two modules may each have a value of one name."""
    return f"{cls.__module__.removeprefix('fourgates.')}.{cls.__name__}".lower().replace(".", "-")


def parts(kind: kinds.Type) -> Iterator[kinds.StructType]:
    """The values inside a value, each before what is inside it."""
    match kind:
        case kinds.Metadata():
            yield from parts(kind.type)
        case kinds.UnionType():
            for one in kind.types:
                yield from parts(one)
        case _ if isinstance(kind, LISTS):
            yield from parts(kind.item_type)
        case kinds.TupleType():
            for one in kind.item_types:
                yield from parts(one)
        case kinds.DictType():
            yield from parts(kind.value_type)
        case kinds.StructType():
            yield kind


def described(struct: kinds.StructType, level: str, title: str = "") -> list[str]:
    """A value's heading, its sentence and a table of its fields."""
    lines = [f'<a id="{anchor(struct.cls)}"></a>', "", f"{level} {title or struct.cls.__name__}", ""]
    lines += [sentences(struct.cls), ""]
    if struct.array_like:
        lines += ["Written as a list, in this order.", ""]
    if struct.cls.__struct_config__.omit_defaults:
        lines += ["A field that is as *unless given* says is left out.", ""]
    if struct.fields:
        lines += ["| field | kind | unless given |", "|---|---|---|"]
        for field in struct.fields:
            given = "" if field.required else shown(field)
            lines += [f"| `{field.encode_name}` | {called(field.type)} | {given} |"]
        lines += [""]
    return lines


def shown(field: kinds.Field) -> str:
    """The value a field has when it is left out."""
    if field.default_factory is not msgspec.NODEFAULT:
        return f"`{json.dumps(field.default_factory())}`"
    return f"`{canon.spell(field.default).decode()}`"


def collected(roots: list[kinds.StructType]) -> list[kinds.StructType]:
    """The values inside ``roots``, however deep, each once, in the order they are met."""
    found: dict[type, kinds.StructType] = {}
    waiting = list(roots)
    while waiting:
        struct = waiting.pop(0)
        for field in struct.fields:
            for part in parts(field.type):
                if part.cls not in found and part.cls not in {root.cls for root in roots}:
                    found[part.cls] = part
                    waiting.append(part)
    return list(found.values())


def struct(cls: type) -> kinds.StructType:
    """What msgspec knows of a value's class."""
    return next(one for one in parts(kinds.type_info(cls)))


# --- record -----------------------------------------------------------------------------------------------------


def classes(module: ModuleType) -> list[type]:
    """The values a module offers, in the order of its ``__all__``."""
    offered = (getattr(module, name) for name in module.__all__)
    return [thing for thing in offered if isinstance(thing, type) and issubclass(thing, msgspec.Struct)]


def record_page() -> str:
    """The page on the record, its types filled in: every event, every document, and the values inside them."""
    events = importlib.import_module("fourgates.events")
    ledger = importlib.import_module("fourgates.ledger")
    bundle = importlib.import_module("fourgates.bundle")
    every = classes(events)
    papers = [cls for cls in every if cls.__name__.endswith("Document")]
    said = [struct(cls) for cls in every if cls not in papers]
    held = [struct(cls) for cls in papers]
    entry = struct(ledger.Entry)
    people = struct(importlib.import_module("fourgates.papers.people").People)
    lines = ["", "## Entry", ""]
    lines += described(entry, "###")
    lines += ["## Events", ""]
    for one in said:
        lines += described(one, "###")
    lines += ["## Documents", ""]
    for one in [struct(bundle.Head), *held, people]:
        lines += described(one, "###")
    lines += ["## Values", ""]
    for one in collected([entry, *said, *held, people]):
        lines += described(one, "###")
    return filled("record.md", "types", lines)


# --- settings ---------------------------------------------------------------------------------------------------


def settings_page() -> str:
    """What may stand in `plan.toml`, and what the shipped rulebook says where it says nothing."""
    plan = struct(importlib.import_module("fourgates.plan").Plan)
    shipped = {path.stem: path for path in sorted(RULEBOOKS.glob("*.toml")) if path.stem != "rules"}
    lines = heading("Settings: the plan", "src/fourgates/plan.py and src/fourgates/rulebooks/")
    lines += [
        "A selection is governed by its rulebook, overlaid by its `plan.toml`. Every key below may stand in `plan.toml`;",
        "what is left out there is taken from the rulebook that `[selection] rulebook` names. A key that nobody knows is an",
        "error. The whole, as a JSON Schema: [plan.schema.json](schemas/plan.schema.json).",
        "",
    ]
    inside = [(field.name, one) for field in plan.fields for one in parts(field.type)]
    for name, one in inside:
        lines += described(one, "##", f"[{name}]")
    for one in collected([plan]):
        if one.cls not in {known.cls for _, known in inside}:
            lines += described(one, "###")
    for name, path in shipped.items():
        lines += [
            f"## The rulebook `{name}`",
            "",
            "```toml",
            path.read_text(encoding="utf-8").strip(),
            "```",
            "",
        ]
    return "\n".join(lines)


# --- terminal ---------------------------------------------------------------------------------------------------


def commands(context: click.Context) -> Iterator[click.Context]:
    """A command as it is called, and those under it."""
    yield context
    if isinstance(context.command, click.Group):
        for name, inner in context.command.commands.items():
            if not inner.hidden:
                yield from commands(click.Context(inner, parent=context, info_name=name))


def terminal() -> click.Context:
    """The terminal as it is called, 100 columns wide."""
    main = importlib.import_module("fourgates.cli").main
    return click.Context(main, info_name="fourgates", terminal_width=100, **main.context_settings)


def cli_page() -> str:
    """Every command with the help it prints, in English and in Chinese."""
    i18n = importlib.import_module("fourgates.i18n")
    lines = heading("The terminal", "src/fourgates/cli.py and src/fourgates/commands/")
    for context in commands(terminal()):
        path = context.command_path
        lines += [f"{'#' * (len(path.split()) + 1)} {path}", ""]
        for language in ("en", "zh"):
            with i18n.speaking(language):
                lines += ["```text", context.get_help().strip(), "```", ""]
    return "\n".join(lines)


# --- map and decisions ------------------------------------------------------------------------------------------


def subject(path: Path) -> str:
    """A module's subject: the first sentence of its docstring."""
    text = " ".join(
        (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n\n")[0].split()
    )
    return text.replace("``", "`").replace("|", "\\|")


def house_page() -> str:
    """The page on the house, its map filled in: every module from the doors down, with its subject."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    lines = ["| module | subject |", "|---|---|"]
    for name in (layer.strip("()") for layer in contracts[0]["layers"]):
        folder, module = SOURCE / name, SOURCE / f"{name}.py"
        if module.exists():
            lines += [f"| `{name}` | {subject(module)} |"]
        elif folder.is_dir():
            lines += [f"| **`{name}/`** | {subject(folder / '__init__.py')} |"]
            inside = (path for path in sorted(folder.rglob("*.py")) if path.name != "__init__.py")
            lines += [
                f"| &emsp;`{path.relative_to(folder).with_suffix('')}` | {subject(path)} |" for path in inside
            ]
    return filled("house.md", "map", lines)


def imports_page() -> str:
    """The page on rosters made elsewhere, its tables of words filled in."""
    words = importlib.import_module("fourgates.papers.importing.words").words()
    lines = ["| column | also understood |", "|---|---|"]
    lines += [f"| {own} | {' · '.join(others)} |" for own, others in words.headings.items()]
    for values in words.values:
        lines += ["", f"**{values.column}** {values.mark} {values.source}", ""]
        lines += [" · ".join(f"{own} = {', '.join(others)}" for own, others in values.words.items())]
    return filled("imports.md", "words", lines)


def index_page() -> str:
    """The page that leads to all others, its list of decisions filled in."""
    lines = []
    for path in sorted((DOCS / "decisions").glob("*.md")):
        first = path.read_text(encoding="utf-8").partition("\n")[0]
        lines += [f"1. [{re.sub(r'^# [0-9]+[.:] ', '', first)}](decisions/{path.name})"]
    return filled("index.md", "decisions", lines)


def filled(page: str, part: str, lines: list[str]) -> str:
    """A page written by hand with one part of it written anew."""
    before, _, rest = (DOCS / page).read_text(encoding="utf-8").partition(f"<!-- {part} -->")
    after = rest.partition(f"<!-- /{part} -->")[2]
    return "\n".join([f"{before}<!-- {part} -->", *lines, f"<!-- /{part} -->{after}"])


# --- schemas ----------------------------------------------------------------------------------------------------


def schema(title: str, *types: Any) -> str:
    """A JSON Schema, ordered so that two runs agree."""

    def custom(cls: type) -> dict[str, Any]:
        if cls is Fraction:
            return SHARE
        raise NotImplementedError(cls)

    (made,), inside = msgspec.json.schema_components(types, schema_hook=custom, ref_template="#/$defs/{name}")
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title}
    return json.dumps({**head, **made, "$defs": inside}, ensure_ascii=False, indent=2, default=str) + "\n"


def plan_schema() -> str:
    """The rulebook in force."""
    return schema("fourgates plan", importlib.import_module("fourgates.plan").Plan)


def event_schema() -> str:
    """One event of the record."""
    return schema("fourgates event", importlib.import_module("fourgates.events").Event)


def summary_schema() -> str:
    """`summary.json`."""
    return schema("fourgates summary", importlib.import_module("fourgates.papers.summary").Summary)


def exchange_schema(module: str, name: str) -> Callable[[], str]:
    """One of the documents of our own that an export writes."""
    return lambda: schema(
        f"fourgates {name.lower()}", getattr(importlib.import_module(f"fourgates.exchange.{module}"), name)
    )


# Each page, what writes it, and the module it is written from.
PAGES: dict[str, tuple[Callable[[], str], str]] = {
    "rules.md": (rules_page, "fourgates"),
    "record.md": (record_page, "fourgates.events"),
    "settings.md": (settings_page, "fourgates.plan"),
    "index.md": (index_page, "fourgates"),
    "house.md": (house_page, "fourgates"),
    "cli.md": (cli_page, "fourgates.cli"),
    "imports.md": (imports_page, "fourgates.papers.importing.words"),
    "schemas/plan.schema.json": (plan_schema, "fourgates.plan"),
    "schemas/event.schema.json": (event_schema, "fourgates.events"),
    "schemas/summary.schema.json": (summary_schema, "fourgates.papers.summary"),
    "schemas/nominations.schema.json": (
        exchange_schema("carried", "Nominations"),
        "fourgates.exchange.carried",
    ),
    "schemas/participation.schema.json": (
        exchange_schema("channels", "Participation"),
        "fourgates.exchange.channels",
    ),
    "schemas/opinions.schema.json": (exchange_schema("opinions", "Opinions"), "fourgates.exchange.opinions"),
    "schemas/notices.schema.json": (exchange_schema("postings", "Notices"), "fourgates.exchange.postings"),
    "schemas/cascade.schema.json": (exchange_schema("cascade", "Cascade"), "fourgates.exchange.cascade"),
    "schemas/popolo.schema.json": (exchange_schema("popolo", "Popolo"), "fourgates.exchange.popolo"),
}


def ready(page: str) -> bool:
    """Whether what the page is written from stands already."""
    if page == "rules.md":
        return (RULEBOOKS / "rules.toml").exists()
    return importlib.util.find_spec(PAGES[page][1]) is not None


def pages() -> dict[Path, str]:
    """Every generated page with its text."""
    return {DOCS / name: write() for name, (write, _) in PAGES.items() if ready(name)}


def main() -> None:
    """Write every page that has changed."""
    for path, text in pages().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
