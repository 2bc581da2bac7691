"""Work that must happen after a commit: a transactional job table and its worker, by name only."""
