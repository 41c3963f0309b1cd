"""State and rules of the simulated Temu; no HTTP in here."""
