//! `/ticket transfer`: the ticket belongs to another inbox of the same channel from now on.

use tickets::ChannelId;
use tickets::decide::settings::Named;
use tickets::decide::transfer::{Facts, leaves, transfer};
use tickets::inbox::Inbox;
use tickets::permission::FOR_MESSAGE;
use tickets::setting::{Loudness, Notices};
use tickets::template::mention_list;
use tickets::text::{Text, plain};
use twilight_model::channel::message::MessageFlags;

use super::{Command, refused};
use crate::app::Failure;
use crate::app::staff::{Rules, parent_of};
use crate::discord::Message;
use crate::discord::render::allowed_mentions;
use crate::engine::settings;
use crate::reconcile::{move_notice, refresh_notice};
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
        let facts = Facts {
            wanted: named.named(written),
            written,
            inbox: ticket.inbox,
            parent: parent_of(app, ticket.guild, ticket.id),
        };
        let Named { inbox, name } = transfer(&facts).map_err(Failure::Refused)?;
        let old = Rules::of(app, ticket).await?;
        let notices = self.notices_of(inbox);
        // First, so that a crash leaves at worst staff who come in twice.
        let message = self.announcement(inbox, name, reason, notices.is_some());
        let message = message.once(format!("m{}", self.response.id()));
        let sent = app.discord.send(ticket.id, &message).await;
        let sent = sent.map_err(refused)?;
        app.store
            .set_ticket(ticket.id, ticket.state, Some(sent.id))
            .await?;
        if let Some(notice) = app.store.notice(ticket.id).await?
            && notices.is_some_and(|channel| channel != notice.channel)
        {
            move_notice(app, &notice, &plain(name)).await?;
        }
        app.store
            .transfer_ticket(ticket.id, inbox.id, notices)
            .await?;
        refresh_notice(app, ticket.id).await?;
        tracing::info!(
            ticket = %ticket.id,
            inbox = %inbox.id,
            owner = ticket.owner.map(|owner| owner.0),
            by = %self.invoker.user,
            "ticket transferred"
        );
        if remove_old_staff {
            self.remove_old_staff(&old, inbox).await?;
        }
        let inbox = plain(name);
        Ok(self.response.say(Text::TransferDone { inbox }).await?)
    }

    /// Where the inbox's notices can be posted.
    fn notices_of(&self, inbox: &Inbox) -> Option<ChannelId> {
        let channel = inbox.get(Notices)?;
        let place = self.app.cache().place(inbox.guild, channel)?;
        place.missing(&FOR_MESSAGE).is_none().then_some(channel)
    }

    /// What everybody reads, and what brings in the new staff.
    fn announcement(&self, inbox: &Inbox, name: &str, reason: String, has_notice: bool) -> Message {
        let (by, inbox_name) = (plain(&self.invoker.display_name), plain(name));
        let text = if reason.is_empty() {
            Text::Transferred {
                name: by,
                inbox: inbox_name,
            }
        } else {
            Text::TransferredWithReason {
                name: by,
                inbox: inbox_name,
                reason,
            }
        };
        let text = say(text, self.server_language());
        let loudness = inbox.loudness(has_notice);
        let roles = self.app.cache().guild(inbox.guild).map(|it| it.roles());
        let exists = |role| roles.as_ref().is_none_or(|roles| roles.contains(&role));
        let staff = inbox.existing_staff(exists);
        if loudness == Loudness::Join || staff.is_empty() {
            return Message::text(text);
        }
        let is_silent = loudness == Loudness::Silent;
        Message {
            allowed_mentions: allowed_mentions(&staff),
            flags: is_silent.then_some(MessageFlags::SUPPRESS_NOTIFICATIONS),
            ..Message::text([text, mention_list(&staff)].join("\n"))
        }
    }

    /// The invoker is the last.
    async fn remove_old_staff(&self, old: &Rules, inbox: &Inbox) -> Result<(), Failure> {
        let (app, ticket) = (self.app, &self.ticket);
        let parent = inbox.tickets_in();
        let new = Rules::of_inbox(inbox.clone());
        let mut members = app.discord.thread_members(ticket.id).await?;
        members.retain(|member| {
            let (user, roles) = (member.user, &member.roles);
            let stays = new.may_look_after(app, ticket.guild, parent, user, roles);
            Some(user) != ticket.owner && leaves(user, roles, &old.staff, stays)
        });
        members.sort_by_key(|member| member.user == self.invoker.user);
        let (name, id) = self.who();
        let reason = say(Text::AuditRemoved { name, id }, self.server_language());
        for member in members {
            let removed =
                app.discord
                    .remove_from_thread(ticket.id, member.user, Some(reason.clone()));
            match removed.await {
                Err(error) if !error.is_gone() => return Err(refused(error)),
                _ => {}
            }
        }
        Ok(())
    }
}
