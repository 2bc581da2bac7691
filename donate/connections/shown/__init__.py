"""Gifts, promises, donors and appeals as other programs see them: the same in the API and in what hooks are told."""
