use super::{Circumstances, Entered, Group, Kind, Setting, Shown, Stored, Typed, enter};
use crate::action::Action;
use crate::inbox::{Inbox, InboxChange};
use crate::problem::Problem;
use crate::request::Invoker;
use crate::text::Text;
use crate::{GuildId, InboxId, Mention, RoleId};

/// Who answers an inbox's tickets, in the order in which they are mentioned. The original has a
/// column for it.
#[derive(Clone, Copy, Debug)]
pub struct Staff;

/// The most members and roles that a select menu can show and take.
pub const MAX_STAFF: u8 = 25;

impl Staff {
    /// The response when it is saved. `without`: some were left out, because they cannot be staff.
    pub fn said(after: &Inbox, without: bool) -> Text {
        let (inbox, staff) = (after.link(), after.staff.clone());
        let count = i64::try_from(staff.len()).unwrap_or(i64::MAX);
        if without {
            Text::StaffSavedWithout {
                inbox,
                staff,
                count,
            }
        } else {
            Text::StaffSaved {
                inbox,
                staff,
                count,
            }
        }
    }
}

impl Setting for Staff {
    fn key(&self) -> &'static str {
        "staff"
    }

    fn group(&self) -> Group {
        Group::Staff
    }

    fn kind(&self) -> Kind {
        Kind::Mentions(MAX_STAFF)
    }

    fn enter(&self, entered: &Entered) -> Result<Option<String>, Text> {
        Ok(written(&enter::mentions(entered)))
    }

    /// @everyone, the bot and its own role cannot be staff; the others are saved. Staff for whom the menu had
    /// no room stay.
    fn enter_with(
        &self,
        entered: &Entered,
        with: &Circumstances<'_>,
    ) -> Result<Option<String>, Text> {
        let mut staff = enter::mentions(entered);
        if let Some(inbox) = with.inbox {
            let everyone = Mention::Role(RoleId(inbox.guild.0));
            staff.retain(|who| *who != everyone && !with.bot.contains(who));
            if let Entered::Chosen(_) = entered {
                let hidden = inbox.staff.iter().skip(MAX_STAFF.into());
                let hidden: Vec<_> = hidden.filter(|who| !staff.contains(who)).collect();
                staff.extend(hidden);
            }
        }
        Ok(written(&staff))
    }

    fn saved(&self, _: &Inbox, after: &Inbox, entered: &Entered, _: &Invoker) -> Option<Text> {
        let chosen = enter::mentions(entered);
        let is_whole = chosen.iter().all(|who| after.staff.contains(who));
        Some(Self::said(after, !is_whole))
    }

    /// The response from `saved` already mentions this problem.
    fn says(&self, problem: &Problem) -> bool {
        *problem == Problem::NobodyNotified
    }

    fn show(&self, stored: Option<&str>) -> Shown {
        let staff = self.value(stored);
        if staff.is_empty() {
            Shown::Word("nobody")
        } else {
            Shown::Mentions(staff)
        }
    }

    fn words(&self) -> &'static [&'static str] {
        &["nobody"]
    }

    fn stored(&self, of: Stored<'_>) -> Option<String> {
        written(&of.inbox?.staff)
    }

    fn put(&self, inbox: &mut Inbox, value: Option<&str>) {
        inbox.staff = self.value(value);
    }

    fn change(&self, _: GuildId, inbox: InboxId, value: Option<String>) -> Action {
        let staff = self.value(value.as_deref());
        Action::ChangeInbox(inbox, InboxChange::Staff(staff))
    }
}

impl Typed for Staff {
    type Value = Vec<Mention>;

    fn value(&self, stored: Option<&str>) -> Vec<Mention> {
        enter::read_mentions(stored).collect()
    }
}

fn written(staff: &[Mention]) -> Option<String> {
    let staff: Vec<_> = staff.iter().map(Mention::to_string).collect();
    (!staff.is_empty()).then(|| staff.join(","))
}
