"""What tests are made of: databases, processes, gifts; each maker one file."""
