#!/usr/bin/env python3
"""A server under bad luck: full disk, slow and vanishing clients, killed in the middle.

  faults_test.py FINVIEW SCRATCH_FOLDER
"""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time

from contract import Contract
from server import Client, Server

CONTRACT = Contract()
OCTETS = {"Content-Type": "application/octet-stream"}


def new_project(finview, folder):
    subprocess.run([finview, "project", "init", str(folder)], check=True,
                   stdout=subprocess.DEVNULL)
    return folder


def head(client, method, target, length):
    return (f"{method} {target} HTTP/1.1\r\nHost: localhost:{client.port}\r\n"
            "X-Requested-With: finview\r\nContent-Type: application/octet-stream\r\n"
            f"Content-Length: {length}\r\n\r\n").encode()


def connect(client):
    return socket.create_connection(("127.0.0.1", client.port))


def start_upload(client, size):
    return client.post("/api/uploads", {"name": "a.bin", "size": size}, 201).json


def slow_clients(client):
    """150 clients that send next to nothing hold up nobody."""
    lines = []
    for number in range(150):
        line = connect(client)
        if number % 3 == 0:
            line.sendall(b"GET /api/hea")
        elif number % 3 == 1:
            line.sendall(b"GET /api/health HTTP/1.1\r\nHost: loc")
        else:
            line.sendall(head(client, "PUT", start_upload(client, 1000)["url"] + "?offset=0", 1000) +
                         b"x" * 10)
        lines.append(line)
    began = time.monotonic()
    other = Client(client.port, CONTRACT)
    for _ in range(20):
        other.get("/api/photos")
    made = start_upload(other, 100_000)
    other.ask("PUT", made["url"], 200, {"offset": 0}, body=bytes(100_000), headers=OCTETS)
    assert time.monotonic() - began < 20, "the others waited"
    return lines


def ends_slow_clients(lines):
    """None is kept for ever: each is cut off, answered with an error or told what arrived."""
    deadline = time.monotonic() + 60
    for line in lines:
        line.settimeout(max(0.1, deadline - time.monotonic()))
        said = b""
        while piece := line.recv(4096):  # to its end
            said += piece
        assert not said or b" 4" in said.split(b"\r\n")[0] or b'"offset":10,' in said, said
        line.close()


def clients_go(client):
    """In the middle of an upload, of a file, of the events, of a request line."""
    made = start_upload(client, 5_000_000)
    target = made["url"] + "?offset=0"
    for _ in range(10):
        with connect(client) as line:
            line.sendall(b"POST /api/indiv")
        with connect(client) as line:
            line.sendall(b"GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            line.recv(50)
        with connect(client) as line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # reset
            line.sendall(head(client, "POST", "/api/individuals", 100) + b"{")
    with connect(client) as line:
        line.sendall(head(client, "PUT", target, 5_000_000) + bytes(1_000_000))
    # What arrived is kept once the server has noticed, and the upload goes on from there.
    for _ in range(100):
        answer = client.ask("PUT", made["url"], None, {"offset": 1_000_000}, body=bytes(4_000_000),
                            headers=OCTETS)
        if answer.status == 200:
            break
        assert answer.status == 409, answer.body
        time.sleep(0.1)
    assert client.get(made["url"]).json["offset"] == 5_000_000
    client.ask("DELETE", made["url"], 204)


def killed_while_uploading(finview, project, server, client):
    """Every byte that `offset` tells of is there; the file comes out whole."""
    data = os.urandom(8_000_000)
    made = start_upload(client, len(data))
    with connect(client) as line:
        line.sendall(head(client, "PUT", made["url"] + "?offset=0", len(data)) + data[:5_000_000])
        time.sleep(0.2)
        server.stop(signal.SIGKILL)
    server = Server(finview, project)
    client = Client(server.port, CONTRACT)
    at = client.get(made["url"]).json["offset"]
    assert 0 < at <= 5_000_000, at
    client.ask("PUT", made["url"], 200, {"offset": at}, body=data[at:], headers=OCTETS)
    client.post(f"{made['url']}/move", {"area": "images", "path": "whole.bin"}, 201)
    assert client.get("/api/files/images/content", path="whole.bin").body == data
    return server, client


def full_disk(finview, scratch):
    """On a disk of 12 MB: refused in words, nothing half, and good again once there is room."""
    project = scratch / "small"
    project.mkdir()
    script = ('mount -t tmpfs -o size=12m none "$2" && "$1" project init "$2" >/dev/null && '
              'exec "$1" serve --project "$2" --listen 127.0.0.1:0')
    try:
        server = Server("unshare", project, None,
                        command=["unshare", "-rm", "sh", "-c", script, "sh", finview, str(project)])
    except AssertionError as error:
        print(f"skipped: full disk: no file system can be mounted here ({error})")
        return
    client = Client(server.port, CONTRACT)
    refused = client.post("/api/uploads", {"name": "large", "size": 50_000_000}, 400).json
    assert "disk" in refused["detail"], refused
    first, second = start_upload(client, 8_000_000), start_upload(client, 8_000_000)
    client.ask("PUT", first["url"], 200, {"offset": 0}, body=bytes(8_000_000), headers=OCTETS)
    full = client.ask("PUT", second["url"], 503, {"offset": 0}, body=bytes(8_000_000),
                      headers=OCTETS).json
    assert "No space left" in full["detail"], full
    # The catalogue refuses, too, or still fits; what is there can be read.
    for number in range(40):
        made = client.post("/api/individuals", {"code": f"D{number}", "notes": "n" * 20_000})
        assert made.status in (201, 503), made.body
    kept = client.get("/api/individuals").json["total"]
    client.post("/api/files/images/folder", {"path": "a"})
    client.ask("DELETE", first["url"], 204)
    at = client.get(second["url"]).json["offset"]
    client.ask("PUT", second["url"], 200, {"offset": at}, body=bytes(8_000_000 - at), headers=OCTETS)
    client.post("/api/individuals", {"code": "after"}, 201)
    assert client.get("/api/individuals").json["total"] == kept + 1
    assert server.stop() == 0


def refuses_strangers(finview, project):
    """Without users no address that others can reach."""
    for address in ("0.0.0.0:0", "[::]:0", "192.0.2.1:0"):
        refused = subprocess.run([finview, "serve", "--project", str(project), "--listen", address],
                                 capture_output=True, text=True, check=False, timeout=60)
        assert refused.returncode == 2 and "finview user add" in refused.stderr, refused


def main():
    finview, scratch = sys.argv[1], pathlib.Path(sys.argv[2])
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    project = new_project(finview, scratch / "project")
    refuses_strangers(finview, project)
    server = Server(finview, project)
    client = Client(server.port, CONTRACT)
    lines = slow_clients(client)
    clients_go(client)
    ends_slow_clients(lines)
    server, client = killed_while_uploading(finview, project, server, client)
    client.get("/api/health")
    assert server.stop() == 0
    full_disk(finview, scratch)


main()
