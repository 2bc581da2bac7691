"""The standing promise to give each month or year."""
