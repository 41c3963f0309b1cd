"""Storewarden: a self-hosted desk for sellers with many Temu stores."""

__version__ = "0.1.0"
