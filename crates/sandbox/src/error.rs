//! The errors that Discord responds with: a status, a code, a message, and for malformed bodies a tree that
//! says which field is wrong.

use std::fmt;

use serde_json::{Map, Value, json};

/// A refusal, as an API client sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiError {
    /// The HTTP status.
    pub status: u16,
    /// Discord's JSON error code; 0 for general errors.
    pub code: u32,
    pub message: &'static str,
    /// What is wrong in the body, for code 50035.
    pub errors: Option<ErrorTree>,
}

impl ApiError {
    /// The body of the answer.
    pub fn to_json(&self) -> Value {
        let mut body = json!({"message": self.message, "code": self.code});
        if let Some(errors) = &self.errors {
            body["errors"] = errors.to_json();
        }
        body
    }

    /// A 50035 with one wrong field. `path` is like `embeds.0.title`; empty for the whole body.
    pub fn field(path: &str, code: &'static str, message: impl Into<String>) -> Self {
        let mut errors = ErrorTree::default();
        errors.add(path, code, message);
        errors.into_error()
    }

    /// The one refusal of what Discord has and the sandbox does not imitate. `path` as in
    /// [`ApiError::field`]; `what` completes "The sandbox does not imitate …".
    pub fn unsupported(path: &str, what: &str) -> Self {
        Self::field(path, UNSUPPORTED, unsupported(what))
    }

    /// The sentences about things that are not imitated, each with its place in the body.
    pub fn unsupported_sentences(&self) -> Vec<String> {
        let found = self.errors.iter().flat_map(|errors| &errors.found);
        let refused = found.filter(|(_, code, _)| *code == UNSUPPORTED);
        refused
            .map(|(path, _, message)| match path.as_str() {
                "" => message.clone(),
                path => format!("{message} (at {path})"),
            })
            .collect()
    }

    const fn new(status: u16, code: u32, message: &'static str) -> Self {
        Self {
            status,
            code,
            message,
            errors: None,
        }
    }
}

/// The code of an error about something that the sandbox does not imitate.
pub const UNSUPPORTED: &str = "SANDBOX_UNSUPPORTED";

/// The sentence of such an error, about `what`.
pub fn unsupported(what: &str) -> String {
    format!("The sandbox does not imitate {what}")
}

impl ApiError {
    /// Discord's own failure. It is not in the table, because it happens only when a test asks for it.
    pub const INTERNAL: Self = Self::new(500, 0, "500: Internal Server Error");
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.status, self.code, self.message)?;
        match &self.errors {
            Some(errors) => write!(f, " {}", errors.to_json()),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ApiError {}

macro_rules! errors {
    ($($name:ident = $status:literal, $code:literal, $message:literal;)+) => {
        #[expect(non_upper_case_globals, reason = "they are used as if they were variants")]
        impl ApiError {
            $(#[doc = concat!("`", $message, "`")] pub const $name: Self = Self::new($status, $code, $message);)+
        }

        /// Every refusal in the table, for tests and documentation.
        pub const TABLE: &[ApiError] = &[$(ApiError::$name),+];
    };
}

// Source: Discord's API reference, "Opcodes and Status Codes", section JSON.
errors! {
    NotFound = 404, 0, "404: Not Found";
    Unauthorized = 401, 0, "401: Unauthorized";
    MethodNotAllowed = 405, 0, "405: Method Not Allowed";
    UnknownApplication = 404, 10002, "Unknown Application";
    UnknownChannel = 404, 10003, "Unknown Channel";
    UnknownGuild = 404, 10004, "Unknown Guild";
    UnknownMember = 404, 10007, "Unknown Member";
    UnknownMessage = 404, 10008, "Unknown Message";
    UnknownOverwrite = 404, 10009, "Unknown Overwrite";
    UnknownRole = 404, 10011, "Unknown Role";
    UnknownUser = 404, 10013, "Unknown User";
    UnknownWebhook = 404, 10015, "Unknown Webhook";
    UnknownInteraction = 404, 10062, "Unknown interaction";
    Slowmode = 429, 20016, "This action cannot be performed due to slowmode rate limit";
    NotYourApplication = 403, 20012, "You are not authorized to perform this action on this application";
    UnknownCommand = 404, 10063, "Unknown application command";
    TooManyRoles = 400, 30005, "Maximum number of guild roles reached (250)";
    TooManyWebhooks = 400, 30007, "Maximum number of webhooks reached (15)";
    TooManyChannels = 400, 30013, "Maximum number of guild channels reached (500)";
    TooManyCommands = 400, 30032, "Maximum number of application commands reached (100)";
    TooManyThreadMembers = 400, 30033, "Maximum number of thread participants reached (1000)";
    AlreadyAcknowledged = 400, 40060, "Interaction has already been acknowledged.";
    RequestTooLarge = 413, 40005, "Request entity too large";
    MissingAccess = 403, 50001, "Missing Access";
    NotYourMessage = 403, 50005, "Cannot edit a message authored by another user";
    EmptyMessage = 400, 50006, "Cannot send an empty message";
    NotATextChannel = 400, 50008, "Cannot send messages in a non-text channel";
    InvalidGuild = 400, 50055, "Invalid Guild";
    InvalidRole = 400, 50028, "Invalid Role";
    ReplyNeedsHistory = 403, 160_002, "Cannot reply without permission to read message history";
    WrongChannelType = 400, 50024, "Cannot execute action on this channel type";
    InvalidWebhookToken = 401, 50027, "Invalid Webhook Token";
    MissingPermissions = 403, 50013, "Missing Permissions";
    TwoFactorRequired = 403, 60003, "Two factor is required for this operation";
    CannotMessageUser = 403, 50007, "Cannot send messages to this user";
    NoMutualServer = 403, 50278, "Cannot send messages to this user due to having no mutual guilds";
    UnknownEmoji = 400, 10014, "Unknown Emoji";
    NoSuchEmoji = 404, 10014, "Unknown Emoji";
    TooManyEmojis = 400, 30008, "Maximum number of emojis reached";
    TooManyReactions = 400, 30010, "Maximum number of reactions reached (20)";
    TooManyPins = 400, 30003, "Maximum number of pins reached for the channel (250)";
    UnknownInvite = 404, 10006, "Unknown Invite";
    UnknownTag = 404, 10087, "Unknown Tag";
    TagNameTaken = 400, 40061, "Tag names must be unique";
    TagRequired = 400, 40067, "A tag is required to create a forum post in this channel";
    TooManyPinnedPosts = 400, 30047, "Maximum number of pinned threads in a forum channel has been reached";
    ForumNeedsThread = 400, 220_001, "Webhooks posted to forum channels must have a thread_name or thread_id";
    ForumPostInThread = 400, 220_002, "Webhooks posted to forum channels cannot have both a thread_name and thread_id";
    PostOutsideForum = 400, 220_003, "Webhooks can only create threads in forum channels";
    UnknownBan = 404, 10026, "Unknown Ban";
    UserIsBanned = 403, 40007, "The user is banned from this guild";
    OneParentAtATime = 400, 40009, "Only one channel can have a parent_id modified at a time";
    CommandNameTaken = 400, 40041, "An application command with that name already exists";
    NobodyBanned = 400, 500_000, "Failed to ban users";
    BlockedByAutoMod = 400, 200_000, "Message was blocked by automatic moderation";
    TitleBlockedByAutoMod = 400, 200_001, "Title was blocked by automatic moderation";
    BulkDeleteCount = 400, 50016, "Provided too few or too many messages to delete. Must provide at least 2 and fewer than 100 messages to delete.";
    InvalidRecipients = 400, 50033, "Invalid Recipient(s)";
    BulkDeleteTooOld = 400, 50034, "A message provided was too old to bulk delete";
    InvalidFormBody = 400, 50035, "Invalid Form Body";
    SystemMessage = 403, 50021, "Cannot execute action on a system message";
    ThreadArchived = 400, 50083, "Thread is archived";
    InvalidJson = 400, 50109, "The request body contains invalid JSON.";
    ThreadExists = 400, 160_004, "A thread has already been created for this message";
    ThreadLocked = 403, 160_005, "Thread is locked";
    TooManyActiveThreads = 400, 160_006, "Maximum number of active threads reached";
}

impl ApiError {
    /// Moves the error's paths below a field, such as `data` in an interaction's response.
    pub(crate) fn inside(mut self, field: &str) -> Self {
        for (path, ..) in self.errors.iter_mut().flat_map(|errors| &mut errors.found) {
            *path = format!("{field}.{path}");
        }
        self
    }
}

/// The `errors` of a 50035 answer: nested by field and index.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ErrorTree {
    found: Vec<(String, &'static str, String)>,
}

impl ErrorTree {
    /// Adds an error at a path such as `components.0.components.1.label`.
    pub fn add(&mut self, path: &str, code: &'static str, message: impl Into<String>) {
        self.found.push((path.to_owned(), code, message.into()));
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The 50035 response with these errors.
    pub fn into_error(self) -> ApiError {
        ApiError {
            errors: Some(self),
            ..ApiError::InvalidFormBody
        }
    }

    fn to_json(&self) -> Value {
        let mut root = Map::new();
        for (path, code, message) in &self.found {
            let segments: Vec<&str> = path.split('.').filter(|s| !s.is_empty()).collect();
            insert(
                &mut root,
                &segments,
                json!({"code": code, "message": message}),
            );
        }
        Value::Object(root)
    }
}

fn insert(place: &mut Map<String, Value>, path: &[&str], error: Value) {
    let Some((first, rest)) = path.split_first() else {
        let list = place.entry("_errors").or_insert_with(|| json!([]));
        if let Value::Array(list) = list {
            list.push(error);
        }
        return;
    };
    let next = place.entry(*first).or_insert_with(|| json!({}));
    if let Value::Object(next) = next {
        insert(next, rest, error);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_nest_by_their_path() {
        let mut tree = ErrorTree::default();
        tree.add(
            "embeds.0.title",
            "BASE_TYPE_REQUIRED",
            "This field is required",
        );
        tree.add("embeds.0.title", "X", "again");
        tree.add("", "Y", "the whole body");
        assert_eq!(
            tree.into_error().to_json(),
            json!({"code": 50035, "message": "Invalid Form Body", "errors": {
                "embeds": {"0": {"title": {"_errors": [
                    {"code": "BASE_TYPE_REQUIRED", "message": "This field is required"},
                    {"code": "X", "message": "again"},
                ]}}},
                "_errors": [{"code": "Y", "message": "the whole body"}],
            }})
        );
    }

    #[test]
    fn what_is_not_imitated_is_told_with_its_place() {
        let mut tree = ErrorTree::default();
        tree.add("poll", UNSUPPORTED, unsupported("polls"));
        tree.add("content", "BASE_TYPE_MAX_LENGTH", "too long");
        assert_eq!(
            tree.into_error().unsupported_sentences(),
            ["The sandbox does not imitate polls (at poll)"]
        );
        let call = ApiError::unsupported("", "this");
        assert_eq!(
            call.unsupported_sentences(),
            ["The sandbox does not imitate this"]
        );
        assert!(ApiError::NotFound.unsupported_sentences().is_empty());
    }

    #[test]
    fn the_limit_of_pins_is_told() {
        let full = ApiError::TooManyPins.message;
        assert_eq!(full, "Maximum number of pins reached for the channel (250)");
    }

    #[test]
    fn every_refusal_has_a_client_error_status() {
        for error in TABLE {
            assert!((400..500).contains(&error.status), "{error}");
        }
    }
}
