"""Make the virtual environment that everything here runs in: `prepare.py DIRECTORY [--dev]`.

Needs nothing but Python 3.11 and a pip it can reach. When the environment already stands, made from the same lock,
project and interpreter, nothing is done. Every package is held to the digests of the lock; the project itself is
installed last, in place, without looking for anything more.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {"run": ROOT / "requirements.lock", "dev": ROOT / "requirements-dev.lock"}
ADVICE = "Python can make no virtual environment here: install its venv package (python3-venv) or its pip."


def stamp(room: Path, level: str) -> str:
    """What the environment was made from, as one digest: another lock or place is another room."""
    import tomllib  # since Python 3.11, and an older one is to be told so in a sentence

    about = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lock = LOCKS[level].read_text(encoding="utf-8")
    made = [sys.version, str(room), about["build-system"], about["project"], lock]
    return hashlib.sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()


def interpreter(room: Path) -> Path:
    """The Python inside the environment."""
    return room / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def run(*command: str | Path) -> str:
    """Run a command; what it said when it failed, nothing when it did not."""
    done = subprocess.run(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return (done.stdout.strip() or f"{command[0]} failed") if done.returncode else ""


def build(room: Path) -> list[str | Path]:
    """Make the empty environment and return the command that is its pip.

    Some systems ship Python without `ensurepip`. Then the environment is made bare and a pip outside it fills it,
    which no mark of an externally managed Python forbids.
    """
    python = sys.executable
    ways: list[tuple[list[str | Path], list[str | Path]]] = [
        ([python, "-m", "venv", room], [interpreter(room), "-m", "pip"]),
        ([python, "-m", "virtualenv", "--quiet", room], [interpreter(room), "-m", "pip"]),
        ([python, "-m", "venv", "--without-pip", room], [python, "-m", "pip", "--python", interpreter(room)]),
    ]
    said = []
    for make, pip in ways:
        shutil.rmtree(room, ignore_errors=True)
        complaint = run(*make) or run(*pip, "--version")
        if not complaint:
            return pip
        said.append(complaint)
    raise SystemExit("\n".join([*said, ADVICE]))


def fill(pip: list[str | Path], level: str) -> None:
    """Install what the lock names, held to its digests, then the project in place."""
    quiet: list[str | Path] = ["--quiet", "--disable-pip-version-check", "--no-input"]
    asked: list[str | Path] = ["--require-hashes", "--no-deps", "--requirement", LOCKS[level]]
    itself: list[str | Path] = ["--no-deps", "--no-build-isolation", "--editable", ROOT]
    for step in (asked, itself):
        if complaint := run(*pip, "install", *quiet, *step):
            raise SystemExit(f"{complaint}\nThe packages of {LOCKS[level].name} could not be installed.")


def main() -> None:
    """Prepare the environment unless it stands."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this is the file that has to say it
        raise SystemExit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("room", type=Path)
    wanted.add_argument("--dev", action="store_true", help="with the tools that test and build")
    asked = wanted.parse_args()
    room = Path(os.path.abspath(asked.room))  # noqa: PTH100 - resolve() would follow a link to the room
    levels = ["dev"] if asked.dev else ["run", "dev"]  # the larger room serves for the smaller
    for name in levels:
        mark = room / f".{name}"
        if mark.exists() and mark.read_text() == stamp(room, name):
            return
    level = levels[0]
    print(f"Preparing {asked.room} from {LOCKS[level].name} …", flush=True)
    fill(build(room), level)
    (room / f".{level}").write_text(stamp(room, level))


if __name__ == "__main__":
    main()
