#!/usr/bin/env python3
"""Asks every operation with values right and wrong: no 5xx, no answer outside the contract.

  fuzz.py FINVIEW SCRATCH_FOLDER [--requests 20000] [--seed 1]
"""

import argparse
import json
import pathlib
import random
import shutil
import subprocess
import urllib.parse

from contract import Contract
from server import Client, Server

# Listening never ends; the others would end the fuzzing.
LEFT_OUT = {"listen", "add_user", "log_in"}
# Starts real work, which would be all the server does.
RARE = {"add_task", "get_why", "edit_fin_outline", "set_fin_outline", "undo_fin_outline", "redo_fin_outline"}
TEXTS = ["", "a", "x" * 300, "x" * 5000, "../../etc/passwd", "/etc/passwd", "a\\b", "\u0000",
         "\u6d77\U0001f42c", "'; DROP TABLE photos; --", "%s%n", "true", "null", "-1", "0", "1",
         "1.5", "1e999", "nan", "99999999999999999999", "\u202e", "CON", "a/b/c", ".", "..", "~"]
NUMBERS = [0, 1, 2, 3, -1, 1.5, 1e300, -1e300, 2**31, 2**53, 2**63, 2**64, 1e-300]
BODIES = [b"", b"{", b"[]", b"null", b"\xff\xfe", b"{\"a\":" * 50 + b"1" + b"}" * 50, b"\"x\"",
          b"1" * 1000, b"{\"id\": 1, \"id\": 2}", b"[" * 3000]
HEADERS = [{}, {"Range": "bytes=0-3"}, {"Range": "bytes=5-1"}, {"Range": "x"},
           {"If-None-Match": "\"x\""}, {"Accept": "text/html"}, {"Content-Type": "text/xml"},
           {"X-Requested-With": ""}, {"Authorization": "Bearer x"}, {"Cookie": "finview_session=x"},
           {"Host": "example.org"}, {"Expect": "x"}, {"Origin": "http://example.org"}]


class Fuzzer:
    def __init__(self, contract, seed):
        self.contract = contract
        self.random = random.Random(seed)

    def wrong(self):
        kind = self.random.randrange(5)
        if kind == 0:
            return self.random.choice(NUMBERS)
        if kind == 1:
            return self.random.choice([None, True, False])
        if kind == 2:
            return [self.wrong() for _ in range(self.random.randrange(3))]
        if kind == 3:
            return {self.random.choice(TEXTS[1:3]): self.random.choice(TEXTS)}
        return self.random.choice(TEXTS)

    def value(self, schema, depth=0):
        """Mostly what the schema wants."""
        schema = self.contract.resolve(schema)
        if self.random.random() < 0.08 or depth > 6:
            return self.wrong()
        if "enum" in schema:
            return self.random.choice(schema["enum"])
        if "oneOf" in schema:
            return self.value(self.random.choice(schema["oneOf"]), depth + 1)
        kind = schema.get("type", "string")
        if isinstance(kind, list):
            kind = self.random.choice(kind)
        if kind == "object":
            made = {name: self.value(inner, depth + 1)
                    for name, inner in schema.get("properties", {}).items()
                    if name in schema.get("required", []) or self.random.random() < 0.6}
            if self.random.random() < 0.05:
                made["nonsense"] = self.wrong()
            return made
        if kind == "array":
            return [self.value(schema.get("items", {}), depth + 1)
                    for _ in range(self.random.randrange(schema.get("minItems", 0), 5))]
        if kind in ("integer", "number"):
            low = schema.get("minimum", -3)
            return self.random.choice(
                [low, low + 1, low + self.random.randrange(6), schema.get("maximum", 7)])
        return {"boolean": lambda: self.random.random() < 0.5, "null": lambda: None}.get(
            kind, lambda: self.random.choice(TEXTS + ["img", "images", "D1", "2012-03-07"]))()

    def text(self, schema):
        value = self.value(schema)
        if isinstance(value, bool):
            return str(value).lower()
        return value if isinstance(value, str) else json.dumps(value)

    def form(self):
        """Mostly no form, or no pictures in it."""
        body = b""
        for _ in range(self.random.randrange(4)):
            name = self.random.choice(["images", "images[]", *TEXTS]).encode("utf-8", "replace")
            data = bytes(self.random.randrange(256) for _ in range(self.random.randrange(20)))
            body += b"--x\r\nContent-Disposition: form-data; name=\"" + name + b"\"\r\n\r\n" + data
            body += b"\r\n"
        body += b"--x--\r\n"
        cut = self.random.randrange(len(body))
        return body if self.random.random() < 0.5 else body[:cut] + b"--x" + body[cut:]

    def request(self, name):
        """method, target, body, headers"""
        method, path, operation, parameters = self.contract.operations[name]
        query = []
        for parameter in parameters:
            if parameter["in"] == "path":
                value = self.text(parameter["schema"])
                path = path.replace("{" + parameter["name"] + "}",
                                    urllib.parse.quote(value, safe="") or "0")
            elif parameter.get("required") or self.random.random() < 0.4:
                query.append((parameter["name"], self.text(parameter["schema"])))
        if self.random.random() < 0.03:
            query.append((self.random.choice(TEXTS), self.random.choice(TEXTS)))
        target = path + ("?" + urllib.parse.urlencode(query) if query else "")
        headers = dict(self.random.choice(HEADERS)) if self.random.random() < 0.2 else {}
        body = None
        content = self.contract.resolve(operation.get("requestBody", {})).get("content", {})
        if "application/json" in content:
            headers.setdefault("Content-Type", "application/json")
            body = json.dumps(self.value(content["application/json"]["schema"])).encode()
            if self.random.random() < 0.05:
                body = self.random.choice(BODIES)
        elif "multipart/form-data" in content:
            headers.setdefault("Content-Type", "multipart/form-data; boundary=x")
            body = self.form()
        elif content:
            headers.setdefault("Content-Type", "application/octet-stream")
            body = bytes(self.random.randrange(256) for _ in range(self.random.randrange(20)))
        return method, target, body, headers


def prepare(finview, scratch):
    """A project with photos of known individuals, without asking a network."""
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run([finview, "synth", "--out", scratch / "survey", "--individuals", "3",
                    "--photos", "3", "--catalogue-photos", "3", "--encounters", "1", "--size",
                    "400x267", "--unknown-share", "0", "--empty-share", "0"], **quiet)
    subprocess.run([finview, "project", "init", scratch / "project"], **quiet)
    subprocess.run([finview, "import", scratch / "survey" / "catalogue", "--individuals", "folder",
                    "--project", scratch / "project"], **quiet)
    shutil.copytree(scratch / "survey" / "photos", scratch / "project/areas/images/a")
    return scratch / "project"


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("finview")
    arguments.add_argument("scratch", type=pathlib.Path)
    arguments.add_argument("--requests", type=int, default=20000)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    contract = Contract()
    fuzzer = Fuzzer(contract, options.seed)
    server = Server(options.finview, prepare(options.finview, options.scratch))
    client = Client(server.port, contract)
    names = sorted(set(contract.operations) - LEFT_OUT)
    counts = {}
    for number in range(options.requests):
        name = fuzzer.random.choice(names)
        if name in RARE and fuzzer.random.random() < 0.9:
            continue
        method, target, body, headers = fuzzer.request(name)
        said = f"request {number}: {method} {target} {headers} {(body or b'')[:300]}"
        answer = client.raw(method, target, body, headers)
        assert answer.status < 500, f"{said}: {answer.status} {answer.body[:300]}"
        # What the values made of the path may be another operation, or none.
        path = urllib.parse.unquote(target.split("?")[0])
        meant = contract.operation_of(method, path) or name
        try:
            if answer.status != 414:
                contract.check_answer(meant, answer.status, answer.headers.get("Content-Type"),
                                      answer.body)
        except AssertionError as error:
            raise AssertionError(f"{said}: {error}") from error
        counts[answer.status] = counts.get(answer.status, 0) + 1
    assert server.process.poll() is None, "the server is gone"
    print(f"{sum(counts.values())} requests, answers by status: {dict(sorted(counts.items()))}; "
          f"peak memory of the server {server.memory_mb():.0f} MB")
    server.stop()


main()
