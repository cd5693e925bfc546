"""`python -m vgan train`: also works as `python -m vgan.training.cli`, where only torch and friends are installed."""

import argparse
import logging
import sys
from collections.abc import Sequence

from vgan.errors import RecipeError, VganError
from vgan.training import parallel
from vgan.training.commands import COMMANDS


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m vgan train",
        description="Train a network of this project.",
        epilog="A look of your own, from clips: python -m vgan train look --help",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name, command in COMMANDS.items():
        command.options(commands.add_parser(name, help=command.help))
    return parser


def main(arguments: Sequence[str] | None = None) -> None:
    """Parse and run; usage errors exit with code 2. Raises VganError for what cannot be done as asked."""
    asked = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    on_cpu = getattr(asked, "device", "cpu") == "cpu"
    parallel.run(getattr(asked, "workers", 1), COMMANDS[asked.command].work(asked), on_cpu)


def program(arguments: Sequence[str] | None = None) -> None:
    """`main` as a program of its own: of a VganError the message alone, and exit code 2 for a request that cannot be
    carried out as written, 1 for a failure."""
    try:
        main(arguments)
    except VganError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2 if isinstance(error, RecipeError) else 1)


if __name__ == "__main__":
    program()
