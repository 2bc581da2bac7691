"""The rules of the house, kept by reading its own files."""
