"""The expiry dates of all tokens as a calendar, behind secret addresses that can be revoked."""
