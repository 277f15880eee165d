"""The office's and the floor team's area, closed by default."""
