//! The reminder of the staff, in the channel for notices. If there is none, the ticket's holder is reminded
//! in the ticket. If nobody has claimed the ticket, that reminder notifies nobody.

use tickets::inbox::Inbox;
use tickets::notice::Notice;
use tickets::setting::NoticePing;
use tickets::template::mention_list;
use tickets::text::{MessageLink, Text};
use tickets::{ChannelId, Mention, MessageId};

use super::Due;
use crate::app::Failure;
use crate::app::report::ticket_event;
use crate::app::staff::{existing_staff, inbox_of, parent_of};
use crate::discord::render::allowed_mentions;
use crate::discord::{Message, Sent, ThreadChange};
use crate::reconcile::notice;
use crate::store::Notified;
use crate::translate::say;

impl Due<'_> {
    pub(super) async fn remind_staff(&self) -> Result<(), Failure> {
        let (app, ticket) = (self.app, self.ticket);
        let by = ticket.claimed_by;
        let inbox = inbox_of(app, ticket.inbox).await?;
        let channel = inbox.as_ref().and_then(|it| notice::channel_of(app, it));
        let is_sent = match (inbox, channel) {
            (Some(inbox), Some(channel)) => self.remind_in(channel, &inbox).await?,
            _ => false,
        };
        if !is_sent {
            let since = self.waits_since();
            let message = match by {
                Some(by) => self.message(Text::RemindClaimer { by, since }, &[Mention::User(by)]),
                None => self.message(Text::RemindStaff { since }, &[]),
            };
            self.send(message, Notified::Staff).await?;
        }
        let channel = channel.filter(|_| is_sent).map(|channel| channel.0);
        let by = by.map(|by| by.0);
        ticket_event!(ticket, by, channel, "staff reminded");
        Ok(())
    }

    fn waits_since(&self) -> i64 {
        self.pending.waiting.since.created_at().unix_seconds()
    }

    /// Reminds staff in the notices channel. Returns false if the bot cannot send anything there.
    async fn remind_in(&self, channel: ChannelId, inbox: &Inbox) -> Result<bool, Failure> {
        let (app, ticket, pending) = (self.app, self.ticket, self.pending);
        let notice = app.store.notice(ticket.id).await?;
        let posted = notice.as_ref().and_then(|notice| notice.message);
        if pending.is_sending
            && let Some(lost) = self.find_reminder(channel, posted).await?
        {
            app.store.sent(ticket.id, lost, Notified::Staff).await?;
            return Ok(true);
        }
        self.bring_back().await?;
        let message = self.reminder(inbox, notice.as_ref());
        let message = message.once(format!("r{}", pending.waiting.since));
        if !pending.is_sending {
            app.store.begin_sending(ticket.id).await?;
        }
        match app.discord.send(channel, &message).await {
            Ok(sent) => {
                app.store.sent(ticket.id, sent.id, Notified::Staff).await?;
                Ok(true)
            }
            Err(error) if error.is_transient() => Err(error.into()),
            Err(error) => {
                let ticket = ticket.id;
                tracing::warn!(
                    %ticket, %channel, %error,
                    "the reminder could not be sent to the channel for notices; sending it in the \
                     ticket"
                );
                Ok(false)
            }
        }
    }

    /// The reminder mentions the ticket's holder, or else the staff, if notices mention them.
    fn reminder(&self, inbox: &Inbox, notice: Option<&Notice>) -> Message {
        let (app, since) = (self.app, self.waits_since());
        let (ticket, guild) = (self.ticket.id, self.ticket.guild);
        let link = notice.and_then(|notice| {
            Some(MessageLink {
                guild,
                channel: notice.channel,
                message: notice.message?,
            })
        });
        let text = match link {
            Some(notice) => Text::RemindByNoticeLink {
                ticket,
                since,
                notice,
            },
            None => Text::RemindByNotice { ticket, since },
        };
        let pinged = match self.ticket.claimed_by {
            Some(by) => vec![Mention::User(by)],
            None if inbox.get(NoticePing) => existing_staff(app, inbox),
            None => Vec::new(),
        };
        let mut lines = vec![say(text, app.language(guild))];
        if !pinged.is_empty() {
            lines.push(mention_list(&pinged));
        }
        Message {
            allowed_mentions: allowed_mentions(&pinged),
            ..Message::text(lines.join("\n"))
        }
    }

    /// The reminder that an earlier run sent, if the bot can read the channel. The bot has been offline since
    /// then, so the reminder is among the newest messages.
    async fn find_reminder(
        &self,
        channel: ChannelId,
        notice: Option<MessageId>,
    ) -> Result<Option<MessageId>, Failure> {
        let me = self.app.cache().me();
        let messages = match self.app.discord.last_messages(channel).await {
            Err(error) if error.is_forbidden() || error.is_gone() => return Ok(None),
            messages => messages?,
        };
        let mention = format!("<#{}>", self.ticket.id);
        let is_it = |sent: &&Sent| {
            Some(sent.author) == me
                && sent.id > self.pending.waiting.since
                && Some(sent.id) != notice
                && sent.joins.is_none()
                && sent.content.contains(&mention)
        };
        Ok(messages.iter().find(is_it).map(|sent| sent.id))
    }

    /// Unarchives the thread if Discord's own timer has archived it: a message in the thread would do that, a
    /// message elsewhere does not.
    async fn bring_back(&self) -> Result<(), Failure> {
        let (app, ticket) = (self.app, self.ticket);
        if parent_of(app, ticket.guild, ticket.id).is_some() {
            return Ok(());
        }
        let change = ThreadChange::archived(false);
        let reason = say(Text::AuditReminded {}, app.language(ticket.guild));
        let changed = app.discord.change_thread(ticket.id, change, reason);
        Ok(changed.await?)
    }
}
