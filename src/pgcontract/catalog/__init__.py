"""What is: frozen records of a database, read once."""
