"""Tables of the US National Center for Science and Engineering Statistics."""
