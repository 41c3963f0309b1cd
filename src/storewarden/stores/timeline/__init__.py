"""The picture of all authorizations: past tokens, today, ends to come."""
