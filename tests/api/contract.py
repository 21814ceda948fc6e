"""Holds requests and answers against api/openapi.yaml."""

import json
import pathlib
import re

import jsonschema
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
METHODS = ("get", "post", "put", "patch", "delete")


class Contract:
    def __init__(self):
        self.spec = yaml.safe_load((ROOT / "api/openapi.yaml").read_text())
        self.operations = {}  # operationId -> (method, path, operation, parameters)
        for path, item in self.spec["paths"].items():
            shared = [self.resolve(p) for p in item.get("parameters", [])]
            for method in METHODS:
                if method in item:
                    operation = item[method]
                    own = [self.resolve(p) for p in operation.get("parameters", [])]
                    self.operations[operation["operationId"]] = (
                        method.upper(), path, operation, shared + own)
        self.seen = {}  # operationId -> set of statuses
        self.patterns = [
            (name, method, re.compile("^" + re.sub(r"\{[^}]+\}", "[^/]+", path) + "$"),
             path.count("{"))
            for name, (method, path, _, _) in self.operations.items()]

    def resolve(self, node):
        while "$ref" in node:
            target = self.spec
            for part in node["$ref"][2:].split("/"):
                target = target[part]
            node = target
        return node

    def schema(self, schema):
        """With the components beside it, so that its references can be followed."""
        return {"components": self.spec["components"], **schema}

    def faults(self, schema, value):
        validator = jsonschema.Draft202012Validator(self.schema(schema))
        return [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}"
                for e in validator.iter_errors(value)]

    def operation_of(self, method, path):
        """The operation's name; written words count more than places."""
        fits = [(places, name) for name, m, pattern, places in self.patterns
                if m == method and pattern.match(path)]
        return min(fits)[1] if fits else None

    def request_fits(self, name, body):
        """Whether a JSON body is what the operation asks for."""
        content = self.resolve(self.operations[name][2].get("requestBody", {})).get("content", {})
        schema = content.get("application/json", {}).get("schema")
        return schema is None or not self.faults(schema, body)

    def check_answer(self, name, status, content_type, body):
        """Throws if the answer is not one of the contract."""
        operation = self.operations[name][2]
        responses = operation["responses"]
        self.seen.setdefault(name, set()).add(status)
        response = responses.get(str(status))
        if response is None:
            assert status >= 400, f"{name}: status {status} is not in the contract"
            response = responses["default"]
        content = self.resolve(response).get("content", {})
        if not content:
            assert not body, f"{name}: {status} has a body: {body[:100]}"
            return
        kind = (content_type or "").split(";")[0]
        assert kind in content, f"{name}: {status} is {kind}, not {list(content)}"
        if kind.endswith("json"):
            value = json.loads(body.decode("utf-8"))
            faults = self.faults(content[kind]["schema"], value)
            assert not faults, f"{name}: {status} {faults[:5]}"
            if kind == "application/problem+json":
                assert value["status"] == status, f"{name}: {value}"
        if kind == "image/jpeg":
            assert body[:2] == b"\xff\xd8", f"{name}: no JPEG"
