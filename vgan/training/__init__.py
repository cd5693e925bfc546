"""Training: made pictures, losses, trainers. Needs torch, torchvision, numpy, safetensors and tqdm alone."""
