"""Claims to live on virtual time, and does not say what its clock reads."""
import polite

polite.run(None, time="virtual")
