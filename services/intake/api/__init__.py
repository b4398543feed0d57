"""Intake over HTTP; each room has a module."""
