"""Content Credentials (C2PA): a finished file, signed with the certificate of whoever hosts the app.

The work is done by `c2pa-python`, which is an extra: `requirements-c2pa.txt`. It is off without VGAN_C2PA_CERT and
VGAN_C2PA_KEY. Nothing is asked of the network: no time stamp, no revocation list, no remote manifest.
"""

import logging
import mimetypes
import os
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from vgan.errors import VganError
from vgan.media.probe import kind_of
from vgan.recipe import Recipe, Upload, base_name
from vgan.settings import Settings
from vgan.share.licences import changing
from vgan.share.provenance import TOOL, VERSION

log = logging.getLogger(__name__)

# What is signed of what is made here, with C2PA's names: it knows no WebM, and a zip is no picture.
SIGNABLE = {"mp4": "video/mp4", "png": "image/png", "webp": "image/webp", "gif": "image/gif"}
LARGEST_PEM = 1 << 16  # bytes
_INSTALL = "Install it: pip install -r requirements-c2pa.txt."
_ACTIONS = {"stylize": "c2pa.filtered", "upscale": "c2pa.resized", "denoise": "c2pa.enhanced"}  # else c2pa.edited


class SigningError(VganError):
    """A file that could not be signed: says what of library, certificate or file is at fault."""


@dataclass(frozen=True)
class Signing:
    """What signs: a chain of certificates, leaf first, and the leaf's private key, both in PEM.

    algorithm: by C2PA's name, as the key is: es256, es384, es512, ps256 or ed25519.
    """

    chain: str
    key: str
    algorithm: str


def signing_of(settings: Settings) -> Signing | None:
    """What the host signs with, or None where nothing is set. Raises SigningError for what cannot sign: half of it is
    set, a file cannot be read, it holds no certificate or no key, they do not belong together, or the library is
    missing. Asked before a clip is drawn, so that no work is lost."""
    given = {"VGAN_C2PA_CERT": settings.c2pa_certificate, "VGAN_C2PA_KEY": settings.c2pa_key}
    if not any(given.values()):
        return None
    for name, path in given.items():
        if path is None:
            raise SigningError(f"{name}: not set, but the other one is. Set both to sign clips, or neither.")
    certificate, key = given.values()
    assert certificate is not None
    assert key is not None
    return read_signing(certificate, key)


def read_signing(certificate: Path, key: Path) -> Signing:
    """What signs, from the files with the chain and the private key. Raises SigningError as `signing_of`."""
    chain, secret = _pem(certificate, "CERTIFICATE"), _pem(key, "PRIVATE KEY")
    found = Signing(chain, secret, _algorithm(chain, secret, (certificate, key)))
    _signer(found).close()
    return found


def sign_in_place(path: Path, signing: Signing, recipe: Recipe, source_type: str | None) -> None:
    """`sign`, with the signed file in place of the one at `path`; one of a type that C2PA does not know stays as it is.

    Raises SigningError as `sign`; then nothing has changed.
    """
    if _kind(path) not in SIGNABLE:
        log.warning("%s clips go unsigned: C2PA knows %s", recipe.share.format, ", ".join(SIGNABLE))
        return
    signed = path.with_name(f"{path.name}.signed")
    try:
        sign(path, signed, signing, recipe, source_type)
        os.replace(signed, path)
    finally:
        signed.unlink(missing_ok=True)


def sign(path: Path, out: Path, signing: Signing, recipe: Recipe, source_type: str | None) -> None:
    """Write the file at `path` to `out` with credentials that say how `recipe` made it.

    source_type: how AI had a part (`vgan.share.provenance.source_type`), which goes with what was done first. An upload
    is the ingredient that was opened, with credentials of its own where it has any; else the file was created. Raises
    SigningError for a kind of file that cannot be signed and for files or certificates that C2PA refuses; then nothing
    is left at `out`.
    """
    kind = _kind(path)
    if kind not in SIGNABLE:
        raise SigningError(f"signing: C2PA cannot sign this kind of file. Allowed: {', '.join(SIGNABLE)}.")
    c2pa, mime = _library(), SIGNABLE[kind]
    try:
        with ExitStack() as opened:
            context = opened.enter_context(c2pa.Context(c2pa.Settings.from_dict(_LIBRARY_SETTINGS)))
            builder = opened.enter_context(c2pa.Builder(_manifest(recipe, mime, source_type), context=context))
            if isinstance(recipe.source, Upload):
                _add_upload(builder, Path(recipe.source.path), c2pa.C2paError)
            signer = opened.enter_context(_signer(signing))
            source, target = opened.enter_context(path.open("rb")), opened.enter_context(out.open("w+b"))
            builder.sign(signer, mime, source, target)
    except c2pa.C2paError as error:
        _remove(out)
        raise SigningError(
            f"signing: C2PA refuses the file or the certificate ({str(error)[:300]}). Mend VGAN_C2PA_CERT and "
            "VGAN_C2PA_KEY, or unset both to make clips without a signature."
        ) from error
    except OSError as error:
        _remove(out)
        raise SigningError(
            f"signing: {(error.filename and Path(error.filename).name) or 'the signed file'} cannot be read or written "
            f"({error.strerror}). Free some space, or unset VGAN_C2PA_CERT and VGAN_C2PA_KEY."
        ) from error


def _remove(path: Path) -> None:
    with suppress(OSError):  # what went wrong before is what counts
        path.unlink(missing_ok=True)


@dataclass(frozen=True)
class Signature:
    """What the credentials of a file say. valid: it is as it was when it was signed; trusted: by somebody on the list
    of the library; actions: what was done, each with its Digital Source Type, empty where it has none."""

    signer: str
    valid: bool
    trusted: bool
    actions: tuple[tuple[str, str], ...]


def signature_of(path: Path) -> Signature | None:
    """What the credentials of the file at `path` say.

    None for a file without credentials, and where the library is not installed. Raises SigningError for a file and for
    credentials that cannot be read.
    """
    mime = SIGNABLE.get(_kind(path))
    try:
        c2pa = _library()
    except SigningError:
        return None
    if mime is None:
        return None
    try:
        with (
            path.open("rb") as file,
            c2pa.Context(c2pa.Settings.from_dict(_LIBRARY_SETTINGS)) as context,
            c2pa.Reader(mime, file, context=context) as reader,
        ):
            active, state = reader.get_active_manifest() or {}, reader.get_validation_state()
    except (c2pa.C2paError.ManifestNotFound, c2pa.C2paError.NotSupported):
        return None
    except (c2pa.C2paError, OSError) as error:
        raise SigningError(f"{path.name}: its credentials cannot be read ({str(error)[:200]}).") from error
    signed = active.get("signature_info", {})
    actions = tuple(
        (str(action.get("action", "")), str(action.get("digitalSourceType", "")))
        for assertion in active.get("assertions", [])
        if str(assertion.get("label", "")).startswith("c2pa.actions")
        for action in assertion.get("data", {}).get("actions", [])
    )
    signer = str(signed.get("common_name") or signed.get("issuer") or "")
    return Signature(signer, state in ("Valid", "Trusted"), state == "Trusted", actions)


_LIBRARY_SETTINGS = {
    "builder": {"thumbnail": {"enabled": False}},  # a small copy of the upload is nobody else's business
    "verify": {"verify_after_sign": True, "remote_manifest_fetch": False, "ocsp_fetch": False},
}


def _manifest(recipe: Recipe, mime: str, source_type: str | None) -> dict[str, Any]:
    """What the credentials claim: who made it by what, and what was done, step by step."""
    agent = {"name": TOOL, "version": VERSION}
    kind = {"digitalSourceType": source_type} if source_type else {}
    changes = changing(recipe)
    if isinstance(recipe.source, Upload):
        opened = {"action": "c2pa.opened", "parameters": {"ingredientIds": [_UPLOAD]}}
        actions: list[dict[str, Any]] = [opened if changes else opened | kind]
    else:
        actions = [{"action": "c2pa.created", "softwareAgent": agent, **kind}]
        kind = {}
    for step in recipe.steps:
        said = kind if step.kind in changes else {}
        actions.append({"action": _ACTIONS.get(step.kind, "c2pa.edited"), "softwareAgent": agent, **said})
    if recipe.overlays:
        actions.append({"action": "c2pa.edited", "softwareAgent": agent})
    return {
        "claim_generator_info": [agent],
        "format": mime,
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": actions}}],
    }


_UPLOAD = "upload"


def _kind(path: Path) -> str:
    try:
        return kind_of(path)
    except (OSError, ValueError) as error:
        raise SigningError(f"{path.name}: this cannot be read ({error}).") from error


def _add_upload(builder: Any, path: Path, refused: type[Exception]) -> None:
    mime = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    ingredient = {"title": base_name(path.name), "relationship": "parentOf", "label": _UPLOAD}
    try:
        with path.open("rb") as file:
            builder.add_ingredient(ingredient, mime, file)
    except refused as error:
        raise SigningError(
            f"{path.name}: C2PA cannot take this as what a clip was made from ({str(error)[:200]}). Upload it as MP4, "
            "PNG, JPEG or WebP, or unset VGAN_C2PA_CERT and VGAN_C2PA_KEY."
        ) from error


def _library() -> Any:
    try:
        import c2pa  # an extra, and a large library: only when it is needed
    except ImportError as error:
        raise SigningError(f"signing: c2pa-python is not installed. {_INSTALL}") from error
    return c2pa


def _signer(signing: Signing) -> Any:
    c2pa = _library()
    try:
        info = c2pa.C2paSignerInfo(signing.algorithm, signing.chain.encode(), signing.key.encode(), None)
        return c2pa.Signer.from_info(info)
    except c2pa.C2paError as error:
        raise SigningError(
            f"VGAN_C2PA_CERT, VGAN_C2PA_KEY: these cannot sign ({str(error)[:300]}). Needed: a chain of certificates "
            "in PEM, leaf first, for the signing of documents or e-mail, and the leaf's key in PEM (PKCS 8)."
        ) from error


def _pem(path: Path, kind: str) -> str:
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST_PEM + 1).decode("ascii", "replace")
    except OSError as error:
        raise SigningError(f"{path.name}: this cannot be read ({error.strerror}). Name a PEM file.") from error
    if len(text) > LARGEST_PEM or f"{kind}-----" not in text:
        raise SigningError(f"{path.name}: there is no {kind.lower()} in PEM in it. Name the file that has one.")
    return text


def _algorithm(chain: str, key: str, paths: tuple[Path, Path]) -> str:
    """C2PA's name for what the key does. Raises SigningError where certificate and key are not each other's."""
    try:
        from cryptography import x509
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
    except ImportError as error:
        raise SigningError(f"signing: cryptography is not installed. {_INSTALL}") from error
    certificate, secret = (path.name for path in paths)
    try:
        leaf = x509.load_pem_x509_certificates(chain.encode())[0]
        private = serialization.load_pem_private_key(key.encode(), None)
    except (ValueError, TypeError) as error:  # a password is a TypeError
        raise SigningError(
            f"{certificate}, {secret}: these cannot be read as a certificate and a key without a password "
            f"({str(error)[:200]})."
        ) from error
    begin, end = leaf.not_valid_before_utc, leaf.not_valid_after_utc
    if not begin <= datetime.now(UTC) <= end:
        raise SigningError(
            f"{certificate}: this certificate is valid from {begin:%Y-%m-%d} to {end:%Y-%m-%d}. Renew it."
        )
    if leaf.public_key() != private.public_key():
        raise SigningError(f"{certificate}, {secret}: this key is not that of the first certificate. Name its own.")
    if isinstance(private, ec.EllipticCurvePrivateKey):
        found = {"secp256r1": "es256", "secp384r1": "es384", "secp521r1": "es512"}.get(private.curve.name)
    else:
        found = "ed25519" if isinstance(private, ed25519.Ed25519PrivateKey) else None
        found = "ps256" if isinstance(private, rsa.RSAPrivateKey) else found
    if found is None:
        raise SigningError(
            f"{secret}: C2PA has no signature for such a key. Allowed: EC on P-256, P-384 or P-521, RSA, Ed25519."
        )
    return found
