#!/usr/bin/env python3
"""Every operation of api/openapi.yaml against a real server, with its errors.

  api_test.py FINVIEW SCRATCH_FOLDER
"""

import io
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
import time

from contract import ROOT, Contract
from server import Client, Server

CONTRACT = Contract()


def render(finview, folder):
    subprocess.run([finview, "synth", "--out", folder, "--individuals", "3", "--photos", "6",
                    "--catalogue-photos", "3", "--encounters", "2", "--size", "800x533",
                    "--unknown-share", "0", "--empty-share", "0.17", "--seed", "1"],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def upload(client, name, data):
    made = client.post("/api/uploads", {"name": name, "size": len(data)}, 201).json
    sent = client.ask("PUT", made["url"], 200, {"offset": 0}, body=data,
                      headers={"Content-Type": "application/octet-stream"}).json
    assert sent["offset"] == len(data), sent
    return made["id"]


def wait_for(client, task, state="done", seconds=240):
    for _ in range(seconds * 10):
        now = client.get(f"/api/tasks/{task}").json
        if now["state"] == state:
            return now
        assert now["state"] in ("waiting", "running", "done"), now
        time.sleep(0.1)
    raise AssertionError(f"task {task} is not {state}: {now}")


def do_chain(client, first, then):
    """One task after the other, to the end."""
    last = client.post("/api/tasks", {**first, "then": then}, 202).json["id"]
    wait_for(client, last)
    for kind in then:
        for _ in range(100):
            follow = [task["id"] for task in client.get("/api/tasks", kind=kind).json["rows"]
                      if task["id"] > last]
            if follow:
                break
            time.sleep(0.1)
        last = max(follow)
        wait_for(client, last)


def test_basics(client):
    assert client.get("/api/health").json["status"] == "ok"
    assert client.get("/api/me").json["role"] == "admin"
    project = client.get("/api/project").json
    assert project["counts"]["photos"] == 0, project
    client.ask("PATCH", "/api/project", 200, json_body={"name": "Dauphins Tursiops \U0001f42c"})
    assert client.get("/api/project").json["name"].startswith("Dauphins")
    client.ask("PATCH", "/api/project", 400, json_body={"name": ""})
    options = client.get("/api/options").json
    assert options["values"]["second-reviewer"] is False
    client.ask("PUT", "/api/options", 400, json_body={"values": {"nonsense": 1}})
    client.ask("PUT", "/api/options", 400, json_body={"values": {"second-reviewer": "yes"}})
    client.ask("PUT", "/api/options", 200, json_body={"values": {"second-reviewer": True}})
    assert client.get("/api/options").json["values"]["second-reviewer"] is True
    client.ask("PUT", "/api/options", 200, json_body={"values": {"second-reviewer": False}})
    assert client.get("/api/models").json["total"] >= 4
    assert client.get("/api/workers").json["total"] >= 1
    assert {"import", "find", "identify"} <= {
        kind["kind"] for kind in client.get("/api/tasks/kinds").json["rows"]}


def test_uploads(client):
    data = os.urandom(300_000)
    made = client.post("/api/uploads", {"name": "day 1/\u6d77.jpg", "size": len(data)}, 201).json
    url = made["url"]
    octets = {"Content-Type": "application/octet-stream"}
    client.ask("PUT", url, 200, {"offset": 0}, body=data[:100_000], headers=octets)
    stale = client.ask("PUT", url, 409, {"offset": 5}, body=data[:10], headers=octets).json
    assert stale["current"]["offset"] == 100_000, stale
    client.ask("PUT", url, 400, {"offset": 100_000}, body=data + data, headers=octets)
    at = client.get(url).json["offset"]
    client.ask("PUT", url, 200, {"offset": at}, body=data[at:], headers=octets)
    assert made["id"] in [row["id"] for row in client.get("/api/uploads").json["rows"]]
    client.ask("PUT", url, 415, {"offset": 0}, body=b"x", headers={"Content-Type": "text/plain"})
    client.ask("PUT", url, 400, body=b"x", headers=octets)
    client.ask("DELETE", url, 204)
    client.get(url, 404)
    client.ask("DELETE", url, 404)
    for name in ("../a", "/etc/passwd", "a//b", "a/./b", "a\\b", "x" * 300, "a\u0000b", ""):
        client.post("/api/uploads", {"name": name, "size": 1}, 400)
    client.post("/api/uploads", {"name": "a", "size": -1}, 400)
    client.post("/api/uploads", {"name": "a", "size": 1e300}, 400)
    client.post("/api/uploads", {"name": "\U0001f42c" * 60, "size": 0}, 201)


def half_upload(client):
    """The client goes away in the middle; what arrived stays."""
    made = client.post("/api/uploads", {"name": "half.jpg", "size": 1000}, 201).json
    with socket.create_connection(("127.0.0.1", client.port)) as line:
        line.sendall(f"PUT {made['url']}?offset=0 HTTP/1.1\r\nHost: localhost\r\n"
                     "X-Requested-With: finview\r\nContent-Type: application/octet-stream\r\n"
                     "Content-Length: 1000\r\n\r\n".encode() + b"x" * 400)
        time.sleep(0.3)
    for _ in range(100):
        if client.get(made["url"]).json["offset"] == 400:
            break
        time.sleep(0.1)
    else:
        raise AssertionError(client.get(made["url"]).json)
    return made


def test_import(client, survey):
    ids = [upload(client, f"catalogue/{path.parent.name}/{path.name}", path.read_bytes())
           for path in sorted((survey / "catalogue").rglob("*.jpg"))]
    ids.append(upload(client, "catalogue/0001/broken.jpg", b"\xff\xd8 no photo"))
    unfinished = client.post("/api/uploads", {"name": "a.jpg", "size": 9}, 201).json
    client.post("/api/tasks", {"kind": "import", "input": {"uploads": [unfinished["id"]]}}, 409)
    client.ask("DELETE", unfinished["url"], 204)
    task = client.post("/api/tasks", {
        "kind": "import", "name": "Catalogue", "input": {"uploads": ids},
        "options": {"individuals": "folder"}}, 202).json
    done = wait_for(client, task["id"])
    assert done["failed"] == 1, done
    failures = client.get(f"/api/tasks/{task['id']}/failures").json
    assert failures["total"] == 1 and "broken.jpg" in failures["rows"][0]["item"], failures
    log = client.get(f"/api/tasks/{task['id']}/log").json
    assert log["rows"][0]["text"] == "done" and log["rows"][-1]["text"].startswith("asked for"), log
    assert sum("broken.jpg" in line["text"] for line in log["rows"]) == 1, log
    assert client.get(f"/api/tasks/{task['id']}/log", limit=1).json["total"] == log["total"]
    client.post(f"/api/tasks/{task['id']}/retry", expect=200)
    assert wait_for(client, task["id"])["failed"] == 1  # still broken
    assert client.get("/api/uploads").json["total"] <= 2  # of other tests
    identify = client.post("/api/tasks", {"kind": "identify"}, 202).json
    signed = wait_for(client, identify["id"])["result"]
    assert signed["num_known_fins"] > 0, signed  # though "find" was not asked for
    survey_ids = [upload(client, f"survey/{path.parent.name}/{path.name}", path.read_bytes())
                  for path in sorted((survey / "photos").rglob("*.jpg"))]
    do_chain(client, {"kind": "import", "input": {"uploads": survey_ids}}, ["find", "identify"])
    project = client.get("/api/project").json
    assert project["counts"]["individuals"] == 3, project
    assert project["counts"]["photos_waiting"] == 0, project
    assert sum(project["waiting_by_tier"].values()) > 0, project


def test_tasks(client):
    for wrong in ({}, {"kind": "dance"}, {"kind": "find", "input": {"files": ["images"]}},
                  {"kind": "import"}, {"kind": "find", "options": {"x": 1}},
                  {"kind": "find", "priority": 101}, {"kind": "find", "then": ["dance"]},
                  {"kind": "import", "input": {"uploads": [1]}}, {"kind": "find", "x": 1}):
        client.post("/api/tasks", wrong, 400)
    client.post("/api/tasks", {"kind": "import", "input": {"uploads": ["0" * 32]}}, 404)
    task = client.post("/api/tasks", {"kind": "find", "priority": -5}, 202).json
    client.ask("PATCH", f"/api/tasks/{task['id']}", 200, json_body={"priority": 3})
    client.ask("PATCH", f"/api/tasks/{task['id']}", 400, json_body={"priority": 1000})
    wait_for(client, task["id"])
    url = f"/api/tasks/{task['id']}"
    for action in ("cancel", "pause", "resume", "retry"):
        answer = client.post(f"{url}/{action}", expect=409).json
        assert answer["current"]["state"] == "done", answer
        client.post(f"/api/tasks/999999/{action}", expect=404)
    client.ask("DELETE", url, 204)
    client.get(url, 404)
    client.get(f"{url}/failures", 404)
    client.get(f"{url}/log", 404)
    # Paused and cancelled while it waits behind another.
    import_url = client.post("/api/tasks", {"kind": "identify"}, 202).json["id"]
    waiting = client.post("/api/tasks", {"kind": "identify"}, 202).json["id"]
    answer = client.post(f"/api/tasks/{waiting}/pause")
    assert answer.status == 200 or answer.json["current"]["state"] == "done", answer.json
    if answer.status == 200:
        deadline = time.time() + 20
        while client.get(f"/api/tasks/{waiting}").json["state"] == "running" and \
                time.time() < deadline:
            time.sleep(0.1)
        if client.get(f"/api/tasks/{waiting}").json["state"] == "paused":
            client.ask("DELETE", f"/api/tasks/{waiting}", 409)
            client.post(f"/api/tasks/{waiting}/resume", expect=200)
            client.post(f"/api/tasks/{waiting}/pause")
            client.post(f"/api/tasks/{waiting}/cancel")
    wait_for(client, import_url)


def test_photos(client):
    page = client.get("/api/photos", limit=2, sort="name", descending="true").json
    assert len(page["rows"]) == 2 and page["total"] > 2
    photo = page["rows"][0]
    url = f"/api/photos/{photo['id']}"
    assert client.get(url).json == photo
    picture = client.ask("GET", f"{url}/picture", 200, {"width": 200})
    assert len(picture.body) > 1000
    tag = picture.headers["ETag"]
    client.ask("GET", f"{url}/picture", 304, {"width": 200}, headers={"If-None-Match": tag})
    whole = client.get(f"{url}/file")
    assert len(whole.body) == photo["size_bytes"]
    part = client.ask("GET", f"{url}/file", 206, headers={"Range": "bytes=2-5"})
    assert part.body == whole.body[2:6], part.body
    end = client.ask("GET", f"{url}/file", 206, headers={"Range": "bytes=-7"})
    assert end.body == whole.body[-7:]
    client.ask("GET", f"{url}/file", 416, headers={"Range": "bytes=99999999-"})
    client.ask("GET", f"{url}/file", 200, headers={"Range": "bytes=0-1,3-4"})
    client.ask("GET", url, 200, headers={"Range": "bytes=0-3"})  # no part of JSON
    for query in ({"limit": 0}, {"limit": 1001}, {"offset": -1}, {"limit": 1e300}, {"sort": "x"},
                  {"state": "x"}, {"descending": "1"}, {"encounter": "x"}, {"nonsense": 1},
                  {"text": "\u0000"}, {"limit": [1, 2]}):
        client.ask("GET", "/api/photos", 400, query)
    client.ask("PATCH", url, 200, json_body={"taken": "2012-03-07T10:00:00"})
    client.ask("PATCH", url, 400, json_body={"taken": "yesterday"})
    client.ask("PATCH", url, 400, json_body={"encounter": 99999})
    client.ask("PATCH", url, 400, json_body={})
    client.ask("PATCH", "/api/photos/99999", 404, json_body={"taken": ""})
    client.post("/api/photos/trash", {"ids": [photo["id"]], "trashed": True}, 204)
    assert client.get("/api/photos", trashed="true").json["total"] == 1
    client.post("/api/photos/trash", {"ids": [99999], "trashed": True}, 404)
    client.post("/api/photos/trash", {"ids": [], "trashed": True}, 400)
    client.post("/api/photos/purge", {"ids": [photo["id"]]}, 204)
    client.get(url, 404)
    client.get(f"{url}/picture", 404)
    other = client.get("/api/photos").json["rows"][0]["id"]
    client.post("/api/photos/purge", {"ids": [other]}, 409)
    client.post("/api/photos/encounter", {"ids": [other], "encounter": None}, 204)
    client.post("/api/photos/encounter", {"ids": [other], "encounter": 99999}, 400)


def bounds(contour):
    xs, ys = zip(*contour)
    return min(xs), min(ys), max(xs), max(ys)


def test_outline_edits(client):
    fin = next(row for row in client.get("/api/fins", review="waiting").json["rows"]
               if row["has_outline"])
    url = f"/api/fins/{fin['id']}/outline"
    edits = f"{url}/edits"
    automatic = client.get(url).json
    assert automatic["edits"] == [] and automatic["num_done"] == 0, automatic
    left, top, right, bottom = bounds(automatic["contour"])
    middle = (top + bottom) / 2
    corners = [[left, bottom], [right, bottom], [(left + right) / 2, top], [right, middle]]
    curve = {"gain": 0.95, "bias": -20, "gamma": 0.6}
    whole = {"tool": "outline", "points": [[left, bottom], [(left + right) / 2, top], [right, bottom]]}
    tools = [
        {"tool": "extreme points", "points": corners},
        whole,
        {"tool": "stretch", "points": [[left, bottom], [left + 2, middle], [(left + right) / 2, top]]},
        {"tool": "strokes", "strokes": [
            {"fin": True, "radius_px": 2, "points": [[(left + right) / 2, middle]]}]},
        {"tool": "filter", "mask": curve, "picture": curve, "invert": False}]
    was = automatic
    for number, tool in enumerate(tools):
        shown = client.ask("POST", edits, 200, {"preview": "true"}, json_body=tool).json
        assert client.get(url).json == was  # a preview keeps nothing
        kept = client.ask("POST", edits, 200, {"seen": number}, json_body=tool).json
        assert kept["contour"] == shown["contour"] != was["contour"], tool
        assert kept["num_done"] == len(kept["edits"]) == number + 1
        assert kept["edits"][-1]["tool"] == tool["tool"] and kept["edits"][-1]["who"] == "local"
        assert kept["outlined_by"] == "local"
        assert client.get(url).json == kept
        was = kept
    client.get(f"/api/fins/{fin['id']}/crop", kind="masked")
    stale = client.ask("POST", edits, 409, {"seen": 1}, json_body=whole).json
    assert stale["current"] == was, stale
    for _ in tools:
        client.post(f"{url}/undo", expect=200)
    assert client.get(url).json["contour"] == automatic["contour"]
    assert client.get(url).json["outlined_by"] == ""
    client.post(f"{url}/undo", expect=409)
    for _ in tools:
        again = client.post(f"{url}/redo", expect=200).json
    assert again == was
    client.post(f"{url}/redo", expect=409)
    client.ask("POST", f"{url}/undo", 409, {"seen": 0})
    for wrong in ({}, {"tool": "paint"}, {"tool": "outline"}, {"tool": "outline", "points": []},
                  {"tool": "extreme points", "points": corners[:3]},
                  {"tool": "extreme points", "points": [[1e300, 0]] * 4},
                  {"tool": "extreme points", "points": [[left, top]] * 4},
                  {"tool": "strokes", "strokes": []},
                  {"tool": "filter", "mask": {**curve, "gain": 9}, "picture": curve, "invert": False},
                  {**whole, "who": "Eve"}, {**whole, "mask": curve},
                  {"tool": "outline", "points": [[-9000, -9000], [-8000, -9000], [-8000, -8000]]}):
        client.post(edits, wrong, 400)
    assert client.get(url).json == was
    for missing in ("edits", "undo", "redo"):
        client.post(f"/api/fins/99999/outline/{missing}", whole, 404)
    for _ in tools:
        client.post(f"{url}/undo", expect=200)
    # What was undone goes with the next edit; nothing else does.
    assert client.post(edits, whole, 200).json["edits"][0]["tool"] == "outline"
    assert client.get(url).json["num_done"] == len(client.get(url).json["edits"]) == 1
    assert client.get(f"/api/fins/{fin['id']}/candidates").json["rows"] == []
    do_chain(client, {"kind": "find"}, ["identify"])
    assert client.get(f"/api/fins/{fin['id']}/candidates").json["total"] > 0
    assert client.get(url).json["edits"][0]["tool"] == "outline"
    client.post(f"{url}/undo", expect=200)
    do_chain(client, {"kind": "find"}, ["identify"])
    assert client.post(f"{url}/redo", expect=200).json["outlined_by"] == "local"
    client.post(f"{url}/undo", expect=200)
    do_chain(client, {"kind": "find"}, ["identify"])


def test_fins(client):
    waiting = client.get("/api/fins", review="waiting", sort="probability").json
    assert waiting["total"] > 0
    fin = waiting["rows"][0]
    url = f"/api/fins/{fin['id']}"
    assert client.get(url).json == fin
    for kind in ("photo", "enhanced", "masked"):
        crop = client.ask("GET", f"{url}/crop", 200, {"width": 160, "kind": kind})
        client.ask("GET", f"{url}/crop", 304, {"width": 160, "kind": kind},
                   headers={"If-None-Match": crop.headers["ETag"]})
        client.ask("GET", f"{url}/crop", 304, {"width": 160, "kind": kind, "version": "2"},
                   headers={"If-None-Match": crop.headers["ETag"]})
    client.ask("GET", f"{url}/crop", 400, {"kind": "x"})
    candidates = client.get(f"{url}/candidates").json
    assert candidates["total"] > 0, candidates
    assert len(client.get(f"{url}/outline").json["contour"]) > 10
    other = candidates["rows"][0]["best_fin"]
    client.get(f"{url}/why/{other}")
    client.get(f"{url}/why/99999", 404)
    photo = client.get("/api/photos", sort="fins", descending="true").json["rows"][0]
    made = client.post(f"/api/photos/{photo['id']}/fins",
                       {"box": {"left_px": 10, "top_px": 20, "right_px": 110, "bottom_px": 90},
                        "side": "left"}, 201).json
    own = f"/api/fins/{made['id']}"
    client.get(f"{own}/outline", 404)
    client.ask("PUT", f"{own}/outline", 200, json_body={"contour": [[10, 90], [60, 20], [110, 90]]})
    for wrong in ([], [[1, 2]], [[1, 2], [3], [4, 5]], "x", [[1, 2, 3]] * 3, [[1e300, 0]] * 3):
        client.ask("PUT", f"{own}/outline", 400, json_body={"contour": wrong})
    client.ask("PUT", f"{own}/outline", 409, {"seen": 0},
               json_body={"contour": [[10, 90], [60, 20], [110, 90]]})
    client.ask("PATCH", own, 200, json_body={"side": "right"})
    for wrong in ({"box": {"left_px": 0}}, {"side": "up"}, {},
                  {"box": {"left_px": 0, "top_px": 0, "right_px": 1e5, "bottom_px": 50}}):
        client.ask("PATCH", own, 400, json_body=wrong)
    client.ask("DELETE", own, 204)
    client.ask("DELETE", own, 404)
    for query in ({"review": "x"}, {"tier": "x"}, {"min_quality": 2}, {"min_quality": "nan"},
                  {"side": "up"}, {"individual": 0}):
        client.ask("GET", "/api/fins", 400, query)
    client.get("/api/fins", review=["waiting", "unsure"], tier=["none", "likely", "nobody"],
               text="img", min_quality=0.1, side="left")
    return fin


def test_decisions(client, fin):
    individual = client.get("/api/individuals").json["rows"][0]
    wish = {"kind": "confirm", "fins": [fin["id"]], "individual": individual["id"],
            "seen": [fin["last_decision"]]}
    first = client.post("/api/decisions", wish, 201).json
    assert first["who"] == "local"
    stale = client.post("/api/decisions", wish, 409).json
    assert stale["current"]["fins"][0]["last_decision"] == first["id"], stale
    client.ask("DELETE", f"/api/fins/{fin['id']}", 409)
    assert client.get("/api/decisions", fin=fin["id"]).json["rows"][0]["id"] == first["id"]
    undone = client.post(f"/api/decisions/{first['id']}/undo", {"why": "wrong key"}, 201).json
    assert undone["undoes"] == first["id"]
    client.post(f"/api/decisions/{first['id']}/undo", expect=409)
    client.post("/api/decisions/99999/undo", expect=404)
    client.post("/api/decisions", {"kind": "reject", "fins": [fin["id"]],
                                   "individual": individual["id"]}, 201)
    marked = client.get(f"/api/fins/{fin['id']}/candidates").json["rows"]
    assert [c["rejected"] for c in marked if c["individual"] == individual["id"]] in ([True], [])
    made = client.post("/api/decisions", {"kind": "new", "fins": [fin["id"]], "code": "N1"}, 201)
    merge = {"kind": "merge", "individual": individual["id"], "other": made.json["individual"]}
    refused = client.post("/api/decisions", merge, 409).json  # it was said not to be this one
    assert len(refused["current"]["individuals"]) == 2, refused
    other = client.get("/api/individuals").json["rows"][1]["id"]
    client.post("/api/decisions", {**merge, "individual": other}, 201)
    split = client.post("/api/decisions", {"kind": "split", "fins": [fin["id"]]}, 201).json
    assert split["individual_code"]
    client.post("/api/decisions", {"kind": "unsure", "fins": [fin["id"]]}, 201)
    client.post("/api/decisions", {"kind": "discard", "fins": [fin["id"]]}, 201)
    for wrong in ({}, {"kind": "x"}, {"kind": "undo"}, {"kind": "confirm"},
                  {"kind": "confirm", "fins": [0]}, {"kind": "unsure", "fins": [1.5]},
                  {"kind": "unsure", "fins": [fin["id"]], "seen": [1, 2]},
                  {"kind": "unsure", "fins": "all"}):
        client.post("/api/decisions", wrong, 400)
    client.post("/api/decisions", {"kind": "unsure", "fins": [99999]}, 404)


def test_individuals(client):
    code = client.get("/api/individuals/suggest-code").json["code"]
    made = client.post("/api/individuals", {"code": code, "name": "Notch \u00c9", "sex": "female",
                                            "aliases": ["a", "b"], "notes": "two\nlines"}, 201).json
    url = f"/api/individuals/{made['id']}"
    taken = client.post("/api/individuals", {"code": code}, 409).json
    assert taken["current"]["id"] == made["id"], taken
    assert client.get(url).json == made
    changed = client.ask("PATCH", url, 200, json_body={"marks": "x", "age_class": "adult"}).json
    assert changed["name"] == made["name"] and changed["age_class"] == "adult"
    client.ask("PATCH", url, 400, json_body={"best_left": 99999})
    client.ask("PATCH", url, 400, json_body={"sex": "x", "name": 5})
    client.ask("PATCH", "/api/individuals/99999", 404, json_body={"name": "x"})
    for wrong in ({}, {"code": ""}, {"code": "x" * 101}, {"code": "a\u0001"}, {"code": 1}):
        client.post("/api/individuals", wrong, 400)
    assert client.get("/api/individuals", text="notch").json["total"] == 1
    assert client.get("/api/individuals", sex="female", merged="true",
                      sort="last_seen").json["total"] >= 1
    client.get("/api/individuals/0", 404)
    client.get("/api/individuals/99999999999999999999", 404)


def test_encounters(client):
    survey = client.post("/api/surveys", {"code": "S1", "began": "2012-03"}, 201).json
    client.post("/api/surveys", {"code": "S1"}, 409)
    client.post("/api/surveys", {"code": ""}, 400)
    url = f"/api/surveys/{survey['id']}"
    client.get(url)
    client.get("/api/surveys/999", 404)
    client.ask("PATCH", url, 200, json_body={"ended": "2012-05-31", "effort": "40 h"})
    client.ask("PATCH", url, 400, json_body={"ended": 5})
    assert client.get("/api/surveys").json["total"] == 1
    made = client.post("/api/encounters", {
        "code": "E1", "survey": survey["id"], "place": "Hauraki Gulf",
        "position": {"latitude_deg": -36.6, "longitude_deg": 175.1}}, 201).json
    assert made["position"]["altitude_m"] is None
    taken = client.post("/api/encounters", {"code": "E1"}, 409).json
    assert taken["current"]["id"] == made["id"]
    url = f"/api/encounters/{made['id']}"
    assert client.get(url).json == made
    client.get("/api/encounters/999", 404)
    changed = client.ask("PATCH", url, 200, json_body={"notes": "calm", "position": None}).json
    assert changed["position"] is None and changed["place"] == "Hauraki Gulf"
    for wrong in ({"survey": 999}, {"position": {"latitude_deg": 91, "longitude_deg": 0}},
                  {"position": []}, {"began": "x"}):
        client.ask("PATCH", url, 400, json_body=wrong)
    assert client.get("/api/encounters", survey=survey["id"], text="e1").json["total"] == 1


def test_events(client):
    with socket.create_connection(("127.0.0.1", client.port)) as line:
        line.settimeout(20)
        line.sendall(b"GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        text = line.recv(65536)
        while b"listening" not in text:
            text += line.recv(65536)
        task = client.post("/api/tasks", {"kind": "find"}, 202).json["id"]
        while b"event: task" not in text or b"event: catalogue" not in text:
            text += line.recv(65536)
        assert f'"id":{task}'.encode() in text
    CONTRACT.seen.setdefault("listen", set()).add(200)
    wait_for(client, task)


def test_http(client):
    """What is no matter of one operation."""
    client.ask("GET", "/api/nothing", 404)
    client.ask("PUT", "/api/photos", 405)
    client.ask("GET", "/api/photos/x", 404)
    client.ask("GET", "/api/photos/1/", 404)
    json_type = {"Content-Type": "application/json"}
    for body in (b"{", b"[]", b"\"x\"", b"{\"code\": \"\xff\"}", b"[" * 100000, b"",
                 b"{\"code\": 1e999}"):
        client.ask("POST", "/api/individuals", 400, body=body, headers=json_type)
    client.ask("POST", "/api/individuals", 415, body=b"code=x",
               headers={"Content-Type": "application/x-www-form-urlencoded"})
    client.ask("POST", "/api/individuals", 413, body=b" " * 9_000_000, headers=json_type)
    client.ask("POST", "/api/individuals", 415, body=b"x",
               headers={**json_type, "Content-Encoding": "gzip"})
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    for body in (b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--x--\r\n", b"x",
                 b"--x\r\nA: b\r\nContent-Disposition: " + b"a" * 300_000):
        client.ask("POST", "/api/individuals", 415, body=body, headers=form)
        client.ask("POST", "/api/nothing", 404, body=body, headers=form)
    # After each of them the connection is good or closed, never out of step.
    client.get("/api/health")
    client.ask("GET", "/api/photos", 421, headers={"Host": "evil.example"})
    client.ask("GET", "/api/photos", 200, headers={"Host": "localhost:1234"})
    stranger = Client(client.port, CONTRACT, headers={})
    stranger.post("/api/individuals", {"code": "forged"}, 403)
    stranger.ask("DELETE", "/api/fins/1", 403)
    for target in ("/api/photos/%00", "/api/..%2f..%2fetc/passwd", "/..%2f..%2fetc%2fpasswd",
                   "/%2e%2e/%2e%2e/etc/passwd", "/assets/..%5c..%5cx", "/a" * 3000,
                   "/api/photos?text=%ff", "/api/photos?text=%00", "//", "/api//photos"):
        answer = client.raw("GET", target)
        assert answer.status in (400, 404), (target, answer.status)
        assert b"root:" not in answer.body
    long_line = client.raw("GET", "/api/photos?text=" + "x" * 9000)
    assert long_line.status == 414, long_line.status
    answer = client.raw("HEAD", "/api/health")
    assert answer.status == 200 and not answer.body


def smuggle(client):
    """The body of a GET is never taken for the next request."""
    with socket.create_connection(("127.0.0.1", client.port)) as line:
        line.settimeout(20)
        inner = b"GET /api/surveys HTTP/1.1\r\nHost: localhost\r\n\r\n"
        line.sendall(b"GET /api/health HTTP/1.1\r\nHost: localhost\r\nContent-Length: " +
                     str(len(inner)).encode() + b"\r\n\r\n" + inner)
        text = b""
        while piece := line.recv(65536):
            text += piece
        assert text.count(b"HTTP/1.1") == 1, text


def test_client_gone(client):
    photo = client.get("/api/photos").json["rows"][0]["id"]
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", client.port)) as line:
            line.sendall(f"GET /api/photos/{photo}/file HTTP/1.1\r\nHost: localhost\r\n\r\n"
                         .encode())
            line.recv(100)
    client.get("/api/health")


def archive_with_tricks():
    """A tar whose members try to leave the folder."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as tar:
        for name in ("good/a.txt", "../evil.txt", "/evil.txt", "good/../../evil.txt"):
            member = tarfile.TarInfo(name)
            member.size = 4
            tar.addfile(member, io.BytesIO(b"text"))
        link = tarfile.TarInfo("good/link")
        link.type = tarfile.SYMTYPE
        link.linkname = "/etc/passwd"
        tar.addfile(link)
        through = tarfile.TarInfo("good/link/passwd")
        through.size = 4
        tar.addfile(through, io.BytesIO(b"text"))
    return data.getvalue()


def test_files(client, project, survey):
    def put(area, path, data):
        upload_id = upload(client, "any name", data)
        return client.post(f"/api/uploads/{upload_id}/move", {"area": area, "path": path}, 201).json

    picture = next((survey / "photos").rglob("*.jpg")).read_bytes()
    entry = put("images", "trips/\u6d77/a.jpg", picture)
    assert entry["kind"] == "image" and entry["size_bytes"] == len(picture), entry
    put("images", "trips/b.jpg", picture)
    taken = upload(client, "x", b"x")
    move = {"area": "images", "path": "trips/b.jpg"}
    assert client.post(f"/api/uploads/{taken}/move", move, 409)
    client.post(f"/api/uploads/{taken}/move", {"area": "images", "path": "../x"}, 400)
    client.post(f"/api/uploads/{taken}/move", {"area": "system", "path": "x"}, 400)
    client.ask("DELETE", f"/api/uploads/{taken}", 204)
    listed = client.get("/api/files/images", path="trips").json
    assert [row["name"] for row in listed["rows"]] == ["\u6d77", "b.jpg"], listed
    assert client.get("/api/files/images", path="trips", text="B.J").json["total"] == 1
    content = client.get("/api/files/images/content", path="trips/b.jpg")
    assert content.body == picture and content.headers["Content-Disposition"] == "attachment"
    client.ask("GET", "/api/files/images/content", 304, {"path": "trips/b.jpg"},
               headers={"If-None-Match": content.headers["ETag"]})
    part = client.ask("GET", "/api/files/images/content", 206, {"path": "trips/b.jpg"},
                      headers={"Range": "bytes=1-2"})
    assert part.body == picture[1:3]
    client.get("/api/files/images/thumbnail", path="trips/b.jpg", width=100)
    # Links lead nowhere, wherever they point.
    area = project / "areas" / "images"
    (area / "link").symlink_to("/etc")
    (area / "passwd").symlink_to("/etc/passwd")
    os.mkfifo(area / "pipe")
    for path in ("link/passwd", "passwd", "pipe", "nothing", "trips"):
        client.get("/api/files/images/content", 404, path=path)
    for path in ("../project.json", "/etc/passwd", "a/../b", "a\\b", "x" * 300, "\u0000"):
        client.get("/api/files/images/content", 400, path=path)
        client.get("/api/files/images/thumbnail", 400, path=path)
    client.get("/api/files/images", 404, path="link")
    client.get("/api/files/system", 404)
    assert "link" not in [row["name"] for row in client.get("/api/files/images").json["rows"]]
    # Folders, moves.
    client.post("/api/files/outputs/folder", {"path": "made/inside"}, 201)
    client.post("/api/files/outputs/folder", {"path": "made/../x"}, 400)
    client.post("/api/files/images/folder", {"path": "trips/b.jpg/x"}, 409)
    client.post("/api/files/images/move", {"path": "trips/b.jpg", "to": "best/b.jpg"}, 200)
    client.post("/api/files/images/move", {"path": "trips/b.jpg", "to": "x"}, 404)
    client.post("/api/files/images/move", {"path": "trips", "to": "trips/x"}, 400)
    put("images", "c.jpg", picture)
    client.post("/api/files/images/move", {"path": "c.jpg", "to": "best/b.jpg"}, 409)

    def do(path, wish, state="done"):
        task = client.post(f"/api/files/{path}", wish, 202).json
        return wait_for(client, task["id"], state)

    do("images/copy", {"path": "trips", "to": "copied", "to_area": "outputs"})
    assert client.get("/api/files/outputs/content", path="copied/\u6d77/a.jpg").body == picture
    client.post("/api/files/images/copy", {"path": "none", "to": "x"}, 404)
    for form in ("zip", "tar.gz"):
        do("images/archive", {"paths": ["trips", "best"], "to": f"all.{form}", "format": form})
        do("images/extract", {"path": f"all.{form}", "to": f"again {form}"})
        again = client.get("/api/files/images/content", path=f"again {form}/trips/\u6d77/a.jpg")
        assert again.body == picture
    client.post("/api/files/images/archive", {"paths": [], "to": "x"}, 400)
    put("images", "tricks.tar.gz", archive_with_tricks())
    done = do("images/extract", {"path": "tricks.tar.gz", "to": "unpacked"})
    assert done["failed"] == 4, done  # three paths that leave, one link
    assert not list(project.rglob("evil.txt"))
    put("datasets", "map.csv", "file,class\ntrips/\u6d77/a.jpg,7\nbest/b.jpg,../8\nno.jpg,1\n"
        .encode())
    sorted_files = do("datasets/sort", {"path": "map.csv", "to": "sorted", "to_area": "outputs"})
    assert sorted_files["failed"] == 1, sorted_files
    client.get("/api/files/outputs/content", path="sorted/7/a.jpg")
    client.post("/api/files/datasets/sort", {"path": "map.csv"}, 400)
    # The trash.
    thrown = client.post("/api/files/images/trash", {"paths": ["best"]}, 200).json["rows"][0]
    client.get("/api/files/images", 404, path="best")
    assert client.get("/api/files/images/trash").json["rows"][0]["path"] == "best"
    client.post("/api/files/images/restore", {"ids": [thrown["id"]]}, 204)
    client.post("/api/files/images/restore", {"ids": [thrown["id"]]}, 404)
    client.get("/api/files/images", path="best")
    thrown = client.post("/api/files/images/trash", {"paths": ["best"]}, 200).json["rows"][0]
    client.post("/api/files/images/folder", {"path": "best"}, 201)
    client.post("/api/files/images/restore", {"ids": [thrown["id"]]}, 409)
    client.post("/api/files/images/purge", {"ids": ["../../.."]}, 404)
    client.post("/api/files/images/purge", {"ids": [thrown["id"]]}, 204)
    client.post("/api/files/images/trash", {"paths": ["none"]}, 404)
    # Tables.
    page = client.get("/api/datasets/table", path="map.csv", sort="class", limit=2).json
    assert page["columns"] == ["file", "class"] and page["total"] == 3, page
    assert [row[1] for row in page["rows"]] == ["1", "7"], page
    put("datasets", "t.json", b'[{"a": 1}, {"b": "x", "a": null}]')
    assert client.get("/api/datasets/table", path="t.json").json["columns"] == ["a", "b"]
    client.get("/api/datasets/table", 400, path="map.csv", sort="none")
    datasets = project / "areas/datasets"
    (datasets / "gaps.csv").write_text("a,b\n1,x\n,y\n10,z\nw,v\n")
    for descending, order in (("false", ["1", "10", "w", ""]), ("true", ["w", "10", "1", ""])):
        gaps = client.get("/api/datasets/table", path="gaps.csv", sort="a", descending=descending)
        assert [row[0] for row in gaps.json["rows"]] == order, gaps.json
    (datasets / "gaps.csv").write_text("a,b\n2,x\n")  # a changed file is read again
    assert client.get("/api/datasets/table", path="gaps.csv").json["rows"] == [["2", "x"]]
    for form, columns in (("json", "individual"), ("coco", "individual")):
        (datasets / f"own.{form}.json").write_bytes(client.get(f"/api/exports/{form}").body)
        own = client.get("/api/datasets/table", path=f"own.{form}.json").json
        assert columns in own["columns"] and own["total"] > 0, own
    client.get("/api/datasets/table", 404, path="none.csv")


def test_results(client):
    client.get("/api/map", 404)
    task = client.post("/api/tasks", {"kind": "map"}, 202).json
    while (now := client.get(f"/api/tasks/{task['id']}").json)["state"] in ("waiting", "running"):
        time.sleep(0.1)
    if now["state"] == "done":
        answer = client.get("/api/map")
        shown = answer.json
        tag = {"If-None-Match": answer.headers["ETag"]}
        client.ask("GET", "/api/map", 304, headers=tag)
        fin = client.get(f"/api/fins/{shown['fin'][0]}").json
        client.ask("PATCH", f"/api/fins/{fin['id']}", 200, json_body={"side": "left"})
        client.ask("GET", "/api/map", 200, headers=tag)
        assert client.get("/api/map").json == shown
        assert fin["review"] == shown["review"][0] and fin["individual"] == shown["individual"][0]
        assert len({len(shown[name]) for name in shown if name not in ("made", "recipe")}) == 1
        assert shown["fin"]
    else:
        raise AssertionError(now)
    for form in client.get("/api/exports").json["rows"]:
        answer = client.get(f"/api/exports/{form['format']}", None)
        assert answer.status == 200 or form["format"] == "wildbook", answer.body
    client.get("/api/exports/none", 404)
    task = client.post("/api/tasks", {"kind": "export", "options": {"format": "csv",
                                                                    "to": "x/all.csv"}}, 202).json
    wait_for(client, task["id"])
    assert b"," in client.get("/api/files/outputs/content", path="x/all.csv").body
    for _ in range(2):  # without a name each gets one of its own
        task = client.post("/api/tasks", {"kind": "export", "options": {"format": "csv"}}, 202).json
        file = wait_for(client, task["id"])["result"]["file"]
        assert f"-{task['id']}." in file, file
        client.get("/api/files/outputs/content", path=file.removeprefix("outputs/"))


def test_duplicates(client):
    def pairs(**which):
        return client.get("/api/duplicates/pairs", **which).json

    assert pairs() == {"made": "", "rows": [], "total": 0}
    assert client.get("/api/duplicates/misfiled").json == {"made": "", "rows": [], "total": 0}
    client.post("/api/tasks", {"kind": "duplicates", "options": {"min-probability": 2}}, 400)
    task = client.post("/api/tasks", {"kind": "duplicates",
                                      "options": {"min-probability": 0.01}}, 202).json
    done = wait_for(client, task["id"])
    found = pairs()
    assert found["made"] and found["total"] == done["result"]["num_pairs"] > 0, (found, done)
    chances = [pair["probability"] for pair in found["rows"]]
    assert chances == sorted(chances, reverse=True) and min(chances) >= 0.01, chances
    pair = found["rows"][0]
    first, second = pair["first"]["id"], pair["second"]["id"]
    assert client.get(f"/api/fins/{pair['first_fin']}").json["individual"] == first
    assert client.get(f"/api/fins/{pair['second_fin']}").json["individual"] == second
    assert pair in pairs(individual=second)["rows"]
    assert all(first in (one["first"]["id"], one["second"]["id"])
               for one in pairs(individual=first)["rows"])
    assert pairs(limit=1)["rows"] == [pair] and pairs(offset=found["total"])["rows"] == []
    # What a person settles is not suspected any more, until it is taken back.
    for wish in ({"kind": "reject", "fins": [pair["first_fin"]], "individual": second},
                 {"kind": "merge", "individual": first, "other": second}):
        made = client.post("/api/decisions", wish, 201).json
        codes = [{one["first"]["id"], one["second"]["id"]} for one in pairs()["rows"]]
        assert {first, second} not in codes, wish
        client.post(f"/api/decisions/{made['id']}/undo", expect=201)
        assert pairs() == found, wish
    misfiled = client.get("/api/duplicates/misfiled").json
    assert misfiled["total"] == done["result"]["num_misfiled"], misfiled
    for wrong in ({"individual": 0}, {"limit": 0}, {"sort": "code"}):
        client.get("/api/duplicates/pairs", 400, **wrong)


def test_metrics(client):
    text = client.get("/metrics").body.decode()
    assert 'finview_http_requests_total{method="GET",route="/api/health"' in text, text[:500]
    assert 'finview_tasks{state="done"}' in text


def test_documentation(client, survey, scratch):
    """What docs/api.md says to type works."""
    text = (ROOT / "docs/api.md").read_text()
    script = "\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL))
    assert script.count("curl") >= 7
    picture = next((survey / "catalogue").rglob("*.jpg"))
    subprocess.run(["bash", "-euc", script], check=True, cwd=scratch, stdout=subprocess.DEVNULL,
                   env={**os.environ, "SERVER": f"http://127.0.0.1:{client.port}",
                        "PHOTO": str(picture)})


def form(*files, name="images"):
    body = b"".join(f'--b\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n'
                    "Content-Type: image/jpeg\r\n\r\n".encode() + data + b"\r\n"
                    for file, data in files)
    return {"body": body + b"--b--\r\n", "headers": {"Content-Type": "multipart/form-data; boundary=b"}}


def test_match(client, survey):
    """As another program asks: no cookie, no header of ours."""
    app = Client(client.port, CONTRACT, headers={"Authorization": "Bearer any"})
    for folder in sorted((survey / "catalogue").iterdir()):
        pictures = [(path.name, path.read_bytes()) for path in sorted(folder.glob("*.jpg"))]
        for name in ("images", "images[]"):
            matches = app.ask("POST", "/match", 200, **form(*pictures, name=name)).json["matches"]
            assert [match["rank"] for match in matches] == list(range(1, len(matches) + 1))
            ratings = [match["rating"] for match in matches]
            assert ratings == sorted(ratings, reverse=True) and sum(ratings) <= 1 + 1e-9
            assert matches[0]["id"].startswith(folder.name), (folder.name, matches)
            assert matches[0]["details"].startswith(f"catalogue/{folder.name}/"), matches[0]
    before = client.get("/api/individuals", text=folder.name).json["rows"][0]
    client.ask("PATCH", f"/api/individuals/{before['id']}", 200, json_body={"name": "Muddy"})
    matches = app.ask("POST", "/match", 200, **form(*pictures)).json["matches"]
    assert matches[0]["id"] == f"{before['code']} (Muddy)", matches
    broken = app.ask("POST", "/match", 422, **form(("bad_file.txt", b"no photo"))).json
    assert "bad_file.txt" in broken["detail"], broken
    app.ask("POST", "/match", 422, **form())
    app.ask("POST", "/match", 422, **form(*pictures, name="other"))
    app.ask("POST", "/match", 422, body=b"{}", headers={"Content-Type": "application/json"})
    app.ask("POST", "/match", 422)
    app.ask("POST", "/match", 413, body=b"--b\r\n" + bytes(64_000_001),
            headers={"Content-Type": "multipart/form-data; boundary=b"})
    app.ask("GET", "/match", 405)


def test_users(client, port):
    client.post("/api/users", {"name": "Ana", "password": "correct horse", "role": "viewer"}, 400)
    client.post("/api/users", {"name": "Ana", "password": "short", "role": "admin"}, 400)
    client.post("/api/tokens", {"name": "none needed"}, 409)
    client.post("/api/users", {"name": "Ana", "password": "correct horse", "role": "admin"}, 201)
    # From now on everybody must log in.
    stranger = Client(port, CONTRACT, headers={})
    stranger.get("/api/photos", 401)
    stranger.get("/api/users", 401)
    stranger.post("/api/individuals", {"code": "x"}, 401)
    stranger.ask("POST", "/match", 401, **form(("a.jpg", b"x")))
    Client(port, CONTRACT, headers={"Authorization": "Bearer x"}).ask(
        "POST", "/match", 401, **form(("a.jpg", b"x")))
    me = stranger.get("/api/me").json
    assert me["login_needed"] and me["role"] is None, me
    stranger.post("/api/login", {"name": "Ana", "password": "wrong"}, 401)
    stranger.post("/api/login", {"name": "Nobody", "password": "wrong"}, 401)
    stranger.post("/api/login", {"name": "Ana"}, 400)

    def log_in(name, password):
        answer = stranger.post("/api/login", {"name": name, "password": password}, 200)
        cookie = answer.headers["Set-Cookie"]
        assert "HttpOnly" in cookie and "SameSite=Strict" in cookie, cookie
        return Client(port, CONTRACT, {"Cookie": cookie.split(";")[0],
                                       "X-CSRF-Token": answer.json["csrf_token"]})

    ana = log_in("Ana", "correct horse")
    assert ana.get("/api/me").json["name"] == "Ana"
    forged = Client(port, CONTRACT, {"Cookie": ana.headers["Cookie"],
                                     "X-Requested-With": "finview"})
    forged.post("/api/individuals", {"code": "forged"}, 403)
    ana.post("/api/users", {"name": "Ben", "password": "battery staple", "role": "viewer"}, 201)
    ana.post("/api/users", {"name": "ben", "password": "battery staple", "role": "viewer"}, 409)
    assert ana.get("/api/users").json["total"] == 2
    ben = log_in("Ben", "battery staple")
    ben.get("/api/photos")
    ben.get("/api/users", 403)
    ben.post("/api/individuals", {"code": "x"}, 403)
    ben.ask("PATCH", "/api/users/Ben", 403, json_body={"role": "admin"})
    ben.ask("PATCH", "/api/users/Ana", 403, json_body={"password": "taken over!"})
    ana.ask("PATCH", "/api/users/Ben", 200, json_body={"role": "reviewer"})
    fin = ben.get("/api/fins").json["rows"][0]
    assert ben.post("/api/decisions", {"kind": "unsure", "fins": [fin["id"]]}, 201).json["who"] \
        == "Ben"
    made = ben.post("/api/tokens", {"name": "script"}, 201).json
    program = Client(port, CONTRACT, {"Authorization": "Bearer " + made["token"]})
    program.post("/api/decisions", {"kind": "unsure", "fins": [fin["id"]]}, 201)
    assert ben.get("/api/tokens").json["rows"][0]["last_used"]
    ana.ask("DELETE", f"/api/tokens/{made['id']}", 404)
    ben.ask("DELETE", f"/api/tokens/{made['id']}", 204)
    program.get("/api/photos", 401)
    ben.post("/api/logout", expect=204)
    ben.get("/api/photos", 401)
    ana.ask("DELETE", "/api/users/Ben", 204)
    ana.ask("DELETE", "/api/users/Ben", 404)
    ana.ask("DELETE", "/api/users/Ana", 409)  # the last admin
    for _ in range(10):
        last = stranger.post("/api/login", {"name": "Eve", "password": "guess"})
    assert stranger.post("/api/login", {"name": "Eve", "password": "guess"}).status == 429, last
    return ana


def main():
    finview, scratch = sys.argv[1], pathlib.Path(sys.argv[2])
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    render(finview, str(scratch / "survey"))
    project = scratch / "project \u6d77"
    subprocess.run([finview, "project", "init", str(project)], check=True,
                   stdout=subprocess.DEVNULL)
    server = Server(finview, project)
    client = Client(server.port, CONTRACT)
    test_basics(client)
    test_uploads(client)
    half = half_upload(client)
    test_import(client, scratch / "survey")
    test_tasks(client)
    test_outline_edits(client)
    fin = test_fins(client)
    test_decisions(client, fin)
    test_photos(client)
    test_individuals(client)
    test_encounters(client)
    test_files(client, project, scratch / "survey")
    test_results(client)
    test_duplicates(client)
    test_events(client)
    test_match(client, scratch / "survey")
    test_documentation(client, scratch / "survey", scratch)
    test_http(client)
    smuggle(client)
    test_client_gone(client)
    test_metrics(client)
    # Killed, and started again: the upload goes on where it stood.
    server.stop(signal.SIGKILL)
    server = Server(finview, project)
    client = Client(server.port, CONTRACT)
    assert client.get(half["url"]).json["offset"] == 400
    client.ask("PUT", half["url"], 200, {"offset": 400}, body=b"x" * 600,
               headers={"Content-Type": "application/octet-stream"})
    test_users(client, server.port)
    assert server.stop() == 0
    refused = subprocess.run([finview, "serve", "--project", str(scratch / "none")],
                             capture_output=True, text=True, check=False)
    assert refused.returncode == 3 and "project init" in refused.stderr, refused
    missing = sorted(set(CONTRACT.operations) - set(CONTRACT.seen))
    without_success = sorted(name for name, statuses in CONTRACT.seen.items()
                             if not any(status < 400 for status in statuses))
    print(f"{len(CONTRACT.seen)} of {len(CONTRACT.operations)} operations asked")
    assert not missing, f"not asked: {missing}"
    assert not without_success, f"never with success: {without_success}"


main()
