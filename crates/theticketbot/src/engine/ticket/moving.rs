//! A transfer to an inbox in another channel: a new ticket replaces the old one. The transaction that ends
//! the opening also begins to close the old ticket, so one of the two is always open.

use tickets::UserId;
use tickets::decide::settings::Named;
use tickets::opening::Moved;
use tickets::opening::admission::admit_moved;
use tickets::permission::Permission;
use tickets::request::{Attachment, Invoker};
use tickets::text::Text;

use super::Command;
use crate::app::Failure;
use crate::app::staff::find_place;
use crate::discord::Page;
use crate::engine::facts::{self, Click};
use crate::engine::{access, beginning};

impl Command<'_> {
    pub(super) async fn transfer_away(
        &self,
        named: &Named,
        owner: UserId,
        reason: String,
    ) -> Result<(), Failure> {
        let (app, ticket) = (self.app, &self.ticket);
        let owner = self.owner(owner).await?;
        let click = Click {
            is_by_staff: true,
            ..Click::on(named.inbox.id)
        };
        let mut clicked = facts::click(app, &owner, click, self.response).await?;
        let pages = self.pages().await?;
        let files = files_of(&pages);
        let mut pages: Vec<_> = pages.into_iter().map(|page| page.embeds).collect();
        // A page of a message that only had files is empty.
        pages.retain(|embeds| !embeds.is_empty());
        let needs = &mut clicked.facts.needs;
        needs.extend((!pages.is_empty()).then_some(Permission::EmbedLinks));
        needs.extend((!files.is_empty()).then_some(Permission::AttachFiles));
        let admitted = access::admitted(app, &owner, &mut clicked.facts, admit_moved).await;
        let mut plan = *admitted.map_err(Failure::Refused)?;
        (plan.pages, plan.files) = (pages, files);
        plan.moved = Some(Moved {
            from: ticket.id,
            by: self.invoker.user,
            name: self.invoker.display_name.clone(),
            reason,
        });
        beginning::begin(app, self.response, plan, clicked.not_open).await
    }

    /// The owner as the invoker of the new ticket.
    async fn owner(&self, user: UserId) -> Result<Invoker, Failure> {
        let member = self.app.discord.guild_member(self.ticket.guild, user);
        let Some(member) = member.await? else {
            return Err(Failure::Refused(Text::OwnerNotHere {}));
        };
        Ok(Invoker {
            user,
            username: member.name.clone(),
            display_name: member.name,
            roles: member.roles,
            timed_out_until: None,
            ..self.invoker.clone()
        })
    }

    /// The form answers of the old ticket, which the new one shows, too.
    async fn pages(&self) -> Result<Vec<Page>, Failure> {
        let (app, ticket) = (self.app, &self.ticket);
        let Some(me) = app.cache().me() else {
            return Ok(Vec::new());
        };
        let place = find_place(app, ticket.guild, ticket.id).await?;
        let missing = place.and_then(|place| place.missing(&[Permission::ReadMessageHistory]));
        if let Some(missing) = missing {
            let missing = vec![missing];
            return Err(Failure::Refused(Text::TransferLacks { missing }));
        }
        Ok(app.discord.first_pages(ticket.id, me).await?)
    }
}

/// Each file is attached again, because the old one is lost if the old ticket is deleted.
fn files_of(pages: &[Page]) -> Vec<Attachment> {
    pages.iter().flat_map(|page| page.files.clone()).collect()
}
