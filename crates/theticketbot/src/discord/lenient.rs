//! Parses events with invalid parts. An invalid part is ignored, so that a change by Discord or a client's
//! mistake does not lose the whole event.

use std::collections::HashMap;
use std::hash::Hash;

use serde::de::{DeserializeOwned, Deserializer};
use serde::{Deserialize, de};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use twilight_model::channel::message::Embed;

/// A value, or its default if it cannot be parsed. For `#[serde(deserialize_with = "…")]`, together with
/// `default`.
pub(super) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned + Default,
{
    let raw = Box::<RawValue>::deserialize(deserializer)?;
    Ok(serde_json::from_str(raw.get()).unwrap_or_default())
}

/// The items of a list that can be parsed.
pub(super) fn items<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    Ok(each(deserializer, |raw| serde_json::from_str(raw).ok())?.unwrap_or_default())
}

/// The items of a list that can be parsed; `None` if there is no list.
pub(super) fn items_if_any<'de, D, T>(deserializer: D) -> Result<Option<Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    each(deserializer, |raw| serde_json::from_str(raw).ok())
}

/// The entries of an object whose key and value can be parsed.
pub(super) fn values<'de, D, K, V>(deserializer: D) -> Result<HashMap<K, V>, D::Error>
where
    D: Deserializer<'de>,
    K: DeserializeOwned + Eq + Hash,
    V: DeserializeOwned,
{
    let raw = Box::<RawValue>::deserialize(deserializer)?;
    let all: HashMap<String, &RawValue> = serde_json::from_str(raw.get()).unwrap_or_default();
    let readable = all.into_iter().filter_map(|(key, value)| {
        let key = serde_json::from_value(Value::String(key)).ok()?;
        Some((key, serde_json::from_str(value.get()).ok()?))
    });
    Ok(readable.collect())
}

/// How deep an event may be nested. Discord's events have about ten levels, and each level takes some stack.
pub(super) const DEEPEST: usize = 100;

/// Whether JSON is nested too deep for an event.
pub(super) fn is_too_deep(json: &str) -> bool {
    let (mut depth, mut in_string, mut is_escaped) = (0_usize, false, false);
    for byte in json.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_string => is_escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => {
                depth += 1;
                if depth > DEEPEST {
                    return true;
                }
            }
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

/// Embeds, without the parts that cannot be parsed.
pub(super) fn embeds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Embed>, D::Error> {
    Ok(each(deserializer, embed)?.unwrap_or_default())
}

/// The items of a list, parsed one by one. `None` if it is not a list.
fn each<'de, D, T>(
    deserializer: D,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Option<Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
{
    let raw = Box::<RawValue>::deserialize(deserializer).map_err(de::Error::custom)?;
    let Ok(list) = serde_json::from_str::<Vec<&RawValue>>(raw.get()) else {
        return Ok(None);
    };
    Ok(Some(
        list.into_iter().filter_map(|it| read(it.get())).collect(),
    ))
}

fn embed(raw: &str) -> Option<Embed> {
    if let Ok(embed) = serde_json::from_str(raw) {
        return Some(embed);
    }
    let mut parts: Map<String, Value> = serde_json::from_str(raw).ok()?;
    let alone = |key: &str, value: &Value| {
        let mut embed = json!({"type": "rich", "fields": []});
        embed[key] = value.clone();
        serde_json::from_value::<Embed>(embed).is_ok()
    };
    if let Some(Value::Array(fields)) = parts.get_mut("fields") {
        fields.retain(|field| alone("fields", &json!([field])));
    }
    parts.retain(|key, value| alone(key, value));
    parts
        .entry("type")
        .or_insert_with(|| Value::from("unknown"));
    serde_json::from_value(Value::Object(parts)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, Deserialize, PartialEq)]
    #[serde(default)]
    struct Event {
        #[serde(deserialize_with = "or_default")]
        name: String,
        #[serde(deserialize_with = "or_default")]
        size: Option<u8>,
        #[serde(deserialize_with = "items")]
        ids: Vec<u8>,
        #[serde(deserialize_with = "items_if_any")]
        only: Option<Vec<u8>>,
    }

    fn event(json: &str) -> Event {
        serde_json::from_str(json).expect("nothing in it is needed")
    }

    #[test]
    fn what_cannot_be_read_is_as_if_it_were_not_there() {
        let all = r#"{"name": "a", "size": 2, "ids": [1, 2], "only": [3]}"#;
        let expected = Event {
            name: "a".into(),
            size: Some(2),
            ids: vec![1, 2],
            only: Some(vec![3]),
        };
        assert_eq!(event(all), expected);
        let strange = r#"{"name": {"en": "a"}, "size": "two", "ids": [1, "x", null, 2, 300, []],
            "only": {"0": 3}}"#;
        let expected = Event {
            ids: vec![1, 2],
            ..Event::default()
        };
        assert_eq!(event(strange), expected);
        let nothing = r#"{"name": null, "size": null, "ids": null, "only": null}"#;
        assert_eq!(event(nothing), Event::default());
        assert_eq!(event("{}"), Event::default());
    }

    #[test]
    fn depth_is_counted_outside_of_strings() {
        let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(!is_too_deep(&deep(DEEPEST)) && is_too_deep(&deep(DEEPEST + 1)));
        let wide = format!("[{}1]", "[],".repeat(1_000));
        assert!(!is_too_deep(&wide));
        let text = json!({"text": format!("\\\"{}", "[{".repeat(1_000))}).to_string();
        assert!(!is_too_deep(&text), "{text}");
    }

    fn read(embeds_json: &Value) -> Vec<Embed> {
        #[derive(Deserialize)]
        struct Message {
            #[serde(deserialize_with = "embeds")]
            embeds: Vec<Embed>,
        }
        let message = json!({"embeds": embeds_json});
        let message: Message = serde_json::from_value(message).expect("it is read");
        message.embeds
    }

    #[test]
    fn an_embed_keeps_what_can_be_read() {
        // A link preview as Discord sends it: its author has no name.
        let article = json!({"type": "article", "title": "News", "url": "https://a.example",
            "author": {"url": "https://a.example/me"}});
        let [embed] = &read(&json!([article]))[..] else {
            panic!("one embed");
        };
        assert_eq!(embed.title.as_deref(), Some("News"));
        assert_eq!((embed.kind.as_str(), &embed.author), ("article", &None));

        let rich = json!({"type": "rich", "description": "Rules", "color": "red",
            "footer": {"icon_url": "https://a.example"}, "timestamp": "yesterday",
            "image": {"height": 1}, "fields": [{"name": "A", "value": "1", "inline": false},
            {"name": "B"}, 7]});
        let [embed] = &read(&json!([rich, "no embed", null]))[..] else {
            panic!("one embed");
        };
        assert_eq!(embed.description.as_deref(), Some("Rules"));
        let names: Vec<_> = embed.fields.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["A"]);
        assert!(embed.footer.is_none() && embed.image.is_none() && embed.timestamp.is_none());
    }
}
