"""The people of the tests, always the same: who gives, in which language, from where."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """Somebody who gives."""

    first_name: str
    last_name: str
    email: str
    language: str = "en"
    country: str = ""


AMAL = Person("Amal", "Haddad", "amal@example.org", country="JO")
NOAM = Person("נעם", "לוין", "noam@example.org", "he", "IL")
YARA = Person("يارا", "منصور", "yara@example.org", "ar", "JO")
#: Gives twice from the same address, written differently.
PETRA = Person("Petra", "O'Neill-Castellano", "Petra@Example.org", country="US")
