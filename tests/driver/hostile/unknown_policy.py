"""Declares a policy by a name that does not exist."""
import polite

polite.run(None, policy={"refesh": {"before": 60}})
