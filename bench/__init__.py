"""Measurements, as ratios to a baseline named beside each and taken in the same run: `make bench`."""
