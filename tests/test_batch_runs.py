"""A batch on local processes: every clip once, whole, and again only where something changed."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from batch_orders import TINY, Events, Inline, WavesWork, cards, clips_in, order, plan, run, seeds, table
from clips import waves
from PIL import Image

from vgan.batch import BatchFailed, Patience, Selection, check_batch, dispatch, run_batch
from vgan.batch.local import LocalEngine
from vgan.batch.manifest import Batch, host
from vgan.batch.place import place_at
from vgan.batch.work import Work
from vgan.media.probe import probe
from vgan.recipe import Recipe

__all__ = ["waves"]  # a fixture

ROOT = Path(__file__).resolve().parent.parent


def whole(out: Path, count: int) -> None:
    """There are `count` clips, each opens and has its frames, and nothing else lies there."""
    found = clips_in(out)
    assert len(found) == count
    for name in found:
        info = probe(out / name)
        assert (info.frames, info.width, info.height) == (4, 144, 144), name
    left = [path for path in (out / "_manifest").rglob("*") if path.is_file() and path.suffix not in {".json", ".csv"}]
    assert not left


def failed(out: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO((out / "_manifest" / "failed.csv").read_text("utf-8-sig"))))


def test_made_once_then_left_then_changed(tmp_path: Path, waves: None) -> None:
    rows, out = seeds(tmp_path, 5), tmp_path / "out"
    summary, events = run(plan(rows, out), 2)
    assert (summary.made, summary.before, summary.failed, summary.rows) == (5, 0, 0, 5)
    assert summary.complete
    whole(out, 5)
    assert len({event["worker"] for event in events.of("made")}) <= 2
    record = json.loads(next((out / "_manifest" / "done").glob("r3~*.json")).read_text())
    assert (record["file"], record["row"], record["bytes"]) == ("r3.mp4", 5, clips_in(out)["r3.mp4"])
    assert record["sha256"] == events.of("made")[[event["id"] for event in events.of("made")].index("r3")]["sha256"]

    stamps = {name: (out / name).stat().st_mtime_ns for name in clips_in(out)}
    rows.write_text(rows.read_text().replace("r3,3", "r3,33").replace("r4,4", "n4,4"))
    (out / "r0.mp4").unlink()
    summary, _ = run(plan(rows, out), engine=Inline)
    assert (summary.made, summary.before) == (3, 2)
    assert summary.left == ["r4.mp4"]
    whole(out, 6)
    assert {name for name, stamp in stamps.items() if (out / name).stat().st_mtime_ns == stamp} == {
        "r1.mp4",
        "r2.mp4",
        "r4.mp4",
    }
    assert len(list((out / "_manifest" / "done").iterdir())) == 6
    assert run(plan(rows, out, again=True), engine=Inline)[0].made == 5


def test_a_name_that_changes_takes_the_old_clip_with_it(tmp_path: Path, waves: None) -> None:
    out = tmp_path / "out"
    made = cards(tmp_path, name="{id}-{name}")
    run(plan(table(tmp_path, "id,name\n1,Ada\n2,Bob\n"), out, made), engine=Inline)
    run(plan(table(tmp_path, "id,name\n1,Eda\n2,Bob\n"), out, made), engine=Inline)
    assert set(clips_in(out)) == {"1-Eda.mp4", "2-Bob.mp4"}


def test_bad_rows_are_told_and_the_rest_goes_on(tmp_path: Path, waves: None) -> None:
    Image.effect_noise((64, 64), 50).save(tmp_path / "broken.png")
    (tmp_path / "broken.png").write_bytes((tmp_path / "broken.png").read_bytes()[:1000])
    text = "id,name,photo\na,Ada,\nb,=cmd|' /C calc'!A0 is too long,\nc,Zoe,broken.png\nd,Bob,\n"
    out = tmp_path / "out"
    asked = plan(table(tmp_path, text), out, cards(tmp_path), patience=Patience(retries=3))
    summary, _ = run(asked, engine=Inline)
    assert (summary.made, summary.bad, summary.failed, summary.retries) == (2, 2, 0, 0)
    assert not summary.complete
    assert set(clips_in(out)) == {"a.mp4", "d.mp4"}
    found = failed(out)
    assert [(row["row"], row["id"], row["column"]) for row in found] == [("3", "b", "name"), ("4", "c", "")]
    assert found[0]["value"].startswith("'=cmd")
    assert "at most 12 fit" in found[0]["error"]
    assert "broken.png" in found[1]["error"]
    Image.new("RGB", (32, 32)).save(tmp_path / "broken.png")
    table(tmp_path, text.replace("=cmd|' /C calc'!A0 is too long", "Eve"))
    assert run(plan(tmp_path / "rows.csv", out, cards(tmp_path)), engine=Inline)[0].made == 2
    assert not (out / "_manifest" / "failed.csv").exists()


def test_a_broken_file_that_only_a_worker_sees_is_not_tried_again(tmp_path: Path, waves: None) -> None:
    Image.effect_noise((64, 64), 50).save(tmp_path / "good.png")
    (tmp_path / "broken.png").write_bytes((tmp_path / "good.png").read_bytes()[:1000])
    base = Recipe.parse(TINY | {"overlays": [{"kind": "picture", "path": str(tmp_path / "good.png")}]})
    rows = table(tmp_path, "id,overlays.0.path\na,good.png\nb,broken.png\n")
    asked = plan(rows, tmp_path / "out", order(tmp_path, recipe=base), patience=Patience(retries=3))
    summary, _ = run(asked, engine=Inline)
    assert (summary.made, summary.failed, summary.retries) == (1, 1, 0)
    assert "broken.png" in failed(tmp_path / "out")[0]["error"]


def test_poisoned_rows_are_tried_a_few_times_and_the_others_go_on(tmp_path: Path) -> None:
    """One ends its worker, one crashes it, one never ends; one is well the second time."""
    poison = (("r1", "exit", 9), ("r2", "crash", 1), ("r4", "hang", 9))
    out = tmp_path / "out"
    patience = Patience(retries=1, seconds=6)
    summary, events = run(plan(seeds(tmp_path, 7), out, patience=patience), 2, poison=poison)
    assert (summary.made, summary.failed, summary.retries) == (5, 2, 3)
    whole(out, 5)
    errors = {row["id"]: (row["error"], row["tries"]) for row in failed(out)}
    assert "exit code 7" in errors["r1"][0]
    assert "over 6 s" in errors["r4"][0]
    assert {tries for _, tries in errors.values()} == {"2"}
    assert any("SIGSEGV" in event["error"] for event in events.of("retried"))


def test_what_may_pass_is_tried_again(tmp_path: Path, waves: None) -> None:
    """A folder in the way of a clip: gone when it is tried again."""
    out = tmp_path / "out"
    (out / "r0.mp4").mkdir(parents=True)
    events = Events()

    def tell(event: dict[str, object]) -> None:
        events(event)  # type: ignore[arg-type]
        if event["event"] == "retried":
            (out / "r0.mp4").rmdir()

    asked = plan(seeds(tmp_path, 1), out, patience=Patience(retries=2))
    summary = run_batch(asked, Inline, tell, WavesWork)
    assert (summary.made, summary.retries) == (1, 1)
    assert events.of("made")[0]["attempt"] == 2


def test_selections(tmp_path: Path, waves: None) -> None:
    rows, out = seeds(tmp_path, 6), tmp_path / "out"
    run(plan(rows, out, selection=Selection(limit=1)), engine=Inline)
    run(plan(rows, out, selection=Selection(only=frozenset({"r4", "r5"}))), engine=Inline)
    assert set(clips_in(out)) == {"r0.mp4", "r4.mp4", "r5.mp4"}
    parts = (plan(rows, out, selection=Selection(part=part, parts=2)) for part in (1, 2))
    assert sum(run(part, engine=Inline)[0].made for part in parts) == 3
    assert (out / "_manifest" / "summary-2of2.json").is_file()
    whole(out, 6)


def test_a_look_before_it_runs(tmp_path: Path, waves: None) -> None:
    Image.new("RGB", (32, 32)).save(tmp_path / "good.png")
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n but no more")
    text = "id,name,photo\na,Ada,good.png\nb,Bob,broken.png\nc,,\nd,Dan,\n"
    asked = plan(table(tmp_path, text), tmp_path / "out", cards(tmp_path))
    found = check_batch(asked)
    assert (found.clips, found.before) == (2, 0)
    assert [row.number for row, _ in found.faults] == [3, 4]
    assert found.seconds > 0
    assert found.bytes > 0
    assert not (tmp_path / "out").exists()
    run(plan(tmp_path / "rows.csv", tmp_path / "out", cards(tmp_path), selection=Selection(limit=1)), engine=Inline)
    assert check_batch(asked).before == 1


def test_workers_that_never_start_end_the_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "FAILED_STARTS", 2)

    def nobody(work: Work) -> "NoMaker":
        return NoMaker()

    with pytest.raises(BatchFailed, match="did not start"):
        run_batch(plan(seeds(tmp_path, 1), tmp_path / "out"), lambda make: LocalEngine(make, 1, 1), Events(), nobody)


class NoMaker:
    def __call__(self) -> object:
        os._exit(3)


SCRIPT = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs begin with it ignored
sys.path.insert(0, "tests")
from pathlib import Path
from batch_orders import plan, run
if __name__ == "__main__":
    rows, out, slow, log = sys.argv[1:]
    summary, _ = run(plan(Path(rows), Path(out)), 2, slow=float(slow), log=log)
    sys.exit(not summary.complete)
"""


def begin(rows: Path, out: Path, slow: float, log: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", SCRIPT, str(rows), str(out), str(slow), str(log)]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True)


def wait_for(clips: int, out: Path, running: "subprocess.Popen[str]") -> None:
    while len(clips_in(out)) < clips if out.is_dir() else True:
        assert running.poll() is None, running.communicate()[1]
        time.sleep(0.02)


def made_in(log: Path) -> Counter[str]:
    return Counter(line.split()[1] for line in log.read_text().splitlines() if line.startswith("made"))


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_killed_in_the_middle_and_begun_again(tmp_path: Path, how: signal.Signals) -> None:
    rows, out, log = seeds(tmp_path, 24), tmp_path / "out", tmp_path / "log"
    with begin(rows, out, 0.1, log) as running:
        wait_for(3, out, running)
        running.send_signal(how)
        running.communicate(timeout=30)
    assert running.returncode in {-how, 130, 1}
    time.sleep(0.3)  # its workers end by themselves
    before = clips_in(out)
    assert 3 <= len(before) < 24
    for name in before:
        assert probe(out / name).frames == 4
    summary, _ = run(plan(rows, out), 2, log=str(log))
    assert summary.complete
    assert summary.made + summary.before == 24
    whole(out, 24)
    assert max(made_in(log).values()) <= 1 + (how == signal.SIGKILL)  # killed between a clip and its record, at worst
    assert sum(made_in(log).values()) <= 24 + 2


def test_two_batches_at_once_share_the_work(tmp_path: Path) -> None:
    rows, out, log = seeds(tmp_path, 14), tmp_path / "out", tmp_path / "log"
    with begin(rows, out, 0.15, log) as one, begin(rows, out, 0.15, log) as other:
        assert [running.wait(timeout=100) for running in (one, other)] == [0, 0], one.communicate()[1]
        one.communicate(), other.communicate()
    assert made_in(log) == Counter({f"r{number}": 1 for number in range(14)})
    whole(out, 14)
    assert not list((out / "_manifest" / "claims").iterdir())


def test_claims(tmp_path: Path) -> None:
    place = place_at(str(tmp_path / "out"))
    mine, dead = Batch("1", host(), os.getpid()), Batch("2", host(), 2**22 + 1)
    elsewhere = Batch("3", "another-machine", 1)
    assert mine.claim(place, "a", 100) == 0
    assert mine.claim(place, "a", 100) == 0  # a worker of ours was lost
    assert 0 < elsewhere.claim(place, "a", 100) <= 100
    mine.release(place, "a")
    assert elsewhere.claim(place, "a", 0.2) == 0
    assert mine.claim(place, "a", 100) > 0
    time.sleep(0.25)
    assert mine.claim(place, "a", 100) == 0  # out of date
    assert dead.claim(place, "b", 100) == 0
    assert mine.claim(place, "b", 100) == 0  # its process is gone
    place.write("_manifest/claims/c.json", b"half a cla")
    assert mine.claim(place, "c", 100) == 0
