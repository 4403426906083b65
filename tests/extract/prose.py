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
    "Le scrutin a donné {n} voix pour, {n} contre et {n} abstentions ; le quorum était de {n}.",
    "Présents : {n} ; excusés : {n} ; pouvoirs : {n} ; le président constate que le conseil peut siéger.",
    "M. {letter}. quitte la séance à {h} h {m} et donne pouvoir à Mme {letter}. ; il reste {n} votants.",
    "Vu le décret n° {y}-{b} du {d} {y} et l'arrêté n° {b} du {d} {y} fixant le plafond à {e},",
    "Vu le code général des collectivités territoriales, articles L. {b}-{n} et R. {b}-{n}, alinéa {n},",
    "Le service est joignable au 04 {m} {m} {m} {m}, poste {b}, de {h} h à {h} h {m}.",
    "La population légale est de {b} habitants au 1er janvier {y}, contre {b} au recensement de {y}.",
    "Le terrain de {b} m², cadastré AC {b}, comprend une parcelle de {b} m² et un chemin de {n} m de large.",
    "Le lot n° {n} (gros œuvre) est attribué pour {e} HT ; le lot n° {n} (peinture) l'est pour {e} HT.",
    "Le budget de {y} était de {e} ; celui de {y} avait atteint {e}, en raison de travaux.",
    "La subvention de {e}, notamment destinée aux salaires ({n} emplois), sera versée en {y}.",
    "Les recettes proviennent notamment de la billetterie ({e}) et du mécénat ({e}).",
    "Les charges de {y} comprennent notamment {e} de loyers et {e} d'assurances.",
    "L'association dispose de {n} salles et de {n} véhicules ; elle accueille {b} visiteurs, en particulier l'été.",
    "Le prêt de {e}, contracté en {y} au taux de {p}, s'éteint en {y} ; l'annuité est de {e}.",
    "L'annuité de {e} se partage chaque année un peu autrement entre le capital et les intérêts.",
    "Le délai de paiement est de {n} jours ; au-delà, des intérêts de {p} et une indemnité de {e} sont dus.",
    "La commission d'appel d'offres a ouvert {n} plis ; les prix allaient de {e} à {e}.",
    "Les offres s'étagent entre {e} HT et {e} HT, pour une estimation de {e} HT.",
    "L'estimation de {e} HT établie en {y} a été revue depuis ; le nouveau chiffrage n'est pas connu.",
    "Le reste à charge des familles varie de {e} à {e} selon le quotient familial.",
    "Le solde de la taxe d'apprentissage, {e}, a été affecté au lycée de {town}.",
    "Au total, {n} communes et {b} foyers sont concernés par le ramassage, pour {b} tonnes par an.",
    "Un total de {b} signatures a été recueilli ; la pétition de {y} en comptait {b}.",
    "Le taux de participation aux élections de {y} a été de {p}, celui de {y} de {p}.",
    "Le taux d'intérêt passe de {p} à {p} ; la marge est de {p}.",
    "La part des énergies renouvelables est de {p} en {y}, l'objectif étant fixé à {p} pour {y}.",
    "Le chantier est avancé à {p} ; {e} ont été facturés à ce jour et une avance de {p} reste à reprendre.",
    "Une aide de {e} ou plus suppose la production d'un bilan ; en dessous de {e}, une attestation suffit.",
    "La ligne budgétaire prévoyait {e} ; {e} y ont été inscrits par décision modificative en {y}.",
    "Le conseil avait voté {e} pour les écoles et {e} pour les crèches lors de la séance du {d} {y}.",
    "L'horaire d'ouverture passe à {h} h {m} le samedi ; {n} agents sont mobilisés.",
    "Le relevé du {d} indique {b} kWh, soit une facture de {e}, abonnement de {e} compris.",
    "Le véhicule acheté {e} en {y} est repris {e} ; il affiche {b} km.",
    "Le loyer de {e} par mois court jusqu'au {d} {y} ; il était de {e} par mois auparavant.",
    "Une caution de {e} est demandée en plus du tarif de {e} ; les résidents en sont dispensés.",
    "Le régisseur est autorisé à conserver une encaisse de {e} et un fonds de caisse de {e}.",
    "La franchise est de {e} par sinistre, avec un maximum de {e} par an.",
    "Les {n} classes de l'école {n} rassemblent {b} élèves ; la moyenne départementale est de {n} par classe.",
    "Soit {n} dossiers par agent, ce qui reste dans la moyenne des {n} dernières années.",
    "Sur {n} dossiers, {n} sont incomplets, et les autres seront examinés le {d}.",
    "Le candidat a obtenu {n} points sur {n}, dont {n} pour la valeur technique notée sur {b}.",
    "Le premier prix, de {e}, et le second, de {e}, seront remis par {body}.",
    "Pour mémoire : {e} en {y}, {e} en {y} et {e} en {y}.",
    "Dotation {y} : {e}. Dotation {y} : {e}. Le montant pour {y} n'est pas notifié.",
    "Montant minimum : {e}. Montant maximum : {e}. Durée : {n} ans. Taux : {p}.",
    "Le coût varie fortement : {e} à {town}, {e} aux alentours et {e} en ville.",
    "Sa contribution, que l'usage fixe à {e}, n'a pas été appelée en {y} ; le retard atteint {e}.",
    "Un chèque de {e} et un virement de {e} ont été rejetés par la trésorerie le {d} {y}.",
    "The committee meets {n} times a year; the {y} report lists {n} actions and {b} visits.",
    "The fee is {e} for members and {e} for others; children under {n} pay {e}.",
    "Turnout was {p} in {y} and {p} in {y}; {b} ballots were cast.",
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
