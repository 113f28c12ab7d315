"""The demonstration as one command: engines, first-run steps, child processes, one end for all of them."""
