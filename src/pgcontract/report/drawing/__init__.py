"""Where boxes and lines of a diagram stand, and how wide words are: what every picture needs."""
