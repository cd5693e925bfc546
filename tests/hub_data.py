"""A dataset of the Hub on 127.0.0.1: enough of its protocol for fsspec's hf:// to list, read, write and remove."""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

REPO = "owner/clips"
HOME = f"/api/datasets/{REPO}"


class Dataset(ThreadingHTTPServer):
    """`files` by path; `commits`: how many there were."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files: dict[str, bytes] = {}
        self.commits = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def serving() -> Iterator[Dataset]:
    """A running server, stopped at the end."""
    server = Dataset()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: Dataset
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        if path in (HOME, f"{HOME}/revision/main"):
            self._json({"id": REPO, "sha": "c" * 40, "siblings": [], "private": True, "tags": []})
        elif path.startswith(f"{HOME}/tree/main"):
            self._tree(path.removeprefix(f"{HOME}/tree/main").strip("/"))
        elif path.startswith(f"/datasets/{REPO}/resolve/main/"):
            data = self.server.files.get(path.removeprefix(f"/datasets/{REPO}/resolve/main/"))
            if data is None:
                self._json({"error": "Entry not found"}, 404, {"X-Error-Code": "EntryNotFound"})
            else:
                self._answer(200, data, {"X-Repo-Commit": "c" * 40, "ETag": f'"{hashlib.sha1(data).hexdigest()}"'})
        else:
            self._json({"error": f"unknown {path}"}, 404)

    do_HEAD = do_GET

    def do_POST(self) -> None:
        path, body = urlsplit(self.path).path, self._body()
        if "/preupload/" in path:
            files = [{"path": file["path"], "uploadMode": "regular"} for file in json.loads(body)["files"]]
            self._json({"files": [{**file, "shouldIgnore": False} for file in files]})
        elif "/paths-info/" in path:
            asked = json.loads(body)["paths"] if body.startswith(b"{") else parse_qs(body.decode())["paths"]
            self._json([entry for name in asked for entry in self._entries() if entry["path"] == name])
        elif path == f"{HOME}/commit/main":
            for line in map(json.loads, body.splitlines()):
                self._change(line["key"], line["value"])
            self.server.commits += 1
            self._json({"commitUrl": f"{self.server.url}/datasets/{REPO}/commit/{'d' * 40}", "commitOid": "d" * 40})
        else:
            self._json({"error": f"unknown {path}"}, 404)

    def _change(self, key: str, value: dict[str, Any]) -> None:
        if key == "file":
            self.server.files[value["path"]] = base64.b64decode(value["content"])
        elif key == "deletedFile":
            del self.server.files[value["path"]]

    def _tree(self, folder: str) -> None:
        recursive = "true" in parse_qs(urlsplit(self.path).query.lower()).get("recursive", [])
        inside = [one for one in self._entries() if not folder or one["path"].startswith(f"{folder}/")]
        depth = len(folder.split("/")) if folder else 0
        found = [one for one in inside if recursive or one["path"].count("/") == depth]
        if folder and not inside:
            self._json({"error": "Entry not found"}, 404, {"X-Error-Code": "EntryNotFound"})
        else:
            self._json(found)

    def _entries(self) -> list[dict[str, Any]]:
        files, folders = [], set()
        for name, data in self.server.files.items():
            files.append({"type": "file", "path": name, "size": len(data), "oid": hashlib.sha1(data).hexdigest()})
            parts = name.split("/")[:-1]
            folders |= {"/".join(parts[: count + 1]) for count in range(len(parts))}
        return [*files, *({"type": "directory", "path": name, "size": 0, "oid": "0" * 40} for name in sorted(folders))]

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b""
        while count := int(self.rfile.readline(), 16):
            body += self.rfile.read(count)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _json(self, value: object, status: int = 200, headers: dict[str, str] | None = None) -> None:
        self._answer(status, json.dumps(value).encode(), {"Content-Type": "application/json", **(headers or {})})

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
