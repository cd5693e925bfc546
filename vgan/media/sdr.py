"""High dynamic range to what every screen shows: linear light, a gentle shoulder, BT.709."""

import numpy as np

PQ, HLG = "pq", "hlg"
HDR = {16: PQ, 18: HLG}  # ffmpeg's numbers of transfer characteristics (SMPTE ST 2084, ARIB STD-B67)
WHITE = 203.0  # nits of diffuse white (ITU-R BT.2408)
PEAK = 1000.0  # nits; brighter lights are cut

# BT.2020 to BT.709 primaries, on linear light (ITU-R BT.2087).
_TO_709 = np.array([[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]], np.float32)


def to_sdr(picture: np.ndarray, transfer: str) -> np.ndarray:
    """uint16 RGB (H, W, 3) in BT.2020 under PQ or HLG to uint8 BT.709.

    Up to diffuse white it stays as it is, but for the shoulder that makes room for highlights (Reinhard et al. 2002,
    extended form).
    """
    light = _CURVES[transfer][picture >> 4]  # relative to diffuse white
    light = np.maximum(light @ _TO_709.T, 0)
    most = PEAK / WHITE
    light = light * (1 + light / most**2) / (1 + light) * 1.6
    return (np.minimum(light, 1) ** (1 / 2.2) * 255 + 0.5).astype(np.uint8)


def _pq(signal: np.ndarray) -> np.ndarray:
    m1, m2, c1, c2, c3 = 0.1593017578125, 78.84375, 0.8359375, 18.8515625, 18.6875
    power = signal ** (1 / m2)
    return 10_000 * (np.maximum(power - c1, 0) / (c2 - c3 * power)) ** (1 / m1)


def _hlg(signal: np.ndarray) -> np.ndarray:
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - c) / a) + b) / 12)
    return PEAK * scene**1.2


_SIGNAL = np.linspace(0, 1, 4096)  # a table of twelve bits: no clip has more
_CURVES = {
    name: (np.minimum(curve(_SIGNAL), PEAK) / WHITE).astype(np.float32) for name, curve in ((PQ, _pq), (HLG, _hlg))
}
