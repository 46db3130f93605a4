//! `/ticket transfer`: assigns the ticket to another inbox, or replaces it by a new ticket of that inbox
//! (`moving`).

use tickets::decide::settings::Named;
use tickets::decide::transfer::{Facts, Transfer as Way, transfer};
use tickets::setting::Loudness;
use tickets::template::mention_list;
use tickets::text::{Text, plain};
use tickets::ticket::Presence;
use tickets::{Mention, MessageId};
use twilight_model::channel::message::MessageFlags;

use super::transferred::{finish, wanted};
use super::{Command, refused};
use crate::app::Failure;
use crate::app::staff::{existing_staff, find_parent};
use crate::discord::Message;
use crate::discord::render::allowed_mentions;
use crate::engine::facts::tickets_in;
use crate::engine::{invite, once, recovery, settings};
use crate::reconcile::notice_channel;
use crate::store::{Transfer, Work};
use crate::translate::say;

impl Command<'_> {
    pub(super) async fn transfer(
        &self,
        written: &str,
        reason: String,
        remove_old_staff: bool,
    ) -> Result<(), Failure> {
        let (app, ticket) = (self.app, &self.ticket);
        let named = settings::facts(app, ticket.guild).await?;
        let wanted = named.named(written);
        let is_there = ticket.state.presence != Presence::Gone;
        let facts = Facts {
            wanted,
            written,
            inbox: ticket.inbox,
            parent: find_parent(app, ticket.guild, ticket.id)
                .await
                .map_err(refused)?,
            channel: wanted.map(|it| tickets_in(app, ticket.guild, &it.inbox).channel),
            owner: ticket.owner.filter(|_| is_there),
        };
        match transfer(&facts).map_err(Failure::Refused)? {
            Way::Here(named) => self.transfer_here(named, reason, remove_old_staff).await,
            Way::Elsewhere(named, owner) => self.transfer_away(named, owner, reason).await,
        }
    }

    async fn transfer_here(
        &self,
        named: &Named,
        reason: String,
        remove_old_staff: bool,
    ) -> Result<(), Failure> {
        let (app, ticket) = (self.app, &self.ticket);
        let clicked = MessageId(self.response.id());
        let has_notice = notice_channel(app, &named.inbox).is_some();
        let loudness = named.inbox.loudness(has_notice);
        let mentions = match loudness {
            Loudness::Join => Vec::new(),
            _ => existing_staff(app, &named.inbox),
        };
        let transfer = Transfer {
            ticket: ticket.id,
            from: ticket.inbox,
            to: named.inbox.id,
            by: self.invoker.user,
            username: self.invoker.username.clone(),
            remove_old_staff,
            sending: once::sending(ticket, clicked),
            mentions,
        };
        let is_silent = loudness == Loudness::Silent;
        let message = self.announcement(named, reason, &transfer.mentions, is_silent);
        let message = message.once(format!("m{}", self.response.id()));
        let work = Work::Transfer(Box::new(transfer.clone()));
        self.response.journal(ticket.guild, work.clone()).await?;
        let done = async {
            let done = self.send_and_finish(&transfer, message).await?;
            Ok(self.response.say(done).await?)
        };
        recovery::end(app, self.response, ticket.guild, work, done.await).await
    }

    async fn send_and_finish(
        &self,
        transfer: &Transfer,
        message: Message,
    ) -> Result<Text, Failure> {
        let (app, wanted) = (self.app, wanted(transfer, self.response));
        let sent = invite::send(app, &wanted, message, &transfer.mentions);
        finish(app, transfer, &sent.await.map_err(refused)?).await
    }

    /// The message that everybody reads, and that brings in the new staff.
    fn announcement(
        &self,
        named: &Named,
        reason: String,
        mentions: &[Mention],
        is_silent: bool,
    ) -> Message {
        let (by, inbox) = (plain(&self.invoker.display_name), plain(&named.name));
        let text = if reason.is_empty() {
            Text::Transferred { name: by, inbox }
        } else {
            Text::TransferredWithReason {
                name: by,
                inbox,
                reason,
            }
        };
        let text = say(text, self.server_language());
        if mentions.is_empty() {
            return Message::text(text);
        }
        Message {
            allowed_mentions: allowed_mentions(mentions),
            flags: is_silent.then_some(MessageFlags::SUPPRESS_NOTIFICATIONS),
            ..Message::text([text, mention_list(mentions)].join("\n"))
        }
    }
}
