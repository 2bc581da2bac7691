"""Numbered receipts for gifts that arrived."""
