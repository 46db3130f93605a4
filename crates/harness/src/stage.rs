//! A sandbox with the bot on it.

use std::time::Duration;

use discord_sandbox::id::{ChannelId, InteractionId, MessageId, UserId};
use discord_sandbox::record::What;
use discord_sandbox::world::model::{Message, Thread};
use discord_sandbox::{Answer, Person, Sandbox, State};
use serde_json::{Value, json};

use crate::{Bot, Error, Home, How, Result};

/// The button's custom id, as in the original bot.
pub const BUTTON: &str = "create-ticket";

/// How often the bot's own calls may cause further events. After that, the bot counts as never idle.
const MOST_ROUNDS: usize = 50;

/// How long the bot may take to reconnect, and to receive a probe.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A sandbox with the bot on it.
pub struct Stage {
    pub sandbox: Sandbox,
    pub bot: Bot,
    probe: Probe,
}

/// An inbox in the sandbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inbox {
    pub channel: ChannelId,
    pub message: MessageId,
}

/// A member who clicks where there is no inbox, which changes nothing. The bot receives the click after all
/// events that were sent before it.
struct Probe {
    person: Person,
    channel: ChannelId,
    message: MessageId,
}

impl Stage {
    /// The default sandbox, and a bot that is not running yet.
    pub async fn new(how: How) -> Result<Self> {
        Self::on(Sandbox::start().await?, how).await
    }

    /// As [`Self::new`], with the given sandbox.
    pub async fn on(sandbox: Sandbox, how: How) -> Result<Self> {
        let home = Home::on(&sandbox)?;
        let channel = sandbox.defaults().general;
        let message = sandbox.owner().send(channel, "Not an inbox").await?.id();
        let person = sandbox
            .crowd("probe", 1)?
            .pop()
            .ok_or("the sandbox made no person")?;
        Ok(Self {
            bot: Bot::new(how, home),
            sandbox,
            probe: Probe {
                person,
                channel,
                message,
            },
        })
    }

    /// Starts the bot, and waits until it is connected.
    pub async fn start(&mut self) -> Result {
        self.bot.start().await?;
        self.connected().await
    }

    /// Starts the bot after Discord has forgotten the bot's session.
    pub async fn start_without_session(&mut self) -> Result {
        self.sandbox.end_sessions();
        self.start().await
    }

    /// Waits until the bot is connected. After several disconnects in a row, the bot waits before it
    /// reconnects.
    pub async fn connected(&self) -> Result {
        let since = tokio::time::Instant::now();
        loop {
            match self.sandbox.wait_for_bot().await {
                Err(_) if since.elapsed() < TIMEOUT => {}
                Err(error) => return Err(self.with_log(&error)),
                Ok(()) => return Ok(()),
            }
        }
    }

    /// Stops the bot as SIGTERM does, and waits until Discord has noticed.
    pub async fn stop(&mut self) -> Result {
        self.bot.stop().await?;
        self.disconnected().await
    }

    /// Ends the bot as SIGKILL does, and waits until Discord has noticed.
    pub async fn kill(&mut self) -> Result {
        self.bot.kill().await?;
        self.disconnected().await
    }

    /// Waits until no bot is connected. Otherwise the next one would seem connected before it is.
    pub async fn disconnected(&self) -> Result {
        let is_gone = self.sandbox.wait_until("the bot is disconnected", |look| {
            (!look.bot_is_ready()).then_some(())
        });
        Ok(is_gone.await?)
    }

    /// Ends a test: the bot must stop cleanly, must have logged no error, and must have made no call that
    /// Discord does not have.
    pub async fn finish(mut self) -> Result {
        self.stop().await?;
        let errors = self.bot.log().take_errors();
        if !errors.is_empty() {
            return Err(format!("the bot logged errors: {errors:#?}").into());
        }
        Ok(self.sandbox.finish().await?)
    }

    /// Waits until the bot has handled everything that happened so far, and everything that this caused.
    /// Returns the number of interactions that were needed.
    pub async fn idle(&mut self) -> Result<usize> {
        let mut probes = 0;
        for _ in 0..MOST_ROUNDS {
            let (count, heard) = tokio::select! {
                probe = self.probe() => probe?,
                () = self.bot.death() => return Err(self.with_log("the bot is dead")),
            };
            probes += count;
            self.bot.idle().await?;
            if !self.has_event_after(heard) {
                return Ok(probes);
            }
        }
        Err(self.with_log("the bot's own calls keep causing events"))
    }

    /// Waits until the bot has received every event so far. Returns the number of interactions that were
    /// needed, and the record's entry of the last one.
    async fn probe(&self) -> Result<(usize, u64)> {
        let Probe {
            person,
            channel,
            message,
        } = &self.probe;
        let since = tokio::time::Instant::now();
        let mut probes = 0;
        loop {
            self.connected().await?;
            probes += 1;
            let mark = self.sandbox.mark();
            let click = json!({
                "channel_id": channel,
                "message_id": message,
                "custom_id": BUTTON,
            });
            let answer = person.forge(click).await?;
            let heard = self.sent_entry(answer.id, mark);
            match (answer.state, heard) {
                (State::Answered, Some(heard)) => return Ok((probes, heard)),
                // The connection was lost at this moment, so the click was not delivered: click again.
                _ if since.elapsed() < TIMEOUT => {}
                (state, _) => return Err(self.with_log(&format!("a probe: {state:?}"))),
            }
        }
    }

    /// The record's entry that sent an interaction to the bot.
    fn sent_entry(&self, interaction: InteractionId, mark: u64) -> Option<u64> {
        let id = interaction.to_string();
        let entries = self.sandbox.record_after(mark).into_iter();
        let mut sent = entries.filter(|entry| match &entry.what {
            What::Event { name, data, .. } => {
                name == "INTERACTION_CREATE" && data["id"].as_str() == Some(&id)
            }
            _ => false,
        });
        sent.next_back().map(|entry| entry.seq)
    }

    /// Whether the bot was sent an event after this entry of the record that may cause further work.
    fn has_event_after(&self, mark: u64) -> bool {
        let entries = self.sandbox.record_after(mark).into_iter();
        let mut events = entries.filter_map(|entry| match entry.what {
            What::Event { name, .. } => Some(name),
            _ => None,
        });
        // A message causes no further work, except for what people write to the bot.
        events.any(|name| name != "MESSAGE_CREATE")
    }

    /// Adds the last lines of the bot's log to an error.
    pub fn with_log(&self, error: &(impl ToString + ?Sized)) -> Error {
        format!("{}\nthe bot logged:\n{}", error.to_string(), self.bot.log()).into()
    }
}

/// What people do.
impl Stage {
    pub fn support(&self) -> ChannelId {
        self.sandbox.defaults().support
    }

    /// Olivia makes an inbox in `#support`, whose tickets are created there.
    pub async fn create_inbox(&self) -> Result<Inbox> {
        self.create_inbox_with(json!({})).await
    }

    /// As [`Self::create_inbox`], with these options in addition to the channel.
    pub async fn create_inbox_with(&self, options: Value) -> Result<Inbox> {
        let (channel, owner) = (self.support(), self.sandbox.owner());
        let source = owner.send(channel, "Need help?").await?;
        let mut all = json!({"channel": channel});
        if let (Some(all), Some(options)) = (all.as_object_mut(), options.as_object()) {
            all.extend(options.clone());
        }
        owner.run("inbox create", all).await?;
        let made = owner
            .use_menu("Select this message", channel, source.id())
            .await?;
        let message = linked_message(made.content()?)?;
        Ok(Inbox { channel, message })
    }

    /// Fills in the starting message or the name of an inbox's tickets.
    pub async fn customise(&self, inbox: Inbox, what: &str, text: &str) -> Result {
        let owner = self.sandbox.owner();
        let command = format!("inbox new-tickets {what}");
        owner.run(&command, json!({})).await?;
        let form = owner
            .use_menu("Select this message", inbox.channel, inbox.message)
            .await?;
        let inputs = form.modal()?.inputs();
        let input = inputs.first().and_then(|it| it["custom_id"].as_str());
        let input = input.ok_or("the modal has no input")?;
        owner.submit_json(&form, json!({(input): text})).await?;
        Ok(())
    }

    /// Clicks *Create Ticket* and waits for the response.
    pub async fn click(&self, person: &Person, inbox: Inbox) -> Result<Answer> {
        Ok(person.click(inbox.channel, inbox.message, BUTTON).await?)
    }

    /// Clicks *Create Ticket*.
    pub async fn start_click(&self, person: &Person, inbox: Inbox) -> Result<InteractionId> {
        let click = person.start_click(inbox.channel, inbox.message, BUTTON);
        Ok(click.await?)
    }

    /// Clicks *Create Ticket* and waits until the ticket is complete: its owner is in it, and it has its
    /// starting message.
    pub async fn open_ticket(&self, person: &Person, inbox: Inbox) -> Result<ChannelId> {
        let answer = self.click(person, inbox).await?;
        let ticket = linked_channel(answer.content()?)?;
        let (owner, bot) = (person.id(), self.sandbox.bot_id());
        let whole = self.sandbox.wait_until("the ticket is whole", |look| {
            let is_started = look.messages(ticket).any(|m| m.user() == Some(bot));
            (is_started && look.is_in_thread(ticket, owner)).then_some(())
        });
        whole.await?;
        Ok(ticket)
    }

    /// Waits until every fault that was set up has happened. It polls, because the record does not contain a
    /// held call yet.
    pub async fn faults_met(&self) -> Result {
        let since = tokio::time::Instant::now();
        while !self.sandbox.waiting_faults().is_empty() {
            if since.elapsed() > TIMEOUT {
                return Err(self.with_log("the bot never made that call"));
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(())
    }
}

/// The present state. A missing value is an error, not a 0.
impl Stage {
    /// The present state of a thread.
    pub fn thread(&self, id: ChannelId) -> Result<Thread> {
        let thread = self.sandbox.look(|look| look.thread(id).cloned());
        thread.ok_or_else(|| format!("there is no thread {id}").into())
    }

    /// The threads under a channel, oldest first.
    pub fn threads(&self, channel: ChannelId) -> Result<Vec<Thread>> {
        self.sandbox.look(|look| {
            if look.channel(channel).is_none() {
                return Err(format!("there is no channel {channel}").into());
            }
            Ok(look.threads_of(channel).into_iter().cloned().collect())
        })
    }

    pub fn is_in_thread(&self, thread: ChannelId, user: UserId) -> Result<bool> {
        Ok(self.thread(thread)?.members.contains_key(&user))
    }

    /// What the bot wrote into a channel or thread for all to see, oldest first.
    pub fn own_messages(&self, channel: ChannelId) -> Result<Vec<Message>> {
        let bot = self.sandbox.bot_id();
        self.sandbox.look(|look| {
            if look.place(channel).is_none() {
                return Err(format!("there is no channel {channel}").into());
            }
            let own = look.messages(channel).filter(|m| {
                m.user() == Some(bot) && m.ephemeral_to.is_none() && !m.kind.is_system()
            });
            Ok(own.cloned().collect())
        })
    }

    /// The text of [`Self::own_messages`].
    pub fn said(&self, channel: ChannelId) -> Result<Vec<String>> {
        let own = self.own_messages(channel)?.into_iter();
        Ok(own.map(|message| message.content).collect())
    }
}

/// The thread to which a text links.
pub fn linked_channel(text: &str) -> Result<ChannelId> {
    let link = text.split_once("<#").and_then(|(_, rest)| {
        let (id, _) = rest.split_once('>')?;
        id.parse().ok()
    });
    let link = link.ok_or_else(|| format!("no ticket in {text:?}"))?;
    Ok(ChannelId(link))
}

/// The message to which a text links.
fn linked_message(text: &str) -> Result<MessageId> {
    let link = text.rsplit('/').next().and_then(|id| {
        let digits: String = id.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    });
    let link = link.ok_or_else(|| format!("no message in {text:?}"))?;
    Ok(MessageId(link))
}
