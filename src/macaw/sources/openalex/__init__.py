"""Works of OpenAlex, from its snapshot."""
