"""Webhooks from the marketplace: verified, kept, and turned into the pulls they announce."""
