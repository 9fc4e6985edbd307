"""The process log as XES (IEEE 1849): one trace a unit, one event a step held.

Only days are known, so every event stands at midnight; seconds only keep the order of events on one day.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from xml.etree import ElementTree as ET

from fourgates.exchange.source import Source
from fourgates.exchange.traces import Happening, Trace, traces

EXTENSIONS = (
    ("Concept", "concept", "http://www.xes-standard.org/concept.xesext"),
    ("Time", "time", "http://www.xes-standard.org/time.xesext"),
    ("Organizational", "org", "http://www.xes-standard.org/org.xesext"),
    ("Lifecycle", "lifecycle", "http://www.xes-standard.org/lifecycle.xesext"),
)


def write(source: Source) -> bytes:
    """The whole log, UTF-8."""
    log = ET.Element(
        "log", {"xes.version": "1849-2016", "xes.features": "", "xmlns": "http://www.xes-standard.org/"}
    )
    for name, prefix, uri in EXTENSIONS:
        ET.SubElement(log, "extension", name=name, prefix=prefix, uri=uri)
    for scope, keys in (
        ("trace", (("string", "concept:name", ""),)),
        (
            "event",
            (("string", "concept:name", ""), ("date", "time:timestamp", "1970-01-01T00:00:00.000+00:00")),
        ),
    ):
        known = ET.SubElement(log, "global", scope=scope)
        for kind, key, value in keys:
            ET.SubElement(known, kind, key=key, value=value)
    ET.SubElement(log, "classifier", name="Activity", keys="concept:name")
    head = source.selection.facts.rulebook().selection
    _say(log, "concept:name", head.title)
    _say(log, "fourgates:entry", source.n)
    _say(log, "fourgates:seal", source.seal)
    for trace in traces(source):
        _trace(log, trace)
    ET.indent(log, " ")
    text: bytes = ET.tostring(log, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _trace(log: ET.Element, trace: Trace) -> None:
    told = ET.SubElement(log, "trace")
    _say(told, "concept:name", trace.unit)
    _say(told, "fourgates:level", trace.level)
    _say(told, "fourgates:committee", trace.committee)
    _say(told, "fourgates:met", not trace.deviations)
    _say(told, "fourgates:rules", " ".join(dict.fromkeys(one.rule for one in trace.deviations)))
    for place, happening in enumerate(trace.happened):
        _event(told, happening, place)


def _event(told: ET.Element, one: Happening, place: int) -> None:
    event = ET.SubElement(told, "event")
    _say(event, "concept:name", one.activity)
    at = datetime.combine(one.day, time()) + timedelta(seconds=place)
    _say(event, "time:timestamp", at)
    _say(event, "lifecycle:transition", "complete")
    _say(event, "org:group", one.unit)
    for key in ("step", "due", "present", "in_window", "counts", "entry"):
        value = getattr(one, key)
        if value is not None:
            _say(event, f"fourgates:{key}", value)


def _say(element: ET.Element, key: str, value: str | int | bool | datetime) -> None:
    match value:
        case bool():
            kind, text = "boolean", "true" if value else "false"
        case int():
            kind, text = "int", str(value)
        case datetime():
            kind, text = "date", value.isoformat(timespec="milliseconds") + "+00:00"
        case _:
            kind, text = "string", value
    ET.SubElement(element, kind, key=key, value=text)
