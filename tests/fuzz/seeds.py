#!/usr/bin/env python3
"""Writes a few good inputs for each fuzz target: seeds.py FOLDER makes FOLDER/<target>/..."""

import io
import json
import pathlib
import struct
import sys
import tarfile
import zipfile


def exif(endian):
    """An EXIF block: camera, orientation, time, place."""
    def entry(tag, kind, count, value):
        return struct.pack(endian + "HHI", tag, kind, count) + value

    def directory(entries, following=0):
        return struct.pack(endian + "H", len(entries)) + b"".join(entries) + struct.pack(
            endian + "I", following)

    def number(value):
        return struct.pack(endian + "I", value)

    texts = b"NIKON\0\0\0" + b"NIKON D90\0\0\0" + b"2012:03:07 14:05:09\0"
    at_texts = 8 + 2 + 5 * 12 + 4
    at_exif = at_texts + len(texts)
    at_gps = at_exif + 2 + 12 + 4
    at_angles = at_gps + 2 + 4 * 12 + 4
    angles = b"".join(struct.pack(endian + "6I", d, 1, m, 1, s, 100)
                      for d, m, s in ((36, 30, 1234), (174, 45, 99)))
    first = directory([
        entry(0x10f, 2, 6, number(at_texts)), entry(0x110, 2, 10, number(at_texts + 8)),
        entry(0x112, 3, 1, struct.pack(endian + "HH", 6, 0)),
        entry(0x8769, 4, 1, number(at_exif)), entry(0x8825, 4, 1, number(at_gps))])
    details = directory([entry(0x9003, 2, 20, number(at_texts + 20))])
    gps = directory([
        entry(1, 2, 2, b"S\0\0\0"), entry(2, 5, 3, number(at_angles)),
        entry(3, 2, 2, b"E\0\0\0"), entry(4, 5, 3, number(at_angles + 24))])
    order = b"II" if endian == "<" else b"MM"
    return order + struct.pack(endian + "HI", 42, 8) + first + texts + details + gps + angles


def jpeg(block):
    """Only the head of a JPEG, which is what tells size and EXIF."""
    app1 = b"Exif\0\0" + block
    frame = struct.pack(">BHHB", 8, 48, 64, 1) + b"\1\x11\0"
    return (b"\xff\xd8\xff\xe1" + struct.pack(">H", len(app1) + 2) + app1 + b"\xff\xc0" +
            struct.pack(">H", len(frame) + 2) + frame + b"\xff\xd9")


def png():
    return (b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" +
            struct.pack(">IIBBBBB", 64, 48, 8, 2, 0, 0, 0) + b"\0\0\0\0")


def archives():
    files = {"a/one.jpg": jpeg(exif("<")), "two.txt": b"notes", "\u6d77.png": png()}
    packed = {}
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w", method) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        packed[f"zip{method}"] = data.getvalue()
    for mode in ("w", "w:gz", "w:xz"):
        data = io.BytesIO()
        with tarfile.open(fileobj=data, mode=mode) as archive:
            for name, content in files.items():
                info = tarfile.TarInfo(name)
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
            link = tarfile.TarInfo("link.jpg")
            link.type = tarfile.SYMTYPE
            link.linkname = "../../etc/passwd"
            archive.addfile(link)
        packed["tar" + mode[1:].replace(":", "_")] = data.getvalue()
    return packed


def networks():
    net = "[net]\nwidth=32\nheight=32\nchannels=3\n"
    conv = "[convolutional]\nbatch_normalize=1\nfilters={}\nsize=3\nstride={}\npad=1\nactivation=leaky\n"
    head = "[convolutional]\nfilters=18\nsize=1\nstride=1\nactivation=linear\n"
    yolo = "[yolo]\nmask=0,1,2\nanchors=4,4, 8,8, 12,12\nclasses=1\nnum=3\nscale_x_y=1.1\n"
    tiny = net + conv.format(2, 1) + conv.format(4, 2) + head + yolo
    wide = (net + "# all kinds\n" + conv.format(4, 1) + "[route]\nlayers=-1\ngroups=2\ngroup_id=1\n" +
            conv.format(2, 1) + "[shortcut]\nfrom=-2\nactivation=linear\n" +
            "[maxpool]\nsize=2\nstride=2\n" + "[upsample]\nstride=2\n" +
            "[route]\nlayers=-1,-4\n" + head + yolo)
    return {"tiny": tiny.encode(), "wide": wide.encode()}


def weights():
    """For the network of fuzz_darknet_weights.cc: 2 x 3 with batch norm, then 6 x 2 with bias."""
    head = struct.pack("<iii", 0, 2, 5) + struct.pack("<q", 1000)
    numbers = [0.5] * (4 * 2 + 2 * 3 + 6 + 6 * 2)
    return {"good": head + struct.pack(f"<{len(numbers)}f", *numbers),
            "old": struct.pack("<iiii", 0, 1, 0, 7) + struct.pack(f"<{len(numbers)}f", *numbers)}


def tables():
    return {
        "fins": b"photo,left_px,top_px,width_px,height_px,class,individual,date,polygon,sex\n"
                b"a/b.jpg,1,2,30,40,fin,D1,2012-03-07,1 2 31 2 16 42,f\n\"c, d.jpg\",,,,,,,,,\n",
        "labels": b"file,individual,date,encounter\r\nb.jpg,\"D \"\"1\"\"\",2012-03-07,3\r\n"}


def datasets():
    box = {"image_id": 1, "id": 1, "category_id": 1, "bbox": [1, 2, 30, 40], "area": 1200,
           "segmentation": [[1, 2, 31, 2, 16, 42]], "iscrowd": 0, "attributes": {"individual": "D1"}}
    coco = {"images": [{"id": 1, "file_name": "a.jpg", "width": 64, "height": 48}],
            "annotations": [box], "categories": [{"id": 1, "name": "fin"}]}
    shapes = [{"name": "polygon", "all_points_x": [1, 31, 16], "all_points_y": [2, 2, 42]},
              {"name": "rect", "x": 1, "y": 2, "width": 30, "height": 40},
              {"name": "circle", "cx": 9, "cy": 9, "r": 4},
              {"name": "ellipse", "cx": 9, "cy": 9, "rx": 4, "ry": 5, "theta": 0.5},
              {"name": "point", "cx": 9, "cy": 9}]
    regions = [{"shape_attributes": shape, "region_attributes": {"id": "D1"}} for shape in shapes]
    via = {"a.jpg-1": {"filename": "a.jpg", "size": -1, "regions": regions,
                       "file_attributes": {"date": "2012-03-07"}}}
    own = {"photos": [{"file": "a.jpg", "width_px": 64, "height_px": 48, "fins": [
        {"left_px": 1, "top_px": 2, "right_px": 31, "bottom_px": 42, "individual": "D1",
         "polygon": [[1, 2], [31, 2], [16, 42]]}]}]}
    return {name: json.dumps(value).encode() for name, value in
            {"coco": coco, "via": via, "project": {"_via_img_metadata": via}, "own": own}.items()}


def outlines():
    points = [[12, 30], [25, 2], [38, 31], [20, 33]]
    curve = {"gain": 0.95, "bias": -60, "gamma": 0.6}
    who = {"who": "Ann", "when": "2026-05-01"}
    edits = [{"tool": "extreme points", "points": points, **who},
             {"tool": "strokes", "strokes": [{"fin": True, "radius_px": 4, "points": points}], **who},
             {"tool": "stretch", "points": points[:2], **who},
             {"tool": "outline", "points": points, **who},
             {"tool": "filter", "mask": curve, "picture": curve, "invert": False, **who}]
    return {"edits": json.dumps({"num_done": 2, "edits": edits}).encode(),
            "contour": json.dumps({"contour": points}).encode()}


def forms():
    def part(name, data):
        return (f'--x\r\nContent-Disposition: form-data; name="{name}"; filename="a \\"b.jpg"\r\n'
                "Content-Type: image/jpeg\r\n\r\n").encode() + data + b"\r\n"
    body = part("images", b"\xff\xd8 bytes") + part("images[]", b"") + b"--x--\r\n"
    return {"body": body, "with_type": b'multipart/form-data; boundary="x"\n' + body}


SEEDS = {
    "fuzz_darknet_cfg": networks,
    "fuzz_darknet_weights": weights,
    "fuzz_csv": tables,
    "fuzz_dataset_json": datasets,
    "fuzz_archive": archives,
    "fuzz_exif": lambda: {"little": exif("<"), "big": exif(">"), "jpeg": jpeg(exif("<")),
                          "png": png()},
    "fuzz_file_name": lambda: {
        "niwa": b"0006/HG_120601_244_E3_HT_AII_A_N7.png", "path": "trip \u6d77/day 1/a.JPG".encode(),
        "time": b"2012:03:07 14:05:09", "bad": b"../a\\b\0\xff.tar.gz"},
    "fuzz_outline_json": outlines,
    "fuzz_multipart": forms,
}


def main():
    root = pathlib.Path(sys.argv[1])
    for target, seeds in SEEDS.items():
        folder = root / target
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in seeds().items():
            (folder / name).write_bytes(content)


main()
