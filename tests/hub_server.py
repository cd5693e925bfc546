"""A small Hugging Face Hub on 127.0.0.1: enough of its protocol for the real client to fetch, fail and push.

What it speaks: `resolve` with ETag, X-Repo-Commit and X-Linked-* headers; errors by X-Error-Code; ranges; cut and
oversized bodies; repository creation, preupload, LFS upload and commits.
"""

import base64
import hashlib
import json
import re
import socket
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from local_http import LocalHandler, LocalServer, running

TOKEN = "hf_right"
RESOLVE = re.compile(r"/(?P<repo>[^/]+/[^/]+)/resolve/(?P<revision>[^/]+)/(?P<file>.+)")


@dataclass
class Repo:
    """A repository with one commit, and how it misbehaves.

    gated: only `TOKEN` may read. cut: bytes that the first download gets before the connection is dropped; the next
    one goes through, or meets an error 500 where `then_broken`. lie: bytes sent in place of the file, of the same
    length. size: the declared size, where it is not the true one. silent: no size is declared at all. dead: drops
    every connection. plagues: methods, statuses and headers with which the next requests are answered, one each.
    stalls: how many downloads get `stall` bytes, and nothing more for `seconds`.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    commit: str = "c" * 40
    gated: bool = False
    cut: int | None = None
    then_broken: bool = False
    lie: dict[str, bytes] = field(default_factory=dict)
    size: int | None = None
    silent: bool = False
    dead: bool = False
    private: bool = False
    plagues: list[tuple[str, int, dict[str, str]]] = field(default_factory=list)
    stall: int = 60_000
    stalls: int = 0
    seconds: float = 3.0


class Hub(LocalServer):
    """The server; `repos` by `owner/name`, `log` of (method, path), `stored` LFS objects by sha256."""

    def __init__(self) -> None:
        super().__init__(_Handler)
        self.repos: dict[str, Repo] = {}
        self.log: list[tuple[str, str]] = []
        self.stored: dict[str, bytes] = {}


def serving() -> AbstractContextManager[Hub]:
    """A running Hub, stopped at the end."""
    return running(Hub())


class _Handler(LocalHandler):
    server: Hub

    def do_HEAD(self) -> None:
        self._resolve(send_body=False)

    def do_GET(self) -> None:
        self._resolve(send_body=True)

    def do_PUT(self) -> None:
        self.server.log.append(("PUT", self.path))
        self.server.stored[self.path.rsplit("/", 1)[1]] = self.body()
        self.answer(200, b"")

    def do_POST(self) -> None:
        path = urlsplit(self.path).path
        self.server.log.append(("POST", path))
        body = self.body()
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self._fail(401, "", "Invalid username or password.")
        elif path == "/api/repos/create":
            self._create(json.loads(body))
        elif path == "/api/validate-yaml":
            self.json({"errors": [], "warnings": []})
        elif "/preupload/" in path:
            files = [
                {"path": file["path"], "uploadMode": "lfs" if file["path"].endswith(".safetensors") else "regular"}
                for file in json.loads(body)["files"]
            ]
            self.json({"files": [{**file, "shouldIgnore": False} for file in files]})
        elif path.endswith("/info/lfs/objects/batch"):
            objects = [
                {**wanted, "actions": {"upload": {"href": f"{self.server.url}/lfs/{wanted['oid']}"}}}
                for wanted in json.loads(body)["objects"]
            ]
            self.json({"objects": objects})
        elif match := re.fullmatch(r"/api/models/([^/]+/[^/]+)/commit/main", path):
            self._commit(match[1], body)
        else:
            self._fail(404, "", f"unknown {path}")

    def _resolve(self, send_body: bool) -> None:
        self.server.log.append((self.command, self.path))
        match = RESOLVE.fullmatch(unquote(urlsplit(self.path).path))
        repo = self.server.repos.get(match["repo"]) if match else None
        authorised = self.headers.get("Authorization") == f"Bearer {TOKEN}"
        if repo is not None and repo.dead:
            self._drop()
        elif repo is not None and repo.plagues and repo.plagues[0][0] in (self.command, "ANY"):
            _, status, headers = repo.plagues.pop(0)
            self.answer(status, b"", headers)
        elif match is None or repo is None or (repo.private and not authorised):
            self._fail(401, "RepoNotFound", "Repository not found")
        elif repo.gated and not authorised:
            self._fail(403, "GatedRepo", "Access to this model is restricted")
        elif match["revision"] not in ("main", repo.commit):
            self._fail(404, "RevisionNotFound", "Invalid rev id")
        elif match["file"] not in repo.files:
            self._fail(404, "EntryNotFound", "Entry not found", {"X-Repo-Commit": repo.commit})
        else:
            self._send(repo, match["file"], send_body)

    def _send(self, repo: Repo, file: str, send_body: bool) -> None:
        true = repo.files[file]
        body = repo.lie.get(file, true)
        start = int((self.headers.get("Range") or "bytes=0-").removeprefix("bytes=").split("-")[0])
        if send_body and repo.then_broken and repo.cut is None:
            return self._fail(500, "", "broken")
        weights = not file.endswith(".json")
        headers = {
            "X-Repo-Commit": repo.commit,
            "ETag": f'"{hashlib.sha256(true).hexdigest() if weights else hashlib.sha1(true).hexdigest()}"',
            "Accept-Ranges": "bytes",
        }
        if weights:
            headers["X-Linked-ETag"] = headers["ETag"]
        if weights and not repo.silent:
            headers["X-Linked-Size"] = str(len(true) if repo.size is None else repo.size)
        self.send_response(206 if start else 200)
        for name, value in headers.items():
            self.send_header(name, value)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        if repo.silent:
            self.send_header("Connection", "close")
            self.close_connection = True
        else:
            self.send_header("Content-Length", str(len(body) - start))
        self.end_headers()
        if not send_body:
            return None
        if weights and repo.cut is not None:
            self.wfile.write(body[: repo.cut])
            self.wfile.flush()
            repo.cut = None
            self._drop()
        elif weights and repo.stalls:
            repo.stalls -= 1
            self.wfile.write(body[start : start + repo.stall])
            self.wfile.flush()
            time.sleep(repo.seconds)
            self._drop()
        else:
            self.wfile.write(body[start:])
        return None

    def _drop(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _create(self, asked: dict[str, object]) -> None:
        name = f"{asked['organization']}/{asked['name']}"
        if name in self.server.repos:
            self.json({"url": f"{self.server.url}/{name}", "error": "You already created this model repo"}, 409)
        else:
            self.server.repos[name] = Repo(private=asked.get("visibility") == "private" or bool(asked.get("private")))
            self.json({"url": f"{self.server.url}/{name}", "name": name})

    def _commit(self, name: str, body: bytes) -> None:
        repo = self.server.repos[name]
        for line in map(json.loads, body.splitlines()):
            value = line["value"]
            if line["key"] == "file":
                repo.files[value["path"]] = base64.b64decode(value["content"])
            elif line["key"] == "lfsFile":
                repo.files[value["path"]] = self.server.stored[value["oid"]]
        repo.commit = hashlib.sha1(body).hexdigest()
        self.json({"commitUrl": f"{self.server.url}/{name}/commit/{repo.commit}", "commitOid": repo.commit})

    def _fail(self, status: int, code: str, message: str, headers: dict[str, str] | None = None) -> None:
        said = {"X-Error-Message": message, **({"X-Error-Code": code} if code else {}), **(headers or {})}
        self.answer(status, json.dumps({"error": message}).encode(), {"Content-Type": "application/json", **said})
