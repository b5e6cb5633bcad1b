"""What is not as the contract says, into SQL that runs."""
