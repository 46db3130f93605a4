//! Faults: time passes, connections break, calls fail, the bot is killed; and how each fault ends.

use std::collections::HashSet;
use std::time::Duration;

use discord_sandbox::id::{ChannelId, InteractionId, Timestamp};
use discord_sandbox::record::What;
use discord_sandbox::world::model::InteractionState;
use discord_sandbox::{Cloudflare, EventFault, Fault as Failing};

use super::Play;
use super::people::nth;
use crate::action::{EVENTS, Fault, Gateway, Host, Limit, ROUTES, Time, Wrong};

const MINUTE: Duration = Duration::from_secs(61);
/// More than the three seconds that Discord waits for a first response.
const TOO_LATE: Duration = Duration::from_secs(4);
/// How long Cloudflare blocks the address.
const BLOCKED: Duration = Duration::from_secs(1);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A call is retried, or takes effect after its failure, within this time.
const ALL_DONE: Duration = Duration::from_millis(3_100);

impl Play {
    /// Waits until no call is being retried or will still take effect. Both happen within seconds, and
    /// Discord remembers a message's nonce for minutes. So the clock must not jump by days in between.
    async fn calls_have_ended(&self) {
        for _ in 0..20 {
            let mark = self.stage.sandbox.mark();
            tokio::time::sleep(ALL_DONE).await;
            if self.stage.sandbox.calls_after(mark).is_empty() {
                return;
            }
        }
    }

    /// Time passes; threads archive themselves.
    pub(super) async fn time_passes(&mut self, time: Time) {
        // Discord waits three seconds for a response. If the clock jumped now, the bot would have no time to
        // respond. Interactions without a response expire automatically.
        self.all_responded().await;
        if let Time::Days(_) = time {
            self.calls_have_ended().await;
            self.memory.time_jumps();
        }
        let before = self.archived();
        let mark = self.stage.sandbox.mark();
        self.memory.jumped_over.extend(self.pending());
        // Within the last second before a jump, only the jump can make an interaction fail.
        let answered_until = Timestamp(self.stage.sandbox.now().0 - 1000);
        self.stage.sandbox.advance(match time {
            Time::Minute => MINUTE,
            Time::Days(days) => DAY * days,
        });
        self.memory
            .jumped_over
            .extend(self.unanswered_since(answered_until));
        // Includes the threads that were created right before the jump.
        let begun: Vec<_> = self.tickets().iter().map(|it| it.id).collect();
        // The bot may be so fast that it has already reopened a thread for its closing message, or even
        // locked it.
        let hidden = self.hidden_since(mark);
        let archived = self.archived().into_iter();
        let archived: HashSet<_> = archived.chain(hidden.iter().copied()).collect();
        for ticket in archived {
            if before.contains(&ticket) {
                continue;
            }
            let is_locked = |ticket| {
                let sandbox = &self.stage.sandbox;
                sandbox.look(|look| look.thread(ticket).is_some_and(|thread| thread.locked))
            };
            let locked = !hidden.contains(&ticket) && is_locked(ticket);
            if locked {
                self.memory.closed(ticket, locked);
            } else {
                // If reminders or a question are due, the ticket still counts as open.
                self.memory.commanded(ticket);
            }
            if !begun.contains(&ticket) {
                // Its starting message may still come, which unarchives it.
                self.memory.woken(ticket);
            }
        }
    }

    /// Waits until each click has had a first response, as long as one can still come soon.
    async fn all_responded(&self) {
        if !self.stage.bot.is_running() {
            return;
        }
        let answered = self
            .stage
            .sandbox
            .wait_until("all interactions have a response", |look| {
                let mut waiting = look.interactions();
                let waits = waiting.any(|it| matches!(it.state, InteractionState::Pending));
                (!waits).then_some(())
            });
        // If a connection was lost, some interactions will never get a response.
        let enough = if self.memory.is_watched() { 10 } else { 2 };
        let _ = tokio::time::timeout(Duration::from_secs(enough), answered).await;
    }

    /// Advances the clock, so that interactions which still wait for a first response fail.
    pub(super) fn give_up_waiting(&self) {
        self.stage.sandbox.advance(TOO_LATE);
    }

    /// The interactions that still wait for a first response.
    fn pending(&self) -> Vec<InteractionId> {
        self.stage.sandbox.look(|look| {
            let pending = look
                .interactions()
                .filter(|it| matches!(it.state, InteractionState::Pending));
            pending.map(|it| it.id).collect()
        })
    }

    /// The interactions that people started after this moment and that have no response. They began right
    /// before the clock jumped.
    fn unanswered_since(&self, since: Timestamp) -> Vec<InteractionId> {
        self.stage.sandbox.look(|look| {
            let asked = look.interactions().filter(|it| it.created >= since);
            let unanswered = asked.filter(|it| {
                matches!(
                    it.state,
                    InteractionState::Pending | InteractionState::Failed
                )
            });
            unanswered.map(|it| it.id).collect()
        })
    }

    /// The bot's archived threads, also those without a starting message.
    fn archived(&self) -> Vec<ChannelId> {
        let rooms = self.rooms().into_iter();
        let threads = rooms.flat_map(|room| self.tickets_in(room));
        threads
            .filter(|(_, archived)| *archived)
            .map(|(thread, _)| thread)
            .collect()
    }

    /// The threads that were archived without a lock since this mark, according to the events that the bot
    /// was sent.
    fn hidden_since(&self, mark: u64) -> HashSet<ChannelId> {
        let entries = self.stage.sandbox.record_after(mark).into_iter();
        let hidden = entries.filter_map(|entry| match entry.what {
            What::Event { name, data, .. } if name == "THREAD_UPDATE" => {
                let state = &data["thread_metadata"];
                let is_hidden = state["archived"] == true && state["locked"] != true;
                let id = data["id"].as_str().filter(|_| is_hidden)?;
                id.parse().ok().map(ChannelId)
            }
            _ => None,
        });
        hidden.collect()
    }

    pub(super) fn gateway_has(&mut self, what: Gateway) -> Result<(), String> {
        if !matches!(what, Gateway::Twice { .. }) {
            self.memory.note_blind_spot();
        }
        let sandbox = &self.stage.sandbox;
        let done = match what {
            Gateway::Cut(code) => {
                sandbox.cut_gateway(code);
                Ok(())
            }
            Gateway::AskedToReconnect => {
                sandbox.ask_to_reconnect();
                Ok(())
            }
            Gateway::SessionsEnd => {
                sandbox.end_sessions();
                Ok(())
            }
            Gateway::Twice { event, times } => {
                let twice = nth(&EVENTS, event).map(|event| EventFault::twice(event).times(times));
                twice.map_or(Ok(()), |fault| sandbox.fault_event(fault))
            }
            Gateway::Late { event, behind } => {
                self.is_out_of_order = true;
                let late = nth(&EVENTS, event).map(|event| EventFault::late(event, behind));
                late.map_or(Ok(()), |fault| sandbox.fault_event(fault))
            }
            Gateway::OutageBegins if !self.is_out => {
                self.is_out = true;
                sandbox.begin_outage(sandbox.guild_id())
            }
            Gateway::OutageEnds if self.is_out => {
                self.is_out = false;
                sandbox.end_outage(sandbox.guild_id())
            }
            Gateway::OutageBegins | Gateway::OutageEnds => Ok(()),
        };
        done.map_err(|error| error.to_string())
    }

    pub(super) fn fault(&mut self, fault: Fault) -> Result<(), String> {
        let ms = |ms: u32| Duration::from_millis(ms.into());
        let (failing, fails, after) = match fault.what {
            Wrong::Slow { ms: delay } => (Failing::slow(ms(delay)), false, false),
            Wrong::RateLimited { ms: wait, limit } => {
                let limited = Failing::rate_limited(ms(wait));
                let limited = match limit {
                    Limit::Bucket => limited,
                    Limit::Hidden => limited.with_remaining(1),
                    Limit::Shared => limited.shared(),
                    Limit::Global => limited.global(),
                };
                (limited, false, false)
            }
            Wrong::Status { status, after } => (Failing::status(status), true, after),
            Wrong::Dropped { after } => (Failing::dropped(), true, after),
            Wrong::Late { status, ms: late } => {
                let failing = Failing::status(status).takes_effect_after(ms(late));
                (failing, true, false)
            }
            Wrong::Blocked { form } => {
                let form = Cloudflare::ALL[form as usize % Cloudflare::ALL.len()];
                (Failing::blocked(form, Some(BLOCKED)), true, false)
            }
        };
        if fails {
            self.memory.note_blind_spot();
        }
        let failing = if after {
            failing.after_it_took_effect()
        } else {
            failing
        };
        let Some((method, path)) = nth(&ROUTES, fault.route) else {
            return Ok(());
        };
        let failing = failing.on(method, path).times(fault.times);
        self.stage
            .sandbox
            .fail_next(failing)
            .map_err(|error| error.to_string())
    }

    pub(super) async fn host_does(&mut self, what: Host) -> Result<(), String> {
        match what {
            Host::Starts => {
                if !self.stage.bot.is_running() {
                    self.start_bot().await?;
                }
                return Ok(());
            }
            Host::Kills if self.stage.bot.is_running() => self.end_bot(true).await?,
            Host::Kills => {}
            Host::Stops => self.end_bot(false).await?,
        }
        self.memory.note_blind_spot();
        Ok(())
    }

    /// Ends all trouble, and makes sure that the bot is running.
    pub(super) async fn calm_down(&mut self) -> Result<(), String> {
        self.stage.sandbox.clear_faults();
        self.stage.sandbox.clear_event_faults();
        if self.is_out {
            self.gateway_has(Gateway::OutageEnds)?;
        }
        for room in self.rooms() {
            self.allow(room).await;
        }
        let bot = self.stage.sandbox.bot_id();
        let invited = self.stage.sandbox.owner().invite(bot).await;
        invited.map_err(|error| error.to_string())?;
        if let Some(why) = self.stage.bot.ended() {
            return Err(why);
        }
        if self.stage.bot.is_running() {
            self.connected().await?;
            self.admin_finishes().await;
            self.errands_end().await;
            // The bot may be killed below. Before that, it gets the time to respond.
            self.all_responded().await;
        }
        if std::mem::take(&mut self.is_out_of_order) {
            // If an event comes late, the bot cannot see what happened before it. A new session makes it scan
            // the server.
            if self.stage.bot.is_running() {
                let kill = self.rng.bool();
                self.end_bot(kill).await?;
            }
            self.stage.sandbox.end_sessions();
        }
        self.start_bot().await?;
        self.admin_finishes().await;
        self.errands_end().await;
        self.all_responded().await;
        if !self.memory.is_watched() {
            self.give_up_waiting();
        }
        Ok(())
    }
}
