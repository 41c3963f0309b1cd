"""Outgoing webhooks: what happened is told to a seller's own programs, signed."""
