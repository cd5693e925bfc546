"""A batch on a Ray cluster of two nodes on this machine, one of which is killed in the middle."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import ray
from batch_orders import Events, WavesWork, clips_in, plan, seeds
from ray.cluster_utils import Cluster

from vgan.batch import Patience, run_batch
from vgan.batch.ray_engine import RayEngine
from vgan.batch.work import Work
from vgan.media.probe import probe

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """Two nodes of one CPU."""
    before = dict(os.environ)
    os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", "RAY_worker_niceness": "0"}
    os.environ |= {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}
    made = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    try:
        made.add_node(num_cpus=1)
        ray.init(address=made.address, log_to_driver=False, logging_level=logging.ERROR)
        yield made
    finally:
        ray.shutdown()
        made.shutdown()
        os.environ.clear()
        os.environ.update(before)


def kill(node: Any) -> None:
    """End a machine: its raylet and everything that this has started, at once."""
    raylets = [psutil.Process(process.process.pid) for process in node.all_processes["raylet"]]
    for process in [process for raylet in raylets for process in (raylet, *raylet.children(recursive=True))]:
        process.kill()


def test_two_nodes_one_is_killed_and_a_row_is_poisoned(tmp_path: Path, cluster: Cluster) -> None:
    out, log, node = tmp_path / "out", tmp_path / "log", next(iter(cluster.worker_nodes))
    events = Events()

    def tell(event: dict[str, Any]) -> None:
        events(event)
        if len(events.of("made")) == 4 and node in cluster.worker_nodes:
            kill(node)
            cluster.worker_nodes.discard(node)

    def work(plain: Work) -> WavesWork:
        return WavesWork(plain, slow=0.2, poison=(("r9", "exit", 9),), log=str(log))

    asked = plan(seeds(tmp_path, 16), out, patience=Patience(retries=1, seconds=60))
    summary = run_batch(asked, lambda make: RayEngine(make, "", None), tell, work)
    assert node not in cluster.worker_nodes
    assert len({event["worker"] for event in [*events.of("made"), *events.of("retried")]}) > 1
    assert (summary.made + summary.before, summary.failed, summary.bad) == (15, 1, 0)
    assert events.of("failed")[0]["id"] == "r9"
    assert "ended" in events.of("failed")[0]["error"]
    assert len(clips_in(out)) == 15
    for name in clips_in(out):
        info = probe(out / name)
        assert (info.frames, info.width) == (4, 144)
    assert len(list((out / "_manifest" / "done").iterdir())) == 15
    made = [line.split()[1] for line in log.read_text().splitlines() if line.startswith("made")]
    assert set(made) == {f"r{number}" for number in range(16)} - {"r9"}
    assert len(made) == 15
    assert not list((out / "_manifest" / "claims").iterdir())
