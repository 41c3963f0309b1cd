"""Renewal links, and the queue of all stores that are due."""
