"""Never answers."""
import polite

polite.run(lambda number: None)
