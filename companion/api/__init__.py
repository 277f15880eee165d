"""JSON for phones, other servers and other programs."""
