"""What a database says in SQL, in words that people read: no more and no less, or else the SQL itself."""
