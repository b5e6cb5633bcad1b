"""The life of a contract: got from a database, compared, tried, remembered."""
