#!/usr/bin/env python3
"""Memory of the server while photos are uploaded and imported.

  upload_memory.py FINVIEW SCRATCH_FOLDER [--photos 10000] [--clients 8]

One rendered photo is sent again and again with other bytes behind its end, so that each counts as a
photo of its own. They are imported in tasks of 500, as the web app does it.
"""

import argparse
import concurrent.futures
import pathlib
import shutil
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "tests/api"))
from contract import Contract  # noqa: E402
from server import Client, Server  # noqa: E402

TASK_PHOTOS = 500


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("finview")
    arguments.add_argument("scratch", type=pathlib.Path)
    arguments.add_argument("--photos", type=int, default=10000)
    arguments.add_argument("--clients", type=int, default=8)
    options = arguments.parse_args()
    shutil.rmtree(options.scratch, ignore_errors=True)
    options.scratch.mkdir(parents=True)
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run([options.finview, "synth", "--out", options.scratch / "survey", "--individuals",
                    "3", "--photos", "3", "--catalogue-photos", "3", "--encounters", "1",
                    "--empty-share", "0", "--unknown-share", "0"], **quiet)
    subprocess.run([options.finview, "project", "init", options.scratch / "project"], **quiet)
    photo = next((options.scratch / "survey/photos").rglob("*.jpg")).read_bytes()
    server = Server(options.finview, options.scratch / "project")
    contract = Contract()
    own = threading.local()
    before = server.memory_mb()

    def send(number):
        if not hasattr(own, "client"):
            own.client = Client(server.port, contract)
        data = photo + number.to_bytes(4, "big")
        made = own.client.post("/api/uploads", {"name": f"{number}.jpg", "size": len(data)}, 201).json
        own.client.ask("PUT", made["url"], 200, {"offset": 0}, body=data,
                       headers={"Content-Type": "application/octet-stream"})
        return made["id"]

    client = Client(server.port, contract)
    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(options.clients) as pool:
        for first in range(0, options.photos, TASK_PHOTOS):
            some = range(first, min(options.photos, first + TASK_PHOTOS))
            ids = list(pool.map(send, some))
            client.post("/api/tasks", {"kind": "import", "input": {"uploads": ids}}, 202)
    sent = time.monotonic() - began
    while client.get("/api/project").json["counts"]["photos"] < options.photos:
        time.sleep(1)
    print(f"{options.photos} photos of {len(photo) / 1e6:.2f} MB: sent in {sent:.0f} s, imported "
          f"after {time.monotonic() - began:.0f} s; memory of the server at its start {before:.0f} MB, "
          f"at most {server.memory_mb():.0f} MB")
    server.stop()


main()
