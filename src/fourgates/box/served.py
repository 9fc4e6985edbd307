"""The box as a server process sees it (服务进程): which box, it reads in the environment that `fourgates box serve` gave it."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import TYPE_CHECKING

from fourgates.box import app
from fourgates.box.asking import Asking
from fourgates.box.desk import Desk
from fourgates.box.place import DATABASE, PLACE, Place, ready

if TYPE_CHECKING:
    from fourgates.box.signin import SignIn

PLACED = Place(Path(os.environ[PLACE]), os.environ.get(DATABASE, ""))


def _ready() -> tuple[Desk, Asking, SignIn | None]:
    found = ready(PLACED)
    gc.freeze()  # the roll stays until the end: looking through it for rubbish would hold up whoever waits
    return found


application = app.Site(_ready)
