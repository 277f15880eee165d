"""The servers of one fair: who they are, what they exchange, and how far each has got."""
