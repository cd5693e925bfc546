"""Public generators that people ask for by name. Nobody pinned their revision: they are fetched as they are today."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PublicLook:
    """One checkpoint on the Hub. name: as a look, `owner/name:file`; licence, may_sell: of the weights, as far as their
    publisher says; bytes: about, 0 where nobody measured it."""

    name: str
    title: str
    licence: str
    may_sell: bool
    bytes: int = 0


_NVIDIA = "NVIDIA Source Code License-NC: not for commercial use"


def _stylegan2(what: str, title: str, size: int = 0) -> PublicLook:
    return PublicLook(f"ZeqiangLai/StyleGAN2:stylegan2-{what}-config-f.pt", f"StyleGAN2 {title}", _NVIDIA, False, size)


PUBLIC_LOOKS: dict[str, PublicLook] = {
    look.name: look
    for look in (
        _stylegan2("ffhq", "faces, 1024 px", 132_717_355),
        _stylegan2("car", "cars, 512 px", 123_949_595),
        _stylegan2("cat", "cats, 256 px", 120_878_283),
        _stylegan2("church", "churches, 256 px"),
        _stylegan2("horse", "horses, 256 px"),
        PublicLook(
            "public-data/TADNE:aydao-anime-danbooru2019s-512-5268480.pt",
            "TADNE anime portraits, 512 px",
            "CC0-1.0",
            True,
            470_000_000,
        ),
    )
}
