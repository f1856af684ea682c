"""What a form has to say by itself, because Mande says it on its own pages: "other", "not applicable". Pure."""

from collections.abc import Mapping
from collections.abc import Sequence

OTHER = {"en": "Other", "fr": "Autre", "es": "Otro", "ar": "غير ذلك"}
NOT_APPLICABLE = {"en": "Not applicable", "fr": "Sans objet", "es": "No procede", "ar": "لا ينطبق"}
PLEASE_SAY = {
    "en": "Other: please say",
    "fr": "Autre : précisez",
    "es": "Otro: especifique",
    "ar": "غير ذلك: يرجى التوضيح",
}
COMMENT = {"en": "Comment", "fr": "Commentaire", "es": "Comentario", "ar": "تعليق"}
PART = {"en": "Part", "fr": "Partie", "es": "Parte", "ar": "الجزء"}

LIKE_NOT_APPLICABLE = frozenset(
    ("not applicable", "n/a", "na", "n.a.", "does not apply", "sans objet", "non applicable", "no procede", "no aplica")
)


def said(words: Mapping[str, str], languages: Sequence[str]) -> dict[str, str]:
    """The words in each language, in English where we do not know them."""
    return {language: words.get(language, words["en"]) for language in languages}
