"""The box as a server process sees it (服务进程): which box, it reads in the environment that `fourgates box serve` gave it."""

from __future__ import annotations

import os
from pathlib import Path

from fourgates.box.place import DATABASE, PLACE, Place, site

application = site(Place(Path(os.environ[PLACE]), os.environ.get(DATABASE, "")))
