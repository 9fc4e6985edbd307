"""What comes back: the best list with its proof, or why there is none with the proof of that (名单或者冲突)."""

from __future__ import annotations

import msgspec

from fourgates.slate.model import Loosened, Rule


class Split(msgspec.Struct, frozen=True, array_like=True, tag="s"):
    """One step of a proof: either at most ``count`` of this group stand on the list, or more; first the former.

    ``group`` is the place of the group of like persons in the programme's order.
    """

    group: int
    count: int


class Prices(msgspec.Struct, frozen=True, array_like=True, tag="p"):
    """The end of one branch of a proof: prices (whole numbers, in units of 1/``scale``) for the programme's rows.

    Whoever bears a tag pays its price; what the list may pay at most comes back. With these prices the best
    persons one by one, no regard to tags, already come to no more than is claimed.
    """

    scale: int
    prices: tuple[int, ...]


class Proof(msgspec.Struct, frozen=True, array_like=True):
    """No list comes to more than ``bound``; the steps are a tree in preorder."""

    bound: int
    steps: tuple[Split | Prices, ...]


class Tie(msgspec.Struct, frozen=True, array_like=True):
    """With the first ``after`` persons of the list (in lot order) given, nobody passed over before its person
    number ``until`` could have stood on a list as good: the proof bounds how many of those passed over can."""

    after: int
    until: int
    proof: Proof


class Certificate(msgspec.Struct, frozen=True):
    """Why no list is better (最优性证明): a proof for each support in turn, then for the lots."""

    stages: tuple[Proof, ...]
    ties: tuple[Tie, ...]


class Clash(msgspec.Struct, frozen=True):
    """Rules that cannot hold together, though any of them left out the others can (最小冲突集).

    ``without`` has for each rule in its place a list that meets all the others; ``proof`` that none meets all.
    """

    rules: tuple[Rule, ...]
    without: tuple[tuple[str, ...], ...]
    proof: Proof


class Departure(msgspec.Struct, frozen=True):
    """A *should* or a *goal* and how many persons the list is short of it (偏离应当的要求); 0 where it is met.

    ``proof`` shows that it cannot be less; ``reason`` is, for a *should*, the clash with the musts and with what the
    shoulds before it were left with. A goal gives way to support and has no reason but that.
    """

    name: str
    short: int
    proof: Proof
    reason: Clash | None = None


class Slate(msgspec.Struct, frozen=True):
    """The best lawful list (建议名单): ids in the order of the lots, support summed, proof.

    ``bound`` is what no list can exceed. Where it equals ``support`` and ``complete`` is true the list is proven
    best, lots included; otherwise the time limit was reached and the gap is ``bound`` minus ``support``.
    """

    chosen: tuple[str, ...]
    support: tuple[int, ...]
    bound: tuple[int, ...]
    complete: bool
    certificate: Certificate
    departures: tuple[Departure, ...] = ()


class Change(msgspec.Struct, frozen=True):
    """A smallest change that lets a list exist (最小调整), and the best list under it with its own certificate."""

    loosened: tuple[Loosened, ...]
    amount: int
    slate: Slate


class Floor(msgspec.Struct, frozen=True):
    """Loosening only these rules takes ``amount`` or more in all; one proof for each step of the per-unit number.

    ``proofs`` is indexed by how far the per-unit number is raised (only index 0 when it is not among the rules).
    """

    rules: tuple[Rule, ...]
    amount: int
    proofs: tuple[Proof, ...]


class Conflict(msgspec.Struct, frozen=True):
    """No lawful list exists (无解): which rules exclude each other, and the smallest changes that would allow one.

    ``clashes`` hold each other's proof; whatever is changed must touch every one of them, which proves that fewer
    rules than ``changes[0]`` touches cannot do; ``floors`` prove that less loosening of as many rules cannot.
    Changes are in the stated order: fewest rules, least loosened in all, lowest ranked rules. Clashes are in the
    order of their size; ``whole`` says that the search for them came to its end, so that there are no others (this
    alone is said and not proven).
    """

    clashes: tuple[Clash, ...]
    changes: tuple[Change, ...]
    floors: tuple[Floor, ...]
    whole: bool = False
