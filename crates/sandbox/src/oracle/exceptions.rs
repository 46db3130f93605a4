//! Where Discord's specification differs from what Discord does.
//!
//! Each row of [`EXCEPTIONS`] replaces schemas of the file, and says why. A test checks each row's sample
//! against the original and the amended file, and fails if a row is no longer needed.

use std::borrow::Cow;
use std::io::Read as _;
use std::sync::LazyLock;

use flate2::read::GzDecoder;
use serde_json::Value;

/// One thing that the specification gets wrong.
pub struct Exception {
    /// The places in the specification, as JSON pointers.
    pub at: &'static [&'static str],
    /// The correct schema, as JSON.
    pub instead: &'static str,
    /// How it is known to be wrong.
    pub reason: &'static str,
    /// A correct value, as JSON, that the original schemas refuse.
    pub sample: &'static str,
}

/// Calls that Discord's documentation has as deprecated and that are missing from the specification: the method,
/// and the segments of the path, with `*` for an id.
const LEFT_OUT: &[(&str, &[&str])] = &[("PATCH", &["guilds", "*", "members", "@me", "nick"])];

/// Whether a call is missing from the specification although Discord documents it.
pub(super) fn is_left_out(method: &str, given: &[Cow<'_, str>]) -> bool {
    LEFT_OUT.iter().any(|(known, segments)| {
        let mut pairs = segments.iter().zip(given);
        *known == method
            && segments.len() == given.len()
            && pairs.all(|(segment, given)| *segment == "*" || segment == given)
    })
}

/// The specification as Discord publishes it.
pub fn published() -> &'static Value {
    static PUBLISHED: LazyLock<Value> = LazyLock::new(|| {
        let packed: &[u8] = include_bytes!("../../openapi/discord-openapi.json.gz");
        let mut text = Vec::new();
        // Cannot fail: the file is compiled into the program, and every test reads it.
        GzDecoder::new(packed)
            .read_to_end(&mut text)
            .expect("the specification unpacks");
        serde_json::from_slice(&text).expect("the specification is JSON")
    });
    &PUBLISHED
}

/// The specification with all exceptions applied.
pub(super) fn amended() -> &'static Value {
    static AMENDED: LazyLock<Value> = LazyLock::new(|| {
        let mut spec = published().clone();
        for exception in EXCEPTIONS {
            let instead: Value =
                serde_json::from_str(exception.instead).expect("an exception is JSON");
            for pointer in exception.at {
                // A test reports pointers that lead nowhere.
                if let Some(place) = spec.pointer_mut(pointer) {
                    place.clone_from(&instead);
                }
            }
        }
        spec
    });
    &AMENDED
}

/// All known exceptions.
pub const EXCEPTIONS: &[Exception] = &[
    Exception {
        at: &["/components/schemas/InnerErrors/properties/_errors/items"],
        instead: r#"{
            "type": "object",
            "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
            "required": ["code", "message"]
        }"#,
        reason: "the code of a field's error is a word, only the code of the whole is a number",
        sample: r#"{"code": "BASE_TYPE_REQUIRED", "message": "This field is required"}"#,
    },
    Exception {
        at: &["/components/schemas/RatelimitedResponse/allOf/0"],
        instead: r#"{
            "type": "object",
            "properties": {"code": {"type": "integer"}, "message": {"type": "string"}},
            "required": ["message"]
        }"#,
        reason: "a 429 has a code only when a rule beyond the rate limit caused it",
        sample: r#"{"message": "You are being rate limited.", "retry_after": 0.3, "global": false}"#,
    },
    Exception {
        at: &["/components/schemas/MessageAttachmentRequest/properties/id"],
        instead: SNOWFLAKE,
        reason: "the documentation shows numbers, and twilight and discord.py send them",
        sample: "0",
    },
    Exception {
        at: &[
            "/components/schemas/ChannelSelectDefaultValue/properties/id",
            "/components/schemas/RoleSelectDefaultValue/properties/id",
            "/components/schemas/UserSelectDefaultValue/properties/id",
        ],
        instead: SNOWFLAKE,
        reason: "discord.py sends numbers",
        sample: "41771983423143937",
    },
    Exception {
        at: &[
            "/components/schemas/MessageReferenceRequest/properties/message_id",
            "/components/schemas/ChannelPermissionOverwriteRequest/properties/id",
            "/paths/~1channels~1{channel_id}~1messages~1bulk-delete/post/requestBody/content/application~1json/schema/properties/messages/items",
        ],
        instead: SNOWFLAKE,
        reason: "discord.py sends numbers",
        sample: "41771983423143937",
    },
    Exception {
        at: &[
            "/components/schemas/MessageReferenceRequest/properties/channel_id",
            "/components/schemas/MessageReferenceRequest/properties/guild_id",
            "/components/schemas/MessageAllowedMentionsRequest/properties/roles/items",
            "/components/schemas/MessageAllowedMentionsRequest/properties/users/items",
            "/components/schemas/CreateGuildChannelRequest/properties/parent_id",
            "/components/schemas/UpdateGuildChannelRequestPartial/properties/parent_id",
            "/paths/~1guilds~1{guild_id}~1members~1{user_id}/patch/requestBody/content/application~1json/schema/properties/roles/items",
        ],
        instead: SNOWFLAKE_OR_NULL,
        reason: "discord.py sends numbers",
        sample: "41771983423143937",
    },
    Exception {
        at: &[
            "/components/schemas/ComponentEmojiForRequest/properties/id",
            "/components/schemas/CreateOrUpdateThreadTagRequest/properties/emoji_id",
            "/components/schemas/UpdateThreadTagRequest/properties/emoji_id",
            "/components/schemas/UpdateDefaultReactionEmojiRequest/properties/emoji_id",
            "/components/schemas/CreatePrivateChannelRequest/properties/recipient_id",
            "/components/schemas/UpdateRolePositionsRequest/properties/id",
            "/paths/~1guilds~1{guild_id}~1channels/patch/requestBody/content/application~1json/schema/items/properties/id",
            "/paths/~1guilds~1{guild_id}~1channels/patch/requestBody/content/application~1json/schema/items/properties/parent_id",
        ],
        instead: SNOWFLAKE_OR_NULL,
        reason: "discord.py, and libraries made from it, send numbers",
        sample: "41771983423143937",
    },
    Exception {
        at: &[
            "/paths/~1guilds~1{guild_id}~1bans~1{user_id}/put/requestBody/content/application~1json/schema",
        ],
        instead: r##"{"anyOf": [
            {"type": "null"}, {"$ref": "#/components/schemas/BanUserFromGuildRequest"}
        ]}"##,
        reason: "a ban that deletes no messages has nothing to say, and clients send no body for it",
        sample: "null",
    },
    Exception {
        at: &[
            "/paths/~1guilds~1{guild_id}~1bans~1{user_id}/delete/requestBody/content/application~1json/schema",
        ],
        instead: r#"{"type": ["object", "null"]}"#,
        reason: "the documentation has no body here, and clients send none",
        sample: "null",
    },
    Exception {
        at: &["/components/schemas/BotAccountPatchRequest"],
        instead: r#"{"type": "object", "properties": {
            "username": {"type": "string", "minLength": 2, "maxLength": 32},
            "avatar": {"type": ["string", "null"], "contentEncoding": "base64"},
            "banner": {"type": ["string", "null"], "contentEncoding": "base64"}
        }}"#,
        reason: "the documentation has all fields optional, and clients send only what changes",
        sample: r#"{"avatar": null}"#,
    },
    Exception {
        at: &["/components/schemas/ApplicationFormPartial/properties/description"],
        instead: r#"{"type": ["object", "string", "null"]}"#,
        reason: "the documentation has a text here",
        sample: r#""A bot that helps""#,
    },
    Exception {
        at: &[
            "/components/schemas/ApplicationCommandCreateRequest/properties/default_member_permissions",
            "/components/schemas/ApplicationCommandPatchRequestPartial/properties/default_member_permissions",
            "/components/schemas/ApplicationCommandUpdateRequest/properties/default_member_permissions",
        ],
        instead: PERMISSIONS,
        reason: "the documentation has permissions as strings everywhere, and every client sends them so",
        sample: "\"32\"",
    },
    Exception {
        at: &[
            "/components/schemas/ChannelPermissionOverwriteRequest/properties/allow",
            "/components/schemas/ChannelPermissionOverwriteRequest/properties/deny",
            "/components/schemas/ApplicationOAuth2InstallParams/properties/permissions",
            "/components/schemas/CreateRoleRequest/properties/permissions",
            "/components/schemas/UpdateRoleRequestPartial/properties/permissions",
            "/paths/~1channels~1{channel_id}~1permissions~1{overwrite_id}/put/requestBody/content/application~1json/schema/properties/allow",
            "/paths/~1channels~1{channel_id}~1permissions~1{overwrite_id}/put/requestBody/content/application~1json/schema/properties/deny",
        ],
        instead: PERMISSIONS,
        reason: "the documentation has permissions as strings everywhere, and every client sends them so",
        sample: "\"1024\"",
    },
];

/// A snowflake in a request.
const SNOWFLAKE: &str = r##"{"anyOf": [
    {"$ref": "#/components/schemas/SnowflakeType"}, {"type": "integer", "minimum": 0}
]}"##;

/// A snowflake in a request, where null is right too.
const SNOWFLAKE_OR_NULL: &str = r##"{"anyOf": [
    {"type": "null"},
    {"$ref": "#/components/schemas/SnowflakeType"}, {"type": "integer", "minimum": 0}
]}"##;

/// Permission bits in a request.
const PERMISSIONS: &str = r#"{"type": ["string", "integer", "null"], "pattern": "^[0-9]+$"}"#;
