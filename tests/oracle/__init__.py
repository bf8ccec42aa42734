"""A second, plain implementation of the indicators, against which the SQL is tested on random worlds."""
