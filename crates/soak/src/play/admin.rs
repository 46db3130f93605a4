//! What the admin does with commands: one after the other, while everything else continues.

use discord_sandbox::id::{ChannelId, MessageId};
use discord_sandbox::{Error, Person};
use serde_json::{Value, json};

use super::people::nth;
use super::{ADMINS_TIMEOUT, Play};
use crate::action::Admin;
use crate::memory::COUNTED;

/// The most inboxes that the admin creates.
const MAX_INBOXES: usize = 4;

/// Texts of starting messages. Each mentions the owner first, so that the checks can read the owner from it.
const STARTERS: [&str; 4] = [
    "",
    "$author, welcome. $staff will see you.",
    "$author: @everyone, ${staff}, $$5 and $unknown",
    "$author",
];

impl Play {
    pub(super) async fn admin_does(&mut self, what: Admin) {
        self.admin_finishes().await;
        let admin = self.stage.sandbox.owner();
        let inboxes = self.inboxes();
        let rooms = self.rooms();
        let roles = self.roles();
        let (moderator, helper) = (
            self.stage.sandbox.moderator_role(),
            self.stage.sandbox.member2().id(),
        );
        self.admin = Some(tokio::spawn(async move {
            let inbox = |number| nth(&inboxes, number);
            let done = match what {
                Admin::CreatesInbox {
                    channel,
                    destination,
                } => {
                    let destination = destination.and_then(|to| nth(&rooms, to));
                    match nth(&rooms, channel).filter(|_| inboxes.len() < MAX_INBOXES) {
                        Some(channel) => create_inbox(&admin, channel, destination).await,
                        None => Ok(()),
                    }
                }
                Admin::Destination {
                    inbox: which,
                    channel,
                } => match (inbox(which), nth(&rooms, channel)) {
                    (Some(inbox), Some(to)) => destination(&admin, inbox, to).await,
                    _ => Ok(()),
                },
                Admin::Message(which) => match inbox(which) {
                    Some(inbox) => replace(&admin, inbox).await,
                    None => Ok(()),
                },
                Admin::Staff {
                    inbox: which,
                    choice,
                } => {
                    let mut choices = vec![vec![], vec![moderator.to_string()]];
                    choices.push(vec![moderator.to_string(), helper.to_string()]);
                    choices.extend(roles.iter().map(|role| vec![role.to_string()]));
                    match (inbox(which), nth(&choices, choice)) {
                        (Some(inbox), Some(staff)) => choose_staff(&admin, inbox, &staff).await,
                        _ => Ok(()),
                    }
                }
                Admin::Starter { inbox: which, text } => match (inbox(which), nth(&STARTERS, text))
                {
                    (Some(inbox), Some(text)) => fill_in(&admin, "starter", inbox, text).await,
                    _ => Ok(()),
                },
                Admin::Name { inbox: which, text } => {
                    let names = ["", "$author", "$author $unknown ${author}"];
                    let names = names.map(|name| format!("{COUNTED}{name}"));
                    match (inbox(which), nth(&names, text)) {
                        (Some(inbox), Some(name)) => fill_in(&admin, "name", inbox, &name).await,
                        _ => Ok(()),
                    }
                }
                Admin::Selects {
                    inbox: which,
                    is_inbox,
                } => match inbox(which) {
                    Some(inbox) => select_anything(&admin, inbox, is_inbox).await,
                    None => Ok(()),
                },
            };
            // An error is accepted here: the bot may have refused or not responded. The next quiet point
            // checks that.
            drop(done);
        }));
    }

    /// Waits until the admin has finished. After a time limit, the response counts as lost.
    pub(super) async fn admin_finishes(&mut self) {
        if let Some(mut admin) = self.admin.take()
            && tokio::time::timeout(ADMINS_TIMEOUT, &mut admin)
                .await
                .is_err()
        {
            admin.abort();
        }
    }
}

/// Creates an inbox in a channel. Its tickets are created there or in the destination.
pub(crate) async fn create_inbox(
    admin: &Person,
    channel: ChannelId,
    destination: Option<ChannelId>,
) -> Result<(), Error> {
    let text = "Need help? @everyone <@&1>";
    let source = admin.send(channel, text).await?;
    let mut options = json!({"channel": channel});
    if let Some(destination) = destination {
        options["destination"] = json!(destination);
    }
    admin.run("inbox create", options).await?;
    select(admin, (channel, source.id())).await?;
    // Delete the source message, so that only the inbox is left there.
    admin.delete_message(channel, source.id()).await
}

async fn destination(
    admin: &Person,
    inbox: (ChannelId, MessageId),
    to: ChannelId,
) -> Result<(), Error> {
    admin
        .run("inbox destination", json!({"channel": to}))
        .await?;
    select(admin, inbox).await.map(drop)
}

async fn replace(admin: &Person, inbox: (ChannelId, MessageId)) -> Result<(), Error> {
    admin.run("inbox message", json!({})).await?;
    select(admin, inbox).await?;
    // First select the inbox's own message, which is a wrong choice.
    select(admin, inbox).await?;
    let source = admin.send(inbox.0, "Another text").await?;
    select(admin, (inbox.0, source.id())).await?;
    admin.delete_message(inbox.0, source.id()).await
}

async fn choose_staff(
    admin: &Person,
    inbox: (ChannelId, MessageId),
    staff: &[String],
) -> Result<(), Error> {
    admin.run("inbox staff", json!({})).await?;
    let menu = select(admin, inbox).await?;
    let menu = menu.message()?;
    let components = menu.components();
    let id = components.first().and_then(|it| it["custom_id"].as_str());
    let staff: Vec<&str> = staff.iter().map(String::as_str).collect();
    if let Some(id) = id {
        admin
            .choose(menu.channel_id(), menu.id(), id, &staff)
            .await?;
    }
    Ok(())
}

/// `/inbox new-tickets starter` or `name`.
pub(crate) async fn fill_in(
    admin: &Person,
    what: &str,
    inbox: (ChannelId, MessageId),
    text: &str,
) -> Result<(), Error> {
    admin
        .run(&format!("inbox new-tickets {what}"), json!({}))
        .await?;
    let form = select(admin, inbox).await?;
    let inputs = form.modal()?.inputs();
    let id = inputs.first().and_then(|input| input["custom_id"].as_str());
    let values = id.map(|id| (id.to_owned(), Value::from(text)));
    let values: serde_json::Map<String, Value> = values.into_iter().collect();
    admin
        .submit_json(&form, Value::Object(values))
        .await
        .map(drop)
}

/// Changes a setting of this inbox, or of the server.
pub(super) async fn set(
    admin: &Person,
    setting: &str,
    inbox: Option<MessageId>,
    value: Value,
) -> Result<(), Error> {
    let mut options = json!({"setting": setting});
    if let Some(inbox) = inbox {
        options["inbox"] = json!(inbox.to_string());
    }
    let modal = admin.run("inbox settings", options).await?;
    let values = json!({"template": value});
    admin.submit_json(&modal, values).await.map(drop)
}

async fn select_anything(
    admin: &Person,
    inbox: (ChannelId, MessageId),
    is_inbox: bool,
) -> Result<(), Error> {
    let message = if is_inbox {
        inbox.1
    } else {
        admin.send(inbox.0, "Something").await?.id()
    };
    select(admin, (inbox.0, message)).await.map(drop)
}

async fn select(
    admin: &Person,
    (channel, message): (ChannelId, MessageId),
) -> Result<discord_sandbox::Answer, Error> {
    admin
        .use_menu("Select this message", channel, message)
        .await
}
