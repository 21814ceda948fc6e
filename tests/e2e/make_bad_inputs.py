"""Writes photos and archives that the program must survive.

usage: make_bad_inputs.py GOOD_PHOTO FOLDER
"""

import io
import pathlib
import stat
import struct
import sys
import tarfile
import zipfile
import zlib


def png(width, height, rows):
    """An 8-bit RGB PNG; `rows` are the raw scanlines, which may be too few."""

    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data
                + struct.pack(">I", zlib.crc32(kind + data)))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def flat(width, height):
    return (b"\0" + b"\x80\x90\xa0" * width) * height


def write_photos(folder, good):
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "truncated.jpg").write_bytes(good[: len(good) // 3])
    (folder / "header_only.jpg").write_bytes(good[:20])
    (folder / "text.jpg").write_text("This is a field note, not a photo.\n" * 20)
    (folder / "one_pixel.png").write_bytes(png(1, 1, flat(1, 1)))
    (folder / "no_fin.png").write_bytes(png(640, 480, flat(640, 480)))
    (folder / "huge.png").write_bytes(png(60000, 60000, flat(1, 1)))


def write_unsafe_zip(folder, good):
    with zipfile.ZipFile(folder / "unsafe.zip", "w") as archive:
        archive.writestr("inside/good.jpg", good)
        archive.writestr("../escaped.jpg", good)
        archive.writestr(str(folder.resolve() / "absolute.jpg"), good)
        link = zipfile.ZipInfo("link.jpg")
        link.create_system = 3
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")


def write_unsafe_tar(folder, good):
    with tarfile.open(folder / "unsafe.tar.gz", "w:gz") as archive:
        member = tarfile.TarInfo("../escaped_tar.jpg")
        member.size = len(good)
        archive.addfile(member, io.BytesIO(good))
        for name, kind in (("hard.jpg", tarfile.LNKTYPE), ("pipe.jpg", tarfile.FIFOTYPE)):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "/etc/passwd"
            archive.addfile(member)


def write_bomb(folder):
    block = bytes(1 << 20)
    with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("bomb.bmp", "w", force_zip64=True) as member:
            for _ in range(2048):
                member.write(block)


def main():
    good, folder = pathlib.Path(sys.argv[1]).read_bytes(), pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True)
    write_photos(folder, good)
    write_unsafe_zip(folder, good)
    write_unsafe_tar(folder, good)
    write_bomb(folder)
    (folder / "broken.zip").write_bytes(b"PK\x03\x04" + bytes(40))


main()
