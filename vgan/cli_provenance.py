"""`python -m vgan provenance FILE`: what a file says about itself, as read back from it."""

import json
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from vgan.cli_models import exit_codes
from vgan.errors import RecipeError
from vgan.media.probe import recipe_of
from vgan.share.licences import may_be_sold
from vgan.share.provenance import credits_of, disclosed
from vgan.share.signing import signature_of

File = Annotated[Path, typer.Argument(help="A finished clip or picture.")]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]


def provenance(file: File, as_json: AsJson = False) -> None:
    """What a file says about itself: AI disclosure, whose weights drew it, may it be sold, who signed it."""
    with exit_codes():
        found = _found(file)
    if as_json:
        typer.echo(json.dumps(found, indent=1, ensure_ascii=False))
        return
    signed = found["signature"]
    typer.echo(f"made with AI   {found['disclosed'] or 'it does not say so'}")
    typer.echo(f"recipe inside  {found['recipe']}")
    typer.echo(f"signed         {_by(signed) if signed else 'no'}")
    typer.echo(f"may be sold    {found['may_be_sold']}")
    for credit in found["sources"]:
        typer.echo(f"  {credit['part']}: {credit['name']}; {credit['licence']}; may be sold: {credit['may_sell']}")
        typer.echo(f"    {credit['origin']}")


def _found(file: Path) -> dict[str, Any]:
    credits, signature, recipe = credits_of(file), signature_of(file), "one that this version does not understand"
    with suppress(RecipeError):
        recipe = "no" if recipe_of(file) is None else "yes"
    return {
        "file": file.name,
        "disclosed": disclosed(file),
        "recipe": recipe,
        "signature": asdict(signature) if signature else None,
        "may_be_sold": may_be_sold(credits) if credits else "unknown",
        "sources": [asdict(credit) for credit in credits],
    }


def _by(signature: dict[str, Any]) -> str:
    state = "unchanged since" if signature["valid"] else "CHANGED since, or damaged"
    known = "" if signature["trusted"] else ", who is on no list of trusted signers"
    return f"by {signature['signer'] or 'somebody unnamed'}{known}; {state}"
