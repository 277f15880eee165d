"""Who is signed in, and by what: passwords, printed cards and sessions that a row in the database keeps alive."""
