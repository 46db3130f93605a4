//! What changes when a step has ended.

use super::{Answers, MAX_NAMES, MAX_TAKEN, Opening, Retry, STALE_AFTER, Start, Thread};
use crate::opening::step::{
    Acknowledged, Attempt, Claimed, Created, Examined, Kind, Posted, Reviewed, Searched, Started,
};
use crate::text::Text;
use crate::{MessageId, Timestamp};

impl Opening {
    pub(super) fn on_acknowledged(&mut self, acknowledged: Acknowledged) {
        self.ended(Kind::Acknowledge);
        self.live.acknowledged = true;
        match acknowledged {
            Acknowledged::Done => {}
            Acknowledged::TooLate => self.live.silent = true,
            Acknowledged::Foreign => {
                self.live.silent = true;
                self.end_with(Text::Interrupted {});
            }
        }
    }

    pub(super) fn on_created(&mut self, created: Created, now: Timestamp) {
        self.ended(Kind::Create);
        match created {
            Created::Thread { id, contested } => {
                self.thread = Thread::Known(id);
                self.live.contested = contested;
            }
            Created::BadName if self.bad_names < MAX_NAMES => {
                self.thread = Thread::None;
                self.bad_names += 1;
                self.live.renaming = true;
            }
            Created::BadName => {
                self.thread = Thread::None;
                self.end_with(Text::NameRefused {});
            }
            Created::ChannelGone if self.order.parent != self.order.home => {
                self.thread = Thread::None;
                self.order.parent = self.order.home;
                self.live.must_save = true;
            }
            Created::ChannelGone => {
                self.thread = Thread::None;
                self.end_with(Text::UnknownInbox {});
            }
            Created::Refused(text) => {
                self.thread = Thread::None;
                self.end_with(text);
            }
            Created::Later(wait) => {
                self.thread = Thread::None;
                self.live.thread_retry.at = Some(now.plus(wait));
            }
            Created::Doubt => self.live.thread_retry.later(now),
        }
    }

    pub(super) fn on_searched(&mut self, searched: Searched, now: Timestamp) {
        self.ended(Kind::Search);
        match searched {
            Searched::Found(thread) => {
                self.thread = Thread::Known(thread);
                // The search has claimed it.
                self.live.claimed = true;
            }
            Searched::Nothing if self.live.resumed && self.live.thread_retry.failures == 0 => {
                // The bot that was killed may have asked for the thread just before, so it may still appear.
                self.live.thread_retry.later(now);
            }
            Searched::Nothing => {
                self.thread = Thread::None;
                // After a longer downtime the member no longer expects a ticket.
                if self.live.resumed && now.since(self.order.begun_at) >= STALE_AFTER {
                    self.end_with(Text::Interrupted {});
                }
            }
            Searched::Unclear => self.live.thread_retry.later(now),
        }
    }

    pub(super) fn on_claimed(&mut self, claimed: Claimed) {
        self.ended(Kind::Claim);
        match claimed {
            Claimed::Own => {
                self.live.claimed = true;
                self.live.thread_retry = Retry::default();
            }
            Claimed::Taken if self.taken < MAX_TAKEN => {
                self.taken += 1;
                self.thread = Thread::None;
                self.start = Start::None;
                if self.answers != Answers::None {
                    self.answers = Answers::Due(0);
                }
                self.live.contested = false;
            }
            Claimed::Taken => {
                self.thread = Thread::None;
                self.end_with(Text::OpeningRolledBack {});
            }
            Claimed::Forgotten => self.live.forgotten = true,
        }
    }

    pub(super) fn on_started(&mut self, started: Started, now: Timestamp) {
        self.ended(Kind::Start);
        match started {
            Started::Sent { message, left_out } => {
                let is_first = self.start == Start::Asked(Attempt::Everybody);
                self.start_is_done(Some(message), is_first && !left_out);
            }
            Started::Refused(text) => self.end_with(text),
            Started::Later(wait) => {
                self.start = Start::None;
                self.live.start_retry.at = Some(now.plus(wait));
            }
            Started::TooMuch => self.live.failed_attempt = true,
            // The bot examines the thread next. If the message is not there, it makes the next attempt.
            Started::Doubt => self.live.in_doubt = true,
        }
    }

    pub(super) fn on_examined(&mut self, examined: Examined, now: Timestamp) {
        self.ended(Kind::Examine);
        let Start::Asked(attempt) = self.start else {
            return;
        };
        match examined {
            Examined::Found { message, left_out } => {
                let is_first = attempt == Attempt::Everybody;
                self.start_is_done(Some(message), is_first && !left_out);
            }
            Examined::Nothing if self.live.in_doubt => {
                self.live.in_doubt = false;
                self.live.failed_attempt = true;
            }
            // The bot that was killed had not sent the message yet.
            Examined::Nothing => self.start = Start::None,
            Examined::Gone => self.end_with(Text::OpeningRolledBack {}),
            Examined::Unclear => self.live.start_retry.later(now),
        }
    }

    pub(super) fn on_posted(&mut self, posted: Posted, now: Timestamp) {
        self.ended(Kind::Post);
        match posted {
            Posted::Sent(last) => self.answers_are_done(last),
            Posted::Refused => self.answers_are_refused(),
            Posted::Later(wait) => self.live.answers_retry.at = Some(now.plus(wait)),
            // The bot reviews next which messages exist.
            Posted::Doubt => self.live.answers_retry.later(now),
        }
    }

    pub(super) fn on_reviewed(&mut self, reviewed: Reviewed, now: Timestamp) {
        self.ended(Kind::Review);
        match reviewed {
            Reviewed::All(last) => self.answers_are_done(last),
            Reviewed::Some(count) => self.answers = Answers::Due(count),
            Reviewed::Gone => self.answers_are_refused(),
            Reviewed::Unclear => self.live.answers_retry.later(now),
        }
    }

    /// If answers cannot be posted, the member gets them back. Without its pages, the ticket has no purpose
    /// and is rolled back.
    fn answers_are_refused(&mut self) {
        if self.order.pages.is_empty() {
            self.answers = Answers::Refused;
        } else {
            self.end_with(Text::OpeningRolledBack {});
        }
    }

    fn answers_are_done(&mut self, last: MessageId) {
        self.answers = Answers::Done(last);
        self.order.answers.clear();
        self.order.pages.clear();
        self.order.files.clear();
        self.live.answers_retry = Retry::default();
        self.live.must_save |= self.is_link_missing();
    }

    fn start_is_done(&mut self, message: Option<MessageId>, whole: bool) {
        self.start = Start::Done { message, whole };
        self.live.start_retry = Retry::default();
        self.live.must_save = self.is_link_missing();
    }

    /// If the member has the link, too, the row is deleted in a moment and need not be saved.
    fn is_link_missing(&self) -> bool {
        self.is_running(Kind::Respond) || self.live.said.is_none()
    }

    pub(super) fn on_failed(&mut self, kind: Kind, now: Timestamp) {
        self.ended(kind);
        match kind {
            Kind::Acknowledge => self.live.acknowledged = true,
            Kind::Create | Kind::Search | Kind::Claim | Kind::RollBack => {
                self.live.thread_retry.later(now);
            }
            Kind::Number => self.end_with(Text::OpeningRolledBack {}),
            Kind::Start | Kind::Examine => self.live.start_retry.later(now),
            Kind::Post | Kind::Review => self.live.answers_retry.later(now),
            Kind::Join => self.live.joining_retry.later(now),
            Kind::Respond => {
                self.live.said = None;
                self.live.respond_retry.later(now);
            }
        }
    }
}
