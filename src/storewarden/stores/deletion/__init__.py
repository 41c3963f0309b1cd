"""Deleting a store with all that it had."""
