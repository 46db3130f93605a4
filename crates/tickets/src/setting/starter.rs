use super::{Circumstances, Entered, Group, Kind, Setting, Shown, Stored, Typed, enter};
use crate::action::Action;
use crate::inbox::{Inbox, InboxChange};
use crate::request::Invoker;
use crate::template::{self, MAX_STARTER, STAND_IN};
use crate::text::Text;
use crate::{GuildId, InboxId};

/// The message with which a ticket begins. The original has a column for it.
#[derive(Clone, Copy, Debug)]
pub struct Starter;

impl Starter {
    /// The response when it is saved.
    pub fn said(after: &Inbox) -> Text {
        let inbox = after.link();
        // The message is checked as it will be sent, because a mention in code does not invite.
        let sent = template::starter(&after.starter, STAND_IN, &after.staff);
        if after.starter.is_empty() {
            Text::StarterReset { inbox }
        } else if template::invites(&sent, STAND_IN) {
            Text::StarterSaved { inbox }
        } else {
            Text::StarterSavedWithoutAuthor { inbox }
        }
    }
}

impl Setting for Starter {
    fn key(&self) -> &'static str {
        "starter"
    }

    fn group(&self) -> Group {
        Group::Tickets
    }

    fn kind(&self) -> Kind {
        Kind::Lines(u16::try_from(MAX_STARTER).unwrap_or(u16::MAX))
    }

    fn enter(&self, entered: &Entered) -> Result<Option<String>, Text> {
        enter::optional(entered, |text| Ok(text.to_owned()))
    }

    /// A default text that is submitted unchanged stays the default, so that it follows the server's
    /// language.
    fn enter_with(
        &self,
        entered: &Entered,
        with: &Circumstances<'_>,
    ) -> Result<Option<String>, Text> {
        let template = self.enter(entered)?;
        Ok(template.filter(|template| template != with.starter.trim()))
    }

    fn saved(&self, _: &Inbox, after: &Inbox, _: &Entered, _: &Invoker) -> Option<Text> {
        Some(Self::said(after))
    }

    fn show(&self, stored: Option<&str>) -> Shown {
        match self.value(stored) {
            template if template.is_empty() => Shown::Word("default"),
            template => Shown::Text(template),
        }
    }

    fn words(&self) -> &'static [&'static str] {
        &["default"]
    }

    fn stored(&self, of: Stored<'_>) -> Option<String> {
        let template = &of.inbox?.starter;
        (!template.is_empty()).then(|| template.clone())
    }

    fn put(&self, inbox: &mut Inbox, value: Option<&str>) {
        inbox.starter = self.value(value);
    }

    fn change(&self, _: GuildId, inbox: InboxId, value: Option<String>) -> Action {
        let template = self.value(value.as_deref());
        Action::ChangeInbox(inbox, InboxChange::Starter(template))
    }
}

impl Typed for Starter {
    /// Empty for the default.
    type Value = String;

    fn value(&self, stored: Option<&str>) -> String {
        stored.unwrap_or_default().to_owned()
    }
}
