//! `--dump-config`: shows the settings in force, without any secret.

use serde_json::{Map, Value, json};

use super::{Settings, Source, Sources, intents};
use crate::shards::Assignment;
use crate::store::Pragma;

/// The settings as JSON, in the shape of the config file. Of the token it says whether there is one;
/// of a pragma only its name, since its value can be a key.
pub fn dump(settings: &Settings) -> String {
    let sources = settings.sources;
    let intents: Map<String, Value> = intents::states(settings.intents)
        .map(|(name, on)| (name.to_owned(), Value::Bool(on)))
        .collect();
    let path = if settings.db.is_server() {
        // There is no database file.
        "".into()
    } else {
        settings.db.path.to_string_lossy()
    };
    let pragmas: Vec<Value> = settings.db.pragmas.iter().map(hidden_pragma).collect();
    let value = json!({
        "bot": {
            "token": settings.has_token().then_some(HIDDEN),
            "api_url": settings.api_url.to_string(),
            "inbox": { "max_attachment_size": settings.max_attachment_size },
            "intents": intents,
        },
        "db": {
            "path": path,
            "pragmas": pragmas,
            "key_template": settings.db.key_template.as_ref().map_or("", |_| HIDDEN),
            "url": url(settings),
        },
        "gateway": {
            "shards": settings.assignment.as_ref().map_or(String::new(), ToString::to_string),
            "total": settings.assignment.as_ref().map(Assignment::total),
            "cluster": is_cluster(settings),
        },
        "metrics": {
            "listen": settings.metrics_listen.map_or(String::new(), |at| at.to_string()),
        },
        "from": from(sources),
    });
    format!("{value:#}")
}

const HIDDEN: &str = "**********";

/// Without the password.
fn url(settings: &Settings) -> String {
    #[cfg(feature = "postgres")]
    if let Some(url) = &settings.db.url {
        return url.without_password();
    }
    let _ = settings;
    String::new()
}

fn is_cluster(settings: &Settings) -> bool {
    #[cfg(feature = "postgres")]
    return settings.is_cluster;
    #[cfg(not(feature = "postgres"))]
    {
        let _ = settings;
        false
    }
}

fn hidden_pragma(pragma: &Pragma) -> Value {
    format!("PRAGMA {} = {HIDDEN}", pragma.name()).into()
}

fn from(sources: Sources) -> Value {
    let Sources {
        token,
        api_url,
        max_attachment_size,
        intents,
        db_path,
        db_pragmas,
        db_key_template,
        db_url,
        gateway_shards,
        gateway_total,
        gateway_cluster,
        metrics_listen,
    } = sources;
    json!({
        "bot.token": name(token),
        "bot.api_url": name(api_url),
        "bot.inbox.max_attachment_size": name(max_attachment_size),
        "bot.intents": name(intents),
        "db.path": name(db_path),
        "db.pragmas": name(db_pragmas),
        "db.key_template": name(db_key_template),
        "db.url": name(db_url),
        "gateway.shards": name(gateway_shards),
        "gateway.total": name(gateway_total),
        "gateway.cluster": name(gateway_cluster),
        "metrics.listen": name(metrics_listen),
    })
}

const fn name(source: Source) -> &'static str {
    match source {
        Source::Default => "default",
        Source::File => "config file",
        Source::Environment => "environment",
    }
}
