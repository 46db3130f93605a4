//! A ticket's notice: one message in a channel of the staff, for the ticket's whole life. What the notice
//! should show follows from the stored ticket, and the bot compares that with what the notice shows. So the
//! order of events does not matter, nor a crash in between.

use crate::text::Text;
use crate::ticket::{ClosingRequest, Reason};
use crate::waiting::{Side, Waiting};
use crate::{ChannelId, GuildId, InboxId, MessageId, Timestamp, UserId};

/// How long a channel's notices wait between two edits, in milliseconds. Discord allows three edits of
/// older messages in six seconds.
pub const BETWEEN_EDITS: u64 = 3_000;

/// How long a ticket must wait for its other side before its notice says so, in milliseconds: a quick
/// conversation needs no edits.
const SETTLED_AFTER: i64 = 2 * 60 * 1000;

/// A notice as it is stored, with what is stored of its ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub ticket: ChannelId,
    pub guild: GuildId,
    /// The channel where the notice is or will be.
    pub channel: ChannelId,
    /// `None` until it is posted.
    pub message: Option<MessageId>,
    /// The member who first joined the ticket through the bot.
    pub joined: Option<UserId>,
    /// The [key](Notice::key) of what it shows, if that is known.
    pub shown: Option<String>,
    pub inbox: Option<InboxId>,
    pub owner: Option<UserId>,
    pub claimed: Option<UserId>,
    /// Whom it waits for, if that is known.
    pub waiting: Option<Waiting>,
    pub standing: Standing,
}

/// How far the ticket has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    Open,
    /// Why, and who did it through the bot.
    Closed(Reason, Option<ClosingRequest>),
    /// Its thread is gone.
    Deleted,
}

/// What to do about a notice. Steps are done in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Post it.
    Post,
    /// Forget the notice: the ticket is gone before the notice was posted.
    Forget,
    /// Show that the ticket is closed or gone.
    End,
    /// Show who looks after the ticket.
    Claim,
    /// Show anything else.
    Change,
}

/// The word that starts the key of an open ticket.
const OPEN: &str = "open";

/// The key of what the notice of a closed ticket shows.
pub const CLOSED: &str = "closed";

const DELETED: &str = "deleted";

impl Notice {
    /// The key of what the notice should show at this moment. A ticket's notices with the same key look the
    /// same.
    pub fn key(&self, now: Timestamp) -> String {
        match self.standing {
            Standing::Open => {
                let open = format!("{OPEN} {} {}", id(self.claimed), id(self.joined));
                match self.waits_since(now) {
                    Some(since) => format!("{open} {since}"),
                    None => open,
                }
            }
            Standing::Closed(..) => CLOSED.to_owned(),
            Standing::Deleted => DELETED.to_owned(),
        }
    }

    /// What is to be done at this moment, if anything.
    pub fn step(&self, now: Timestamp) -> Option<Step> {
        let key = self.key(now);
        if self.message.is_none() {
            return Some(match self.standing {
                Standing::Open | Standing::Closed(..) => Step::Post,
                Standing::Deleted => Step::Forget,
            });
        }
        if self.shown.as_ref() == Some(&key) {
            return None;
        }
        Some(match self.standing {
            Standing::Closed(..) | Standing::Deleted => Step::End,
            Standing::Open if self.shown_claim() != Some(id(self.claimed)) => Step::Claim,
            Standing::Open => Step::Change,
        })
    }

    /// When the notice must show that the ticket waits for its other side, if it still does then.
    pub fn settles_at(&self, now: Timestamp) -> Option<Timestamp> {
        let changed = self.waiting?.since.created_at();
        let at = changed.plus(SETTLED_AFTER);
        let is_new = self.standing == Standing::Open && self.waiting_since() != self.shown_since();
        (is_new && now < at).then_some(at)
    }

    /// The message since which the notice says that the ticket waits for staff. A recent change is not shown
    /// yet.
    fn waits_since(&self, now: Timestamp) -> Option<MessageId> {
        match self.settles_at(now) {
            Some(_) => self.shown_since(),
            None => self.waiting_since(),
        }
    }

    fn waiting_since(&self) -> Option<MessageId> {
        let waiting = self.waiting.filter(|it| it.side == Side::Staff);
        waiting.map(|it| it.since)
    }

    /// Whether it has a *Join* button.
    pub fn can_be_joined(&self) -> bool {
        self.standing == Standing::Open
    }

    /// The lines of the notice. `inbox` is the inbox's name, if the inbox exists. If the ticket is gone, only
    /// the last line is known, and the notice keeps the lines above it.
    pub fn lines(&self, inbox: Option<String>, now: Timestamp) -> Vec<Text> {
        if self.standing == Standing::Deleted {
            return vec![Text::NoticeDeleted {}];
        }
        let (ticket, opened) = (self.ticket, self.ticket.created_at().unix_seconds());
        let first = match (self.owner, inbox) {
            (Some(owner), Some(inbox)) => Text::NoticeTicket {
                ticket,
                owner,
                inbox,
                opened,
            },
            _ => Text::NoticeTicketAlone { ticket, opened },
        };
        let joined = self.joined.map(|member| Text::NoticeJoined { member });
        let is_open = self.standing == Standing::Open;
        let claimed = self.claimed.filter(|_| is_open);
        let claimed = claimed.map(|member| Text::NoticeClaimed { member });
        let waits = self.waits_since(now).filter(|_| is_open);
        let waits = waits.map(|since| Text::NoticeWaits {
            since: since.created_at().unix_seconds(),
        });
        let end = match &self.standing {
            Standing::Closed(reason, request) => Some(ended(*reason, request.as_ref())),
            Standing::Open | Standing::Deleted => None,
        };
        let lines = [Some(first), joined, claimed, waits, end];
        lines.into_iter().flatten().collect()
    }

    /// The member whom the notice shows as looking after the ticket, if known.
    fn shown_claim(&self) -> Option<u64> {
        self.shown_number(0)
    }

    /// Since when it shows that the ticket waits for staff.
    fn shown_since(&self) -> Option<MessageId> {
        self.shown_number(2).map(MessageId)
    }

    /// One of the numbers in the key of what it shows.
    fn shown_number(&self, index: usize) -> Option<u64> {
        let rest = self.shown.as_deref()?.strip_prefix(OPEN)?;
        rest.split_ascii_whitespace().nth(index)?.parse().ok()
    }
}

fn ended(reason: Reason, request: Option<&ClosingRequest>) -> Text {
    match (reason, request) {
        (Reason::OwnerLeft, _) => Text::NoticeOwnerLeft {},
        (Reason::BotRemoved, _) => Text::NoticeBotRemoved {},
        (Reason::Requested, Some(request)) if request.moved_to.is_some() => moved(request),
        (Reason::Requested, Some(request)) if request.reason.is_empty() => {
            Text::NoticeClosedBy { member: request.by }
        }
        (Reason::Requested, Some(request)) => Text::NoticeClosedByWithReason {
            member: request.by,
            reason: request.reason.clone(),
        },
        (Reason::NoAnswer, _) => Text::ClosedWithoutAnswer {},
        (Reason::Archived | Reason::Requested, _) => Text::NoticeClosed {},
    }
}

fn moved(request: &ClosingRequest) -> Text {
    let (member, reason) = (request.by, request.reason.clone());
    let ticket = request.moved_to.unwrap_or(ChannelId(0));
    if reason.is_empty() {
        Text::NoticeMovedBy { member, ticket }
    } else {
        Text::NoticeMovedByWithReason {
            member,
            ticket,
            reason,
        }
    }
}

/// The notice that is handled next, and how. Notices that are not posted come first, because staff wait
/// for them; then the closings, then the claims, each in the order of their tickets.
pub fn next(notices: &[Notice], now: Timestamp) -> Option<(&Notice, Step)> {
    let steps = notices.iter().filter_map(|it| Some((it, it.step(now)?)));
    steps.min_by_key(|(notice, step)| (*step, notice.ticket))
}

/// 0 stands for `None`.
fn id(user: Option<UserId>) -> u64 {
    user.map_or(0, |user| user.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::examples::{GUILD, INBOX_ID, MIA};

    const MAX: UserId = UserId(21);
    const ZOE: UserId = UserId(22);
    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    fn notice() -> Notice {
        Notice {
            ticket: ChannelId(50),
            guild: GUILD,
            channel: ChannelId(12),
            message: Some(MessageId(70)),
            joined: None,
            shown: Some("open 0 0".into()),
            inbox: Some(INBOX_ID),
            owner: Some(MIA),
            claimed: None,
            waiting: None,
            standing: Standing::Open,
        }
    }

    /// A message that was sent this number of seconds ago.
    fn sent_before(seconds: i64) -> MessageId {
        MessageId(NOW.plus(-seconds * 1000).snowflake())
    }

    fn waits(side: Side, since: MessageId) -> Notice {
        let waiting = Waiting {
            side,
            since,
            seen: since,
        };
        Notice {
            waiting: Some(waiting),
            ..notice()
        }
    }

    fn closed(reason: Reason, why: Option<&str>) -> Notice {
        let request = why.map(|why| ClosingRequest {
            by: MAX,
            name: "Max".into(),
            reason: why.into(),
            remove_members: false,
            moved_to: None,
        });
        Notice {
            standing: Standing::Closed(reason, request),
            ..notice()
        }
    }

    #[test]
    fn what_is_shown_already_is_left_alone() {
        assert_eq!(notice().step(NOW), None);
        let shown = |notice: Notice| Notice {
            shown: Some(notice.key(NOW)),
            ..notice
        };
        for now in [
            closed(Reason::Archived, None),
            Notice {
                claimed: Some(MAX),
                joined: Some(ZOE),
                ..notice()
            },
            Notice {
                standing: Standing::Deleted,
                ..notice()
            },
        ] {
            assert!(now.step(NOW).is_some(), "{now:?}");
            assert_eq!(shown(now).step(NOW), None);
        }
    }

    #[test]
    fn each_change_has_its_step() {
        let claimed = Notice {
            claimed: Some(MAX),
            ..notice()
        };
        assert_eq!(claimed.step(NOW), Some(Step::Claim));
        let given_up = Notice {
            shown: Some(claimed.key(NOW)),
            ..notice()
        };
        assert_eq!(given_up.step(NOW), Some(Step::Claim));
        let joined = Notice {
            joined: Some(MAX),
            ..notice()
        };
        assert_eq!(joined.step(NOW), Some(Step::Change));
        assert_eq!(closed(Reason::OwnerLeft, None).step(NOW), Some(Step::End));
        let reopened = Notice {
            shown: None,
            ..notice()
        };
        assert_eq!(reopened.step(NOW), Some(Step::Claim));
    }

    #[test]
    fn a_notice_is_posted_late_too_unless_its_ticket_is_gone() {
        let unposted = |standing| Notice {
            message: None,
            shown: None,
            standing,
            ..notice()
        };
        let archived = Standing::Closed(Reason::Archived, None);
        assert_eq!(unposted(Standing::Open).step(NOW), Some(Step::Post));
        assert_eq!(unposted(archived).step(NOW), Some(Step::Post));
        assert_eq!(unposted(Standing::Deleted).step(NOW), Some(Step::Forget));
    }

    #[test]
    fn whom_it_waits_for_is_shown_once_that_has_lasted() {
        let asked = sent_before(119);
        let new = waits(Side::Staff, asked);
        assert_eq!(new.step(NOW), None);
        let settled = asked.created_at().plus(120_000);
        assert_eq!(new.settles_at(NOW), Some(settled));
        assert_eq!(new.step(settled), Some(Step::Change));
        assert_eq!(new.settles_at(settled), None);
        let line = Text::NoticeWaits {
            since: asked.created_at().unix_seconds(),
        };
        assert_eq!(new.lines(None, NOW).len(), 1);
        assert_eq!(new.lines(None, settled)[1..], [line]);
        // A notice does not show that its ticket waits for the owner.
        let owners = waits(Side::Owner, sent_before(500));
        assert_eq!((owners.step(NOW), owners.settles_at(NOW)), (None, None));
    }

    #[test]
    fn a_quick_answer_leaves_the_notice_as_it_is() {
        let asked = sent_before(300);
        let shown = Notice {
            shown: Some(waits(Side::Staff, asked).key(NOW)),
            ..notice()
        };
        let then = |side, since| Notice {
            shown: shown.shown.clone(),
            ..waits(side, since)
        };
        assert_eq!(then(Side::Staff, asked).step(NOW), None);
        let answered = then(Side::Owner, sent_before(10));
        assert_eq!(answered.step(NOW), None);
        // A claim is shown at once. The line about waiting stays until two minutes after the answer.
        let claimed = Notice {
            claimed: Some(MAX),
            ..answered.clone()
        };
        assert_eq!(claimed.step(NOW), Some(Step::Claim));
        assert_eq!(claimed.lines(None, NOW).len(), 3);
        let later = NOW.plus(110_000);
        assert_eq!(answered.step(later), Some(Step::Change));
        assert_eq!(answered.lines(None, later).len(), 1);
        // After a new question, the ticket waits since that question.
        let again = then(Side::Staff, sent_before(5));
        assert_eq!(again.step(NOW), None);
        assert_eq!(again.step(later.plus(10_000)), Some(Step::Change));
        // A closed ticket waits for neither side.
        let over = Notice {
            standing: Standing::Closed(Reason::Archived, None),
            ..again
        };
        assert_eq!(over.settles_at(NOW), None);
        assert_eq!(over.lines(None, later.plus(10_000)).len(), 2);
    }

    #[test]
    fn closings_and_claims_come_first() {
        let of = |ticket, notice: Notice| Notice {
            ticket: ChannelId(ticket),
            ..notice
        };
        let mut all = vec![
            notice(),
            of(
                51,
                Notice {
                    joined: Some(MAX),
                    ..notice()
                },
            ),
            of(
                52,
                Notice {
                    claimed: Some(MAX),
                    ..notice()
                },
            ),
            of(54, closed(Reason::Archived, None)),
            of(53, closed(Reason::Archived, None)),
            of(
                55,
                Notice {
                    message: None,
                    ..notice()
                },
            ),
        ];
        let mut order = Vec::new();
        while let Some((notice, step)) = next(&all, NOW) {
            order.push((notice.ticket.0, step));
            let done = notice.ticket;
            all.retain(|it| it.ticket != done);
        }
        assert_eq!(
            order,
            [
                (55, Step::Post),
                (53, Step::End),
                (54, Step::End),
                (52, Step::Claim),
                (51, Step::Change),
            ]
        );
    }

    #[test]
    fn a_notice_says_who_and_where_and_what_became_of_it() {
        let opened = ChannelId(50).created_at().unix_seconds();
        let first = Text::NoticeTicket {
            ticket: ChannelId(50),
            owner: MIA,
            inbox: "Help".into(),
            opened,
        };
        let lines = |notice: &Notice| notice.lines(Some("Help".into()), NOW);
        assert_eq!(lines(&notice()), std::slice::from_ref(&first));
        let busy = Notice {
            joined: Some(MAX),
            claimed: Some(ZOE),
            ..notice()
        };
        let joined = Text::NoticeJoined { member: MAX };
        let claimed = Text::NoticeClaimed { member: ZOE };
        assert_eq!(lines(&busy), [first.clone(), joined.clone(), claimed]);
        // A closed ticket's notice does not show who looked after the ticket.
        for (ended, text) in [
            (closed(Reason::OwnerLeft, None), Text::NoticeOwnerLeft {}),
            (closed(Reason::BotRemoved, None), Text::NoticeBotRemoved {}),
            (closed(Reason::Archived, None), Text::NoticeClosed {}),
            (
                closed(Reason::Requested, Some("")),
                Text::NoticeClosedBy { member: MAX },
            ),
            (
                closed(Reason::Requested, Some("It works")),
                Text::NoticeClosedByWithReason {
                    member: MAX,
                    reason: "It works".into(),
                },
            ),
        ] {
            let ended = Notice {
                joined: Some(MAX),
                claimed: Some(ZOE),
                ..ended
            };
            assert_eq!(lines(&ended), [first.clone(), joined.clone(), text]);
            assert!(!ended.can_be_joined());
        }
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let alone = Text::NoticeTicketAlone {
            ticket: ChannelId(50),
            opened: ChannelId(50).created_at().unix_seconds(),
        };
        assert_eq!(notice().lines(None, NOW), std::slice::from_ref(&alone));
        let forgotten = Notice {
            owner: None,
            ..notice()
        };
        assert_eq!(forgotten.lines(Some("Help".into()), NOW), [alone]);
        let gone = Notice {
            standing: Standing::Deleted,
            ..notice()
        };
        assert_eq!(gone.lines(None, NOW), [Text::NoticeDeleted {}]);
    }
}
