"""The demo: the whole story of a store, told on the terminal and verified in the sandbox."""
