"""Article pages: sections, topics, and the importers that bring stories in."""
