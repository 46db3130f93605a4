//! What the bot says: one variant for each sentence, with the values in it. A variant is never a finished
//! string, because the reader's language is known only where the sentence is sent.

use crate::permission::{Missing, Permission};
use crate::setting::Shown;
use crate::{ChannelId, Mention, MessageId, UserId};

/// A value in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Written in the reader's own form.
    Number(i64),
    /// Bytes, written as megabytes in the reader's own form, with at most two decimals.
    Megabytes(u64),
    /// Taken as it is.
    Text(String),
    /// Texts that somebody wrote, each in the reader's quotation marks, in their order.
    Quoted(Vec<String>),
    /// A mention of a channel or a thread.
    Channel(ChannelId),
    /// A mention of a member, which in a note does not ping.
    User(UserId),
    /// Mentions in their order.
    Mentions(Vec<Mention>),
    /// Mentions in their order, but only the first of many.
    Few(Vec<Mention>),
    /// Names in their order, each as it is, but only the first of many.
    FewNames(Vec<String>),
    /// A link to a message.
    Message(MessageLink),
    /// A list: a channel and its missing permissions on each line.
    Missing(Vec<Missing>),
    /// Permissions by their names.
    Permissions(Vec<Permission>),
    /// A moment in seconds since the Unix epoch, which Discord shows as "in 30 seconds".
    Moment(i64),
    /// Seconds, written in the largest units: "1 minute 30 seconds", "2 minutes".
    Duration(i64),
    /// The beginning of a ticket's name, safe between backticks. `None` is the first ticket's neutral name.
    TicketName(Option<String>),
    /// The name of the setting with this key.
    Setting(&'static str),
    /// A value of the setting with this key.
    Shown((&'static str, Shown)),
}

/// Where a message is, enough for a link to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MessageLink {
    pub guild: crate::GuildId,
    pub channel: ChannelId,
    pub message: MessageId,
}

/// Whether a character changes the direction of the text after it, also outside of the name that contains it.
pub(crate) const fn is_directional(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Text that somebody chose, such as a name, shown as it is: nothing in it is markup or a mention.
pub fn plain(text: &str) -> String {
    const MARKUP: &str = r"\*_~`|<>@#[]()";
    let mut plain = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !is_directional(*c)) {
        if MARKUP.contains(c) {
            plain.push('\\');
        }
        plain.push(if c.is_control() { ' ' } else { c });
    }
    plain
}

macro_rules! texts {
    ($($(#[$doc:meta])+ $name:ident $key:literal { $($field:ident: $ty:ty => $variable:literal $value:ident),* $(,)? })+) => {
        /// Every sentence that the bot says.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Text {
            $($(#[$doc])+ $name { $($field: $ty),* },)+
        }

        impl Text {
            /// Every sentence's key with the variables it is given: what each language must have.
            pub const KEYS: &'static [(&'static str, &'static [&'static str])] =
                &[$(($key, &[$($variable),*])),+];

            /// The key in the translations.
            pub const fn key(&self) -> &'static str {
                match self { $(Self::$name { .. } => $key,)+ }
            }

            /// The variables, by name.
            pub fn values(self) -> Vec<(&'static str, Value)> {
                match self {
                    $(Self::$name { $($field),* } => vec![$(($variable, Value::$value($field.into()))),*],)+
                }
            }
        }
    };
}

texts! {
    // Setting up an inbox.

    /// Asks for the message that a new inbox is made from.
    SelectContent "select-content" { until: i64 => "until" Moment }
    /// Asks for the inbox that a command is about.
    SelectInbox "select-inbox" { until: i64 => "until" Moment }
    /// Asks for the message that replaces an inbox's own.
    SelectReplacement "select-replacement" { inbox: MessageLink => "inbox" Message, until: i64 => "until" Moment }
    /// The bot lacks permissions for what an admin asked of it.
    MissingPermissions "missing-permissions" { missing: Vec<Missing> => "missing" Missing }
    /// Tickets were to be created in an announcement channel.
    NoPrivateThreads "no-private-threads" { channel: ChannelId => "channel" Channel }
    /// A message was selected though no command asked for one.
    NothingPending "nothing-pending" { message: MessageLink => "message" Message }
    /// The command asked for a message too long ago.
    SelectionExpired "selection-expired" { message: MessageLink => "message" Message, minutes: i64 => "minutes" Number }
    /// The selected message is not an inbox.
    NotAnInbox "not-an-inbox" { message: MessageLink => "message" Message }
    /// The selected message was an inbox once.
    NoLongerAnInbox "no-longer-an-inbox" { message: MessageLink => "message" Message }
    /// The selected message has nothing that can be copied.
    NothingToCopy "nothing-to-copy" { message: MessageLink => "message" Message }
    /// The inbox itself was selected as its own new content.
    SelectedItself "selected-itself" { message: MessageLink => "message" Message }
    /// The attachments are larger than the host allows.
    AttachmentsTooLarge "attachments-too-large" { limit: u64 => "megabytes" Megabytes }
    /// An attachment could not be downloaded whole.
    DownloadFailed "download-failed" { filename: String => "filename" Text }
    /// A new inbox on another inbox's message must be in that message's channel.
    ChannelOfEntry "channel-of-entry" { inbox: MessageLink => "inbox" Message }
    /// A new inbox on another inbox's message needs a name.
    EntryNeedsName "entry-needs-name" {}
    /// A message has no room for this many inboxes, or not as buttons.
    NoRoomForEntries "no-room-for-entries" {}
    /// A new inbox is on another one's message.
    EntryCreated "entry-created" { inbox: MessageLink => "inbox" Message }
    /// The new inbox was created, but the message could not be edited yet.
    EntryNotShown "entry-not-shown" { inbox: MessageLink => "inbox" Message }
    /// An inbox should be put on another inbox's message, but the name for it is not known.
    NameUnknown "name-unknown" { inbox: MessageLink => "inbox" Message }
    /// Heads the menus in which an admin chooses which inboxes a message offers.
    ChooseEntries "choose-entries" { inbox: MessageLink => "inbox" Message }
    /// Follows that text if the menus cannot show all inboxes.
    EntriesShortened "entries-shortened" {}
    /// What a message offers was saved.
    EntriesSaved "entries-saved" { inbox: MessageLink => "inbox" Message, count: i64 => "count" Number }
    /// The server has no inbox that a message could offer besides its own.
    NoOtherInbox "no-other-inbox" {}
    /// A new inbox is there.
    InboxCreated "inbox-created" { inbox: MessageLink => "inbox" Message }
    /// Who is notified of a new inbox's tickets. Heads the menu of staff.
    WillMention "will-mention" { staff: Vec<Mention> => "staff" Mentions }
    /// Nobody is notified yet. Heads the menu of staff.
    NobodyYet "nobody-yet" {}
    /// Nobody is notified yet, but the menu suggests roles.
    NobodyYetOffering "nobody-yet-offering" {}
    /// The inbox's message was replaced.
    MessageReplaced "message-replaced" { inbox: MessageLink => "inbox" Message }
    /// New tickets go to another channel from now on.
    DestinationChanged "destination-changed" { inbox: MessageLink => "inbox" Message, old: ChannelId => "old" Channel, new: ChannelId => "new" Channel }
    /// Tickets already go to that channel.
    DestinationUnchanged "destination-unchanged" { inbox: MessageLink => "inbox" Message, channel: ChannelId => "channel" Channel }
    /// Heads the menu with today's staff.
    ChooseStaff "choose-staff" { inbox: MessageLink => "inbox" Message }
    /// Heads that menu when it cannot show everybody.
    ChooseStaffShortened "choose-staff-shortened" { inbox: MessageLink => "inbox" Message, shown: i64 => "shown" Number, total: i64 => "total" Number }
    /// The staff was saved.
    StaffSaved "staff-saved" { inbox: MessageLink => "inbox" Message, staff: Vec<Mention> => "staff" Few, count: i64 => "count" Number }
    /// The staff was saved without @everyone, the bot or its role, who cannot be staff.
    StaffSavedWithout "staff-saved-without" { inbox: MessageLink => "inbox" Message, staff: Vec<Mention> => "staff" Few, count: i64 => "count" Number }
    /// The starting message was saved.
    StarterSaved "starter-saved" { inbox: MessageLink => "inbox" Message }
    /// The starting message was saved, but it does not invite the owner.
    StarterSavedWithoutAuthor "starter-saved-without-author" { inbox: MessageLink => "inbox" Message }
    /// The starting message is the default again.
    StarterReset "starter-reset" { inbox: MessageLink => "inbox" Message }
    /// The template for tickets' names was saved.
    NameSaved "name-saved" { inbox: MessageLink => "inbox" Message, example: Option<String> => "example" TicketName }
    /// The template for tickets' names is the default again.
    NameReset "name-reset" { inbox: MessageLink => "inbox" Message, example: Option<String> => "example" TicketName }
    /// A menu or form was used by somebody who may no longer open it, or opened it too long ago.
    NoLongerAllowed "no-longer-allowed" {}
    /// The inbox was deleted in the meantime.
    InboxGone "inbox-gone" {}
    /// The channel of the new inbox was deleted in the meantime.
    ChannelGone "channel-gone" {}

    // Settings.

    /// Heads the menu of inboxes.
    ChooseAmongInboxes "choose-among-inboxes" {}
    /// Heads that menu when it cannot show all.
    ChooseAmongInboxesShortened "choose-among-inboxes-shortened" {}
    /// An inbox in the list, below its name.
    InboxListed "inbox-listed" { channel: ChannelId => "channel" Channel, staff: Vec<Mention> => "staff" Few, count: i64 => "count" Number, open: i64 => "open" Number }
    /// A removed inbox in the list, below its name.
    InboxNotPosted "inbox-not-posted" { open: i64 => "open" Number, until: i64 => "until" Moment }
    /// Asks whether to remove an inbox. `also` is the number of inboxes that are only on its message.
    RemoveInbox "remove-inbox" { name: String => "name" Text, inbox: MessageLink => "inbox" Message, open: i64 => "open" Number, also: i64 => "also" Number }
    /// The inbox was removed.
    InboxRemoved "inbox-removed" { name: String => "name" Text }
    /// The server has no inbox.
    NoInboxes "no-inboxes" {}
    /// The option names no inbox.
    NoSuchInbox "no-such-inbox" { written: String => "written" Text }
    /// The option names no setting.
    UnknownSetting "unknown-setting" { written: String => "written" Text }
    /// A setting was saved.
    SettingSaved "setting-saved" { setting: &'static str => "setting" Setting, value: (&'static str, Shown) => "value" Shown }
    /// A setting wants a whole number in a range.
    NotANumber "not-a-number" { written: String => "written" Text, least: i64 => "least" Number, most: i64 => "most" Number }
    /// A setting wants a duration.
    NotADuration "not-a-duration" { written: String => "written" Text }
    /// A setting needs a shorter or longer duration.
    DurationOutOfRange "duration-out-of-range" { least: i64 => "least" Duration, most: i64 => "most" Duration }
    /// A line of the hours does not begin with days.
    HoursWithoutDays "hours-without-days" { line: i64 => "line" Number, written: String => "written" Text }
    /// A line of the hours has no times, or unclear ones.
    HoursWithoutTimes "hours-without-times" { line: i64 => "line" Number, written: String => "written" Text }
    /// The hours are longer than their field.
    HoursTooLong "hours-too-long" { limit: i64 => "limit" Number }
    /// There is no such time zone.
    UnknownTimeZone "unknown-time-zone" { written: String => "written" Text }
    /// Another inbox of the server has this name.
    NameTaken "name-taken" { written: String => "written" Text }
    /// The button wants an emoji.
    NotAnEmoji "not-an-emoji" { written: String => "written" Text }
    /// Discord refuses the button: its emoji does not exist, or the bot cannot use it.
    ButtonRefused "button-refused" {}
    /// A setting wants one of its words.
    NotAChoice "not-a-choice" { written: String => "written" Text }

    // What is wrong with an inbox although nothing fails, and what to do about it.

    /// The bot cannot open tickets, or not post its message.
    ProblemBotLacks "problem-bot-lacks" { channel: ChannelId => "channel" Channel, permissions: Vec<Permission> => "permissions" Permissions }
    /// No ticket can be in that channel.
    ProblemNoPrivateThreads "problem-no-private-threads" { channel: ChannelId => "channel" Channel }
    /// The channel for tickets is gone; they are opened in this one.
    ProblemDestinationGone "problem-destination-gone" { channel: ChannelId => "channel" Channel }
    /// No message has a button for the inbox.
    ProblemNotOffered "problem-not-offered" {}
    /// The channel for notices is gone.
    ProblemNoticesGone "problem-notices-gone" {}
    /// The bot cannot post notices.
    ProblemNoticesLack "problem-notices-lack" { channel: ChannelId => "channel" Channel, permissions: Vec<Permission> => "permissions" Permissions }
    /// These staff cannot view the channel for notices.
    ProblemNoticesHidden "problem-notices-hidden" { channel: ChannelId => "channel" Channel, staff: Vec<Mention> => "staff" Few }
    /// All members can view the channel for notices.
    ProblemNoticesPublic "problem-notices-public" { channel: ChannelId => "channel" Channel }
    /// Staff should join by notices, but the inbox has no channel for them.
    ProblemJoinWithoutNotices "problem-join-without-notices" {}
    /// A custom emoji was probably deleted.
    ProblemEmojiRefused "problem-emoji-refused" {}
    /// Tickets are closed before their owners are reminded.
    ProblemNeverReminds "problem-never-reminds" {}
    /// Ordinary members cannot see tickets there, or not write in them.
    ProblemMembersLack "problem-members-lack" { channel: ChannelId => "channel" Channel, permissions: Vec<Permission> => "permissions" Permissions }
    /// The allowed roles were deleted or are blocked, or @everyone is blocked.
    ProblemClosedToAll "problem-closed-to-all" {}
    /// There is no staff.
    ProblemNobodyNotified "problem-nobody-notified" {}
    /// There is staff, but the starting message does not mention it.
    ProblemStaffNotMentioned "problem-staff-not-mentioned" {}
    /// These roles cannot be mentioned.
    ProblemNotMentionable "problem-not-mentionable" { channel: ChannelId => "channel" Channel, staff: Vec<Mention> => "staff" Few }
    /// These members and roles cannot view the channel.
    ProblemStaffCannotView "problem-staff-cannot-view" { channel: ChannelId => "channel" Channel, staff: Vec<Mention> => "staff" Few }
    /// These roles have too many members to be invited.
    ProblemTooLarge "problem-too-large" { staff: Vec<Mention> => "staff" Few }
    /// Only the owner joined the last ticket.
    ProblemOwnerAlone "problem-owner-alone" { ticket: ChannelId => "ticket" Channel }
    /// The bot cannot read what was written while it was offline.
    ProblemBotCannotRead "problem-bot-cannot-read" { channel: ChannelId => "channel" Channel }
    /// The server has nearly as many active threads as Discord allows.
    ProblemManyThreads "problem-many-threads" { count: i64 => "count" Number, limit: i64 => "limit" Number }

    // Opening a ticket.

    /// The button belongs to no inbox that the bot knows.
    UnknownInbox "unknown-inbox" {}
    /// The member has an open ticket.
    AlreadyOpen "already-open" { ticket: ChannelId => "ticket" Channel }
    /// The member has as many open tickets as the inbox allows.
    TooManyOpen "too-many-open" { ticket: ChannelId => "ticket" Channel, limit: i64 => "limit" Number }
    /// The inbox has as many open tickets as it may have.
    InboxFull "inbox-full" {}
    /// The member has as many open tickets as the server allows in all inboxes together.
    TooManyInServer "too-many-in-server" { ticket: ChannelId => "ticket" Channel, limit: i64 => "limit" Number }
    /// The inbox is paused; the message is an admin's own.
    Paused "paused" { message: String => "message" Text }
    /// The inbox is paused until this moment.
    PausedUntil "paused-until" { message: String => "message" Text, until: i64 => "until" Moment }
    /// Staff are not there, and the inbox refuses tickets outside their hours.
    OutsideHours "outside-hours" { until: i64 => "until" Moment }
    /// The member has a role that may not open tickets here. `role` is its name, not a mention.
    RoleBlocked "role-blocked" { role: String => "role" Text }
    /// The member has none of the roles that may open tickets here. `roles` are names, not mentions.
    RoleNeeded "role-needed" { roles: Vec<String> => "roles" FewNames, count: i64 => "count" Number }
    /// The roles that may open tickets here were deleted.
    ClosedToAll "closed-to-all" {}
    /// The member's account is younger than the inbox wants.
    AccountTooYoung "account-too-young" { age: i64 => "age" Duration, until: i64 => "until" Moment }
    /// The member has not been in the server for as long as the inbox wants.
    MemberTooNew "member-too-new" { age: i64 => "age" Duration, until: i64 => "until" Moment }
    /// The member must wait; says how long the wait between two tickets is, and when it ends.
    CoolingDown "cooling-down" { seconds: i64 => "wait" Duration, until: i64 => "until" Moment }
    /// For the member who clicked: plain words first, then exactly what staff must correct.
    CannotOpen "cannot-open" { missing: Vec<Missing> => "missing" Missing }
    /// For whoever clicked: tickets cannot be created in this channel, whatever the bot's permissions are.
    CannotOpenThere "cannot-open-there" { channel: ChannelId => "channel" Channel }
    /// The member could not see a ticket in that channel, or not write in it.
    MemberLacks "member-lacks" { channel: String => "channel" Text, permissions: Vec<Permission> => "permissions" Permissions }
    /// The member could not write in a ticket before their time-out ends.
    TimedOut "timed-out" { until: i64 => "until" Moment }
    /// Discord refuses every name for the thread.
    NameRefused "name-refused" {}
    /// Discord refuses the starting message for what it says.
    StarterRefused "starter-refused" {}
    /// The server has as many active threads as Discord allows.
    TooManyThreads "too-many-threads" {}
    /// Creating the thread takes long. The link will replace this text.
    OpeningDelayed "opening-delayed" {}
    /// The link to the new ticket.
    TicketOpened "ticket-opened" { ticket: ChannelId => "ticket" Channel }
    /// Below the link to a new ticket: some of its staff could not be invited.
    StaffNotInvited "staff-not-invited" {}
    /// The ticket is there, but the answers could not be posted in it. They follow this text.
    TicketOpenedWithoutAnswers "ticket-opened-without-answers" { ticket: ChannelId => "ticket" Channel }
    /// The attempt was interrupted and rolled back.
    OpeningRolledBack "opening-rolled-back" {}

    // Responses to a command in a ticket.

    /// The command works in tickets only.
    NotATicket "not-a-ticket" {}
    /// The command is for the ticket's staff.
    NotTheStaff "not-the-staff" {}
    /// The command is for those with Manage Threads, which listed staff can lack.
    NeedsManageThreads "needs-manage-threads" {}
    /// The ticket is closed.
    AlreadyClosed "already-closed" {}
    /// The ticket is closed; says by whom.
    AlreadyClosedBy "already-closed-by" { name: String => "name" Text }
    /// The ticket is being closed.
    BeingClosed "being-closed" {}
    /// The ticket is closed, but not locked as its inbox wants.
    NotLocked "not-locked" {}
    /// Somebody was added.
    MemberAdded "member-added" { name: String => "name" Text }
    /// Somebody was removed.
    MemberRemoved "member-removed" { name: String => "name" Text }
    /// The owner was removed, which closes the ticket.
    OwnerRemoved "owner-removed" { name: String => "name" Text }
    /// The user to add cannot view the channel that the ticket is in.
    CannotViewChannel "cannot-view-channel" { name: String => "name" Text, channel: ChannelId => "channel" Channel }
    /// The user to add is not in the server.
    NotInServer "not-in-server" { name: String => "name" Text }
    /// The user to add is already in the ticket.
    AlreadyInTicket "already-in-ticket" { name: String => "name" Text }
    /// The user to remove is not in the ticket.
    NotInTicket "not-in-ticket" { name: String => "name" Text }
    /// The user to add is a bot.
    BotsCannotBeAdded "bots-cannot-be-added" {}
    /// The user to add or remove is this bot.
    StaysInTicket "stays-in-ticket" {}
    /// As many members as Discord allows are in the ticket.
    TicketFull "ticket-full" {}
    /// The server has as many active threads as Discord allows.
    ThreadsFull "threads-full" {}
    /// The ticket was renamed.
    TicketRenamed "ticket-renamed" { ticket: ChannelId => "ticket" Channel }
    /// The ticket has that name already.
    SameName "same-name" {}
    /// A name of nothing but spaces.
    EmptyName "empty-name" {}
    /// Discord does not accept the name.
    TicketNameRefused "ticket-name-refused" {}
    /// Discord allows two names in ten minutes.
    RenameLater "rename-later" { until: i64 => "until" Moment }
    /// The invoker has claimed the ticket already.
    AlreadyClaimed "already-claimed" {}
    /// The ticket is not claimed.
    NotClaimed "not-claimed" {}
    /// Somebody else has claimed the ticket.
    ClaimedByAnother "claimed-by-another" {}
    /// The claim, or its end, was announced in the ticket.
    ClaimSaved "claim-saved" {}
    /// Discord does not let the bot do that.
    TicketForbidden "ticket-forbidden" {}
    /// The named ticket is gone, or the invoker may not know of it.
    TicketGone "ticket-gone" {}
    /// The ticket that is to be opened again is open.
    TicketIsOpen "ticket-is-open" { ticket: ChannelId => "ticket" Channel }
    /// The ticket is open again.
    TicketReopened "ticket-reopened" { ticket: ChannelId => "ticket" Channel }
    /// The ticket is locked, and the bot may not unlock it.
    TicketStaysLocked "ticket-stays-locked" { ticket: ChannelId => "ticket" Channel }
    /// The button that adds the owner to a ticket that was opened again.
    AddOwner "add-owner-button" { name: String => "name" Text }
    /// The invoker was added to the ticket.
    TicketJoined "ticket-joined" { ticket: ChannelId => "ticket" Channel }
    /// The invoker has no open tickets.
    NoOwnTickets "no-own-tickets" {}
    /// There are no open tickets that staff may see.
    NoTickets "no-tickets" {}
    /// The invoker may see no open tickets of this member.
    NoTicketsOf "no-tickets-of" {}
    /// An open ticket in a list.
    ListLine "list-line" { ticket: ChannelId => "ticket" Channel, opened: i64 => "opened" Moment }
    /// An open ticket that somebody looks after, in a list.
    ListLineClaimed "list-line-claimed" { ticket: ChannelId => "ticket" Channel, opened: i64 => "opened" Moment }
    /// At the end of a line of a list: the ticket waits for staff since this message of the owner.
    ListWaits "list-waits" { since: i64 => "since" Moment }
    /// At the end of a line of a list: Discord's own timer has hidden the ticket.
    ListHidden "list-hidden" {}
    /// Below a list: how many tickets are open, and how many were opened in the last 7 and 30 days.
    ListFooter "list-footer" { open: i64 => "open" Number, week: i64 => "week" Number, month: i64 => "month" Number }
    /// The owner was asked whether the ticket can be closed.
    AskedToClose "asked-to-close" {}
    /// The owner is not in the ticket.
    OwnerNotHere "owner-not-here" {}
    /// The bot sends no reminders until this moment.
    Snoozed "snoozed" { until: i64 => "until" Moment }
    /// The question whether to close the ticket was answered, or there is another.
    PromptOver "prompt-over" {}
    /// Only the owner can say that they still need help.
    OnlyForOwner "only-for-owner" {}
    /// The ticket is not closed.
    StaysOpen "stays-open" {}
    /// The owner may not close the ticket through the bot, but by leaving the thread.
    LeaveToClose "leave-to-close" {}
    /// The owner has already said that it is solved.
    AlreadySolved "already-solved" {}
    /// Confirms to the owner that staff were notified: the owner thinks that the ticket is solved.
    SolvedSaid "solved-said" {}
    /// Too much happens in the ticket to open a modal in time.
    TicketBusy "ticket-busy" {}
    /// Heads a menu of inboxes to open a ticket in.
    ChooseInbox "choose-ticket-inbox" {}
    /// The server has no inbox.
    NoInboxHere "no-inboxes-here" {}
    /// The invoker is staff of no inbox, or not of this one.
    NoInboxesOfYours "no-inboxes-of-yours" {}
    /// A ticket was to be opened for a bot.
    NotForBots "not-for-bots" {}
    /// Staff open a ticket for a member who could not see it or write in it. The channel comes with its `#`.
    OwnerLacks "owner-lacks" { name: String => "name" Text, channel: String => "channel" Text, permissions: Vec<Permission> => "permissions" Permissions }
    /// The member has an open ticket.
    HasOpenTicket "has-open-ticket" { name: String => "name" Text, ticket: ChannelId => "ticket" Channel }
    /// The button that opens another ticket for them.
    OpenAnother "open-another-button" {}
    /// The link to the ticket that staff opened for somebody else.
    TicketOpenedFor "ticket-opened-for" { ticket: ChannelId => "ticket" Channel }
    /// What staff can do in a ticket.
    HelpStaff "help-staff" {}
    /// What listed staff without Manage Threads can do in a ticket.
    HelpListedStaff "help-listed-staff" {}
    /// What a ticket's owner can do in it.
    HelpOwner "help-owner" {}
    /// What others in a ticket can do.
    HelpGuest "help-guest" {}
    /// The ticket of a notice was deleted.
    TicketDeleted "ticket-deleted" {}
    /// The ticket belongs to this inbox now.
    TransferDone "transfer-done" { inbox: String => "inbox" Text }
    /// The ticket belongs to this inbox now, but not all of its staff could be invited.
    TransferDoneWithoutStaff "transfer-done-without-staff" { inbox: String => "inbox" Text }
    /// The ticket belongs to this inbox already.
    SameInbox "same-inbox" { inbox: String => "inbox" Text }
    /// The ticket continues in another one.
    TransferOpened "transfer-opened" { ticket: ChannelId => "ticket" Channel }
    /// The ticket cannot be transferred, for the reason above.
    TransferFailed "transfer-failed" {}
    /// Somebody transfers it already.
    BeingTransferred "being-transferred" {}
    /// The bot cannot open tickets of the inbox.
    TransferLacks "transfer-lacks" { missing: Vec<Missing> => "missing" Missing }
    /// The owner could not see a ticket of the inbox, or not write in it.
    TransferOwnerLacks "transfer-owner-lacks" { name: String => "name" Text, channel: String => "channel" Text, permissions: Vec<Permission> => "permissions" Permissions }
    /// What staff of an inbox can do outside tickets.
    HelpStaffElsewhere "help-staff-elsewhere" {}
    /// What every member can do outside tickets.
    HelpElsewhere "help-elsewhere" {}
    // Reporting a message.
    /// No inbox is set for reports.
    ReportsOff "reports-off" {}
    /// The inbox for reports was removed.
    ReportInboxGone "report-inbox-gone" {}
    /// The reported message is no longer kept.
    ReportExpired "report-expired" {}
    /// A ticket was opened for the report.
    ReportOpened "report-opened" { ticket: ChannelId => "ticket" Channel }
    /// The report was added to the member's open ticket.
    ReportAdded "report-added" { ticket: ChannelId => "ticket" Channel }
    /// The question what is wrong with the message. At most 45 characters.
    ReportQuestion "report-question" {}
    /// Above the quoted message.
    ReportTitle "report-title" {}
    /// Above the message's author, in a ticket.
    ReportAuthor "report-author" {}
    /// Above where and when the message was sent.
    ReportWhere "report-where" {}
    /// Where and when the message was sent, with its link.
    ReportPlace "report-place" { channel: ChannelId => "channel" Channel, link: MessageLink => "link" Message, sent: i64 => "sent" Moment }
    /// Above the names of the message's files.
    ReportFiles "report-files" {}
    /// Stands in for the text of a message without text.
    ReportWithoutText "report-without-text" {}
    // A mistake in a form's text, to an admin.

    /// The form has one question too many.
    FormLineTooManyQuestions "form-line-too-many-questions" { line: i64 => "line" Number }
    /// There is no question before the first `|`.
    FormLineNoLabel "form-line-no-label" { line: i64 => "line" Number }
    /// The question is too long.
    FormLineLabelTooLong "form-line-label-too-long" { line: i64 => "line" Number }
    /// Another line asks the same.
    FormLineLabelTwice "form-line-label-twice" { line: i64 => "line" Number, written: String => "written" Text }
    /// There is no kind of answer.
    FormLineNoKind "form-line-no-kind" { line: i64 => "line" Number }
    /// The kind of answer is none of those that there are.
    FormLineUnknownKind "form-line-unknown-kind" { line: i64 => "line" Number, written: String => "written" Text }
    /// This kind of answer has no choices.
    FormLineChoicesNotAllowed "form-line-choices-not-allowed" { line: i64 => "line" Number, written: String => "written" Text }
    /// This kind of answer needs choices.
    FormLineTooFewChoices "form-line-too-few-choices" { line: i64 => "line" Number, written: String => "written" Text }
    /// There are more choices than a menu holds.
    FormLineTooManyChoices "form-line-too-many-choices" { line: i64 => "line" Number }
    /// A choice is empty.
    FormLineEmptyChoice "form-line-empty-choice" { line: i64 => "line" Number }
    /// A choice is too long.
    FormLineChoiceTooLong "form-line-choice-too-long" { line: i64 => "line" Number, written: String => "written" Text }
    /// A choice is there twice.
    FormLineChoiceTwice "form-line-choice-twice" { line: i64 => "line" Number, written: String => "written" Text }
    /// The description is too long.
    FormLineDescriptionTooLong "form-line-description-too-long" { line: i64 => "line" Number }
    /// There are two parts that could be the description.
    FormLineTwoDescriptions "form-line-two-descriptions" { line: i64 => "line" Number, written: String => "written" Text }
    /// The form is longer than a modal's field.
    FormTooLong "form-too-long" {}
    /// The form was saved. Heads the button that shows it.
    FormSaved "form-saved" {}
    /// The form to be tried was removed in the meantime.
    FormGone "form-gone" {}
    /// The answers of an admin who tried a form, as a ticket would show them.
    FormTried "form-tried" {}

    // Forms.

    /// The form has questions that need an answer and have none. The answers follow.
    FormAnswersMissing "form-answers-missing" { questions: Vec<String> => "questions" Quoted, count: i64 => "count" Number }
    /// Heads the answers of somebody whose ticket could not be opened.
    FormAnswersKept "form-answers-kept" {}
    /// Heads answers to questions that the form no longer asks.
    FormAnswersLeftOver "form-answers-left-over" {}
    /// The modal could not be shown in time.
    ModalNotShown "modal-not-shown" {}
    /// In the place of an answer: the question was left without one.
    FormNoAnswer "form-no-answer" {}
    /// An answer.
    FormYes "form-yes" {}
    /// An answer.
    FormNo "form-no" {}
    /// A file that is not attached, because it is larger than allowed.
    FormFileTooLarge "form-file-too-large" { filename: String => "filename" Text, limit: u64 => "megabytes" Megabytes }
    /// A file that is not attached, because it could not be downloaded.
    FormFileFailed "form-file-failed" { filename: String => "filename" Text }

    // Responses to any command.

    /// The bot stopped before it had responded.
    Interrupted "interrupted" {}
    /// The bot stopped, and cannot see in the ticket whether it had done what it was asked to.
    InterruptedUnseen "interrupted-unseen" { ticket: ChannelId => "ticket" Channel }

    // Texts that others see, in the server's language.

    /// The button under an inbox.
    CreateTicket "create-ticket-button" {}
    /// The default starting message.
    DefaultStarter "default-starter" { author: UserId => "author" User, staff: Vec<Mention> => "staff" Mentions, count: i64 => "count" Number }
    /// Stands in the starting message outside the inbox's hours.
    StaffAreBack "staff-are-back" { until: i64 => "until" Moment }
    /// A ticket's name where Discord refused the one that was wanted.
    NeutralName "neutral-name" { counter: String => "counter" Text }
    /// The audit log's reason for a new thread.
    AuditOpened "audit-opened" { name: String => "name" Text, id: String => "id" Text }
    /// The audit log's reason when the owner left.
    AuditOwnerLeft "audit-owner-left" {}
    /// The audit log's reason when an archived ticket is locked.
    AuditArchived "audit-archived" {}
    /// The audit log's reason when an opening is rolled back.
    AuditRolledBack "audit-rolled-back" {}
    /// The note in a ticket whose owner left it.
    OwnerLeft "owner-left" { owner: UserId => "owner" User }
    /// The same where the bot locks the ticket too.
    OwnerLeftLocked "owner-left-locked" { owner: UserId => "owner" User }
    /// The note in a ticket that was archived and is now locked.
    Archived "archived" {}
    /// The closing message of somebody who closes a ticket through the bot.
    ClosedBy "closed-by" { name: String => "name" Text }
    /// The same closing message with the reason.
    ClosedByWithReason "closed-by-with-reason" { name: String => "name" Text, reason: String => "reason" Text }
    /// Put below the closing message if Discord does not let the bot archive the ticket.
    NotArchived "not-archived" { note: String => "note" Text }
    /// Somebody claims the ticket.
    ClaimedBy "claimed-by" { name: String => "name" Text }
    /// Somebody gives up their claim.
    UnclaimedBy "unclaimed-by" { name: String => "name" Text }
    /// Somebody has given the ticket to another inbox.
    Transferred "transferred" { name: String => "name" Text, inbox: String => "inbox" Text }
    /// The same message with the reason.
    TransferredWithReason "transferred-with-reason" { name: String => "name" Text, inbox: String => "inbox" Text, reason: String => "reason" Text }
    /// The closing message of a ticket that continues in another one.
    MovedBy "moved-by" { name: String => "name" Text, ticket: ChannelId => "ticket" Channel }
    /// The same closing message with the reason.
    MovedByWithReason "moved-by-with-reason" { name: String => "name" Text, ticket: ChannelId => "ticket" Channel, reason: String => "reason" Text }
    /// The line in the new ticket's starting message that names the old ticket.
    MovedHere "moved-here" { name: String => "name" Text, ticket: ChannelId => "ticket" Channel }
    /// The same line with the reason.
    MovedHereWithReason "moved-here-with-reason" { name: String => "name" Text, ticket: ChannelId => "ticket" Channel, reason: String => "reason" Text }
    /// The last line of a notice: the ticket was transferred and has another notice now.
    NoticeMoved "notice-moved" { inbox: String => "inbox" Text }
    /// The closing message of a ticket whose owner did not answer.
    ClosedWithoutAnswer "closed-without-answer" {}
    /// The audit log's reason when such a ticket is closed.
    AuditNoAnswer "audit-no-answer" {}
    /// Asks an owner who does not answer whether they still need help.
    StillNeedHelp "still-need-help" { owner: UserId => "owner" User }
    /// The same question, and when the ticket is closed without an answer.
    StillNeedHelpOrClosed "still-need-help-or-closed" { owner: UserId => "owner" User, until: i64 => "until" Moment }
    /// Staff ask the owner whether the ticket can be closed.
    AskClose "ask-close" { owner: UserId => "owner" User, name: String => "name" Text }
    /// The same question with the reason.
    AskCloseReason "ask-close-reason" { owner: UserId => "owner" User, name: String => "name" Text, reason: String => "reason" Text }
    /// Below that question: when the ticket is closed without an answer.
    AskCloseUntil "ask-close-until" { until: i64 => "until" Moment }
    /// The button with which the owner agrees.
    AgreeToCloseButton "agree-to-close-button" {}
    /// The button with which the owner does not agree.
    NotYetButton "not-yet-button" {}
    /// Notifies whoever snoozed the ticket.
    SnoozeEnded "snooze-ended" { by: UserId => "by" User }
    /// The button with which the owner keeps a ticket open.
    StillNeedHelpButton "still-need-help-button" {}
    /// Replaces the question: the owner has kept the ticket open.
    StillNeedsHelp "still-needs-help" { name: String => "name" Text }
    /// Reminds whoever claimed a ticket.
    RemindClaimer "remind-claimer" { by: UserId => "by" User, since: i64 => "since" Moment }
    /// Reminds the staff of a ticket that is not claimed.
    RemindStaff "remind-staff" { since: i64 => "since" Moment }
    /// The same in the channel of the notices.
    RemindByNotice "remind-by-notice" { ticket: ChannelId => "ticket" Channel, since: i64 => "since" Moment }
    /// The same with a link to the ticket's notice.
    RemindByNoticeLink "remind-by-notice-link" { ticket: ChannelId => "ticket" Channel, since: i64 => "since" Moment, notice: MessageLink => "notice" Message }
    /// The button that closes a ticket.
    CloseButton "close-button-label" {}
    /// Notifies staff that the owner thinks the ticket is solved.
    ThinksSolved "thinks-solved" { name: String => "name" Text }
    /// The same message with the reason.
    ThinksSolvedWithReason "thinks-solved-with-reason" { name: String => "name" Text, reason: String => "reason" Text }
    /// Below the starting message: staff opened the ticket for its owner.
    OpenedBy "opened-by" { name: String => "name" Text }
    // A ticket's notice, in a channel of the staff.

    /// The first line: who opened which ticket, where and when.
    NoticeTicket "notice-ticket" { ticket: ChannelId => "ticket" Channel, owner: UserId => "owner" User, inbox: String => "inbox" Text, opened: i64 => "opened" Moment }
    /// The same where the owner or the inbox is not known.
    NoticeTicketAlone "notice-ticket-alone" { ticket: ChannelId => "ticket" Channel, opened: i64 => "opened" Moment }
    /// Who joined the ticket first.
    NoticeJoined "notice-joined" { member: UserId => "member" User }
    /// Who looks after the ticket.
    NoticeClaimed "notice-claimed" { member: UserId => "member" User }
    /// The ticket waits for staff.
    NoticeWaits "notice-waits" { since: i64 => "since" Moment }
    /// The last line: somebody closed the ticket through the bot.
    NoticeClosedBy "notice-closed-by" { member: UserId => "member" User }
    /// The same line with the reason.
    NoticeClosedByWithReason "notice-closed-by-with-reason" { member: UserId => "member" User, reason: String => "reason" Text }
    /// The last line: the ticket continues in another one.
    NoticeMovedBy "notice-moved-by" { member: UserId => "member" User, ticket: ChannelId => "ticket" Channel }
    /// The same line with the reason.
    NoticeMovedByWithReason "notice-moved-by-with-reason" { member: UserId => "member" User, ticket: ChannelId => "ticket" Channel, reason: String => "reason" Text }
    /// The last line: the owner left the ticket.
    NoticeOwnerLeft "notice-owner-left" {}
    /// The last line: the bot was removed from the ticket.
    NoticeBotRemoved "notice-bot-removed" {}
    /// The last line: the ticket was closed with Discord's own tools.
    NoticeClosed "notice-closed" {}
    /// The last line: the ticket's thread was deleted.
    NoticeDeleted "notice-deleted" {}
    /// The button under a notice.
    JoinButton "join-button" {}

    /// Somebody has opened the ticket again.
    ReopenedBy "reopened-by" { name: String => "name" Text }
    /// The audit log's reason when the bot reopens a ticket that Discord has hidden, to remind staff of it.
    AuditReminded "audit-reminded" {}
    /// The audit log's reason when somebody joins a ticket that Discord's own timer has hidden.
    AuditJoined "audit-joined" { name: String => "name" Text, id: String => "id" Text }
    /// The audit log's reason when somebody opens a ticket again through the bot.
    AuditReopened "audit-reopened" { name: String => "name" Text, id: String => "id" Text }
    /// The audit log's reason when somebody closes a ticket through the bot.
    AuditClosed "audit-closed" { name: String => "name" Text, id: String => "id" Text }
    /// The audit log's reason when somebody renames a ticket through the bot.
    AuditRenamed "audit-renamed" { name: String => "name" Text, id: String => "id" Text }
    /// The audit log's reason when somebody adds somebody to a ticket through the bot.
    AuditAdded "audit-added" { name: String => "name" Text, id: String => "id" Text }
    /// The audit log's reason when somebody removes somebody from a ticket through the bot.
    AuditRemoved "audit-removed" { name: String => "name" Text, id: String => "id" Text }

    // To the host.

    /// Commands are registered everywhere, or in one server.
    Synced "synced" { count: i64 => "count" Number }
    /// Commands are registered in one server.
    SyncedInGuild "synced-in-guild" { count: i64 => "count" Number, guild: String => "guild" Text }
    /// The bot is not in that server.
    SyncUnknownGuild "sync-unknown-guild" { guild: String => "guild" Text }
    /// The words after `sync` are no server's id.
    SyncNotAGuild "sync-not-a-guild" { word: String => "word" Text }
    /// The config was read again.
    ConfigReloaded "config-reloaded" {}
    /// The config was read again, and these parts of it are applied at the next start.
    ConfigNeedsRestart "config-needs-restart" { changed: String => "changed" Text }
    /// The config has a fault; the old one stays. The cause is in the log.
    ConfigNotReloaded "config-not-reloaded" { code: String => "code" Text }
    /// The commands that the host can use.
    HostHelp "host-help" {}
    /// How the bot is added to a server.
    HostInvite "host-invite" { link: String => "link" Text }
    /// Only the host may use this command.
    HostOnly "host-only" {}

    // Unexpected errors.

    /// An unexpected error. The same code is in the log.
    Unexpected "unexpected" { code: String => "code" Text, owner: String => "owner" Text }
    /// The command works in servers only.
    ServerOnly "server-only" {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_shown_as_it_is() {
        for (name, shown) in [
            ("Mia", "Mia"),
            ("*<@1>*", r"\*\<\@1\>\*"),
            ("a\nb", "a b"),
            // They would reverse the rest of the line.
            ("\u{202E}aiM\u{2066}", "aiM"),
            ("\u{200F}שלום", "\u{200F}שלום"),
        ] {
            assert_eq!(plain(name), shown);
        }
    }
}
