"""Memory that runs out, on a machine that is made up."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from vgan import memory
from vgan.memory import EVERY, LAST, SPARE, Memory, MemoryFull
from vgan.settings import Settings


@dataclass
class Machine:
    """free: bytes. things: what can go, with the bytes that each holds."""

    free: int
    things: dict[str, list[int]]
    now: float = 0.0
    went: list[str] = field(default_factory=list)
    when: dict[float, int] = field(default_factory=dict)

    def watched(self) -> Memory:
        return Memory(
            [(name, self._letting(name)) for name in self.things], lambda: self.free, self._clock, self._sleep
        )

    def _letting(self, name: str) -> Callable[[], bool]:
        def let_go() -> bool:
            if not self.things[name]:
                return False
            self.went.append(name)
            self.free += self.things[name].pop()
            return True

        return let_go

    def _clock(self) -> float:
        return self.now

    def _sleep(self, seconds: float) -> None:
        self.now += seconds
        self.free += sum(gain for at, gain in self.when.items() if self.now - seconds < at <= self.now)


def test_nothing_goes_while_there_is_room() -> None:
    machine = Machine(SPARE, {"networks": [1]})
    machine.watched().make_room()
    assert machine.went == []


def test_least_needed_goes_first_and_no_more_than_must() -> None:
    machine = Machine(SPARE - 250, {"previews": [100], "networks": [100, 100, 100]})
    machine.watched().make_room()
    assert machine.went == ["previews", "networks", "networks"]


def test_waits_for_others_and_then_begins() -> None:
    machine = Machine(SPARE - 10, {}, when={5.0: 10})
    machine.watched().make_room()
    assert machine.now == 5.0


def test_is_refused_by_name() -> None:
    machine = Machine(20_000_000, {"networks": [5_000_000]})
    with pytest.raises(MemoryFull, match="memory: 25 MB are left on this machine, and a work needs 400 MB"):
        machine.watched().make_room()


def test_waiting_can_be_ended() -> None:
    def tick() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        Machine(0, {}).watched().make_room(tick)


def test_work_that_takes_everything_is_ended_by_name() -> None:
    machine = Machine(LAST - 20, {"previews": [10]})
    watched = machine.watched()
    watched.watch()  # what was let go of has a moment to go
    machine.now += EVERY / 2
    watched.watch()
    machine.now += EVERY
    with pytest.raises(MemoryFull, match="Choose a smaller size"):
        watched.watch()
    assert machine.went == ["previews"]


def test_work_goes_on_where_letting_go_helped() -> None:
    machine = Machine(LAST - 20, {"previews": [30]})
    watched = machine.watched()
    for _ in range(3):
        watched.watch()
        machine.now += 2 * EVERY


def group(folder: Path, **files: object) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, value in files.items():
        (folder / name.replace("__", ".")).write_text(f"{value}\n")


def test_limits_of_containers_are_known(tmp_path: Path) -> None:
    me, root = tmp_path / "cgroup", tmp_path / "fs"
    me.write_text("0::/app/worker\n")
    group(root / "app" / "worker", memory__max="max", memory__current=10, memory__stat="inactive_file 0")
    group(root / "app", memory__max=1000, memory__current=700, memory__stat="anon 500\ninactive_file 150")
    assert memory.left(Settings(), root, me) == 450


def test_older_limits_of_containers_are_known(tmp_path: Path) -> None:
    me, root = tmp_path / "cgroup", tmp_path / "fs"
    me.write_text("4:memory:/docker/abc\n2:cpu:/\n0::/\n")
    files = {"memory__limit_in_bytes": 2000, "memory__usage_in_bytes": 1500, "memory__stat": "total_inactive_file 100"}
    group(root / "memory", **files)
    assert memory.left(Settings(), root, me) == 600
    group(root / "memory", memory__limit_in_bytes=9223372036854771712)
    assert memory.left(Settings(), root, me) > 10_000


def test_limit_of_the_host_counts_children(tmp_path: Path) -> None:
    nowhere = tmp_path / "none"
    resident = psutil.Process().memory_info().rss
    roomy = Settings(max_memory_mb=resident // 1_000_000 + 500)
    assert memory.left(roomy, nowhere, nowhere) < 510_000_000
    assert memory.left(Settings(max_memory_mb=1), nowhere, nowhere) == 0
    assert memory.used() >= resident * 0.9


def test_giving_back_is_safe_anywhere() -> None:
    memory.give_back()
