"""How fast and how large, side by side with the plain way of doing it, in the same run, as ratios."""
