"""Campaigns tied to articles: which ask stands where, with which words and amounts."""
