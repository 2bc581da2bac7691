"""The newsroom's own facts: its name, zone, currencies, status, contact and texts; and its funds."""
