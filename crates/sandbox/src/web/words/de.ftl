### Deutsch. Anrede: „du“. Was es in Discord auch gibt, heißt wie dort.


## Einzelne Wörter, auf Buttons und neben Feldern.

title = Sandbox
app = APP
apps = Apps
add = Hinzufügen
archived-tab = Geschlossen
active-tab = Aktiv
back = Zurück
cancel = Abbrechen
channel = Kanal
channels = Kanäle
clear = Leeren
close = Schließen
colour = Farbe
colour-none = Keine Farbe
colour-own = Eigene Farbe
create = Erstellen
delete = Löschen
done = Fertig
edit = Bearbeiten
edited = (bearbeitet)
filter = Filtern
kind = Typ
language = Sprache
locked = Gesperrt
members = Mitglieder
mention = Erwähnen
menu = Menü
messages = Nachrichten
more = Mehr
name = Name
new = Neu
no = Nein
owner = Serverinhaber
picture = Bild
rename = Thread bearbeiten
reply = Antworten
roles = Rollen
run = Ausführen
save = Speichern
saved = Gespeichert.
search = Suchen
send = Senden
servers = Server
spoiler = Spoiler
submit = Absenden
suggestions = Vorschläge
threads = Threads
topic = Thema
yes = Ja


## Die Verbindung zur Sandbox, und Fehler. Die Nummern sind Discords Fehlercodes.

unreachable = Die Sandbox ist nicht erreichbar.
answered = Die Sandbox hat mit Status { $status } geantwortet.
line-lost = Verbindung unterbrochen. Sie wird wiederhergestellt …
try-now = Jetzt versuchen
place-gone = { $name } ist nicht mehr verfügbar.
no-such-place = Diesen Kanal gibt es nicht, oder du hast keinen Zugriff darauf.
copied = In die Zwischenablage kopiert.
copy-failed = Kopieren fehlgeschlagen. Der Text lautet: { $text }
nothing-found = Keine Ergebnisse
error-10003 = Diesen Kanal gibt es nicht mehr.
error-10004 = Diesen Server gibt es nicht mehr.
error-10007 = Diese Person ist kein Mitglied des Servers.
error-10008 = Diese Nachricht gibt es nicht mehr.
error-10011 = Diese Rolle gibt es nicht mehr.
error-10013 = Diese Person gibt es nicht.
error-10062 = Diese Interaktion ist abgelaufen. Bitte versuch es noch einmal.
error-10063 = Diesen Befehl gibt es nicht mehr.
error-20016 = Der Slowmode ist aktiv. Bitte warte, bevor du noch eine Nachricht sendest.
error-30005 = Dieser Server hat bereits die maximale Anzahl an Rollen (250).
error-30013 = Dieser Server hat bereits die maximale Anzahl an Kanälen (500).
error-30033 = Dieser Thread hat bereits die maximale Anzahl an Mitgliedern (1.000).
error-40005 = Das ist zu groß zum Senden.
error-50001 = Darauf hast du keinen Zugriff.
error-50005 = Du kannst nur deine eigenen Nachrichten bearbeiten.
error-50006 = Du kannst keine leere Nachricht senden.
error-50013 = Dir fehlt die Berechtigung dafür.
error-50021 = Mit einer Systemnachricht geht das nicht.
error-50024 = In diesem Kanaltyp geht das nicht.
error-50028 = Diese Rolle kann hier nicht verwendet werden.
error-50035 = Einige dieser Angaben sind ungültig.
error-50083 = Dieser Thread ist geschlossen.
error-160002 = Du kannst nicht antworten, wenn du den Nachrichtenverlauf nicht sehen darfst.
error-160004 = Zu dieser Nachricht gibt es schon einen Thread.
error-160005 = Dieser Thread ist gesperrt.
error-160006 = Dieser Server hat bereits die maximale Anzahl an aktiven Threads.


## Die Leiste oben: die aktuelle Person und die Werkzeuge.

you-are = Du bist
person-with-part = { $name } ({ $part })
part-owner = Inhaberin
part-moderator = Moderator
part-member = Mitglied
now-you-are = Du bist jetzt { $name }.
act-as = Zu { $name } wechseln
new-person = Person hinzufügen
bot-connected = { $name }: verbunden
bot-away = { $name }: nicht verbunden
theme-dark = Zu dunklem Design wechseln
theme-light = Zu hellem Design wechseln
tools = Sandbox-Werkzeuge
advance-minute = 1 Minute vorspulen
advance-hour = 1 Stunde vorspulen
advance-day = 1 Tag vorspulen
now-is = Die Uhr der Sandbox zeigt jetzt { $time }.
reset = Neu beginnen
reset-sure = Alles, was du hier gemacht hast, wird gelöscht, und die Sandbox wird neu eingerichtet.
skip = Zum Nachrichtenfeld springen


## Der Verlauf: was Leute getan haben, was der Bot aufgerufen hat und welche Ereignisse er bekam.

inspector = Verlauf
problems =
    { $count ->
        [one] { $count } Problem
       *[other] { $count } Probleme
    }
kind-call = API-Aufruf
kind-event = Ereignis
kind-person = Person
kind-gateway = Gateway
record-request = Anfrage
record-response = Antwort
record-data = Daten
record-action = Aktion
person-did = { $name } { $deed }
person-did-other = { $name }: { $deed }
did-add-to-a-thread = hat jemanden zu einem Thread hinzugefügt
did-close-a-modal = hat ein Modal geschlossen
did-create-a-channel = hat einen Kanal erstellt
did-create-a-role = hat eine Rolle erstellt
did-create-a-thread = hat einen Thread erstellt
did-delete-a-channel = hat einen Kanal gelöscht
did-delete-a-message = hat eine Nachricht gelöscht
did-delete-a-role = hat eine Rolle gelöscht
did-delete-messages = hat Nachrichten gelöscht
did-edit-a-channel = hat einen Kanal bearbeitet
did-edit-a-message = hat eine Nachricht bearbeitet
did-edit-a-role = hat eine Rolle bearbeitet
did-edit-the-profile = hat das Profil bearbeitet
did-edit-the-server = hat den Server bearbeitet
did-give-a-role = hat jemandem eine Rolle gegeben
did-invite-a-bot = hat einen Bot eingeladen
did-join-a-thread = ist einem Thread beigetreten
did-join-the-server = ist dem Server beigetreten
did-kick = hat jemanden gekickt
did-leave-a-thread = hat einen Thread verlassen
did-leave-the-server = hat den Server verlassen
did-remove-from-a-thread = hat jemanden aus einem Thread entfernt
did-remove-permissions = hat Berechtigungen entfernt
did-send-a-message = hat eine Nachricht gesendet
did-send-by-webhook = hat eine Nachricht mit einem Webhook gesendet
did-set-permissions = hat Berechtigungen festgelegt
did-submit-a-modal = hat ein Modal abgesendet
did-take-a-role = hat jemandem eine Rolle entzogen
did-pin = hat eine Nachricht angepinnt
did-unpin = hat eine Nachricht losgelöst
did-react = hat auf eine Nachricht reagiert
did-take-a-reaction-away = hat eine Reaktion entfernt
did-ban = hat jemanden gebannt
did-lift-a-ban = hat einen Bann aufgehoben
did-use-an-invite = ist mit einer Einladung beigetreten
did-edit-a-member = hat ein Mitglied bearbeitet
did-open-direct-messages = hat Direktnachrichten geöffnet
did-forge-an-interaction = hat eine Interaktion gefälscht
did-use-a-command = hat einen Befehl verwendet
did-use-a-component = hat einen Button oder ein Menü verwendet


## Die Anleitung von der Nachricht bis zum geschlossenen Ticket. Namen und Kanäle sind Buttons.

guide = Von der Nachricht zum Ticket
guide-hide = Anleitung ausblenden
guide-done = (erledigt)
guide-all = Alle Schritte anzeigen
guide-count = { $number } von { $count }
guide-step-write = Nachricht schreiben
guide-step-inbox = Postfach erstellen
guide-step-select = Nachricht auswählen
guide-step-staff = Team auswählen
guide-step-ticket = Ticket eröffnen
guide-step-answer = Antworten
guide-step-leave = Ticket verlassen
guide-switch = Wechsle zu { $name }.
guide-write = Öffne { $channel } und schreib eine Nachricht für Leute, die Hilfe brauchen.
guide-inbox = Führe { $command } aus und wähle { $channel }.
guide-select = Klick mit der rechten Maustaste auf deine Nachricht und wähle { $apps } und dann { $select }.
guide-select-touch = Halte deine Nachricht gedrückt und wähle { $apps } und dann { $select }.
guide-staff = Wähle es im Menü unter der Antwort des Bots aus oder übernimm den Vorschlag mit dem Button darunter. Später zeigt { $command } das Menü wieder.
guide-ticket = Klick auf den Button unter dem Postfach in { $channel }.
guide-answer = Öffne das Ticket unter { $channel } und schreib eine Antwort.
guide-leave = Öffne das Ticket und wähle { $leave }.
guide-end = Fertig! Der Bot hat das Ticket geschlossen und gesperrt. { $moderator } findet es bei den geschlossenen Threads von { $channel }.


## Server und Kanäle.

nowhere = Hier siehst du keine Kanäle.
no-server = Kein Server
in-no-server = Du bist auf keinem Server.
join = { $name } beitreten
server-settings = Servereinstellungen
server-name = Servername
server-language = Serversprache
copy-server-id = Server-ID kopieren
leave-server = Server verlassen
leave-sure = Du kannst { $name } jederzeit wieder beitreten.
invite-bot = { $name } einladen
create-channel = Kanal erstellen
text-channel = Text
announcement-channel = Ankündigung
forum-channel = Forum
new-post = Neuer Beitrag
no-posts = Es gibt noch keine Beiträge.
post-title = Titel
post-message = Nachricht
post-tag = Tag
no-tag = Kein Tag
publish = Posten
pinned = Angepinnt
post-replies =
    { $count ->
        [one] { $count } Nachricht
       *[other] { $count } Nachrichten
    }
channel-settings = Kanaleinstellungen
settings-of = Einstellungen von #{ $name }
copy-channel-id = Kanal-ID kopieren
delete-channel = Kanal löschen
delete-sure = { $name } löschen? Das kann nicht rückgängig gemacht werden.
channel-actions = Kanal-Aktionen
send-as-webhook = Mit einem Webhook senden
webhook-text = Text
embed-title = Embed: Titel
embed-description = Embed: Beschreibung
embed-colour = Embed: Farbe
show-channels = Kanäle anzeigen
show-members = Mitglieder anzeigen
slowmode-seconds = Slowmode (Sekunden)
mentions =
    { $count ->
        [one] { $count } Erwähnung
       *[other] { $count } Erwähnungen
    }
deleted-role = gelöschte-rolle
unknown-user = Unbekannt
unknown-channel = unbekannt
overwrites = Berechtigungen
state-allow = Erlauben
state-deny = Ablehnen
state-inherit = Neutral
add-overwrite = Rolle oder Mitglied hinzufügen
remove-overwrite = { $name } entfernen
create-role = Rolle erstellen
new-role = neue Rolle
delete-role = Rolle löschen
choose-role = Wähle eine Rolle aus, um sie zu bearbeiten.
mentionable = Jedem erlauben, diese Rolle zu @erwähnen
hoist = Mitglieder dieser Rolle getrennt anzeigen
permission-BYPASS_SLOWMODE = Slowmode umgehen
permission-KICK_MEMBERS = Mitglieder kicken
permission-BAN_MEMBERS = Mitglieder bannen
permission-ADMINISTRATOR = Administrator
permission-MANAGE_CHANNELS = Kanäle verwalten
permission-MANAGE_GUILD = Server verwalten
permission-VIEW_CHANNEL = Kanäle ansehen
permission-SEND_MESSAGES = Nachrichten senden
permission-MANAGE_MESSAGES = Nachrichten verwalten
permission-EMBED_LINKS = Links einbetten
permission-ATTACH_FILES = Dateien anhängen
permission-READ_MESSAGE_HISTORY = Nachrichtenverlauf anzeigen
permission-MENTION_EVERYONE = @everyone, @here und alle Rollen erwähnen
permission-MANAGE_ROLES = Rollen verwalten
permission-MANAGE_WEBHOOKS = Webhooks verwalten
permission-USE_APPLICATION_COMMANDS = Anwendungsbefehle verwenden
permission-MANAGE_THREADS = Threads verwalten
permission-CREATE_PUBLIC_THREADS = Öffentliche Threads erstellen
permission-CREATE_PRIVATE_THREADS = Private Threads erstellen
permission-SEND_MESSAGES_IN_THREADS = Nachrichten in Threads senden
permission-MODERATE_MEMBERS = Mitglieder in Timeout versetzen


## Nachrichten.

messages-in = Nachrichten in { $name }
welcome = Willkommen bei #{ $name }!
start-of = Hier beginnt der Kanal #{ $name }.
start-of-thread = Hier beginnt der Thread.
jump-to-present = Du siehst ältere Nachrichten. Zu den neuesten springen
new-messages =
    { $count ->
        [one] { $count } neue Nachricht ↓
       *[other] { $count } neue Nachrichten ↓
    }
picture-count = { $number } von { $count }
picture-before = Vorheriges Bild
picture-after = Nächstes Bild
picture-open = Im Browser öffnen
switcher = Wechseln zu
switcher-hint = Wohin möchtest du?
people = Personen
reactions = Reaktionen
add-reaction = Reaktion hinzufügen
reaction =
    { $count ->
        [one] { $emoji }: { $count } Reaktion
       *[other] { $emoji }: { $count } Reaktionen
    }
message-actions = Nachrichtenaktionen
says = { $name }: { $text }
something-new = hat etwas ohne Text gesendet
message-link = Nachricht
copy-text = Text kopieren
copy-link = Link kopieren
copy-message-id = Nachrichten-ID kopieren
copy-user-id = Benutzer-ID kopieren
delete-message = Nachricht löschen
delete-message-sure = Diese Nachricht löschen? Das kann nicht rückgängig gemacht werden.
edit-message = Nachricht bearbeiten
dismiss = Nachricht verwerfen
no-apps = Keine Befehle verfügbar
not-here = Diese Person ist nicht mehr auf dem Server.
only-you = Nur du kannst diese Nachricht sehen
thinking = { $name } denkt nach …
sending = Befehl wird gesendet …
used = { $name } hat { $command } verwendet
used-something = { $name } hat einen Befehl verwendet
no-response = { $name }: Die Anwendung reagiert nicht
interaction-failed = Diese Interaktion ist fehlgeschlagen. Die Anwendung reagiert nicht.
reply-gone = Die ursprüngliche Nachricht wurde gelöscht
reply-to = Zur Nachricht von { $name }
picture-elsewhere = Dieses Bild liegt auf einer anderen Website und wird hier nicht geladen: { $link }
invalid-date = Ungültiges Datum
system-added = { $who } hat { $other } zum Thread hinzugefügt.
system-removed = { $who } hat { $other } aus dem Thread entfernt.
system-left = { $who } hat den Thread verlassen.
system-renamed = { $who } hat den Kanalnamen geändert: { $name }
system-pinned = { $who } hat eine Nachricht in diesem Kanal angepinnt.
system-joined = { $who } ist dem Server beigetreten.
system-thread = { $who } hat einen Thread gestartet: { $thread }
system-other = { $who } (Nachricht vom Typ { $type }) { $text }


## Schreiben.

message-to = Nachricht an { $name }
replying-to = Antwort an { $name }
cancel-reply = Antwort abbrechen
may-not-send = Du bist nicht berechtigt, in diesem Kanal Nachrichten zu senden.
locked-thread = Dieser Thread ist gesperrt. Nur Mitglieder mit „Threads verwalten“ können darin schreiben.
archived = Dieser Thread ist geschlossen. Eine Nachricht öffnet ihn wieder.
archived-and-locked = Dieser Thread ist geschlossen und gesperrt.
slowmode =
    { $seconds ->
        [one] Slowmode ist aktiv: eine Nachricht pro Sekunde.
       *[other] Slowmode ist aktiv: eine Nachricht alle { $seconds } Sekunden.
    }
slowmode-wait =
    { $seconds ->
        [one] Slowmode ist aktiv: Du kannst in { $seconds } Sekunde wieder schreiben.
       *[other] Slowmode ist aktiv: Du kannst in { $seconds } Sekunden wieder schreiben.
    }
too-many-files = Du kannst höchstens { $most } Dateien auf einmal hochladen.
attach = Dateien hochladen
attachments = Dateien zum Hochladen
no-files-here = Hier kannst du keine Dateien hochladen.
drop-here = Zum Hochladen loslassen
spoiler-file = { $name } als Spoiler markieren
remove-file = { $name } entfernen
typing =
    { $count ->
        [one] { $names } schreibt …
       *[other] { $names } schreiben …
    }
typing-many = Mehrere Leute schreiben …


## Menüs, Befehle, Formulare.

silent = Stumm
silent-message = Ohne Benachrichtigung gesendet
roles-not-added = Einige der erwähnten Rollen wurden nicht zu diesem Thread hinzugefügt: Sie haben zu viele Mitglieder.
make-selection = Triff eine Auswahl
chosen = { $count } von { $most } ausgewählt
at-most = Wähle höchstens { $most } aus.
at-least = Wähle mindestens { $least } aus.
option-required = { $name }: Diese Option ist erforderlich
not-an-option = { $name }: Wähle einen der Vorschläge aus
suggestions-failed = Optionen konnten nicht geladen werden
no-such-command = Den Befehl „{ $text }“ gibt es nicht.
not-understood = { $command } kann mit „{ $text }“ nichts anfangen. Schreib die Optionen als Name: Wert.
field-required = Dieses Feld ist erforderlich.
choose-files = Dateien auswählen
file-too-large = { $name } ist zu groß. Das Limit liegt bei { $size } pro Datei.
at-least-files =
    { $least ->
        [one] Füge mindestens { $least } Datei hinzu.
       *[other] Füge mindestens { $least } Dateien hinzu.
    }
try-again = Etwas ist schiefgelaufen. Versuch es noch einmal.
too-short = Mindestens { $least } Zeichen.
from-app = Dieses Formular wird an { $name } gesendet.
unknown-component = Komponenten vom Typ { $type } kann diese Seite noch nicht anzeigen.


## Threads und ihre Mitglieder.

archived-tag = Geschlossen
joined-tag = beigetreten
no-threads = Hier gibt es keine Threads.
threads-of = Threads in #{ $name }
search-threads = Threads nach Namen suchen
tab-count = { $name } ({ $count })
thread-name = Thread-Name
hide-after = Bei Inaktivität ausblenden nach
threads-found =
    { $all ->
        [one] { $count } von { $all } Thread
       *[other] { $count } von { $all } Threads
    }
hours =
    { $count ->
        [one] { $count } Stunde
       *[other] { $count } Stunden
    }
days =
    { $count ->
        [one] { $count } Tag
       *[other] { $count } Tage
    }
started-by = gestartet von { $name }
archived-when = geschlossen { $when }
thread-actions = Thread-Aktionen
create-thread = Thread erstellen
private-thread = Privat
public-thread = Öffentlich
join-thread = Thread beitreten
leave-thread = Thread verlassen
add-members = Mitglieder hinzufügen
whom = Mitglieder auswählen
lock = Thread sperren
unlock = Thread entsperren
archive = Thread schließen
archive-and-lock = Thread schließen und sperren
reopen = Thread öffnen
copy-thread-id = Thread-ID kopieren
delete-thread = Thread löschen
thread-members = In diesem Thread — { $count }
group-of = { $name } — { $count }
and-more = und { $count } weitere
remove-from-thread = { $name } aus dem Thread entfernen
kick = { $name } kicken
kick-sure = { $name } wird aus { $guild } entfernt.
time-out = { $name } in Timeout versetzen
end-time-out = Timeout entfernen
timed-out = Im Timeout
minutes =
    { $count ->
        [one] { $count } Minute
       *[other] { $count } Minuten
    }
