"""`python -m vgan`: the command line. Training goes its own way: it runs where only torch is installed; a
look of one's own, which reads clips, needs the app."""

import sys


def main() -> None:
    """Run the command that the arguments name."""
    if sys.argv[1:3] == ["train", "look"]:
        from vgan.own_looks.command import program as train_look

        train_look(sys.argv[3:])
    elif sys.argv[1:2] in (["train"], ["distill"]):
        from vgan.training.cli import program as train

        train(sys.argv[2:] if sys.argv[1] == "train" else sys.argv[1:])
    else:
        from vgan.cli import app

        app(prog_name="python -m vgan")


if __name__ == "__main__":
    main()
