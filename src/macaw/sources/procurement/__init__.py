"""AI contracts of the Chinese military, from public notices of 2020."""
