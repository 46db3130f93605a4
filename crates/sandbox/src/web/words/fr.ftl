### Français. On vouvoie. Ce qui existe dans Discord porte le nom que Discord lui donne.
### Espace insécable avant « : » et dans les guillemets, espace fine insécable avant « ; », « ! » et « ? ».


## Mots isolés, sur les boutons et à côté des champs.

title = Sandbox
app = APP
apps = Applications
add = Ajouter
allow = Autoriser
archived-tab = Archivés
active-tab = Actifs
attachment = Pièce jointe
cancel = Annuler
channel = Salon
channels = Salons
clear = Vider
close = Fermer
colour = Couleur
create = Créer
delete = Supprimer
deny = Refuser
done = Terminé
edit = Modifier
edited = (modifié)
embed = Contenu intégré
filter = Filtrer
inherit = Hériter
kind = Type
language = Langue
locked = Verrouillé
members = Membres
mention = Mentionner
menu = Menu
messages = Messages
more = Plus
name = Nom
no = Non
owner = Propriétaire du serveur
picture = Image
remove = Retirer
rename = Renommer
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


## La ligne vers la sandbox, et les erreurs. Celles qui ont un numéro sont celles de Discord.

unreachable = La sandbox est injoignable.
answered = La sandbox a répondu { $status }.
line-lost = Connexion perdue. Reconnexion en cours…
try-now = Réessayer maintenant
place-gone = { $name } n’existe plus ici.
no-such-place = Ce salon n’existe pas, ou vous ne pouvez pas le voir.
copied = Copié.
copy-failed = La copie a échoué. Voici le texte : { $text }
nothing-found = Aucun résultat
error-10003 = Ce salon n’existe plus.
error-10004 = Ce serveur n’existe plus.
error-10007 = Cette personne n’est pas sur ce serveur.
error-10008 = Ce message n’existe plus.
error-10011 = Ce rôle n’existe plus.
error-10013 = Cette personne n’existe pas.
error-10062 = Cela a expiré. Veuillez réessayer.
error-10063 = Cette commande n’existe plus.
error-20016 = Le mode lent est actif ici. Patientez un peu avant votre prochain message.
error-30005 = Ce serveur a déjà autant de rôles que possible (250).
error-30013 = Ce serveur a déjà autant de salons que possible (500).
error-30033 = Ce fil a déjà autant de membres que possible (1 000).
error-40005 = C’est trop volumineux pour être envoyé.
error-50001 = Vous n’y avez pas accès.
error-50005 = Vous ne pouvez modifier que vos propres messages.
error-50006 = Un message vide ne peut pas être envoyé.
error-50013 = Vous n’avez pas la permission de faire cela.
error-50021 = C’est impossible avec un message système.
error-50024 = C’est impossible dans un salon de ce type.
error-50028 = Ce rôle ne peut pas être utilisé ici.
error-50035 = Quelque chose ne va pas dans ce formulaire.
error-50083 = Ce fil est archivé.
error-160002 = Vous ne pouvez pas répondre là où vous ne pouvez pas voir les anciens messages.
error-160004 = Il y a déjà un fil pour ce message.
error-160005 = Ce fil est verrouillé.
error-160006 = Ce serveur a déjà autant de fils actifs que possible.


## La barre du haut : qui regarde, et les outils.

you-are = Vous êtes
person-with-part = { $name } ({ $part })
part-owner = propriétaire
part-moderator = modération
part-member = membre
now-you-are = Vous êtes maintenant { $name }.
act-as = Agir en tant que { $name }
new-person = Nouvelle personne
bot-connected = { $name } : connecté
bot-away = { $name } : non connecté
theme = Clair ou sombre
theme-auto = Couleurs de votre système.
theme-dark = Sombre.
theme-light = Clair.
tools = Outils de la sandbox
advance-minute = Avancer d’une minute
advance-hour = Avancer d’une heure
advance-day = Avancer d’un jour
now-is = Dans la sandbox, il est maintenant { $time }.
reset = Tout recommencer
reset-sure = Tout dans la sandbox redevient comme au début.
skip = Aller au champ de message


## Ce qui s’est passé : ce que les gens ont fait, ce que le bot a appelé, ce qu’il a appris.

inspector = Ce qui s’est passé
kind-call = Appel
kind-event = Événement
kind-person = Personne
kind-gateway = Gateway
record-request = Requête
record-response = Réponse
record-data = Données
record-action = Action
person-did = { $name } : { $deed }
did-add-to-a-thread = ajouter à un fil
did-close-a-modal = fermer un formulaire
did-create-a-channel = créer un salon
did-create-a-role = créer un rôle
did-create-a-thread = créer un fil
did-delete-a-channel = supprimer un salon
did-delete-a-message = supprimer un message
did-delete-a-role = supprimer un rôle
did-delete-messages = supprimer des messages
did-edit-a-channel = modifier un salon
did-edit-a-message = modifier un message
did-edit-a-role = modifier un rôle
did-edit-the-profile = modifier le profil
did-edit-the-server = modifier le serveur
did-give-a-role = donner un rôle
did-invite-a-bot = inviter un bot
did-join-a-thread = rejoindre un fil
did-join-the-server = rejoindre le serveur
did-kick = expulser
did-leave-a-thread = quitter un fil
did-leave-the-server = quitter le serveur
did-remove-from-a-thread = retirer d’un fil
did-remove-permissions = retirer des permissions
did-send-a-message = envoyer un message
did-send-by-webhook = envoyer par webhook
did-set-permissions = définir des permissions
did-submit-a-modal = valider un formulaire
did-take-a-role = retirer un rôle
did-use-a-command = utiliser une commande
did-use-a-component = utiliser un bouton ou un menu


## La première minute, en trois étapes. Les noms et les commandes sont mis en valeur.

guide = Du message au ticket
guide-hide = Masquer ces étapes
guide-done = (fait)
guide-write = En tant que { $owner }, écrivez un message pour les gens qui ont besoin d’aide.
guide-inbox = Exécutez { $command }. Faites ensuite un clic droit (ou un appui long) sur votre message, puis choisissez { $apps } et { $select }.
guide-ticket = Devenez { $member } en haut de la page, et appuyez sur le bouton sous le nouveau guichet.
guide-end = C’est tout : un fil privé avec l’équipe. Quittez-le en tant que { $member }, et le bot le ferme.


## Serveurs et salons.

nowhere = Il n’y a rien à voir ici.
no-server = Aucun serveur
in-no-server = Vous n’êtes sur aucun serveur.
join = Rejoindre { $name }
server-settings = Paramètres du serveur
server-name = Nom du serveur
server-language = Langue du serveur
copy-server-id = Copier l’identifiant du serveur
leave-server = Quitter le serveur
leave-sure = Vous pouvez revenir sur { $name } à tout moment, depuis cette page.
invite-bot = Inviter { $name }
create-channel = Créer un salon
text-channel = Textuel
announcement-channel = Annonces
channel-settings = Paramètres du salon
settings-of = Paramètres de { $name }
copy-channel-id = Copier l’identifiant du salon
delete-channel = Supprimer le salon
delete-sure = { $name } disparaîtra définitivement.
channel-actions = Actions du salon
send-as-webhook = Envoyer par webhook
webhook-text = Texte
embed-title = Contenu intégré : titre
embed-description = Contenu intégré : description
embed-colour = Contenu intégré : couleur
show-channels = Afficher les salons
show-members = Membres
slowmode-seconds = Mode lent, en secondes
mentions =
    { $count ->
        [one] { $count } mention
       *[other] { $count } mentions
    }
deleted-role = rôle-supprimé
unknown-user = inconnu
unknown-channel = inconnu
overwrites = Permissions
add-overwrite = Ajouter un rôle ou un membre
create-role = Créer un rôle
new-role = nouveau rôle
delete-role = Supprimer le rôle
choose-role = Choisissez un rôle.
mentionable = Tout le monde peut mentionner ce rôle
hoist = Afficher ses membres séparément
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
permission-MENTION_EVERYONE = Mentionner tout le monde
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
jump-to-present = Vous regardez d’anciens messages. Aller aux plus récents
message-actions = Actions du message
says = { $name } : { $text }
something-new = du nouveau
message-link = message
copy-text = Copier le texte
copy-link = Copier le lien
copy-message-id = Copier l’identifiant du message
copy-user-id = Copier l’identifiant de l’utilisateur
delete-message = Supprimer le message
delete-message-sure = Ce message disparaîtra définitivement.
edit-message = Modifier le message
dismiss = Rejeter le message
no-apps = Aucune commande ici
not-here = N’est plus sur ce serveur.
only-you = Visible par vous uniquement
thinking = { $name } réfléchit…
sending = Envoi de la commande…
used = { $name } a utilisé { $command }
used-something = { $name } a utilisé une commande
no-response = { $name } : l’application n’a pas répondu.
interaction-failed = Échec de l’interaction. L’application n’a pas répondu.
reply-gone = Le message auquel celui-ci répond a été supprimé.
reply-to = Aller au message de { $name } auquel celui-ci répond
picture-elsewhere = Une image sur un autre hôte, non chargée ici : { $link }
invalid-date = Date invalide
system-added = { $who } a ajouté { $other }
system-removed = { $who } a retiré { $other }
system-left = { $who } a quitté le fil.
system-renamed = { $who } a changé le nom : { $name }
system-pinned = { $who } a épinglé un message.
system-joined = { $who } a rejoint le serveur.
system-thread = { $who } a commencé un fil : { $thread }
system-other = { $who } (message de type { $type }) { $text }


## Écrire.

message-to = Envoyer un message dans { $name }
replying-to = Réponse à { $name }
cancel-reply = Ne pas répondre
may-not-send = Vous n’avez pas la permission d’envoyer des messages ici.
locked-thread = Ce fil est verrouillé. Seules les personnes qui peuvent gérer les fils peuvent y écrire.
archived = Ce fil est archivé. Un message le rouvre.
archived-and-locked = Ce fil est archivé et verrouillé.
slowmode = Mode lent : un message toutes les { $seconds } s.
slowmode-wait = Mode lent : vous pourrez écrire dans { $seconds } s.
too-many-files = { $most } fichiers au plus à la fois.
attach = Ajouter des fichiers
attachments = Fichiers à envoyer
no-files-here = Vous ne pouvez pas ajouter de fichiers ici.
drop-here = Déposez pour ajouter
spoiler-file = Marquer { $name } comme spoiler
remove-file = Retirer { $name }
typing =
    { $count ->
        [one] { $names } écrit…
       *[other] { $names } écrivent…
    }
typing-many = Plusieurs personnes écrivent…


## Menus, commandes, formulaires.

make-selection = Faites un choix
chosen = { $count } sur { $most }
at-most = Vous pouvez en choisir { $most } au plus.
at-least = Choisissez-en au moins { $least }.
option-required = { $name } : cette option est obligatoire.
not-an-option = { $name } : choisissez parmi ce qui est proposé.
suggestions-failed = Le chargement des options a échoué
field-required = Ce champ est obligatoire.
too-short =
    { $least ->
        [one] Au moins { $least } caractère.
       *[other] Au moins { $least } caractères.
    }
from-app = Ce formulaire vient de { $name }.
unknown-component = Cette page ne peut pas afficher les composants de type { $type }.


## Les fils et leurs membres.

archived-tag = Archivé
joined-tag = rejoint
no-threads = Il n’y a pas de fils ici.
threads-of = Fils de { $name }
started-by = commencé par { $name }
archived-when = archivé { $when }
thread-actions = Actions du fil
create-thread = Créer un fil
private-thread = Privé
public-thread = Public
join-thread = Rejoindre
leave-thread = Quitter
add-members = Ajouter des membres
whom = Qui ?
lock = Verrouiller
unlock = Déverrouiller
archive = Archiver
archive-and-lock = Archiver et verrouiller
reopen = Rouvrir
reopen-and-unlock = Rouvrir et déverrouiller
copy-thread-id = Copier l’identifiant du fil
delete-thread = Supprimer le fil
thread-members = Dans ce fil — { $count }
group-of = { $name } — { $count }
and-more = et { $count } de plus
remove-from-thread = Retirer { $name } du fil
kick = Expulser { $name }
kick-sure = { $name } quittera { $guild }.
