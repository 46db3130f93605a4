//! `/inbox settings`: which inbox, which setting, and what is stored in the end.

use crate::action::{
    Action, Modal, Panel, PanelInbox, RefusedSetting, Row, Suggestion, Suggestions,
};
use crate::duration::{self, Unclear};
use crate::entries::is_on_another;
use crate::inbox::{Inbox, is_number};
use crate::problem::{self, problems};
use crate::request::{Complete, Invoker, SettingsRequest};
use crate::setting::{self, Circumstances, Entered, Group, Kind, Setting, Settings, Stored, enter};
use crate::text::Text;
use crate::{InboxId, Mention};

/// The facts that a command or menu about settings depends on.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The server's inboxes with their names, oldest first.
    pub inboxes: Vec<Named>,
    /// The server's own settings.
    pub server: Settings,
    /// If the request deletes the inbox's own name: the name that the inbox has then.
    pub without_name: Option<String>,
    /// The bot itself, and its own role.
    pub bot: Vec<Mention>,
    /// The default starting message, in the server's language.
    pub starter: String,
    /// What the problems of the inbox depend on, as it [will be](changed), or [is](opened).
    pub known: Option<problem::Facts>,
}

/// An inbox and its name in the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub inbox: Inbox,
    pub name: String,
}

impl Facts {
    /// The inbox with this id.
    pub fn inbox(&self, id: Option<InboxId>) -> Option<&Named> {
        self.inboxes.iter().find(|named| Some(named.inbox.id) == id)
    }

    /// How many of these inboxes a message offers besides the one that it belongs to.
    pub fn count(&self, entries: &[InboxId]) -> usize {
        let shown = entries.iter().filter(|id| self.inbox(Some(**id)).is_some());
        shown.count()
    }

    /// The inbox that an option names, by the id from a suggestion or by its name.
    pub fn named(&self, written: &str) -> Option<&Named> {
        let written = written.trim();
        let by_id = written.parse().ok().map(InboxId);
        let by_name = |wanted: &str| {
            let wanted = wanted.to_lowercase();
            let mut inboxes = self.inboxes.iter();
            inboxes.find(|named| named.name.to_lowercase() == wanted)
        };
        self.inbox(by_id)
            .or_else(|| by_name(written))
            // Discord writes channels with a `#`.
            .or_else(|| by_name(written.trim_start_matches('#')))
    }
}

/// How many inboxes fit in a menu.
pub const MAX_IN_MENU: usize = 25;

/// The inbox whose overview a request opens.
pub fn opened<'a>(request: &SettingsRequest, facts: &'a Facts) -> Option<&'a Inbox> {
    let named = match (request, &facts.inboxes[..]) {
        (
            SettingsRequest::Open {
                inbox: Some(written),
                setting: None,
            },
            _,
        ) => facts.named(written),
        (
            SettingsRequest::Open {
                inbox: None,
                setting: None,
            },
            [only],
        ) => Some(only),
        (
            SettingsRequest::ChooseInbox {
                inbox,
                setting: None,
            },
            _,
        ) => facts.inbox(Some(*inbox)),
        _ => None,
    };
    named.map(|named| &named.inbox)
}

/// `/inbox settings`, with what its options name.
pub fn open(wanted: Option<&str>, setting: Option<&str>, facts: &Facts) -> Vec<Action> {
    let setting = match setting {
        None => None,
        Some(written) => match named_setting(written) {
            Some(setting) => Some(setting),
            None => {
                return say(Text::UnknownSetting {
                    written: enter::quoted(written),
                });
            }
        },
    };
    if let Some(setting) = setting.filter(|it| it.group() == Group::Server) {
        let named = wanted.and_then(|written| facts.named(written));
        return vec![control(setting, named, facts)];
    }
    let only = match (wanted, &facts.inboxes[..]) {
        (Some(written), _) => match facts.named(written) {
            Some(named) => named,
            None => {
                return say(Text::NoSuchInbox {
                    written: enter::quoted(written),
                });
            }
        },
        (None, []) => return say(Text::NoInboxes {}),
        (None, [only]) => only,
        (None, many) => {
            let shown = many.iter().take(MAX_IN_MENU);
            return vec![Action::ChooseInbox {
                inboxes: shown
                    .map(|it| {
                        let description = it.inbox.get(setting::Description);
                        (it.inbox.id, it.name.clone(), description)
                    })
                    .collect(),
                setting: setting.map(Setting::key),
                text: if many.len() > MAX_IN_MENU {
                    Text::ChooseAmongInboxesShortened {}
                } else {
                    Text::ChooseAmongInboxes {}
                },
            }];
        }
    };
    of_inbox(only, setting, facts)
}

/// The inbox was chosen in the menu.
pub fn choose_inbox(inbox: InboxId, setting: Option<&'static str>, facts: &Facts) -> Vec<Action> {
    match facts.inbox(Some(inbox)) {
        Some(named) => of_inbox(named, setting.and_then(setting::find), facts),
        None => say(Text::InboxGone {}),
    }
}

fn of_inbox(named: &Named, setting: Option<&dyn Setting>, facts: &Facts) -> Vec<Action> {
    if let Some(setting) = setting {
        return vec![control(setting, Some(named), facts)];
    }
    let mut shown = panel(Some(named), facts, &[]);
    if let Some(known) = &facts.known {
        shown.problems = problems(&named.inbox, known);
    }
    vec![Action::ShowPanel(shown)]
}

/// A setting was picked in the panel: a switch is turned, everything else opens its control.
pub fn choose(invoker: &Invoker, inbox: Option<InboxId>, key: &str, facts: &Facts) -> Vec<Action> {
    let Some(setting) = setting::find(key) else {
        return say(Text::InboxGone {});
    };
    let named = facts.inbox(inbox);
    if is_gone(inbox, named, setting) {
        return say(Text::InboxGone {});
    }
    if let Some(entered) = turned(setting, named, facts) {
        return submit(invoker, inbox, key, &entered, facts);
    }
    vec![control(setting, named, facts)]
}

/// The new value of a switch in a panel of an earlier version, whose menus do not state it.
fn turned(setting: &dyn Setting, named: Option<&Named>, facts: &Facts) -> Option<Entered> {
    let now = setting.show(stored(setting, named, facts).as_deref());
    let other = other(setting, &now)?;
    Some(Entered::Text(other.to_owned()))
}

/// The other position of a switch.
fn other(setting: &dyn Setting, now: &setting::Shown) -> Option<&'static str> {
    let Kind::Choice(words @ [first, _]) = setting.kind() else {
        return None;
    };
    let other = words.iter().find(|word| *now != setting::Shown::Word(word));
    Some(other.unwrap_or(first))
}

/// The inbox as it will be after this request, if the request changes it or its server.
pub fn changed(invoker: &Invoker, request: &SettingsRequest, facts: &Facts) -> Option<Inbox> {
    let (inbox, key, entered) = match request {
        SettingsRequest::Enter {
            inbox,
            key,
            entered,
        } => (*inbox, *key, Some(entered.clone())),
        SettingsRequest::Choose { inbox, key } => (*inbox, *key, None),
        _ => return None,
    };
    let (setting, named) = (setting::find(key)?, facts.inbox(inbox)?);
    let entered = entered.or_else(|| turned(setting, Some(named), facts))?;
    let value = entered_value(setting, &entered, invoker, Some(named), facts).ok()?;
    Some(with(setting, named, value.as_deref()))
}

fn with(setting: &dyn Setting, named: &Named, value: Option<&str>) -> Inbox {
    let mut inbox = named.inbox.clone();
    if setting.group() != Group::Server {
        setting.put(&mut inbox, value);
    }
    inbox
}

/// A control was submitted.
pub fn submit(
    invoker: &Invoker,
    inbox: Option<InboxId>,
    key: &str,
    entered: &Entered,
    facts: &Facts,
) -> Vec<Action> {
    let Some(setting) = setting::find(key) else {
        return say(Text::InboxGone {});
    };
    let named = facts.inbox(inbox);
    if is_gone(inbox, named, setting) {
        return say(Text::InboxGone {});
    }
    let value = match entered_value(setting, entered, invoker, named, facts) {
        Ok(value) => value,
        Err(text) => {
            return vec![Action::RefuseSetting(RefusedSetting {
                inbox,
                key: setting.key(),
                text,
                // The response gives back the typed text, so that nothing is lost.
                written: match entered {
                    Entered::Text(text) => Some(text.clone()),
                    Entered::Chosen(_) => None,
                },
            })];
        }
    };
    // The chosen inbox may be gone by now, or of another server.
    let chosen = value.as_ref().filter(|_| setting.kind() == Kind::Inbox);
    if chosen.is_some_and(|id| facts.inbox(id.parse().ok().map(InboxId)).is_none()) {
        return say(Text::InboxGone {});
    }
    let id = named.map_or(InboxId::SERVER, |named| named.inbox.id);
    let mut actions = Vec::new();
    let after = named.map(|named| with(setting, named, value.as_deref()));
    if let Some(after) = after.as_ref().filter(|_| setting.shows_on_message()) {
        // The edit comes first, because Discord may refuse it.
        actions.push(Action::Draw(Box::new(after.clone())));
    }
    actions.push(setting.change(invoker.guild, id, value.clone()));
    let mut changed = vec![(setting, value.as_deref())];
    let settings = named.map_or(&facts.server, |named| &named.inbox.settings);
    if let Some(outdated) = setting.outdates(value.as_deref(), settings, invoker.at) {
        actions.push(outdated.change(invoker.guild, id, None));
        changed.push((outdated, None));
    }
    let mut shown = panel(named, facts, &changed);
    if let Some((before, after)) = named.zip(after.as_ref()) {
        let said = setting.saved(&before.inbox, after, entered, invoker);
        shown.text = said.or(shown.text);
        if let Some(known) = &facts.known {
            shown.problems = problems(after, known);
            shown.problems.retain(|problem| !setting.says(problem));
        }
    }
    actions.push(Action::ShowPanel(shown));
    if setting.can_be_tried() && value.is_some() {
        actions.push(Action::OfferForm { inbox: id });
    }
    actions
}

/// Checks what was entered: alone, against the other inboxes, and against what is known of the server.
fn entered_value(
    setting: &dyn Setting,
    entered: &Entered,
    invoker: &Invoker,
    named: Option<&Named>,
    facts: &Facts,
) -> Result<Option<String>, Text> {
    let circumstances = Circumstances {
        now: invoker.at,
        inbox: named.map(|named| &named.inbox),
        bot: &facts.bot,
        starter: &facts.starter,
    };
    let mut value = setting.enter_with(entered, &circumstances)?;
    if value.is_none()
        && setting.key() == setting::Name.key()
        && let Some(named) = named
        && is_on_another(&named.inbox, facts.inboxes.iter().map(|it| &it.inbox))
    {
        let name = facts.without_name.as_ref();
        let name = name.filter(|name| !is_number(name, &named.inbox));
        let inbox = named.inbox.link();
        value = Some(name.ok_or(Text::NameUnknown { inbox })?.clone());
    }
    let id = named.map(|named| named.inbox.id);
    let others = facts.inboxes.iter();
    let others = others.filter(|other| Some(other.inbox.id) != id);
    let others: Vec<_> = others.map(|other| other.name.as_str()).collect();
    let refused = value.as_ref();
    let refused = refused.and_then(|value| setting.refused_beside(value, &others));
    let refused = refused.or_else(|| {
        let (named, known) = named.zip(facts.known.as_ref())?;
        let after = with(setting, named, value.as_deref());
        setting.refused_for(&named.inbox, &after, known)
    });
    match refused {
        Some(text) => Err(text),
        None => Ok(value),
    }
}

/// *Edit again*: opens the control, filled with the refused text.
pub fn edit_again(
    inbox: Option<InboxId>,
    key: &str,
    written: String,
    facts: &Facts,
) -> Vec<Action> {
    let named = facts.inbox(inbox);
    match setting::find(key) {
        Some(setting) if !is_gone(inbox, named, setting) => {
            vec![Action::ShowModal(Modal::Setting {
                inbox,
                key: setting.key(),
                value: written,
            })]
        }
        _ => say(Text::InboxGone {}),
    }
}

/// Suggests values for an option while somebody types it.
pub fn complete(wanted: &Complete, facts: &Facts) -> Vec<Action> {
    let (choices, typed) = match wanted {
        Complete::Inbox { typed }
        | Complete::InboxToOpen { typed }
        | Complete::InboxToTransfer { typed } => (
            facts
                .inboxes
                .iter()
                .map(|it| Suggestion::Inbox(it.inbox.id, it.name.clone()))
                .collect(),
            typed.clone(),
        ),
        Complete::Setting { typed } => (
            setting::ALL
                .iter()
                .map(|it| Suggestion::Setting(it.key()))
                .collect(),
            typed.clone(),
        ),
        // The engine asks Discord for the closed tickets.
        Complete::ClosedTicket { typed } => (Vec::new(), typed.clone()),
        // The durations follow from the typed text already, so the shell must not filter them by it.
        Complete::Duration { typed } => (durations(typed), String::new()),
    };
    vec![Action::Suggest(Suggestions { typed, choices })]
}

/// The durations that the typed text may mean.
fn durations(typed: &str) -> Vec<Suggestion> {
    const HOUR: i64 = 60 * 60;
    const DAY: i64 = 24 * HOUR;
    let usual = [HOUR, 6 * HOUR, 12 * HOUR, DAY, 3 * DAY, 7 * DAY];
    let meant = match duration::parse(typed) {
        Ok(seconds) => vec![seconds],
        // A number is ambiguous without its unit, so several units are suggested.
        Err(Unclear::NoUnit) => ["m", "h", "d"]
            .iter()
            .filter_map(|unit| duration::parse(&format!("{typed}{unit}")).ok())
            .collect(),
        Err(Unclear::Unknown) => usual.to_vec(),
    };
    meant.into_iter().map(Suggestion::Duration).collect()
}

fn named_setting(written: &str) -> Option<&'static dyn Setting> {
    let words: Vec<_> = written.split_whitespace().collect();
    setting::find(&words.join("-").to_lowercase())
}

/// Whether the inbox of a setting is gone. A setting of the server needs no inbox.
fn is_gone(inbox: Option<InboxId>, named: Option<&Named>, setting: &dyn Setting) -> bool {
    named.is_none() && (inbox.is_some() || setting.group() != Group::Server)
}

fn stored(setting: &dyn Setting, named: Option<&Named>, facts: &Facts) -> Option<String> {
    setting.stored(Stored {
        inbox: named.map(|named| &named.inbox),
        server: &facts.server,
    })
}

/// How a stored value is shown. An inbox is shown with its current name.
fn shown(setting: &dyn Setting, stored: Option<&str>, facts: &Facts) -> setting::Shown {
    let id = match (setting.kind(), stored) {
        (Kind::Inbox, Some(id)) => id.parse().ok().map(InboxId),
        _ => return setting.show(stored),
    };
    match facts.inbox(id) {
        Some(named) => setting::Shown::Text(named.name.clone()),
        None => setting::Shown::Word("gone"),
    }
}

fn control(setting: &dyn Setting, named: Option<&Named>, facts: &Facts) -> Action {
    let stored = stored(setting, named, facts);
    if setting.kind() == Kind::Inbox {
        let inbox = named.map(|named| named.inbox.id);
        let chosen = stored.and_then(|id| id.parse().ok()).map(InboxId);
        // If not all inboxes fit, the panel's inbox and the chosen one come first. So an admin can bring any
        // inbox into the menu by naming it in the command's option.
        let mut shown: Vec<_> = facts.inboxes.iter().collect();
        let is_short = shown.len() < MAX_IN_MENU;
        shown.sort_by_key(|it| is_short || ![inbox, chosen].contains(&Some(it.inbox.id)));
        shown.truncate(MAX_IN_MENU - 1);
        let shown = shown.into_iter();
        return Action::ShowModal(Modal::Inboxes {
            inbox,
            key: setting.key(),
            inboxes: shown.map(|it| (it.inbox.id, it.name.clone())).collect(),
            chosen,
            is_shortened: !is_short,
        });
    }
    Action::ShowModal(Modal::Setting {
        inbox: named.map(|named| named.inbox.id),
        key: setting.key(),
        value: match (setting.kind(), setting.show(stored.as_deref())) {
            (Kind::Choice(_), setting::Shown::Word(word)) => word.to_owned(),
            _ => setting.written(stored.as_deref()),
        },
    })
}

/// All settings with their values. The settings in `changed` are shown with their new values.
fn panel(named: Option<&Named>, facts: &Facts, changed: &[(&dyn Setting, Option<&str>)]) -> Panel {
    let value =
        |setting: &dyn Setting| match changed.iter().find(|(it, _)| it.key() == setting.key()) {
            Some((_, value)) => shown(setting, *value, facts),
            None => shown(setting, stored(setting, named, facts).as_deref(), facts),
        };
    let rows: Vec<_> = setting::ALL
        .iter()
        .filter(|it| named.is_some() || it.group() == Group::Server)
        .map(|it| {
            let value = value(*it);
            Row {
                group: it.group(),
                key: it.key(),
                is_default: value == it.show(None),
                other: other(*it, &value),
                value,
            }
        })
        .collect();
    let entered = changed.first().copied();
    let saved = entered.map(|(setting, value)| Text::SettingSaved {
        setting: setting.key(),
        value: (setting.key(), shown(setting, value, facts)),
    });
    Panel {
        inbox: named.map(|named| PanelInbox {
            id: named.inbox.id,
            link: named.inbox.link(),
            name: match entered {
                Some((setting, name)) if setting.key() == setting::Name.key() => {
                    let new = name.or(facts.without_name.as_deref());
                    new.unwrap_or(&named.name).to_owned()
                }
                _ => named.name.clone(),
            },
        }),
        rows,
        text: saved,
        problems: Vec::new(),
    }
}

fn say(text: Text) -> Vec<Action> {
    vec![Action::Say(text)]
}

#[cfg(test)]
mod tests;
