"""The values of the last release that may be redistributed, made by `macaw release`."""
