"""Directions in which a generator varies most, in closed form from its weights alone."""

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
    rows = torch.linalg.eigh(gram).eigenvectors.T.flip(0)[:count]
    largest = rows.gather(1, rows.abs().argmax(dim=1, keepdim=True))
    return (rows * largest.sign()).float()
