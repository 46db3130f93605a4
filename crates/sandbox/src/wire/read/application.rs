//! A bot's changes of its own application, from JSON.

use std::collections::BTreeMap;

use serde_json::Value;

use super::form::{Form, read};
use crate::error::ApiError;
use crate::permissions::Permissions;
use crate::world::ApplicationEdit;
use crate::world::model::{InstallParams, Privileged};

/// The only flags that an application can set itself. Source: Discord's "Application", Edit Current
/// Application.
const SETTABLE: u64 = Privileged {
    presences: true,
    members: true,
    message_content: true,
}
.flags();

/// The scopes with which a bot is installed.
const SCOPES: [&str; 2] = ["applications.commands", "bot"];

/// 0 is the installation in a server, 1 for a user.
const INTEGRATION_TYPES: [u8; 2] = [0, 1];

/// A change of an application.
pub(crate) fn application_edit(body: &Value) -> Result<ApplicationEdit, ApiError> {
    read(body, |form| {
        form.not_imitated(&[
            "event_webhooks_types",
            "event_webhooks_url",
            "explicit_content_filter",
            "interactions_endpoint_url",
            "max_participants",
            "role_connections_verification_url",
            "team_id",
            "type",
        ]);
        // The value for disabled webhook events changes nothing, because they are always disabled.
        form.one_imitated("event_webhooks_status", &[1], &[2]);
        ApplicationEdit {
            description: form
                .nullable("description", description)
                .map(Option::unwrap_or_default),
            icon: form.nullable("icon", Form::picture),
            cover_image: form.nullable("cover_image", Form::picture),
            tags: form
                .nullable("tags", |form, field| {
                    form.unique_texts(field, 0..=5, 1..=20)
                })
                .map(Option::unwrap_or_default),
            privileged: form.flags("flags", !SETTABLE).map(Privileged::of_flags),
            custom_install_url: form.nullable("custom_install_url", |form, field| {
                form.url(field, &["http", "https"])
            }),
            install_params: form.nullable("install_params", |form, field| {
                form.object(field).map(|params| install_params(&params))
            }),
            integration_types: form
                .nullable("integration_types_config", |form, field| {
                    form.object(field).map(|types| integration_types(&types))
                })
                .map(Option::unwrap_or_default),
        }
    })
}

/// According to the documentation this is a text; according to the OpenAPI file, a text with translations.
fn description(form: &Form<'_>, field: &str) -> Option<String> {
    if form.raw(field).is_some_and(Value::is_object) {
        let texts = form.object(field)?;
        texts.not_imitated(&["localizations"]);
        let default = texts.trimmed("default", 0..=400);
        texts.required("default", default)
    } else {
        form.trimmed(field, 0..=400)
    }
}

fn install_params(form: &Form<'_>) -> InstallParams {
    let scopes = form.unique_texts("scopes", 1..=SCOPES.len(), 1..=100);
    for (index, scope) in scopes.iter().flatten().enumerate() {
        if !SCOPES.contains(&&**scope) {
            let message = format!("Value must be one of {{{}}}.", SCOPES.join(", "));
            form.note(&format!("scopes.{index}"), "BASE_TYPE_CHOICES", message);
        }
    }
    InstallParams {
        scopes: scopes.unwrap_or_default(),
        permissions: form.permissions("permissions").unwrap_or_default() & Permissions::ALL,
    }
}

fn integration_types(form: &Form<'_>) -> BTreeMap<u8, Option<InstallParams>> {
    let mut types = BTreeMap::new();
    for name in form.names() {
        let kind = name.parse().ok().filter(|n| INTEGRATION_TYPES.contains(n));
        let Some(kind) = kind else {
            form.note(name, "BASE_TYPE_CHOICES", "Value must be one of {0, 1}.");
            continue;
        };
        let about = form.object(name);
        let params = about.and_then(|about| about.object("oauth2_install_params"));
        types.insert(kind, params.map(|params| install_params(&params)));
    }
    if form.names().next().is_none() {
        let message = "Must be between 1 and 2 in length.";
        form.note("", "BASE_TYPE_BAD_LENGTH", message);
    }
    types
}
