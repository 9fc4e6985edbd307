"""The house stands as docs/house.md says: order, names, sizes, bans, lock."""

from __future__ import annotations

import ast
import re
import stat
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec.inspect as kinds
import pytest

from fourgates.events import Event
from fourgates.ledger import Entry
from fourgates.plan import Plan

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "fourgates"
MODULES = sorted(SOURCE.rglob("*.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DOORS = {
    "box",
    "cli",
    "commands",
    "delivery",
    "keeper",
    "levels",
    "papers",
    "run",
    "simulate",
    "web",
    "store",
    "vault",
    "verifier",
    "__main__",
}
RULES = [path for path in MODULES if path.relative_to(SOURCE).parts[0].removesuffix(".py") not in DOORS]
# Fractions of the solver's, which nothing believes until whole numbers have proved it.
FLOATS = {
    f"slate/{name}.py"
    for name in (
        "conflict",
        "engine",
        "even",
        "ideal",
        "master",
        "nash",
        "panels",
        "parts",
        "peeling",
        "picture",
        "proportional",
        "prove",
        "rounding",
        "solve",
        "watch",
        "thiele",
    )
}
# Here a slash joins a folder and a name.
SLASHES = {
    "adopting.py",
    "bundle.py",
    "checkpoints.py",
    "extracts.py",
    "forks.py",
    "handout.py",
    "log/durable.py",
    "log/keyring.py",
    "log/witness.py",
    "plan.py",
    *FLOATS,
}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def place(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


# --- order ------------------------------------------------------------------------------------------------------


def layers() -> list[str]:
    """The layers from the doors down, as the contract has them."""
    (contract,) = (one for one in PROJECT["tool"]["importlinter"]["contracts"] if one["id"] == "layers")
    return [str(name).strip("()") for name in contract["layers"]]


def test_every_module_has_its_place_in_the_order() -> None:
    here = {place(path).split("/")[0].removesuffix(".py") for path in MODULES}
    assert here - {"__init__"} <= set(layers())


def test_imports_run_one_way() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


ALONE = """
import sys

class Nobody:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {barred}:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Nobody())
import fourgates.bundle, fourgates.selection, fourgates.judging
"""
BARRED = {"django", "docx", "highspy", "jinja2", "lxml", "numpy", "openpyxl", "python_calamine", "xlsxwriter"}


def test_a_record_is_judged_without_solver_site_or_spreadsheets() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ALONE.format(barred=BARRED)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


# --- names and sizes --------------------------------------------------------------------------------------------

FORBIDDEN_MODULES = {
    "utils",
    "util",
    "common",
    "shared",
    "helpers",
    "helper",
    "base",
    "services",
    "managers",
    "misc",
}
FORBIDDEN_NAMES = re.compile(r"^_?(get|process|handle|do|manage)_|^(data|info|obj|tmp|helper)$")
# Named by the library whose method it replaces.
NAMED_ELSEWHERE = {
    "do_GET",
    "do_POST",
    "get_access_token",
    "get_app",
    "get_client",
    "get_openapi_schema",
    "get_redirect_url",
    "get_short_help_str",
    "process_exception",
    "process_view",
}


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_a_module_is_named_for_its_subject_and_stays_small(path: Path) -> None:
    assert not FORBIDDEN_MODULES & {part.removesuffix(".py") for part in path.relative_to(SOURCE).parts}
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node


def test_functions_are_verbs_and_not_get_process_or_handle() -> None:
    named = [f"{place(path)}: {node.name}" for path in MODULES for node in functions(path)]
    said = [name for name in named if name.partition(": ")[2] not in NAMED_ELSEWHERE]
    assert [name for name in said if FORBIDDEN_NAMES.match(name.partition(": ")[2])] == []


def test_every_module_says_its_subject_in_a_sentence() -> None:
    assert [place(path) for path in MODULES if not ast.get_docstring(tree(path))] == []


# --- rules are functions of values ------------------------------------------------------------------------------


def test_no_rule_counts_in_floats() -> None:
    """A float in a rule is a rounding nobody voted for; shares are fractions, thresholds whole numbers."""
    found = []
    for path in RULES:
        for node in ast.walk(tree(path)):
            constant = isinstance(node, ast.Constant) and isinstance(node.value, float)
            named = isinstance(node, ast.Name) and node.id == "float"
            divided = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and not exact(node)
            if (place(path) not in FLOATS and (constant or named)) or (
                place(path) not in SLASHES and divided
            ):
                found.append(f"{place(path)}:{getattr(node, 'lineno', 0)}")
    assert found == []


def exact(node: ast.AST) -> bool:
    """A division of exact fractions."""
    return any(isinstance(part, ast.Name) and part.id == "Fraction" for part in ast.walk(node))


def test_no_float_can_stand_in_a_record() -> None:
    inside: list[kinds.Type] = [kinds.type_info(one) for one in (Event, Entry, Plan)]
    seen: set[str] = set()
    while inside:
        kind = inside.pop()
        assert not isinstance(kind, kinds.FloatType | kinds.AnyType | kinds.RawType)
        if repr(kind) in seen:
            continue
        seen.add(repr(kind))
        for name in ("fields", "types", "item_types"):
            inside += getattr(kind, name, ())
        inside += [
            getattr(kind, name)
            for name in ("type", "item_type", "key_type", "value_type")
            if hasattr(kind, name)
        ]


# --- lock, command, words ---------------------------------------------------------------------------------------

LOCKS = ["requirements.lock", "requirements-dev.lock"]


def pinned(lock: str) -> dict[str, set[str]]:
    """Package and version with the digests that are good."""
    found: dict[str, set[str]] = {}
    for block in re.split(r"\n(?=\S)", (ROOT / lock).read_text(encoding="utf-8").strip()):
        head, *digests = (line.strip(" \\") for line in block.splitlines())
        found[head] = set(digests)
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_holds_every_package_to_its_digests_and_names_no_place(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index-url" not in text
    for head, digests in pinned(lock).items():
        assert re.match(r"[a-z0-9.-]+==[^ ]+( ; .+)?$", head), head
        assert digests, head
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", digest) for digest in digests), head


def test_the_two_locks_agree() -> None:
    runs, develops = (pinned(lock) for lock in LOCKS)
    # What running needs on one system alone, the tools may need everywhere.
    wider = {head: develops.get(head) or develops.get(head.partition(" ;")[0]) for head in runs}
    assert wider == runs


def test_the_lock_holds_whatever_the_project_asks_for() -> None:
    groups = PROJECT["dependency-groups"]
    wanted = {
        "requirements.lock": [
            *PROJECT["project"]["dependencies"],
            *(one for extra in PROJECT["project"]["optional-dependencies"].values() for one in extra),
            *groups["build"],
        ],
        "requirements-dev.lock": [*groups["dev"], *PROJECT["build-system"]["requires"]],
    }
    for lock, asked in wanted.items():
        held = {head.partition("==")[0] for head in pinned(lock)}
        names = {re.split(r"[<>=!~\[; ]", one)[0].lower().replace("_", "-") for one in asked}
        assert names - held == set(), lock


def test_the_backend_is_the_one_in_the_lock() -> None:
    assert set(PROJECT["build-system"]["requires"]) <= {head.partition(" ;")[0] for head in pinned(LOCKS[0])}


def test_ci_runs_what_a_developer_runs() -> None:
    ci = ROOT / ".ci" / "run"
    assert ci.stat().st_mode & stat.S_IXUSR
    text = ci.read_text(encoding="utf-8")
    assert "set -euo pipefail" in text
    assert text.splitlines()[-1] == "exec make test"


def test_make_help_names_every_command() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    (phony,) = re.findall(r"^\.PHONY: (.+)$", text, re.MULTILINE)
    said = set(re.findall(r"^([a-z-]+):.*## ", text, re.MULTILINE))
    assert set(phony.split()) - {"run-room", "dev-room"} == said


# No machine's folder, no place to download from: what is written here is true elsewhere too.
PLACES = re.compile(
    r"/(?:root|home|Users|work)/\w|/tmp/\w|(?:pypi|pythonhosted|npmjs|anaconda|debian)\.(?:org|com)"
)


def test_no_file_names_a_machine_or_a_registry() -> None:
    texts = tracked(
        "*.py", "*.md", "*.toml", "*.lock", "*.yaml", "*.yml", "*.html", "*.j2", "*.po", "Makefile", ".ci/run"
    )
    assert [
        path.relative_to(ROOT).as_posix() for path in texts if PLACES.search(path.read_text(encoding="utf-8"))
    ] == []


def test_an_exception_to_a_lint_carries_its_reason() -> None:
    bare = re.compile(r"# (?:noqa|type: ignore)\b(?:: ?[A-Z0-9, ]+|\[[a-z, -]+\])?\s*$", re.MULTILINE)
    assert [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for path in tracked("src/*.py", "scripts/*.py", "benchmarks/*.py")
        for found in [bare.search(path.read_text(encoding="utf-8"))]
        if found
    ] == []
