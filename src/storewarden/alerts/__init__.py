"""Reminders and alerts: what needs a person, told in time and on the channels that are read."""
