"""Fetch what the tests in a browser stand on beside Playwright, through npm: ``python tests/maps/fetched.py FOLDER``.

An old Chromium (78.0.3882, which the package for AWS Lambda carries) and axe, which looks a page
over for what a screen reader or an eye cannot use. Neither is part of walkshed.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

#: Under the checkout's own environment, which git ignores and ``make clean`` takes away.
FOLDER = Path(__file__).parents[2] / ".venv" / "fetched"


@dataclass(frozen=True, slots=True)
class Package:
    """A package of npm, its digest, and the one file that is taken out of it to stand under a name."""

    name: str
    version: str
    sha256: str
    inside: str
    stands: str


PACKAGES = (
    Package(
        "axe-core",
        "4.10.3",
        "0f2b4d7dcdf7d1219df8d1959ad68e565f51d14c3f0d88bb71cd59abeb956292",
        "axe.min.js",
        "axe.min.js",
    ),
    Package(
        "chrome-aws-lambda",
        "1.20.4",
        "aba7f1562247dda11a704f9bc41294e57a1e197eae31085842479e4c0b025144",
        "bin/chromium.br",
        "chromium-78",
    ),
)
#: Brotli, which Python's own library lacks and Node's has.
UNPACK = (
    "const [from, to] = process.argv.slice(1);"
    "const { brotliDecompressSync } = require('zlib');"
    "const { readFileSync, writeFileSync } = require('fs');"
    "writeFileSync(to, brotliDecompressSync(readFileSync(from)));"
)


def fetch(package: Package, folder: Path) -> None:
    """Put the file of a package into ``folder``; ends the program where it cannot be had."""
    npm, node = (shutil.which(program) for program in ("npm", "node"))
    if npm is None or node is None:
        raise SystemExit(f"{package.name} wants npm and node (sudo apt install npm)")

    # the package itself, and whether it is the one that was looked at
    with tempfile.TemporaryDirectory(prefix="walkshed-") as scratch:
        command = [npm, "pack", "--silent", f"{package.name}@{package.version}"]
        subprocess.run(command, cwd=scratch, check=True, stdout=subprocess.DEVNULL)
        (archive,) = Path(scratch).glob("*.tgz")
        found = hashlib.sha256(archive.read_bytes()).hexdigest()
        if found != package.sha256:
            raise SystemExit(f"{archive.name}: sha256 {found}, not {package.sha256}")

        # the file, unpacked beside where it is to stand, and moved there in one step
        with tarfile.open(archive) as tar:
            tar.extractall(scratch, filter="data")
        source = Path(scratch, "package", package.inside)
        fresh = folder / f"{package.stands}.part"
        if source.suffix == ".br":
            subprocess.run([node, "-e", UNPACK, str(source), str(fresh)], check=True)
            fresh.chmod(0o755)
        else:
            shutil.copyfile(source, fresh)
        fresh.replace(folder / package.stands)


def main(folder: Path) -> None:
    """Fetch what is not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    for package in PACKAGES:
        if not (folder / package.stands).exists():
            print(f"Fetching {package.name} {package.version} for the tests in a browser")
            fetch(package, folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
