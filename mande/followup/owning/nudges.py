"""A friendly look at the sentence in which somebody says what they will do: could others see that it is done? Pure.

English, French, Spanish and Arabic are known. Every nudge is a suggestion, made once, after the sentence is saved; so
it looks only for what is plain to see, and would rather say nothing than be a nuisance.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

LONG = 200
FEW_WORDS = 3


class Kind(StrEnum):
    """What may be in the way of seeing that an action is done."""

    SHORT = "short"
    VAGUE = "vague"
    SEVERAL = "several"
    LONG = "long"


@dataclass(frozen=True)
class Nudge:
    """A suggestion; `words` are those of the sentence that it is about, "" where it is about all of it."""

    kind: Kind
    words: str = ""


@dataclass(frozen=True)
class Tongue:
    """What to look for in one language. `vague` follows `opening` at the sentence's beginning; `also` joins actions."""

    opening: str
    vague: str
    visible: str
    also: str
    verbs: str

    def vague_words(self, sentence: str) -> str:
        """The vague verb that the sentence begins with; "" where there is none, or where something can be seen."""
        found = re.match(rf"(?:(?:{self.opening})\s*)*({self.vague})(?!\w)", sentence, re.IGNORECASE)
        seen = re.search(rf"\d|(?<!\w)(?:{self.visible})", sentence, re.IGNORECASE)
        return found[1] if found and not seen else ""

    def joins(self, sentence: str) -> bool:
        """Whether a second action follows the first."""
        joint = rf"\w.*?(?:[,،;؛]\s*|(?<!\w))(?:{self.also})(?:{self.verbs})(?!\w)"
        return re.search(joint, sentence, re.IGNORECASE) is not None


TONGUES = {
    "en": Tongue(
        opening=r"i(?: will|['’]ll| plan to| intend to| want to| would like to| am going to)"
        r"|we(?: will|['’]ll| plan to| intend to| want to| would like to| are going to)|to\b",
        vague=r"think|reflect|consider|support|follow[ -]?up|explore|look (?:into|at)|try(?: to)?|raise awareness"
        r"|engage|(?:keep|stay) in touch|promote|encourage|improve|strengthen|enhance|contribute|work on|continue"
        r"|foster|pay (?:more )?attention|bear in mind|take into account|advocate|be more|understand|learn more|help",
        visible=r"by \w+ing\b|workshop|proposal|report|article|paper|letter|memo|guide|seminar|agreement|draft|survey"
        r"|two|three|four|five|six|ten|twelve|twenty",
        also=r"and (?:then )?(?:to )?|then (?:to )?",
        verbs=r"train|write|publish|send|organi[sz]e|hold|invite|draft|present|prepare|set up|create|start|launch|teach"
        r"|meet|visit|report|propose|share|discuss|support|follow up|think|explore|build|develop|introduce",
    ),
    "fr": Tongue(
        opening=r"je (?:vais|compte|veux|souhaite|voudrais)|nous (?:allons|comptons|voulons|souhaitons)|j['’]aimerais",
        vague=r"réfléchir|penser|songer|soutenir|appuyer|suivre|assurer (?:le|un) suivi|explorer|essayer(?: de)?|tenter"
        r"|sensibiliser|encourager|promouvoir|améliorer|renforcer|contribuer|travailler (?:sur|à)|continuer|poursuivre"
        r"|rester en contact|garder (?:le )?contact|aider|favoriser|mieux \w+|prendre en compte|étudier",
        visible=r"atelier|proposition|rapport|article|lettre|note|guide|séminaire|accord|projet de|enquête"
        r"|deux|trois|quatre|cinq|six|dix|douze|vingt",
        also=r"et (?:puis )?|puis ",
        verbs=r"former|écrire|rédiger|publier|envoyer|organiser|inviter|présenter|préparer|créer|lancer|enseigner"
        r"|rencontrer|proposer|partager|discuter|soutenir|suivre|réfléchir|explorer|développer|mettre en place",
    ),
    "es": Tongue(
        opening=r"voy a|vamos a|quiero|queremos|me gustaría|pienso|pensamos",
        vague=r"pensar|reflexionar|considerar|apoyar|(?:dar|hacer) (?:un )?seguimiento|seguir|explorar|intentar"
        r"|tratar de|sensibilizar|concienciar|fomentar|promover|mejorar|fortalecer|reforzar|contribuir|trabajar en"
        r"|continuar|mantener(?:me|nos)? (?:el |en )?contacto|ayudar|tener en cuenta|estudiar",
        visible=r"taller|propuesta|informe|artículo|carta|nota|guía|seminario|acuerdo|borrador|encuesta|dos|tres|cuatro|cinco|seis|diez|doce|veinte",
        also=r"y (?:luego |después )?|e |luego |después ",
        verbs=r"formar|capacitar|escribir|redactar|publicar|enviar|organizar|invitar|presentar|preparar|crear|lanzar"
        r"|enseñar|reunir|proponer|compartir|discutir|apoyar|reflexionar|explorar|desarrollar",
    ),
    "ar": Tongue(
        opening=r"سوف|أنوي|ننوي|أريد|نريد|أود|نود",
        vague=r"التفكير|أفكر|سأفكر|نفكر|سنفكر|دعم|أدعم|سأدعم|سندعم|متابعة|أتابع|سأتابع|سنتابع|استكشاف|محاولة|أحاول"
        r"|سأحاول|سنحاول|تشجيع|سأشجع|تعزيز|سأعزز|تحسين|سأحسن|المساهمة|الإسهام|سأساهم|مواصلة|سأواصل|الاستمرار"
        r"|رفع الوعي|التوعية|مساعدة|سأساعد|النظر في|البقاء على تواصل",
        visible=r"ورشة|مقترح|تقرير|مقال|رسالة|مذكرة|دليل|ندوة|اتفاق|مسودة|استبيان|[٠-٩]|اثن|ثلاث|أربع|خمس|عشر",
        also=r"و|ثم ",
        verbs=r"تدريب|كتابة|نشر|إرسال|تنظيم|دعوة|تقديم|إعداد|إنشاء|إطلاق|تعليم|لقاء|اقتراح|مشاركة|مناقشة|سأكتب|سأدرب"
        r"|سأنظم|سأرسل|سأنشر",
    ),
}

_SENTENCE_ENDS = re.compile(r"\w{4,}[.!?؟]\s+\w|[;؛]\s*\w+ \w+|(?:^|\s)2[.)]\s")
_ARABIC = re.compile(r"[\u0600-\u06ff]")


def suggest(sentence: str, language: str) -> Nudge | None:
    """One suggestion about a sentence, or None. `language` is the page's: people may write in English all the same."""
    tongues = [TONGUES[code] for code in _languages(sentence, language)]
    if len(re.findall(r"\w+", sentence)) < FEW_WORDS:
        return Nudge(Kind.SHORT)
    for tongue in tongues:
        if words := tongue.vague_words(sentence):
            return Nudge(Kind.VAGUE, words)
    if _SENTENCE_ENDS.search(sentence) or any(tongue.joins(sentence) for tongue in tongues):
        return Nudge(Kind.SEVERAL)
    return Nudge(Kind.LONG) if len(sentence) > LONG else None


def _languages(sentence: str, language: str) -> Iterable[str]:
    if _ARABIC.search(sentence):
        return ("ar",)
    return dict.fromkeys(code for code in (language, "en") if code in TONGUES and code != "ar")
