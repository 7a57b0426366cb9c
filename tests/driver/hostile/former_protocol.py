"""Speaks the protocol as it was before."""
import polite

polite.run(None, protocol=1)
