"""A dataset of the Hub on 127.0.0.1: enough of its protocol for fsspec's hf:// to list, read, write and remove."""

import base64
import hashlib
import json
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from local_http import LocalHandler, LocalServer, running

REPO = "owner/clips"
HOME = f"/api/datasets/{REPO}"


class Dataset(LocalServer):
    """`files` by path; `commits`: how many there were."""

    def __init__(self) -> None:
        super().__init__(_Handler)
        self.files: dict[str, bytes] = {}
        self.commits = 0


def serving() -> AbstractContextManager[Dataset]:
    """A running server, stopped at the end."""
    return running(Dataset())


class _Handler(LocalHandler):
    server: Dataset

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        if path in (HOME, f"{HOME}/revision/main"):
            self.json({"id": REPO, "sha": "c" * 40, "siblings": [], "private": True, "tags": []})
        elif path.startswith(f"{HOME}/tree/main"):
            self._tree(path.removeprefix(f"{HOME}/tree/main").strip("/"))
        elif path.startswith(f"/datasets/{REPO}/resolve/main/"):
            data = self.server.files.get(path.removeprefix(f"/datasets/{REPO}/resolve/main/"))
            if data is None:
                self.json({"error": "Entry not found"}, 404, {"X-Error-Code": "EntryNotFound"})
            else:
                self.answer(200, data, {"X-Repo-Commit": "c" * 40, "ETag": f'"{hashlib.sha1(data).hexdigest()}"'})
        else:
            self.json({"error": f"unknown {path}"}, 404)

    do_HEAD = do_GET

    def do_POST(self) -> None:
        path, body = urlsplit(self.path).path, self.body()
        if "/preupload/" in path:
            files = [{"path": file["path"], "uploadMode": "regular"} for file in json.loads(body)["files"]]
            self.json({"files": [{**file, "shouldIgnore": False} for file in files]})
        elif "/paths-info/" in path:
            asked = json.loads(body)["paths"] if body.startswith(b"{") else parse_qs(body.decode())["paths"]
            self.json([entry for name in asked for entry in self._entries() if entry["path"] == name])
        elif path == f"{HOME}/commit/main":
            for line in map(json.loads, body.splitlines()):
                self._change(line["key"], line["value"])
            self.server.commits += 1
            self.json({"commitUrl": f"{self.server.url}/datasets/{REPO}/commit/{'d' * 40}", "commitOid": "d" * 40})
        else:
            self.json({"error": f"unknown {path}"}, 404)

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
            self.json({"error": "Entry not found"}, 404, {"X-Error-Code": "EntryNotFound"})
        else:
            self.json(found)

    def _entries(self) -> list[dict[str, Any]]:
        files, folders = [], set()
        for name, data in self.server.files.items():
            files.append({"type": "file", "path": name, "size": len(data), "oid": hashlib.sha1(data).hexdigest()})
            parts = name.split("/")[:-1]
            folders |= {"/".join(parts[: count + 1]) for count in range(len(parts))}
        return [*files, *({"type": "directory", "path": name, "size": 0, "oid": "0" * 40} for name in sorted(folders))]
