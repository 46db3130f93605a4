//! Every sentence, with values.

use tickets::permission::{Missing, Permission};
use tickets::setting::Shown;
use tickets::text::{MessageLink, Text};
use tickets::{ChannelId, GuildId, Mention, MessageId, RoleId, UserId};

/// Each sentence at least once, and again for values with which its wording differs.
pub(crate) fn samples() -> Vec<Text> {
    let inbox = MessageLink {
        guild: GuildId(1),
        channel: ChannelId(10),
        message: MessageId(40),
    };
    let message = MessageLink {
        message: MessageId(41),
        ..inbox
    };
    let missing = vec![
        Missing {
            channel: ChannelId(10),
            permissions: Permission::ALL.to_vec(),
        },
        Missing {
            channel: ChannelId(11),
            permissions: vec![Permission::ViewChannel],
        },
    ];
    let staff = vec![Mention::Role(RoleId(30)), Mention::User(UserId(20))];
    let ticket = ChannelId(50);
    let owner = UserId(20);
    let until = 1_773_100_800;
    let code = || "7F3K".to_owned();
    let name = || "Mia".to_owned();
    vec![
        Text::SelectContent { until },
        Text::SelectInbox { until },
        Text::SelectReplacement { inbox, until },
        Text::ProblemNotOffered {},
        Text::ProblemNoticesGone {},
        Text::ProblemNoticesHidden {
            channel: ChannelId(50),
            staff: vec![Mention::Role(RoleId(60))],
        },
        Text::ProblemNoticesPublic {
            channel: ChannelId(50),
        },
        Text::ProblemNoticesLack {
            channel: ticket,
            permissions: vec![Permission::ViewChannel, Permission::SendMessages],
        },
        Text::ProblemJoinWithoutNotices {},
        Text::ProblemEmojiRefused {},
        Text::ProblemNeverReminds {},
        Text::NoticeTicket {
            ticket,
            owner,
            inbox: "Help".to_owned(),
            opened: until,
        },
        Text::NoticeTicketAlone {
            ticket,
            opened: until,
        },
        Text::NoticeJoined { member: owner },
        Text::NoticeClaimed { member: owner },
        Text::NoticeWaits {
            since: 1_773_100_800,
        },
        Text::NoticeClosedBy { member: owner },
        Text::NoticeClosedByWithReason {
            member: owner,
            reason: "It works".to_owned(),
        },
        Text::NoticeOwnerLeft {},
        Text::NoticeBotRemoved {},
        Text::NoticeClosed {},
        Text::NoticeDeleted {},
        Text::TicketDeleted {},
        Text::Transferred {
            name: name(),
            inbox: "Help".to_owned(),
        },
        Text::TransferredWithReason {
            name: name(),
            inbox: "Help".to_owned(),
            reason: "It is about money".to_owned(),
        },
        Text::NoticeMoved {
            inbox: "Help".to_owned(),
        },
        Text::TransferDone {
            inbox: "Help".to_owned(),
        },
        Text::TransferDoneWithoutStaff {
            inbox: "Help".to_owned(),
        },
        Text::SameInbox {
            inbox: "Help".to_owned(),
        },
        Text::TransferOpened { ticket },
        Text::TransferFailed {},
        Text::BeingTransferred {},
        Text::TransferLacks {
            missing: missing.clone(),
        },
        Text::OwnerLacks {
            name: name(),
            channel: "`#appeals`".to_owned(),
            permissions: vec![Permission::ViewChannel],
        },
        Text::TransferOwnerLacks {
            name: name(),
            channel: "`#appeals`".to_owned(),
            permissions: vec![Permission::ViewChannel],
        },
        Text::MovedBy {
            name: name(),
            ticket,
        },
        Text::MovedByWithReason {
            name: name(),
            ticket,
            reason: "It is about money".to_owned(),
        },
        Text::MovedHere {
            name: name(),
            ticket,
        },
        Text::MovedHereWithReason {
            name: name(),
            ticket,
            reason: "It is about money".to_owned(),
        },
        Text::NoticeMovedBy {
            member: UserId(21),
            ticket,
        },
        Text::NoticeMovedByWithReason {
            member: UserId(21),
            ticket,
            reason: "It is about money".to_owned(),
        },
        Text::ReportsOff {},
        Text::ReportInboxGone {},
        Text::ReportExpired {},
        Text::ReportOpened { ticket },
        Text::ReportAdded { ticket },
        Text::ReportQuestion {},
        Text::ReportTitle {},
        Text::ReportAuthor {},
        Text::ReportWhere {},
        Text::ReportPlace {
            channel: ticket,
            link: message,
            sent: 1_773_100_799,
        },
        Text::ReportFiles {},
        Text::ReportWithoutText {},
        Text::JoinButton {},
        Text::MissingPermissions {
            missing: missing.clone(),
        },
        Text::NoPrivateThreads { channel: ticket },
        Text::NothingPending { message },
        Text::SelectionExpired {
            message,
            minutes: 1,
        },
        Text::SelectionExpired {
            message,
            minutes: 3,
        },
        Text::NotAnInbox { message },
        Text::NoLongerAnInbox { message },
        Text::NothingToCopy { message },
        Text::SelectedItself { message },
        Text::AttachmentsTooLarge { limit: 5_000_000 },
        Text::AttachmentsTooLarge {
            limit: 1_234_567_890,
        },
        Text::DownloadFailed {
            filename: "cat.png".into(),
        },
        Text::ChannelOfEntry { inbox },
        Text::EntryNeedsName {},
        Text::NoRoomForEntries {},
        Text::EntryCreated { inbox },
        Text::EntryNotShown { inbox },
        Text::NameUnknown { inbox },
        Text::ChooseEntries { inbox },
        Text::EntriesShortened {},
        Text::EntriesSaved { inbox, count: 0 },
        Text::EntriesSaved { inbox, count: 1 },
        Text::EntriesSaved { inbox, count: 4 },
        Text::NoOtherInbox {},
        Text::InboxCreated { inbox },
        Text::WillMention {
            staff: staff.clone(),
        },
        Text::NobodyYet {},
        Text::NobodyYetOffering {},
        Text::MessageReplaced { inbox },
        Text::DestinationChanged {
            inbox,
            old: ChannelId(10),
            new: ChannelId(11),
        },
        Text::DestinationUnchanged {
            inbox,
            channel: ChannelId(10),
        },
        Text::ChooseStaff { inbox },
        Text::ChooseStaffShortened {
            inbox,
            shown: 25,
            total: 1234,
        },
        Text::StaffSaved {
            inbox,
            staff: vec![],
            count: 0,
        },
        Text::StaffSavedWithout {
            inbox,
            staff: vec![],
            count: 0,
        },
        Text::StaffSaved {
            inbox,
            staff: staff.clone(),
            count: 2,
        },
        Text::StarterSaved { inbox },
        Text::StarterSavedWithoutAuthor { inbox },
        Text::StarterReset { inbox },
        Text::NameSaved {
            inbox,
            example: Some("0001 Mia".into()),
        },
        Text::NameSaved {
            inbox,
            example: None,
        },
        Text::NameReset {
            inbox,
            example: Some("2026-03-09 Mia".into()),
        },
        Text::NoLongerAllowed {},
        Text::InboxGone {},
        Text::ChannelGone {},
        Text::ChooseAmongInboxes {},
        Text::ChooseAmongInboxesShortened {},
        Text::InboxListed {
            channel: ChannelId(11),
            staff: vec![],
            count: 0,
            open: 1,
        },
        Text::InboxListed {
            channel: ChannelId(11),
            staff: staff.clone(),
            count: 2,
            open: 30,
        },
        Text::InboxNotPosted { open: 2, until },
        Text::RemoveInbox {
            name: name(),
            inbox,
            open: 0,
            also: 0,
        },
        Text::RemoveInbox {
            name: name(),
            inbox,
            open: 1,
            also: 1,
        },
        Text::RemoveInbox {
            name: name(),
            inbox,
            open: 3,
            also: 2,
        },
        Text::InboxRemoved { name: name() },
        Text::NoInboxes {},
        Text::NoSuchInbox {
            written: "sales".into(),
        },
        Text::UnknownSetting {
            written: "colour".into(),
        },
        Text::SettingSaved {
            setting: "cooldown",
            value: ("cooldown", Shown::Duration(86_400)),
        },
        Text::NotANumber {
            written: "-1".into(),
            least: 0,
            most: 900,
        },
        Text::NotADuration {
            written: "10".into(),
        },
        Text::DurationOutOfRange {
            least: 3600,
            most: 2_592_000,
        },
        Text::HoursWithoutDays {
            line: 2,
            written: "Someday 9-17".into(),
        },
        Text::HoursWithoutTimes {
            line: 1,
            written: "Mon-Fri".into(),
        },
        Text::HoursTooLong { limit: 2_000 },
        Text::UnknownTimeZone {
            written: "Berlin".into(),
        },
        Text::TooManyInServer { ticket, limit: 3 },
        Text::Paused {
            message: "We are on holiday.".into(),
        },
        Text::PausedUntil {
            message: "We are on holiday.".into(),
            until: 1_773_100_800,
        },
        Text::OutsideHours {
            until: 1_773_100_800,
        },
        Text::StaffAreBack {
            until: 1_773_100_800,
        },
        Text::RoleBlocked {
            role: "Muted".into(),
        },
        Text::RoleNeeded {
            roles: vec!["Member".into()],
            count: 1,
        },
        Text::RoleNeeded {
            roles: vec!["Member".into(), "VIP".into()],
            count: 2,
        },
        Text::ClosedToAll {},
        Text::AccountTooYoung {
            age: 604_800,
            until: 1_773_100_800,
        },
        Text::MemberTooNew {
            age: 86_400,
            until: 1_773_100_800,
        },
        Text::NameTaken {
            written: "Appeals".into(),
        },
        Text::NotAnEmoji {
            written: ":ticket:".into(),
        },
        Text::ButtonRefused {},
        Text::NotAChoice {
            written: "blue".into(),
        },
        Text::InboxFull {},
        Text::ProblemBotLacks {
            channel: ticket,
            permissions: vec![Permission::ViewChannel, Permission::SendMessages],
        },
        Text::ProblemNoPrivateThreads { channel: ticket },
        Text::ProblemDestinationGone { channel: ticket },
        Text::ProblemMembersLack {
            channel: ticket,
            permissions: vec![Permission::ViewChannel, Permission::SendMessagesInThreads],
        },
        Text::ProblemClosedToAll {},
        Text::ProblemNobodyNotified {},
        Text::ProblemStaffNotMentioned {},
        Text::ProblemNotMentionable {
            channel: ticket,
            staff: staff.clone(),
        },
        Text::ProblemStaffCannotView {
            channel: ticket,
            staff: (1..=8).map(|id| Mention::Role(RoleId(id))).collect(),
        },
        Text::ProblemTooLarge {
            staff: staff.clone(),
        },
        Text::ProblemOwnerAlone { ticket },
        Text::ProblemBotCannotRead { channel: ticket },
        Text::ProblemManyThreads {
            count: 950,
            limit: 1000,
        },
        Text::UnknownInbox {},
        Text::AlreadyOpen { ticket },
        Text::TooManyOpen { ticket, limit: 3 },
        Text::CoolingDown {
            seconds: 60,
            until: 1_773_100_800,
        },
        Text::CoolingDown {
            seconds: 21_600,
            until: 1_773_100_800,
        },
        Text::CannotOpen { missing },
        Text::CannotOpenThere { channel: ticket },
        Text::MemberLacks {
            channel: "`#tickets`".into(),
            permissions: vec![Permission::ViewChannel, Permission::SendMessagesInThreads],
        },
        Text::TimedOut {
            until: 1_773_100_800,
        },
        Text::NameRefused {},
        Text::StarterRefused {},
        Text::TooManyThreads {},
        Text::OpeningDelayed {},
        Text::TicketOpened { ticket },
        Text::StaffNotInvited {},
        Text::TicketOpenedWithoutAnswers { ticket },
        Text::FormAnswersMissing {
            questions: vec!["What *happened*?".into()],
            count: 1,
        },
        Text::FormAnswersMissing {
            questions: vec!["Where?".into(), "When?".into()],
            count: 2,
        },
        Text::FormAnswersKept {},
        Text::FormAnswersLeftOver {},
        Text::ModalNotShown {},
        Text::FormLineTooManyQuestions { line: 2 },
        Text::FormLineNoLabel { line: 2 },
        Text::FormLineLabelTooLong { line: 2 },
        Text::FormLineLabelTwice {
            line: 2,
            written: "number".into(),
        },
        Text::FormLineNoKind { line: 2 },
        Text::FormLineUnknownKind {
            line: 2,
            written: "number".into(),
        },
        Text::FormLineChoicesNotAllowed {
            line: 2,
            written: "number".into(),
        },
        Text::FormLineTooFewChoices {
            line: 2,
            written: "number".into(),
        },
        Text::FormLineTooManyChoices { line: 2 },
        Text::FormLineEmptyChoice { line: 2 },
        Text::FormLineChoiceTooLong {
            line: 2,
            written: "number".into(),
        },
        Text::FormLineChoiceTwice {
            line: 2,
            written: "number".into(),
        },
        Text::FormLineDescriptionTooLong { line: 2 },
        Text::FormLineTwoDescriptions {
            line: 2,
            written: "number".into(),
        },
        Text::FormTooLong {},
        Text::FormSaved {},
        Text::FormGone {},
        Text::FormTried {},
        Text::FormNoAnswer {},
        Text::FormYes {},
        Text::FormNo {},
        Text::FormFileTooLarge {
            filename: "film.mp4".into(),
            limit: 5_000_000,
        },
        Text::FormFileFailed {
            filename: "film.mp4".into(),
        },
        Text::OpeningRolledBack {},
        Text::NotATicket {},
        Text::NotTheStaff {},
        Text::NeedsManageThreads {},
        Text::AlreadyClosed {},
        Text::AlreadyClosedBy { name: name() },
        Text::BeingClosed {},
        Text::NotLocked {},
        Text::MemberAdded { name: name() },
        Text::AlreadyInTicket { name: name() },
        Text::MemberRemoved { name: name() },
        Text::OwnerRemoved { name: name() },
        Text::CannotViewChannel {
            name: name(),
            channel: ChannelId(10),
        },
        Text::NotInServer { name: name() },
        Text::NotInTicket { name: name() },
        Text::BotsCannotBeAdded {},
        Text::StaysInTicket {},
        Text::TicketFull {},
        Text::ThreadsFull {},
        Text::TicketRenamed { ticket },
        Text::SameName {},
        Text::EmptyName {},
        Text::TicketNameRefused {},
        Text::RenameLater {
            until: 1_773_100_800,
        },
        Text::AlreadyClaimed {},
        Text::NotClaimed {},
        Text::ClaimedByAnother {},
        Text::ClaimSaved {},
        Text::TicketForbidden {},
        Text::TicketGone {},
        Text::TicketIsOpen { ticket },
        Text::TicketReopened { ticket },
        Text::TicketStaysLocked { ticket },
        Text::AddOwner { name: name() },
        Text::TicketJoined { ticket },
        Text::NoOwnTickets {},
        Text::NoTickets {},
        Text::NoTicketsOf {},
        Text::ListLine {
            ticket,
            opened: 1_773_100_800,
        },
        Text::ListLineClaimed {
            ticket,
            opened: 1_773_100_800,
        },
        Text::ListWaits {
            since: 1_773_100_800,
        },
        Text::ListHidden {},
        Text::AskedToClose {},
        Text::OwnerNotHere {},
        Text::Snoozed {
            until: 1_773_100_800,
        },
        Text::PromptOver {},
        Text::OnlyForOwner {},
        Text::StaysOpen {},
        Text::ClosedWithoutAnswer {},
        Text::AuditNoAnswer {},
        Text::AuditReminded {},
        Text::StillNeedHelp { owner: UserId(20) },
        Text::StillNeedHelpOrClosed {
            owner: UserId(20),
            until: 1_773_100_800,
        },
        Text::StillNeedHelpButton {},
        Text::StillNeedsHelp { name: "Mia".into() },
        Text::RemindClaimer {
            by: UserId(21),
            since: 1_773_100_800,
        },
        Text::RemindStaff {
            since: 1_773_100_800,
        },
        Text::RemindByNotice {
            ticket: ChannelId(50),
            since: 1_773_100_800,
        },
        Text::RemindByNoticeLink {
            ticket: ChannelId(50),
            since: 1_773_100_800,
            notice: message,
        },
        Text::AskClose {
            owner: UserId(20),
            name: "Max".into(),
        },
        Text::AskCloseReason {
            owner: UserId(20),
            name: "Max".into(),
            reason: "It works".into(),
        },
        Text::AskCloseUntil {
            until: 1_773_100_800,
        },
        Text::AgreeToCloseButton {},
        Text::NotYetButton {},
        Text::SnoozeEnded { by: UserId(21) },
        Text::ListFooter {
            open: 1,
            week: 12,
            month: 1234,
        },
        Text::LeaveToClose {},
        Text::AlreadySolved {},
        Text::SolvedSaid {},
        Text::TicketBusy {},
        Text::ChooseInbox {},
        Text::NoInboxHere {},
        Text::NoInboxesOfYours {},
        Text::NotForBots {},
        Text::HasOpenTicket {
            name: name(),
            ticket,
        },
        Text::OpenAnother {},
        Text::TicketOpenedFor { ticket },
        Text::HelpStaff {},
        Text::HelpListedStaff {},
        Text::HelpOwner {},
        Text::HelpGuest {},
        Text::HelpElsewhere {},
        Text::HelpStaffElsewhere {},
        Text::Interrupted {},
        Text::InterruptedUnseen { ticket },
        Text::CreateTicket {},
        Text::DefaultStarter {
            author: owner,
            staff: vec![],
            count: 0,
        },
        Text::DefaultStarter {
            author: owner,
            staff,
            count: 2,
        },
        Text::NeutralName {
            counter: "0001".into(),
        },
        Text::AuditOpened {
            name: "mia_".into(),
            id: "20".into(),
        },
        Text::AuditOwnerLeft {},
        Text::AuditArchived {},
        Text::AuditRolledBack {},
        Text::OwnerLeft { owner },
        Text::OwnerLeftLocked { owner },
        Text::Archived {},
        Text::ClosedBy { name: name() },
        Text::ClosedByWithReason {
            name: name(),
            reason: "It works again".into(),
        },
        Text::NotArchived {
            note: "Closed by **Mia**".into(),
        },
        Text::ClaimedBy { name: name() },
        Text::UnclaimedBy { name: name() },
        Text::CloseButton {},
        Text::ThinksSolved { name: name() },
        Text::ThinksSolvedWithReason {
            name: name(),
            reason: "It works again".into(),
        },
        Text::OpenedBy { name: name() },
        Text::ReopenedBy { name: name() },
        Text::AuditJoined {
            name: "mia_".into(),
            id: "20".into(),
        },
        Text::AuditReopened {
            name: "mia_".into(),
            id: "20".into(),
        },
        Text::AuditClosed {
            name: "mia_".into(),
            id: "20".into(),
        },
        Text::AuditRenamed {
            name: "mia_".into(),
            id: "20".into(),
        },
        Text::AuditAdded {
            name: "mia_".into(),
            id: "20".into(),
        },
        Text::AuditRemoved {
            name: "mia_".into(),
            id: "20".into(),
        },
        Text::Synced { count: 1 },
        Text::Synced { count: 2 },
        Text::SyncedInGuild {
            count: 1,
            guild: "1".into(),
        },
        Text::SyncedInGuild {
            count: 2,
            guild: "1".into(),
        },
        Text::SyncUnknownGuild { guild: "6".into() },
        Text::SyncNotAGuild {
            word: "here".into(),
        },
        Text::ConfigReloaded {},
        Text::ConfigNeedsRestart {
            changed: "`bot.token`, `db`".into(),
        },
        Text::ConfigNotReloaded { code: code() },
        Text::HostHelp {},
        Text::HostInvite {
            link: "https://discord.com/oauth2/authorize?client_id=7".into(),
        },
        Text::HostOnly {},
        Text::Unexpected {
            code: code(),
            owner: "<@1>".into(),
        },
        Text::ServerOnly {},
    ]
}
