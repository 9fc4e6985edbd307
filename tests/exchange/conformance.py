"""pm4py as a stranger sees the log: it reads XES and BPMN from files and says which traces fit the model."""

from __future__ import annotations

import contextlib
import io
import warnings
from functools import cache
from pathlib import Path
from typing import Any

DEVIATES = 10_000  # what one move only in the log or only in the model costs, in pm4py's own count


@cache
def tool() -> Any:
    """pm4py, imported once: it takes seconds, prints a banner and warns of what is not installed."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        import pm4py

        return pm4py


def fitting(log: Path, model: Path) -> list[tuple[str, bool, bool]]:
    """Every trace of a log with its unit, what the log says of the gate, and whether an alignment with the model fits."""
    pm4py = tool()
    with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        read = pm4py.read_xes(str(log), return_legacy_log_object=True)
        net, initial, final = pm4py.convert_to_petri_net(pm4py.read_bpmn(str(model)))
        found = pm4py.conformance_diagnostics_alignments(read, net, initial, final)
    return [
        (trace.attributes["concept:name"], trace.attributes["fourgates:met"], one["cost"] < DEVIATES)
        for trace, one in zip(read, found, strict=True)
    ]
