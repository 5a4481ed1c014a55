"""What a disk holds after a power cut: a process's writes as the kernel saw them, the last ones kept or lost."""

import random
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512  # a disk writes these whole, or not at all
CALLS = "write,pwrite64,fsync,fdatasync,ftruncate,unlink"
STDOUT = "1"
_CALL = re.compile(r'(\w+)\((?:(\d+)<([^>]*)>)?(?:(?:, )?"([^"]*)")?(?:\.\.\.)?([^)]*)\)\s+= (\d+)')


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call into the kernel that succeeded.

    Attributes:
        fd: "" where the call names a path.
        at: Where in the file, or how long it is from now on.
    """

    name: str
    fd: str
    path: Path
    data: bytes
    at: int


def record(arguments: Sequence[str], log: Path) -> list[Call]:
    """Run a Python program with one thread, and everything it writes."""
    traced = ["strace", "-y", "-xx", "-s", "200000", "-e", f"trace={CALLS}", "-o", str(log), sys.executable]
    subprocess.run([*traced, *arguments], check=True, stdout=subprocess.DEVNULL, timeout=250)
    return [_call(match) for match in map(_CALL.match, log.read_text("ascii").splitlines()) if match]


def _call(match: re.Match[str]) -> Call:
    name, fd, path, data, numbers, result = match.groups()
    where = [int(number) for number in re.findall(r"\d+", numbers)]
    if name == "unlink":
        return Call(name=name, fd="", path=_path(data), data=b"", at=0)
    at = where[-1] if where else 0
    return Call(name=name, fd=fd, path=_path(path), data=_bytes(data or "")[: int(result)], at=at)


def _bytes(shown: str) -> bytes:
    return bytes.fromhex(shown.replace("\\x", ""))


def _path(shown: str) -> Path:
    return Path(_bytes(shown).decode())


@dataclass(slots=True)
class _File:
    lasting: bytearray = field(default_factory=bytearray)
    waiting: list[Call] = field(default_factory=list)

    def sync(self) -> None:
        for call in self.waiting:
            _apply(self.lasting, call, [True] * _sectors(call))
        self.waiting.clear()

    def after_a_cut(self, chance: random.Random) -> bytes:
        """Of what was not synced, any sector may have reached the disk, in any order."""
        content = bytearray(self.lasting)
        share = chance.choice((0.0, 0.5, 0.9, 1.0))
        for call in self.waiting:
            _apply(content, call, [chance.random() < share for _ in range(_sectors(call))])
        return bytes(content)


def _sectors(call: Call) -> int:
    return max(1, -(-len(call.data) // SECTOR))


def _apply(content: bytearray, call: Call, kept: Sequence[bool]) -> None:
    if call.name == "ftruncate":
        if kept[0]:
            del content[call.at :]
            content.extend(bytes(call.at - len(content)))
        return
    for number, keep in enumerate(kept):
        piece = call.data[number * SECTOR : (number + 1) * SECTOR]
        start = call.at + number * SECTOR
        if keep:
            content.extend(bytes(max(0, start - len(content))))
            content[start : start + len(piece)] = piece


class Disk:
    """Files of one folder as they are written, call by call."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, _File] = {}

    def take(self, call: Call) -> None:
        if call.path.parent != self._folder:
            return
        if call.name == "unlink":
            self._files.pop(call.path.name, None)
            return
        file = self._files.setdefault(call.path.name, _File())
        if call.name in ("fsync", "fdatasync"):
            file.sync()
        else:
            file.waiting.append(call)

    def cut(self, folder: Path, chance: random.Random) -> None:
        """Write the files as they may be found when the power is back."""
        for name, file in self._files.items():
            if not name.endswith("-shm"):  # shared memory, gone with the machine
                (folder / name).write_bytes(file.after_a_cut(chance))


def lines(calls: Sequence[Call]) -> Iterator[tuple[int, str]]:
    """What the program said, and before which call."""
    for number, call in enumerate(calls):
        if call.fd == STDOUT:
            yield number, call.data.decode()
