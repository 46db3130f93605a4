#!/usr/bin/env python3
"""Packs a built program into the archive that a release offers, with its checksum beside it.

Usage: archive.py --target x86_64-unknown-linux-gnu [--tag v2.0.0] --into dist
"""

import argparse
import hashlib
import re
import sys
import tarfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--target", required=True, help="for which system it was built, as Rust names it")
parser.add_argument("--tag", help="the tag of the release, which must name the program's version")
parser.add_argument("--into", type=Path, required=True, help="the folder for the archive")
arguments = parser.parse_args()

# The container of the Linux builds has Python 3.9, which has no TOML parser.
manifest = (ROOT / "Cargo.toml").read_text(encoding="utf-8")
version = re.search(r'(?m)^version = "(.+)"', manifest)[1]
if arguments.tag not in (None, f"v{version}"):
    sys.exit(f"archive.py: the tag is {arguments.tag}, but Cargo.toml has version {version}")

windows = "windows" in arguments.target
program = "theticketbot.exe" if windows else "theticketbot"
files = [
    (ROOT / "target" / arguments.target / "release" / program, program),
    (ROOT / "LICENSE", "LICENSE"),
    (ROOT / "deploy" / "grafana-dashboard.json", "deploy/grafana-dashboard.json"),
]
# The pages link to each other and to their pictures.
pages = sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").iterdir())
files += [(page, page.relative_to(ROOT).as_posix()) for page in pages]
if "linux" in arguments.target:
    files.append((ROOT / "deploy" / "theticketbot.service", "theticketbot.service"))

name = f"theticketbot-{version}-{arguments.target}"
arguments.into.mkdir(parents=True, exist_ok=True)
if windows:
    archive = arguments.into / f"{name}.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for source, inside in files:
            packed.write(source, f"{name}/{inside}")
else:
    archive = arguments.into / f"{name}.tar.gz"

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        """Files belong to the user who unpacks them, not to the one who built the archive."""
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = "root"
        entry.mode = 0o755 if entry.name.endswith("/theticketbot") else 0o644
        return entry

    with tarfile.open(archive, "w:gz") as packed:
        for source, inside in files:
            packed.add(source, f"{name}/{inside}", filter=plain)

checksum = hashlib.sha256(archive.read_bytes()).hexdigest()
archive.with_name(f"{archive.name}.sha256").write_text(f"{checksum}  {archive.name}\n", encoding="utf-8")
print(f"{archive} ({archive.stat().st_size} bytes, SHA-256 {checksum})")
