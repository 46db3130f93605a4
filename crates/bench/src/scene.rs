//! A bot on a sandbox with an inbox in it, as every measure begins.

use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::Result;
use crate::contestant::Contestant;
use crate::process::Process;
use crate::record::{Click, Served, served};
use crate::sandbox::{Options, Sandbox, text};

/// A sandbox, a bot on it, and perhaps an inbox.
pub(crate) struct Scene<'a> {
    contestant: &'a Contestant,
    pub(crate) sandbox: Sandbox,
    pub(crate) bot: Process,
    home: TempDir,
    inboxes: Vec<Inbox>,
}

struct Inbox {
    channel: String,
    message: String,
}

impl<'a> Scene<'a> {
    /// Starts both, and waits until the bot is connected and has come to rest.
    pub(crate) fn set(
        contestant: &'a Contestant,
        program: &Path,
        options: Options,
    ) -> Result<Self> {
        let sandbox = Sandbox::start(program, options)?;
        let home = tempfile::tempdir().map_err(|error| error.to_string())?;
        let bot = contestant.start(&sandbox, home.path())?;
        let mut scene = Self {
            contestant,
            sandbox,
            bot,
            home,
            inboxes: Vec::new(),
        };
        scene.wait_until_ready()?;
        Ok(scene)
    }

    /// The same, with an inbox.
    pub(crate) fn with_inbox(
        contestant: &'a Contestant,
        program: &Path,
        options: Options,
    ) -> Result<Self> {
        let mut scene = Self::set(contestant, program, options)?;
        let support = text(&named(&scene.guild()?["channels"], "support")?["id"]);
        scene.add_inbox(support)?;
        scene.sandbox.wait_until_quiet(QUIET)?;
        Ok(scene)
    }

    /// Stops the bot and starts it again, as after an update.
    pub(crate) fn restart(self) -> Result<Self> {
        let Self {
            contestant,
            sandbox,
            bot,
            home,
            inboxes,
        } = self;
        bot.stop()?;
        let bot = contestant.start(&sandbox, home.path())?;
        let mut scene = Self {
            contestant,
            sandbox,
            bot,
            home,
            inboxes,
        };
        scene.wait_until_ready()?;
        Ok(scene)
    }

    /// Another inbox, in its own channel.
    pub(crate) fn one_more_inbox(&mut self) -> Result<()> {
        /// Discord's number of the permission: who has it in a channel is staff there.
        const MANAGE_THREADS: u64 = 1 << 34;
        let moderators = text(&named(&self.guild()?["roles"], "Moderator")?["id"]);
        let path = format!("/people/owner/guilds/{}/channels", self.sandbox.guild);
        let channel = json!({
            "name": format!("support-{}", self.inboxes.len() + 1),
            "type": 0,
            "permission_overwrites": [
                {"id": moderators, "type": 0, "allow": MANAGE_THREADS.to_string(), "deny": "0"},
            ],
        });
        let channel = self.sandbox.post(&path, &channel)?;
        self.add_inbox(text(&channel["id"]))?;
        self.sandbox.wait_until_quiet(QUIET)
    }

    /// A member clicks *Create Ticket*.
    pub(crate) fn click(&self, person: &str) -> Result<Click> {
        self.click_in(0, person)
    }

    /// A member clicks in one of the inboxes.
    pub(crate) fn click_in(&self, inbox: usize, person: &str) -> Result<Click> {
        let inbox = self.inboxes.get(inbox).ok_or("there is no inbox")?;
        let button = json!({
            "channel_id": inbox.channel,
            "message_id": inbox.message,
            "custom_id": "create-ticket",
        });
        let path = format!("/people/{person}/components");
        let begun = self.sandbox.post(&path, &button)?;
        Ok(Click {
            interaction: text(&begun["id"]),
            person: person.to_owned(),
        })
    }

    /// What has become of clicks that were made after this entry of the record.
    pub(crate) fn served(&self, after: u64, clicks: &[Click]) -> Result<Vec<Served>> {
        let entries = self.sandbox.record(after)?;
        Ok(served(&entries, clicks, &self.sandbox.moderator))
    }

    /// A member clicks, and waits until everything that the click causes is done.
    pub(crate) fn open(&mut self, person: &str) -> Result<Served> {
        let after = self.sandbox.newest()?;
        let click = [self.click(person)?];
        // Without asking again and again, which would take the machine's time away from the bot.
        let wait = format!(
            "/people/{person}/interactions/{}?wait=true",
            click[0].interaction
        );
        self.sandbox.get(&wait)?;
        self.seen(after, &click, |served| served.whole().is_some())
    }

    /// The members of the inbox with this number answer a question first.
    pub(crate) fn ask(&self, inbox: usize) -> Result<()> {
        let inbox = self.inboxes.get(inbox).ok_or("there is no inbox")?;
        let mut command = json!({"guild_id": self.sandbox.guild, "channel_id": inbox.channel});
        command["name"] = "inbox settings".into();
        command["options"] = json!({"inbox": inbox.message, "setting": "form"});
        let modal = self.sandbox.post("/people/owner/commands", &command)?;
        self.ended("owner", &modal, "modal")?;
        let form = json!({"template": "What happened? | long"});
        let form = json!({"interaction_id": modal["id"], "values": form});
        let saved = self.sandbox.post("/people/owner/modals", &form)?;
        self.ended("owner", &saved, "answered")
    }

    /// A member clicks in an inbox that asks, and submits the form. Returns after how long the modal
    /// was there, and what became of the submission.
    pub(crate) fn submit(&mut self, inbox: usize, person: &str) -> Result<(i64, Served)> {
        let after = self.sandbox.newest()?;
        let click = [self.click_in(inbox, person)?];
        let modal = json!({"id": click[0].interaction});
        self.ended(person, &modal, "modal")?;
        let shown = self.served(after, &click)?[0].acknowledged;
        let shown = shown.ok_or("the modal is in no record")?;
        let answers = json!({"ask:long:What happened?": "It broke"});
        let form = json!({"interaction_id": click[0].interaction, "values": answers});
        let path = format!("/people/{person}/modals");
        let after = self.sandbox.newest()?;
        let begun = self.sandbox.post(&path, &form)?;
        self.ended(person, &begun, "answered")?;
        let submission = [Click {
            interaction: text(&begun["id"]),
            person: person.to_owned(),
        }];
        let is_done = |served: &Served| served.whole().and(served.answers).is_some();
        Ok((shown, self.seen(after, &submission, is_done)?))
    }

    /// Waits until this has come of a click.
    fn seen(
        &mut self,
        after: u64,
        click: &[Click],
        is_done: impl Fn(&Served) -> bool,
    ) -> Result<Served> {
        let until = Instant::now() + TIMEOUT;
        loop {
            let served = self.served(after, click)?[0];
            if is_done(&served) {
                return Ok(served);
            }
            if Instant::now() > until {
                return Err(format!("a ticket was not opened: {served:?}"));
            }
            self.bot.check()?;
            sleep(Duration::from_millis(5));
        }
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let path = format!("/people/owner/commands?guild={}", self.sandbox.guild);
        let until = Instant::now() + TIMEOUT;
        loop {
            let is_connected = self.sandbox.get("/world")?["application"]["connected"] == true;
            let commands = self.sandbox.get(&path)?;
            if is_connected && commands.as_array().is_some_and(|all| all.len() >= 2) {
                return self.bot.wait_until_quiet();
            }
            if Instant::now() > until {
                return Err("the bot does not get ready".to_owned());
            }
            self.bot.check()?;
            sleep(Duration::from_millis(20));
        }
    }

    /// The server in which everything happens, as its owner sees it.
    fn guild(&self) -> Result<Value> {
        let view = self.sandbox.get("/people/owner/view")?;
        let guilds = view["guilds"].as_array().into_iter().flatten();
        guilds
            .into_iter()
            .find(|guild| guild["id"] == self.sandbox.guild.as_str())
            .cloned()
            .ok_or_else(|| "the server is gone".to_owned())
    }

    /// The owner makes a message an inbox.
    fn add_inbox(&mut self, channel: String) -> Result<()> {
        let messages = format!("/people/owner/channels/{channel}/messages");
        let words = self
            .sandbox
            .post(&messages, &json!({"content": "Need help?"}))?;
        let command = |name: &str| json!({"guild_id": self.sandbox.guild, "channel_id": channel, "name": name});
        let mut create = command("inbox create");
        create["options"] = json!({"channel": channel});
        self.answered(&create)?;
        let mut select = command("Select this message");
        select["type"] = 3.into();
        select["target_id"] = words["id"].clone();
        self.answered(&select)?;
        let until = Instant::now() + TIMEOUT;
        while Instant::now() < until {
            let found = self.sandbox.get(&messages)?;
            let inbox = found.as_array().into_iter().flatten().find(|message| {
                let has_button = message["components"]
                    .as_array()
                    .is_some_and(|rows| !rows.is_empty());
                has_button && message["flags"].as_u64().unwrap_or(0) & EPHEMERAL == 0
            });
            if let Some(inbox) = inbox {
                let message = text(&inbox["id"]);
                self.inboxes.push(Inbox { channel, message });
                return Ok(());
            }
            sleep(Duration::from_millis(20));
        }
        Err("the inbox was not created".to_owned())
    }

    fn answered(&self, command: &Value) -> Result<()> {
        let begun = self.sandbox.post("/people/owner/commands", command)?;
        self.ended("owner", &begun, "answered")
    }

    /// Waits for the response to something that a person did, which must be of this kind.
    fn ended(&self, person: &str, begun: &Value, wanted: &str) -> Result<()> {
        let id = text(&begun["id"]);
        let path = format!("/people/{person}/interactions/{id}?wait=true");
        match &self.sandbox.get(&path)?["state"] {
            state if state == wanted => Ok(()),
            state => Err(format!("{begun} is {state}")),
        }
    }
}

/// The one of these that is called so.
fn named<'v>(all: &'v Value, name: &str) -> Result<&'v Value> {
    let mut all = all.as_array().into_iter().flatten();
    all.find(|one| one["name"] == name)
        .ok_or_else(|| format!("there is no {name}"))
}

/// How long anything may take here.
const TIMEOUT: Duration = Duration::from_secs(60);

/// When nothing happens for so long, everything has.
pub(crate) const QUIET: Duration = Duration::from_millis(500);

/// A message that only one person sees.
const EPHEMERAL: u64 = 1 << 6;
