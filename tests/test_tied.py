"""A process that is tied to the app: when that is gone, however it ended, the training is asked to pause."""

import subprocess
import sys
from pathlib import Path

from train_app import until

from vgan.settings import PROJECT
from vgan.training.own.progress import STOP

SLEEPER = """
import sys, time
from pathlib import Path
from vgan import tied
tied.watch(Path(sys.argv[1]))
print("ready", flush=True)
time.sleep(60)
"""


def test_the_training_is_asked_to_pause_when_the_app_is_gone(tmp_path: Path) -> None:
    command = [sys.executable, "-c", SLEEPER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=PROJECT) as process:
        try:
            assert process.stdout
            assert process.stdout.readline() == b"ready\n"
            assert not (tmp_path / STOP).exists()  # as long as the app is there, nothing happens
            assert process.stdin
            process.stdin.close()  # what the system does to it when the app is killed
            until((tmp_path / STOP).exists, "the wish to pause")
        finally:
            process.kill()
