"""Categories of papers on arXiv, from its metadata."""
