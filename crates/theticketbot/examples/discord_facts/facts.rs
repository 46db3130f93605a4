//! The facts: what is tried, what the bot and the sandbox assume, and what was seen.

use std::fmt;
use std::time::Duration;

use serde_json::{Value, json};

use crate::client::Client;
use crate::gateway::{Gateway, Heard};

pub(crate) type Result<T, E = Box<dyn std::error::Error + Send + Sync>> = std::result::Result<T, E>;

const VIEW_CHANNEL: u64 = 1 << 10;
const MENTION_EVERYONE: u64 = 1 << 17;
const MANAGE_THREADS: u64 = 1 << 34;

pub(crate) struct Setup {
    pub(crate) client: Client,
    pub(crate) server: String,
    pub(crate) member: String,
    /// How long to wait for a click; not at all if no person is there.
    pub(crate) wait_for_clicks: Option<Duration>,
}

/// One fact, and what was seen of it.
pub(crate) struct Finding {
    fact: &'static str,
    assumed: &'static str,
    seen: Result<String>,
}

impl Finding {
    /// Whether nothing speaks against it: it was seen, or it could not be tried.
    pub(crate) fn holds(&self) -> bool {
        self.seen.as_ref().map_or(true, |seen| seen == self.assumed)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fact = self.fact;
        match &self.seen {
            Ok(seen) if seen == self.assumed => write!(f, "holds      {fact}: {seen}"),
            Ok(seen) => {
                let assumed = self.assumed;
                write!(f, "differs    {fact}: {seen}; assumed: {assumed}")
            }
            Err(why) => write!(f, "not tried  {fact}: {why}"),
        }
    }
}

/// Tries everything, and removes what it created.
pub(crate) async fn try_all(setup: &Setup) -> Result<Vec<Finding>> {
    let place = Place::create(setup).await?;
    let mut findings = Vec::new();
    let mut note = |fact, assumed, seen| {
        findings.push(Finding {
            fact,
            assumed,
            seen,
        });
    };
    note(
        "the creator unlocks a thread without Manage Threads",
        "refused (403, code 50013)",
        place.unlock_as_creator().await,
    );
    note(
        "a member who cannot view the channel is added to a thread in it",
        "refused (403, code 50001), not a member",
        place.add_without_access().await,
    );
    note(
        "mention_roles of a role that may not be mentioned",
        "is empty",
        place.mention_role(false).await,
    );
    note(
        "mention_roles of a role that may be mentioned",
        "has the role",
        place.mention_role(true).await,
    );
    note(
        "a mention that is edited into a message",
        "adds the member",
        place.edit_mention_in().await,
    );
    note(
        "a mention in a message that suppresses notifications",
        "adds the member",
        place.mention_silently().await,
    );
    note(
        "a session that is resumed while it is connected",
        "RESUMED; the first connection stays open",
        place.resume_twice().await,
    );
    note(
        "a click on a button in an archived thread",
        "THREAD_UPDATE, INTERACTION_CREATE",
        place.click_in_archived_thread().await,
    );
    note(
        "a menu after its message was updated unchanged",
        "shows no choice",
        place.choose_and_reset().await,
    );
    place.remove().await?;
    Ok(findings)
}

/// Where it is tried: a channel that the member sees, one that they do not, and a role.
struct Place<'a> {
    setup: &'a Setup,
    client: &'a Client,
    me: String,
    gateway: String,
    open: String,
    hidden: String,
    role: String,
}

impl<'a> Place<'a> {
    async fn create(setup: &'a Setup) -> Result<Place<'a>> {
        let client = &setup.client;
        let user = client.must("GET", "users/@me", Value::Null).await?;
        let me = text(&user, "id")?;
        let gateway = client.must("GET", "gateway/bot", Value::Null).await?;
        let server = &setup.server;
        let channels = format!("guilds/{server}/channels");
        let open = json!({"name": "discord-facts", "type": 0});
        let open = text(&client.must("POST", &channels, open).await?, "id")?;
        // For the bot itself first: it cannot lock itself out.
        let hidden = json!({"name": "discord-facts-hidden", "type": 0, "permission_overwrites": [
            {"id": me, "type": 1, "allow": VIEW_CHANNEL.to_string(), "deny": "0"},
            {"id": server, "type": 0, "allow": "0", "deny": VIEW_CHANNEL.to_string()},
        ]});
        let hidden = text(&client.must("POST", &channels, hidden).await?, "id")?;
        let role = json!({"name": "discord-facts", "permissions": "0"});
        let path = format!("guilds/{server}/roles");
        let role = text(&client.must("POST", &path, role).await?, "id")?;
        Ok(Self {
            setup,
            client,
            me,
            gateway: text(&gateway, "url")?,
            open,
            hidden,
            role,
        })
    }

    async fn remove(&self) -> Result<()> {
        let server = &self.setup.server;
        for path in [
            format!("channels/{}", self.open),
            format!("channels/{}", self.hidden),
            format!("guilds/{server}/roles/{}", self.role),
        ] {
            self.client.must("DELETE", &path, Value::Null).await?;
        }
        Ok(())
    }

    async fn unlock_as_creator(&self) -> Result<String> {
        let thread = self.thread(&self.open).await?;
        let path = format!("channels/{thread}");
        let lock = |locked| json!({"locked": locked});
        self.client.must("PATCH", &path, lock(true)).await?;
        self.deny(&self.open, MANAGE_THREADS).await?;
        let response = self.client.call("PATCH", &path, lock(false)).await;
        self.allow_again(&self.open).await?;
        Ok(response?.to_string())
    }

    async fn add_without_access(&self) -> Result<String> {
        let thread = self.thread(&self.hidden).await?;
        let path = format!("channels/{thread}/thread-members/{}", self.setup.member);
        let response = self.client.call("PUT", &path, Value::Null).await?;
        let member = if self.has_member(&thread).await? {
            "a member"
        } else {
            "not a member"
        };
        Ok(format!("{response}, {member}"))
    }

    async fn mention_role(&self, mentionable: bool) -> Result<String> {
        let path = format!("guilds/{}/roles/{}", self.setup.server, self.role);
        let change = json!({"mentionable": mentionable});
        self.client.must("PATCH", &path, change).await?;
        // Refused if the bot does not have it anyway.
        let _ = self.deny(&self.open, MENTION_EVERYONE).await;
        let thread = self.thread(&self.open).await?;
        let said = self.say(&thread, &format!("<@&{}>", self.role), 0).await;
        self.allow_again(&self.open).await?;
        let said = said?;
        let roles = said["mention_roles"].as_array().cloned();
        Ok(match &roles.unwrap_or_default()[..] {
            [] => "is empty".to_owned(),
            [role] if *role == json!(self.role) => "has the role".to_owned(),
            others => format!("has {} others", others.len()),
        })
    }

    async fn edit_mention_in(&self) -> Result<String> {
        let thread = self.thread(&self.open).await?;
        let message = text(&self.say(&thread, "No mention yet", 0).await?, "id")?;
        let path = format!("channels/{thread}/messages/{message}");
        let change = json!({"content": format!("<@{}>", self.setup.member)});
        self.client.must("PATCH", &path, change).await?;
        self.added(&thread).await
    }

    async fn mention_silently(&self) -> Result<String> {
        let thread = self.thread(&self.open).await?;
        let mention = format!("<@{}>", self.setup.member);
        self.say(&thread, &mention, 4096).await?;
        self.added(&thread).await
    }

    async fn resume_twice(&self) -> Result<String> {
        let token = &self.setup.client.token;
        let mut first = Gateway::connect(token, &self.gateway).await?;
        let session = first.session().ok_or("there is no session")?;
        let mut second = Gateway::resume(token, &self.gateway, session);
        let outcome = loop {
            match second.next(Duration::from_secs(20)).await {
                Heard::Event(name, _) if name == "RESUMED" || name == "INVALID_SESSION" => {
                    break name;
                }
                Heard::Event(..) => {}
                Heard::Closed(code) => break format!("closed ({code:?})"),
                Heard::Nothing => break "nothing".to_owned(),
            }
        };
        let first = loop {
            match first.next(Duration::from_secs(2)).await {
                Heard::Event(..) => {}
                Heard::Closed(_) => break "closed",
                Heard::Nothing => break "stays open",
            }
        };
        second.leave().await;
        Ok(format!("{outcome}; the first connection {first}"))
    }

    async fn click_in_archived_thread(&self) -> Result<String> {
        let wait = self.somebody_clicks()?;
        let mut gateway = Gateway::connect(&self.setup.client.token, &self.gateway).await?;
        let thread = self.thread(&self.open).await?;
        let button = json!({"type": 2, "style": 1, "label": "Click me", "custom_id": "facts"});
        self.post(&thread, &self.asking("Click the button"), &button)
            .await?;
        let path = format!("channels/{thread}");
        let archive = json!({"archived": true});
        self.client.must("PATCH", &path, archive).await?;
        let archived = |data: &Value| {
            data["id"] == json!(thread) && data["thread_metadata"]["archived"] == json!(true)
        };
        gateway
            .wait_for_one("THREAD_UPDATE", archived, Duration::from_secs(20))
            .await?;
        let mut order: Vec<&str> = Vec::new();
        loop {
            match gateway.next(wait).await {
                Heard::Event(name, data) if name == "INTERACTION_CREATE" => {
                    order.push("INTERACTION_CREATE");
                    self.acknowledge(&data).await?;
                    break;
                }
                Heard::Event(name, data)
                    if name == "THREAD_UPDATE" && data["id"] == json!(thread) =>
                {
                    order.push("THREAD_UPDATE");
                }
                Heard::Event(..) => {}
                Heard::Closed(_) | Heard::Nothing => return Err("no click came".into()),
            }
        }
        gateway.leave().await;
        Ok(order.join(", "))
    }

    async fn choose_and_reset(&self) -> Result<String> {
        let wait = self.somebody_clicks()?;
        let mut gateway = Gateway::connect(&self.setup.client.token, &self.gateway).await?;
        let options: Vec<Value> = ["A", "B"]
            .map(|name| json!({"label": name, "value": name}))
            .into();
        let menu = json!({"type": 3, "custom_id": "facts-menu", "options": options});
        let asking = self.asking("Choose A in the menu");
        self.post(&self.open, &asking, &menu).await?;
        let chosen = |data: &Value| data["data"]["custom_id"] == "facts-menu";
        let data = gateway
            .wait_for_one("INTERACTION_CREATE", chosen, wait)
            .await?;
        self.acknowledge(&data).await?;
        let yes = json!({"type": 2, "style": 1, "label": "Yes", "custom_id": "facts-yes"});
        let no = json!({"type": 2, "style": 2, "label": "No", "custom_id": "facts-no"});
        let asking = self.asking("Does the menu still show A?");
        self.post_all(&self.open, &asking, &[yes, no]).await?;
        let answered = |data: &Value| {
            let id = data["data"]["custom_id"].as_str().unwrap_or_default();
            id == "facts-yes" || id == "facts-no"
        };
        let data = gateway
            .wait_for_one("INTERACTION_CREATE", answered, wait)
            .await?;
        self.acknowledge(&data).await?;
        gateway.leave().await;
        Ok(match data["data"]["custom_id"].as_str() {
            Some("facts-yes") => "still shows the choice".to_owned(),
            _ => "shows no choice".to_owned(),
        })
    }

    fn somebody_clicks(&self) -> Result<Duration> {
        self.setup
            .wait_for_clicks
            .ok_or_else(|| "it needs somebody who clicks: DISCORD_CLICKS=1".into())
    }

    fn asking(&self, what: &str) -> String {
        format!("<@{}> {what}, please.", self.setup.member)
    }

    /// A private thread in this channel.
    async fn thread(&self, channel: &str) -> Result<String> {
        let path = format!("channels/{channel}/threads");
        let thread = json!({"name": "discord-facts", "type": 12, "invitable": false});
        text(&self.client.must("POST", &path, thread).await?, "id")
    }

    async fn say(&self, channel: &str, content: &str, flags: u32) -> Result<Value> {
        let path = format!("channels/{channel}/messages");
        let message = json!({"content": content, "flags": flags});
        self.client.must("POST", &path, message).await
    }

    async fn post(&self, channel: &str, content: &str, component: &Value) -> Result<()> {
        self.post_all(channel, content, std::slice::from_ref(component))
            .await
    }

    async fn post_all(&self, channel: &str, content: &str, components: &[Value]) -> Result<()> {
        let path = format!("channels/{channel}/messages");
        let row = json!({"type": 1, "components": components});
        let message = json!({"content": content, "components": [row]});
        self.client.must("POST", &path, message).await.map(drop)
    }

    /// Responds with an unchanged update of the message.
    async fn acknowledge(&self, interaction: &Value) -> Result<()> {
        let (id, token) = (text(interaction, "id")?, text(interaction, "token")?);
        let path = format!("interactions/{id}/{token}/callback");
        let response = json!({"type": 7, "data": {}});
        let response = self.client.call("POST", &path, response).await?;
        if response.status >= 300 {
            return Err(format!("responding to the click: {response}").into());
        }
        Ok(())
    }

    async fn has_member(&self, thread: &str) -> Result<bool> {
        let path = format!("channels/{thread}/thread-members/{}", self.setup.member);
        let response = self.client.call("GET", &path, Value::Null).await?;
        Ok(response.status == 200)
    }

    async fn added(&self, thread: &str) -> Result<String> {
        let added = self.has_member(thread).await?;
        Ok(if added {
            "adds the member"
        } else {
            "adds no member"
        }
        .to_owned())
    }

    async fn deny(&self, channel: &str, permission: u64) -> Result<()> {
        let path = format!("channels/{channel}/permissions/{}", self.me);
        let overwrite = json!({"type": 1, "allow": "0", "deny": permission.to_string()});
        self.client.must("PUT", &path, overwrite).await.map(drop)
    }

    async fn allow_again(&self, channel: &str) -> Result<()> {
        let path = format!("channels/{channel}/permissions/{}", self.me);
        // There is none if it could not be denied.
        self.client
            .call("DELETE", &path, Value::Null)
            .await
            .map(drop)
    }
}

fn text(value: &Value, field: &str) -> Result<String> {
    let text = value[field].as_str().map(str::to_owned);
    text.ok_or_else(|| format!("a response has no {field}").into())
}
