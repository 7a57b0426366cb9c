"""Fails to start, and says why on stderr."""
raise SystemExit("no module named oauth")
