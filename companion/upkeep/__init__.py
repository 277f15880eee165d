"""What keeps a server well: backups, a look at its health, and what a CDN may hold."""
