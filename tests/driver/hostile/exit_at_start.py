"""Ends with success before it said anything."""
