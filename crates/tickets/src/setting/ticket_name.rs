use super::{Entered, Form, Group, Kind, Setting, Shown, Stored, Typed, enter};
use crate::action::Action;
use crate::inbox::{Inbox, InboxChange};
use crate::request::Invoker;
use crate::template::{DEFAULT_NAME, MAX_NAME, NameTemplate};
use crate::text::Text;
use crate::{GuildId, InboxId};

/// How an inbox's tickets are named. The original has a column for it.
#[derive(Clone, Copy, Debug)]
pub struct TicketName;

impl TicketName {
    /// The response when it is saved, with an example.
    pub fn said(after: &Inbox, invoker: &Invoker) -> Text {
        let inbox = after.link();
        let sample = NameTemplate {
            template: after.name.clone(),
            author: invoker.display_name.clone(),
            at: invoker.at,
            is_repeated: false,
            title: after.get(Form).map(|form| form.title_label()),
        };
        let example = sample.render(1);
        if after.name.is_empty() {
            Text::NameReset { inbox, example }
        } else {
            Text::NameSaved { inbox, example }
        }
    }
}

impl Setting for TicketName {
    fn key(&self) -> &'static str {
        "ticket-name"
    }

    fn group(&self) -> Group {
        Group::Tickets
    }

    fn kind(&self) -> Kind {
        Kind::Line(u16::try_from(MAX_NAME).unwrap_or(u16::MAX))
    }

    fn enter(&self, entered: &Entered) -> Result<Option<String>, Text> {
        let template = enter::optional(entered, |text| Ok(text.to_owned()))?;
        Ok(template.filter(|template| template != DEFAULT_NAME))
    }

    fn saved(&self, _: &Inbox, after: &Inbox, _: &Entered, invoker: &Invoker) -> Option<Text> {
        Some(Self::said(after, invoker))
    }

    fn show(&self, stored: Option<&str>) -> Shown {
        Shown::Text(self.written(stored))
    }

    fn written(&self, stored: Option<&str>) -> String {
        stored.unwrap_or(DEFAULT_NAME).to_owned()
    }

    fn stored(&self, of: Stored<'_>) -> Option<String> {
        let template = &of.inbox?.name;
        (!template.is_empty()).then(|| template.clone())
    }

    fn put(&self, inbox: &mut Inbox, value: Option<&str>) {
        inbox.name = self.value(value);
    }

    fn change(&self, _: GuildId, inbox: InboxId, value: Option<String>) -> Action {
        let template = self.value(value.as_deref());
        Action::ChangeInbox(inbox, InboxChange::Name(template))
    }
}

impl Typed for TicketName {
    /// Empty for the default.
    type Value = String;

    fn value(&self, stored: Option<&str>) -> String {
        stored.unwrap_or_default().to_owned()
    }
}
