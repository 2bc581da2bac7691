"""The words of the practice Payment Element, in languages that Elements has and the hosted page has not."""

from __future__ import annotations

from dataclasses import dataclass, field

RIGHT_TO_LEFT = ("ar", "he")


@dataclass(frozen=True)
class Words:
    """What the frame and its errors say in one language.

    Args:
        legend: Over the cards.
        incomplete: Nothing was chosen.
        closed: The session is not open any more.
        titles: What each card does, by its last four digits; what is missing stays English.
        refusals: What a refusal is told as, by its code.
        known: Whether the language is one of these.
    """

    legend: str
    incomplete: str
    closed: str
    titles: dict[str, str] = field(default_factory=dict)
    refusals: dict[str, str] = field(default_factory=dict)
    known: bool = True


ENGLISH = Words("Practice card", "Choose a practice card.", "This payment is not open any more.")
WORDS = {
    "en": ENGLISH,
    "ar": Words(
        legend="بطاقة للتجربة",
        incomplete="اختر بطاقة للتجربة.",
        closed="لم يعد هذا الدفع متاحًا.",
        titles={
            "4242": "تعمل", "3155": "تسأل المصرف أولًا", "9995": "لا رصيد فيها", "0002": "تُرفض بلا سبب",
            "0069": "منتهية الصلاحية", "0341": "تعمل اليوم وتفشل الشهر القادم",
        },
        refusals={
            "card_declined": "رُفضت بطاقتك.",
            "expired_card": "انتهت صلاحية بطاقتك.",
        },
    ),
    "he": Words(
        legend="כרטיס לתרגול",
        incomplete="בחרו כרטיס לתרגול.",
        closed="התשלום הזה כבר אינו פתוח.",
        titles={
            "4242": "עובד", "3155": "שואל קודם את הבנק", "9995": "אין בו כסף", "0002": "נדחה בלי סיבה",
            "0069": "פג תוקפו", "0341": "עובד היום, ייכשל בחודש הבא",
        },
        refusals={
            "card_declined": "הכרטיס שלכם נדחה.",
            "expired_card": "תוקף הכרטיס שלכם פג.",
        },
    ),
}  # fmt: skip
_OTHER = Words(ENGLISH.legend, ENGLISH.incomplete, ENGLISH.closed, known=False)


def words_in(language: str) -> Words:
    """Return the words of a language; English where there are none."""
    return WORDS.get(language, _OTHER)
