### Français. On tutoie, comme le fait Discord. Ce qui existe dans Discord porte le nom que Discord lui donne.
### Espace insécable avant « : » et dans les guillemets, espace fine insécable avant « ; », « ! » et « ? ».


## Mots isolés, sur les boutons et à côté des champs.

title = Sandbox
app = APP
apps = Applications
add = Ajouter
archived-tab = Fermés
active-tab = Actifs
back = Retour
cancel = Annuler
channel = Salon
channels = Salons
clear = Vider
close = Fermer
colour = Couleur
colour-none = Aucune couleur
colour-own = Couleur personnalisée
create = Créer
delete = Supprimer
done = Terminé
edit = Modifier
edited = (modifié)
filter = Filtrer
kind = Type
language = Langue
locked = Verrouillé
members = Membres
mention = Mentionner
menu = Menu
messages = Messages
more = Plus
name = Nom
new = Nouveau
no = Non
owner = Propriétaire du serveur
picture = Image
rename = Modifier le fil
reply = Répondre
roles = Rôles
run = Exécuter
save = Enregistrer
saved = Enregistré.
search = Rechercher
send = Envoyer
servers = Serveurs
spoiler = Spoiler
submit = Valider
suggestions = Suggestions
threads = Fils
topic = Sujet
yes = Oui


## La connexion à la sandbox, et les erreurs. Les numéros sont les codes d’erreur de Discord.

unreachable = Impossible de joindre la sandbox.
answered = La sandbox a répondu avec le statut { $status }.
line-lost = Connexion perdue. Reconnexion…
try-now = Réessayer maintenant
place-gone = { $name } n’est plus disponible.
no-such-place = Ce salon n’existe pas, ou tu n’y as pas accès.
copied = Copié dans le presse-papiers.
copy-failed = Impossible de copier. Voici le texte : { $text }
nothing-found = Aucun résultat
error-10003 = Ce salon n’existe plus.
error-10004 = Ce serveur n’existe plus.
error-10007 = Cette personne n’est pas membre du serveur.
error-10008 = Ce message n’existe plus.
error-10011 = Ce rôle n’existe plus.
error-10013 = Cette personne n’existe pas.
error-10062 = Cette interaction a expiré. Réessaie.
error-10063 = Cette commande n’existe plus.
error-20016 = Le mode lent est activé. Patiente avant d’envoyer un autre message.
error-30005 = Ce serveur a déjà le nombre maximal de rôles (250).
error-30013 = Ce serveur a déjà le nombre maximal de salons (500).
error-30033 = Ce fil a déjà le nombre maximal de membres (1 000).
error-40005 = C’est trop volumineux pour être envoyé.
error-50001 = Tu n’y as pas accès.
error-50005 = Tu ne peux modifier que tes propres messages.
error-50006 = Tu ne peux pas envoyer un message vide.
error-50013 = Tu n’as pas la permission de faire ça.
error-50021 = C’est impossible avec un message système.
error-50024 = C’est impossible dans ce type de salon.
error-50028 = Ce rôle ne peut pas être utilisé ici.
error-50035 = Certaines valeurs ne sont pas valides.
error-50083 = Ce fil est fermé.
error-160002 = Tu ne peux pas répondre là où tu n’as pas la permission de voir les anciens messages.
error-160004 = Ce message a déjà un fil.
error-160005 = Ce fil est verrouillé.
error-160006 = Ce serveur a déjà le nombre maximal de fils actifs.


## La barre du haut : la personne choisie, et les outils.

you-are = Tu es
person-with-part = { $name } ({ $part })
part-owner = propriétaire
part-moderator = modérateur
part-member = membre
now-you-are = Tu es maintenant { $name }.
act-as = Passer à { $name }
new-person = Ajouter une personne
bot-connected = { $name } : connecté
bot-away = { $name } : non connecté
theme-dark = Passer au thème sombre
theme-light = Passer au thème clair
tools = Outils de la sandbox
advance-minute = Avancer d’une minute
advance-hour = Avancer d’une heure
advance-day = Avancer d’un jour
now-is = L’horloge de la sandbox indique maintenant { $time }.
reset = Tout recommencer
reset-sure = Tout ce que tu as fait ici sera supprimé, et la sandbox sera réinitialisée.
skip = Aller au champ de message


## Le journal d’activité : ce que les gens ont fait, ce que le bot a appelé, les événements qu’il a reçus.

inspector = Journal d’activité
problems =
    { $count ->
        [one] { $count } problème
       *[other] { $count } problèmes
    }
kind-call = Appel d’API
kind-event = Événement
kind-person = Personne
kind-gateway = Gateway
record-request = Requête
record-response = Réponse
record-data = Données
record-action = Action
person-did = { $name } { $deed }
person-did-other = { $name } : { $deed }
did-add-to-a-thread = a ajouté quelqu’un à un fil
did-close-a-modal = a fermé une fenêtre modale
did-create-a-channel = a créé un salon
did-create-a-role = a créé un rôle
did-create-a-thread = a créé un fil
did-delete-a-channel = a supprimé un salon
did-delete-a-message = a supprimé un message
did-delete-a-role = a supprimé un rôle
did-delete-messages = a supprimé des messages
did-edit-a-channel = a modifié un salon
did-edit-a-message = a modifié un message
did-edit-a-role = a modifié un rôle
did-edit-the-profile = a modifié le profil
did-edit-the-server = a modifié le serveur
did-give-a-role = a attribué un rôle
did-invite-a-bot = a invité un bot
did-join-a-thread = a rejoint un fil
did-join-the-server = a rejoint le serveur
did-kick = a expulsé quelqu’un
did-leave-a-thread = a quitté un fil
did-leave-the-server = a quitté le serveur
did-remove-from-a-thread = a retiré quelqu’un d’un fil
did-remove-permissions = a retiré des permissions
did-send-a-message = a envoyé un message
did-send-by-webhook = a envoyé un message avec un webhook
did-set-permissions = a défini des permissions
did-submit-a-modal = a validé une fenêtre modale
did-take-a-role = a retiré un rôle
did-pin = a épinglé un message
did-unpin = a désépinglé un message
did-react = a réagi à un message
did-take-a-reaction-away = a retiré une réaction
did-ban = a banni quelqu’un
did-lift-a-ban = a levé un bannissement
did-use-an-invite = a utilisé une invitation
did-edit-a-member = a modifié un membre
did-open-direct-messages = a ouvert des messages privés
did-forge-an-interaction = a falsifié une interaction
did-use-a-command = a utilisé une commande
did-use-a-component = a utilisé un bouton ou un menu


## Le guide, du message au ticket fermé. Les noms et les salons sont des boutons.

guide = Du message au ticket
guide-hide = Masquer le guide
guide-done = (fait)
guide-all = Afficher toutes les étapes
guide-count = { $number } sur { $count }
guide-step-write = Écrire un message
guide-step-inbox = Créer un guichet
guide-step-select = Choisir ton message
guide-step-staff = Choisir l’équipe
guide-step-ticket = Ouvrir un ticket
guide-step-answer = Répondre
guide-step-leave = Quitter le ticket
guide-switch = Passe à { $name }.
guide-write = Ouvre { $channel } et écris un message pour les gens qui ont besoin d’aide.
guide-inbox = Exécute { $command } et choisis { $channel }.
guide-select = Fais un clic droit sur ton message, puis choisis { $apps } et { $select }.
guide-select-touch = Appuie longuement sur ton message, puis choisis { $apps } et { $select }.
guide-staff = Choisis-la dans le menu sous la réponse du bot, ou garde sa proposition avec le bouton sous le menu. Plus tard, { $command } affiche de nouveau ce menu.
guide-ticket = Clique sur le bouton sous le guichet dans { $channel }.
guide-answer = Ouvre le ticket sous { $channel } et écris une réponse.
guide-leave = Ouvre le ticket et choisis { $leave }.
guide-end = C’est tout ! Le bot a fermé et verrouillé le ticket. { $moderator } le retrouve parmi les fils fermés de { $channel }.


## Serveurs et salons.

nowhere = Tu ne vois aucun salon ici.
no-server = Aucun serveur
in-no-server = Tu n’es sur aucun serveur.
join = Rejoindre { $name }
server-settings = Paramètres du serveur
server-name = Nom du serveur
server-language = Langue du serveur
copy-server-id = Copier l’identifiant du serveur
leave-server = Quitter le serveur
leave-sure = Tu peux revenir sur { $name } à tout moment.
invite-bot = Inviter { $name }
create-channel = Créer un salon
text-channel = Textuel
announcement-channel = Annonces
forum-channel = Forum
new-post = Nouveau post
no-posts = Il n’y a pas encore de posts.
post-title = Titre
post-message = Message
post-tag = Tag
no-tag = Aucun tag
publish = Publier
pinned = Épinglé
post-replies =
    { $count ->
        [one] { $count } message
       *[other] { $count } messages
    }
channel-settings = Paramètres du salon
settings-of = Paramètres de #{ $name }
copy-channel-id = Copier l’identifiant du salon
delete-channel = Supprimer le salon
delete-sure = Supprimer { $name } ? Cette action est irréversible.
channel-actions = Actions du salon
send-as-webhook = Envoyer avec un webhook
webhook-text = Texte
embed-title = Embed : titre
embed-description = Embed : description
embed-colour = Embed : couleur
show-channels = Afficher les salons
show-members = Afficher les membres
slowmode-seconds = Mode lent (secondes)
mentions =
    { $count ->
        [one] { $count } mention
       *[other] { $count } mentions
    }
deleted-role = rôle-supprimé
unknown-user = Inconnu
unknown-channel = inconnu
overwrites = Permissions
state-allow = Autoriser
state-deny = Refuser
state-inherit = Hériter
add-overwrite = Ajouter un rôle ou un membre
remove-overwrite = Retirer { $name }
create-role = Créer un rôle
new-role = nouveau rôle
delete-role = Supprimer le rôle
choose-role = Sélectionne un rôle pour le modifier.
mentionable = Permettre à tout le monde de @mentionner ce rôle
hoist = Afficher les membres ayant ce rôle séparément
permission-BYPASS_SLOWMODE = Contourner le mode lent
permission-KICK_MEMBERS = Expulser des membres
permission-BAN_MEMBERS = Bannir des membres
permission-ADMINISTRATOR = Administrateur
permission-MANAGE_CHANNELS = Gérer les salons
permission-MANAGE_GUILD = Gérer le serveur
permission-VIEW_CHANNEL = Voir les salons
permission-SEND_MESSAGES = Envoyer des messages
permission-MANAGE_MESSAGES = Gérer les messages
permission-EMBED_LINKS = Intégrer des liens
permission-ATTACH_FILES = Joindre des fichiers
permission-READ_MESSAGE_HISTORY = Voir les anciens messages
permission-MENTION_EVERYONE = Mentionner @everyone, @here et tous les rôles
permission-MANAGE_ROLES = Gérer les rôles
permission-MANAGE_WEBHOOKS = Gérer les webhooks
permission-USE_APPLICATION_COMMANDS = Utiliser les commandes de l’application
permission-MANAGE_THREADS = Gérer les fils
permission-CREATE_PUBLIC_THREADS = Créer des fils publics
permission-CREATE_PRIVATE_THREADS = Créer des fils privés
permission-SEND_MESSAGES_IN_THREADS = Envoyer des messages dans les fils
permission-MODERATE_MEMBERS = Exclure temporairement des membres


## Messages.

messages-in = Messages dans { $name }
welcome = Bienvenue dans #{ $name } !
start-of = C’est le début du salon #{ $name }.
start-of-thread = C’est le début du fil.
jump-to-present = Tu regardes d’anciens messages. Aller aux plus récents
new-messages =
    { $count ->
        [one] { $count } nouveau message ↓
       *[other] { $count } nouveaux messages ↓
    }
picture-count = { $number } sur { $count }
picture-before = Image précédente
picture-after = Image suivante
picture-open = Ouvrir dans le navigateur
switcher = Aller à
switcher-hint = Où veux-tu aller ?
people = Personnes
reactions = Réactions
add-reaction = Ajouter une réaction
reaction =
    { $count ->
        [one] { $emoji } : { $count } réaction
       *[other] { $emoji } : { $count } réactions
    }
message-actions = Actions du message
says = { $name } : { $text }
something-new = a envoyé quelque chose sans texte
message-link = message
copy-text = Copier le texte
copy-link = Copier le lien
copy-message-id = Copier l’identifiant du message
copy-user-id = Copier l’identifiant de l’utilisateur
delete-message = Supprimer le message
delete-message-sure = Supprimer ce message ? Cette action est irréversible.
edit-message = Modifier le message
dismiss = Rejeter le message
no-apps = Aucune commande disponible
not-here = Cette personne n’est plus sur le serveur.
only-you = Visible uniquement par toi
thinking = { $name } réfléchit…
sending = Envoi de la commande…
used = { $name } a utilisé { $command }
used-something = { $name } a utilisé une commande
no-response = { $name } : l’application ne répond pas
interaction-failed = Échec de l’interaction. L’application ne répond pas.
reply-gone = Le message d’origine a été supprimé
reply-to = Aller au message de { $name }
picture-elsewhere = Cette image se trouve sur un autre site et n’est pas chargée ici : { $link }
invalid-date = Date invalide
system-added = { $who } a ajouté { $other } au fil.
system-removed = { $who } a retiré { $other } du fil.
system-left = { $who } a quitté le fil.
system-renamed = { $who } a changé le nom du salon : { $name }
system-pinned = { $who } a épinglé un message dans ce salon.
system-joined = { $who } a rejoint le serveur.
system-thread = { $who } a lancé un fil : { $thread }
system-other = { $who } (message de type { $type }) { $text }


## Écrire.

message-to = Envoyer un message dans { $name }
replying-to = Réponse à { $name }
cancel-reply = Annuler la réponse
may-not-send = Tu n’as pas la permission d’envoyer des messages dans ce salon.
locked-thread = Ce fil est verrouillé. Seuls les membres ayant la permission « Gérer les fils » peuvent y écrire.
archived = Ce fil est fermé. Envoyer un message le rouvre.
archived-and-locked = Ce fil est fermé et verrouillé.
slowmode =
    { $seconds ->
        [one] Mode lent activé : un message par seconde.
       *[other] Mode lent activé : un message toutes les { $seconds } secondes.
    }
slowmode-wait =
    { $seconds ->
        [one] Mode lent activé : tu pourras écrire dans { $seconds } seconde.
       *[other] Mode lent activé : tu pourras écrire dans { $seconds } secondes.
    }
too-many-files = Tu ne peux envoyer que { $most } fichiers à la fois.
attach = Envoyer des fichiers
attachments = Fichiers à envoyer
no-files-here = Tu ne peux pas envoyer de fichiers ici.
drop-here = Dépose les fichiers pour les envoyer
spoiler-file = Marquer { $name } comme spoiler
remove-file = Retirer { $name }
typing =
    { $count ->
        [one] { $names } est en train d’écrire…
       *[other] { $names } sont en train d’écrire…
    }
typing-many = Plusieurs personnes sont en train d’écrire…


## Menus, commandes, formulaires.

silent = Silencieux
silent-message = Envoyé sans notification
roles-not-added = Certains des rôles mentionnés n’ont pas été ajoutés à ce fil : ils ont trop de membres.
make-selection = Fais un choix
chosen = Sélection : { $count } sur { $most }
at-most =
    { $most ->
        [one] Sélectionne { $most } élément au maximum.
       *[other] Sélectionne { $most } éléments au maximum.
    }
at-least =
    { $least ->
        [one] Sélectionne au moins { $least } élément.
       *[other] Sélectionne au moins { $least } éléments.
    }
option-required = { $name } : cette option est obligatoire
not-an-option = { $name } : choisis une des suggestions
suggestions-failed = Impossible de charger les options
no-such-command = La commande « { $text } » n’existe pas.
not-understood = { $command } ne comprend pas « { $text } ». Écris les options sous la forme nom : valeur.
field-required = Ce champ est obligatoire.
choose-files = Choisir des fichiers
file-too-large = { $name } est trop volumineux. La limite est de { $size } par fichier.
at-least-files =
    { $least ->
        [one] Ajoute au moins { $least } fichier.
       *[other] Ajoute au moins { $least } fichiers.
    }
try-again = Quelque chose s’est mal passé. Réessaie.
too-short =
    { $least ->
        [one] Au moins { $least } caractère.
       *[other] Au moins { $least } caractères.
    }
from-app = Ce formulaire sera envoyé à { $name }.
unknown-component = Cette page ne peut pas encore afficher les composants de type { $type }.


## Les fils et leurs membres.

archived-tag = Fermé
joined-tag = rejoint
no-threads = Il n’y a pas de fils ici.
threads-of = Fils du salon #{ $name }
search-threads = Rechercher des fils par nom
tab-count = { $name } ({ $count })
thread-name = Nom du fil
hide-after = Masquer après une inactivité de
threads-found =
    { $all ->
        [one] { $count } sur { $all } fil
       *[other] { $count } sur { $all } fils
    }
hours =
    { $count ->
        [one] { $count } heure
       *[other] { $count } heures
    }
days =
    { $count ->
        [one] { $count } jour
       *[other] { $count } jours
    }
started-by = lancé par { $name }
archived-when = fermé { $when }
thread-actions = Actions du fil
create-thread = Créer un fil
private-thread = Privé
public-thread = Public
join-thread = Rejoindre le fil
leave-thread = Quitter le fil
add-members = Ajouter des membres
whom = Choisir des membres
lock = Verrouiller le fil
unlock = Déverrouiller le fil
archive = Fermer le fil
archive-and-lock = Fermer et verrouiller le fil
reopen = Rouvrir le fil
copy-thread-id = Copier l’identifiant du fil
delete-thread = Supprimer le fil
thread-members = Dans ce fil — { $count }
group-of = { $name } — { $count }
and-more = et { $count } de plus
remove-from-thread = Retirer { $name } du fil
kick = Expulser { $name }
kick-sure = { $name } sera expulsé de { $guild }.
time-out = Exclure temporairement { $name }
end-time-out = Retirer l’exclusion temporaire
timed-out = Exclusion temporaire
minutes =
    { $count ->
        [one] { $count } minute
       *[other] { $count } minutes
    }
