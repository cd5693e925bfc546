"""A thing without its plain background: what a product picture needs before it can stand on a look."""

from dataclasses import dataclass

import numpy as np

RING = 0.02  # of the shorter side: the border that shows what the background is like
PLAIN, EVEN = 0.72, 3.0  # share of the border that must agree with a smooth background, and how closely, in Lab
CLOSE, FAR = 8.0, 16.0  # distance in Lab up to which a colour belongs to the background: the more, the noisier it is
DARKER = 0.55  # weight of lightness where a place is only darker than the background: a soft shadow goes with it
BAND = 0.006  # of the shorter side: half the width of the edge in which both are mixed
CLEAR = 14.0  # distance in Lab that most of a thing keeps to the background along its outline
LEAST, MOST = 0.004, 0.985  # share of the picture that a thing has
SEE_THROUGH = 0.005  # share of pixels that are not opaque, from which on a picture has been cut out already


@dataclass(frozen=True)
class Cutout:
    """picture: uint8 (h, w, 4), straight alpha. reason: why nothing was cut out, for the person; empty where it was."""

    picture: np.ndarray
    reason: str = ""


def cut_out(picture: np.ndarray) -> Cutout:
    """`picture`, uint8 RGBA (h, w, 4), without the plain background around what it shows.

    The background is a quadratic surface in Lab, fitted robustly to the border. What is like it and hangs together
    with the border goes. In a band along the edge, alpha is the share of the foreground in the mixture of both colours
    (the compositing equation, solved for alpha with the nearest sure colours, as blue-screen matting does), and the
    background's part is taken out of the colour, so that no pale seam stays. A picture that has transparent places
    keeps them as they are. Where the background is not plain, the picture stays whole and `reason` says so.
    """
    if (picture[..., 3] < 250).mean() > SEE_THROUGH:
        return Cutout(picture)
    import cv2  # when it is needed

    rgb = picture[..., :3].astype(np.float32) / 255
    lab = cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB)
    ring = _ring(picture.shape[:2])
    background, share, noise = _background(lab, ring)
    if share < PLAIN or noise > EVEN:
        return Cutout(picture, "its background is not plain, so it was left whole. Take a picture on a plain ground.")
    distance = _distance(lab, background)
    like = (distance < np.clip(4 * noise, CLOSE, FAR)).astype(np.uint8)
    outside = _touching(like)
    inside = _solid(~outside)
    covered = inside.mean()
    if not LEAST <= covered <= MOST:
        what = "nothing stands out from its background" if covered < LEAST else "it has no plain background around it"
        return Cutout(picture, f"{what}, so it was left whole. Take a picture on a plain ground.")
    if _contrast(distance, inside) < CLEAR:
        return Cutout(picture, "its outline is not clear, so it was left whole. Take a picture on a plain ground.")
    ground = cv2.cvtColor(background, cv2.COLOR_LAB2RGB)
    return Cutout(_matted(rgb, ground, inside))


def _ring(shape: tuple[int, int]) -> np.ndarray:
    """Which pixels are the border, bool (h, w)."""
    wide = max(2, round(RING * min(shape)))
    ring = np.ones(shape, bool)
    ring[wide:-wide, wide:-wide] = False
    return ring


def _background(lab: np.ndarray, ring: np.ndarray) -> tuple[np.ndarray, float, float]:
    """(the background everywhere (h, w, 3), share of the border that agrees, how far colours usually are from it).

    Least squares, again and again without what is far off: a thing may reach the border.
    """
    rows, columns = np.nonzero(ring)
    colours = lab[ring]
    step = max(1, len(rows) // 20_000)
    rows, columns, colours = rows[::step], columns[::step], colours[::step]
    height, width = ring.shape
    terms = _terms(rows / height, columns / width)
    middle = np.median(colours, axis=0)
    kept = np.linalg.norm(colours - middle, axis=1) < 3 * FAR
    surface = np.zeros((terms.shape[1], 3))
    surface[0] = middle
    for _ in range(6):
        if kept.sum() < 4 * terms.shape[1]:
            break
        surface = np.linalg.lstsq(terms[kept], colours[kept], rcond=None)[0]
        off = np.linalg.norm(colours - terms @ surface, axis=1)
        kept = off < max(CLOSE, 3 * float(np.median(off[kept])))
    off = np.linalg.norm(colours - terms @ surface, axis=1)
    noise = float(np.median(off[kept])) if kept.any() else FAR
    y, x = np.linspace(0, 1, height, endpoint=False), np.linspace(0, 1, width, endpoint=False)
    grid = np.meshgrid(y, x, indexing="ij")
    drawn = (_terms(grid[0].ravel(), grid[1].ravel()) @ surface).reshape(height, width, 3).astype(np.float32)
    return drawn, float((off < CLOSE).mean()), noise


def _terms(y: np.ndarray, x: np.ndarray) -> np.ndarray:
    return np.stack([np.ones_like(y), y, x, y * x, y * y, x * x], axis=1)


def _distance(lab: np.ndarray, background: np.ndarray) -> np.ndarray:
    """How far each colour is from the background there (h, w), in Lab; a shadow's darkness counts less."""
    off = lab - background
    off[..., 0] *= np.where(off[..., 0] < 0, DARKER, 1.0)
    return np.sqrt((off * off).sum(2))


def _touching(like: np.ndarray) -> np.ndarray:
    """The parts of `like` (uint8 (h, w)) that hang together with the border, bool (h, w)."""
    import cv2

    _, labels = cv2.connectedComponents(like, connectivity=4)
    edge = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    return np.isin(labels, np.setdiff1d(edge, [0]))


def _solid(inside: np.ndarray) -> np.ndarray:
    """`inside` without specks of noise, and without the fine cracks through which the outside came in."""
    import cv2

    size = 2 * max(1, round(0.003 * min(inside.shape))) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    closed = cv2.morphologyEx(inside.astype(np.uint8), cv2.MORPH_CLOSE, kernel)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
    if count < 2:
        return np.zeros_like(inside)
    areas = stats[:, cv2.CC_STAT_AREA].copy()
    areas[0] = 0
    kept = np.nonzero(areas > max(16, 0.02 * areas.max()))[0]
    return np.isin(labels, kept)


def _contrast(distance: np.ndarray, inside: np.ndarray) -> float:
    """How far colours a little inside the outline usually are from the background: a sky's clouds begin softly."""
    import cv2

    wide = max(1, round(BAND * min(inside.shape)))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * wide + 1, 2 * wide + 1))
    mask = np.pad(inside.astype(np.uint8), 2 * wide, mode="edge")
    near = cv2.erode(mask, kernel)
    rim = (near > cv2.erode(near, kernel))[2 * wide : -2 * wide, 2 * wide : -2 * wide]
    return float(np.quantile(distance[rim], 0.3)) if rim.any() else 0.0


def _matted(rgb: np.ndarray, ground: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """uint8 RGBA: opaque inside, gone outside, mixed in a band along the edge."""
    import cv2

    wide = max(1, round(BAND * min(inside.shape)))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * wide + 1, 2 * wide + 1))
    filled = np.pad(inside.astype(np.uint8), wide, mode="edge")  # a thing that the frame cuts ends sharply there
    sure = cv2.erode(filled, kernel)[wide:-wide, wide:-wide]
    if not sure.any():
        sure = inside.astype(np.uint8)
    reach = cv2.dilate(inside.astype(np.uint8), kernel)
    _, nearest = cv2.distanceTransformWithLabels(1 - sure, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    places = np.zeros(int(nearest.max()) + 1, np.int64)
    places[nearest[sure > 0]] = np.flatnonzero(sure)
    colour = rgb.reshape(-1, 3)[places[nearest]]
    step = colour - ground
    length = (step * step).sum(2)
    part = ((rgb - ground) * step).sum(2) / np.maximum(length, 1e-3)
    clear = length > 0.004  # too alike to be told apart: then the outline alone says what is what
    alpha = np.where(clear, part.clip(0, 1), inside)
    alpha = np.where(sure > 0, 1.0, np.where(reach > 0, alpha, 0.0)).astype(np.float32)
    share = alpha[..., None]
    own = ((rgb - (1 - share) * ground) / np.maximum(share, 0.1)).clip(0, 1)  # without the background's part
    band = ((alpha > 0) & (sure == 0))[..., None]
    mixed = np.where(band, share * own + (1 - share) * colour, rgb)  # the less there is, the less it tells
    soft = np.where(sure > 0, 1.0, cv2.GaussianBlur(alpha, (3, 3), 0.5))
    mixed = np.where(((soft > 0) & (alpha <= 0))[..., None], colour, mixed)
    whole = np.concatenate([mixed, np.where(soft > 0.02, soft, 0)[..., None]], axis=2)
    return (whole * 255 + 0.5).astype(np.uint8)
