"""The words that lists use for columns, roles, sectors and the rest. Compared by `sheets.key`: no case, no accents."""

from collections.abc import Mapping
from functools import cache

from mande.events.kinds import Mode
from mande.events.kinds import Role
from mande.events.kinds import Sector


@cache
def listed(words: str) -> frozenset[str]:
    """The words of a comma-separated list."""
    return frozenset(words.split(", "))


# Header names by what they mean. Compared without case, accents and punctuation.
COLUMNS: Mapping[str, str] = {
    "email": "email, e mail, mail, email address, e mail address, mail address, courriel, adresse e mail, "
    "adresse electronique, adresse mail, correo, correo electronico, contact email, work email",
    "name": "name, full name, participant, participant name, attendee, attendee name, nom complet, nom et prenom, "
    "nombre completo, nombre y apellidos, display name",
    "given_name": "given name, given names, first name, firstname, forename, forenames, prenom, nombre, vorname",
    "family_name": "family name, last name, lastname, surname, nom, nom de famille, apellido, apellidos, nachname",
    "organisation": "organisation, organization, org, institution, affiliation, company, employer, body, "
    "organisation name, organization name, organisme, organizacion, institucion, ministry",
    "position": "position, job title, function, job, post, poste, fonction, cargo, puesto",
    "country": "country, country code, nation, nationality, pays, pais, land, country of organisation, country iso",
    "sector": "sector, type of organisation, organisation type, organization type, secteur",
    "gender": "gender, sex, genre, sexe, genero, sexo",
    "language": "language, preferred language, lang, languages, langue, idioma, language of correspondence",
    "role": "role, roles, role s, role at the event, attended as, as, capacity, funcion en el evento",
    "meetings": "meetings, meeting, meeting s, attended, attends, attendance, session, sessions, parts, part, "
    "meetings attended, reunions, reuniones",
    "mode": "mode, attendance mode, mode of attendance, in person or online, format, how, online or in person",
    "time_zone": "time zone, timezone, tz, zone, fuseau horaire, zona horaria",
    "partner": "partner, partner organisation, partner organization, is partner, partenaire, co convenor",
    "is_speaker": "speaker, is speaker, panellist, panelist, intervenant, ponente",
    "is_participant": "is participant",
}
ROLES = {
    Role.PARTICIPANT: "participant, participants, attendee, delegate, guest, observer, p, participante",
    Role.SPEAKER: "speaker, speakers, panellist, panelist, presenter, moderator, chair, facilitator, keynote, "
    "keynote speaker, intervenant, intervenante, orateur, oratrice, ponente, orador, oradora, s",
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
TICKS = ("✓", "✔", "☑", "√")
UNKNOWN = listed("unknown, n a, na, not known, not given, none given, tbc, tbd, prefer not to say") | {""}
ALL = listed("both, all, each, every, both parts, both meetings, all meetings, tous, les deux, todos, ambas, ambos")
NONE = listed("none, nil, neither, aucune, aucun, ninguna")
