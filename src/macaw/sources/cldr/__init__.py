"""Who speaks which language where, by Unicode's CLDR, as it comes with the package language-data."""
