"""Directions in which a generator varies most: in closed form from its weights alone, or from what it draws."""

from collections.abc import Sequence

import torch
from torch import Tensor


def closed_form(weights: Sequence[Tensor], count: int) -> Tensor:
    """The `count` unit directions of the latent that change the first layers most, strongest first.

    SeFa (Shen & Zhou, "Closed-Form Factorization of Latent Semantics in GANs", 2021): the top eigenvectors of the sum
    of A^T A over the layers that read the latent. Computed in float64 on the CPU; of the two signs the one whose
    largest component is positive, so that a slider means the same on every machine.

    weights: one matrix (out, dim) for each layer that reads the latent, any float dtype and device.
    Returns float32 (count, dim) on the CPU, rows orthonormal. Raises ValueError for no weights, matrices of different
    `dim`, or a count outside 1..dim.
    """
    if not weights or any(weight.ndim != 2 or weight.shape[1] != weights[0].shape[1] for weight in weights):
        raise ValueError(f"weights: expected matrices (out, dim) of one dim, got {[tuple(w.shape) for w in weights]}")
    dim = weights[0].shape[1]
    if not 1 <= count <= dim:
        raise ValueError(f"count: {count} directions of a latent of {dim} numbers; allowed: 1 to {dim}")
    gram = torch.zeros(dim, dim, dtype=torch.float64)
    for weight in weights:
        matrix = weight.detach().to("cpu", torch.float64)
        gram += matrix.T @ matrix
    return _signed(torch.linalg.eigh(gram).eigenvectors.T.flip(0)[:count])


def principal(latents: Tensor, features: Tensor, count: int) -> Tensor:
    """The `count` unit directions of the latent along which `features` of it vary most, strongest first.

    GANSpace (Härkönen et al., "GANSpace: Discovering Interpretable GAN Controls", 2020): principal components of the
    features, carried back to the latent by linear regression. Where the features are the latents themselves, as with
    styles w, these are their own components. In float64 on the CPU, signs as in `closed_form`.

    latents: (n, dim), features: (n, wide), of the same n samples. Returns float32 (count, dim) on the CPU. Raises
    ValueError for fewer than two samples, others of each, or a count outside 1..min(n, dim, wide).
    """
    if latents.ndim != 2 or features.ndim != 2 or len(latents) != len(features) or len(latents) < 2:
        raise ValueError(f"expected (n, dim) and (n, wide), got {tuple(latents.shape)} and {tuple(features.shape)}")
    most = min(*latents.shape, features.shape[1])
    if not 1 <= count <= most:
        raise ValueError(f"count: {count} directions; allowed: 1 to {most}")
    given, seen = (part.detach().to("cpu", torch.float64) for part in (latents, features))
    given, seen = given - given.mean(0), seen - seen.mean(0)
    if seen.shape[1] <= len(seen):
        axes = torch.linalg.eigh(seen.T @ seen).eigenvectors.flip(1)[:, :count]
        places = seen @ axes
    else:  # fewer samples than numbers in each: the same places from the samples' products with each other
        values, vectors = torch.linalg.eigh(seen @ seen.T)
        places = vectors.flip(1)[:, :count] * values.flip(0)[:count].clamp_min(0).sqrt()
    rows = torch.nn.functional.normalize(places.T @ given, dim=1)
    return _signed(rows)


def _signed(rows: Tensor) -> Tensor:
    """float32 `rows`, of the two signs of each the one whose largest component is positive."""
    largest = rows.gather(1, rows.abs().argmax(dim=1, keepdim=True))
    return (rows * largest.sign()).float()
