"""Many stores at once by table: read, handed in, settled line by line."""
