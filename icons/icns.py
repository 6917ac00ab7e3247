"""Packs PNG files into an Apple icon: python3 icns.py FOLDER RESULT.

An .icns file is `icns`, its length, and then for each picture a type, a length and the PNG, all
lengths big-endian and with the eight bytes of their own head counted in.
"""

import pathlib
import struct
import sys

TYPES = {"icp4": 16, "icp5": 32, "ic07": 128, "ic08": 256, "ic09": 512, "ic10": 1024}


def chunk(kind: str, content: bytes) -> bytes:
    return kind.encode() + struct.pack(">I", len(content) + 8) + content


def main() -> None:
    folder, result = map(pathlib.Path, sys.argv[1:])
    pictures = (chunk(kind, (folder / f"{size}.png").read_bytes()) for kind, size in TYPES.items())
    result.write_bytes(chunk("icns", b"".join(pictures)))


main()
