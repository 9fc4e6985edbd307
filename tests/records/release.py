"""Make the record that is released with a version, once: `python -m tests.records.release 0.1`.

A small invented county is run, then without its decision under a plan that no list can meet, then as it was: so every
kind of entry stands in it, corrections and a withdrawal too. The names are erased; nothing of the record needs them.
What was released is never made again: it must replay for ever.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from fourgates import bundle, canon, run
from fourgates.bundle import PEOPLE
from fourgates.simulate import county

DECISION = "13 县委研究.xlsx"


def release(version: str) -> Path:
    """The folder of the released record; ``FileExistsError`` when that version was released."""
    released = Path(__file__).parent / version
    released.mkdir()
    with tempfile.TemporaryDirectory() as room:
        folder, out = Path(room) / "county", Path(room) / "out"
        county.make(folder, seed=version, size=county.SMALL, with_decision=True)
        plan, decision = folder / "plan.toml", folder / DECISION
        whole, decided = plan.read_text(encoding="utf-8"), decision.read_bytes()
        run.run(folder, out, run.adopt(folder))
        plan.write_text(whole.replace("county_list = 2", "county_list = 4"), encoding="utf-8")
        decision.unlink()
        run.run(folder, out, run.adopt(folder))
        plan.write_text(whole, encoding="utf-8")
        decision.write_bytes(decided)
        run.run(folder, out, run.adopt(folder))
        shutil.copytree(out / run.RECORD, released / "record")
    shutil.rmtree(released / "record" / PEOPLE)
    found = bundle.verify(released / "record")
    seal = {
        "entries": found.head.entries,
        "head": found.head.head,
        "standing": len(found.selection.standing),
        "results": len(found.selection.results),
    }
    (released / "seal.json").write_bytes(canon.spell(seal) + b"\n")
    return released


if __name__ == "__main__":
    sys.stdout.write(f"{release(sys.argv[1])}\n")
