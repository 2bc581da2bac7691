"""Reads every room; writes files."""
