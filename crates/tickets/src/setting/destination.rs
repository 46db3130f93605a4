use super::{Circumstances, Entered, Group, Kind, Setting, Shown, Stored, Typed, enter};
use crate::action::Action;
use crate::inbox::{Inbox, InboxChange};
use crate::permission::FOR_TICKETS;
use crate::problem;
use crate::request::Invoker;
use crate::text::Text;
use crate::{ChannelId, GuildId, InboxId};

/// Where an inbox's tickets are opened. The original has a column for it.
#[derive(Clone, Copy, Debug)]
pub struct Destination;

impl Setting for Destination {
    fn key(&self) -> &'static str {
        "destination"
    }

    fn group(&self) -> Group {
        Group::Tickets
    }

    fn kind(&self) -> Kind {
        Kind::Channel
    }

    fn enter(&self, entered: &Entered) -> Result<Option<String>, Text> {
        Ok(enter::one_id(entered))
    }

    /// The inbox's own channel is stored as the default.
    fn enter_with(
        &self,
        entered: &Entered,
        with: &Circumstances<'_>,
    ) -> Result<Option<String>, Text> {
        let own = with.inbox.map(|inbox| inbox.channel.to_string());
        Ok(self.enter(entered)?.filter(|id| Some(id) != own.as_ref()))
    }

    fn refused_for(&self, before: &Inbox, after: &Inbox, known: &problem::Facts) -> Option<Text> {
        if before.tickets_in() == after.tickets_in() {
            return None;
        }
        let place = match after.destination {
            None => known.home,
            Some(_) => match known.destination {
                Some(place) => place,
                None => return Some(Text::ChannelGone {}),
            },
        };
        if !place.holds_private_threads {
            let channel = place.channel;
            return Some(Text::NoPrivateThreads { channel });
        }
        let missing = place.missing(&FOR_TICKETS)?;
        Some(Text::MissingPermissions {
            missing: vec![missing],
        })
    }

    fn saved(&self, before: &Inbox, after: &Inbox, _: &Entered, _: &Invoker) -> Option<Text> {
        let (inbox, old, new) = (after.link(), before.tickets_in(), after.tickets_in());
        Some(if old == new {
            Text::DestinationUnchanged {
                inbox,
                channel: new,
            }
        } else {
            Text::DestinationChanged { inbox, old, new }
        })
    }

    fn show(&self, stored: Option<&str>) -> Shown {
        self.value(stored)
            .map_or(Shown::Word("own"), Shown::Channel)
    }

    fn words(&self) -> &'static [&'static str] {
        &["own"]
    }

    fn stored(&self, of: Stored<'_>) -> Option<String> {
        of.inbox?.destination.map(|channel| channel.to_string())
    }

    fn put(&self, inbox: &mut Inbox, value: Option<&str>) {
        inbox.destination = self.value(value);
    }

    fn change(&self, _: GuildId, inbox: InboxId, value: Option<String>) -> Action {
        let destination = self.value(value.as_deref());
        Action::ChangeInbox(inbox, InboxChange::Destination(destination))
    }
}

impl Typed for Destination {
    /// `None` is the inbox's own channel.
    type Value = Option<ChannelId>;

    fn value(&self, stored: Option<&str>) -> Option<ChannelId> {
        enter::read_ids(stored).next().map(ChannelId)
    }
}
