"""The contract of the backend, an area a module; ../contract.py puts them together."""
