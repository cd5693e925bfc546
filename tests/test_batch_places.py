"""Where clips go: folders, buckets, and a batch that ends up in a real S3 of this machine."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import boto3
import fsspec
import pytest
from batch_orders import Inline, clips_in, plan, run, seeds
from clips import waves
from moto.server import ThreadedMotoServer

from vgan.batch import Patience
from vgan.batch.manifest import Batch, listing
from vgan.batch.place import Place, place_at
from vgan.errors import MediaError, RecipeError

__all__ = ["waves"]  # a fixture


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The address of an empty bucket."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = ThreadedMotoServer("127.0.0.1", port)
    server.start()
    said = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    before = dict(os.environ)
    os.environ.update(said)
    try:
        boto3.client("s3").create_bucket(Bucket="clips")
        yield "s3://clips"
    finally:
        os.environ.clear()
        os.environ.update(before)
        server.stop()


def address(kind: str, s3: str, tmp_path: Path) -> str:
    return {"folder": str(tmp_path / "out"), "memory": f"memory://{tmp_path.name}", "s3": f"{s3}/{tmp_path.name}"}[kind]


@pytest.mark.parametrize("kind", ["folder", "memory", "s3"])
def test_every_kind_of_place_does_the_same(tmp_path: Path, s3: str, kind: str) -> None:
    place: Place = place_at(address(kind, s3, tmp_path))
    assert not place.sizes()
    (tmp_path / "clip.mp4").write_bytes(b"x" * 1000)
    place.put(tmp_path / "clip.mp4", "de/李.mp4")
    place.write("_manifest/a.json", b"{}")
    assert place.sizes() == {"de/李.mp4": 1000, "_manifest/a.json": 2}
    assert place.create("_manifest/b.json", b"1")
    assert not place.create("_manifest/b.json", b"2")
    assert place.read("_manifest/b.json") == b"1"
    assert place.read("none") is None
    (tmp_path / "clip.mp4").write_bytes(b"y")
    place.put(tmp_path / "clip.mp4", "de/李.mp4")
    assert place.sizes()["de/李.mp4"] == 1
    assert place.has("de/李.mp4")
    place.remove("de/李.mp4")
    place.remove("de/李.mp4")
    assert not place.has("de/李.mp4")


def test_a_batch_into_s3_and_once_more(tmp_path: Path, s3: str, waves: None) -> None:
    out = f"{s3}/batch/one"
    summary, _ = run(plan(seeds(tmp_path, 3), out), engine=Inline)
    assert (summary.made, summary.failed) == (3, 0)
    files = fsspec.filesystem("s3", use_listings_cache=False)
    names = {name.removeprefix("clips/batch/one/") for name in files.find("clips/batch/one")}
    assert {name for name in names if not name.startswith("_")} == {"r0.mp4", "r1.mp4", "r2.mp4"}
    assert len([name for name in names if name.startswith("_manifest/done/")]) == 3
    assert not [name for name in names if "claims" in name]
    files.rm_file("clips/batch/one/r1.mp4")
    summary, _ = run(plan(seeds(tmp_path, 4), out), engine=Inline)
    assert (summary.made, summary.before) == (2, 2)


def test_processes_and_s3(tmp_path: Path, s3: str) -> None:
    summary, events = run(plan(seeds(tmp_path, 4), f"{s3}/two"), 2)
    assert (summary.made, summary.failed) == (4, 0), events


def test_a_store_that_fails_is_tried_again(
    tmp_path: Path, s3: str, waves: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = fsspec.filesystem("s3", use_listings_cache=False)
    put, failures = files.put_file, iter(["reset", "short"])

    def flaky(local: str, name: str) -> None:
        trouble = next(failures, None)
        if trouble == "reset":
            raise ConnectionResetError("connection reset by peer")
        put(local, name)
        if trouble == "short":
            files.pipe_file(name, b"half")

    monkeypatch.setattr(files, "put_file", flaky)
    summary, events = run(plan(seeds(tmp_path, 1), f"{s3}/flaky", patience=Patience(retries=2)), engine=Inline)
    assert (summary.made, summary.retries, summary.failed) == (1, 2, 0)
    said = [event["error"] for event in events.of("retried")]
    assert "reset by peer" in said[0]
    assert "4 of" in said[1]


def test_addresses_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="Name a folder"):
        place_at("gopher://x/y")
    (tmp_path / "file").write_text("")
    with pytest.raises(MediaError, match="file"):
        place_at(str(tmp_path / "file"))
    place_at(f"file://{tmp_path}/out")
    assert (tmp_path / "out").is_dir()


def test_a_bucket_that_is_not_there(tmp_path: Path, s3: str, waves: None) -> None:
    with pytest.raises(MediaError, match="place of results says"):
        run(plan(seeds(tmp_path, 1), "s3://nonesuch/x"), engine=Inline)


def test_claims_in_a_bucket(tmp_path: Path, s3: str) -> None:
    place = place_at(f"{s3}/claims")
    one, other = Batch("1", "here", 1), Batch("2", "there", 2)
    assert one.claim(place, "a", 60) == 0
    assert other.claim(place, "a", 60) > 0
    one.release(place, "a")
    assert other.claim(place, "a", 60) == 0


def test_files_that_are_nobody_s_record_are_left_alone(tmp_path: Path, waves: None) -> None:
    out = tmp_path / "out"
    (out / "_manifest" / "done").mkdir(parents=True)
    for name in ("index.html", "_manifest/done/readme.txt", "_manifest/done/a~xyz.json"):
        (out / name).write_text("mine")
    run(plan(seeds(tmp_path, 1), out), engine=Inline)
    assert set(clips_in(out)) == {"index.html", "r0.mp4"}
    assert list(listing(place_at(str(out))).records) == ["r0"]
