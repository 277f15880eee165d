"""Who is signed in, and by what: passwords and sessions that a row in the database keeps alive."""
