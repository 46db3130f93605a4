### Deutsch. Anrede: „du“. Was es in Discord auch gibt, heißt wie dort.


## Einzelne Wörter, auf Knöpfen und neben Feldern.

title = Sandbox
app = APP
apps = Apps
add = Hinzufügen
allow = Erlauben
archived-tab = Archiviert
active-tab = Aktiv
attachment = Anhang
cancel = Abbrechen
channel = Kanal
channels = Kanäle
clear = Leeren
close = Schließen
colour = Farbe
create = Erstellen
delete = Löschen
deny = Verbieten
done = Fertig
edit = Bearbeiten
edited = (bearbeitet)
embed = Einbettung
filter = Filtern
inherit = Übernehmen
kind = Art
language = Sprache
locked = Gesperrt
members = Mitglieder
mention = Erwähnen
menu = Menü
messages = Nachrichten
more = Mehr
name = Name
no = Nein
owner = Serverinhaber
picture = Bild
remove = Entfernen
rename = Umbenennen
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


## Die Leitung zur Sandbox, und Fehler. Die mit einer Nummer sind Discords eigene.

unreachable = Die Sandbox ist nicht zu erreichen.
answered = Die Sandbox hat mit { $status } geantwortet.
line-lost = Verbindung unterbrochen. Sie wird wieder aufgebaut …
try-now = Jetzt versuchen
place-gone = { $name } gibt es hier nicht mehr.
no-such-place = Diesen Kanal gibt es nicht, oder du darfst ihn nicht sehen.
copied = Kopiert.
copy-failed = Das Kopieren hat nicht geklappt. Hier ist es: { $text }
nothing-found = Nichts gefunden
error-10003 = Diesen Kanal gibt es nicht mehr.
error-10004 = Diesen Server gibt es nicht mehr.
error-10007 = Diese Person ist nicht auf diesem Server.
error-10008 = Diese Nachricht gibt es nicht mehr.
error-10011 = Diese Rolle gibt es nicht mehr.
error-10013 = Diese Person gibt es nicht.
error-10062 = Das ist abgelaufen. Bitte versuch es noch einmal.
error-10063 = Diesen Befehl gibt es nicht mehr.
error-20016 = Hier ist der Slowmode an. Bitte warte ein wenig bis zu deiner nächsten Nachricht.
error-30005 = Dieser Server hat schon so viele Rollen, wie er haben kann (250).
error-30013 = Dieser Server hat schon so viele Kanäle, wie er haben kann (500).
error-30033 = Dieser Thread hat schon so viele Mitglieder, wie er haben kann (1.000).
error-40005 = Das ist zu groß zum Senden.
error-50001 = Darauf hast du keinen Zugriff.
error-50005 = Du kannst nur deine eigenen Nachrichten bearbeiten.
error-50006 = Eine leere Nachricht kann nicht gesendet werden.
error-50013 = Dir fehlt die Berechtigung dafür.
error-50021 = Mit einer Systemnachricht geht das nicht.
error-50024 = In einem Kanal dieser Art geht das nicht.
error-50028 = Diese Rolle kann hier nicht verwendet werden.
error-50035 = In diesem Formular stimmt etwas nicht.
error-50083 = Dieser Thread ist archiviert.
error-160002 = Du kannst nicht antworten, wo du den Nachrichtenverlauf nicht lesen darfst.
error-160004 = Zu dieser Nachricht gibt es schon einen Thread.
error-160005 = Dieser Thread ist gesperrt.
error-160006 = Dieser Server hat schon so viele aktive Threads, wie er haben kann.


## Die Leiste oben: wer schaut, und die Werkzeuge.

you-are = Du bist
person-with-part = { $name } ({ $part })
part-owner = Leitung
part-moderator = Moderation
part-member = Mitglied
now-you-are = Du bist jetzt { $name }.
act-as = Als { $name } handeln
new-person = Neue Person
bot-connected = { $name }: verbunden
bot-away = { $name }: nicht verbunden
theme = Hell oder dunkel
theme-auto = Farben wie in deinem System.
theme-dark = Dunkel.
theme-light = Hell.
tools = Werkzeuge der Sandbox
advance-minute = Zeit um eine Minute vorstellen
advance-hour = Zeit um eine Stunde vorstellen
advance-day = Zeit um einen Tag vorstellen
now-is = In der Sandbox ist es jetzt { $time }.
reset = Von vorn beginnen
reset-sure = Alles in der Sandbox ist dann wieder wie am Anfang.
skip = Zum Nachrichtenfeld springen


## Was geschah: was Leute taten, was der Bot aufrief und was er erfuhr.

inspector = Was geschah
kind-call = Aufruf
kind-event = Ereignis
kind-person = Person
kind-gateway = Gateway
record-request = Anfrage
record-response = Antwort
record-data = Daten
record-action = Handlung
person-did = { $name }: { $deed }
did-add-to-a-thread = zu einem Thread hinzufügen
did-close-a-modal = ein Formular schließen
did-create-a-channel = einen Kanal erstellen
did-create-a-role = eine Rolle erstellen
did-create-a-thread = einen Thread erstellen
did-delete-a-channel = einen Kanal löschen
did-delete-a-message = eine Nachricht löschen
did-delete-a-role = eine Rolle löschen
did-delete-messages = Nachrichten löschen
did-edit-a-channel = einen Kanal ändern
did-edit-a-message = eine Nachricht bearbeiten
did-edit-a-role = eine Rolle ändern
did-edit-the-profile = das Profil ändern
did-edit-the-server = den Server ändern
did-give-a-role = eine Rolle geben
did-invite-a-bot = einen Bot einladen
did-join-a-thread = einem Thread beitreten
did-join-the-server = dem Server beitreten
did-kick = kicken
did-leave-a-thread = einen Thread verlassen
did-leave-the-server = den Server verlassen
did-remove-from-a-thread = aus einem Thread entfernen
did-remove-permissions = Berechtigungen entfernen
did-send-a-message = eine Nachricht senden
did-send-by-webhook = über einen Webhook senden
did-set-permissions = Berechtigungen setzen
did-submit-a-modal = ein Formular absenden
did-take-a-role = eine Rolle wegnehmen
did-use-a-command = einen Befehl verwenden
did-use-a-component = einen Knopf oder ein Menü verwenden


## Die erste Minute, in drei Schritten. Namen und Befehle sind hervorgehoben.

guide = Von der Nachricht zum Ticket
guide-hide = Diese Schritte ausblenden
guide-done = (erledigt)
guide-write = Schreib als { $owner } eine Nachricht für Leute, die Hilfe brauchen.
guide-inbox = Führe { $command } aus. Klick dann mit rechts auf deine Nachricht (oder drück lange darauf) und wähle { $apps } und { $select }.
guide-ticket = Werde oben auf der Seite zu { $member } und drück den Knopf unter dem neuen Postfach.
guide-end = Das ist alles: ein privater Thread mit dem Team. Verlass ihn als { $member }, und der Bot schließt ihn.


## Server und Kanäle.

nowhere = Hier gibt es nichts zu sehen.
no-server = Kein Server
in-no-server = Du bist auf keinem Server.
join = { $name } beitreten
server-settings = Servereinstellungen
server-name = Name des Servers
server-language = Sprache des Servers
copy-server-id = Server-ID kopieren
leave-server = Server verlassen
leave-sure = Du kannst jederzeit von hier aus zu { $name } zurückkommen.
invite-bot = { $name } einladen
create-channel = Kanal erstellen
text-channel = Text
announcement-channel = Ankündigungen
channel-settings = Kanaleinstellungen
settings-of = Einstellungen von { $name }
copy-channel-id = Kanal-ID kopieren
delete-channel = Kanal löschen
delete-sure = { $name } ist dann endgültig weg.
channel-actions = Kanalaktionen
send-as-webhook = Als Webhook senden
webhook-text = Text
embed-title = Einbettung: Titel
embed-description = Einbettung: Beschreibung
embed-colour = Einbettung: Farbe
show-channels = Kanäle zeigen
show-members = Mitglieder
slowmode-seconds = Slowmode, in Sekunden
mentions =
    { $count ->
        [one] { $count } Erwähnung
       *[other] { $count } Erwähnungen
    }
deleted-role = gelöschte-rolle
unknown-user = unbekannt
unknown-channel = unbekannt
overwrites = Berechtigungen
add-overwrite = Rolle oder Mitglied hinzufügen
create-role = Rolle erstellen
new-role = neue Rolle
delete-role = Rolle löschen
choose-role = Wähle eine Rolle.
mentionable = Alle dürfen diese Rolle erwähnen
hoist = Ihre Mitglieder getrennt zeigen
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
permission-MENTION_EVERYONE = Alle erwähnen
permission-MANAGE_ROLES = Rollen verwalten
permission-MANAGE_WEBHOOKS = Webhooks verwalten
permission-USE_APPLICATION_COMMANDS = Anwendungsbefehle verwenden
permission-MANAGE_THREADS = Threads verwalten
permission-CREATE_PUBLIC_THREADS = Öffentliche Threads erstellen
permission-CREATE_PRIVATE_THREADS = Private Threads erstellen
permission-SEND_MESSAGES_IN_THREADS = Nachrichten in Threads senden
permission-MODERATE_MEMBERS = Mitglieder im Timeout


## Nachrichten.

messages-in = Nachrichten in { $name }
welcome = Willkommen bei #{ $name }!
start-of = Hier beginnt der Kanal #{ $name }.
start-of-thread = Hier beginnt der Thread.
jump-to-present = Du siehst ältere Nachrichten. Zu den neuesten springen
message-actions = Nachrichtenaktionen
says = { $name }: { $text }
something-new = etwas Neues
message-link = Nachricht
copy-text = Text kopieren
copy-link = Link kopieren
copy-message-id = Nachrichten-ID kopieren
copy-user-id = Benutzer-ID kopieren
delete-message = Nachricht löschen
delete-message-sure = Diese Nachricht ist dann endgültig weg.
edit-message = Nachricht bearbeiten
dismiss = Nachricht verwerfen
no-apps = Hier gibt es keine Befehle
not-here = Nicht mehr auf diesem Server.
only-you = Nur du kannst das sehen
thinking = { $name } denkt nach …
sending = Befehl wird gesendet …
used = { $name } hat { $command } verwendet
used-something = { $name } hat einen Befehl verwendet
no-response = { $name }: Die Anwendung hat nicht geantwortet.
interaction-failed = Diese Interaktion ist fehlgeschlagen. Die Anwendung hat nicht geantwortet.
reply-gone = Die Nachricht, auf die das antwortet, wurde gelöscht.
reply-to = Zur Nachricht von { $name }, auf die das antwortet
picture-elsewhere = Ein Bild von einem anderen Rechner, hier nicht geladen: { $link }
invalid-date = Ungültiges Datum
system-added = { $who } hat { $other } hinzugefügt
system-removed = { $who } hat { $other } entfernt
system-left = { $who } ist gegangen.
system-renamed = { $who } hat den Namen geändert: { $name }
system-pinned = { $who } hat eine Nachricht angepinnt.
system-joined = { $who } ist dem Server beigetreten.
system-thread = { $who } hat einen Thread begonnen: { $thread }
system-other = { $who } (Nachricht der Art { $type }) { $text }


## Schreiben.

message-to = Nachricht an { $name }
replying-to = Antwort an { $name }
cancel-reply = Nicht antworten
may-not-send = Dir fehlt die Berechtigung, hier Nachrichten zu senden.
locked-thread = Dieser Thread ist gesperrt. Nur wer Threads verwalten darf, kann darin schreiben.
archived = Dieser Thread ist archiviert. Eine Nachricht öffnet ihn wieder.
archived-and-locked = Dieser Thread ist archiviert und gesperrt.
slowmode = Slowmode: eine Nachricht alle { $seconds } s.
slowmode-wait = Slowmode: Du kannst in { $seconds } s wieder schreiben.
too-many-files = Höchstens { $most } Dateien auf einmal.
attach = Dateien hinzufügen
attachments = Dateien zum Senden
no-files-here = Hier kannst du keine Dateien hinzufügen.
drop-here = Zum Hinzufügen loslassen
spoiler-file = { $name } als Spoiler markieren
remove-file = { $name } entfernen
typing =
    { $count ->
        [one] { $names } schreibt …
       *[other] { $names } schreiben …
    }
typing-many = Mehrere Leute schreiben …


## Menüs, Befehle, Formulare.

make-selection = Auswählen
chosen = { $count } von { $most }
at-most = Höchstens { $most } können ausgewählt werden.
at-least = Wähle mindestens { $least } aus.
option-required = { $name }: Diese Option ist erforderlich.
not-an-option = { $name }: Bitte wähle etwas von dem aus, was angeboten wird.
suggestions-failed = Die Vorschläge konnten nicht geladen werden
field-required = Dieses Feld ist erforderlich.
too-short = Mindestens { $least } Zeichen.
from-app = Dieses Formular ist von { $name }.
unknown-component = Komponenten der Art { $type } kann diese Seite nicht zeigen.


## Threads und ihre Mitglieder.

archived-tag = Archiviert
joined-tag = beigetreten
no-threads = Hier gibt es keine Threads.
threads-of = Threads von { $name }
started-by = begonnen von { $name }
archived-when = archiviert { $when }
thread-actions = Threadaktionen
create-thread = Thread erstellen
private-thread = Privat
public-thread = Öffentlich
join-thread = Beitreten
leave-thread = Verlassen
add-members = Mitglieder hinzufügen
whom = Wen?
lock = Sperren
unlock = Entsperren
archive = Archivieren
archive-and-lock = Archivieren und sperren
reopen = Wieder öffnen
reopen-and-unlock = Wieder öffnen und entsperren
copy-thread-id = Thread-ID kopieren
delete-thread = Thread löschen
thread-members = In diesem Thread — { $count }
group-of = { $name } — { $count }
and-more = und { $count } weitere
remove-from-thread = { $name } aus dem Thread entfernen
kick = { $name } kicken
kick-sure = { $name } verlässt dann { $guild }.
