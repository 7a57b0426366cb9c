"""Claims to live on virtual time, and has a clock of its own."""
import polite

polite.run(None, time="virtual", reads={"now": 1000})
