"""Training: made pictures, losses, trainers. Needs torch, torchvision, numpy, safetensors, accelerate and tqdm alone."""
