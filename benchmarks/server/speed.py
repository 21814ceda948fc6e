#!/usr/bin/env python3
"""Requests per second and latency over loopback while a job runs, by wrk with 64 connections.

  speed.py FINVIEW SCRATCH_FOLDER [--seconds 10]

The project is rendered anew in SCRATCH_FOLDER. The job is a map of its fins, laid out anew again and
again. One connection per row of the table asks for one address all the time.
"""

import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "tests/api"))
from contract import Contract  # noqa: E402
from server import Client, Server  # noqa: E402


def prepare(finview, scratch):
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run([finview, "synth", "--out", scratch / "survey", "--individuals", "10",
                    "--photos", "1", "--catalogue-photos", "5", "--encounters", "1",
                    "--size", "1600x1067", "--unknown-share", "0", "--empty-share", "0"], **quiet)
    subprocess.run([finview, "project", "init", scratch / "project"], **quiet)
    subprocess.run([finview, "import", scratch / "survey/catalogue", "--individuals", "folder",
                    "--project", scratch / "project"], **quiet)
    return scratch / "project"


def keep_working(client, stop):
    """One job after the other until told to stop."""
    done = 0
    while not stop.is_set():
        task = client.post("/api/tasks", {"kind": "map", "options": {"anew": True}}, 202).json["id"]
        while client.get(f"/api/tasks/{task}").json["state"] in ("waiting", "running"):
            if stop.is_set():
                client.post(f"/api/tasks/{task}/cancel")
                return
            time.sleep(0.2)
        done += 1


def wrk(port, target, seconds):
    text = subprocess.run(
        ["wrk", "-t2", "-c64", f"-d{seconds}s", "--latency", f"http://127.0.0.1:{port}{target}"],
        check=True, capture_output=True, text=True).stdout
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1))
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", text).groups()
    slowest = float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    return rate, slowest, int(bad.group(1)) if bad else 0


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("finview")
    arguments.add_argument("scratch", type=pathlib.Path)
    arguments.add_argument("--seconds", type=int, default=10)
    options = arguments.parse_args()
    server = Server(options.finview, prepare(options.finview, options.scratch))
    client = Client(server.port, Contract())
    photo = client.get("/api/photos").json["rows"][0]["id"]
    fin = client.get("/api/fins").json["rows"][0]["id"]
    task = client.post("/api/tasks", {"kind": "find"}, 202).json["id"]
    while client.get(f"/api/tasks/{task}").json["state"] != "done":
        time.sleep(0.2)
    stop = threading.Event()
    worker = threading.Thread(target=keep_working, args=(Client(server.port, Contract()), stop))
    worker.start()
    print(f"{'request':<44} {'per second':>10} {'p99 ms':>8} {'errors':>7}")
    for target in ("/api/health", "/api/photos?limit=20", "/api/photos?limit=100",
                   "/api/fins?limit=20", "/api/fins?limit=100", "/api/individuals?limit=20",
                   f"/api/photos/{photo}/picture?width=320", f"/api/fins/{fin}/crop?width=160"):
        rate, slowest, errors = wrk(server.port, target, options.seconds)
        print(f"{target:<44} {rate:>10.0f} {slowest:>8.1f} {errors:>7}", flush=True)
    stop.set()
    worker.join()
    print(f"peak memory of the server {server.memory_mb():.0f} MB")
    server.stop()


main()
