"""Pages of administrative prose full of numbers that claim nothing, made from templates and drawn figures."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence

__all__ = ["TEMPLATES", "pages"]

_TOWNS = ("Valmont-sur-Loue", "Port-Clair", "Saint-Aubin-des-Prés", "Montferrand", "Les Ormes", "Grand-Champ")
_STREETS = (
    "rue du Lavoir",
    "avenue des Tilleuls",
    "place de la Halle",
    "chemin des Vignes",
    "boulevard Carnot",
    "quai Sud",
)
_BODIES = (
    "l'association Les Trois Sources",
    "le Foyer rural",
    "la Compagnie du Quai",
    "l'Harmonie municipale",
    "le Club nautique",
)
_MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)

# {e}: an amount; {p}: a rate; {n}: a small number; {b}: a large number; {y}: a year; {d}: a day and month…
TEMPLATES: Sequence[str] = (
    "La séance est ouverte à {h} h {m}. Le quorum de {n} membres étant atteint, le conseil peut délibérer valablement.",
    "Le secrétariat est ouvert au {n}, {street}, du lundi au vendredi de 8 h 30 à 12 h et de 13 h 30 à 17 h 15.",
    "Le dossier peut être consulté en mairie, bureau {b}, jusqu'au {d} {y}, ou demandé au 05 40 {m} {m} {m}.",
    "Vu la loi n° {y}-{b} du {d} {y}, notamment ses articles {n} et {n},",
    "Vu la délibération n° {y}-{b} du {d} {y} relative à la politique de la lecture,",
    "Le marché n° {y}-{n} a été notifié le {d} {y} pour une durée de {n} mois, reconductible {n} fois.",
    "La parcelle cadastrée section AB n° {b}, d'une contenance de {b} m², est classée en zone "
    "UB du plan local d'urbanisme.",
    "Le prix au mètre carré retenu par le service des domaines est de {e}, hors frais d'acte.",
    "Le loyer mensuel est fixé à {e}, révisable chaque année selon l'indice publié à {n},{m} au {n}e trimestre {y}.",
    "Une retenue de garantie de {p} est prélevée sur chaque acompte ; elle est restituée après {n} mois.",
    "Les pénalités de retard sont de {e} par jour calendaire, dans la limite prévue au cahier des clauses.",
    "L'équipement, inauguré en {y}, a fait l'objet de travaux en {y} pour un montant de {e}.",
    "Le taux de fréquentation de la médiathèque atteint {p} ; celui de la piscine est de {p}.",
    "La toiture sera refaite en {y}. La chaudière, qui date de {y}, délivre {b} kW.",
    "Le tarif d'entrée est de {e} pour les adultes et de {e} pour les enfants de moins de {n} ans.",
    "La cotisation annuelle s'élève à {e}. Les membres disposent d'un délai de {n} jours pour la régler.",
    "M. le Maire indique que la commune a reçu {b} demandes de logement en {y}, contre {b} l'année précédente.",
    "Le recensement de {y} fait apparaître une population de {b} habitants, répartis dans {b} logements.",
    "L'emprunt est souscrit pour {n} ans au taux fixe de {p}, avec des frais de dossier de {e}.",
    "Le personnel communal compte {n} agents titulaires ; {n} postes sont à pourvoir à {p} du temps complet.",
    "La ligne {n} du réseau dessert {n} communes ; le premier départ est à {h} h {m}.",
    "Soit la convention est signée avant le {d}, soit la subvention de {e} est annulée.",
    "{body} dont le siège est situé {n}, {street}, à {town}, sollicite le renouvellement de son agrément.",
    "Un montant de {e} a été inscrit au budget {y} pour l'entretien des chemins ruraux.",
    "La redevance d'occupation du domaine public est de {e} par mètre linéaire et par an.",
    "Le dispositif « {n} jours, {n} livres » est reconduit dans {n} écoles.",
    "Le rapport d'activité fait état de {n} réunions, de {b} courriers et de {b} appels.",
    "La valeur du point d'indice a été relevée de {p} au 1er juillet {y}.",
    "La taxe de séjour est fixée à {e} par nuitée ; les mineurs en sont exonérés.",
    "Le seuil de {e} HT est remplacé par celui de {e} HT à compter du {d} {y}.",
    "L'indemnité du régisseur est de {e} par an ; son cautionnement s'élève à {e}.",
    "Le capital social de la société est de {e}, et son siège est à {town}.",
    "Les candidats doivent justifier d'une expérience de {n} ans et d'un effectif d'au moins {n} salariés.",
    "La garantie décennale couvre les désordres jusqu'en {y} ; la franchise est de {e}.",
    "L'ouvrage mesure {n} m de long et {n} m de large ; sa pente est de {p}.",
    "Le compte 6574 présente un solde disponible de {e} au {d} {y}.",
    "Madame {letter}. demande si la somme de {e} versée en {y} a été utilisée ; il lui est répondu par l'affirmative.",
    "L'ensemble des {n} communes du canton a délibéré ; {n} avis favorables ont été rendus.",
    "Le total des points obtenus par le candidat retenu est de {n} sur {b}.",
    "La participation au vote a été de {p}, en recul de {n} points.",
    "Le vide-greniers se tiendra le {d} {y} ; l'emplacement de {n} mètres est facturé {e}.",
    "La caution demandée pour la salle est de {e} ; le forfait ménage est de {e}.",
    "Les travaux sont réalisés à {p}. La réception est prévue au {n}e trimestre {y}.",
    "Le budget de la manifestation n'est pas arrêté ; l'an passé, il avait été de {e}.",
    "Une provision de {e} pour créances douteuses avait été constituée en {y}.",
    "Le prix de l'eau est de {e} le mètre cube, l'abonnement semestriel de {e}.",
    "La bourse communale, d'un montant maximum de {e}, est attribuée sous conditions de ressources.",
    "Il est rappelé que la dotation de {y} était de {e} et que les charges ont fortement augmenté.",
    "La commission propose d'étudier {n} dossiers lors de sa prochaine réunion, le {d} {y}.",
    "Le véhicule immatriculé AB-{b}-CD, mis en circulation en {y}, affiche {b} km.",
    "Numéro SIRET : 219 {b} {b} 00012 – code APE : 84.11Z – TVA intracommunautaire : FR 40 219{b}{b}.",
    "Le lot n° {n} est déclaré infructueux ; le lot n° {n} sera relancé sous {n} jours.",
    "Chaque commune dispose d'une voix par tranche de {b} habitants.",
    "L'aide est ouverte aux foyers dont le quotient familial est inférieur à {e}.",
    "La vitesse est limitée à 30 km/h sur {n} rues du centre, soit par panneau, soit par marquage.",
    "Le plan d'actions comporte une fiche par thème ; la fiche n° {n} est jointe en annexe {n}.",
    "Le conseil prend acte du rapport de la chambre, qui compte {n} pages et {n} recommandations.",
    "Les frais de déplacement sont remboursés sur la base de {e} par kilomètre et de {e} par repas.",
    "L'association a versé {e} de salaires en {y} ; ses réserves étaient alors de {e}.",
    "Le fonds de roulement représente {n} jours de charges courantes.",
    "L'amende forfaitaire est portée à {e} ; elle est minorée à {e} en cas de paiement sous {n} jours.",
    "La subvention ne peut être inférieure à {e} ni faire l'objet d'une reconduction tacite.",
    "Le montant de l'adhésion, soit {e}, sera prélevé sur les crédits ouverts à cet effet.",
    "Pour mémoire, le don de {e} consenti en {y} par un habitant a été affecté à la bibliothèque.",
    "Le bail commercial de {n} ans prend effet le {d} {y} ; le dépôt de garantie est de {e}.",
    "La déchèterie reçoit {b} tonnes par an ; le coût de traitement est de {e} la tonne.",
    "Les horaires d'hiver s'appliquent du {d} au 31 mars ; la patinoire ferme à {h} h.",
    "Le prestataire facture {e} l'heure d'intervention et {e} le déplacement.",
    "L'équipe compte {n} bénévoles, {n} stagiaires et un directeur.",
    "Le rapporteur rappelle les {n} principes de la charte, qui n'appellent pas de vote.",
    "The meeting opened at {h}:{m}; {n} members were present and the minutes of {y} were approved.",
    "The hourly rate is {e}; travel is refunded at {e} per trip.",
    "The lease runs for {n} years from {y}, with a deposit of {e}.",
)


def pages(seed: int, count: int) -> Iterator[str]:
    """``count`` pages of about forty lines each."""
    draw = random.Random(seed)

    def amount() -> str:
        value = draw.choice([draw.randint(2, 99), draw.randint(100, 9_999), draw.randint(10_000, 3_000_000)])
        space = draw.choice([" ", "\u00a0", ".", "\u202f"])
        cents = f",{draw.randint(0, 99):02d}" if draw.random() < 0.3 else ""
        return f"{value:,}".replace(",", space) + cents + draw.choice([" €", " euros", "€", "\u00a0€"])

    fill: dict[str, Callable[[], str]] = {
        "e": amount,
        "p": lambda: f"{draw.randint(1, 99)}{draw.choice(['', ',5', f',{draw.randint(1, 99):02d}'])} %",
        "n": lambda: str(draw.randint(2, 48)),
        "m": lambda: f"{draw.randint(0, 59):02d}",
        "h": lambda: str(draw.randint(7, 20)),
        "b": lambda: str(draw.randint(100, 9_999)),
        "y": lambda: str(draw.randint(1995, 2025)),
        "d": lambda: f"{draw.randint(1, 28)} {draw.choice(_MONTHS)}",
        "town": lambda: draw.choice(_TOWNS),
        "street": lambda: draw.choice(_STREETS),
        "body": lambda: draw.choice(_BODIES).capitalize(),
        "letter": lambda: draw.choice("ABCDFGLMR"),
    }

    def sentence() -> str:
        out = []
        rest = draw.choice(TEMPLATES)
        while "{" in rest:
            before, _, rest = rest.partition("{")
            name, _, rest = rest.partition("}")
            out += [before, fill[name]()]
        return "".join([*out, rest])

    for _ in range(count):
        blocks = []
        for number in range(draw.randint(8, 12)):
            style = draw.random()
            if style < 0.15:
                blocks.append("\n".join(f"- {sentence()}" for _ in range(draw.randint(2, 4))))
            elif style < 0.25:
                blocks.append(f"Article {number + 1} : {sentence()}")
            elif style < 0.32:
                blocks.append("\n".join(sentence() for _ in range(3)))
            else:
                blocks.append(" ".join(sentence() for _ in range(draw.randint(2, 5))))
        yield "\n\n".join(blocks) + "\n"
