"""Counting the fair: numbers for the organisers and for today, and charts of them."""
