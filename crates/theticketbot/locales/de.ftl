### Deutsch. Anrede: „du“. Berechtigungen und Menüs heißen wie in Discord selbst.


## Befehle. Namen: 1 bis 32 Buchstaben, Ziffern, - oder _, klein. Beschreibungen: bis 100 Zeichen.

command-inbox = postfach
command-inbox-description = Ticket-Postfächer einrichten und ändern
command-create = erstellen
command-create-description = Ein neues Postfach aus einer Nachricht erstellen, die du auswählst
command-create-channel = kanal
command-create-channel-description = Wo das Postfach erscheint
command-create-destination = ziel
command-create-destination-description = Wo seine Tickets eröffnet werden, wenn nicht im selben Kanal
command-create-name = name
command-create-name-description = Wie das Postfach in Menüs, Listen und auf der Nachricht eines anderen heißt
command-create-panel = panel
command-create-panel-description = Ein Postfach, auf dessen Nachricht das neue steht, statt auf einer eigenen
command-panel = panel
command-panel-description = Auswählen, welche Postfächer auf der Nachricht eines Postfachs stehen
command-panel-inbox-description = Das Postfach, dessen Nachricht du ändern möchtest
command-destination = ziel
command-destination-description = Neue Tickets eines Postfachs in einen anderen Kanal leiten
command-destination-channel = kanal
command-destination-channel-description = Wo neue Tickets eröffnet werden
command-message = nachricht
command-message-description = Die Nachricht eines Postfachs ersetzen
command-staff = team
command-staff-description = Ansehen und ändern, wer in neuen Tickets eines Postfachs erwähnt wird
command-new-tickets = neue-tickets
command-new-tickets-description = Ändern, wie neue Tickets eines Postfachs beginnen
command-starter = startnachricht
command-starter-description = Die Startnachricht neuer Tickets ansehen und ändern
command-name = name
command-name-description = Ansehen und ändern, wie neue Tickets heißen
command-inbox-list = liste
command-inbox-list-description = Alle Postfächer des Servers mit Team, offenen Tickets und Problemen ansehen
command-inbox-remove = entfernen
command-inbox-remove-description = Ein Postfach entfernen und seine Nachricht löschen, nach einer Rückfrage
command-inbox-remove-inbox-description = Welches Postfach
command-settings = einstellungen
command-settings-description = Alle Einstellungen eines Postfachs und des Servers ansehen und ändern
command-settings-inbox = postfach
command-settings-inbox-description = Welches Postfach, falls es mehrere gibt
command-settings-setting = einstellung
command-settings-setting-description = Diese Einstellung sofort ändern
command-select = Diese Nachricht auswählen
command-ticket = ticket
command-ticket-description = Tickets ansehen und verwalten
command-close = schließen
command-close-description = Dieses Ticket schließen
command-close-reason = grund
command-close-reason-description = Der Grund; alle im Ticket können ihn lesen
command-close-remove-owner = mitglieder-entfernen
command-close-remove-owner-description = Auch alle aus dem Ticket entfernen, die nicht zum Team gehören
command-add = hinzufügen
command-add-description = Ein Mitglied zu diesem Ticket hinzufügen
command-add-member-description = Wer hinzugefügt wird
command-remove = entfernen
command-remove-description = Ein Mitglied aus diesem Ticket entfernen
command-remove-member-description = Wer entfernt wird
command-member = mitglied
command-rename = umbenennen
command-rename-description = Diesem Ticket einen anderen Namen geben
command-rename-name = name
command-rename-name-description = Der neue Name
command-ask-close = schließen-vorschlagen
command-ask-close-description = Fragen, ob dieses Ticket geschlossen werden kann
command-ask-close-in = in
command-ask-close-in-description = Wann es ohne Antwort geschlossen wird, zum Beispiel 12h oder 3d
command-snooze = zurückstellen
command-snooze-description = Erinnerungen in diesem Ticket eine Zeit lang aussetzen; danach benachrichtige ich dich
command-snooze-for = für
command-snooze-for-description = Wie lange, zum Beispiel 6h oder 3d
command-claim = übernehmen
command-claim-description = Allen zeigen, dass du dich um dieses Ticket kümmerst
command-transfer = verschieben
command-transfer-description = Dieses Ticket in ein anderes Postfach und zu dessen Team verschieben
command-transfer-inbox-description = Das Postfach, dessen Team antworten soll
command-transfer-remove-old-staff = altes-team-entfernen
command-transfer-remove-old-staff-description = Auch das Team des bisherigen Postfachs aus dem Ticket entfernen
command-unclaim = abgeben
command-unclaim-description = Dich nicht mehr um dieses Ticket kümmern
command-open = eröffnen
command-open-description = Ein Ticket eröffnen
command-open-inbox-description = Welches Postfach; ohne Angabe wählst du es in einem Menü aus, falls es mehrere gibt
command-open-for = Ticket eröffnen …
command-report = Dem Team melden
report-modal-title = Nachricht melden
command-reopen = wieder-öffnen
command-reopen-description = Ein geschlossenes Ticket wieder öffnen
command-reopen-ticket-description = Das Ticket: sein Link oder seine ID
command-list = liste
command-list-description = Deine offenen Tickets ansehen, und wenn du im Team bist, die eurer Postfächer
command-list-member-description = Nur die Tickets dieses Mitglieds
command-help = hilfe
command-help-description = Ansehen, was du hier tun kannst


## Formulare. Titel und Beschriftungen: bis 45 Zeichen. Beschreibungen: bis 100.

starter-modal-title = Startnachricht neuer Tickets
starter-modal-label = Startnachricht
starter-modal-description = $author: wer das Ticket eröffnet. $staff: das Team. Leer lassen für die Standardnachricht.
name-modal-title = Name neuer Tickets
name-modal-label = Name
name-modal-description = Möglich: $year, $month, $day, $author und $counter. Leer lassen für den Standardnamen.
name-modal-description-form = Möglich: $year, $month, $day, $author, $counter und $title, die erste Antwort im Formular.
form-modal-title = Neues Ticket
staff-menu-placeholder = Mitglieder und Rollen auswählen
use-suggested-button = Diese Rollen übernehmen
# In der Sprache des Servers, unter einem Postfach.
remove-inbox-button = Entfernen
post-again-button = { $inbox } wieder veröffentlichen
forget-inbox-button = { $inbox } vergessen
open-menu-placeholder = Ticket eröffnen …
entries-placeholder = Postfächer auswählen
entries-automatic = Bis zu 5 Postfächer als Buttons, sonst als Menü
entries-buttons = Immer Buttons
entries-menu = Immer ein Menü
settings-title = Einstellungen von { $inbox }
settings-title-server = Einstellungen dieses Servers
settings-menu-placeholder = Ändern: { $group }
# A setting and its value, or what is wrong with it.
setting-line = { $name }: { $value }
inbox-menu-placeholder = Postfach auswählen
setting-modal-title = Einstellung ändern
inboxes-shortened = Zeigt nur 24 Postfächer. Für andere gibt es beim Befehl die Option { command-settings-inbox }.
edit-again-button = Noch einmal bearbeiten
# The name of this language, in this language.
language-name = Deutsch


## Einstellungen. Gruppen und Namen: bis zu 45 Zeichen. Beschreibungen und Wörter: bis zu 100.

settings-group-inbox = Postfach
settings-group-access = Zugang
settings-group-tickets = Tickets
settings-group-staff = Team
settings-group-server = Server

setting-name = Name
setting-name-description = Name des Postfachs in Menüs und Listen dieses Servers, bis zu 45 Zeichen.
setting-name-channel = der Name des Kanals
setting-button-label = Button-Text
setting-button-label-description = Der Text auf dem Button, bis zu 80 Zeichen. Leer: Ticket erstellen.
setting-button-label-default = Ticket erstellen
setting-button-emoji = Button-Emoji
setting-button-emoji-description = Etwa 🎫 oder ein Emoji dieses Servers als <:name:id>. Leer: kein Emoji.
setting-button-emoji-none = keins
setting-button-colour = Button-Farbe
setting-button-colour-description = Eine von Discords Farben für Buttons.
setting-button-colour-blurple = blurple
setting-button-colour-grey = grau
setting-button-colour-green = grün
setting-button-colour-red = rot
setting-description = Beschreibung
setting-description-description = Der Text unter dem Namen des Postfachs in Menüs, bis zu 100 Zeichen.
setting-description-none = keine
setting-limit-member = Offene Tickets pro Mitglied
setting-limit-member-description = Wie viele offene Tickets ein Mitglied hier haben darf: 0 bis 50, 0 heißt unbegrenzt. Standard: 1.
setting-limit-member-none = unbegrenzt
setting-limit-total = Offene Tickets insgesamt
setting-limit-total-description = Wie viele offene Tickets dieses Postfach insgesamt haben darf: 0 bis 900, 0 heißt unbegrenzt.
setting-limit-total-none = unbegrenzt
setting-cooldown = Wartezeit zwischen Tickets
setting-cooldown-description = Wie lange Mitglieder bis zum nächsten Ticket warten, etwa 5m, 12h oder 7d. 0: gar nicht. Bis 30d.
setting-cooldown-default = 1 Minute oder der Slowmode des Kanals, wenn er länger ist
setting-cooldown-none = keine Wartezeit
setting-destination = Kanal für neue Tickets
setting-destination-description = Wo die Tickets dieses Postfachs eröffnet werden. Ohne Auswahl: im Kanal des Postfachs.
setting-destination-own = der Kanal des Postfachs
setting-starter = Startnachricht
setting-starter-description = $author: wer das Ticket eröffnet. $staff: das Team. Leer: die Standardnachricht.
setting-starter-default = die Standardnachricht
setting-ticket-name = Name neuer Tickets
setting-ticket-name-description = Möglich: $year, $month, $day, $author, $counter, mit Formular auch $title. Leer: der Standardname.
setting-hide-after = Nach Inaktivität ausblenden
setting-hide-after-description = Wie lange nach der letzten Nachricht Discord neue Tickets aus der Kanalliste ausblendet.
setting-hide-after-channel = wie im Kanal eingestellt
setting-hide-after-hour = 1 Stunde
setting-hide-after-day = 24 Stunden
setting-hide-after-three-days = 3 Tage
setting-hide-after-week = 1 Woche
setting-close-button = Schließen-Button
setting-close-button-description = Ob neue Tickets einen Schließen-Button haben und wer damit schließt. Das Team kann es immer.
setting-close-button-off = keiner
setting-close-button-request = wer das Ticket eröffnet hat, kann das Team darum bitten
setting-close-button-owner = wer das Ticket eröffnet hat, kann es schließen
setting-lock = Geschlossene Tickets
setting-lock-description = Gesperrte Tickets kann nur das Team wieder öffnen. Zum Sperren brauche ich „Threads verwalten“.
setting-lock-lock = gesperrt
setting-lock-archive = nicht gesperrt
setting-remind-owner = Nachfrage bei fehlender Antwort
setting-remind-owner-description = Wie lange ich warte, bevor ich frage, ob noch Hilfe gebraucht wird: 1 Stunde bis 30 Tage.
setting-remind-owner-off = nie
setting-close-idle = Ohne Antwort schließen
setting-close-idle-description = Wie lange ich auf eine Antwort warte, bevor ich ein Ticket schließe: 1 Stunde bis 60 Tage.
setting-close-idle-off = nie
setting-remind-staff = Erinnerung ans Team
setting-remind-staff-description = Wie lange ein Ticket auf das Team wartet, bevor ich daran erinnere: 1 Stunde bis 30 Tage.
setting-remind-staff-off = nie
setting-staff = Team
setting-staff-description = Mitglieder und Rollen, die neue Tickets erwähnen und einladen, höchstens 25.
setting-staff-nobody = niemand
setting-staff-powers = Wer zum Team gehört
setting-staff-powers-description = Wer die Tickets dieses Postfachs mit meinen Befehlen schließen und verwalten darf.
setting-staff-powers-manage-threads = nur Mitglieder mit „Threads verwalten“
setting-staff-powers-listed-staff = das eingetragene Team und Mitglieder mit „Threads verwalten“
setting-staff-mode = Wie das Team dazukommt
setting-staff-mode-description = Wie das Team in neue Tickets kommt. „Beitreten“ gibt es nur mit einem Kanal für Meldungen.
setting-staff-mode-mention = durch eine Erwähnung
setting-staff-mode-silent = durch eine stumme Erwähnung
setting-staff-mode-join = mit „Beitreten“ unter der Meldung
setting-notices = Kanal für Meldungen
setting-notices-description = Jedes Ticket bekommt dort eine Nachricht mit „Beitreten“. Am besten ein Kanal nur für das Team.
setting-notices-none = keiner
setting-notice-ping = Erwähnung in Meldungen
setting-notice-ping-description = Ob eine Meldung das Team erwähnt. Das geht auch mit großen Rollen.
setting-notice-ping-nobody = niemand
setting-notice-ping-staff = das Team
close-modal-title = Dieses Ticket schließen
ask-close-modal-title = Team bitten, das Ticket zu schließen
close-modal-label = Grund
close-modal-description = Alle in diesem Ticket können ihn lesen. Das Feld kann leer bleiben.
join-menu-placeholder = Einem Ticket beitreten …
previous-page = Zurück
next-page = Weiter
setting-allowed-roles = Erlaubte Rollen
setting-allowed-roles-description = Für ein Ticket braucht ein Mitglied eine dieser Rollen. Ohne Auswahl können es alle.
setting-allowed-roles-none = alle
setting-blocked-roles = Ausgeschlossene Rollen
setting-blocked-roles-description = Wer eine dieser Rollen hat, kann kein Ticket eröffnen, auch mit anderen Rollen nicht.
setting-blocked-roles-none = keine
setting-account-age = Mindestalter des Kontos
setting-account-age-description = Wie alt ein Discord-Konto für ein Ticket sein muss, etwa 7d. Leer: beliebig. Höchstens 365 Tage.
setting-account-age-none = keins
setting-member-age = Mindestzeit auf dem Server
setting-member-age-description = Wie lange ein Mitglied schon auf dem Server sein muss, etwa 12h. Leer: beliebig. Bis 365 Tage.
setting-member-age-none = keine
setting-pause = Pause
setting-pause-description = Mitglieder sehen diese Nachricht, statt ein Ticket zu bekommen. Leer: keine Pause.
setting-pause-off = aus
setting-pause-end = Ende der Pause
setting-pause-end-description = Wie lange die Pause ab jetzt dauert, etwa 12h oder 7d. Leer: bis du sie beendest.
setting-pause-end-none = wenn du sie beendest
setting-hours = Sprechzeiten des Teams
setting-hours-description = Pro Zeile Tage und Zeiten, etwa „Mo-Fr 09:00-12:00, 13:00-17:00“. Leer: immer.
setting-hours-always = immer
setting-time-zone = Zeitzone
setting-time-zone-description = Für die Sprechzeiten, etwa Europe/Berlin, mit Sommerzeit. Leer: UTC.
setting-outside-hours = Außerhalb der Sprechzeiten
setting-outside-hours-description = Ob dann Tickets eröffnet werden können. In ihnen steht, wann das Team wieder da ist.
setting-outside-hours-say = Tickets möglich, mit Hinweis, wann das Team wieder da ist
setting-outside-hours-refuse = keine Tickets
setting-language = Sprache des Servers
setting-language-description = Sprache von allem, was alle sehen: Buttons, Startnachrichten und Hinweise in Tickets.
setting-language-discord = wie in Discord eingestellt
setting-server-limit = Offene Tickets pro Mitglied, alle Postfächer
setting-server-limit-description = Wie viele offene Tickets ein Mitglied in allen Postfächern haben darf: 0 bis 50, 0: unbegrenzt.
setting-server-limit-none = unbegrenzt
setting-reports = Postfach für gemeldete Nachrichten
setting-reports-description = Sein Team bekommt Nachrichten, die Mitglieder im Apps-Menü melden. Keins: Melden ist aus.
setting-reports-none = keins
setting-reports-gone = ein Postfach, das es nicht mehr gibt


## Ein Postfach einrichten. Das sieht nur, wer den Befehl verwendet.

-how-to-select = Rechtsklick darauf (oder gedrückt halten), dann **Apps** und **{ command-select }**.

select-content = Wähle jetzt die Nachricht aus, die dein neues Postfach zeigen soll: { -how-to-select } Ich höre { $until } auf zu warten.
select-inbox = Wähle jetzt das Postfach aus, also die Nachricht, mit der Mitglieder Tickets eröffnen: { -how-to-select } Ich höre { $until } auf zu warten.
select-replacement = Wähle jetzt die Nachricht aus, die { $inbox } von nun an zeigen soll: { -how-to-select } Ich höre { $until } auf zu warten.
missing-permissions =
    Mir fehlen Berechtigungen:
    { $missing }
    Bitte erteile sie mir und versuch es dann noch einmal.
no-private-threads = In { $channel } können keine Tickets sein, weil das ein Ankündigungskanal ist. Bitte verwende den Befehl noch einmal, mit einem Textkanal als **{ command-create-destination }**.
nothing-pending = Ich warte gerade auf keine Nachricht und habe mit { $message } nichts gemacht. Verwende zuerst einen **/{ command-inbox }**-Befehl.
selection-expired =
    { $minutes ->
        [one] Ich habe { $minutes } Minute lang gewartet und mit { $message } nichts mehr gemacht. Bitte verwende den Befehl noch einmal.
       *[other] Ich habe { $minutes } Minuten lang gewartet und mit { $message } nichts mehr gemacht. Bitte verwende den Befehl noch einmal.
    }
not-an-inbox = { $message } ist kein Postfach. Bitte wähle eine meiner Nachrichten aus, mit denen Mitglieder Tickets eröffnen.
no-longer-an-inbox = { $message } war einmal ein Postfach, aber ich kenne es nicht mehr. Du kannst es löschen und mit **/{ command-inbox } { command-create }** ein neues erstellen.
nothing-to-copy = { $message } hat keinen Text, keine Dateien und keine Embeds, die ich kopieren könnte. Bitte wähle eine andere Nachricht aus.
selected-itself = { $message } ist das Postfach selbst. Bitte wähle die Nachricht aus, die es stattdessen zeigen soll.
attachments-too-large = Diese Dateien sind zu groß: Zusammen dürfen sie höchstens { $megabytes } MB haben. Bitte wähle eine Nachricht mit kleineren aus.
download-failed = Ich konnte `{ $filename }` nicht herunterladen. Bitte versuch es noch einmal oder wähle eine andere Nachricht aus.
channel-of-entry = Mit **{ command-create-panel }** steht das neue Postfach auf dieser Nachricht: { $inbox } Bitte wähle als **{ command-create-channel }** den Kanal dieser Nachricht. Tickets werden dort eröffnet, oder im **{ command-create-destination }**.
entry-needs-name = Auf der Nachricht eines anderen Postfachs braucht das neue einen Namen, den Mitglieder sehen. Bitte verwende die Option **{ command-create-name }**.
no-room-for-entries = So viele passen nicht auf eine Nachricht: Neben dem Postfach, zu dem sie gehört, haben 24 andere als Buttons Platz oder 25 in einem Menü.
entry-created = Dein Postfach ist fertig. Es steht auf dieser Nachricht: { $inbox }
entry-not-shown =
    Dein Postfach ist fertig, aber ich konnte es noch nicht auf diese Nachricht setzen: { $inbox }
    Ich versuche es weiter.
name-unknown = Ich kann den Namen des Kanals von { $inbox } gerade nicht lesen, und Mitglieder würden ihn sehen. Versuch es bitte später noch einmal, oder wähle mit **/{ command-inbox } { command-settings }** einen Namen.
choose-entries =
    Wähle aus, welche anderen Postfächer auf { $inbox } stehen. Jede Änderung wird sofort gespeichert und angezeigt.
    Jedes Postfach behält seine eigenen Einstellungen; dazu gehören Button-Text, Emoji, Farbe und Beschreibung.
entries-shortened = Diese Menüs zeigen nur 100 der anderen Postfächer.
entries-saved =
    { $count ->
        [0] Gespeichert. Auf { $inbox } stehen keine anderen Postfächer.
        [one] Gespeichert. Auf { $inbox } steht { $count } anderes Postfach.
       *[other] Gespeichert. Auf { $inbox } stehen { $count } andere Postfächer.
    }
no-other-inbox = Auf diesem Server gibt es noch kein anderes Postfach. Erstelle eines mit **/{ command-inbox } { command-create }**; mit der Option **{ command-create-panel }** steht es auf der Nachricht eines anderen.
inbox-created =
    Dein Postfach ist fertig: { $inbox }
    Es ist eine Kopie, du kannst die ursprüngliche Nachricht jetzt also löschen.
will-mention = Neue Tickets erwähnen { $staff }. Das kannst du hier ändern:
nobody-yet = ⚠️ Noch wird niemand über neue Tickets benachrichtigt. Wähle aus, wer:
nobody-yet-offering = ⚠️ Noch wird niemand über neue Tickets benachrichtigt. Wähle aus, wer. Das Menü schlägt Rollen vor, die Threads verwalten können. Gespeichert wird erst, was du auswählst.
message-replaced = Das Postfach zeigt seine neue Nachricht: { $inbox }
destination-changed = Neue Tickets aus { $inbox } gehen jetzt in { $new } statt in { $old }.
destination-unchanged = Neue Tickets aus { $inbox } gehen schon in { $channel }. Es hat sich nichts geändert.
choose-staff = Neue Tickets aus { $inbox } erwähnen die Mitglieder und Rollen unten. Jede Änderung wird sofort gespeichert.
choose-staff-shortened =
    Neue Tickets aus { $inbox } erwähnen die Mitglieder und Rollen unten. Jede Änderung wird sofort gespeichert.
    Es sind { $total } Mitglieder und Rollen, aber dieses Menü zeigt nur die ersten { $shown }. Wenn du etwas änderst, werden die anderen entfernt.
staff-saved =
    { $count ->
        [0] Gespeichert. Neue Tickets aus { $inbox } erwähnen niemanden.
       *[other] Gespeichert. Neue Tickets aus { $inbox } erwähnen { $staff }.
    }
staff-saved-without =
    { $count ->
        [0] @everyone, meine eigene Rolle und ich selbst können nicht zum Team gehören, deshalb habe ich das weggelassen. Neue Tickets aus { $inbox } erwähnen niemanden.
       *[other] @everyone, meine eigene Rolle und ich selbst können nicht zum Team gehören, deshalb habe ich das weggelassen. Neue Tickets aus { $inbox } erwähnen { $staff }.
    }
starter-saved = Gespeichert. Neue Tickets aus { $inbox } beginnen mit deiner Nachricht.
starter-saved-without-author = Gespeichert. Neue Tickets aus { $inbox } beginnen mit deiner Nachricht. Achtung: Darin fehlt `$author`. Wer ein Ticket eröffnet, wird deshalb nicht dazu eingeladen.
starter-reset = Neue Tickets aus { $inbox } beginnen mit der Standardnachricht.
name-saved = Gespeichert. Neue Tickets aus { $inbox } heißen zum Beispiel so: `{ $example }`
name-reset = Neue Tickets aus { $inbox } haben den Standardnamen, zum Beispiel: `{ $example }`
no-longer-allowed = Du darfst das nicht mehr ändern, oder du hast es zu lange offen gelassen. Es wurde nichts geändert. Bitte verwende den Befehl noch einmal.
inbox-gone = Dieses Postfach gibt es nicht mehr.
channel-gone = Diesen Kanal gibt es nicht mehr.

choose-among-inboxes = Welches Postfach?
choose-among-inboxes-shortened = Welches Postfach? Dieses Menü zeigt nur die ersten 25. Für die anderen gibt es beim Befehl die Option **{ command-settings-inbox }**.
inbox-listed =
    - **Ziel**: { $channel }
    - **Team**: { $count ->
        [0] niemand
       *[other] { $staff }
    }
    - **Offene Tickets**: { $open }
inbox-not-posted =
    Nicht veröffentlicht: Keine Nachricht zeigt dieses Postfach. Ich vergesse seine Einstellungen und sein Team { $until }, aber nicht, solange es offene Tickets hat.
    - **Offene Tickets**: { $open }
remove-inbox =
    Das Postfach **{ $name }** entfernen? { $inbox }
    { $open ->
        [0] Es hat keine offenen Tickets.
        [one] Es hat { $open } offenes Ticket, das offen bleibt und sein Team behält.
       *[other] Es hat { $open } offene Tickets, die offen bleiben und ihr Team behalten.
    }
    Seine Nachricht wird gelöscht. { $also ->
        [0] {""}
        [one] { $also } Postfach, das nur auf dieser Nachricht steht, wird auch entfernt.{" "}
       *[other] { $also } Postfächer, die nur auf dieser Nachricht stehen, werden auch entfernt.{" "}
    }Name, Einstellungen und Team bleiben 30 Tage gespeichert: Mit **/{ command-inbox } { command-inbox-list }** kannst du es wieder veröffentlichen.
inbox-removed = Ich habe das Postfach **{ $name }** entfernt. Um es innerhalb von 30 Tagen wieder zu veröffentlichen, verwende **/{ command-inbox } { command-inbox-list }**.
no-inboxes = Auf diesem Server gibt es noch kein Postfach. Erstelle eines mit **/{ command-inbox } { command-create }**.
no-such-inbox = Auf diesem Server gibt es kein Postfach namens `{ $written }`. Bitte wähle einen der Vorschläge.
unknown-setting = Es gibt keine Einstellung namens `{ $written }`. Bitte wähle einen der Vorschläge.
setting-saved = Gespeichert. **{ $setting }**: { $value }
not-a-number = `{ $written }` ist keine ganze Zahl von { $least } bis { $most }.
not-a-duration = `{ $written }` ist keine Zeitspanne, die ich verstehe. Schreib eine Zahl mit einer Einheit, etwa `90s`, `30m`, `12h`, `7d` oder `2w`.
duration-out-of-range = Möglich ist alles von { $least } bis { $most }.
not-a-choice = `{ $written }` steht nicht zur Auswahl.
name-taken = Auf diesem Server heißt schon ein Postfach `{ $written }`. Bitte wähle einen anderen Namen.
not-an-emoji = `{ $written }` ist kein Emoji. Schreib das Emoji selbst, etwa 🎫, oder ein Emoji dieses Servers als `<:name:id>`.
button-refused = Discord nimmt diesen Button nicht an. Wenn sein Emoji von einem Server ist, auf dem ich nicht bin, wähle bitte ein anderes. Es wurde nichts geändert.
hours-without-days = Zeile { $line }, `{ $written }`: Bitte beginne mit Tagen, etwa `Mo-Fr 09:00-17:00`, `Sa 10:00-12:00` oder `täglich 08:00-20:00`.
hours-without-times = Zeile { $line }, `{ $written }`: Bitte schreib nach den Tagen Zeiten von `00:00` bis `24:00`, etwa `Mo-Fr 09:00-12:00, 13:00-17:00`. Ein ganzer Tag ist `00:00-24:00`.
hours-too-long = Ausgeschrieben sind diese Zeiten länger als { $limit } Zeichen. Bitte nimm weniger Zeilen: Tage mit denselben Zeiten passen in eine, etwa `Mo-Fr 09:00-17:00`.
unknown-time-zone = Eine Zeitzone namens `{ $written }` kenne ich nicht. Zeitzonen heißen zum Beispiel `Europe/Berlin` oder `Europe/Vienna`.

# Was mit einem Postfach nicht stimmt. Steht unter dem, was getan wurde, je eine Zeile.
problem-bot-lacks = ⚠️ Mir fehlen Berechtigungen in { $channel }: { $permissions }. Ohne sie funktioniert dieses Postfach nicht. Bitte erteile sie mir.
problem-no-private-threads = ⚠️ In { $channel } können keine Tickets sein, weil das kein Textkanal ist. Wähle mit **/{ command-inbox } { command-destination }** einen anderen Kanal.
problem-destination-gone = ⚠️ Den Kanal für Tickets gibt es nicht mehr, deshalb werden sie in { $channel } eröffnet. Wähle mit **/{ command-inbox } { command-destination }** einen anderen Kanal.
problem-not-offered = ⚠️ Keine Nachricht hat einen Button für dieses Postfach. Mitglieder können dort nur mit **/{ command-ticket } { command-open }** Tickets eröffnen. Füge es mit **/{ command-inbox } { command-panel }** zu einer Nachricht hinzu.
problem-notices-gone = ⚠️ Den Kanal für Meldungen gibt es nicht mehr. Neue Tickets haben deshalb keine, und wer über die Meldung beitreten soll, wird stattdessen erwähnt. Wähle mit **/{ command-inbox } { command-settings }** einen anderen Kanal.
problem-notices-lack = ⚠️ Ich kann in { $channel } keine Meldungen senden, denn mir fehlen dort Berechtigungen: { $permissions }. Bitte erteile sie mir, oder wähle mit **/{ command-inbox } { command-settings }** einen anderen Kanal.
problem-notices-hidden = ⚠️ Für { $staff } ist { $channel }, der Kanal für Meldungen, nicht sichtbar, die Meldungen über neue Tickets also auch nicht. Erteile dort **{ permission-view-channel }**, oder wähle mit **/{ command-inbox } { command-settings }** einen anderen Kanal.
problem-notices-public = ⚠️ Alle können { $channel } ansehen, und Meldungen zeigen, wer ein Ticket eröffnet hat. Nutze einen Kanal, den nur das Team sieht: Wähle ihn mit **/{ command-inbox } { command-settings }**.
problem-join-without-notices = ⚠️ Das Team soll über die Meldung beitreten, aber es gibt keinen Kanal für Meldungen. Deshalb wird es erwähnt. Wähle mit **/{ command-inbox } { command-settings }** einen Kanal.
problem-members-lack = ⚠️ Mitglieder können in { $channel } keine Tickets benutzen, denn @everyone fehlen dort Berechtigungen: { $permissions }. Erteile sie allen oder einer Rolle, oder wähle mit **/{ command-inbox } { command-destination }** einen anderen Kanal.
problem-closed-to-all = ⚠️ Niemand kann ein Ticket eröffnen: @everyone ist ausgeschlossen, oder alle erlaubten Rollen wurden gelöscht oder sind ausgeschlossen. Wähle mit **/{ command-inbox } { command-settings }** andere oder keine.
problem-nobody-notified = ⚠️ Niemand wird über neue Tickets benachrichtigt. Wähle mit **/{ command-inbox } { command-staff }** aus, wer.
problem-staff-not-mentioned = ⚠️ Die Startnachricht erwähnt das Team nicht, deshalb wird niemand über neue Tickets benachrichtigt. Ergänze `$staff` mit **/{ command-inbox } { command-new-tickets } { command-starter }**.
problem-not-mentionable = ⚠️ Ich kann { $staff } nicht erwähnen, deshalb werden die Mitglieder weder benachrichtigt noch zu neuen Tickets hinzugefügt. Schalte in den Einstellungen der Rolle **Jedem erlauben, diese Rolle zu @erwähnen** ein. Oder erteile mir in { $channel } **{ permission-mention-everyone }**.
problem-staff-cannot-view = ⚠️ Für { $staff } ist { $channel } nicht sichtbar, neue Tickets also auch nicht. Erteile dort **{ permission-view-channel }**, oder wähle mit **/{ command-inbox } { command-destination }** einen anderen Kanal.
problem-too-large = ⚠️ { $staff }: Rollen mit etwa 100 Mitgliedern oder mehr fügt Discord nicht zu einem Ticket hinzu. Wähle mit **/{ command-inbox } { command-staff }** eine kleinere Rolle oder einzelne Mitglieder.
problem-emoji-refused = ⚠️ Der Button wird ohne sein Emoji angezeigt, denn Discord nimmt ein Emoji auf dieser Nachricht nicht an. Vermutlich wurde es gelöscht. Wähle mit **/{ command-inbox } { command-settings }** ein anderes **{ setting-button-emoji }** oder keins.
problem-never-reminds = ⚠️ Ich frage nie nach, weil das Ticket dann schon geschlossen ist: Die Zeit für **{ setting-remind-owner }** ist nicht kürzer als die für **{ setting-close-idle }**. Ändere eine davon mit **/{ command-inbox } { command-settings }**.
problem-owner-alone = ⚠️ In das letzte Ticket, { $ticket }, kam niemand außer der Person, die es eröffnet hat. Prüf mit **/{ command-inbox } { command-staff }**, wer benachrichtigt wird und ob die Rollen Mitglieder haben, die den Kanal ansehen können.
problem-bot-cannot-read = ⚠️ In { $channel } fehlt mir die Berechtigung **{ permission-read-message-history }**. Ohne sie kann ich nicht zuverlässig beenden, was ein Neustart unterbrochen hat. Bitte erteile sie mir.
problem-many-threads = ⚠️ Dieser Server hat { $count } aktive Threads, und Discord erlaubt { $limit }. Schließ einige, sonst kann bald kein Ticket mehr eröffnet werden.
and-more = { $names } (+{ $count })

missing-in-channel = - { $channel }: { $permissions }
quoted = „{ $text }“
list-separator = { ", " }

permission-view-channel = Kanal ansehen
permission-send-messages = Nachrichten senden
permission-embed-links = Links einbetten
permission-attach-files = Dateien anhängen
permission-manage-threads = Threads verwalten
permission-create-private-threads = Private Threads erstellen
permission-send-messages-in-threads = Nachrichten in Threads senden
permission-read-message-history = Nachrichtenverlauf anzeigen
permission-mention-everyone = @everyone, @here und alle Rollen erwähnen


## Ein Ticket eröffnen. Das sieht nur, wer klickt.

unknown-inbox = Hier können keine Tickets mehr eröffnet werden. Bitte sag dem Team des Servers Bescheid.
already-open = Du hast schon ein offenes Ticket: { $ticket }
# Die Grenze ist 2 oder mehr.
too-many-open = Du hast hier schon { $limit } offene Tickets, mehr sind nicht erlaubt. Eines davon: { $ticket }
inbox-full = Leider hat dieses Postfach schon so viele offene Tickets, wie es haben darf. Bitte versuch es später noch einmal.
too-many-in-server =
    { $limit ->
        [one] Du hast auf diesem Server schon ein offenes Ticket, mehr sind nicht erlaubt: { $ticket }
       *[other] Du hast auf diesem Server schon { $limit } offene Tickets, mehr sind nicht erlaubt. Eines davon: { $ticket }
    }
paused =
    Dieses Postfach ist gerade pausiert.
    { $message }
paused-until =
    Dieses Postfach ist gerade pausiert. Du kannst { $until } ein Ticket eröffnen.
    { $message }
outside-hours = Das Team ist gerade nicht da. Du kannst { $until } ein Ticket eröffnen.
role-blocked = Mit der Rolle { $role } kann man hier keine Tickets eröffnen.
role-needed =
    { $count ->
        [one] Hier können nur Mitglieder mit der Rolle { $roles } Tickets eröffnen.
       *[other] Hier können nur Mitglieder mit einer dieser Rollen Tickets eröffnen: { $roles }
    }
closed-to-all = Hier kann gerade niemand Tickets eröffnen, weil die dafür nötigen Rollen gelöscht wurden. Bitte sag dem Team des Servers Bescheid.
account-too-young = Dein Konto muss { $age } alt sein, damit du hier Tickets eröffnen kannst. Das geht { $until }.
member-too-new = Du musst { $age } auf diesem Server sein, damit du hier Tickets eröffnen kannst. Das geht { $until }.
cooling-down = Du kannst dein nächstes Ticket { $until } eröffnen. Der Mindestabstand zwischen zwei Tickets beträgt { $wait }.
cannot-open =
    Ich kann gerade leider kein Ticket eröffnen, denn mir fehlen Berechtigungen:
    { $missing }
    Bitte zeig das dem Team des Servers.
# Der Kanal steht schon mit # da.
member-lacks =
    Ich kann leider kein Ticket eröffnen, weil du es nicht sehen oder nicht darin schreiben könntest. Dir fehlen Berechtigungen in { $channel }: { $permissions }.
    Bitte zeig das dem Team des Servers.
timed-out = Du bist im Timeout und könntest in einem Ticket nicht schreiben. Bitte versuch es { $until } noch einmal.
cannot-open-there = Ich kann gerade leider kein Ticket eröffnen. Bitte zeig das dem Team des Servers: In { $channel } können keine Tickets sein. Das Postfach braucht einen Textkanal, den man mit **/{ command-inbox } { command-destination }** festlegt.
name-refused = Discord nimmt den Namen, den dein Ticket hätte, leider nicht an. Bitte sag dem Team des Servers Bescheid.
starter-refused = Discord nimmt die Startnachricht dieses Postfachs leider nicht an, deshalb kann ich kein Ticket eröffnen. Bitte sag dem Team, dass es sie mit **/{ command-inbox } { command-new-tickets } { command-starter }** ändern soll.
too-many-threads = Dieser Server hat leider schon so viele aktive Threads, wie Discord erlaubt. Bitte das Team, einige zu schließen, und versuch es dann noch einmal.
opening-delayed = Das dauert gerade länger als sonst. Ich eröffne dein Ticket, sobald Discord es zulässt. Du brauchst nicht noch einmal zu klicken.
ticket-opened = Hier ist dein Ticket: { $ticket }
# Below the link to the ticket.
staff-not-invited = Ich konnte nicht das ganze Team einladen. Die Antwort kann deshalb länger dauern.
ticket-opened-without-answers =
    Hier ist dein Ticket: { $ticket }
    Ich konnte deine Antworten dort nicht posten. Bitte schick sie selbst. Hier sind sie:
opening-rolled-back = Beim Eröffnen deines Tickets wurde ich unterbrochen. Bitte versuch es noch einmal.
interrupted = Ich wurde unterbrochen, bevor ich fertig war. Bitte versuch es noch einmal.
interrupted-unseen = Ich wurde unterbrochen, und ich kann in { $ticket } nicht nachlesen, ob ich fertig geworden bin. Bitte sieh dort nach, bevor du es noch einmal versuchst.

duration-seconds =
    { $count ->
        [one] { $count } Sekunde
       *[other] { $count } Sekunden
    }
duration-minutes =
    { $count ->
        [one] { $count } Minute
       *[other] { $count } Minuten
    }
duration-hours =
    { $count ->
        [one] { $count } Stunde
       *[other] { $count } Stunden
    }
duration-days =
    { $count ->
        [one] { $count } Tag
       *[other] { $count } Tage
    }


## In einem Ticket. Das sieht nur, wer den Befehl verwendet.

not-a-ticket = Das funktioniert nur in einem Ticket. Bitte verwende den Befehl in einem Ticket.
not-the-staff = Das darf nur das Team dieses Tickets.
needs-manage-threads = In den Tickets dieses Postfachs dürfen das nur Mitglieder mit der Berechtigung **{ permission-manage-threads }**.
already-closed = Dieses Ticket ist schon geschlossen.
already-closed-by = **{ $name }** hat dieses Ticket schon geschlossen.
being-closed = Dieses Ticket wird gerade geschlossen.
not-locked = Ich kann dieses Ticket nicht sperren, weil mir die Berechtigung **{ permission-manage-threads }** fehlt. Eine neue Nachricht öffnet es wieder.
member-added = Ich habe **{ $name }** zu diesem Ticket hinzugefügt.
already-in-ticket = **{ $name }** ist schon in diesem Ticket.
member-removed = Ich habe **{ $name }** aus diesem Ticket entfernt.
owner-removed = Ich habe **{ $name }** entfernt. **{ $name }** hat dieses Ticket eröffnet, deshalb schließe ich es.
cannot-view-channel = **{ $name }** kann { $channel } nicht sehen und würde auch dieses Ticket nicht sehen. Bitte erteile dort **{ permission-view-channel }** und versuch es dann noch einmal.
not-in-server = **{ $name }** ist nicht auf diesem Server.
not-in-ticket = **{ $name }** ist nicht in diesem Ticket.
bots-cannot-be-added = Ich füge nur Menschen hinzu. Mitglieder mit der Berechtigung **{ permission-manage-threads }** können einen Bot hinzufügen, indem sie ihn hier erwähnen.
stays-in-ticket = Ich gehöre zu jedem Ticket und kann weder hinzugefügt noch entfernt werden. Dieses hier beendest du mit **/{ command-ticket } { command-close }**.
ticket-full = Dieses Ticket hat schon so viele Mitglieder, wie Discord erlaubt.
threads-full = Dieser Server hat schon so viele aktive Threads, wie Discord erlaubt. Bitte schließ einige davon und versuch es dann noch einmal.
ticket-renamed = Das Ticket hat seinen neuen Namen: { $ticket }
same-name = Das Ticket heißt schon so.
empty-name = Ein Name kann nicht nur aus Leerzeichen bestehen. Bitte versuch es mit einem anderen.
ticket-name-refused = Discord nimmt diesen Namen nicht an. Bitte versuch es mit anderen Wörtern.
rename-later = Discord erlaubt nur zwei neue Namen in zehn Minuten. Du kannst dieses Ticket { $until } wieder umbenennen.
already-claimed = Du kümmerst dich schon um dieses Ticket.
not-claimed = Um dieses Ticket kümmert sich gerade niemand.
claimed-by-another = Um dieses Ticket kümmert sich schon jemand anderes. Mit **/{ command-ticket } { command-claim }** kannst du es übernehmen.
claim-saved = Erledigt. Alle im Ticket können es sehen.
ticket-forbidden = Discord lässt mich das hier nicht tun. Bitte lass die Admins meine Berechtigungen prüfen.
ticket-gone = Dieses Ticket kenne ich nicht. Bitte prüf seinen Link oder seine ID.
ticket-deleted = Dieses Ticket gibt es nicht mehr.
transfer-done = Dieses Ticket ist jetzt in **{ $inbox }**.
transfer-done-without-staff =
    Dieses Ticket ist jetzt in **{ $inbox }**.
    Ich konnte nicht das ganze Team einladen. Die Antwort kann deshalb länger dauern.
same-inbox = Dieses Ticket ist schon in **{ $inbox }**.
transfer-opened = Hier geht es weiter: { $ticket }. Dieses Ticket schließe ich.
transfer-failed = Hier hat sich also nichts geändert, und dieses Ticket bleibt offen.
being-transferred = Dieses Ticket wird schon verschoben.
transfer-lacks =
    Ich kann für dieses Postfach kein Ticket eröffnen, also bleibt dieses, wie es ist. Mir fehlen Berechtigungen:
    { $missing }
# The channel comes with its #.
transfer-owner-lacks = **{ $name }** könnte dort ein Ticket nicht sehen oder nicht darin schreiben, also bleibt dieses, wie es ist. Es fehlen Berechtigungen in { $channel }: { $permissions }.
# Reporting a message.
reports-off = Auf diesem Server kann man keine Nachrichten melden. Das Team kann es mit **/{ command-inbox } { command-settings }** einschalten.
report-inbox-gone = Ich kann die Nachricht nicht weitergeben, weil es das Postfach dafür nicht mehr gibt. Bitte sag dem Team des Servers Bescheid.
report-expired = Ich merke mir eine Nachricht nur 15 Minuten lang, während du schreibst, und vergesse sie bei einem Neustart. Bitte wähle noch einmal **{ command-report }**.
report-opened = Danke. Das Team sieht sich die Nachricht hier an: { $ticket }
report-added = Danke. Die gemeldete Nachricht steht jetzt in deinem Ticket: { $ticket }
report-question = Was stimmt mit dieser Nachricht nicht?
# Above the quoted message in the ticket.
report-title = Gemeldete Nachricht
report-author = Von
report-where = Gesendet
report-place = { $channel }, { $sent }: { $link }
report-files = Dateien
report-without-text = (kein Text)
ticket-is-open = Dieses Ticket ist offen: { $ticket }
ticket-reopened = Das Ticket ist wieder offen: { $ticket }
ticket-stays-locked = Dieses Ticket ist gesperrt, und ich darf es nicht entsperren: { $ticket }. Mitglieder mit der Berechtigung **{ permission-manage-threads }** können es wieder öffnen.
add-owner-button = { $name } hinzufügen
ticket-joined = Ich habe dich zum Ticket hinzugefügt: { $ticket }
no-own-tickets = Du hast keine offenen Tickets.
no-tickets = Es sind keine Tickets offen.
no-tickets-of = Du siehst keine offenen Tickets von diesem Mitglied.
list-line = - { $ticket }, eröffnet { $opened }
list-line-claimed = - { $ticket }, eröffnet { $opened }, übernommen
list-waits = , **wartet auf das Team** (gefragt { $since })
list-hidden = , **von Discord ausgeblendet**
list-footer = -# { $open } offen. In den letzten 7 Tagen eröffnet: { $week }, in den letzten 30 Tagen: { $month }.
asked-to-close = Erledigt. Ich habe nachgefragt.
owner-not-here = Wer das Ticket eröffnet hat, ist nicht darin und kann nicht antworten. Du kannst es mit **/{ command-ticket } { command-close }** schließen.
snoozed = Alles klar, vorerst keine Erinnerungen in diesem Ticket. Ich benachrichtige dich hier { $until }.
prompt-over = Diese Frage ist schon beantwortet.
only-for-owner = Darauf kann nur antworten, wer das Ticket eröffnet hat.
stays-open = Alles klar, das Ticket bleibt offen.
leave-to-close = Um dein Ticket zu schließen, verlass diesen Thread.
already-solved = Du hast dem Team schon gesagt, dass das erledigt ist. Das Team kann das Ticket schließen.
solved-said = Erledigt. Das Team kann das Ticket jetzt schließen.
ticket-busy = In diesem Ticket bin ich gerade beschäftigt. Bitte versuch es gleich noch einmal.
choose-ticket-inbox = Wo soll das Ticket eröffnet werden?
no-inboxes-here = Auf diesem Server gibt es kein Postfach.
no-inboxes-of-yours = Nur das Team eines Postfachs kann dessen Tickets für andere eröffnen.
not-for-bots = Bots können keine Tickets haben.
# The channel comes with its #.
owner-lacks = **{ $name }** könnte das Ticket nicht sehen oder nicht darin schreiben, also habe ich keines eröffnet. Es fehlen Berechtigungen in { $channel }: { $permissions }.
has-open-ticket = **{ $name }** hat schon ein offenes Ticket: { $ticket }
open-another-button = Noch eines eröffnen
ticket-opened-for = Das Ticket ist eröffnet: { $ticket }
help-staff =
    Du gehörst zum Team dieses Tickets. Du kannst Folgendes verwenden:
    - **/{ command-ticket } { command-close }**: es schließen, auf Wunsch mit einem Grund
    - **/{ command-ticket } { command-ask-close }**: nachfragen, ob es geschlossen werden kann
    - **/{ command-ticket } { command-snooze }**: Erinnerungen eine Zeit lang aussetzen
    - **/{ command-ticket } { command-claim }** und **{ command-unclaim }**: zeigen, wer sich darum kümmert
    - **/{ command-ticket } { command-add }** und **{ command-remove }**: ändern, wer darin ist
    - **/{ command-ticket } { command-rename }**: ihm einen anderen Namen geben
    - **/{ command-ticket } { command-transfer }**: es in ein anderes Postfach und zu dessen Team verschieben
    - **/{ command-ticket } { command-list }** und **{ command-reopen }**: die offenen Tickets sehen, ein geschlossenes wieder öffnen
help-listed-staff =
    Du gehörst zum Team dieses Tickets. Du kannst Folgendes verwenden:
    - **/{ command-ticket } { command-claim }** und **{ command-unclaim }**: zeigen, wer sich darum kümmert
    Für alles andere braucht man in den Tickets dieses Postfachs die Berechtigung **{ permission-manage-threads }**.
help-owner = Das ist dein Ticket. Beschreib hier, worum es geht. Wenn alles geklärt ist, verlass diesen Thread, um das Ticket zu schließen.
help-guest = Du wurdest zu diesem Ticket hinzugefügt und kannst hier mitlesen und schreiben. Wenn alles geklärt ist, kannst du diesen Thread verlassen.
help-elsewhere = Um ein Ticket zu eröffnen, klick auf den Button unter einem Postfach. In einem Ticket zeigt **/{ command-ticket } { command-help }**, was du dort tun kannst.
help-staff-elsewhere =
    Du kümmerst dich auf diesem Server um Tickets. In jedem Kanal kannst du Folgendes verwenden:
    - **/{ command-ticket } { command-list }**: die offenen Tickets sehen und einem beitreten
    - **/{ command-ticket } { command-reopen }**: ein geschlossenes Ticket wieder öffnen
    - **/{ command-ticket } { command-open }**: selbst ein Ticket eröffnen
    In einem Ticket zeigt **/{ command-ticket } { command-help }**, was du dort tun kannst.


## Formulare: die Antworten, im Ticket oder in einer Antwort des Bots.

setting-form = Formular
setting-form-description = Fragen vor dem Eröffnen, eine pro Zeile: Was ist passiert? | lang | freiwillig
setting-form-none = keins
setting-form-short = kurz
setting-form-long = lang
setting-form-one-of = eines von
setting-form-some-of = mehrere von
setting-form-yes-or-no = ja oder nein
setting-form-member = Mitglied
setting-form-role = Rolle
setting-form-channel = Kanal
setting-form-files = Dateien
setting-form-optional = freiwillig

-form-kinds = `{ setting-form-short }`, `{ setting-form-long }`, `{ setting-form-one-of }: …`, `{ setting-form-some-of }: …`, `{ setting-form-yes-or-no }`, `{ setting-form-member }`, `{ setting-form-role }`, `{ setting-form-channel }`, `{ setting-form-files }`
form-line-too-many-questions = Zeile { $line }: Ein Formular hat höchstens 5 Fragen. Bitte entferne eine.
form-line-no-label = Zeile { $line }: Vor dem ersten `|` steht keine Frage.
form-line-label-too-long = Zeile { $line }: Eine Frage hat höchstens 45 Zeichen. Mehr passt in ihre Beschreibung: `Frage | { setting-form-short } | Beschreibung`
form-line-label-twice = Zeile { $line }: `{ $written }` kommt zweimal vor.
form-line-no-kind = Zeile { $line }: Bitte schreib dazu, welche Art von Antwort du erwartest: `Frage | { setting-form-short }`
form-line-unknown-kind = Zeile { $line }: `{ $written }` ist keine Art von Antwort. Möglich sind: { -form-kinds }
form-line-choices-not-allowed = Zeile { $line }: Zu `{ $written }` gehört keine Auswahl. Für eine Auswahl schreib `{ setting-form-one-of }: dies, das`.
form-line-too-few-choices = Zeile { $line }: Zu `{ $written }` gehören mindestens 2 Möglichkeiten: `{ $written }: dies, das`
form-line-too-many-choices = Zeile { $line }: Zu einer Frage gibt es höchstens 25 Möglichkeiten.
form-line-empty-choice = Zeile { $line }: Eine Möglichkeit ist leer. Bitte entferne ein Komma.
form-line-choice-too-long = Zeile { $line }: Die Möglichkeit `{ $written }` hat mehr als 100 Zeichen.
form-line-choice-twice = Zeile { $line }: Die Möglichkeit `{ $written }` steht zweimal da.
form-line-description-too-long = Zeile { $line }: Eine Beschreibung hat höchstens 100 Zeichen.
form-line-two-descriptions = Zeile { $line }: `{ $written }` wäre eine zweite Beschreibung. Für ein `|` im Text schreib `\|`.
form-too-long = Das ist zu lang für ein Formular. Bitte kürze einige Möglichkeiten oder Beschreibungen.
form-saved = Mitglieder beantworten diese Fragen, bevor ihre Tickets eröffnet werden. Du kannst es ausprobieren, ohne ein Ticket zu eröffnen.
form-try = Ausprobieren
form-gone = Dieses Postfach hat kein Formular mehr.
form-tried = So würde das Team es im Ticket sehen. Es wurde kein Ticket eröffnet.

form-answers-missing =
    { $count ->
        [one] Die Fragen haben sich inzwischen geändert, und diese braucht eine Antwort: { $questions }. Bitte klick noch einmal auf den Button.
       *[other] Die Fragen haben sich inzwischen geändert, und diese brauchen eine Antwort: { $questions }. Bitte klick noch einmal auf den Button.
    }
form-answers-kept = Hier sind deine Antworten, damit du sie nicht noch einmal schreiben musst:
form-answers-left-over = Die Fragen haben sich inzwischen geändert. Diese deiner Antworten sind nicht im Ticket:
modal-not-shown = Das hat zu lange gedauert, deshalb kann Discord dir die Eingabefelder nicht mehr zeigen. Bitte versuch es noch einmal.
form-no-answer = *Keine Antwort*
form-yes = Ja
form-no = Nein
form-file-too-large = { $filename } (nicht angehängt: größer als { $megabytes } MB)
form-file-failed = { $filename } (nicht angehängt: Ich konnte die Datei nicht herunterladen)


## Was andere sehen, in der Sprache des Servers.

create-ticket-button = Ticket erstellen
# Damit ist auch das Formular für die Startnachricht gefüllt; dort sind { $author } und { $staff }
# die Wörter $author und $staff.
default-starter =
    { $count ->
        [0]
            Willkommen, { $author }! Dieses Ticket ist privat.
            Bitte beschreib, worum es geht. Wenn alles geklärt ist, verlass diesen Thread, um das Ticket zu schließen.
       *[other]
            Willkommen, { $author }! Dieses Ticket ist privat.
            Bitte beschreib, worum es geht. Hier antwortet dir: { $staff }
            Wenn alles geklärt ist, verlass diesen Thread, um das Ticket zu schließen.
    }
staff-are-back = Das Team ist gerade nicht da. Es ist { $until } wieder da.
neutral-name = Ticket { $counter }
owner-left = { $owner } ist nicht mehr in diesem Ticket, deshalb schließe ich es. Eine neue Nachricht öffnet es wieder.
owner-left-locked = { $owner } ist nicht mehr in diesem Ticket, deshalb schließe und sperre ich es. Teammitglieder können es wieder öffnen.
archived = Dieses Ticket wurde geschlossen, deshalb sperre ich es. Teammitglieder können es wieder öffnen.
closed-without-answer = Geschlossen: keine Antwort
audit-no-answer = Es kam keine Antwort
audit-reminded = Das Team wurde an das Ticket erinnert
still-need-help = { $owner } Brauchst du noch Hilfe?
still-need-help-or-closed = { $owner } Brauchst du noch Hilfe? Sonst schließe ich dieses Ticket { $until }.
ask-close = { $owner } { $name } möchte dieses Ticket schließen. Ist alles geklärt?
ask-close-reason = { $owner } { $name } möchte dieses Ticket schließen: { $reason }
ask-close-until = Ohne Antwort schließe ich es { $until }.
agree-to-close-button = Ja, schließen
not-yet-button = Noch nicht
snooze-ended = { $by } Du wolltest jetzt an dieses Ticket erinnert werden.
still-need-help-button = Ich brauche noch Hilfe
still-needs-help = { $name } braucht noch Hilfe.
remind-claimer = { $by } Dieses Ticket wartet auf deine Antwort. Die älteste Nachricht ohne Antwort kam { $since }.
remind-staff = Dieses Ticket wartet auf eine Antwort des Teams. Die älteste Nachricht ohne Antwort kam { $since }.
remind-by-notice = { $ticket } wartet auf eine Antwort des Teams. Die älteste Nachricht ohne Antwort kam { $since }.
remind-by-notice-link = { $ticket } wartet auf eine Antwort des Teams. Die älteste Nachricht ohne Antwort kam { $since }. Beitreten kannst du hier: { $notice }
close-button-label = Schließen
thinks-solved = Für **{ $name }** ist das erledigt.
thinks-solved-with-reason = Für **{ $name }** ist das erledigt: { $reason }
opened-by = -# Eröffnet von **{ $name }**
reopened-by = Wieder geöffnet von **{ $name }**
closed-by = Geschlossen von **{ $name }**
closed-by-with-reason = Geschlossen von **{ $name }**: { $reason }
not-archived =
    { $note }
    -# Ich konnte dieses Ticket noch nicht schließen und versuche es wieder.
claimed-by = **{ $name }** kümmert sich um dieses Ticket.
unclaimed-by = **{ $name }** kümmert sich nicht mehr um dieses Ticket.
transferred = **{ $name }** hat dieses Ticket nach **{ $inbox }** verschoben.
transferred-with-reason = **{ $name }** hat dieses Ticket nach **{ $inbox }** verschoben: { $reason }
moved-by = **{ $name }** hat dieses Ticket verschoben. Hier geht es weiter: { $ticket }
moved-by-with-reason = **{ $name }** hat dieses Ticket verschoben: { $reason }
    Hier geht es weiter: { $ticket }
# A line in the starting message of the new ticket.
moved-here = -# Von **{ $name }** aus { $ticket } hierher verschoben
moved-here-with-reason = -# Von **{ $name }** aus { $ticket } hierher verschoben: { $reason }
# Die Meldung eines Tickets, in einem Kanal des Teams.
notice-ticket = { $ticket } in { $inbox }, eröffnet { $opened } von { $owner }
notice-ticket-alone = { $ticket }, eröffnet { $opened }
notice-joined = { $member } ist zuerst beigetreten.
notice-claimed = { $member } kümmert sich darum.
notice-waits = Wartet auf das Team (gefragt { $since })
notice-closed-by = Geschlossen von { $member }
notice-closed-by-with-reason = Geschlossen von { $member }: { $reason }
notice-moved-by = Von { $member } nach { $ticket } verschoben
notice-moved-by-with-reason = Von { $member } nach { $ticket } verschoben: { $reason }
notice-owner-left = Geschlossen, weil die Person, die es eröffnet hat, nicht mehr darin ist
notice-bot-removed = Geschlossen, weil ich daraus entfernt wurde
notice-closed = Geschlossen
notice-deleted = Der Thread wurde gelöscht.
notice-moved = Verschoben nach **{ $inbox }**
join-button = Beitreten

# Im Audit-Log des Servers.
audit-opened = Ticket eröffnet von { $name } ({ $id })
audit-owner-left = Wer das Ticket eröffnet hat, hat es verlassen
audit-archived = Das Ticket wurde geschlossen
audit-joined = Ticket wieder eingeblendet, weil { $name } ({ $id }) beigetreten ist
audit-reopened = Ticket wieder geöffnet von { $name } ({ $id })
audit-closed = Ticket geschlossen von { $name } ({ $id })
audit-renamed = Ticket umbenannt von { $name } ({ $id })
audit-added = Zum Ticket hinzugefügt von { $name } ({ $id })
audit-removed = Aus dem Ticket entfernt von { $name } ({ $id })
audit-rolled-back = Das Eröffnen des Tickets wurde unterbrochen


## An die Person, die den Bot betreibt.

synced =
    { $count ->
        [one] { $count } Befehl für alle Server registriert.
       *[other] { $count } Befehle für alle Server registriert.
    }
synced-in-guild =
    { $count ->
        [one] { $count } Befehl für den Server { $guild } registriert.
       *[other] { $count } Befehle für den Server { $guild } registriert.
    }
sync-unknown-guild = Ich bin auf keinem Server mit der ID { $guild }.
sync-not-a-guild = `{ $word }` ist keine Server-ID. Schreib nur `sync` für alle Server oder `sync` und eine ID für einen.
config-reloaded = Ich habe die Konfiguration neu geladen.
config-needs-restart = Ich habe die Konfiguration neu geladen. Starte mich neu, um die Änderungen an { $changed } anzuwenden.
config-not-reloaded = Ich konnte die Konfiguration nicht neu laden und verwende weiter die alte. Such im Log nach `{ $code }`, um den Grund zu sehen.
host-help =
    Erwähne mich mit einem dieser Wörter. Das darf nur, wer diesen Bot betreibt.
    `sync`: registriert die Befehle für alle Server, mit der ID eines Servers nur für diesen
    `reload-config`: lädt die Konfiguration neu
    `invite`: zeigt den Link, der mich zu einem Server hinzufügt
    `help`: zeigt diese Liste
host-invite = Mit diesem Link fügst du mich zu einem Server hinzu: <{ $link }>
host-only = Das darf nur, wer diesen Bot betreibt.


## Unerwartete Fehler.

unexpected = Da ist leider etwas schiefgegangen. Wenn es wieder passiert, sag bitte { $owner } diesen Code: `{ $code }`
server-only = Das funktioniert nur auf einem Server.


## Der kleine Server, in dem man den Bot ausprobiert. Kanäle: klein, ohne Leerzeichen. Die README spricht von #support.

demo-server = Testserver
demo-general = allgemein
demo-welcome = willkommen
demo-support = support
demo-tickets = tickets
demo-moderators = Moderation
demo-message = **Brauchst du Hilfe?**
    Klick unten auf den Button. Dann öffnet sich ein privater Thread, den nur du und unser Team sehen.
