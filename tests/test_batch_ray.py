"""A batch on a Ray cluster of two nodes on this machine, one of which is killed in the middle."""

import logging
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import ray
from batch_orders import Events, WavesWork, clips_in, plan, run, seeds
from ray.cluster_utils import Cluster

from vgan.batch import Patience, run_batch
from vgan.batch.ray_engine import RayEngine
from vgan.media.probe import probe

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """Two nodes of one CPU."""
    before = dict(os.environ)
    os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}
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


def test_two_nodes_and_one_is_killed(tmp_path: Path, cluster: Cluster) -> None:
    out, log, node = tmp_path / "out", tmp_path / "log", next(iter(cluster.worker_nodes))
    events = Events()

    def tell(event: dict[str, Any]) -> None:
        events(event)
        if len(events.of("made")) == 4 and node in cluster.worker_nodes:
            assert len({made["worker"] for made in events.of("made")}) == 2
            for process in node.all_processes["raylet"]:
                os.kill(process.process.pid, signal.SIGKILL)
            cluster.worker_nodes.discard(node)

    asked = plan(seeds(tmp_path, 16), out, patience=Patience(retries=2, seconds=60))
    summary = run_batch(
        asked, lambda make: RayEngine(make, "", None), tell, lambda work: WavesWork(work, slow=0.2, log=str(log))
    )
    assert node not in cluster.worker_nodes
    assert (summary.made, summary.failed, summary.bad) == (16, 0, 0)
    assert len(clips_in(out)) == 16
    for name in clips_in(out):
        info = probe(out / name)
        assert (info.frames, info.width) == (4, 144)
    assert len(list((out / "_manifest" / "done").iterdir())) == 16
    made = [line.split()[1] for line in log.read_text().splitlines() if line.startswith("made")]
    assert set(made) == {f"r{number}" for number in range(16)}
    assert len(made) <= 17  # killed between a clip and its answer, at worst
    assert not list((out / "_manifest" / "claims").iterdir())


def test_a_row_that_kills_its_actor_is_told(tmp_path: Path, cluster: Cluster) -> None:
    asked = plan(seeds(tmp_path, 4), tmp_path / "out", patience=Patience(retries=1, seconds=30))
    poison = (("r1", "exit", 9),)
    summary, events = run(asked, engine=lambda make: RayEngine(make, "", 1), poison=poison)
    assert (summary.made, summary.failed, summary.retries) == (3, 1, 1)
    assert "ended" in events.of("failed")[0]["error"]
