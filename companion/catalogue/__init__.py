"""The public catalogue: what visitors may see, in all languages at once."""
