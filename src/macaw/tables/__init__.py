"""Canonical tables: works, their authors' affiliations, and what each venue's year holds."""
