"""Epoch AI: notable, large-scale and frontier models, the capabilities index, GPU clusters and hardware."""
