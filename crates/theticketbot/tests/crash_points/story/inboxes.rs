//! The stories about removing an inbox, posting it again, and offering it on another's message.

use discord_sandbox::Answer;
use discord_sandbox::id::{InteractionId, MessageId};
use discord_sandbox::world::component::{Component, ComponentKind};
use harness::{BUTTON, Result};
use serde_json::json;
use theticketbot::store::Store;
use tickets::InboxId;

use super::{Scene, Story};

/// The other inbox's new button label.
const LABEL: &str = "Ask us";

impl Scene {
    /// Creates another inbox with a ticket of Mia, and does all steps except the last.
    pub(super) async fn prepare_inboxes(&mut self) -> Result {
        let stage = &mut self.stage;
        let (owner, mia) = (stage.sandbox.owner(), stage.sandbox.member());
        let other = stage.create_inbox_with(json!({"name": "Billing"})).await?;
        self.other = other.message;
        if matches!(self.story, Story::Removing | Story::PostingAgain) {
            self.ticket = stage.open_ticket(&mia, other).await?;
        }
        if self.story != Story::Offering {
            let editor = self.editor().await?;
            self.choose(&editor, &[self.other]).await?;
        }
        let shown = match self.story {
            Story::Offering => self.editor().await?,
            Story::Relabelling => {
                let options = json!({"inbox": "Billing", "setting": "button-label"});
                owner.run("inbox settings", options).await?
            }
            _ => {
                let options = json!({"inbox": "Billing"});
                owner.run("inbox remove", options).await?
            }
        };
        if self.story == Story::PostingAgain {
            self.press(&shown, "Remove").await?;
            let list = owner.run("inbox list", json!({})).await?;
            self.press(&list, "Post Billing again").await?;
        }
        self.shown = Some(shown);
        Ok(())
    }

    /// The last step.
    pub(super) async fn act_on_inboxes(&self) -> Result<InteractionId> {
        let owner = self.stage.sandbox.owner();
        let shown = self.shown.as_ref().ok_or("Olivia sees something")?;
        Ok(match self.story {
            Story::PostingAgain => {
                let source = owner.send(self.support, "Better so?").await?.id();
                owner
                    .start_menu("Select this message", self.support, source)
                    .await?
            }
            Story::Relabelling => owner.start_submission(shown, [("template", LABEL)]).await?,
            Story::Offering => {
                let (menu, values) = (first_menu(shown)?, [self.other.to_string()]);
                let values: Vec<_> = values.iter().map(String::as_str).collect();
                let message = shown.message()?;
                owner
                    .start_choice(message.channel_id(), message.id(), &menu, &values)
                    .await?
            }
            _ => {
                let message = shown.message()?;
                let button = message.button("Remove").ok_or("no button")?;
                owner
                    .start_click(message.channel_id(), message.id(), button)
                    .await?
            }
        })
    }

    /// Each message with a button is an inbox, no inbox is there twice, and the buttons of the first inbox's
    /// message work.
    pub(super) async fn check_other(&mut self, outcome: &str) -> Result<String> {
        let own = self.stage.own_messages(self.support)?.into_iter();
        let posted: Vec<_> = own
            .filter(|message| !message.embeds.is_empty())
            .map(|message| message.id)
            .collect();
        let others: Vec<_> = posted
            .iter()
            .filter(|id| **id != self.inbox.message)
            .collect();
        let is_posted = match others[..] {
            [] => false,
            [_] => true,
            _ => return Err(format!("{others:?} are there at once").into()),
        };
        let (posts, removes) = (
            self.story == Story::PostingAgain,
            self.story == Story::Removing,
        );
        if !is_posted && !posts && !removes {
            return Err("the other inbox is gone".into());
        }
        if is_posted && removes && outcome.contains("removed") {
            return Err(format!("it is still there, but {outcome:?}").into());
        }
        if is_posted != outcome.contains("is ready") && posts && outcome != "Failed" {
            return Err(format!("{others:?}, but {outcome:?}").into());
        }
        let offered = self.entries()?;
        let wanted = match self.story {
            Story::Offering if outcome != "Failed" => 1,
            // Olivia did not get a response, so both are correct.
            Story::Offering => offered.len(),
            _ => usize::from(is_posted),
        };
        if offered.len() != wanted {
            return Err(format!("{offered:?} are offered, but {outcome:?}").into());
        }
        if let Some(other) = others.first() {
            let own = self.label_of(**other, BUTTON)?;
            if outcome.contains("Saved") && self.story == Story::Relabelling && own != LABEL {
                return Err(format!("it says {own:?}, but {outcome:?}").into());
            }
            for id in &offered {
                let shown = self.label_of(self.inbox.message, id)?;
                // Without its own label, the button on the first inbox's message shows the inbox's name.
                if own != shown && (own == LABEL || shown != "Billing") {
                    return Err(format!("{own:?} here and {shown:?} there").into());
                }
            }
        }
        // Each button opens a ticket, or shows the open one.
        let mia = self.stage.sandbox.member();
        let mut clicks = vec![(self.inbox.message, BUTTON.to_owned())];
        clicks.extend(others.iter().map(|id| (**id, BUTTON.to_owned())));
        clicks.extend(offered.into_iter().map(|id| (self.inbox.message, id)));
        for (message, button) in clicks {
            let click = mia.click(self.support, message, &button).await?;
            let content = click.content()?;
            if !content.contains("<#") {
                return Err(format!("{button} answers {content:?}").into());
            }
        }
        self.stage.idle().await?;
        // The removed inbox can be posted again.
        if !is_posted {
            let owner = self.stage.sandbox.owner();
            let list = owner.run("inbox list", json!({})).await?;
            self.press(&list, "Post Billing again").await?;
            let source = owner.send(self.support, "Once more").await?.id();
            let again = owner
                .use_menu("Select this message", self.support, source)
                .await?;
            if !again.content()?.contains("is ready") {
                return Err(format!("it cannot be posted again: {again:?}").into());
            }
            self.stage.idle().await?;
            if self.entries()?.len() != 1 {
                return Err("it is not offered again".into());
            }
        }
        let there = if is_posted { "posted" } else { "removed" };
        Ok(format!("{there}; Olivia reads: {outcome}"))
    }

    /// Each inbox of the database has a message, and each message an inbox.
    pub(super) async fn check_stored_inboxes(&self, store: &Store) -> Result {
        let guild = tickets::GuildId(self.stage.sandbox.guild_id().0);
        let stored = store.inboxes_in(guild).await?;
        let mut stored: Vec<_> = stored.into_iter().map(|it| it.id).collect();
        let own = self.stage.own_messages(self.support)?.into_iter();
        let posted = own.filter(|message| !message.embeds.is_empty());
        let mut posted: Vec<_> = posted.map(|message| InboxId(message.id.0)).collect();
        stored.sort();
        posted.sort();
        if stored != posted {
            return Err(format!("stored are {stored:?}, and posted {posted:?}").into());
        }
        let removed = store.removed_inboxes(guild).await?;
        if removed.iter().any(|it| posted.contains(&it.inbox.id)) {
            return Err(format!("{removed:?} are posted").into());
        }
        Ok(())
    }

    async fn editor(&self) -> Result<Answer> {
        let options = json!({"inbox": self.inbox.message.to_string()});
        Ok(self
            .stage
            .sandbox
            .owner()
            .run("inbox panel", options)
            .await?)
    }

    async fn choose(&self, editor: &Answer, inboxes: &[MessageId]) -> Result<Answer> {
        let (owner, message) = (self.stage.sandbox.owner(), editor.message()?);
        let values: Vec<_> = inboxes.iter().map(ToString::to_string).collect();
        let values: Vec<_> = values.iter().map(String::as_str).collect();
        let menu = first_menu(editor)?;
        Ok(owner
            .choose(message.channel_id(), message.id(), &menu, &values)
            .await?)
    }

    async fn press(&self, answer: &Answer, label: &str) -> Result<Answer> {
        let (owner, message) = (self.stage.sandbox.owner(), answer.message()?);
        let button = message.button(label).ok_or_else(|| format!("no {label}"))?;
        Ok(owner
            .click(message.channel_id(), message.id(), button)
            .await?)
    }

    /// The label of a button on a message.
    fn label_of(&self, message: MessageId, id: &str) -> Result<String> {
        let own = self.stage.own_messages(self.support)?.into_iter();
        let message = own.filter(|it| it.id == message);
        let rows: Vec<_> = message.flat_map(|it| it.components).collect();
        let buttons = rows.iter().flat_map(Component::children);
        let label = buttons.into_iter().find_map(|(_, it)| match &it.kind {
            ComponentKind::Button(button) if it.custom_id() == Some(id) => button.label.clone(),
            _ => None,
        });
        Ok(label.ok_or_else(|| format!("there is no {id}"))?)
    }
}

fn first_menu(editor: &Answer) -> Result<String> {
    let menu = editor.message()?.components()[0]["custom_id"].clone();
    Ok(menu.as_str().ok_or("a menu")?.to_owned())
}
