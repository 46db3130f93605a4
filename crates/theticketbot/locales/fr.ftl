### Français. On tutoie, comme le fait Discord. Les permissions et les menus portent les noms que Discord leur donne.
### Espace insécable avant « : » et dans les guillemets, espace fine insécable avant « ; », « ! » et « ? ».


## Commandes. Noms : de 1 à 32 lettres, chiffres, - ou _, en minuscules. Descriptions : 100 caractères au plus.

command-inbox = guichet
command-inbox-description = Créer et modifier des guichets de tickets
command-create = créer
command-create-description = Publier un nouveau guichet à partir d’un message que tu choisis
command-create-channel = salon
command-create-channel-description = Où le guichet est publié
command-create-destination = destination
command-create-destination-description = Où ses tickets sont ouverts, si ce n’est pas dans le même salon
command-create-name = nom
command-create-name-description = Comment le guichet s’appelle dans les menus, les listes et sur le message d’un autre
command-create-panel = panneau
command-create-panel-description = Un guichet dont le message propose aussi le nouveau, qui n’a alors pas de message à lui
command-panel = panneau
command-panel-description = Choisir quels guichets le message d’un guichet propose
command-panel-inbox-description = Le guichet dont tu veux modifier le message
command-destination = destination
command-destination-description = Envoyer les nouveaux tickets d’un guichet dans un autre salon
command-destination-channel = salon
command-destination-channel-description = Où les nouveaux tickets sont ouverts
command-message = message
command-message-description = Remplacer le message d’un guichet
command-staff = équipe
command-staff-description = Voir et modifier qui est mentionné dans les nouveaux tickets d’un guichet
command-new-tickets = nouveaux-tickets
command-new-tickets-description = Modifier le début des nouveaux tickets d’un guichet
command-starter = accueil
command-starter-description = Voir et modifier le message d’accueil des nouveaux tickets
command-name = nom
command-name-description = Voir et modifier le nom des nouveaux tickets
command-inbox-list = liste
command-inbox-list-description = Voir les guichets du serveur, leur équipe, leurs tickets ouverts et leurs problèmes
command-inbox-remove = retirer
command-inbox-remove-description = Retirer un guichet et supprimer son message, après confirmation
command-inbox-remove-inbox-description = Quel guichet
command-settings = paramètres
command-settings-description = Voir et modifier tous les paramètres d’un guichet et du serveur
command-settings-inbox = guichet
command-settings-inbox-description = Quel guichet, s’il y en a plusieurs
command-settings-setting = paramètre
command-settings-setting-description = Modifier ce paramètre tout de suite
command-select = Choisir ce message
command-ticket = ticket
command-ticket-description = Voir et gérer les tickets
command-close = fermer
command-close-description = Fermer ce ticket
command-close-reason = raison
command-close-reason-description = La raison ; tout le monde dans le ticket peut la lire
command-close-remove-owner = retirer-membres
command-close-remove-owner-description = Retirer aussi du ticket tous ceux qui ne font pas partie de l’équipe
command-add = ajouter
command-add-description = Ajouter un membre à ce ticket
command-add-member-description = Qui est ajouté
command-remove = retirer
command-remove-description = Retirer un membre de ce ticket
command-remove-member-description = Qui est retiré
command-member = membre
command-rename = renommer
command-rename-description = Donner un autre nom à ce ticket
command-rename-name = nom
command-rename-name-description = Le nouveau nom
command-ask-close = proposer-fermeture
command-ask-close-description = Demander à l’auteur si ce ticket peut être fermé
command-ask-close-in = dans
command-ask-close-in-description = Quand le fermer sans réponse, par exemple 12h ou 3j
command-snooze = mettre-en-veille
command-snooze-description = Suspendre les rappels dans ce ticket pendant un temps ; ensuite, je te préviens
command-snooze-for = pendant
command-snooze-for-description = Combien de temps, par exemple 6h ou 3j
command-claim = prendre
command-claim-description = Montrer à tous que tu t’occupes de ce ticket
command-transfer = transférer
command-transfer-description = Transférer ce ticket à un autre guichet et à son équipe
command-transfer-inbox-description = Le guichet dont l’équipe doit répondre
command-transfer-remove-old-staff = retirer-ancienne-équipe
command-transfer-remove-old-staff-description = Retirer aussi du ticket l’équipe de l’ancien guichet
command-unclaim = rendre
command-unclaim-description = Ne plus s’occuper de ce ticket
command-open = ouvrir
command-open-description = Ouvrir un ticket
command-open-inbox-description = Quel guichet ; sans cette option, tu le choisis dans un menu s’il y en a plusieurs
command-open-for = Ouvrir un ticket…
command-report = Signaler à l’équipe
report-modal-title = Signaler un message
command-reopen = rouvrir
command-reopen-description = Rouvrir un ticket fermé
command-reopen-ticket-description = Le ticket : son lien ou son identifiant
command-list = liste
command-list-description = Voir tes tickets ouverts et, si tu es dans l’équipe, ceux de tes guichets
command-list-member-description = Seulement les tickets de ce membre
command-help = aide
command-help-description = Voir ce que tu peux faire ici


## Formulaires. Titres et libellés : 45 caractères au plus. Descriptions : 100 au plus.

starter-modal-title = Message d’accueil des nouveaux tickets
starter-modal-label = Message d’accueil
starter-modal-description = $author : l’auteur du ticket. $staff : l’équipe. Laisse vide pour le message par défaut.
name-modal-title = Nom des nouveaux tickets
name-modal-label = Nom
name-modal-description = Possibles : $year, $month, $day, $author et $counter. Laisse vide pour le nom par défaut.
name-modal-description-form = Possibles : $year, $month, $day, $author, $counter et $title, la première réponse au formulaire.
staff-menu-placeholder = Choisis des membres et des rôles
use-suggested-button = Choisir ces rôles
form-modal-title = Nouveau ticket
# Dans la langue du serveur, sous un guichet.
remove-inbox-button = Retirer
post-again-button = Republier { $inbox }
forget-inbox-button = Oublier { $inbox }
open-menu-placeholder = Ouvrir un ticket…
entries-placeholder = Choisir des guichets
entries-automatic = Des boutons jusqu’à 5 guichets, sinon un menu
entries-buttons = Toujours des boutons
entries-menu = Toujours un menu
settings-title = Paramètres du guichet { $inbox }
settings-title-server = Paramètres de ce serveur
settings-menu-placeholder = Modifier : { $group }
# A setting and its value, or what is wrong with it.
setting-line = { $name } : { $value }
inbox-menu-placeholder = Choisis un guichet
setting-modal-title = Modifier un paramètre
inboxes-shortened = Ne montre que 24 guichets. Pour les autres, utilise l’option { command-settings-inbox } de la commande.
edit-again-button = Modifier à nouveau
# The name of this language, in this language.
language-name = Français


## Paramètres. Groupes et noms : 45 caractères au plus. Descriptions et mots : 100 au plus.

settings-group-inbox = Guichet
settings-group-access = Accès
settings-group-tickets = Tickets
settings-group-staff = Équipe
settings-group-server = Serveur

setting-name = Nom
setting-name-description = Le nom du guichet dans les menus et listes de ce serveur, 45 caractères au plus.
setting-name-channel = le nom du salon
setting-button-label = Texte du bouton
setting-button-label-description = Le texte sur le bouton, 80 caractères au plus. Vide : Créer un ticket.
setting-button-label-default = Créer un ticket
setting-button-emoji = Emoji du bouton
setting-button-emoji-description = Par exemple 🎫, ou un emoji de ce serveur : <:nom:id>. Vide : aucun.
setting-button-emoji-none = aucun
setting-button-colour = Couleur du bouton
setting-button-colour-description = L’une des couleurs de bouton de Discord.
setting-button-colour-blurple = blurple
setting-button-colour-grey = gris
setting-button-colour-green = vert
setting-button-colour-red = rouge
setting-description = Description
setting-description-description = Le texte sous le nom du guichet dans les menus, 100 caractères au plus.
setting-description-none = aucune
setting-limit-member = Tickets ouverts par membre
setting-limit-member-description = Combien de tickets ouverts un membre peut avoir ici, de 0 à 50 ; 0 : sans limite. Par défaut : 1.
setting-limit-member-none = sans limite
setting-limit-total = Tickets ouverts au total
setting-limit-total-description = Combien de tickets ouverts ce guichet peut avoir au total, de 0 à 900 ; 0 : sans limite.
setting-limit-total-none = sans limite
setting-cooldown = Délai entre deux tickets
setting-cooldown-description = Délai pour un membre entre deux tickets, par exemple 5m, 12h ou 7j. 0 : aucun. 30 jours au plus.
setting-cooldown-default = 1 minute, ou le mode lent du salon s’il est plus long
setting-cooldown-none = aucun délai
setting-destination = Salon des nouveaux tickets
setting-destination-description = Où s’ouvrent les tickets de ce guichet. Si tu n’en choisis pas : dans le salon du guichet.
setting-destination-own = le salon du guichet
setting-starter = Message d’accueil
setting-starter-description = $author : l’auteur du ticket. $staff : l’équipe. Vide : le message par défaut.
setting-starter-default = le message par défaut
setting-ticket-name = Nom des nouveaux tickets
setting-ticket-name-description = Possibles : $year, $month, $day, $author, $counter et $title (formulaire). Vide : par défaut.
setting-hide-after = Masquer après inactivité
setting-hide-after-description = Durée sans message après laquelle Discord masque un nouveau ticket dans la liste des salons.
setting-hide-after-channel = selon les paramètres du salon
setting-hide-after-hour = 1 heure
setting-hide-after-day = 24 heures
setting-hide-after-three-days = 3 jours
setting-hide-after-week = 1 semaine
setting-close-button = Bouton Fermer
setting-close-button-description = Ajoute un bouton Fermer. L’équipe peut toujours s’en servir ; choisis ce qu’il fait pour l’auteur.
setting-close-button-off = aucun
setting-close-button-request = l’auteur peut demander à l’équipe de fermer
setting-close-button-owner = l’auteur peut fermer
setting-lock = Tickets fermés
setting-lock-description = Seule l’équipe peut rouvrir un ticket verrouillé. Pour verrouiller, il me faut « Gérer les fils ».
setting-lock-lock = verrouillés
setting-lock-archive = non verrouillés
setting-remind-owner = Relancer l’auteur
setting-remind-owner-description = Délai sans réponse avant de demander s’il faut encore de l’aide : 1 heure à 30 jours.
setting-remind-owner-off = jamais
setting-close-idle = Fermer sans réponse
setting-close-idle-description = Délai sans réponse de l’auteur avant de fermer un ticket : 1 heure à 60 jours.
setting-close-idle-off = jamais
setting-remind-staff = Rappel à l’équipe
setting-remind-staff-description = Délai sans réponse avant de rappeler un ticket à l’équipe : 1 heure à 30 jours.
setting-remind-staff-off = jamais
setting-staff = Équipe
setting-staff-description = Membres et rôles que les nouveaux tickets mentionnent et invitent, 25 au plus.
setting-staff-nobody = personne
setting-staff-powers = Qui fait partie de l’équipe
setting-staff-powers-description = Qui peut fermer et gérer les tickets de ce guichet avec mes commandes.
setting-staff-powers-manage-threads = seulement les membres qui ont « Gérer les fils »
setting-staff-powers-listed-staff = l’équipe indiquée et les membres qui ont « Gérer les fils »
setting-staff-mode = Comment l’équipe rejoint les tickets
setting-staff-mode-description = Comment l’équipe arrive dans un nouveau ticket. « Rejoindre » demande un salon des fiches.
setting-staff-mode-mention = par une mention
setting-staff-mode-silent = par une mention silencieuse
setting-staff-mode-join = avec « Rejoindre » sous la fiche
setting-notices = Salon des fiches
setting-notices-description = Chaque ticket y reçoit un message avec « Rejoindre ». De préférence un salon réservé à l’équipe.
setting-notices-none = aucun
setting-notice-ping = Mention dans les fiches
setting-notice-ping-description = Mentionner ou non l’équipe dans les fiches. Fonctionne aussi avec de très grands rôles.
setting-notice-ping-nobody = personne
setting-notice-ping-staff = l’équipe
close-modal-title = Fermer ce ticket
ask-close-modal-title = Demander à l’équipe de fermer le ticket
close-modal-label = Raison
close-modal-description = Tout le monde dans ce ticket peut la lire. Le champ peut rester vide.
join-menu-placeholder = Rejoindre un ticket…
previous-page = Précédent
next-page = Suivant
setting-allowed-roles = Rôles autorisés
setting-allowed-roles-description = Il faut l’un de ces rôles pour ouvrir un ticket. Si tu n’en choisis aucun, tout le monde peut.
setting-allowed-roles-none = tout le monde
setting-blocked-roles = Rôles exclus
setting-blocked-roles-description = Avec l’un de ces rôles, on ne peut pas ouvrir de ticket, quels que soient les autres rôles.
setting-blocked-roles-none = aucun
setting-account-age = Âge minimum du compte
setting-account-age-description = Âge que doit avoir un compte Discord, par exemple 7j. Vide : peu importe. 365 jours au plus.
setting-account-age-none = aucun
setting-member-age = Temps minimum sur le serveur
setting-member-age-description = Temps à passer sur le serveur avant un ticket, par exemple 12h. Vide : aucun. 365 jours au plus.
setting-member-age-none = aucun
setting-pause = Pause
setting-pause-description = Les membres voient ce message au lieu d’obtenir un ticket. Vide : pas de pause.
setting-pause-off = désactivée
setting-pause-end = Fin de la pause
setting-pause-end-description = Durée de la pause à partir de maintenant, comme 12h ou 7j. Vide : jusqu’à ce que tu l’arrêtes.
setting-pause-end-none = quand tu y mets fin
setting-hours = Horaires de l’équipe
setting-hours-description = Une ligne par groupe de jours, comme « lun-ven 09:00-12:00, 13:00-17:00 ». Vide : toujours.
setting-hours-always = toujours
setting-time-zone = Fuseau horaire
setting-time-zone-description = Pour les horaires, par exemple Europe/Paris, avec l’heure d’été. Vide : UTC.
setting-outside-hours = En dehors des horaires
setting-outside-hours-description = Si l’on peut quand même ouvrir des tickets. Ils indiquent quand l’équipe revient.
setting-outside-hours-say = tickets possibles, avec une note qui dit quand l’équipe revient
setting-outside-hours-refuse = pas de tickets
setting-language = Langue du serveur
setting-language-description = La langue de ce que tout le monde voit : boutons, messages d’accueil, messages dans les tickets.
setting-language-discord = selon les paramètres de Discord
setting-server-limit = Tickets ouverts par membre, tous guichets
setting-server-limit-description = Combien de tickets ouverts un membre peut avoir dans tous les guichets, de 0 à 50 ; 0 : sans limite.
setting-server-limit-none = sans limite
setting-reports = Guichet des signalements
setting-reports-description = Son équipe reçoit les messages signalés dans le menu Applications. Aucun : pas de signalement.
setting-reports-none = aucun
setting-reports-gone = un guichet qui n’existe plus


## Créer et modifier un guichet. Seule la personne qui utilise la commande le voit.

-how-to-select = fais un clic droit dessus (ou un appui long), puis choisis **Applications** et **{ command-select }**.

select-content = Choisis maintenant le message que ton nouveau guichet doit afficher : { -how-to-select } J’arrêterai d’attendre { $until }.
select-inbox = Choisis maintenant le guichet, c’est-à-dire le message qui permet d’ouvrir des tickets : { -how-to-select } J’arrêterai d’attendre { $until }.
select-replacement = Choisis maintenant le message que { $inbox } doit désormais afficher : { -how-to-select } J’arrêterai d’attendre { $until }.
missing-permissions =
    Il me manque des permissions :
    { $missing }
    Accorde-les-moi, puis réessaie.
no-private-threads = Les tickets ne peuvent pas être dans { $channel }, car c’est un salon d’annonces. Utilise de nouveau la commande avec un salon textuel comme **{ command-create-destination }**.
nothing-pending = Je n’attends aucun message, je n’ai donc rien fait de { $message }. Utilise d’abord une commande **/{ command-inbox }**.
selection-expired =
    { $minutes ->
        [one] J’ai cessé d’attendre après { $minutes } minute et je n’ai rien fait de { $message }. Utilise de nouveau la commande.
       *[other] J’ai cessé d’attendre après { $minutes } minutes et je n’ai rien fait de { $message }. Utilise de nouveau la commande.
    }
not-an-inbox = { $message } n’est pas un guichet. Choisis un de mes messages qui permettent d’ouvrir des tickets.
no-longer-an-inbox = { $message } était un guichet, mais je ne le connais plus. Tu peux le supprimer et en créer un nouveau avec **/{ command-inbox } { command-create }**.
nothing-to-copy = { $message } n’a ni texte, ni fichier, ni embed que je puisse copier. Choisis un autre message.
selected-itself = { $message } est le guichet lui-même. Choisis le message qu’il doit afficher à la place.
attachments-too-large = Ces fichiers sont trop lourds : ensemble, ils ne doivent pas dépasser { $megabytes } Mo. Choisis un message avec des fichiers plus légers.
download-failed = Je n’ai pas pu télécharger `{ $filename }`. Réessaie ou choisis un autre message.
channel-of-entry = Avec **{ command-create-panel }**, le nouveau guichet est sur ce message : { $inbox } Choisis le salon de ce message comme **{ command-create-channel }**. Les tickets s’y ouvrent, ou dans la **{ command-create-destination }**.
entry-needs-name = Sur le message d’un autre guichet, le nouveau a besoin d’un nom, que les membres voient. Utilise l’option **{ command-create-name }**.
no-room-for-entries = Il n’y a pas assez de place sur un message : à côté du guichet auquel il appartient, il peut en proposer 24 autres avec des boutons, ou 25 dans un menu.
entry-created = Ton guichet est prêt. Les membres le trouvent sur ce message : { $inbox }
entry-not-shown =
    Ton guichet est prêt, mais je n’ai pas encore pu l’ajouter à ce message : { $inbox }
    Je continue d’essayer.
name-unknown = Je n’arrive pas à lire le nom du salon de { $inbox } pour l’instant, et les membres le verraient. Réessaie plus tard, ou choisis un nom avec **/{ command-inbox } { command-settings }**.
choose-entries =
    Choisis quels autres guichets { $inbox } propose. Chaque modification est enregistrée et affichée tout de suite.
    Chaque guichet garde ses propres paramètres, dont le texte, l’emoji et la couleur de son bouton, et sa description.
entries-shortened = Ces menus ne montrent que 100 des autres guichets.
entries-saved =
    { $count ->
        [0] Enregistré. { $inbox } ne propose pas d’autre guichet.
        [one] Enregistré. { $inbox } propose { $count } autre guichet.
       *[other] Enregistré. { $inbox } propose { $count } autres guichets.
    }
no-other-inbox = Ce serveur n’a pas encore d’autre guichet. Crées-en un avec **/{ command-inbox } { command-create }** ; avec l’option **{ command-create-panel }**, il est sur le message d’un autre.
inbox-created =
    Ton guichet est prêt : { $inbox }
    C’est une copie, tu peux donc supprimer le message d’origine.
will-mention = Les nouveaux tickets mentionneront { $staff }. Tu peux le modifier ici :
nobody-yet = ⚠️ Personne n’est encore prévenu des nouveaux tickets. Choisis qui :
nobody-yet-offering = ⚠️ Personne n’est encore prévenu des nouveaux tickets. Choisis qui. Le menu propose des rôles qui peuvent gérer les fils. Rien n’est enregistré tant que tu n’as pas choisi.
message-replaced = Le guichet affiche son nouveau message : { $inbox }
destination-changed = Les nouveaux tickets de { $inbox } vont désormais dans { $new } au lieu de { $old }.
destination-unchanged = Les nouveaux tickets de { $inbox } vont déjà dans { $channel }. Rien n’a changé.
choose-staff = Les nouveaux tickets de { $inbox } mentionnent les membres et rôles ci-dessous. Chaque changement est enregistré aussitôt.
choose-staff-shortened =
    Les nouveaux tickets de { $inbox } mentionnent les membres et rôles ci-dessous. Chaque changement est enregistré aussitôt.
    Il y a { $total } membres et rôles, mais ce menu n’affiche que les { $shown } premiers. Si tu changes quelque chose, les autres seront retirés.
staff-saved =
    { $count ->
        [0] Enregistré. Les nouveaux tickets de { $inbox } ne mentionneront personne.
       *[other] Enregistré. Les nouveaux tickets de { $inbox } mentionneront { $staff }.
    }
staff-saved-without =
    { $count ->
        [0] @everyone, moi-même et mon propre rôle ne pouvons pas faire partie de l’équipe, je les ai donc laissés de côté. Les nouveaux tickets de { $inbox } ne mentionneront personne.
       *[other] @everyone, moi-même et mon propre rôle ne pouvons pas faire partie de l’équipe, je les ai donc laissés de côté. Les nouveaux tickets de { $inbox } mentionneront { $staff }.
    }
starter-saved = Enregistré. Les nouveaux tickets de { $inbox } commenceront par ton message.
starter-saved-without-author = Enregistré. Les nouveaux tickets de { $inbox } commenceront par ton message. Attention : il ne contient pas `$author`, les auteurs des tickets n’y seront donc pas invités.
starter-reset = Les nouveaux tickets de { $inbox } commenceront par le message par défaut.
name-saved = Enregistré. Les nouveaux tickets de { $inbox } porteront un nom comme celui-ci : `{ $example }`
name-reset = Les nouveaux tickets de { $inbox } porteront le nom par défaut, comme celui-ci : `{ $example }`
no-longer-allowed = Tu n’as plus le droit de modifier cela, ou tu l’as laissé ouvert trop longtemps. Rien n’a été modifié. Utilise de nouveau la commande.
inbox-gone = Ce guichet n’existe plus.
channel-gone = Ce salon n’existe plus.

choose-among-inboxes = Quel guichet ?
choose-among-inboxes-shortened = Quel guichet ? Ce menu ne montre que les 25 premiers. Pour les autres, utilise l’option **{ command-settings-inbox }** de la commande.
inbox-listed =
    - **Destination** : { $channel }
    - **Équipe** : { $count ->
        [0] personne
       *[other] { $staff }
    }
    - **Tickets ouverts** : { $open }
inbox-not-posted =
    Non publié : aucun message n’affiche ce guichet. J’oublierai ses paramètres et son équipe { $until }, mais pas tant qu’il a des tickets ouverts.
    - **Tickets ouverts** : { $open }
remove-inbox =
    Retirer le guichet **{ $name }** ? { $inbox }
    { $open ->
        [0] Il n’a pas de ticket ouvert.
        [one] Il a { $open } ticket ouvert, qui reste ouvert et garde son équipe.
       *[other] Il a { $open } tickets ouverts, qui restent ouverts et gardent leur équipe.
    }
    Son message sera supprimé. { $also ->
        [0] {""}
        [one] { $also } guichet qui n’est que sur ce message sera aussi retiré.{" "}
       *[other] { $also } guichets qui ne sont que sur ce message seront aussi retirés.{" "}
    }Le nom, les paramètres et l’équipe seront gardés 30 jours : **/{ command-inbox } { command-inbox-list }** permet de le republier.
inbox-removed = J’ai retiré le guichet **{ $name }**. Pour le republier dans les 30 jours, utilise **/{ command-inbox } { command-inbox-list }**.
no-inboxes = Ce serveur n’a pas encore de guichet. Crées-en un avec **/{ command-inbox } { command-create }**.
no-such-inbox = Ce serveur n’a pas de guichet nommé `{ $written }`. Choisis l’une des suggestions.
unknown-setting = Il n’y a pas de paramètre nommé `{ $written }`. Choisis l’une des suggestions.
setting-saved = Enregistré. **{ $setting }** : { $value }
not-a-number = `{ $written }` n’est pas un nombre entier de { $least } à { $most }.
not-a-duration = `{ $written }` n’est pas une durée que je comprends. Écris un nombre avec une unité, comme `90s`, `30m`, `12h`, `7j` ou `2 semaines`.
duration-out-of-range = La durée doit être comprise entre { $least } et { $most }.
not-a-choice = `{ $written }` ne fait pas partie des choix.
name-taken = Ce serveur a déjà un guichet nommé `{ $written }`. Choisis un autre nom.
not-an-emoji = `{ $written }` n’est pas un emoji. Écris l’emoji lui-même, comme 🎫, ou un emoji de ce serveur sous la forme `<:nom:id>`.
button-refused = Discord n’accepte pas ce bouton. Si son emoji vient d’un serveur où je ne suis pas, choisis-en un autre. Rien n’a changé.
hours-without-days = Ligne { $line }, `{ $written }` : commence par des jours, comme `lun-ven 09:00-17:00`, `sam 10:00-12:00` ou `tous les jours 08:00-20:00`.
hours-without-times = Ligne { $line }, `{ $written }` : écris des heures de `00:00` à `24:00` après les jours, comme `lun-ven 09:00-12:00, 13:00-17:00`. Une journée entière s’écrit `00:00-24:00`.
hours-too-long = Écrits en entier, ces horaires dépassent { $limit } caractères. Utilise moins de lignes : les jours aux mêmes horaires tiennent sur une seule, comme `lun-ven 09:00-17:00`.
unknown-time-zone = Je ne connais pas de fuseau horaire nommé `{ $written }`. Les noms ressemblent à `Europe/Paris` ou `America/Montreal`.

# Ce qui ne va pas avec un guichet. Sous ce qui a été fait, une ligne chacun.
problem-bot-lacks = ⚠️ Il me manque des permissions dans { $channel } : { $permissions }. Sans elles, ce guichet ne fonctionne pas. Accorde-les-moi.
problem-no-private-threads = ⚠️ Les tickets ne peuvent pas être dans { $channel }, car ce n’est pas un salon textuel. Choisis un autre salon avec **/{ command-inbox } { command-destination }**.
problem-destination-gone = ⚠️ Le salon des tickets n’existe plus, ils sont donc ouverts dans { $channel }. Choisis un autre salon avec **/{ command-inbox } { command-destination }**.
problem-not-offered = ⚠️ Aucun message n’a de bouton pour ce guichet : les membres ne peuvent y ouvrir un ticket qu’avec **/{ command-ticket } { command-open }**. Ajoute-le à un message avec **/{ command-inbox } { command-panel }**.
problem-notices-gone = ⚠️ Le salon des fiches n’existe plus. Les nouveaux tickets n’en ont donc pas, et l’équipe qui devait rejoindre par une fiche est mentionnée à la place. Choisis un autre salon avec **/{ command-inbox } { command-settings }**.
problem-notices-lack = ⚠️ Je ne peux pas envoyer de fiches dans { $channel }, car il m’y manque des permissions : { $permissions }. Accorde-les-moi, ou choisis un autre salon avec **/{ command-inbox } { command-settings }**.
problem-notices-hidden = ⚠️ { $channel }, le salon des fiches, est invisible pour { $staff }, tout comme les fiches des nouveaux tickets. Accordes-y **{ permission-view-channel }**, ou choisis un autre salon avec **/{ command-inbox } { command-settings }**.
problem-notices-public = ⚠️ Tout le monde peut voir { $channel }, et les fiches montrent qui a ouvert un ticket. Utilise un salon que seule l’équipe peut voir : choisis-le avec **/{ command-inbox } { command-settings }**.
problem-join-without-notices = ⚠️ L’équipe doit rejoindre par une fiche, mais il n’y a pas de salon des fiches. Elle est donc mentionnée. Choisis-en un avec **/{ command-inbox } { command-settings }**.
problem-members-lack = ⚠️ Les membres ne peuvent pas utiliser de tickets dans { $channel }, car il y manque des permissions à @everyone : { $permissions }. Accorde-les à tout le monde ou à un rôle, ou choisis un autre salon avec **/{ command-inbox } { command-destination }**.
problem-closed-to-all = ⚠️ Personne ne peut ouvrir de ticket : @everyone est exclu, ou tous les rôles autorisés ont été supprimés ou sont exclus. Choisis-en d’autres, ou aucun, avec **/{ command-inbox } { command-settings }**.
problem-nobody-notified = ⚠️ Personne n’est prévenu des nouveaux tickets. Choisis qui avec **/{ command-inbox } { command-staff }**.
problem-staff-not-mentioned = ⚠️ Le message d’accueil ne mentionne pas l’équipe : personne n’est donc prévenu des nouveaux tickets. Ajoute `$staff` avec **/{ command-inbox } { command-new-tickets } { command-starter }**.
problem-not-mentionable = ⚠️ Je ne peux pas mentionner { $staff } : les membres ne sont donc ni prévenus ni ajoutés aux nouveaux tickets. Dans les paramètres du rôle, active **Permettre à tout le monde de @mentionner ce rôle**. Ou accorde-moi **{ permission-mention-everyone }** dans { $channel }.
problem-staff-cannot-view = ⚠️ { $channel } est invisible pour { $staff }, tout comme les nouveaux tickets. Accordes-y **{ permission-view-channel }**, ou choisis un autre salon avec **/{ command-inbox } { command-destination }**.
problem-too-large = ⚠️ { $staff } : Discord n’ajoute pas à un ticket les rôles d’environ 100 membres ou plus. Choisis un rôle plus petit, ou des membres, avec **/{ command-inbox } { command-staff }**.
problem-emoji-refused = ⚠️ Le bouton s’affiche sans son emoji, car Discord refuse un emoji de ce message : il a sans doute été supprimé. Choisis-en un autre, ou aucun, dans **{ setting-button-emoji }** avec **/{ command-inbox } { command-settings }**.
problem-never-reminds = ⚠️ Je ne relance jamais l’auteur, car son ticket est fermé avant. Le délai de **{ setting-remind-owner }** n’est pas plus court que celui de **{ setting-close-idle }**. Change l’un des deux avec **/{ command-inbox } { command-settings }**.
problem-owner-alone = ⚠️ Personne d’autre que son auteur n’a rejoint le dernier ticket, { $ticket }. Vérifie qui est prévenu avec **/{ command-inbox } { command-staff }**, et que les rôles ont des membres qui peuvent voir le salon.
problem-bot-cannot-read = ⚠️ Il me manque **{ permission-read-message-history }** dans { $channel }. Sans cela, je ne peux pas finir à coup sûr ce qu’un redémarrage a interrompu. Accorde-la-moi.
problem-many-threads = ⚠️ Ce serveur a { $count } fils actifs, et Discord en autorise { $limit }. Fermes-en, sinon on ne pourra bientôt plus ouvrir de ticket.
and-more = { $names } (+{ $count })

missing-in-channel = - { $channel } : { $permissions }
quoted = « { $text } »
list-separator = { ", " }

permission-view-channel = Voir le salon
permission-send-messages = Envoyer des messages
permission-embed-links = Intégrer des liens
permission-attach-files = Joindre des fichiers
permission-manage-threads = Gérer les fils
permission-create-private-threads = Créer des fils privés
permission-send-messages-in-threads = Envoyer des messages dans les fils
permission-read-message-history = Voir les anciens messages
permission-mention-everyone = Mentionner @everyone, @here et tous les rôles


## Ouvrir un ticket. Seule la personne qui clique voit ceci.

unknown-inbox = On ne peut plus ouvrir de tickets ici. Préviens l’équipe du serveur.
already-open = Tu as déjà un ticket ouvert : { $ticket }
# La limite est de 2 ou plus.
too-many-open = Tu as déjà { $limit } tickets ouverts ici, et c’est le maximum. L’un d’eux : { $ticket }
too-many-in-server =
    { $limit ->
        [one] Tu as déjà un ticket ouvert sur ce serveur, et c’est le maximum : { $ticket }
       *[other] Tu as déjà { $limit } tickets ouverts sur ce serveur, et c’est le maximum. L’un d’eux : { $ticket }
    }
paused =
    Les tickets sont en pause pour le moment.
    { $message }
paused-until =
    Les tickets sont en pause pour le moment. Tu pourras en ouvrir un { $until }.
    { $message }
outside-hours = L’équipe n’est pas là pour le moment. Tu pourras ouvrir un ticket { $until }.
role-blocked = Avec le rôle { $role }, on ne peut pas ouvrir de tickets ici.
role-needed =
    { $count ->
        [one] Seuls les membres avec le rôle { $roles } peuvent ouvrir des tickets ici.
       *[other] Seuls les membres avec l’un de ces rôles peuvent ouvrir des tickets ici : { $roles }
    }
closed-to-all = Personne ne peut ouvrir de tickets ici pour le moment, car les rôles nécessaires ont été supprimés. Préviens l’équipe du serveur.
account-too-young = Ton compte doit avoir { $age } pour ouvrir des tickets ici. Tu pourras en ouvrir un { $until }.
member-too-new = Tu dois être sur ce serveur depuis { $age } pour y ouvrir des tickets. Tu pourras en ouvrir un { $until }.
cooling-down = Tu pourras ouvrir ton prochain ticket { $until }. Il faut attendre { $wait } entre deux tickets.
inbox-full = Désolé, ce guichet a déjà autant de tickets ouverts qu’il peut en avoir. Réessaie plus tard.
cannot-open =
    Désolé, je ne peux pas ouvrir de ticket pour le moment, car il me manque des permissions :
    { $missing }
    Montre ceci à l’équipe du serveur.
# Le salon vient avec son #.
member-lacks =
    Désolé, je ne peux pas ouvrir de ticket, car tu ne pourrais pas le voir ou y écrire. Il te manque des permissions dans { $channel } : { $permissions }.
    Montre ceci à l’équipe du serveur.
timed-out = Tu es en exclusion temporaire et ne pourrais pas écrire dans un ticket. Réessaie { $until }.
cannot-open-there = Désolé, je ne peux pas ouvrir de ticket pour le moment. Montre ceci à l’équipe du serveur : les tickets ne peuvent pas être dans { $channel }. Ce guichet a besoin d’un salon textuel, que l’on choisit avec **/{ command-inbox } { command-destination }**.
name-refused = Désolé, Discord refuse le nom qu’aurait ton ticket. Préviens l’équipe du serveur.
starter-refused = Désolé, Discord refuse le message d’accueil de ce guichet, je ne peux donc pas ouvrir de ticket. Demande à l’équipe de le modifier avec **/{ command-inbox } { command-new-tickets } { command-starter }**.
too-many-threads = Désolé, ce serveur a autant de fils actifs que Discord le permet. Demande à l’équipe d’en fermer, puis réessaie.
opening-delayed = Cela prend plus de temps que d’habitude. J’ouvrirai ton ticket dès que Discord le permettra. Inutile de cliquer de nouveau.
ticket-opened = Voici ton ticket : { $ticket }
# Below the link to the ticket.
staff-not-invited = Je n’ai pas pu inviter toute l’équipe, la réponse peut donc prendre plus de temps.
opening-rolled-back = J’ai été interrompu pendant l’ouverture de ton ticket. Réessaie.
interrupted = J’ai été interrompu avant d’avoir terminé. Réessaie.
interrupted-unseen = J’ai été interrompu, et je ne peux pas relire dans { $ticket } si j’avais terminé. Vérifie là-bas avant de réessayer.
ticket-opened-without-answers =
    Voici ton ticket : { $ticket }
    Je n’ai pas pu y publier tes réponses. Envoie-les toi-même. Les voici :

duration-seconds =
    { $count ->
        [one] { $count } seconde
       *[other] { $count } secondes
    }
duration-minutes =
    { $count ->
        [one] { $count } minute
       *[other] { $count } minutes
    }
duration-hours =
    { $count ->
        [one] { $count } heure
       *[other] { $count } heures
    }
duration-days =
    { $count ->
        [one] { $count } jour
       *[other] { $count } jours
    }


## Dans un ticket. Seule la personne qui utilise la commande voit ceci.

not-a-ticket = Ceci ne fonctionne que dans un ticket. Utilise la commande dans un ticket.
not-the-staff = Seule l’équipe de ce ticket peut faire cela.
needs-manage-threads = Dans les tickets de ce guichet, il faut la permission **{ permission-manage-threads }** pour cela.
already-closed = Ce ticket est déjà fermé.
already-closed-by = **{ $name }** a déjà fermé ce ticket.
being-closed = Ce ticket est en cours de fermeture.
not-locked = Je ne peux pas verrouiller ce ticket, car il me manque la permission **{ permission-manage-threads }**. Un nouveau message le rouvrira.
member-added = J’ai ajouté **{ $name }** à ce ticket.
already-in-ticket = **{ $name }** est déjà dans ce ticket.
member-removed = J’ai retiré **{ $name }** de ce ticket.
owner-removed = J’ai retiré **{ $name }**, qui avait ouvert ce ticket, je le ferme donc.
cannot-view-channel = **{ $name }** ne voit pas { $channel } et ne verrait donc pas ce ticket. Accorde-lui la permission **{ permission-view-channel }** dans ce salon, puis réessaie.
not-in-server = **{ $name }** n’est pas sur ce serveur.
not-in-ticket = **{ $name }** n’est pas dans ce ticket.
bots-cannot-be-added = Je n’ajoute que des personnes. Avec la permission **{ permission-manage-threads }**, on peut ajouter un bot en le mentionnant ici.
stays-in-ticket = Je fais partie de chaque ticket, on ne peut donc ni m’ajouter ni me retirer. Pour mettre fin à celui-ci, utilise **/{ command-ticket } { command-close }**.
ticket-full = Ce ticket a autant de membres que Discord le permet.
threads-full = Ce serveur a autant de fils actifs que Discord le permet. Fermes-en quelques-uns, puis réessaie.
ticket-renamed = Le ticket porte son nouveau nom : { $ticket }
same-name = Le ticket porte déjà ce nom.
empty-name = Un nom ne peut pas se composer uniquement d’espaces. Choisis-en un autre.
ticket-name-refused = Discord refuse ce nom. Essaie avec d’autres mots.
rename-later = Discord ne permet que deux nouveaux noms en dix minutes. Tu pourras de nouveau renommer ce ticket { $until }.
already-claimed = Tu t’occupes déjà de ce ticket.
not-claimed = Personne ne s’occupe de ce ticket.
claimed-by-another = Quelqu’un d’autre s’occupe de ce ticket. Tu peux prendre la suite avec **/{ command-ticket } { command-claim }**.
claim-saved = C’est fait. Tout le monde dans le ticket peut le voir.
ticket-forbidden = Discord ne me permet pas de faire cela ici. Demande à un admin de vérifier mes permissions.
ticket-gone = Je ne connais pas ce ticket. Vérifie son lien ou son identifiant.
ticket-deleted = Ce ticket n’existe plus.
transfer-done = Ce ticket est maintenant dans **{ $inbox }**.
transfer-done-without-staff =
    Ce ticket est maintenant dans **{ $inbox }**.
    Je n’ai pas pu inviter toute son équipe, la réponse peut donc prendre plus de temps.
same-inbox = Ce ticket est déjà dans **{ $inbox }**.
transfer-opened = Ce ticket continue dans { $ticket }. Je ferme celui-ci.
transfer-failed = Rien n’a donc changé ici, et ce ticket reste ouvert.
being-transferred = Ce ticket est déjà en cours de transfert.
transfer-lacks =
    Je ne peux pas ouvrir de ticket pour ce guichet, donc celui-ci reste tel quel. Il me manque des permissions :
    { $missing }
# The channel comes with its #.
transfer-owner-lacks = **{ $name }** ne pourrait pas y voir un ticket ou y écrire, donc celui-ci reste tel quel. Il lui manque des permissions dans { $channel } : { $permissions }.
# Reporting a message.
reports-off = On ne peut pas signaler de messages sur ce serveur. L’équipe peut l’activer avec **/{ command-inbox } { command-settings }**.
report-inbox-gone = Je ne peux pas transmettre ton signalement, car le guichet prévu n’existe plus. Préviens l’équipe du serveur.
report-expired = Je ne garde un message que 15 minutes pendant que tu écris, et je l’oublie si je redémarre. Choisis à nouveau **{ command-report }**.
report-opened = Merci. L’équipe examinera ton signalement ici : { $ticket }
report-added = Merci. J’ai ajouté ton signalement à ton ticket : { $ticket }
report-question = Quel est le problème avec ce message ?
# Above the quoted message in the ticket.
report-title = Message signalé
report-author = Auteur
report-where = Envoyé
report-place = { $channel }, { $sent } : { $link }
report-files = Fichiers
report-without-text = (sans texte)
ticket-is-open = Ce ticket est ouvert : { $ticket }
ticket-reopened = Le ticket est de nouveau ouvert : { $ticket }
ticket-stays-locked = Ce ticket est verrouillé, et je n’ai pas le droit de le déverrouiller : { $ticket }. Les membres qui ont la permission **{ permission-manage-threads }** peuvent le rouvrir.
add-owner-button = Ajouter { $name }
ticket-joined = Tu es maintenant dans le ticket : { $ticket }
no-own-tickets = Tu n’as pas de ticket ouvert.
no-tickets = Aucun ticket n’est ouvert.
no-tickets-of = Tu ne vois aucun ticket ouvert de ce membre.
list-line = - { $ticket }, ouvert { $opened }
list-line-claimed = - { $ticket }, ouvert { $opened }, pris en charge
list-waits = , **en attente de l’équipe** (demandé { $since })
list-hidden = , **masqué par Discord**
list-footer = -# Actuellement ouverts : { $open }. Ouverts ces 7 derniers jours : { $week }, ces 30 derniers jours : { $month }.
asked-to-close = C’est fait. J’ai posé la question.
owner-not-here = L’auteur n’est pas dans ce ticket et ne peut pas répondre. Tu peux le fermer avec **/{ command-ticket } { command-close }**.
snoozed = D’accord, pas de rappel dans ce ticket pour l’instant. Je te préviens ici { $until }.
prompt-over = Cette question a déjà reçu une réponse.
only-for-owner = Seul l’auteur du ticket peut répondre.
stays-open = D’accord, le ticket reste ouvert.
leave-to-close = Pour fermer ton ticket, quitte ce fil.
already-solved = Tu as déjà dit à l’équipe que c’est réglé. Elle peut fermer le ticket.
solved-said = C’est fait. L’équipe peut maintenant fermer le ticket.
ticket-busy = Je suis déjà occupé avec ce ticket. Réessaie dans un instant.
choose-ticket-inbox = Où faut-il ouvrir le ticket ?
no-inboxes-here = Il n’y a pas de guichet sur ce serveur.
no-inboxes-of-yours = Seule l’équipe d’un guichet peut ouvrir ses tickets pour d’autres.
not-for-bots = Les bots ne peuvent pas avoir de ticket.
# The channel comes with its #.
owner-lacks = Je ne peux pas ouvrir de ticket pour **{ $name }**, qui ne pourrait pas le voir ou y écrire. Il lui manque des permissions dans { $channel } : { $permissions }.
has-open-ticket = **{ $name }** a déjà un ticket ouvert : { $ticket }
open-another-button = En ouvrir un autre
ticket-opened-for = Le ticket est ouvert : { $ticket }
help-staff =
    Tu fais partie de l’équipe de ce ticket. Tu peux utiliser :
    - **/{ command-ticket } { command-close }** : le fermer, avec une raison si tu veux
    - **/{ command-ticket } { command-ask-close }** : demander à l’auteur s’il peut être fermé
    - **/{ command-ticket } { command-snooze }** : suspendre les rappels pendant un temps
    - **/{ command-ticket } { command-claim }** et **{ command-unclaim }** : montrer qui s’en occupe
    - **/{ command-ticket } { command-add }** et **{ command-remove }** : changer qui y participe
    - **/{ command-ticket } { command-rename }** : lui donner un autre nom
    - **/{ command-ticket } { command-transfer }** : le transférer à un autre guichet et à son équipe
    - **/{ command-ticket } { command-list }** et **{ command-reopen }** : voir les tickets ouverts, en rouvrir un
help-listed-staff =
    Tu fais partie de l’équipe de ce ticket. Tu peux utiliser :
    - **/{ command-ticket } { command-claim }** et **{ command-unclaim }** : montrer qui s’en occupe
    Dans les tickets de ce guichet, il faut la permission **{ permission-manage-threads }** pour tout le reste.
help-owner = C’est ton ticket. Décris ici ce dont tu as besoin. Quand c’est réglé, quitte ce fil pour fermer le ticket.
help-guest = On t’a donné accès à ce ticket : tu peux le lire et y écrire. Quand c’est réglé, tu peux quitter ce fil.
help-elsewhere = Pour ouvrir un ticket, clique sur le bouton sous un guichet. Dans un ticket, **/{ command-ticket } { command-help }** montre ce que tu peux y faire.
help-staff-elsewhere =
    Tu t’occupes de tickets sur ce serveur. Dans tous les salons, tu peux utiliser :
    - **/{ command-ticket } { command-list }** : voir les tickets ouverts et en rejoindre un
    - **/{ command-ticket } { command-reopen }** : rouvrir un ticket fermé
    - **/{ command-ticket } { command-open }** : ouvrir toi-même un ticket
    Dans un ticket, **/{ command-ticket } { command-help }** montre ce que tu peux y faire.


## Formulaires : les réponses, dans le ticket ou dans une réponse du bot.

setting-form = Formulaire
setting-form-description = Questions avant l’ouverture. Une par ligne : Que s’est-il passé ? | long | facultatif
setting-form-none = aucun
setting-form-short = court
setting-form-long = long
setting-form-one-of = un parmi
setting-form-some-of = plusieurs parmi
setting-form-yes-or-no = oui ou non
setting-form-member = membre
setting-form-role = rôle
setting-form-channel = salon
setting-form-files = fichiers
setting-form-optional = facultatif

-form-kinds = `{ setting-form-short }`, `{ setting-form-long }`, `{ setting-form-one-of } : …`, `{ setting-form-some-of } : …`, `{ setting-form-yes-or-no }`, `{ setting-form-member }`, `{ setting-form-role }`, `{ setting-form-channel }`, `{ setting-form-files }`
form-line-too-many-questions = Ligne { $line } : un formulaire a 5 questions au plus. Supprimes-en une.
form-line-no-label = Ligne { $line } : il n’y a pas de question avant le premier `|`.
form-line-label-too-long = Ligne { $line } : une question a 45 caractères au plus. Sa description peut en dire davantage : `question | { setting-form-short } | description`
form-line-label-twice = Ligne { $line } : `{ $written }` est demandé deux fois.
form-line-no-kind = Ligne { $line } : indique quel genre de réponse tu attends : `question | { setting-form-short }`
form-line-unknown-kind = Ligne { $line } : `{ $written }` n’est pas un genre de réponse. Genres possibles : { -form-kinds }
form-line-choices-not-allowed = Ligne { $line } : `{ $written }` n’a pas de choix. Pour des choix, écris `{ setting-form-one-of } : ceci, cela`.
form-line-too-few-choices = Ligne { $line } : `{ $written }` demande au moins 2 choix : `{ $written } : ceci, cela`
form-line-too-many-choices = Ligne { $line } : une question a 25 choix au plus.
form-line-empty-choice = Ligne { $line } : un choix est vide. Supprime une virgule.
form-line-choice-too-long = Ligne { $line } : le choix `{ $written }` a plus de 100 caractères.
form-line-choice-twice = Ligne { $line } : le choix `{ $written }` figure deux fois.
form-line-description-too-long = Ligne { $line } : une description a 100 caractères au plus.
form-line-two-descriptions = Ligne { $line } : `{ $written }` serait une deuxième description. Pour un `|` dans un texte, écris `\|`.
form-too-long = C’est trop long pour un formulaire. Raccourcis certains choix ou certaines descriptions.
form-saved = Les membres répondent à ces questions avant que leurs tickets s’ouvrent. Tu peux l’essayer sans ouvrir de ticket.
form-try = Essayer
form-gone = Ce guichet n’a plus de formulaire.
form-tried = Voici ce que l’équipe verrait dans le ticket. Aucun ticket n’a été ouvert.

form-answers-missing =
    { $count ->
        [one] Les questions ont changé entre-temps, et celle-ci demande une réponse : { $questions }. Clique à nouveau sur le bouton.
       *[other] Les questions ont changé entre-temps, et celles-ci demandent une réponse : { $questions }. Clique à nouveau sur le bouton.
    }
form-answers-kept = Voici tes réponses, pour que tu n’aies pas à les réécrire :
form-answers-left-over = Les questions ont changé entre-temps. Ces réponses que tu as données ne sont pas dans le ticket :
modal-not-shown = Cela a pris trop de temps, et Discord ne peut plus te montrer les champs à remplir. Réessaie.
form-no-answer = *Sans réponse*
form-yes = Oui
form-no = Non
form-file-too-large = { $filename } (non joint : dépasse { $megabytes } Mo)
form-file-failed = { $filename } (non joint : je n’ai pas pu le télécharger)


## Ce que les autres voient, dans la langue du serveur.

create-ticket-button = Créer un ticket
# Le formulaire du message d’accueil en est aussi rempli ; { $author } et { $staff } y sont
# les mots $author et $staff.
default-starter =
    { $count ->
        [0]
            Bienvenue, { $author } ! Ce ticket est privé.
            Décris ce dont tu as besoin. Quand c’est réglé, quitte ce fil pour fermer le ticket.
       *[other]
            Bienvenue, { $author } ! Ce ticket est privé.
            Décris ce dont tu as besoin. L’équipe te répondra ici : { $staff }
            Quand c’est réglé, quitte ce fil pour fermer le ticket.
    }
staff-are-back = L’équipe n’est pas là pour le moment. Elle sera de retour { $until }.
neutral-name = Ticket { $counter }
owner-left = { $owner } n’est plus dans ce ticket, je le ferme donc. Un nouveau message le rouvrira.
owner-left-locked = { $owner } n’est plus dans ce ticket, je le ferme et je le verrouille donc. L’équipe peut le rouvrir.
archived = Ce ticket a été fermé, je le verrouille donc. L’équipe peut le rouvrir.
closed-without-answer = Fermé : pas de réponse
audit-no-answer = Pas de réponse
audit-reminded = L’équipe a reçu un rappel pour ce ticket
still-need-help = { $owner } As-tu encore besoin d’aide ?
still-need-help-or-closed = { $owner } As-tu encore besoin d’aide ? Sinon, je fermerai ce ticket { $until }.
ask-close = { $owner } { $name } voudrait fermer ce ticket. Tout est réglé ?
ask-close-reason = { $owner } { $name } voudrait fermer ce ticket : { $reason }
ask-close-until = Sans réponse, je le fermerai { $until }.
agree-to-close-button = Oui, fermer
not-yet-button = Pas encore
snooze-ended = { $by } Tu voulais un rappel pour ce ticket maintenant.
still-need-help-button = J’ai encore besoin d’aide
still-needs-help = { $name } a encore besoin d’aide.
remind-claimer = { $by } Ce ticket attend ta réponse. Le plus ancien message sans réponse a été écrit { $since }.
remind-staff = Ce ticket attend une réponse de l’équipe. Le plus ancien message sans réponse a été écrit { $since }.
remind-by-notice = { $ticket } attend une réponse de l’équipe. Le plus ancien message sans réponse a été écrit { $since }.
remind-by-notice-link = { $ticket } attend une réponse de l’équipe. Le plus ancien message sans réponse a été écrit { $since }. Rejoins-le ici : { $notice }
close-button-label = Fermer
thinks-solved = Pour **{ $name }**, c’est réglé.
thinks-solved-with-reason = Pour **{ $name }**, c’est réglé : { $reason }
opened-by = -# Ouvert par **{ $name }**
reopened-by = Rouvert par **{ $name }**
closed-by = Fermé par **{ $name }**
closed-by-with-reason = Fermé par **{ $name }** : { $reason }
not-archived =
    { $note }
    -# Je n’ai pas encore pu fermer ce ticket, je réessaierai.
claimed-by = **{ $name }** s’occupe de ce ticket.
unclaimed-by = **{ $name }** ne s’occupe plus de ce ticket.
transferred = **{ $name }** a transféré ce ticket à **{ $inbox }**.
transferred-with-reason = **{ $name }** a transféré ce ticket à **{ $inbox }** : { $reason }
moved-by = **{ $name }** a transféré ce ticket. La suite est ici : { $ticket }
moved-by-with-reason = **{ $name }** a transféré ce ticket : { $reason }
    La suite est ici : { $ticket }
# A line in the starting message of the new ticket.
moved-here = -# Transféré depuis { $ticket } par **{ $name }**
moved-here-with-reason = -# Transféré depuis { $ticket } par **{ $name }** : { $reason }
# La fiche d’un ticket, dans un salon de l’équipe.
notice-ticket = { $ticket } dans { $inbox }, ouvert { $opened } par { $owner }
notice-ticket-alone = { $ticket }, ouvert { $opened }
notice-joined = { $member } est la première personne à l’avoir rejoint.
notice-claimed = { $member } s’en occupe.
notice-waits = En attente de l’équipe (demandé { $since })
notice-closed-by = Fermé par { $member }
notice-closed-by-with-reason = Fermé par { $member } : { $reason }
notice-moved-by = Transféré vers { $ticket } par { $member }
notice-moved-by-with-reason = Transféré vers { $ticket } par { $member } : { $reason }
notice-owner-left = Fermé, car la personne qui l’a ouvert n’y est plus
notice-bot-removed = Fermé, car on m’en a retiré
notice-closed = Fermé
notice-deleted = Le fil a été supprimé.
notice-moved = Transféré à **{ $inbox }**
join-button = Rejoindre

# Dans les logs du serveur.
audit-opened = Ticket ouvert par { $name } ({ $id })
audit-owner-left = L’auteur a quitté le ticket
audit-archived = Le ticket a été fermé
audit-joined = Ticket de nouveau affiché, car { $name } ({ $id }) l’a rejoint
audit-reopened = Ticket rouvert par { $name } ({ $id })
audit-closed = Ticket fermé par { $name } ({ $id })
audit-renamed = Ticket renommé par { $name } ({ $id })
audit-added = Ajout au ticket par { $name } ({ $id })
audit-removed = Retrait du ticket par { $name } ({ $id })
audit-rolled-back = L’ouverture du ticket a été interrompue


## À l’hébergeur du bot.

synced =
    { $count ->
        [one] { $count } commande enregistrée pour tous les serveurs.
       *[other] { $count } commandes enregistrées pour tous les serveurs.
    }
synced-in-guild =
    { $count ->
        [one] { $count } commande enregistrée pour le serveur { $guild }.
       *[other] { $count } commandes enregistrées pour le serveur { $guild }.
    }
sync-unknown-guild = Je ne suis sur aucun serveur avec l’identifiant { $guild }.
sync-not-a-guild = `{ $word }` n’est pas l’identifiant d’un serveur. Écris `sync` seul pour tous les serveurs, ou `sync` et un identifiant pour un seul.
config-reloaded = J’ai rechargé la configuration.
config-needs-restart = J’ai rechargé la configuration. Redémarre-moi pour appliquer ce qui a changé dans { $changed }.
config-not-reloaded = Je n’ai pas pu recharger la configuration, je garde donc l’ancienne. Cherche `{ $code }` dans le journal pour savoir pourquoi.
host-help =
    Mentionne-moi avec l’un de ces mots. Seul l’hébergeur de ce bot peut le faire.
    `sync` : enregistre les commandes pour tous les serveurs, ou pour un seul avec son identifiant
    `reload-config` : recharge la configuration
    `invite` : affiche le lien pour m’ajouter à un serveur
    `help` : affiche cette liste
host-invite = Ajoute-moi à un serveur avec ce lien : <{ $link }>
host-only = Seul l’hébergeur de ce bot peut faire cela.


## Les erreurs imprévues.

unexpected = Désolé, quelque chose s’est mal passé. Si cela se reproduit, donne ce code à { $owner } : `{ $code }`
server-only = Ceci ne fonctionne que sur un serveur.


## Le petit serveur où l’on essaie le bot. Salons : en minuscules, sans espaces. Le README parle de #support.

demo-server = Serveur d’essai
demo-general = général
demo-welcome = bienvenue
demo-support = support
demo-tickets = tickets
demo-moderators = Modération
demo-message = **Besoin d’aide ?**
    Clique sur le bouton ci-dessous. Un fil privé s’ouvre : seuls toi et notre équipe pouvez le voir.
