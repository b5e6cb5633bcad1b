"""Two worlds: rows of two principals, and whether one of them can see or change what belongs to the other."""
