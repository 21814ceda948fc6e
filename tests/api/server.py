"""A real server process on a project of its own, and a client that checks every answer."""

import atexit
import http.client
import json
import os
import pathlib
import re
import signal
import subprocess
import urllib.parse

from contract import Contract

LOCAL = {"X-Requested-With": "finview"}


class Server:
    def __init__(self, finview, project, environment=None, command=None):
        self.process = subprocess.Popen(
            command or [finview, "serve", "--project", str(project), "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})})
        atexit.register(self.process.kill)  # also when a test fails
        line = self.process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
        assert found, f"the server did not start: {line!r}"
        self.port = int(found.group(1))

    def memory_mb(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status).group(1)) / 1024

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        return self.process.wait(60)


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)


class Client:
    """Keeps one connection; every answer is held against the contract."""

    def __init__(self, port, contract=None, headers=None):
        self.port = port
        self.contract = contract or Contract()
        self.headers = LOCAL if headers is None else headers
        self.connection = None

    def raw(self, method, target, body=None, headers=None):
        all_headers = {**self.headers, **(headers or {})}
        for attempt in (1, 2):
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            try:
                self.connection.request(method, target, body, all_headers)
                got = self.connection.getresponse()
                return Answer(got.status, got.headers, got.read())
            except (http.client.HTTPException, ConnectionError):
                self.connection.close()
                self.connection = None
                if attempt == 2:
                    raise
        return None

    def ask(self, method, path, expect=None, query=None, json_body=None, body=None, headers=None):
        target = urllib.parse.quote(path, safe="/")
        if query:
            target += "?" + urllib.parse.urlencode(query, doseq=True)
        headers = dict(headers or {})
        if json_body is not None:
            body = json.dumps(json_body)
            headers.setdefault("Content-Type", "application/json")
        answer = self.raw(method, target, body, headers)
        name = self.contract.operation_of(method, path)
        if name:
            self.contract.check_answer(
                name, answer.status, answer.headers.get("Content-Type"), answer.body)
        assert answer.headers.get("X-Content-Type-Options") == "nosniff", f"{method} {path}"
        assert "default-src 'self'" in answer.headers.get("Content-Security-Policy", "")
        if expect is not None:
            assert answer.status == expect, \
                f"{method} {target} {json_body}: {answer.status}, not {expect}: {answer.body[:400]}"
        return answer

    def get(self, path, expect=200, /, **query):
        return self.ask("GET", path, expect, query)

    def post(self, path, json_body=None, expect=None, **more):
        return self.ask("POST", path, expect, json_body=json_body, **more)
