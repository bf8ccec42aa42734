"""The Research Organization Registry."""
