"""What goes across rooms: who somebody is when they come in, and whose gifts are whose."""
