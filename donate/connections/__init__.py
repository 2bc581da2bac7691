"""What other programs of the newsroom are told (hooks) and may read (tokens): each with its own secret and reach."""
