"""A memory of made pictures, so that critics do not forget what generators used to do."""

import torch
from torch import Tensor


class ImagePool:
    """The last `size` made pictures or so (Shrivastava et al. 2017, as CycleGAN uses it)."""

    def __init__(self, size: int):
        self.size = size
        self.pictures: list[Tensor] = []

    def swap(self, made: Tensor, generator: torch.Generator) -> Tensor:
        """made: (N, 3, H, W). Returns as many: until the pool is full the same ones; then each with even odds itself or
        an older one, whose place in the pool it takes."""
        shown = []
        for picture in made.detach():
            if len(self.pictures) < self.size:
                self.pictures.append(picture)
            elif float(torch.rand((), generator=generator)) < 0.5:
                place = int(torch.randint(self.size, (), generator=generator))
                picture, self.pictures[place] = self.pictures[place], picture
            shown.append(picture)
        return torch.stack(shown)
