"""Past gifts from other systems: one file a format, each row a gift that came, or a reason why it is none."""
