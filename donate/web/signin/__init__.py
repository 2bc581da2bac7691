"""The sign-in door: a link and a code by mail for members and staff, and the staff's second factor."""

from donate.web.signin import ask, code, link, new_address, second
from donate.web.signin.door import signin

__all__ = ["ask", "code", "link", "new_address", "second", "signin"]
