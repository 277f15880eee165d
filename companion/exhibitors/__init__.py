"""The exhibitors' area: the way in, and one shell in which their phones draw every page."""
