"""The plan as BPMN 2.0 (过程模型): tasks, gateways and flows, with their places on a page."""

from __future__ import annotations

from itertools import pairwise
from typing import assert_never
from xml.etree import ElementTree as ET

from fourgates.exchange.model import Block, Choice, Freely, Parallel, Repeated, Sequence, Task, model
from fourgates.exchange.source import Source

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DIAGRAM = "http://www.omg.org/spec/BPMN/20100524/DI"
BOUNDS = "http://www.omg.org/spec/DD/20100524/DC"
LINES = "http://www.omg.org/spec/DD/20100524/DI"
TARGET = "https://fourgates.example/process"
SIZES = {"task": (120, 60), "startEvent": (36, 36), "endEvent": (36, 36)}
GATEWAY, GAP, ROW = (50, 50), 40, 30
Ends = tuple[str, str]


def write(source: Source) -> bytes:
    """The model that the log of the same record is to be compared with, UTF-8."""
    plan = source.selection.facts.rulebook()
    return document(model(plan), plan.selection.title)


def document(block: Block, title: str) -> bytes:
    """A model as a BPMN document."""
    drawing = _Drawing(title)
    start = drawing.node("startEvent", 0, 0)
    first, last = drawing.block(block, SIZES["startEvent"][0] + GAP, 0)
    end = drawing.node("endEvent", drawing.width + GAP, 0)
    drawing.flow(start, first)
    drawing.flow(last, end)
    ET.indent(drawing.root, " ")
    text: bytes = ET.tostring(drawing.root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


class _Drawing:
    """A process being drawn from left to right; ``width`` and ``height`` are how far it reaches."""

    def __init__(self, title: str) -> None:
        self.root = ET.Element(
            "definitions",
            {
                "xmlns": MODEL,
                "xmlns:bpmndi": DIAGRAM,
                "xmlns:dc": BOUNDS,
                "xmlns:di": LINES,
                "id": "definitions",
                "targetNamespace": TARGET,
            },
        )
        self._process = ET.SubElement(
            self.root, "process", {"id": "procedure", "name": title, "isExecutable": "false"}
        )
        diagram = ET.SubElement(self.root, "bpmndi:BPMNDiagram", {"id": "diagram"})
        self._plane = ET.SubElement(diagram, "bpmndi:BPMNPlane", {"id": "plane", "bpmnElement": "procedure"})
        self._boxes: dict[str, tuple[int, int, int, int]] = {}
        self._nodes: dict[str, ET.Element] = {}
        self._flows = 0
        self.width = self.height = 0

    def node(self, kind: str, x: int, y: int, name: str = "") -> str:
        """A task, an event or a gateway at a place; gives its id."""
        id_ = f"node{len(self._nodes) + 1}"
        wide, high = SIZES.get(kind, GATEWAY)
        said = {"id": id_, "name": name} if name else {"id": id_}
        self._nodes[id_] = ET.SubElement(self._process, kind, said)
        shape = ET.SubElement(self._plane, "bpmndi:BPMNShape", {"id": f"{id_}_shape", "bpmnElement": id_})
        y += (SIZES["task"][1] - high) // 2
        bounds = {"x": str(x), "y": str(y), "width": str(wide), "height": str(high)}
        ET.SubElement(shape, "dc:Bounds", bounds)
        self._boxes[id_] = (x, y, wide, high)
        self.width, self.height = max(self.width, x + wide), max(self.height, y + high)
        return id_

    def flow(self, source: str, target: str) -> None:
        """An arrow; one that leads back runs below both."""
        self._flows += 1
        id_ = f"flow{self._flows}"
        ET.SubElement(self._process, "sequenceFlow", {"id": id_, "sourceRef": source, "targetRef": target})
        for node, kind in ((source, "outgoing"), (target, "incoming")):
            ET.SubElement(self._nodes[node], kind).text = id_
        edge = ET.SubElement(self._plane, "bpmndi:BPMNEdge", {"id": f"{id_}_edge", "bpmnElement": id_})
        (x, y, wide, high), (tx, ty, twide, thigh) = self._boxes[source], self._boxes[target]
        if tx > x:
            points = [(x + wide, y + high // 2), (tx, ty + thigh // 2)]
        else:
            below = max(y + high, ty + thigh) + ROW // 2
            points = [
                (x + wide // 2, y + high),
                (x + wide // 2, below),
                (tx + twide // 2, below),
                (tx + twide // 2, ty + thigh),
            ]
        for px, py in points:
            ET.SubElement(edge, "di:waypoint", {"x": str(px), "y": str(py)})

    def block(self, block: Block, x: int, y: int) -> Ends:
        """A block with its upper left corner at a place; gives the nodes by which it is entered and left."""
        match block:
            case Task():
                node = self.node("task", x, y, block.name)
                return node, node
            case Sequence():
                ends: list[Ends] = []
                for part in block.parts:
                    wide, self.width = self.width, 0
                    ends.append(self.block(part, x, y))
                    x, self.width = self.width + GAP, max(self.width, wide)
                for (_first, last), (following, _last) in pairwise(ends):
                    self.flow(last, following)
                return ends[0][0], ends[-1][1]
            case Parallel():
                return self._split("parallelGateway", block.parts, x, y)
            case Choice():
                return self._split("exclusiveGateway", block.parts, x, y)
            case Repeated():
                opened, closed = self._split("exclusiveGateway", (block.part,), x, y)
                self.flow(closed, opened)
                return opened, closed
            case Freely():
                opened = self.node("exclusiveGateway", x, y)
                chosen, joined = self._split("exclusiveGateway", block.parts, x + GATEWAY[0] + GAP, y)
                self.flow(opened, chosen)
                self.flow(joined, opened)
                return opened, chosen
            case _:
                assert_never(block)

    def _split(self, kind: str, parts: tuple[Block, ...], x: int, y: int) -> Ends:
        opened = self.node(kind, x, y)
        ends: list[Ends] = []
        furthest = x
        for part in parts:
            wide, high, self.width, self.height = self.width, self.height, 0, 0
            ends.append(self.block(part, x + GATEWAY[0] + GAP, y))
            y, furthest = self.height + ROW, max(furthest, self.width)
            self.width, self.height = max(self.width, wide), max(self.height, high)
        closed = self.node(kind, furthest + GAP, self._boxes[opened][1] - 5)
        for first, last in ends:
            self.flow(opened, first)
            self.flow(last, closed)
        return opened, closed
