### Every text of the page. What Discord's client has too is called as it is there.


## Single words, on buttons and beside fields.

title = Sandbox
app = APP
apps = Apps
add = Add
allow = Allow
archived-tab = Archived
active-tab = Active
attachment = Attachment
cancel = Cancel
channel = Channel
channels = Channels
clear = Clear
close = Close
colour = Color
create = Create
delete = Delete
deny = Deny
done = Done
edit = Edit
edited = (edited)
embed = Embed
filter = Filter
inherit = Inherit
kind = Kind
language = Language
locked = Locked
members = Members
mention = Mention
menu = Menu
messages = Messages
more = More
name = Name
no = No
owner = Server Owner
picture = Picture
remove = Remove
rename = Rename
reply = Reply
roles = Roles
run = Run
save = Save
saved = Saved.
search = Search
send = Send
servers = Servers
spoiler = Spoiler
submit = Submit
suggestions = Suggestions
threads = Threads
topic = Topic
yes = Yes


## The line to the sandbox, and errors. Those with a number are Discord's own, by their code.

unreachable = The sandbox cannot be reached.
answered = The sandbox answered { $status }.
line-lost = Connection lost. Trying to reconnect…
try-now = Try now
place-gone = { $name } is not here any more.
no-such-place = That channel does not exist, or you cannot see it.
copied = Copied.
copy-failed = Could not copy. Here it is: { $text }
nothing-found = Nothing found
error-10003 = There is no such channel any more.
error-10004 = There is no such server any more.
error-10007 = That person is not in this server.
error-10008 = There is no such message any more.
error-10011 = There is no such role any more.
error-10013 = There is no such person.
error-10062 = This has expired. Please try again.
error-10063 = There is no such command any more.
error-20016 = Slowmode is on here. Please wait a little before your next message.
error-30005 = This server has as many roles as it can have (250).
error-30013 = This server has as many channels as it can have (500).
error-30033 = This thread has as many members as it can have (1,000).
error-40005 = That is too large to be sent.
error-50001 = You do not have access to this.
error-50005 = You can only edit your own messages.
error-50006 = An empty message cannot be sent.
error-50013 = You do not have permission to do this.
error-50021 = This cannot be done with a system message.
error-50024 = This cannot be done in a channel of this kind.
error-50028 = That role cannot be used here.
error-50035 = Something in this form is not right.
error-50083 = This thread is archived.
error-160002 = You cannot reply where you may not read the message history.
error-160004 = There is already a thread for this message.
error-160005 = This thread is locked.
error-160006 = This server has as many active threads as it can have.


## The bar at the top: who is looking, and the tools.

you-are = You are
person-with-part = { $name } ({ $part })
part-owner = owner
part-moderator = moderator
part-member = member
now-you-are = You are now { $name }.
act-as = Act as { $name }
new-person = New person
bot-connected = { $name }: connected
bot-away = { $name }: not connected
theme = Light or dark
theme-auto = Colors as your system has them.
theme-dark = Dark.
theme-light = Light.
tools = Sandbox tools
advance-minute = Move time on by a minute
advance-hour = Move time on by an hour
advance-day = Move time on by a day
now-is = In the sandbox it is now { $time }.
reset = Start afresh
reset-sure = Everything in the sandbox goes back to the beginning.
skip = Jump to the message box


## What happened: each thing that people did, the bot called, or the bot was told.

inspector = What happened
kind-call = Call
kind-event = Event
kind-person = Person
kind-gateway = Gateway
record-request = Request
record-response = Response
record-data = Data
record-action = Action
person-did = { $name }: { $deed }
did-add-to-a-thread = add to a thread
did-close-a-modal = close a form
did-create-a-channel = create a channel
did-create-a-role = create a role
did-create-a-thread = create a thread
did-delete-a-channel = delete a channel
did-delete-a-message = delete a message
did-delete-a-role = delete a role
did-delete-messages = delete messages
did-edit-a-channel = edit a channel
did-edit-a-message = edit a message
did-edit-a-role = edit a role
did-edit-the-profile = edit the profile
did-edit-the-server = edit the server
did-give-a-role = give a role
did-invite-a-bot = invite a bot
did-join-a-thread = join a thread
did-join-the-server = join the server
did-kick = kick
did-leave-a-thread = leave a thread
did-leave-the-server = leave the server
did-remove-from-a-thread = remove from a thread
did-remove-permissions = remove permissions
did-send-a-message = send a message
did-send-by-webhook = send by webhook
did-set-permissions = set permissions
did-submit-a-modal = submit a form
did-take-a-role = take a role
did-use-a-command = use a command
did-use-a-component = use a component


## The first minute, in three steps. Names and commands stand out.

guide = From message to ticket
guide-hide = Hide these steps
guide-done = (done)
guide-write = As { $owner }, write a message for people who need help.
guide-inbox = Run { $command }. Then right-click your message (or press it long) and choose { $apps } and { $select }.
guide-ticket = Become { $member } at the top of the page, and press the button under the new inbox.
guide-end = That is all: a private thread with the staff. Leave it as { $member }, and the bot closes it.


## Servers and channels.

nowhere = There is nothing to see here.
no-server = No server
in-no-server = You are in no server.
join = Join { $name }
server-settings = Server Settings
server-name = Server name
server-language = Server language
copy-server-id = Copy Server ID
leave-server = Leave Server
leave-sure = You can come back to { $name } any time, from here.
invite-bot = Invite { $name }
create-channel = Create Channel
text-channel = Text
announcement-channel = Announcement
channel-settings = Channel Settings
settings-of = Settings of { $name }
copy-channel-id = Copy Channel ID
delete-channel = Delete Channel
delete-sure = { $name } will be gone for good.
channel-actions = Channel actions
send-as-webhook = Send as a webhook
webhook-text = Text
embed-title = Embed: title
embed-description = Embed: description
embed-colour = Embed: color
show-channels = Show channels
show-members = Members
slowmode-seconds = Slowmode, in seconds
mentions =
    { $count ->
        [one] { $count } mention
       *[other] { $count } mentions
    }
deleted-role = deleted-role
unknown-user = unknown-user
unknown-channel = unknown
overwrites = Permissions
add-overwrite = Add a role or a member
create-role = Create Role
new-role = new role
delete-role = Delete Role
choose-role = Choose a role.
mentionable = Anyone may mention this role
hoist = Show its members apart
permission-BYPASS_SLOWMODE = Bypass Slowmode
permission-KICK_MEMBERS = Kick Members
permission-BAN_MEMBERS = Ban Members
permission-ADMINISTRATOR = Administrator
permission-MANAGE_CHANNELS = Manage Channels
permission-MANAGE_GUILD = Manage Server
permission-VIEW_CHANNEL = View Channels
permission-SEND_MESSAGES = Send Messages
permission-MANAGE_MESSAGES = Manage Messages
permission-EMBED_LINKS = Embed Links
permission-ATTACH_FILES = Attach Files
permission-READ_MESSAGE_HISTORY = Read Message History
permission-MENTION_EVERYONE = Mention Everyone
permission-MANAGE_ROLES = Manage Roles
permission-MANAGE_WEBHOOKS = Manage Webhooks
permission-USE_APPLICATION_COMMANDS = Use Application Commands
permission-MANAGE_THREADS = Manage Threads
permission-CREATE_PUBLIC_THREADS = Create Public Threads
permission-CREATE_PRIVATE_THREADS = Create Private Threads
permission-SEND_MESSAGES_IN_THREADS = Send Messages in Threads
permission-MODERATE_MEMBERS = Time Out Members


## Messages.

messages-in = Messages in { $name }
welcome = Welcome to #{ $name }!
start-of = This is the start of the #{ $name } channel.
start-of-thread = This is the start of the thread.
jump-to-present = You are looking at older messages. Jump to the present
message-actions = Message actions
says = { $name }: { $text }
something-new = something new
message-link = message
copy-text = Copy Text
copy-link = Copy Link
copy-message-id = Copy Message ID
copy-user-id = Copy User ID
delete-message = Delete Message
delete-message-sure = This message will be gone for good.
edit-message = Edit message
dismiss = Dismiss message
no-apps = No commands here
not-here = Not in this server any more.
only-you = Only you can see this
thinking = { $name } is thinking…
sending = Sending command…
used = { $name } used { $command }
used-something = { $name } used a command
no-response = { $name }: this application did not respond.
interaction-failed = This interaction failed. This application did not respond.
reply-gone = The message this replies to was deleted.
reply-to = Go to the message of { $name } that this replies to
picture-elsewhere = A picture on another host, not loaded here: { $link }
invalid-date = Invalid date
system-added = { $who } added { $other }
system-removed = { $who } removed { $other }
system-left = { $who } left.
system-renamed = { $who } changed the name: { $name }
system-pinned = { $who } pinned a message.
system-joined = { $who } joined the server.
system-thread = { $who } started a thread: { $thread }
system-other = { $who } (message of type { $type }) { $text }


## Writing.

message-to = Message { $name }
replying-to = Replying to { $name }
cancel-reply = Do not reply
may-not-send = You do not have permission to send messages here.
locked-thread = This thread is locked. Only those with Manage Threads can write in it.
archived = This thread is archived. Sending a message opens it again.
archived-and-locked = This thread is archived and locked.
slowmode = Slowmode: one message every { $seconds } s.
slowmode-wait = Slowmode: you can write again in { $seconds } s.
too-many-files = At most { $most } files at once.
attach = Add files
attachments = Files to send
no-files-here = You cannot add files here.
drop-here = Drop to add
spoiler-file = Mark { $name } as a spoiler
remove-file = Remove { $name }
typing =
    { $count ->
        [one] { $names } is typing…
       *[other] { $names } are typing…
    }
typing-many = Several people are typing…


## Menus, commands, forms.

make-selection = Make a selection
chosen = { $count } of { $most }
at-most = At most { $most } can be chosen.
at-least = Choose at least { $least }.
option-required = { $name }: this option is required.
not-an-option = { $name }: choose one of those offered.
suggestions-failed = Loading options failed
field-required = This field is required.
too-short =
    { $least ->
        [one] At least { $least } character.
       *[other] At least { $least } characters.
    }
from-app = This form is from { $name }.
unknown-component = This page cannot show components of type { $type }.


## Threads and their members.

archived-tag = Archived
joined-tag = joined
no-threads = There are no threads here.
threads-of = Threads of { $name }
started-by = started by { $name }
archived-when = archived { $when }
thread-actions = Thread actions
create-thread = Create Thread
private-thread = Private
public-thread = Public
join-thread = Join
leave-thread = Leave
add-members = Add members
whom = Whom?
lock = Lock
unlock = Unlock
archive = Archive
archive-and-lock = Archive and lock
reopen = Re-open
reopen-and-unlock = Re-open and unlock
copy-thread-id = Copy Thread ID
delete-thread = Delete Thread
thread-members = In this thread — { $count }
group-of = { $name } — { $count }
and-more = and { $count } more
remove-from-thread = Remove { $name } from the thread
kick = Kick { $name }
kick-sure = { $name } will leave { $guild }.
