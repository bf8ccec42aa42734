"""The sections of beside-papers.md: a module for each domain, whose `section` writes it from a build.

What is read by hand stands in notes/<domain>.md and closes the section.
"""
