//! What staff do with `/ticket` and the bot's buttons, and what members do with those. Most of it takes
//! several steps, so each is a separate errand, while everything else continues.

use discord_sandbox::id::{ChannelId, InteractionId, MessageId};
use discord_sandbox::world::component;
use discord_sandbox::world::model::{InteractionState, Message};
use discord_sandbox::{Answer, Error, Person};
use serde_json::json;

use super::people::{Now, nth};
use super::{ADMINS_TIMEOUT, Play};
use crate::action::Command;

/// A `/ticket close` by somebody who counts as staff of every ticket.
#[derive(Clone, Copy)]
pub(super) struct Closing {
    interaction: InteractionId,
    ticket: ChannelId,
    was_locked: bool,
}

const REASONS: [&str; 3] = ["It works", "@everyone <@&1>", "**bold**\n-# `code`"];
const TIMES: [&str; 3] = ["1h", "12h", "3d"];

impl Play {
    pub(super) async fn command(&mut self, what: Command, ticket: u32, number: u32) {
        let is_reopened = matches!(what, Command::Reopens);
        let tickets = self.tickets().into_iter();
        let tickets: Vec<_> = tickets.filter(|it| it.archived == is_reopened).collect();
        let Some(ticket) = nth(&tickets, ticket) else {
            return;
        };
        let (id, staff) = (ticket.id, self.stage.sandbox.owner());
        let reason = nth(&REASONS, number).unwrap_or_default();
        let owner = ticket.owner.map(|owner| self.stage.sandbox.person(owner));
        let target = nth(&self.people, number).map(|person| person.id());
        match what {
            Command::Closes => {
                let options = if number.is_multiple_of(2) {
                    json!({})
                } else {
                    json!({"reason": reason, "remove-owner": number.is_multiple_of(3)})
                };
                let closing = staff.start_command(id, "ticket close", options);
                if let Ok(interaction) = closing.await {
                    self.closings.push(Closing {
                        interaction,
                        ticket: id,
                        was_locked: ticket.locked,
                    });
                }
            }
            Command::AsksToClose => {
                let mut options = json!({"reason": reason});
                if let Some(time) = nth(&TIMES, number).filter(|_| number.is_multiple_of(2)) {
                    options["in"] = json!(time);
                }
                self.send(&ticket, async move {
                    staff.run_in(id, "ticket ask-close", options).await
                });
            }
            Command::OwnerAnswers => {
                let buttons = ["agree-to-close", "keep-open", "close-ticket"];
                let found = self.button(id, |button| buttons.contains(&button), number);
                if let (Some((message, button)), Some(owner)) = (found, owner) {
                    self.send(&ticket, async move {
                        let answer = owner.click(id, message, &button).await?;
                        close_with_modal(&owner, answer, reason).await
                    });
                }
            }
            Command::ClicksClose => {
                let found = self.button(id, |button| button == "close-ticket", number);
                if let Some((message, button)) = found {
                    self.send(&ticket, async move {
                        let answer = staff.click(id, message, &button).await?;
                        close_with_modal(&staff, answer, reason).await
                    });
                }
            }
            Command::Reopens => {
                self.memory.woken(id);
                let options = json!({"ticket": id.to_string()});
                self.send(
                    &ticket,
                    async move { staff.run("ticket reopen", options).await },
                );
            }
            Command::Claims | Command::Unclaims => {
                let name = match what {
                    Command::Claims => "ticket claim",
                    _ => "ticket unclaim",
                };
                let moderator = self.stage.sandbox.moderator();
                let person = nth(&[staff, moderator], number);
                if let Some(person) = person {
                    self.send(
                        &ticket,
                        async move { person.run_in(id, name, json!({})).await },
                    );
                }
            }
            Command::Transfers => {
                if let Some((_, inbox)) = nth(&self.inboxes(), number) {
                    let options = json!({
                        "inbox": inbox.to_string(),
                        "reason": reason,
                        "remove-old-staff": number.is_multiple_of(2),
                    });
                    self.send(&ticket, async move {
                        staff.run_in(id, "ticket transfer", options).await
                    });
                }
            }
            Command::Snoozes => {
                if let Some(time) = nth(&TIMES, number) {
                    self.send(&ticket, async move {
                        let options = json!({"for": time});
                        staff.run_in(id, "ticket snooze", options).await
                    });
                }
            }
            Command::Renames => self.send(&ticket, async move {
                let options = json!({"name": "renamed by a command"});
                staff.run_in(id, "ticket rename", options).await
            }),
            Command::Adds | Command::Removes => {
                let name = match what {
                    Command::Adds => "ticket add",
                    _ => "ticket remove",
                };
                // Every second time, the target is the owner.
                let target = ticket.owner.filter(|_| number.is_multiple_of(2)).or(target);
                self.send(&ticket, async move {
                    let options = json!({"member": target});
                    staff.run_in(id, name, options).await
                });
            }
            Command::Joins => {
                let joins = |button: &str| button == format!("join:{id}");
                let room = self.notices;
                if let Some((message, button)) = self.button(room, joins, number) {
                    let moderator = self.stage.sandbox.moderator();
                    self.run_errand(async move { moderator.click(room, message, &button).await });
                }
            }
            Command::Reports => {
                if let Some(reporter) = nth(&self.people, number) {
                    let general = self.stage.sandbox.defaults().general;
                    for it in self
                        .tickets()
                        .iter()
                        .filter(|it| it.owner == Some(reporter.id()))
                    {
                        self.memory.commanded(it.id);
                    }
                    self.run_errand(async move {
                        let message = staff.send(general, "Something rude").await?;
                        let menu = reporter.use_menu("Report to staff", general, message.id());
                        let modal = menu.await?;
                        reporter.submit_json(&modal, json!({})).await
                    });
                }
            }
        }
    }

    /// Starts an errand that may leave its ticket open or closed.
    fn send(
        &mut self,
        ticket: &Now,
        errand: impl Future<Output = Result<Answer, Error>> + Send + 'static,
    ) {
        self.memory.commanded(ticket.id);
        self.run_errand(errand);
    }

    fn run_errand(&mut self, errand: impl Future<Output = Result<Answer, Error>> + Send + 'static) {
        self.errands.push(tokio::spawn(async move {
            // An error is accepted here: the bot may have refused or not responded. The next quiet point
            // checks that.
            drop(errand.await);
        }));
    }

    /// Waits until all errands have finished. After a time limit, their responses count as lost.
    pub(super) async fn errands_end(&mut self) {
        let deadline = tokio::time::Instant::now() + ADMINS_TIMEOUT;
        for mut errand in std::mem::take(&mut self.errands) {
            if tokio::time::timeout_at(deadline, &mut errand)
                .await
                .is_err()
            {
                errand.abort();
            }
        }
    }

    /// Checks which `/ticket close` got a response: their tickets must be closed.
    pub(super) fn judge_closings(&mut self) {
        for closing in std::mem::take(&mut self.closings) {
            let state = self.stage.sandbox.look(|look| {
                let mut all = look.interactions();
                all.find(|it| it.id == closing.interaction)
                    .map(|it| matches!(it.state, InteractionState::Answered))
            });
            if state == Some(true) {
                self.memory.closed(closing.ticket, closing.was_locked);
            } else {
                self.memory.commanded(closing.ticket);
            }
        }
    }

    /// One of the bot's buttons in a channel, selected by a number.
    fn button(
        &self,
        channel: ChannelId,
        is_wanted: impl Fn(&str) -> bool,
        number: u32,
    ) -> Option<(MessageId, String)> {
        let found: Vec<_> = self.stage.sandbox.look(|look| {
            let messages = look.messages(channel);
            let messages = messages.filter(|message| message.ephemeral_to.is_none());
            messages
                .flat_map(|message| {
                    let ids = custom_ids(message).into_iter();
                    ids.map(|id| (message.id, id))
                })
                .filter(|(_, id)| is_wanted(id))
                .collect()
        });
        nth(&found, number)
    }
}

fn custom_ids(message: &Message) -> Vec<String> {
    let all = component::all(&message.components).into_iter();
    all.filter_map(|(_, component)| component.custom_id().map(str::to_owned))
        .collect()
}

/// Fills in the modal that a click on *Close* opens. The other buttons open none.
async fn close_with_modal(person: &Person, answer: Answer, reason: &str) -> Result<Answer, Error> {
    if answer.modal().is_ok() {
        person.submit(&answer, [("template", reason)]).await
    } else {
        Ok(answer)
    }
}
