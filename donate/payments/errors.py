"""What a call to Stripe can end with, besides an answer."""

from __future__ import annotations

from donate.errors import DonateError


class StripeRefused(DonateError):
    """Stripe said no; nothing took effect.

    Args:
        code: Stripe's error code.
        said: Its message, for the log.
        param: The parameter it is about.
    """

    def __init__(self, code: str, said: str, param: str = "") -> None:
        self.code = code
        self.said = said
        self.param = param
        super().__init__("stripe_refused", code=code, said=said, param=param)


class StripeUnanswered(DonateError):
    """No answer, or one that does not tell: the request may have taken effect. Unknown is not failed.

    Args:
        said: What is known, for the log.
        is_kept: Whether Stripe keeps this answer under the key: asking again tells nothing new, looking does.
    """

    def __init__(self, said: str, *, is_kept: bool = False) -> None:
        self.is_kept = is_kept
        super().__init__("stripe_unanswered", said=said)
