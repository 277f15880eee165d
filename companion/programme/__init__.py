"""What is announced: workshops in their rooms and hours, and notices. Typed forms become edits, clashes are found."""
