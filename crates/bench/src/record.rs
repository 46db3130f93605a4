//! The sandbox's record, read as what became of clicks.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

/// One thing that happened; of each kind what is read here.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Entry {
    /// When, in milliseconds on the sandbox's clock.
    pub(crate) at: i64,
    kind: String,
    #[serde(default)]
    method: String,
    #[serde(default)]
    path: String,
    #[serde(default)]
    status: u16,
    #[serde(default)]
    request: Value,
    #[serde(default)]
    name: String,
    #[serde(default)]
    data: Value,
    /// What befell the gateway.
    #[serde(default)]
    what: String,
}

impl Entry {
    /// A call, as `GET /gateway/bot`.
    pub(crate) fn call(&self) -> Option<String> {
        (self.kind == "call").then(|| format!("{} {}", self.method, self.path))
    }

    /// A session began, or continues.
    pub(crate) fn is_ready(&self) -> bool {
        let is_resumed = self.kind == "gateway" && self.what.contains("is resumed");
        is_resumed || self.event("READY").is_some()
    }

    fn event(&self, name: &str) -> Option<&Value> {
        (self.kind == "event" && self.name == name).then_some(&self.data)
    }
}

/// A click on *Create Ticket*.
#[derive(Clone, Debug)]
pub(crate) struct Click {
    pub(crate) interaction: String,
    pub(crate) person: String,
}

impl Click {
    /// When Discord took it: an id holds its moment.
    pub(crate) fn at(&self) -> i64 {
        let id: i64 = self.interaction.parse().unwrap_or_default();
        (id >> 22) + DISCORD_EPOCH
    }
}

/// The first second of 2015, when Discord's ids begin.
const DISCORD_EPOCH: i64 = 1_420_070_400_000;

/// What became of a click: after how many milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Served {
    pub(crate) acknowledged: Option<i64>,
    pub(crate) owner_in: Option<i64>,
    pub(crate) staff_in: Option<i64>,
    pub(crate) linked: Option<i64>,
    /// The answers to the inbox's form are in the thread.
    pub(crate) answers: Option<i64>,
}

impl Served {
    /// Everybody is in the thread, and the link is shown.
    pub(crate) fn whole(&self) -> Option<i64> {
        Some(self.owner_in?.max(self.staff_in?).max(self.linked?))
    }
}

/// What became of each of these clicks, in their order.
pub(crate) fn served(entries: &[Entry], clicks: &[Click], staff: &str) -> Vec<Served> {
    let by_person: HashMap<&str, usize> = clicks
        .iter()
        .enumerate()
        .map(|(at, click)| (click.person.as_str(), at))
        .collect();
    let by_interaction: HashMap<&str, usize> = clicks
        .iter()
        .enumerate()
        .map(|(at, click)| (click.interaction.as_str(), at))
        .collect();
    let mut served = vec![Served::default(); clicks.len()];
    // Which click a thread belongs to, and who else came into threads whose owner was not there yet.
    let mut threads: HashMap<String, usize> = HashMap::new();
    let mut staff_came: HashMap<String, i64> = HashMap::new();
    for entry in entries {
        let Some(update) = entry.event("THREAD_MEMBERS_UPDATE") else {
            continue;
        };
        let thread = update["id"].as_str().unwrap_or_default();
        let added = update["added_members"].as_array();
        for member in added.into_iter().flatten() {
            let user = member["user_id"].as_str().unwrap_or_default();
            if user == staff {
                staff_came.entry(thread.to_owned()).or_insert(entry.at);
            } else if let Some(&at) = by_person.get(user) {
                threads.insert(thread.to_owned(), at);
                let after = entry.at - clicks[at].at();
                served[at].owner_in.get_or_insert(after);
            }
        }
    }
    for (thread, came) in staff_came {
        if let Some(&at) = threads.get(&thread) {
            served[at].staff_in = Some(came - clicks[at].at());
        }
    }
    for entry in entries.iter().filter(|entry| entry.kind == "call") {
        if !(200..300).contains(&entry.status) {
            continue;
        }
        let path: Vec<_> = entry.path.trim_start_matches('/').split('/').collect();
        if let ["interactions", id, ..] = path[..]
            && let Some(&at) = by_interaction.get(id)
        {
            let after = entry.at - clicks[at].at();
            served[at].acknowledged.get_or_insert(after);
        }
        let has_embeds = entry.request["embeds"]
            .as_array()
            .is_some_and(|embeds| !embeds.is_empty());
        if let ["channels", thread, "messages"] = path[..]
            && has_embeds
            && let Some(&at) = threads.get(thread)
        {
            let after = entry.at - clicks[at].at();
            served[at].answers.get_or_insert(after);
        }
        if matches!(path[0], "interactions" | "webhooks") {
            for at in links(&entry.request).filter_map(|thread| threads.get(thread)) {
                let after = entry.at - clicks[*at].at();
                served[*at].linked.get_or_insert(after);
            }
        }
    }
    served
}

/// The threads that an answer links to: `<#id>`, or an address that ends in an id.
fn links(request: &Value) -> impl Iterator<Item = &str> {
    let message = match &request["data"] {
        Value::Null => request,
        data => data,
    };
    let content = message["content"].as_str().unwrap_or_default();
    content
        .split(|c: char| !c.is_ascii_digit())
        .filter(|word| word.len() > 15)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Clicks and entries, each at its milliseconds after the epoch of Discord's ids.
    fn click(ms: i64, person: &str) -> Click {
        Click {
            interaction: (ms << 22).to_string(),
            person: person.to_owned(),
        }
    }

    fn entry(ms: i64, value: Value) -> Entry {
        let mut value = value;
        value["at"] = (DISCORD_EPOCH + ms).into();
        serde_json::from_value(value).unwrap()
    }

    fn call(ms: i64, method: &str, path: &str, request: &Value) -> Entry {
        let call = json!({"kind": "call", "method": method, "path": path, "status": 200,
            "request": request});
        entry(ms, call)
    }

    #[test]
    fn a_click_is_followed_to_its_link() {
        let thread = "1234567890123456789";
        let clicks = [click(1_000_000, "7"), click(1_000_001, "8")];
        let id = &clicks[0].interaction;
        let joined = |ms, user: &str| {
            let data = json!({"id": thread, "added_members": [{"user_id": user}]});
            entry(
                ms,
                json!({"kind": "event", "name": "THREAD_MEMBERS_UPDATE", "data": data}),
            )
        };
        let entries = [
            call(
                1_000_100,
                "POST",
                &format!("/interactions/{id}/x/callback"),
                &json!({"type": 5}),
            ),
            joined(1_000_200, "99"),
            joined(1_000_205, "7"),
            call(
                1_000_210,
                "PATCH",
                "/webhooks/1/x/messages/@original",
                &json!({"content": format!("Your ticket: <#{thread}>")}),
            ),
            call(
                1_000_220,
                "POST",
                &format!("/channels/{thread}/messages"),
                &json!({"embeds": [{"title": "What happened?"}]}),
            ),
        ];
        let [first, second] = served(&entries, &clicks, "99")[..] else {
            panic!("there are two clicks")
        };
        assert_eq!(first.acknowledged, Some(100));
        assert_eq!(first.staff_in, Some(200));
        assert_eq!(first.owner_in, Some(205));
        assert_eq!(first.linked, Some(210));
        assert_eq!(first.answers, Some(220));
        assert_eq!(first.whole(), Some(210));
        assert_eq!(second, Served::default());
    }
}
