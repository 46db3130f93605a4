### English (United States): what every other language falls back to.
###
### To add a language, copy this file, name it after Discord's code for the language (for example
### es-ES.ftl), and translate the right-hand sides. Nothing else is needed: the tests say what is
### wrong. Keep what is in { braces } and the words that begin with a dollar.
### Permissions and menus are named as Discord itself names them in that language.


## Commands. Names: 1 to 32 letters, digits, - or _, no capitals. Descriptions: up to 100 characters.

command-inbox = inbox
command-inbox-description = Set up and change ticket inboxes
command-create = create
command-create-description = Post a new inbox, made from a message that you select
command-create-channel = channel
command-create-channel-description = Where the inbox is posted
command-create-destination = destination
command-create-destination-description = Where its tickets are opened, if not in the same channel
command-create-name = name
command-create-name-description = What the inbox is called in menus and lists, and on the message of another inbox
command-create-panel = panel
command-create-panel-description = An inbox whose message also offers the new one, which then has no message of its own
command-panel = panel
command-panel-description = Choose which inboxes the message of an inbox offers
command-panel-inbox-description = The inbox whose message you want to change
command-destination = destination
command-destination-description = Send an inbox's new tickets to another channel
command-destination-channel = channel
command-destination-channel-description = Where new tickets are opened
command-message = message
command-message-description = Replace the message of an inbox
command-staff = staff
command-staff-description = See and change who is mentioned in an inbox's new tickets
command-new-tickets = new-tickets
command-new-tickets-description = Change how an inbox's new tickets begin
command-starter = starter
command-starter-description = See and change the starting message of new tickets
command-name = name
command-name-description = See and change how new tickets are named
command-inbox-list = list
command-inbox-list-description = See all inboxes of the server, their staff and open tickets, and what is wrong with them
command-inbox-remove = remove
command-inbox-remove-description = Remove an inbox and delete its message, after you confirm
command-inbox-remove-inbox-description = Which inbox
command-settings = settings
command-settings-description = See and change all settings of an inbox and of the server
command-settings-inbox = inbox
command-settings-inbox-description = Which inbox, if there are several
command-settings-setting = setting
command-settings-setting-description = Change this setting at once
# In the Apps menu of a message. Capitals and spaces are fine here.
command-select = Select this message
command-ticket = ticket
command-ticket-description = See and manage tickets
command-close = close
command-close-description = Close this ticket
command-close-reason = reason
command-close-reason-description = The reason; everybody in the ticket can read it
command-close-remove-owner = remove-owner
command-close-remove-owner-description = Also remove everybody who isn't staff from the ticket
command-add = add
command-add-description = Add a member to this ticket
command-add-member-description = The member to add
command-remove = remove
command-remove-description = Remove a member from this ticket
command-remove-member-description = The member to remove
command-member = member
command-rename = rename
command-rename-description = Give this ticket another name
command-rename-name = name
command-rename-name-description = The new name
command-ask-close = ask-close
command-ask-close-description = Ask the owner whether this ticket can be closed
command-ask-close-in = in
command-ask-close-in-description = When to close it without an answer, such as 12h or 3d
command-snooze = snooze
command-snooze-description = Stop reminders in this ticket for a while; then I notify you
command-snooze-for = for
command-snooze-for-description = How long, such as 6h or 3d
command-claim = claim
command-claim-description = Show everybody that you are looking after this ticket
command-transfer = transfer
command-transfer-description = Transfer this ticket to another inbox and its staff
command-transfer-inbox-description = The inbox whose staff should answer
command-transfer-remove-old-staff = remove-old-staff
command-transfer-remove-old-staff-description = Also remove the previous inbox's staff from the ticket
command-unclaim = unclaim
command-unclaim-description = Stop looking after this ticket
command-open = open
command-open-description = Open a ticket
command-open-inbox-description = Which inbox; if you leave it out and there are several, you choose from a menu
# In the Apps menu of a member. Capitals and spaces are fine here.
command-open-for = Open a ticket…
command-report = Report to staff
report-modal-title = Report a message
command-reopen = reopen
command-reopen-description = Open a closed ticket again
command-reopen-ticket-description = The ticket: its link or its ID
command-list = list
command-list-description = See your open tickets and, if you are staff, those of your inboxes
command-list-member-description = Only the tickets of this member
command-help = help
command-help-description = See what you can do here


## Modals. Titles and labels: up to 45 characters. Descriptions: up to 100.

starter-modal-title = Starting message of new tickets
starter-modal-label = Starting message
starter-modal-description = Use $author for the ticket's owner and $staff for the staff. Leave empty for the default.
name-modal-title = Name of new tickets
name-modal-label = Name
name-modal-description = You can use $year, $month, $day, $author and $counter. Leave empty for the default.
name-modal-description-form = You can use $year, $month, $day, $author, $counter, and $title: the first answer to the form.
form-modal-title = New ticket
staff-menu-placeholder = Choose members and roles
use-suggested-button = Use these roles
# In the server's language, below an inbox.
remove-inbox-button = Remove
post-again-button = Post { $inbox } again
forget-inbox-button = Forget { $inbox }
open-menu-placeholder = Open a ticket…
entries-placeholder = Choose inboxes
entries-automatic = Buttons for up to 5 inboxes, otherwise a menu
entries-buttons = Always buttons
entries-menu = Always a menu
settings-title = Settings of { $inbox }
settings-title-server = Settings of this server
settings-menu-placeholder = Change: { $group }
# A setting and its value, or what is wrong with it.
setting-line = { $name }: { $value }
inbox-menu-placeholder = Choose an inbox
setting-modal-title = Change a setting
inboxes-shortened = Shows only 24 inboxes. For another one, use the option { command-settings-inbox } of the command.
edit-again-button = Edit again
# The name of this language, in this language.
language-name = English


## Settings. Groups and names: up to 45 characters. Descriptions and words: up to 100.

settings-group-inbox = Inbox
settings-group-access = Access
settings-group-tickets = Tickets
settings-group-staff = Staff
settings-group-server = Server

setting-name = Name
setting-name-description = The inbox's name in this server's menus and lists, up to 45 characters.
setting-name-channel = the channel's name
setting-button-label = Button label
setting-button-label-description = The text on the button, up to 80 characters. Empty: Create Ticket.
setting-button-label-default = Create Ticket
setting-button-emoji = Button emoji
setting-button-emoji-description = Such as 🎫, or an emoji of this server as <:name:id>. Empty: no emoji.
setting-button-emoji-none = none
setting-button-colour = Button color
setting-button-colour-description = One of Discord's button colors.
setting-button-colour-blurple = blurple
setting-button-colour-grey = gray
setting-button-colour-green = green
setting-button-colour-red = red
setting-description = Description
setting-description-description = Shown below the inbox's name in menus, up to 100 characters.
setting-description-none = none
setting-limit-member = Open tickets per member
setting-limit-member-description = How many open tickets a member can have here: 0 to 50; 0 means no limit. Default: 1.
setting-limit-member-none = no limit
setting-limit-total = Open tickets in total
setting-limit-total-description = How many open tickets this inbox can have in total: 0 to 900; 0 means no limit.
setting-limit-total-none = no limit
setting-cooldown = Time between tickets
setting-cooldown-description = How long members wait between two tickets, such as 5m, 12h or 7d. 0: no wait. At most 30 days.
setting-cooldown-default = 1 minute, or the channel's slowmode if that is longer
setting-cooldown-none = no wait
setting-destination = Channel for new tickets
setting-destination-description = Where this inbox's tickets open. If you choose none: in the inbox's own channel.
setting-destination-own = the inbox's channel
setting-starter = Starting message
setting-starter-description = Use $author for the ticket's owner and $staff for the staff. Empty: the default message.
setting-starter-default = the default message
setting-ticket-name = Name of new tickets
setting-ticket-name-description = You can use $year, $month, $day, $author, $counter and, with a form, $title. Empty: the default.
setting-hide-after = Hide after inactivity
setting-hide-after-description = How long after the last message Discord hides a new ticket from the channel list.
setting-hide-after-channel = as set in the channel
setting-hide-after-hour = 1 hour
setting-hide-after-day = 24 hours
setting-hide-after-three-days = 3 days
setting-hide-after-week = 1 week
setting-close-button = Close button
setting-close-button-description = Adds a Close button to new tickets. Staff can always use it; choose what it does for the owner.
setting-close-button-off = none
setting-close-button-request = the owner can ask staff to close
setting-close-button-owner = the owner can close
setting-lock = Closed tickets
setting-lock-description = Only staff can open a locked ticket again. To lock tickets, I need Manage Threads.
setting-lock-lock = locked
setting-lock-archive = not locked
setting-remind-owner = Remind the owner
setting-remind-owner-description = How long a ticket waits for its owner before I ask if they still need help: 1 hour to 30 days.
setting-remind-owner-off = never
setting-close-idle = Close without an answer
setting-close-idle-description = How long a ticket waits for its owner before I close it: 1 hour to 60 days.
setting-close-idle-off = never
setting-remind-staff = Remind the staff
setting-remind-staff-description = How long a ticket waits for staff before I remind them: 1 hour to 30 days.
setting-remind-staff-off = never
setting-staff = Staff
setting-staff-description = Members and roles that new tickets mention and invite, at most 25.
setting-staff-nobody = nobody
setting-staff-powers = Who counts as staff
setting-staff-powers-description = Who can close and manage this inbox's tickets with my commands.
setting-staff-powers-manage-threads = only members with Manage Threads
setting-staff-powers-listed-staff = the listed staff, and members with Manage Threads
setting-staff-mode = How staff join
setting-staff-mode-description = How staff get into a new ticket. Joining from a notice needs a channel for notices.
setting-staff-mode-mention = by a mention
setting-staff-mode-silent = by a silent mention
setting-staff-mode-join = by clicking Join on its notice
setting-notices = Channel for notices
setting-notices-description = Each ticket gets one message there, with a Join button. Choose a channel that only staff can view.
setting-notices-none = none
setting-notice-ping = Mention in notices
setting-notice-ping-description = Whether a notice mentions the staff. This works for roles of any size.
setting-notice-ping-nobody = nobody
setting-notice-ping-staff = the staff
close-modal-title = Close this ticket
ask-close-modal-title = Ask the staff to close this ticket
close-modal-label = Reason
close-modal-description = Everybody in this ticket can read it. You can leave it empty.
join-menu-placeholder = Join a ticket…
previous-page = Previous
next-page = Next
setting-allowed-roles = Allowed roles
setting-allowed-roles-description = Members need one of these roles to open a ticket. If you choose none, everybody can.
setting-allowed-roles-none = everybody
setting-blocked-roles = Blocked roles
setting-blocked-roles-description = Members with one of these roles can't open tickets, whatever other roles they have.
setting-blocked-roles-none = none
setting-account-age = Minimum account age
setting-account-age-description = How old a Discord account must be to open a ticket, such as 7d. Empty: any age. At most 365 days.
setting-account-age-none = none
setting-member-age = Minimum time in the server
setting-member-age-description = How long a member must have been in the server, such as 12h. Empty: any time. At most 365 days.
setting-member-age-none = none
setting-pause = Pause
setting-pause-description = Members see this message instead of getting a ticket. Empty: the inbox is not paused.
setting-pause-off = off
setting-pause-end = End of pause
setting-pause-end-description = How long from now the pause lasts, such as 12h or 7d. Empty: until you end it.
setting-pause-end-none = when you end it
setting-hours = Staff hours
setting-hours-description = One line for each group of days, such as “Mon-Fri 09:00-12:00, 13:00-17:00”. Empty: always.
setting-hours-always = always
setting-time-zone = Time zone
setting-time-zone-description = For the staff hours, such as Europe/Berlin, with daylight saving time. Empty: UTC.
setting-outside-hours = Outside staff hours
setting-outside-hours-description = Whether members can open tickets then. Such a ticket says when staff will be back.
setting-outside-hours-say = tickets are opened, with a note on when staff will be back
setting-outside-hours-refuse = no tickets are opened
setting-language = Server language
setting-language-description = The language of everything that all members see: buttons, starting messages, notes in tickets.
setting-language-discord = as set in Discord
setting-server-limit = Open tickets per member, all inboxes
setting-server-limit-description = How many open tickets a member can have in all inboxes together: 0 to 50; 0 means no limit.
setting-server-limit-none = no limit
setting-reports = Inbox for reports
setting-reports-description = Its staff get the messages that members report in the Apps menu. None: reporting is off.
setting-reports-none = none
setting-reports-gone = an inbox that no longer exists


## Setting up an inbox. Only the member who used the command sees these.

-how-to-select = right-click it (or press and hold it), then choose **Apps** and **{ command-select }**.

select-content = Now select the message that your new inbox should show: { -how-to-select } I'll stop waiting { $until }.
select-inbox = Now select the inbox, which is the message that members open tickets with: { -how-to-select } I'll stop waiting { $until }.
select-replacement = Now select the message that { $inbox } should show from now on: { -how-to-select } I'll stop waiting { $until }.
missing-permissions =
    I'm missing some permissions:
    { $missing }
    Please grant them to me, then try again.
no-private-threads = Tickets can't be in { $channel }, because it is an announcement channel. Please run the command again with a text channel as the **{ command-create-destination }**.
nothing-pending = I'm not waiting for a message, so I did nothing with { $message }. Run a **/{ command-inbox }** command first.
selection-expired =
    { $minutes ->
        [one] I stopped waiting after { $minutes } minute, so I did nothing with { $message }. Please run the command again.
       *[other] I stopped waiting after { $minutes } minutes, so I did nothing with { $message }. Please run the command again.
    }
not-an-inbox = { $message } isn't an inbox. Please select one of my messages that members open tickets with.
no-longer-an-inbox = { $message } used to be an inbox, but I no longer know it. You can delete it and make a new one with **/{ command-inbox } { command-create }**.
nothing-to-copy = { $message } has no text, no files and no embeds that I could copy. Please select another message.
selected-itself = { $message } is the inbox itself. Please select the message that it should show instead.
attachments-too-large = Those files are too large: together they may have at most { $megabytes } MB. Please select a message with smaller ones.
download-failed = I couldn't download `{ $filename }`. Please try again, or select another message.
channel-of-entry = With **{ command-create-panel }**, the new inbox is on this message: { $inbox } Please choose the channel of that message as **{ command-create-channel }**. Tickets open there, or in the **{ command-create-destination }**.
entry-needs-name = On the message of another inbox, the new one needs a name that members see. Please use the option **{ command-create-name }**.
no-room-for-entries = That doesn't fit on one message: besides the inbox that it belongs to, it has room for 24 others as buttons, or 25 in a menu.
entry-created = Your inbox is ready. Members find it on this message: { $inbox }
entry-not-shown =
    Your inbox is ready, but I couldn't add it to this message yet: { $inbox }
    I'll keep trying.
name-unknown = I can't read the name of the channel of { $inbox } right now, and members would see it. Please try again later, or choose a name with **/{ command-inbox } { command-settings }**.
choose-entries =
    Choose which other inboxes { $inbox } offers. Each change is saved and shown at once.
    Every inbox keeps its own settings; its button label, emoji, color and description are among them.
entries-shortened = These menus show only 100 of the other inboxes.
entries-saved =
    { $count ->
        [0] Saved. { $inbox } offers no other inboxes.
        [one] Saved. { $inbox } offers { $count } other inbox.
       *[other] Saved. { $inbox } offers { $count } other inboxes.
    }
no-other-inbox = This server has no other inbox yet. Create one with **/{ command-inbox } { command-create }**; with the option **{ command-create-panel }**, it is on the message of another inbox.
inbox-created =
    Your inbox is ready: { $inbox }
    It is a copy, so you can delete the original message now.
# One of these three follows, above the menu of staff.
will-mention = New tickets will mention { $staff }. You can change that here:
nobody-yet = ⚠️ Nobody is notified of new tickets yet. Choose who:
nobody-yet-offering = ⚠️ Nobody is notified of new tickets yet. Choose who. The menu suggests roles that can manage threads. Nothing is saved until you choose.
message-replaced = The inbox shows its new message: { $inbox }
destination-changed = New tickets from { $inbox } now go to { $new } instead of { $old }.
destination-unchanged = New tickets from { $inbox } already go to { $channel }. Nothing has changed.
choose-staff = New tickets from { $inbox } mention the members and roles below. Each change is saved at once.
choose-staff-shortened =
    New tickets from { $inbox } mention the members and roles below. Each change is saved at once.
    There are { $total } members and roles, but this menu shows only the first { $shown }. If you change anything, the others are removed.
staff-saved =
    { $count ->
        [0] Saved. New tickets from { $inbox } will mention nobody.
       *[other] Saved. New tickets from { $inbox } will mention { $staff }.
    }
staff-saved-without =
    { $count ->
        [0] @everyone, my own role and I can't be staff, so I left them out. New tickets from { $inbox } will mention nobody.
       *[other] @everyone, my own role and I can't be staff, so I left them out. New tickets from { $inbox } will mention { $staff }.
    }
starter-saved = Saved. New tickets from { $inbox } will begin with your message.
starter-saved-without-author = Saved. New tickets from { $inbox } will begin with your message. Note that it doesn't contain `$author`, so the tickets' owners won't be invited to them.
starter-reset = New tickets from { $inbox } will begin with the default message.
name-saved = Saved. New tickets from { $inbox } will have names like this: `{ $example }`
name-reset = New tickets from { $inbox } will have the default name, like this: `{ $example }`
no-longer-allowed = You're no longer allowed to change this, or you left it open for too long. Nothing was changed. Please run the command again.
inbox-gone = This inbox no longer exists.
channel-gone = That channel no longer exists.

choose-among-inboxes = Which inbox?
choose-among-inboxes-shortened = Which inbox? This menu shows only the first 25. Use the option **{ command-settings-inbox }** of the command for the others.
inbox-listed =
    - **Destination**: { $channel }
    - **Staff**: { $count ->
        [0] nobody
       *[other] { $staff }
    }
    - **Open tickets**: { $open }
inbox-not-posted =
    Not posted: no message shows this inbox. I'll forget its settings and staff { $until }, but not while it has open tickets.
    - **Open tickets**: { $open }
remove-inbox =
    Remove the inbox **{ $name }**? { $inbox }
    { $open ->
        [0] It has no open tickets.
        [one] It has { $open } open ticket, which stays open and keeps its staff.
       *[other] It has { $open } open tickets, which stay open and keep their staff.
    }
    Its message will be deleted. { $also ->
        [0] {""}
        [one] { $also } inbox that is only on this message will be removed, too.{" "}
       *[other] { $also } inboxes that are only on this message will be removed, too.{" "}
    }Name, settings and staff will be kept for 30 days: **/{ command-inbox } { command-inbox-list }** can post it again.
inbox-removed = I've removed the inbox **{ $name }**. To post it again within 30 days, use **/{ command-inbox } { command-inbox-list }**.
no-inboxes = This server has no inboxes yet. Create one with **/{ command-inbox } { command-create }**.
no-such-inbox = This server has no inbox named `{ $written }`. Please choose one of the suggestions.
unknown-setting = There is no setting named `{ $written }`. Please choose one of the suggestions.
setting-saved = Saved. **{ $setting }**: { $value }
not-a-number = `{ $written }` isn't a whole number from { $least } to { $most }.
not-a-duration = I can't read `{ $written }` as a length of time. Write a number with a unit, such as `90s`, `30m`, `12h`, `7d` or `2w`.
duration-out-of-range = That must be between { $least } and { $most }.
not-a-choice = `{ $written }` isn't one of the choices.
name-taken = This server already has an inbox named `{ $written }`. Please choose another name.
not-an-emoji = `{ $written }` isn't an emoji. Write the emoji itself, such as 🎫, or an emoji of this server as `<:name:id>`.
button-refused = Discord doesn't accept this button. If its emoji is from a server that I'm not in, please choose another. Nothing has changed.
hours-without-days = Line { $line }, `{ $written }`: Please begin with days, such as `Mon-Fri 09:00-17:00`, `Sat 10:00-12:00` or `daily 08:00-20:00`.
hours-without-times = Line { $line }, `{ $written }`: Please write times from `00:00` to `24:00` after the days, such as `Mon-Fri 09:00-12:00, 13:00-17:00`. A whole day is `00:00-24:00`.
hours-too-long = These hours are longer than { $limit } characters when I write them out. Please use fewer lines: days with the same times can share one, such as `Mon-Fri 09:00-17:00`.
unknown-time-zone = I don't know a time zone named `{ $written }`. Time zones have names such as `Europe/Berlin` or `America/New_York`.

# What is wrong with an inbox. Shown below what was done, a line each.
problem-bot-lacks = ⚠️ I'm missing permissions in { $channel }: { $permissions }. Without them this inbox doesn't work. Please grant them to me.
problem-no-private-threads = ⚠️ Tickets can't be in { $channel }, because it isn't a text channel. Choose another channel with **/{ command-inbox } { command-destination }**.
problem-destination-gone = ⚠️ The channel for tickets no longer exists, so they are opened in { $channel }. Choose another channel with **/{ command-inbox } { command-destination }**.
problem-not-offered = ⚠️ No message has a button for this inbox, so members can open its tickets only with **/{ command-ticket } { command-open }**. Add it to a message with **/{ command-inbox } { command-panel }**.
problem-notices-gone = ⚠️ The channel for notices no longer exists, so new tickets have none, and staff who should join by a notice are mentioned instead. Choose another channel with **/{ command-inbox } { command-settings }**.
problem-notices-lack = ⚠️ I can't post notices in { $channel }, because I'm missing permissions there: { $permissions }. Please grant them to me, or choose another channel with **/{ command-inbox } { command-settings }**.
problem-notices-hidden = ⚠️ { $staff } can't view { $channel }, the channel for notices, so they don't see notices of new tickets. Grant **{ permission-view-channel }** there, or choose another channel with **/{ command-inbox } { command-settings }**.
problem-notices-public = ⚠️ Everyone can view { $channel }, and notices show who has opened a ticket. Use a channel that only staff can view: choose one with **/{ command-inbox } { command-settings }**.
problem-join-without-notices = ⚠️ Staff should join by a notice, but there is no channel for notices, so they are mentioned instead. Choose one with **/{ command-inbox } { command-settings }**.
problem-members-lack = ⚠️ Members can't use tickets in { $channel }, because @everyone is missing permissions there: { $permissions }. Grant them to everyone or to a role, or choose another channel with **/{ command-inbox } { command-destination }**.
problem-closed-to-all = ⚠️ Nobody can open a ticket: @everyone is blocked, or all allowed roles were deleted or are blocked. Choose other roles, or none, with **/{ command-inbox } { command-settings }**.
problem-nobody-notified = ⚠️ Nobody is notified of new tickets. Choose who with **/{ command-inbox } { command-staff }**.
problem-staff-not-mentioned = ⚠️ The starting message doesn't mention the staff, so nobody is notified of new tickets. Add `$staff` with **/{ command-inbox } { command-new-tickets } { command-starter }**.
problem-not-mentionable = ⚠️ I can't mention { $staff }, so the members are neither notified nor added to new tickets. In the role's settings, switch on **Allow anyone to @mention this role**. Or grant me **{ permission-mention-everyone }** in { $channel }.
problem-staff-cannot-view = ⚠️ { $staff } can't view { $channel }, so they don't see new tickets. Grant **{ permission-view-channel }** there, or choose another channel with **/{ command-inbox } { command-destination }**.
problem-too-large = ⚠️ { $staff }: Discord doesn't add roles of about 100 members or more to a ticket. Choose a smaller role, or single members, with **/{ command-inbox } { command-staff }**.
problem-emoji-refused = ⚠️ The button is shown without its emoji, because Discord refuses an emoji on that message. Probably it was deleted. Choose another **{ setting-button-emoji }**, or none, with **/{ command-inbox } { command-settings }**.
problem-never-reminds = ⚠️ I never remind owners, because their tickets are closed by then: **{ setting-remind-owner }** isn't shorter than **{ setting-close-idle }**. Change one of them with **/{ command-inbox } { command-settings }**.
problem-owner-alone = ⚠️ Nobody but its owner joined the last ticket, { $ticket }. Check who is notified with **/{ command-inbox } { command-staff }**, and that the roles have members who can view the channel.
problem-bot-cannot-read = ⚠️ I'm missing **{ permission-read-message-history }** in { $channel }. Without it I can't reliably finish what a restart interrupted. Please grant it to me.
problem-many-threads = ⚠️ This server has { $count } active threads, and Discord allows { $limit }. Close some, or soon no more tickets can be opened.
# After the first of many members and roles.
and-more = { $names } (+{ $count })

# A list of what is missing has one such line for each channel.
missing-in-channel = - { $channel }: { $permissions }
quoted = “{ $text }”
list-separator = { ", " }

permission-view-channel = View Channel
permission-send-messages = Send Messages
permission-embed-links = Embed Links
permission-attach-files = Attach Files
permission-manage-threads = Manage Threads
permission-create-private-threads = Create Private Threads
permission-send-messages-in-threads = Send Messages in Threads
permission-read-message-history = Read Message History
permission-mention-everyone = Mention @everyone, @here, and All Roles


## Opening a ticket. Only the member who clicked sees these.

unknown-inbox = Tickets can no longer be opened here. Please let the server's staff know.
already-open = You already have an open ticket: { $ticket }
# The limit is 2 or more.
too-many-open = You already have { $limit } open tickets here, which is the limit. One of them: { $ticket }
inbox-full = Sorry, this inbox has as many open tickets as it can take. Please try again later.
too-many-in-server =
    { $limit ->
        [one] You already have an open ticket in this server, which is the limit: { $ticket }
       *[other] You already have { $limit } open tickets in this server, which is the limit. One of them: { $ticket }
    }
paused =
    Tickets are paused at the moment.
    { $message }
paused-until =
    Tickets are paused at the moment. You can open one { $until }.
    { $message }
outside-hours = The staff aren't here at the moment. You can open a ticket { $until }.
role-blocked = Members with the role { $role } can't open tickets here.
role-needed =
    { $count ->
        [one] Only members with the role { $roles } can open tickets here.
       *[other] Only members with one of these roles can open tickets here: { $roles }
    }
closed-to-all = Nobody can open tickets here at the moment, because the roles needed for that were deleted. Please let the server's staff know.
account-too-young = Your account must be { $age } old to open tickets here. You can open one { $until }.
member-too-new = You must have been in this server for { $age } to open tickets here. You can open one { $until }.
cooling-down = You can open your next ticket { $until }. Tickets must be at least { $wait } apart.
cannot-open =
    Sorry, I can't open a ticket right now, because I'm missing permissions:
    { $missing }
    Please show this to the server's staff.
# The channel comes with its #.
member-lacks =
    Sorry, I can't open a ticket, because you couldn't see it or write in it. You're missing permissions in { $channel }: { $permissions }.
    Please show this to the server's staff.
timed-out = You're timed out, so you couldn't write in a ticket. Please try again { $until }.
cannot-open-there = Sorry, I can't open a ticket right now. Please show this to the server's staff: tickets can't be in { $channel }. This inbox needs a text channel, which **/{ command-inbox } { command-destination }** sets.
name-refused = Sorry, Discord doesn't accept the name that your ticket would have. Please let the server's staff know.
starter-refused = Sorry, Discord doesn't accept this inbox's starting message, so I can't open a ticket. Please ask the server's staff to change it with **/{ command-inbox } { command-new-tickets } { command-starter }**.
too-many-threads = Sorry, this server has as many active threads as Discord allows. Please ask the staff to close some, then try again.
opening-delayed = This is taking longer than usual. I'll open your ticket as soon as Discord lets me. You don't need to click again.
ticket-opened = Here's your ticket: { $ticket }
# Below the link to the ticket.
staff-not-invited = I couldn't invite all of the staff, so an answer may take longer.
ticket-opened-without-answers =
    Here's your ticket: { $ticket }
    I couldn't post your answers there, so please send them yourself. Here they are:
opening-rolled-back = I was interrupted while I was opening your ticket. Please try again.
interrupted = I was interrupted before I finished. Please try again.
interrupted-unseen = I was interrupted, and I can't read { $ticket } to see whether I had finished. Please check there before you try again.

duration-seconds =
    { $count ->
        [one] { $count } second
       *[other] { $count } seconds
    }
duration-minutes =
    { $count ->
        [one] { $count } minute
       *[other] { $count } minutes
    }
duration-hours =
    { $count ->
        [one] { $count } hour
       *[other] { $count } hours
    }
duration-days =
    { $count ->
        [one] { $count } day
       *[other] { $count } days
    }


## In a ticket. Only the member who used the command sees these.

not-a-ticket = This only works in a ticket. Please use the command inside one.
not-the-staff = Only the staff of this ticket can do that.
needs-manage-threads = In this inbox's tickets, only members with **{ permission-manage-threads }** can do that.
already-closed = This ticket is already closed.
already-closed-by = **{ $name }** has already closed this ticket.
being-closed = This ticket is being closed.
not-locked = I can't lock this ticket, because I'm missing **{ permission-manage-threads }**. A new message opens it again.
member-added = I've added **{ $name }** to this ticket.
already-in-ticket = **{ $name }** is already in this ticket.
member-removed = I've removed **{ $name }** from this ticket.
owner-removed = I've removed **{ $name }**, who opened this ticket, so I'm closing it.
cannot-view-channel = **{ $name }** can't view { $channel }, so they wouldn't see this ticket. Please grant them **{ permission-view-channel }** there, then try again.
not-in-server = **{ $name }** isn't in this server.
not-in-ticket = **{ $name }** isn't in this ticket.
bots-cannot-be-added = I only add people. Members with **{ permission-manage-threads }** can add a bot by mentioning it here.
stays-in-ticket = I'm part of every ticket, so I can't be added or removed. To end this one, use **/{ command-ticket } { command-close }**.
ticket-full = This ticket has as many members as Discord allows.
threads-full = This server has as many active threads as Discord allows. Close some of them, then try again.
ticket-renamed = The ticket has its new name: { $ticket }
same-name = The ticket already has that name.
empty-name = A name can't consist of spaces only. Please try another one.
ticket-name-refused = Discord doesn't accept that name. Please try other words.
rename-later = Discord allows only two new names in ten minutes. You can rename this ticket again { $until }.
already-claimed = You are already looking after this ticket.
not-claimed = Nobody is looking after this ticket.
claimed-by-another = Somebody else is looking after this ticket. You can take over with **/{ command-ticket } { command-claim }**.
claim-saved = Done. Everybody in the ticket can see it.
ticket-forbidden = Discord doesn't let me do that here. Please ask an admin to check my permissions.
ticket-gone = I don't know this ticket. Please check its link or its ID.
ticket-deleted = This ticket no longer exists.
transfer-done = This ticket is now in **{ $inbox }**.
transfer-done-without-staff =
    This ticket is now in **{ $inbox }**.
    I couldn't invite all of its staff, so an answer may take longer.
same-inbox = This ticket is already in **{ $inbox }**.
transfer-opened = This ticket continues in { $ticket }. I'm closing this one.
transfer-failed = So nothing has changed here, and this ticket stays open.
being-transferred = Somebody is already transferring this ticket.
transfer-lacks =
    I can't open a ticket for that inbox, so this one stays as it is. I'm missing permissions:
    { $missing }
# The channel comes with its #.
transfer-owner-lacks = **{ $name }** couldn't see a ticket there or write in it, so this one stays as it is. They're missing permissions in { $channel }: { $permissions }.
# Reporting a message.
reports-off = Messages can't be reported in this server. The server's staff can turn that on with **/{ command-inbox } { command-settings }**.
report-inbox-gone = I can't pass on your report, because the inbox for reports no longer exists. Please let the server's staff know.
report-expired = I keep a message for only 15 minutes while you write, and forget it if I restart. Please choose **{ command-report }** again.
report-opened = Thank you. The staff will check your report here: { $ticket }
report-added = Thank you. I've added your report to your ticket: { $ticket }
report-question = What is wrong with this message?
# Above the quoted message in the ticket.
report-title = Reported message
report-author = Author
report-where = Sent
report-place = { $channel }, { $sent }: { $link }
report-files = Files
report-without-text = (no text)
ticket-is-open = This ticket is open: { $ticket }
ticket-reopened = The ticket is open again: { $ticket }
ticket-stays-locked = This ticket is locked, and I'm not allowed to unlock it: { $ticket }. Members with **{ permission-manage-threads }** can open it again.
add-owner-button = Add { $name }
ticket-joined = I've added you to the ticket: { $ticket }
no-own-tickets = You have no open tickets.
no-tickets = No tickets are open.
no-tickets-of = You can't see any open tickets of this member.
list-line = - { $ticket }, opened { $opened }
list-line-claimed = - { $ticket }, opened { $opened }, claimed
list-waits = , **waiting for staff** (asked { $since })
list-hidden = , **hidden by Discord**
list-footer = -# { $open } open. Opened in the last 7 days: { $week }, in the last 30 days: { $month }.
asked-to-close = Done. I've asked the owner.
owner-not-here = The owner isn't in this ticket, so they can't answer. You can close it with **/{ command-ticket } { command-close }**.
snoozed = Okay, no reminders in this ticket for now. I'll notify you here { $until }.
prompt-over = This question has been answered already.
only-for-owner = Only the owner of this ticket can answer this.
stays-open = Okay, the ticket stays open.
leave-to-close = To close your ticket, leave this thread.
already-solved = You have already told the staff that this is solved. They can close the ticket.
solved-said = Done. The staff can close the ticket now.
ticket-busy = I'm busy with this ticket right now. Please try again in a moment.
choose-ticket-inbox = Where should the ticket be opened?
no-inboxes-here = There is no inbox in this server.
no-inboxes-of-yours = Only the staff of an inbox can open its tickets for others.
not-for-bots = Bots can't have tickets.
# The channel comes with its #.
owner-lacks = I can't open a ticket for **{ $name }**, because they couldn't see it or write in it. They're missing permissions in { $channel }: { $permissions }.
has-open-ticket = **{ $name }** already has an open ticket: { $ticket }
open-another-button = Open another
ticket-opened-for = The ticket is open: { $ticket }
help-staff =
    You are on the staff of this ticket. You can use:
    - **/{ command-ticket } { command-close }**: close it, with a reason if you like
    - **/{ command-ticket } { command-ask-close }**: ask the owner whether it can be closed
    - **/{ command-ticket } { command-snooze }**: stop reminders for a while
    - **/{ command-ticket } { command-claim }** and **{ command-unclaim }**: show who is looking after it
    - **/{ command-ticket } { command-add }** and **{ command-remove }**: change who is in it
    - **/{ command-ticket } { command-rename }**: give it another name
    - **/{ command-ticket } { command-transfer }**: transfer it to another inbox and its staff
    - **/{ command-ticket } { command-list }** and **{ command-reopen }**: see the open tickets, open a closed one again
help-listed-staff =
    You are on the staff of this ticket. You can use:
    - **/{ command-ticket } { command-claim }** and **{ command-unclaim }**: show who is looking after it
    In this inbox's tickets, everything else needs **{ permission-manage-threads }**.
help-owner = This is your ticket. Describe here what you need. When you're done, leave this thread to close the ticket.
help-guest = You were added to this ticket, so you can read and write here. When you're done, you can leave this thread.
help-elsewhere = To open a ticket, click the button under an inbox. Inside a ticket, **/{ command-ticket } { command-help }** shows what you can do there.
help-staff-elsewhere =
    You look after tickets in this server. In every channel, you can use:
    - **/{ command-ticket } { command-list }**: see the open tickets, and join one
    - **/{ command-ticket } { command-reopen }**: open a closed ticket again
    - **/{ command-ticket } { command-open }**: open a ticket of your own
    Inside a ticket, **/{ command-ticket } { command-help }** shows what you can do there.


## Forms: the answers, in the ticket or in a response.

setting-form = Form
setting-form-description = Questions to answer before a ticket opens, one per line: What happened? | long | optional
setting-form-none = none
setting-form-short = short
setting-form-long = long
setting-form-one-of = one of
setting-form-some-of = some of
setting-form-yes-or-no = yes or no
setting-form-member = member
setting-form-role = role
setting-form-channel = channel
setting-form-files = files
setting-form-optional = optional

-form-kinds = `{ setting-form-short }`, `{ setting-form-long }`, `{ setting-form-one-of }: …`, `{ setting-form-some-of }: …`, `{ setting-form-yes-or-no }`, `{ setting-form-member }`, `{ setting-form-role }`, `{ setting-form-channel }`, `{ setting-form-files }`
form-line-too-many-questions = Line { $line }: a form has at most 5 questions. Please remove one.
form-line-no-label = Line { $line }: there's no question before the first `|`.
form-line-label-too-long = Line { $line }: a question has at most 45 characters. You can write more in its description: `question | { setting-form-short } | description`
form-line-label-twice = Line { $line }: `{ $written }` is asked twice.
form-line-no-kind = Line { $line }: please write which kind of answer you expect: `question | { setting-form-short }`
form-line-unknown-kind = Line { $line }: `{ $written }` isn't a kind of answer. The kinds are: { -form-kinds }
form-line-choices-not-allowed = Line { $line }: `{ $written }` has no choices. For choices, write `{ setting-form-one-of }: first, second`.
form-line-too-few-choices = Line { $line }: `{ $written }` needs at least 2 choices: `{ $written }: first, second`
form-line-too-many-choices = Line { $line }: a question has at most 25 choices.
form-line-empty-choice = Line { $line }: a choice is empty. Please remove a comma.
form-line-choice-too-long = Line { $line }: the choice `{ $written }` has more than 100 characters.
form-line-choice-twice = Line { $line }: the choice `{ $written }` is there twice.
form-line-description-too-long = Line { $line }: a description has at most 100 characters.
form-line-two-descriptions = Line { $line }: `{ $written }` would be a second description. For a `|` in a text, write `\|`.
form-too-long = That's too long for a form. Please shorten some of the choices or descriptions.
form-saved = Members answer these questions before their tickets open. You can try it without opening a ticket.
form-try = Try it
form-gone = This inbox no longer has a form.
form-tried = This is what the staff would see in the ticket. No ticket was opened.

form-answers-missing =
    { $count ->
        [one] The questions have changed in the meantime, and this one needs an answer: { $questions }. Please click the button again.
       *[other] The questions have changed in the meantime, and these need an answer: { $questions }. Please click the button again.
    }
form-answers-kept = Here are your answers, so that you don't have to write them again:
form-answers-left-over = The questions have changed in the meantime. These answers of yours aren't in the ticket:
modal-not-shown = That took too long, so Discord can no longer show you the fields to fill in. Please try again.
form-no-answer = *No answer*
form-yes = Yes
form-no = No
form-file-too-large = { $filename } (not attached: it is larger than { $megabytes } MB)
form-file-failed = { $filename } (not attached: I couldn't download it)


## What others see, in the server's language.

create-ticket-button = Create Ticket
# The modal for the starting message is filled with this too; there, { $author } and { $staff }
# are the words $author and $staff.
default-starter =
    { $count ->
        [0]
            Welcome, { $author }! This ticket is private.
            Please describe what you need. When you're done, leave this thread to close the ticket.
       *[other]
            Welcome, { $author }! This ticket is private.
            Please describe what you need. { $staff } will answer here. When you're done, leave this thread to close the ticket.
    }
staff-are-back = The staff aren't here at the moment. They will be back { $until }.
neutral-name = Ticket { $counter }
owner-left = { $owner } is no longer in this ticket, so I'm closing it. A new message opens it again.
owner-left-locked = { $owner } is no longer in this ticket, so I'm closing and locking it. Staff can open it again.
archived = This ticket was closed, so I'm locking it. Staff can open it again.
closed-without-answer = Closed: no answer
audit-no-answer = There was no answer
audit-reminded = The staff were reminded of the ticket
still-need-help = { $owner } Do you still need help?
still-need-help-or-closed = { $owner } Do you still need help? Otherwise I'll close this ticket { $until }.
ask-close = { $owner } { $name } would like to close this ticket. Is everything done?
ask-close-reason = { $owner } { $name } would like to close this ticket: { $reason }
ask-close-until = Without an answer, I'll close it { $until }.
agree-to-close-button = Yes, close it
not-yet-button = Not yet
snooze-ended = { $by } You wanted to be reminded of this ticket now.
still-need-help-button = I still need help
still-needs-help = { $name } still needs help.
remind-claimer = { $by } This ticket is waiting for your answer. The oldest unanswered message was written { $since }.
remind-staff = This ticket is waiting for an answer from the staff. The oldest unanswered message was written { $since }.
remind-by-notice = { $ticket } is waiting for an answer from the staff. The oldest unanswered message was written { $since }.
remind-by-notice-link = { $ticket } is waiting for an answer from the staff. The oldest unanswered message was written { $since }. Join it here: { $notice }
close-button-label = Close
thinks-solved = **{ $name }** thinks this is solved.
thinks-solved-with-reason = **{ $name }** thinks this is solved: { $reason }
opened-by = -# Opened by **{ $name }**
reopened-by = Reopened by **{ $name }**
closed-by = Closed by **{ $name }**
closed-by-with-reason = Closed by **{ $name }**: { $reason }
not-archived =
    { $note }
    -# I couldn't close this ticket yet, so I'll try again.
claimed-by = **{ $name }** is looking after this ticket.
unclaimed-by = **{ $name }** is no longer looking after this ticket.
transferred = **{ $name }** transferred this ticket to **{ $inbox }**.
transferred-with-reason = **{ $name }** transferred this ticket to **{ $inbox }**: { $reason }
moved-by = **{ $name }** transferred this ticket. It continues here: { $ticket }
moved-by-with-reason = **{ $name }** transferred this ticket: { $reason }
    It continues here: { $ticket }
# A line in the starting message of the new ticket.
moved-here = -# Transferred from { $ticket } by **{ $name }**
moved-here-with-reason = -# Transferred from { $ticket } by **{ $name }**: { $reason }
# A ticket's notice, in a channel of the staff.
notice-ticket = { $ticket } in { $inbox }, opened { $opened } by { $owner }
notice-ticket-alone = { $ticket }, opened { $opened }
notice-joined = { $member } was the first to join.
notice-claimed = { $member } is looking after it.
notice-waits = Waiting for staff (asked { $since })
notice-closed-by = Closed by { $member }
notice-closed-by-with-reason = Closed by { $member }: { $reason }
notice-moved-by = Transferred to { $ticket } by { $member }
notice-moved-by-with-reason = Transferred to { $ticket } by { $member }: { $reason }
notice-owner-left = Closed, because its owner is no longer in it
notice-bot-removed = Closed, because I was removed from it
notice-closed = Closed
notice-deleted = Its thread was deleted.
notice-moved = Transferred to **{ $inbox }**
join-button = Join

# In the server's audit log.
audit-opened = Ticket opened by { $name } ({ $id })
audit-owner-left = The owner left the ticket
audit-archived = The ticket was closed
audit-joined = Ticket shown again, because { $name } ({ $id }) joined it
audit-reopened = Ticket reopened by { $name } ({ $id })
audit-closed = Ticket closed by { $name } ({ $id })
audit-renamed = Ticket renamed by { $name } ({ $id })
audit-added = Added to the ticket by { $name } ({ $id })
audit-removed = Removed from the ticket by { $name } ({ $id })
audit-rolled-back = Opening the ticket was interrupted


## To the host of the bot.

synced =
    { $count ->
        [one] Registered { $count } command for all servers.
       *[other] Registered { $count } commands for all servers.
    }
synced-in-guild =
    { $count ->
        [one] Registered { $count } command for the server { $guild }.
       *[other] Registered { $count } commands for the server { $guild }.
    }
sync-unknown-guild = I'm not in a server with the ID { $guild }.
sync-not-a-guild = `{ $word }` isn't a server's ID. Write `sync` alone for all servers, or `sync` and an ID for one.
config-reloaded = I've reloaded the config.
config-needs-restart = I've reloaded the config. Restart me to apply the changes in { $changed }.
config-not-reloaded = I couldn't reload the config, so I'm still using the old one. Search the log for `{ $code }` to see why.
host-help =
    Mention me with one of these words. Only my host can use them.
    `sync`: registers the commands for all servers, or with a server's ID for that server
    `reload-config`: reads the config file again
    `invite`: shows the link that adds me to a server
    `help`: shows this list
host-invite = Add me to a server with this link: <{ $link }>
host-only = Only the host of this bot can do that.


## Unexpected errors.

unexpected = Sorry, something went wrong. If it happens again, please tell { $owner } this code: `{ $code }`
server-only = This only works in a server.


## The small server in which the bot can be tried. Channels: lowercase, no spaces. The README mentions #support.

demo-server = Sandbox
demo-general = general
demo-welcome = welcome
demo-support = support
demo-tickets = tickets
demo-moderators = Moderator
demo-message = **Need help?**
    Click the button below. A private thread opens that only you and our team can see.
