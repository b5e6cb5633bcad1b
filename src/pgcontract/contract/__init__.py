"""What should be: expectations, and the suites that people make of them."""
