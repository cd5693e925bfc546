"""Trains the DCGAN yardstick on single frames of the same clips."""

import logging
import time
from dataclasses import asdict
from pathlib import Path

import torch
import torch.nn.functional as F

from vgan.models.generators.dcgan import Dcgan, DcganCritic, DcganParams
from vgan.training import checkpoint, dataset
from vgan.training.parallel import Team

log = logging.getLogger(__name__)


def train_dcgan(team: Team, out: Path, data: Path, minutes: float, device: str, batch: int = 64, seed: int = 0) -> None:
    """As in the paper: Adam 2e-4 (0.5, 0.999), binary cross-entropy, batches of 128 over the team, for `minutes`.

    Square clips only. Writes `out`/dcgan.pt. A resumed run makes no sense for a yardstick, so there is none.
    """
    clips, _ = dataset.load(data)
    frames = clips["square"].small.flatten(0, 1)
    place = torch.device(device)
    torch.manual_seed(seed)
    params = DcganParams()
    G, D = Dcgan(params).to(place), DcganCritic(params).to(place)
    optimisers = [torch.optim.Adam(net.parameters(), lr=2e-4, betas=(0.5, 0.999)) for net in (G, D)]
    generator = torch.Generator().manual_seed(seed * team.size + team.rank + 1)
    began, steps, stop = time.monotonic(), 0, 0.0
    while not stop:
        rows = torch.randint(len(frames), (batch,), generator=generator)
        real = frames[rows].to(place).float().div(127.5).sub(1)
        z = torch.randn(batch, params.latent, generator=generator).to(place)
        with torch.autocast(device, torch.bfloat16):
            fake = G(z)
            on_real, on_fake = D(real), D(fake.detach())
        loss_D = F.softplus(-on_real.float()).mean() + F.softplus(on_fake.float()).mean()
        optimisers[1].zero_grad()
        loss_D.backward()
        team.average(D.parameters())
        optimisers[1].step()
        with torch.autocast(device, torch.bfloat16):
            on_fake = D(fake)
        loss_G = F.softplus(-on_fake.float()).mean()
        optimisers[0].zero_grad()
        loss_G.backward()
        over = team.rank == 0 and time.monotonic() - began > minutes * 60
        stop = team.average(G.parameters(), float(over))
        optimisers[0].step()
        steps += 1
        if steps % 200 == 0 and team.rank == 0:
            log.info("step %d  D %.3f  G %.3f", steps, loss_D.item(), loss_G.item())
    if team.rank == 0:
        out.mkdir(parents=True, exist_ok=True)
        cpu = time.process_time() * team.size / 60  # on a busy machine the fairer measure
        facts = {"minutes": round((time.monotonic() - began) / 60, 1), "cpu_minutes": round(cpu, 1), "steps": steps}
        checkpoint.save(out / "dcgan.pt", {"G": G.state_dict(), "params": asdict(params), **facts})
