"""Where people look in a clip: what moves against the rest of the picture, and what stands out from its surroundings.

Without a network, from three findings: what moves draws the eye before anything else (Itti 2005, motion after the
camera's own is taken out), places whose spectrum is unexpected (spectral residual, Hou and Zhang 2007), and places
whose light or colour is not that of their surroundings (centre-surround, Itti, Koch and Niebur 1998).
"""

import cv2
import numpy as np

from vgan.flow import Motion, grid, length, sampled

SIDE = 160  # longer side at which pictures are looked at, pixels
SPECTRUM = 64  # longer side at which the spectrum is taken, as its authors do
AVERAGE = 3  # over so many frequencies: what is left of the logarithm is the residual
SURROUND = (0.012, 0.12)  # centre and surroundings: standard deviations, shares of the longer side
LOCAL = 0.02  # shares of the longer side over which saliency is smoothed
TREMBLE = 0.35  # pixels by which flow errs
BRISK = 1.5  # pixels beyond it that count half
FIT = 5  # pixels between two places from which the camera's motion is fitted
WITHIN = 0.75  # pixels by which a place may leave the camera's motion and still belong to it
UNSEEN = 0.25  # of what looks different, that counts although no flow was found: small things are too fast for it
GRAIN, PLAIN = 3.0, 12.0  # grey levels by which a place may differ by chance, and beyond which it counts half
WEIGHTS = {"motion": 8.0, "spectrum": 0.5, "contrast": 0.5}


class Attention:
    """Looks at one picture after another, of one scene; begin anew after a cut."""

    def __init__(self) -> None:
        self._motion, self._before = Motion(), np.empty((0, 0, 3), np.uint8)

    def __call__(self, picture: np.ndarray) -> np.ndarray:
        """uint8 RGB (h, w, 3), already small (see `small`). Returns how much each place draws the eye: (h, w) float32,
        0 or more, about 1 for what surely does."""
        grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
        found = WEIGHTS["spectrum"] * standing_out(spectral_residual(grey))
        found += WEIGHTS["contrast"] * standing_out(contrast(picture))
        if self._before.shape == picture.shape:
            flow = self._motion(grey, cv2.cvtColor(self._before, cv2.COLOR_RGB2GRAY))
            found += WEIGHTS["motion"] * own_motion(picture, self._before, flow)
        self._before = picture
        return np.asarray(found, np.float32)


def small(picture: np.ndarray) -> np.ndarray:
    """uint8 RGB (H, W, 3), its longer side `SIDE` pixels at most."""
    height, width = picture.shape[:2]
    ratio = SIDE / max(height, width)
    if ratio >= 1:
        return picture
    size = (max(8, round(width * ratio)), max(8, round(height * ratio)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))


def spectral_residual(grey: np.ndarray) -> np.ndarray:
    """Saliency (h, w), 0 or more, of uint8 grey (h, w): its spectrum without what all pictures' spectra have."""
    height, width = grey.shape
    ratio = SPECTRUM / max(height, width)
    size = (max(8, round(width * ratio)), max(8, round(height * ratio)))
    spectrum = np.fft.fft2(cv2.resize(grey, size, interpolation=cv2.INTER_AREA).astype(np.float32))
    logarithm = np.log(np.abs(spectrum) + 1).astype(np.float32)  # one grey level is nothing: a flat picture has none
    residual = logarithm - cv2.blur(logarithm, (AVERAGE, AVERAGE), borderType=cv2.BORDER_WRAP)
    saliency = np.abs(np.fft.ifft2(np.exp(residual) * np.exp(1j * np.angle(spectrum)))).astype(np.float32) ** 2
    saliency[0, 0] = np.median(saliency)  # of a flat picture, only this place has any
    return _smooth(np.asarray(cv2.resize(saliency, (width, height), interpolation=cv2.INTER_LINEAR)))


def contrast(picture: np.ndarray) -> np.ndarray:
    """How far the colour of each place is from that of its surroundings, in CIELAB: (h, w), 0 or more."""
    lab = cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    side = max(picture.shape[:2])
    near, far = (cv2.GaussianBlur(lab, (0, 0), share * side) for share in SURROUND)
    return _smooth(np.linalg.norm(near - far, axis=2).astype(np.float32))


def own_motion(here: np.ndarray, there: np.ndarray, flow: np.ndarray) -> np.ndarray:
    """What moves otherwise than the camera, in [0, 1), (h, w). flow: (h, w, 2), where in `there` each place of `here`
    is, pixels; both are uint8 RGB (h, w, 3).

    The camera's motion is the homography that most places agree with. What moves leaves it, and looks different where
    the camera alone would have it: flow alone errs, above all where the camera moves fast.
    """
    height, width = flow.shape[:2]
    places = grid(height, width)
    some = places[FIT // 2 :: FIT, FIT // 2 :: FIT].reshape(-1, 1, 2)
    moved = some + flow[FIT // 2 :: FIT, FIT // 2 :: FIT].reshape(-1, 1, 2)
    cv2.setRNGSeed(0)  # the same clip, the same window
    camera, agree = cv2.findHomography(some, moved, cv2.RANSAC, WITHIN)
    if camera is None:
        return np.zeros((height, width), np.float32)
    expected = cv2.perspectiveTransform(places.reshape(-1, 1, 2), camera).reshape(height, width, 2).astype(np.float32)
    inside = ((expected >= 0) & (expected <= (width - 1, height - 1))).all(-1)
    beyond = np.maximum(length(places + flow - expected) - TREMBLE, 0)
    differs = _smooth(cv2.absdiff(here, sampled(there, expected)).max(-1).astype(np.float32))
    leaves = UNSEEN + (1 - UNSEEN) * beyond / (beyond + BRISK)
    found = leaves * np.maximum(differs - GRAIN, 0) / (differs + PLAIN)
    return _smooth(np.where(inside, found, 0).astype(np.float32)) * min(1.0, 2 * float(agree.mean()))


def standing_out(saliency: np.ndarray) -> np.ndarray:
    """`saliency` (h, w) in [0, 1]: much where a few places have it, little where all of it is much the same."""
    low, high = float(saliency.mean()), float(saliency.max())
    if high <= low * 1.02 or high < 1e-6:
        return np.zeros_like(saliency)
    return np.clip((saliency - low) / (high - low), 0, 1) * (1 - low / high)


def _smooth(saliency: np.ndarray) -> np.ndarray:
    return np.asarray(cv2.GaussianBlur(saliency, (0, 0), LOCAL * max(saliency.shape)))
