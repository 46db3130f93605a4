//! Adding and removing members. Discord itself announces both in the ticket.

use tickets::UserId;
use tickets::text::Text;

use super::{Command, refused};
use crate::app::Failure;
use crate::app::report::ticket_event;
use crate::translate::say;

impl Command<'_> {
    pub(super) async fn add(&self, user: UserId, name: String) -> Result<(), Failure> {
        let (by, id) = self.who();
        let reason = say(Text::AuditAdded { name: by, id }, self.server_language());
        let ticket = self.ticket.id;
        let is_in = self.app.discord.is_in_thread(ticket, user).await;
        if is_in.map_err(refused)? {
            return Err(Failure::Refused(Text::AlreadyInTicket { name }));
        }
        let added = self.app.discord.add_to_thread(ticket, user, Some(reason));
        match added.await {
            Ok(()) => {}
            // The member has left the server during the call.
            Err(error) if error.is_unknown_member() => {
                return Err(Failure::Refused(Text::NotInServer { name }));
            }
            Err(error) => return Err(refused(error)),
        }
        ticket_event!(&self.ticket, %user, by = %self.invoker.user, "member added to a ticket");
        Ok(self.response.say(Text::MemberAdded { name }).await?)
    }

    /// Removes a member. If it is the owner, the next check of the ticket closes it.
    pub(super) async fn remove(
        &self,
        user: UserId,
        name: String,
        is_owner: bool,
    ) -> Result<(), Failure> {
        let discord = &self.app.discord;
        let ticket = self.ticket.id;
        let is_in = discord.is_in_thread(ticket, user).await;
        if !is_in.map_err(refused)? {
            return Err(Failure::Refused(Text::NotInTicket { name }));
        }
        let (by, id) = self.who();
        let reason = say(Text::AuditRemoved { name: by, id }, self.server_language());
        let removed = discord.remove_from_thread(ticket, user, Some(reason));
        removed.await.map_err(refused)?;
        ticket_event!(&self.ticket, %user, by = %self.invoker.user, "member removed from a ticket");
        Ok(self
            .response
            .say(if is_owner {
                Text::OwnerRemoved { name }
            } else {
                Text::MemberRemoved { name }
            })
            .await?)
    }
}
