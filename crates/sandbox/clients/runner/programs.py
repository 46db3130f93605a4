"""Installs or builds the clients' bots into a folder of their own, and says how to start them."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from .control import Failed

HERE = Path(__file__).resolve().parent.parent
ROOT = HERE.parent.parent.parent


@dataclass
class Program:
    """How to start a bot."""

    version: str
    command: list
    environment: dict[str, str]


def discordpy(work: Path) -> Program:
    return _python(work, "discordpy", "discord.py")


def pycord(work: Path) -> Program:
    return _python(work, "pycord", "py-cord")


def disnake(work: Path) -> Program:
    return _python(work, "disnake", "disnake")


def hikari(work: Path) -> Program:
    return _python(work, "hikari", "hikari")


def discordjs(work: Path) -> Program:
    folder, into = HERE / "discordjs", work / "discordjs"
    lock = folder / "package-lock.json"
    if _is_stale(into, lock):
        into.mkdir(parents=True, exist_ok=True)
        for file in (folder / "package.json", lock):
            shutil.copy(file, into)
        npm = shutil.which("npm") or _missing("npm", "discord.js needs Node.js with npm")
        _run([npm, "ci", "--no-audit", "--no-fund"], into)
        _mark(into, lock)
    node = shutil.which("node") or _missing("node", "discord.js needs Node.js")
    version = json.loads((folder / "package.json").read_text())["dependencies"]["discord.js"]
    return Program(version, [node, folder / "bot.js"], {"NODE_PATH": str(into / "node_modules")})


def serenity(work: Path) -> Program:
    return _rust(work, "serenity", "tour")


def twilight(work: Path) -> Program:
    return _rust(work, "twilight", "tour")


def sharded(work: Path, name: str) -> Program:
    """A bot of serenity or twilight that starts as many shards as are recommended."""
    return _rust(work, name, "ping")


def original(work: Path) -> Program:
    folder = HERE / "original"
    python = _venv(work / "original", folder / "requirements.txt")
    version = _pin(folder / "requirements.txt", r"^theticketbot==(.+)$")
    return Program(version, [python, folder / "original.py"], {})


PREPARE: dict[str, Callable[[Path], Program]] = {
    "discord.py": discordpy,
    "py-cord": pycord,
    "disnake": disnake,
    "hikari": hikari,
    "discord.js": discordjs,
    "serenity": serenity,
    "twilight": twilight,
    "original": original,
}


def sandbox() -> Path:
    """Builds the sandbox, which then holds every call against Discord's own specification."""
    return _cargo(ROOT, "discord-sandbox", "sandbox", ["--features", "oracle"])


def _python(work: Path, name: str, package: str) -> Program:
    folder = HERE / name
    python = _venv(work / name, folder / "requirements.txt")
    version = _pin(folder / "requirements.txt", rf"^{re.escape(package)}==(.+)$")
    return Program(version, [python, folder / "bot.py"], {})


def _rust(work: Path, name: str, bot: str) -> Program:
    folder = HERE / "rust"
    # A build folder that the caller chose for all of cargo is good for these too.
    shared = [] if "CARGO_TARGET_DIR" in os.environ else ["--target-dir", str(work / "target")]
    program = _cargo(folder, f"tour-{name}", f"{bot}-{name}", shared)
    pin = rf'^{name}(?:-gateway)? = \{{ version = "=([^"]+)"'
    return Program(_pin(folder / name / "Cargo.toml", pin), [program], {})


def _cargo(folder: Path, package: str, binary: str, more: list[str]) -> Path:
    cargo = shutil.which("cargo") or _missing("cargo", "the sandbox itself needs Rust")
    command = [cargo, "build", "--locked", "--package", package, "--bin", binary, *more]
    output = _run([*command, "--message-format", "json-render-diagnostics"], folder)
    for line in output.splitlines():
        message = json.loads(line)
        if message.get("executable") and message["target"]["name"] == binary:
            return Path(message["executable"])
    raise Failed(f"cargo built no program {binary}")


def _venv(into: Path, requirements: Path) -> Path:
    python = into / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if _is_stale(into, requirements):
        shutil.rmtree(into, ignore_errors=True)
        _run([sys.executable, "-m", "venv", str(into)], HERE)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        _run([*pip, "--requirement", str(requirements)], HERE)
        _mark(into, requirements)
    return python


def _is_stale(into: Path, pins: Path) -> bool:
    mark = into / "installed-from"
    return not mark.exists() or mark.read_bytes() != pins.read_bytes()


def _mark(into: Path, pins: Path) -> None:
    shutil.copy(pins, into / "installed-from")


def _run(command: list, folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise Failed(f"{' '.join(map(str, command))} failed; see above")
    return done.stdout


def _pin(file: Path, pattern: str) -> str:
    found = re.search(pattern, file.read_text(), re.MULTILINE)
    if not found:
        raise Failed(f"{file} does not pin what {pattern} looks for")
    return found[1]


def _missing(program: str, why: str) -> str:
    raise Failed(f"there is no {program}: {why}")
