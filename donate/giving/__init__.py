"""One gift at a time: from the form's row to the confirmed donation."""
