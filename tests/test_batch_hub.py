"""A batch into a dataset of the Hub, by the real client: it reads HF_ENDPOINT when it is imported, so in a process."""

import json
import os
import subprocess
import sys
from pathlib import Path

from batch_orders import seeds
from hub_data import REPO, serving

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = """
import json, sys
sys.path.insert(0, "tests")
from pathlib import Path
from batch_orders import Inline, plan, run
summaries = []
for _ in range(2):
    summary, events = run(plan(Path(sys.argv[1]), sys.argv[2]), engine=Inline)
    summaries.append([summary.made, summary.before, summary.failed])
print(json.dumps(summaries))
"""


def test_a_batch_into_a_dataset_and_once_more(tmp_path: Path) -> None:
    with serving() as hub:
        hub.files["README.md"] = b"# Clips"
        environment = os.environ | {"HF_ENDPOINT": hub.url, "HF_TOKEN": "hf_right", "HF_HUB_DISABLE_XET": "1"}
        command = [sys.executable, "-c", SCRIPT, str(seeds(tmp_path, 2)), f"hf://datasets/{REPO}/birthdays"]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [[2, 0, 0], [0, 2, 0]]
    clips = [name for name in hub.files if not name.startswith("birthdays/_manifest/")]
    assert sorted(clips) == ["README.md", "birthdays/r0.mp4", "birthdays/r1.mp4"]
    assert len([name for name in hub.files if name.startswith("birthdays/_manifest/done/")]) == 2
    assert hub.commits == 2 * 2 + 2  # a clip and its record; a summary of each run
