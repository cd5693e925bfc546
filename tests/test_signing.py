"""Content Credentials: what is claimed, by whom, and what is said where a clip cannot be signed."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from clips import models, waves
from films import drifting, write_film

from vgan.errors import VganError
from vgan.media.probe import probe, recipe_of
from vgan.recipe import Recipe
from vgan.registry import Models
from vgan.render import render
from vgan.settings import Settings
from vgan.share import signing as signing_module
from vgan.share.check import check
from vgan.share.provenance import CHANGED, TRAINED, disclosed
from vgan.share.signing import SIGNABLE, SigningError, read_signing, sign, signature_of, signing_of

c2pa = pytest.importorskip("c2pa", reason="c2pa-python is an extra: pip install -r requirements-c2pa.txt")
x509 = pytest.importorskip("cryptography.x509", reason="the extra brings it")

from cryptography.hazmat.primitives import hashes, serialization  # noqa: E402
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa  # noqa: E402
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID  # noqa: E402

__all__ = ["models", "waves"]  # fixtures

PEM = serialization.Encoding.PEM
PLAIN = serialization.NoEncryption()


def certificate(name: str, key: Any, issuer: tuple[str, Any], ca: bool, days: int = 30) -> Any:
    """A certificate of `name`, signed by `issuer` (name, key)."""

    def named(common: str) -> Any:
        parts = {NameOID.COUNTRY_NAME: "DE", NameOID.ORGANIZATION_NAME: "Tests", NameOID.COMMON_NAME: common}
        return x509.Name([x509.NameAttribute(kind, text) for kind, text in parts.items()])

    builder = (
        x509.CertificateBuilder(named(issuer[0]), named(name), key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=60))
        .not_valid_after(datetime.now(UTC) + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca, None), True)
        .add_extension(x509.KeyUsage(not ca, False, False, False, False, ca, ca, False, False), True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer[1].public_key()), False)
    )
    if not ca:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), False)
    return builder.sign(issuer[1], hashes.SHA256())


def write_chain(folder: Path, key: Any, days: int = 30) -> dict[str, Path]:
    """A throwaway chain for `key` and a root of its own, as settings name it."""
    folder.mkdir(exist_ok=True)
    root = ec.generate_private_key(ec.SECP256R1())
    chain = [
        certificate("A signer", key, ("A root", root), False, days),
        certificate("A root", root, ("A root", root), True),
    ]
    (folder / "chain.pem").write_bytes(b"".join(one.public_bytes(PEM) for one in chain))
    (folder / "key.pem").write_bytes(key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, PLAIN))
    return {"c2pa_certificate": folder / "chain.pem", "c2pa_key": folder / "key.pem"}


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The files of a chain that signs."""
    return write_chain(tmp_path_factory.mktemp("chain"), ec.generate_private_key(ec.SECP256R1()))


@pytest.fixture
def signers(paths: dict[str, Path]) -> Models:
    """No network, but a certificate."""
    return Models(Settings(device="cpu", offline=True, **paths))  # type: ignore[arg-type]


def small(**more: Any) -> Recipe:
    share = {"short_side": 144, "fps": 24, **more.pop("share", {})}
    return Recipe.parse({"source": {"kind": "generate", "seconds": 0.5}, "share": share, **more})


def manifest(path: Path, kind: str) -> dict[str, Any]:
    """What the library reads: the active manifest."""
    with path.open("rb") as file, c2pa.Reader(SIGNABLE[kind], file) as reader:
        store = json.loads(reader.json())
    return store["manifests"][store["active_manifest"]]  # type: ignore[no-any-return]


@pytest.mark.parametrize("file_format", ["mp4", "webp", "gif"])
def test_a_clip_is_signed_and_still_whole(tmp_path: Path, signers: Models, waves: None, file_format: str) -> None:
    asked, path = small(share={"format": file_format}), tmp_path / f"a.{file_format}"
    clip = render(asked, signers, path)
    found = signature_of(path)
    assert found is not None
    assert (found.signer, found.valid, found.trusted) == ("A signer", True, False)
    assert found.actions == (("c2pa.created", TRAINED),)
    assert manifest(path, file_format)["claim_generator_info"][0]["name"] == "VGAN Studio"
    assert recipe_of(path) == asked
    assert disclosed(path) == TRAINED
    assert clip.bytes == path.stat().st_size
    assert probe(path).frames == 12
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    if file_format == "mp4":
        assert check(path, "any")["faststart"].passes == "yes"


def test_a_still_is_signed(tmp_path: Path, paths: dict[str, Path]) -> None:
    """A single frame, as a picture that was uploaded and enlarged becomes one."""
    from PIL import Image

    Image.new("RGB", (64, 64), (200, 30, 90)).save(tmp_path / "mine.png")
    asked = Recipe.parse({"source": {"kind": "upload", "path": str(tmp_path / "mine.png")}, "share": {"format": "png"}})
    render(asked, Models(Settings(device="cpu", offline=True, **paths)), tmp_path / "a.png")  # type: ignore[arg-type]
    found = signature_of(tmp_path / "a.png")
    assert found is not None
    assert found.valid
    assert found.actions[0] == ("c2pa.opened", "")
    assert recipe_of(tmp_path / "a.png") == asked.portable()


@pytest.mark.parametrize("file_format", ["webm", "png"])
def test_what_c2pa_does_not_know_goes_unsigned(
    tmp_path: Path, signers: Models, waves: None, file_format: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "a"
    render(small(share={"format": file_format}), signers, path)
    assert f"{file_format} clips go unsigned" in caplog.text
    assert signature_of(path) is None
    assert disclosed(path) == TRAINED
    with pytest.raises(SigningError, match=r"cannot sign this kind of file\. Allowed: mp4, png, webp, gif"):
        sign(path, tmp_path / "b", read_signing(*_given(signers)), small(), TRAINED)
    assert not (tmp_path / "b").exists()


def _given(models: Models) -> tuple[Path, Path]:
    found = models.settings
    assert found.c2pa_certificate is not None
    assert found.c2pa_key is not None
    return found.c2pa_certificate, found.c2pa_key


def test_an_upload_is_what_it_was_made_from(tmp_path: Path, signers: Models, waves: None) -> None:
    """Its own credentials go along, and what was done to it is listed."""
    first, second = tmp_path / "first.mp4", tmp_path / "second.mp4"
    render(small(), signers, first)
    steps = [{"kind": "stylize"}, {"kind": "grade"}]
    asked = Recipe.parse({"source": {"kind": "upload", "path": str(first)}, "steps": steps})
    sign(first, second, read_signing(*_given(signers)), asked, CHANGED)
    found = manifest(second, "mp4")
    assert [(one["title"], one["relationship"]) for one in found["ingredients"]] == [("first.mp4", "parentOf")]
    assert found["ingredients"][0]["active_manifest"], "the credentials of the upload"
    assert "thumbnail" not in found["ingredients"][0]
    signature = signature_of(second)
    assert signature is not None
    assert signature.valid
    assert signature.actions == (("c2pa.opened", ""), ("c2pa.filtered", CHANGED), ("c2pa.edited", ""))
    assert str(tmp_path) not in json.dumps(found)


def test_an_upload_that_is_gone(tmp_path: Path, signers: Models, waves: None) -> None:
    render(small(), signers, tmp_path / "a.mp4")
    asked = Recipe.parse({"source": {"kind": "upload", "path": str(tmp_path / "gone.mp4")}})
    with pytest.raises(SigningError, match=r"signing: gone\.mp4 cannot be read"):
        sign(tmp_path / "a.mp4", tmp_path / "b.mp4", read_signing(*_given(signers)), asked, None)
    assert not (tmp_path / "b.mp4").exists()


def test_a_change_afterwards_shows(tmp_path: Path, signers: Models, waves: None) -> None:
    path = tmp_path / "a.mp4"
    render(small(), signers, path)
    data = bytearray(path.read_bytes())
    data[data.index(b"mdat") + 2000] ^= 1
    path.write_bytes(data)
    found = signature_of(path)
    assert found is not None
    assert not found.valid
    assert signature_of(write_film(tmp_path / "plain.mp4", drifting(3))) is None


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (lambda: ec.generate_private_key(ec.SECP384R1()), "es384"),
        (lambda: ed25519.Ed25519PrivateKey.generate(), "ed25519"),
        (lambda: rsa.generate_private_key(65537, 2048), "ps256"),
    ],
    ids=["es384", "ed25519", "ps256"],
)
def test_keys_of_other_kinds(tmp_path: Path, key: Any, algorithm: str) -> None:
    from PIL import Image

    chain = write_chain(tmp_path / "chain", key())
    found = read_signing(chain["c2pa_certificate"], chain["c2pa_key"])
    assert found.algorithm == algorithm
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
    sign(tmp_path / "a.png", tmp_path / "b.png", found, small(), TRAINED)
    signature = signature_of(tmp_path / "b.png")
    assert signature is not None
    assert signature.valid


def test_off_unless_it_is_asked_for(monkeypatch: pytest.MonkeyPatch, paths: dict[str, Path]) -> None:
    monkeypatch.delenv("VGAN_C2PA_CERT", raising=False)
    monkeypatch.delenv("VGAN_C2PA_KEY", raising=False)
    assert signing_of(Settings()) is None
    monkeypatch.setenv("VGAN_C2PA_CERT", str(paths["c2pa_certificate"]))
    with pytest.raises(SigningError, match="VGAN_C2PA_KEY: not set, but the other one is"):
        signing_of(Settings())
    monkeypatch.setenv("VGAN_C2PA_KEY", str(paths["c2pa_key"]))
    assert signing_of(Settings()) is not None


def test_what_cannot_sign_is_refused_before_anything_is_drawn(
    tmp_path: Path, waves: None, monkeypatch: pytest.MonkeyPatch, paths: dict[str, Path]
) -> None:
    good = (paths["c2pa_certificate"], paths["c2pa_key"])
    other = write_chain(tmp_path / "other", ec.generate_private_key(ec.SECP256R1()))
    odd = write_chain(tmp_path / "odd", ec.generate_private_key(ec.SECP256K1()))
    locked = tmp_path / "locked.pem"
    private = serialization.load_pem_private_key(good[1].read_bytes(), None)
    locked.write_bytes(
        private.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"x"))
    )
    (tmp_path / "text.pem").write_text("hello")
    (tmp_path / "huge.pem").write_bytes(good[0].read_bytes() * 1000)
    broken = tmp_path / "broken.pem"
    broken.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    for certificate_path, key, said in (
        (tmp_path / "none.pem", good[1], r"none\.pem: this cannot be read"),
        (tmp_path, good[1], "this cannot be read"),
        (tmp_path / "text.pem", good[1], r"text\.pem: there is no certificate in PEM"),
        (tmp_path / "huge.pem", good[1], r"huge\.pem: there is no certificate"),
        (good[0], good[0], r"chain\.pem: there is no private key in PEM"),
        (broken, good[1], r"broken\.pem, key\.pem: these cannot be read"),
        (good[0], locked, "without a password"),
        (good[0], other["c2pa_key"], "not that of the first certificate"),
        (odd["c2pa_certificate"], odd["c2pa_key"], "no signature for such a key"),
    ):
        settings = Settings(device="cpu", offline=True, c2pa_certificate=certificate_path, c2pa_key=key)
        with pytest.raises(SigningError, match=said):
            render(small(), Models(settings), tmp_path / "a.mp4")
        assert not (tmp_path / "a.mp4").exists()
    assert not list(tmp_path.glob(".*"))
    monkeypatch.setattr(signing_module, "_library", _missing)
    with pytest.raises(VganError, match=r"requirements-c2pa\.txt"):
        signing_of(Settings(c2pa_certificate=good[0], c2pa_key=good[1]))


def _missing() -> Any:
    raise SigningError("signing: c2pa-python is not installed. Install it: pip install -r requirements-c2pa.txt.")


def test_a_certificate_that_has_expired(tmp_path: Path, waves: None) -> None:
    paths = write_chain(tmp_path / "chain", ec.generate_private_key(ec.SECP256R1()), days=-1)
    (tmp_path / "out").mkdir()
    with pytest.raises(SigningError, match=r"chain\.pem: this certificate is valid from .* Renew it"):
        render(small(), Models(Settings(device="cpu", offline=True, **paths)), tmp_path / "out" / "a.mp4")  # type: ignore[arg-type]
    assert not list((tmp_path / "out").iterdir())
