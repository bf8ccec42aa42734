"""The site on localhost, and what files cannot do: check an article, resolve names, ask in SQL."""
