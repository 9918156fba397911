"""Checkov loads external checks from folders that hold this file."""
