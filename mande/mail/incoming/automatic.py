"""Telling what programs write from what people write: RFC 3834, its forerunners, as a last resort subjects. Pure."""

import re
from email.message import Message

# How out-of-office replies begin in the languages of most programs. Only looked at where no header tells.
_SUBJECTS = re.compile(
    r"(?:re: ?|aw: ?)?(?:"
    r"auto(?:matic|mated)?[- ]?(?:reply|response)|out of (?:the )?office|away from (?:the|my) office|vacation|"
    r"r[ée]ponse automatique|message d.absence|absence du bureau|absent[e]? du bureau|je suis absent|"
    r"respuesta autom[áa]tica|fuera de (?:la )?oficina|ausente|ausencia|"
    r"automatische antwort|abwesenheits|abwesend|resposta autom[áa]tica|aus[êe]ncia|risposta automatica|"
    r"fuori ufficio|automatisch antwoord|afwezig|autosvar|automatiskt svar|automaattinen vastaus|"
    r"odpowied[źz] automatyczna|автоответ|автоматический ответ|رد تلقائي|الرد التلقائي|خارج المكتب|"
    r"自动回复|自動回覆|自動返信|자동 응답|自动答复"
    r")",
    re.IGNORECASE,
)
_STOP = re.compile(
    r"(?:please )?(?:unsubscribe|stop|remove(?: me)?|opt[ -]?out|no more (?:e-?mails?|messages)|"
    r"d[ée]sabonner|d[ée]sinscri(?:re|ption)|me d[ée]sinscrire|se d[ée]sabonner|arr[êe]ter|"
    r"(?:darme |darse )?de baja|baja|cancelar suscripci[óo]n|no m[áa]s mensajes|"
    r"إلغاء الاشتراك|إيقاف|توقف|abmelden|abbestellen)"
    r"(?: please)?[.!\s]*",
    re.IGNORECASE,
)
_REPLY = re.compile(r"^(?:\s*(?:re|aw|sv|tr|fwd?|رد|回复) ?:)+", re.IGNORECASE)


def is_automatic(message: Message, subject: str) -> bool:
    """Whether a program wrote this: an out-of-office reply, a receipt, a newsletter."""
    submitted = _value(message, "Auto-Submitted")
    if submitted and not submitted.startswith("no"):
        return True
    if any(message[name] for name in ("X-Autoreply", "X-Autorespond", "X-AutoReply-From", "X-Mail-Autoreply")):
        return True
    if _value(message, "Precedence") in ("auto_reply", "bulk", "junk", "list"):
        return True
    if _value(message, "X-Auto-Response-Suppress") or message.get_content_type() == "multipart/report":
        return True
    return _value(message, "Return-Path") == "<>" or is_out_of_office(subject)


def is_out_of_office(subject: str) -> bool:
    """Whether the subject alone says so, in one of the languages known here."""
    return bool(_SUBJECTS.match(subject.strip()))


def asks_to_stop(subject: str, text: str) -> bool:
    """Whether somebody wants no more messages: the subject, or the first line written, says this and no more."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    bare = _REPLY.sub("", subject).strip()
    return bool(_STOP.fullmatch(bare) or _STOP.fullmatch(first.strip()))


def _value(message: Message, name: str) -> str:
    return str(message.get(name, "")).strip().lower()
