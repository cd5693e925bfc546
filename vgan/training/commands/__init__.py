"""The commands of `python -m vgan train`: a new one is one file and one row."""

from vgan.training.commands.common import Command
from vgan.training.commands.cycle import CYCLE_COMMAND
from vgan.training.commands.distill import DISTILL_COMMAND
from vgan.training.commands.enhance import DENOISE_COMMAND, UPSCALE_COMMAND
from vgan.training.commands.family import FAMILY_COMMAND
from vgan.training.commands.frames import INTERPOLATE_COMMAND, REPAIR_COMMAND
from vgan.training.commands.looks import DCGAN_COMMAND, LOOKS_COMMAND
from vgan.training.commands.styles import STYLES_COMMAND
from vgan.training.commands.words import WORDS_COMMAND

COMMANDS: dict[str, Command] = {
    "looks": LOOKS_COMMAND,
    "dcgan": DCGAN_COMMAND,
    "distill": DISTILL_COMMAND,
    "styles": STYLES_COMMAND,
    "cycle": CYCLE_COMMAND,
    "upscale": UPSCALE_COMMAND,
    "denoise": DENOISE_COMMAND,
    "interpolate": INTERPOLATE_COMMAND,
    "repair": REPAIR_COMMAND,
    "family": FAMILY_COMMAND,
    "words": WORDS_COMMAND,
}
