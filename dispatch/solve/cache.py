"""Where compiled code is kept: a folder named by a hash of the sources, so an edit never meets old code.

Imported before numba, which reads the environment once.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path


def _home() -> Path:
    own = os.environ.get("FIELDWRIGHT_CACHE")
    if own:
        return Path(own)
    xdg = os.environ.get("XDG_CACHE_HOME")
    root = Path(xdg) if xdg else Path.home() / ".cache"
    return root / "fieldwright"


def sources_hash() -> str:
    """Hash every source of this package: numba's own cache does not see edits in a called function's file."""
    hasher = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        hasher.update(path.name.encode())
        hasher.update(path.read_bytes())
    return hasher.hexdigest()[:16]


def use_cache() -> Path:
    """Point numba at the folder for these sources and give it; a temporary one where it cannot be written."""
    name = sources_hash()
    try:
        folder = _home() / "numba" / name
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except (OSError, RuntimeError):  # unwritable, or no home at all
        folder = Path(tempfile.gettempdir()) / f"fieldwright-numba-{name}"
        folder.mkdir(parents=True, exist_ok=True)
    os.environ["NUMBA_CACHE_DIR"] = str(folder)
    return folder


FOLDER = use_cache()
