### Every text of the page. Whatever Discord's client also has uses the client's own words.


## Single words, on buttons and next to fields.

title = Sandbox
app = APP
apps = Apps
add = Add
archived-tab = Closed
active-tab = Active
back = Back
cancel = Cancel
channel = Channel
channels = Channels
clear = Clear
close = Close
colour = Color
colour-none = No color
colour-own = Custom color
create = Create
delete = Delete
done = Done
edit = Edit
edited = (edited)
filter = Filter
kind = Type
language = Language
locked = Locked
members = Members
mention = Mention
menu = Menu
messages = Messages
more = More
name = Name
new = New
no = No
owner = Server Owner
picture = Picture
rename = Edit Thread
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


## The connection to the sandbox, and errors. The numbers are Discord's error codes.

unreachable = Can't reach the sandbox.
answered = The sandbox responded with status { $status }.
line-lost = Connection lost. Reconnecting…
try-now = Try now
place-gone = { $name } is no longer available.
no-such-place = This channel doesn't exist, or you don't have access to it.
copied = Copied to the clipboard.
copy-failed = Couldn't copy to the clipboard. The text is: { $text }
nothing-found = No results
error-10003 = This channel no longer exists.
error-10004 = This server no longer exists.
error-10007 = This person isn't a member of the server.
error-10008 = This message no longer exists.
error-10011 = This role no longer exists.
error-10013 = This person doesn't exist.
error-10062 = This interaction has expired. Please try again.
error-10063 = This command no longer exists.
error-20016 = Slowmode is on. Please wait before you send another message.
error-30005 = This server already has the maximum number of roles (250).
error-30013 = This server already has the maximum number of channels (500).
error-30033 = This thread already has the maximum number of members (1,000).
error-40005 = This is too large to send.
error-50001 = You don't have access to this.
error-50005 = You can only edit your own messages.
error-50006 = You can't send an empty message.
error-50013 = You don't have permission to do this.
error-50021 = You can't do this with a system message.
error-50024 = You can't do this in this type of channel.
error-50028 = This role can't be used here.
error-50035 = Some of these values aren't valid.
error-50083 = This thread is closed.
error-160002 = You can't reply where you don't have permission to read the message history.
error-160004 = This message already has a thread.
error-160005 = This thread is locked.
error-160006 = This server already has the maximum number of active threads.


## The bar at the top: the current person, and the tools.

you-are = You are
person-with-part = { $name } ({ $part })
part-owner = owner
part-moderator = moderator
part-member = member
now-you-are = You are now { $name }.
act-as = Switch to { $name }
new-person = Add a person
bot-connected = { $name }: connected
bot-away = { $name }: not connected
theme-dark = Switch to dark theme
theme-light = Switch to light theme
tools = Sandbox tools
advance-minute = Skip ahead 1 minute
advance-hour = Skip ahead 1 hour
advance-day = Skip ahead 1 day
now-is = The sandbox's clock now shows { $time }.
reset = Start over
reset-sure = This deletes everything you did here and sets the sandbox up again.
skip = Skip to the message box


## The activity log: what people did, what the bot called, and the events it received.

inspector = Activity log
problems =
    { $count ->
        [one] { $count } problem
       *[other] { $count } problems
    }
kind-call = API call
kind-event = Event
kind-person = Person
kind-gateway = Gateway
record-request = Request
record-response = Response
record-data = Data
record-action = Action
person-did = { $name } { $deed }
person-did-other = { $name }: { $deed }
did-add-to-a-thread = added somebody to a thread
did-close-a-modal = closed a modal
did-create-a-channel = created a channel
did-create-a-role = created a role
did-create-a-thread = created a thread
did-delete-a-channel = deleted a channel
did-delete-a-message = deleted a message
did-delete-a-role = deleted a role
did-delete-messages = deleted messages
did-edit-a-channel = edited a channel
did-edit-a-message = edited a message
did-edit-a-role = edited a role
did-edit-the-profile = edited the profile
did-edit-the-server = edited the server
did-give-a-role = gave somebody a role
did-invite-a-bot = invited a bot
did-join-a-thread = joined a thread
did-join-the-server = joined the server
did-kick = kicked somebody
did-leave-a-thread = left a thread
did-leave-the-server = left the server
did-remove-from-a-thread = removed somebody from a thread
did-remove-permissions = removed permissions
did-send-a-message = sent a message
did-send-by-webhook = sent a message with a webhook
did-set-permissions = set permissions
did-submit-a-modal = submitted a modal
did-take-a-role = took a role from somebody
did-pin = pinned a message
did-unpin = unpinned a message
did-react = reacted to a message
did-take-a-reaction-away = removed a reaction
did-ban = banned somebody
did-lift-a-ban = lifted a ban
did-use-an-invite = joined with an invite
did-edit-a-member = edited a member
did-open-direct-messages = opened direct messages
did-forge-an-interaction = forged an interaction
did-use-a-command = used a command
did-use-a-component = used a button or a menu


## The guide from a message to a closed ticket. Names and channels are buttons.

guide = From message to ticket
guide-hide = Hide these steps
guide-done = (done)
guide-all = Show all steps
guide-count = { $number } of { $count }
guide-step-write = Write a message
guide-step-inbox = Create an inbox
guide-step-select = Select your message
guide-step-staff = Choose who answers
guide-step-ticket = Open a ticket
guide-step-answer = Answer it
guide-step-leave = Leave it
guide-switch = Switch to { $name }.
guide-write = Open { $channel } and write a message for people who need help.
guide-inbox = Run { $command } and choose { $channel }.
guide-select = Right-click your message, then choose { $apps } and { $select }.
guide-select-touch = Press and hold your message, then choose { $apps } and { $select }.
guide-staff = Choose them in the menu below the bot's response, or keep its suggestion with the button below the menu. Later, { $command } shows the menu again.
guide-ticket = Click the button below the inbox in { $channel }.
guide-answer = Open the ticket below { $channel } and write an answer.
guide-leave = Open the ticket and choose { $leave }.
guide-end = That's it! The bot closed and locked the ticket. { $moderator } finds it in the closed threads of { $channel }.


## Servers and channels.

nowhere = You can't see any channels here.
no-server = No server
in-no-server = You aren't in any server.
join = Join { $name }
server-settings = Server Settings
server-name = Server name
server-language = Server language
copy-server-id = Copy Server ID
leave-server = Leave Server
leave-sure = You can rejoin { $name } at any time.
invite-bot = Invite { $name }
create-channel = Create Channel
text-channel = Text
announcement-channel = Announcement
forum-channel = Forum
new-post = New Post
no-posts = There are no posts yet.
post-title = Title
post-message = Message
post-tag = Tag
no-tag = No tag
publish = Post
pinned = Pinned
post-replies =
    { $count ->
        [one] { $count } message
       *[other] { $count } messages
    }
channel-settings = Channel Settings
settings-of = Settings for #{ $name }
copy-channel-id = Copy Channel ID
delete-channel = Delete Channel
delete-sure = Delete { $name }? You can't undo this.
channel-actions = Channel actions
send-as-webhook = Send with a webhook
webhook-text = Text
embed-title = Embed: title
embed-description = Embed: description
embed-colour = Embed: color
show-channels = Show channels
show-members = Show members
slowmode-seconds = Slowmode (seconds)
mentions =
    { $count ->
        [one] { $count } mention
       *[other] { $count } mentions
    }
deleted-role = deleted-role
unknown-user = Unknown User
unknown-channel = unknown
overwrites = Permissions
state-allow = Allow
state-deny = Deny
state-inherit = Inherit
add-overwrite = Add a role or a member
remove-overwrite = Remove { $name }
create-role = Create Role
new-role = new role
delete-role = Delete Role
choose-role = Select a role to edit it.
mentionable = Allow anyone to @mention this role
hoist = Display role members separately
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
permission-MENTION_EVERYONE = Mention @everyone, @here, and All Roles
permission-MANAGE_ROLES = Manage Roles
permission-MANAGE_WEBHOOKS = Manage Webhooks
permission-USE_APPLICATION_COMMANDS = Use Application Commands
permission-MANAGE_THREADS = Manage Threads
permission-CREATE_PUBLIC_THREADS = Create Public Threads
permission-CREATE_PRIVATE_THREADS = Create Private Threads
permission-SEND_MESSAGES_IN_THREADS = Send Messages in Threads
permission-MODERATE_MEMBERS = Timeout Members


## Messages.

messages-in = Messages in { $name }
welcome = Welcome to #{ $name }!
start-of = This is the start of the #{ $name } channel.
start-of-thread = This is the start of the thread.
jump-to-present = You're viewing older messages. Jump to present
new-messages =
    { $count ->
        [one] { $count } new message ↓
       *[other] { $count } new messages ↓
    }
picture-count = { $number } of { $count }
picture-before = Previous picture
picture-after = Next picture
picture-open = Open in browser
switcher = Go to
switcher-hint = Where would you like to go?
people = People
reactions = Reactions
add-reaction = Add Reaction
reaction =
    { $count ->
        [one] { $emoji }: { $count } reaction
       *[other] { $emoji }: { $count } reactions
    }
message-actions = Message actions
says = { $name }: { $text }
something-new = sent something without text
message-link = message
copy-text = Copy Text
copy-link = Copy Link
copy-message-id = Copy Message ID
copy-user-id = Copy User ID
delete-message = Delete Message
delete-message-sure = Delete this message? You can't undo this.
edit-message = Edit message
dismiss = Dismiss message
no-apps = No commands available
not-here = This person is no longer in the server.
only-you = Only you can see this
thinking = { $name } is thinking…
sending = Sending command…
used = { $name } used { $command }
used-something = { $name } used a command
no-response = { $name }: The application did not respond
interaction-failed = This interaction failed. The application did not respond.
reply-gone = Original message was deleted
reply-to = Go to the message from { $name }
picture-elsewhere = This picture is on another site and isn't loaded here: { $link }
invalid-date = Invalid date
system-added = { $who } added { $other } to the thread.
system-removed = { $who } removed { $other } from the thread.
system-left = { $who } left the thread.
system-renamed = { $who } changed the channel name: { $name }
system-pinned = { $who } pinned a message to this channel.
system-joined = { $who } joined the server.
system-thread = { $who } started a thread: { $thread }
system-other = { $who } (message of type { $type }) { $text }


## Writing.

message-to = Message { $name }
replying-to = Replying to { $name }
cancel-reply = Cancel the reply
may-not-send = You do not have permission to send messages in this channel.
locked-thread = This thread is locked. Only members with Manage Threads can send messages in it.
archived = This thread is closed. Sending a message opens it again.
archived-and-locked = This thread is closed and locked.
slowmode =
    { $seconds ->
        [one] Slowmode is on: one message every second.
       *[other] Slowmode is on: one message every { $seconds } seconds.
    }
slowmode-wait =
    { $seconds ->
        [one] Slowmode is on: you can send a message in { $seconds } second.
       *[other] Slowmode is on: you can send a message in { $seconds } seconds.
    }
too-many-files = You can only upload { $most } files at a time.
attach = Upload files
attachments = Files to upload
no-files-here = You can't upload files here.
drop-here = Drop to upload
spoiler-file = Mark { $name } as a spoiler
remove-file = Remove { $name }
typing =
    { $count ->
        [one] { $names } is typing…
       *[other] { $names } are typing…
    }
typing-many = Several people are typing…


## Menus, commands, forms.

silent = Silent
silent-message = Sent without a notification
roles-not-added = Some of the mentioned roles were not added to this thread: they have too many members.
make-selection = Make a selection
chosen = { $count } of { $most } selected
at-most = Select at most { $most }.
at-least = Select at least { $least }.
option-required = { $name }: This option is required
not-an-option = { $name }: Select one of the suggestions
suggestions-failed = Loading options failed
no-such-command = There is no command “{ $text }”.
not-understood = { $command } can't use “{ $text }”. Write its options as name: value.
field-required = This field is required.
choose-files = Choose files
file-too-large = { $name } is too large. The limit is { $size } per file.
at-least-files =
    { $least ->
        [one] Add at least { $least } file.
       *[other] Add at least { $least } files.
    }
try-again = Something went wrong. Try again.
too-short =
    { $least ->
        [one] At least { $least } character.
       *[other] At least { $least } characters.
    }
from-app = This form will be submitted to { $name }.
unknown-component = This page can't show components of type { $type } yet.


## Threads and their members.

archived-tag = Closed
joined-tag = joined
no-threads = There are no threads here.
threads-of = Threads in #{ $name }
search-threads = Search threads by name
tab-count = { $name } ({ $count })
thread-name = Thread name
hide-after = Hide after inactivity of
threads-found =
    { $all ->
        [one] { $count } of { $all } thread
       *[other] { $count } of { $all } threads
    }
hours =
    { $count ->
        [one] { $count } hour
       *[other] { $count } hours
    }
days =
    { $count ->
        [one] { $count } day
       *[other] { $count } days
    }
started-by = started by { $name }
archived-when = closed { $when }
thread-actions = Thread actions
create-thread = Create Thread
private-thread = Private
public-thread = Public
join-thread = Join Thread
leave-thread = Leave Thread
add-members = Add Members
whom = Choose members
lock = Lock Thread
unlock = Unlock Thread
archive = Close Thread
archive-and-lock = Close and Lock Thread
reopen = Open Thread
copy-thread-id = Copy Thread ID
delete-thread = Delete Thread
thread-members = In this thread — { $count }
group-of = { $name } — { $count }
and-more = and { $count } more
remove-from-thread = Remove { $name } from Thread
kick = Kick { $name }
kick-sure = { $name } will be removed from { $guild }.
time-out = Timeout { $name }
end-time-out = Remove Timeout
timed-out = Timed out
minutes =
    { $count ->
        [one] { $count } minute
       *[other] { $count } minutes
    }
