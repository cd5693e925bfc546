"""Commands for those who measure the networks that mend: `evaluate upscale`, `evaluate denoise` and their kin."""

import typer

mending_app = typer.Typer()
