"""Who works here: staff, what each role may do, their second factor, and the history of what was done."""
