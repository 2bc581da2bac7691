"""One file a format: each reads a source into plain stories."""
