"""Common Crawl's own statistics of the languages of its crawls."""
