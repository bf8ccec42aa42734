"""What readers are given is no test, whatever its name."""

collect_ignore = ["seeds", "failures"]
