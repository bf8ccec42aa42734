"""The AI patent database of CSET and 1790 Analytics: a user's own build only."""
