"""How sure: nowcasts of what is not yet counted, and whether a comparison holds under other definitions."""
