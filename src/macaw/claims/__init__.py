"""Claims: what is said in the news, and what the evidence says of it."""
