"""Receipts and checkpoints of ours read by somebody else's code: `python -m benchmarks.foreign OUT.key RECEIPT...`.

sigstore's client for its own transparency log reads the same signed notes and checkpoints and proves inclusion by itself. It
is installed from the package registry into an environment of its own (``.foreign``) the first time, never into ours. Every
receipt must be read, and must be refused when a digit of the size, a byte of the line, a hash of the path or the place is
another.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from fourgates.log import keyring

READER = "sigstore==4.5.1"
FOREIGN = r"""
import base64, json, sys
from types import SimpleNamespace as Given
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sigstore._internal.merkle import verify_merkle_inclusion
from sigstore._internal.rekor.checkpoint import SignedCheckpoint
from sigstore.errors import VerificationError
origin, hint, key = sys.argv[1].split("+", 2)
public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key)[1:])
class Ring:
    def verify(self, *, key_id, signature, data):
        try:
            public.verify(signature, data)
        except InvalidSignature:
            raise VerificationError("signature") from None
def held(note, line, path, index):
    signed = SignedCheckpoint.from_text(note)
    signed.signed_note.verify(Ring(), bytes.fromhex(hint) + bytes(28))
    at = signed.checkpoint
    proof = Given(log_index=index, tree_size=at.log_size, hashes=path, root_hash=bytes.fromhex(at.log_hash))
    verify_merkle_inclusion(Given(_inner=Given(canonicalized_body=line, inclusion_proof=proof)))
    return at.origin == origin
def refused(*given):
    try:
        return not held(*given)
    except (VerificationError, ValueError):
        return True
wrong = 0
for name in sys.argv[2:]:
    head, _, note = open(name, encoding="utf-8").read().partition("\n\n")
    _, extra, index, *path = head.split("\n")
    line = json.loads(base64.b64decode(extra.split()[1]))["line"].encode()
    index, path = int(index.split()[1]), [base64.b64decode(one) for one in path]
    size = note.split("\n")[1]
    spoilt = (
        (note.replace(f"\n{size}\n", f"\n{int(size) + 1}\n"), line, path, index),
        (note, line + b" ", path, index),
        (note, line, [bytes(32), *path[1:]], index),
        (note, line, path, index + 1),
    )
    found = held(note, line, path, index), sum(refused(*each) for each in spoilt)
    wrong += found != (True, len(spoilt))
    said = "holds" if found[0] else "DOES NOT HOLD"
    print(f"{name}: entry {index + 1} of {size} {said}, {found[1]} of {len(spoilt)} spoilt ones refused")
sys.exit(wrong > 0)
"""


def main() -> int:
    """1 when a receipt is not read, or a spoilt one is."""
    wanted = argparse.ArgumentParser(prog="python -m benchmarks.foreign", description=__doc__)
    wanted.add_argument("key", type=Path)
    wanted.add_argument("receipts", nargs="+")
    wanted.add_argument("--room", type=Path, default=Path(".foreign"))
    told = wanted.parse_args()
    python = told.room / "bin" / "python"
    if not python.exists():
        print(f"installing {READER} into {told.room}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", str(told.room)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", READER], check=True)
    public = str(keyring.load(told.key).key)
    return subprocess.run([str(python), "-c", FOREIGN, public, *told.receipts], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
