"""The words that lists use for columns, roles, sectors and the rest. Compared by `words.key`: no case, no accents."""

from collections.abc import Mapping
from functools import cache
from typing import TypeVar

from mande.events.kinds import Mode
from mande.events.kinds import Role
from mande.events.kinds import Sector
from mande.events.words import key


@cache
def listed(words: str) -> frozenset[str]:
    """The words of a comma-separated list."""
    return frozenset(map(key, words.split(", ")))


Choice = TypeVar("Choice", bound=str)


def by_word(words: Mapping[Choice, str]) -> dict[str, Choice]:
    """What each word means, the choices' own names among them."""
    return {
        word: choice
        for choice, synonyms in words.items()
        for word in (key(choice.replace("_", " ")), *listed(synonyms))
    }


# Header names by what they mean. Compared without case, accents and punctuation.
COLUMNS: Mapping[str, str] = {
    "email": "email, e mail, mail, email address, e mail address, mail address, courriel, adresse e mail, "
    "adresse electronique, adresse mail, correo, correo electronico, contact email, work email, work e mail, "
    "email adresse, e mail adresse, attendee email, primary email, main email, endereco de e mail, "
    "электронная почта, почта",
    "further_addresses": "other email, other e mail, other emails, other addresses, further addresses, second email, "
    "secondary email, alternative email, alternate email, additional email, email 2, e mail 2, private email, "
    "personal email, private e mail, personal e mail, autre courriel, autres adresses, otro correo",
    "name": "name, full name, participant, participant name, attendee, attendee name, nom complet, nom et prenom, "
    "nom prenom, nombre completo, nombre y apellidos, display name, delegate name, nome completo, nome, "
    "vollstandiger name, имя и фамилия, фио",
    "given_name": "given name, given names, first name, firstname, first names, forename, forenames, prenom, prenoms, "
    "nombre, nombres, vorname, имя",
    "family_name": "family name, last name, lastname, surname, surnames, nom, nom de famille, apellido, apellidos, "
    "nachname, familienname, sobrenome, фамилия",
    "organisation": "organisation, organization, org, institution, affiliation, company, employer, body, "
    "organisation name, organization name, company name, organisme, organizacion, institucion, ministry, entity, "
    "organisation institution, institution organisation, company organisation, firma, empresa, organizacao, "
    "организация",
    "position": "position, job title, function, job, post, poste, fonction, cargo, puesto, designation, occupation, "
    "title position, position title, должность",
    "country": "country, country code, nation, nationality, pays, pais, land, country of organisation, country iso, "
    "home country, work country, country of residence, country territory, member state, страна",
    "sector": "sector, type of organisation, organisation type, organization type, type of organization, secteur, "
    "stakeholder type",
    "gender": "gender, sex, genre, sexe, genero, sexo, geschlecht",
    "age_band": "age, age band, age group, age range, tranche d age, grupo de edad, rango de edad, altersgruppe",
    "accessibility": "accessibility, accessibility needs, accessibility requirements, access needs, "
    "access requirements, special needs, special requirements, reasonable adjustments, adjustments, "
    "disability requirements, besoins d accessibilite, accessibilite, accesibilidad, necesidades de accesibilidad",
    "language": "language, preferred language, lang, languages, langue, idioma, language of correspondence, "
    "correspondence language, sprache, lingua",
    "group": "stakeholder group, stakeholder, stakeholders, stakeholder category, group of stakeholders, constituency, "
    "groupe de parties prenantes, partie prenante, grupo de interes",
    "discreet": "discreet, at risk, sensitive, confidential, do not name, not to be named, anonymous, protect, "
    "protected, a risque, en riesgo",
    "role": "role, roles, role s, role at the event, attended as, as, capacity, funcion en el evento, "
    "attending as, participant type, type of participant, attendee type, rol, papel, rolle",
    "meetings": "meetings, meeting, meeting s, attended, attends, attendance, session, sessions, parts, part, "
    "meetings attended, reunions, reuniones, sessions attended",
    "mode": "mode, attendance mode, mode of attendance, in person or online, format, how, online or in person, "
    "in person online, participation mode",
    "time_zone": "time zone, timezone, tz, zone, fuseau horaire, zona horaria, zeitzone",
    "partner": "partner, partner organisation, partner organization, is partner, partenaire, co convenor",
    "is_speaker": "speaker, is speaker, panellist, panelist, intervenant, ponente",
    "is_participant": "is participant",
    "status": "status, registration status, registration state, attendee status, rsvp, rsvp status, reply, response, "
    "statut, estado de la inscripcion, state of registration, confirmation",
    "checked_in": "checked in, check in, checkin, checked in at, arrived, showed up, presence",
    "email_else": "",
}
ROLES = {
    Role.PARTICIPANT: "participant, participants, attendee, attendees, delegate, delegates, guest, observer, p, "
    "participante, teilnehmer, teilnehmerin, участник",
    Role.SPEAKER: "speaker, speakers, panellist, panelist, presenter, moderator, chair, facilitator, keynote, "
    "keynote speaker, co chair, rapporteur, discussant, resource person, intervenant, intervenante, orateur, "
    "oratrice, ponente, orador, oradora, moderateur, moderatrice, moderador, moderadora, referent, referentin, s",
    Role.PARTNER: "partner, partners, co convenor, co convener, co organiser, funder, sponsor, partenaire, socio",
}
SECTORS = {
    Sector.STATE: "state, government, governmental, gov, govt, ministry, public, public sector, diplomatic, embassy, "
    "mfa, etat, gouvernement, estado, gobierno",
    Sector.MULTILATERAL: "multilateral, international organisation, international organization, intergovernmental, "
    "igo, io, un, united nations, regional organisation, regional body, organisation internationale",
    Sector.CIVIL_SOCIETY: "civil society, cso, ngo, non governmental, non profit, nonprofit, charity, foundation, "
    "non governmental organisation, societe civile, ong, sociedad civil",
    Sector.ACADEMIA: "academia, academic, university, research, think tank, thinktank, universite, recherche",
    Sector.BUSINESS: "business, private, private sector, company, industry, corporate, secteur prive, entreprise",
    Sector.MEDIA: "media, press, journalism, journalist, presse",
}
MODES = {
    Mode.IN_PERSON: "in person, inperson, in the room, on site, onsite, face to face, physical, present, "
    "presentiel, f2f",
    Mode.ONLINE: "online, on line, virtual, virtually, remote, remotely, video, zoom, teams, en ligne, distance, "
    "dial in",
}
GENDERS = {
    "female": "f, w, female, woman, women, femme, feminin, mujer",
    "male": "m, male, man, men, homme, masculin, hombre",
}
YES = listed("yes, y, x, 1, true, t, ok, oui, si, ja, attended, present")
NO = listed("no, n, 0, false, f, non, nein, absent, apologies")
TICKS = ("✓", "✔", "☑", "√", "☒", "●", "•")
UNKNOWN = listed("unknown, n a, na, not known, not given, none given, tbc, tbd, prefer not to say") | {""}
# What a registration came to. Whoever is not coming is left out; the others are taken.
NOT_COMING = NO | listed(
    "cancelled, canceled, cancelled by organiser, rejected, withdrawn, declined, denied, refused, not attending, "
    "not going, not coming, not attended, did not attend, refunded, refunded canceled, deleted, transferred, expired, "
    "no show, noshow, absent, apologies, regrets, regret, sent apologies, excused, waitlist, waitlisted, "
    "waiting list, on waiting list, abandoned, invalid, unable to attend, annule, annulee, refuse, refusee, "
    "excuse, excusee, absente, cancelado, cancelada, rechazado, ausente, storniert, abgesagt, abgelehnt"
)
CHECKED_IN = listed("checked in, checkedin, attended, arrived, present, came, showed up")
COMING = (
    YES
    | CHECKED_IN
    | listed(
        "completed, complete, confirmed, accepted, approved, registered, attending, going, coming, paid, unpaid, "
        "pending, awaiting payment, invited, active, valid, placed, free order, manual, offline, partially refunded, "
        "tentative, maybe, new, confirme, confirmee, inscrit, inscrite, accepte, acceptee, confirmado, confirmada, "
        "inscrito, aceptado, bestatigt, angemeldet, zugesagt"
    )
)
TOTALS = listed(
    "total, totals, grand total, sum, subtotal, sub total, count, number, totaux, somme, nombre total, suma, "
    "total general, gesamt, summe, anzahl, itogo, итого, всего, المجموع"
)
ALL = listed("both, all, each, every, both parts, both meetings, all meetings, tous, les deux, todos, ambas, ambos")
NONE = listed("none, nil, neither, aucune, aucun, ninguna")
ROLE_OF = by_word(ROLES)
SECTOR_OF = by_word(SECTORS)
MODE_OF = by_word(MODES)
GENDER_OF = by_word(GENDERS)
