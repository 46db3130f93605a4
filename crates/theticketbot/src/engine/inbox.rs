//! Posting inboxes, and replacing their messages in place.

use tickets::action::{Content, PostInbox};
use tickets::inbox::{Button, Inbox};
use tickets::permission::{FOR_MESSAGE, Missing, Permission};
use tickets::problem::{Created, Problem};
use tickets::request::Attachment;
use tickets::text::{MessageLink, Text};
use tickets::{ChannelId, MessageId};

use super::effects::{Serving, with_staff_menu};
use super::{recovery, removal};
use crate::app::Failure;
use crate::discord::render::menu::use_suggested_button;
use crate::discord::render::message::{self, Body, Download, MAX_FILES, inbox_message};
use crate::discord::{Error, ErrorKind, Message, code};
use crate::reconcile::{entries, forget_messages};
use crate::store::{Posting, Work};
use crate::translate::{Language, report};

/// Posts an inbox and stores it. If it cannot be stored, the bot deletes the message, because its button
/// would not work.
pub(super) async fn post(serving: &Serving<'_>, post: PostInbox) -> Result<(), Failure> {
    let app = serving.app;
    serving.response.defer().await?;
    let removed = match post.again {
        None => None,
        Some(id) => {
            let removed = removal::removed(app, serving.invoker, id).await?;
            Some(removed.ok_or(Failure::Refused(Text::InboxGone {}))?)
        }
    };
    let button = removed.as_ref().map_or_else(Button::default, Inbox::button);
    let mut message = prepared(serving, post.content, &button)
        .await?
        .once(serving.response.id().to_string());
    let posting = Posting {
        guild: post.guild,
        channel: post.channel,
        destination: post.destination,
        staff: post.staff.clone(),
        name: post.name.clone(),
        again: post.again,
        inbox: None,
    };
    let interaction = serving.response.id();
    let work = Work::Posting(posting);
    app.store.save(interaction, work.clone()).await?;
    let components = message.components.as_deref().unwrap_or_default();
    let without_emojis = entries::print_without_emojis(components);
    let mut sent = app.discord.send(post.channel, &message).await;
    let lacks_emojis =
        matches!(&sent, Err(error) if entries::leave_out_emojis(error, &mut message, None));
    if lacks_emojis {
        sent = app.discord.send(post.channel, &message).await;
    }
    let id = match sent {
        Ok(sent) => sent.id,
        // The message may have been sent, so its button must work.
        Err(error) if error.is_ambiguous() => {
            match recovery::find_posted(app, interaction, post.channel).await {
                Ok(Some(id)) => id,
                Ok(None) => return Err(error.into()),
                Err(failure) => {
                    tracing::warn!(%error, %failure, "a new inbox may have been posted; retrying");
                    serving.response.mark_journaled();
                    recovery::resume(app, serving.response.entry(post.guild, work));
                    return Ok(());
                }
            }
        }
        Err(error) => return Err(refused(error, post.channel)),
    };
    let inbox_link = MessageLink {
        guild: post.guild,
        channel: post.channel,
        message: id,
    };
    let mut inbox = match removed {
        Some(removed) => {
            removal::again(removed, inbox_link, post.destination, post.name.as_deref())
        }
        None => Inbox::new(inbox_link, post.destination, post.staff).named(post.name.as_deref()),
    };
    let number = inbox.id;
    let mut created = post.created;
    if lacks_emojis {
        entries::warn_of_emojis(id);
        let settings = std::mem::take(&mut inbox.settings);
        inbox.settings = settings.with_stored(entries::DRAWN, Some(without_emojis));
        created.problems.push(Problem::EmojiRefused);
    }
    let created = self::created(&inbox, created, serving.response.language());
    let finished = app
        .store
        .finish_posting(interaction, inbox, post.again)
        .await;
    if let Err(error) = finished {
        take_back(serving, post.channel, id).await;
        return Err(error.into());
    }
    tracing::info!(inbox = %number, guild = %post.guild, by = %serving.invoker.user, "inbox created");
    if post.again.is_some() {
        removal::check_restored(app, post.guild).await?;
    }
    serving.opens(number);
    serving.response.send(created).await?;
    Ok(())
}

/// The response to a new inbox with a message of its own, with the menu of staff.
pub(super) fn created(inbox: &Inbox, created: Created, language: Language) -> Message {
    let text = Text::InboxCreated {
        inbox: inbox.link(),
    };
    ready(text, inbox, created, language)
}

/// The same response, beginning with this text.
pub(super) fn ready(text: Text, inbox: &Inbox, created: Created, language: Language) -> Message {
    let text = report(text, &created.problems, Some(created.notice), language);
    if created.suggested.is_empty() {
        return with_staff_menu(text, inbox.id, &inbox.staff, language);
    }
    let mut message = with_staff_menu(text, inbox.id, &created.suggested, language);
    let rows = message.components.get_or_insert_default();
    rows.push(use_suggested_button(inbox.id, language));
    message
}

/// Replaces the contents of an inbox's message.
pub(super) async fn replace(
    serving: &Serving<'_>,
    inbox: MessageLink,
    shown: Content,
    problems: &[Problem],
) -> Result<(), Failure> {
    let app = serving.app;
    serving.response.defer().await?;
    let stored = app.store.inbox_of_message(inbox.message).await?;
    let Some(stored) = stored else {
        return Err(Failure::Refused(Text::InboxGone {}));
    };
    let language = serving.guild_language();
    let message = prepared(serving, shown, &stored.button()).await?;
    let lacks_emojis = match entries::replace(app, inbox.message, message, language).await {
        Err(Failure::Discord(error)) if error.is_gone() => {
            forget_messages(app, serving.invoker.guild, &[inbox.message]).await?;
            return Err(Failure::Refused(Text::InboxGone {}));
        }
        Err(Failure::Discord(error)) => return Err(refused(error, inbox.channel)),
        replaced => replaced?,
    };
    tracing::info!(inbox = inbox.message.0, what = "message", by = %serving.invoker.user, "inbox changed");
    let text = Text::MessageReplaced { inbox };
    let mut problems = problems.to_vec();
    // What was known before the message was replaced.
    problems.retain(|problem| *problem != Problem::EmojiRefused);
    problems.extend(lacks_emojis.then_some(Problem::EmojiRefused));
    let text = report(text, &problems, None, serving.response.language());
    serving.response.send(Message::text(text)).await?;
    Ok(())
}

/// Handles the outcome of changing an inbox's message: if the message is gone, its row is deleted; if Discord
/// refuses, the admin reads why.
pub(super) async fn changed(
    serving: &Serving<'_>,
    channel: ChannelId,
    message: MessageId,
    done: Result<(), Failure>,
) -> Result<(), Failure> {
    match done {
        Err(Failure::Discord(error)) if error.is_gone() => {
            forget_messages(serving.app, serving.invoker.guild, &[message]).await?;
            Err(Failure::Refused(Text::InboxGone {}))
        }
        Err(Failure::Discord(error)) if error.kind() == ErrorKind::RefusedContent => {
            Err(Failure::Refused(Text::ButtonRefused {}))
        }
        Err(Failure::Discord(error)) => Err(refused(error, channel)),
        done => done,
    }
}

/// The message with all its pictures downloaded.
async fn prepared(
    serving: &Serving<'_>,
    content: Content,
    button: &Button,
) -> Result<Message, Failure> {
    let body = match content {
        Content::Text {
            text,
            pictures,
            files,
        } => Body::Text {
            text,
            pictures: download(serving, pictures).await?,
            files: download(serving, files).await?,
        },
        Content::Embeds { files } => {
            let files = download(serving, files).await?;
            Body::Embeds {
                embeds: serving.embeds.to_vec(),
                pictures: pictures(serving, &files).await?,
                files,
            }
        }
    };
    let message = inbox_message(body, button, serving.guild_language());
    Ok(Message {
        // Contents of an earlier version of the message are removed.
        content: Some(String::new()),
        embeds: Some(message.embeds),
        components: Some(message.components),
        attachments: Some(message.attachments),
        ..Message::default()
    })
}

async fn download(
    serving: &Serving<'_>,
    attachments: Vec<Attachment>,
) -> Result<Vec<Download>, Failure> {
    let mut downloads = Vec::with_capacity(attachments.len());
    for attachment in attachments {
        let downloaded = serving
            .app
            .discord
            .download(&attachment.url, attachment.size)
            .await;
        match downloaded {
            Ok(bytes) => downloads.push(Download { attachment, bytes }),
            Err(error) => {
                let guild = serving.invoker.guild;
                tracing::warn!(%guild, %error, "a file of the selected message could not be downloaded");
                serving.keep_waiting();
                let filename = attachment.filename;
                return Err(Failure::Refused(Text::DownloadFailed { filename }));
            }
        }
    }
    Ok(downloads)
}

/// The pictures in the selected message's embeds that are Discord's own attachments and would be lost with
/// that message. As many as one message takes.
async fn pictures(
    serving: &Serving<'_>,
    files: &[Download],
) -> Result<Vec<(String, Download)>, Failure> {
    let app = serving.app;
    let limit = app.max_attachment_size();
    let taken: usize = files.iter().map(|file| file.bytes.len()).sum();
    let mut room = limit.saturating_sub(taken as u64);
    let urls = message::pictures(serving.embeds).into_iter();
    let urls = urls.filter(|url| app.discord.is_attachment(url));
    let mut found = Vec::new();
    for url in urls.take(MAX_FILES.saturating_sub(files.len())) {
        let path = url.split(['?', '#']).next().unwrap_or(&url);
        let filename = path.rsplit('/').next().unwrap_or(path).to_owned();
        let bytes = match app.discord.download_up_to(&url, room).await {
            Ok(bytes) => bytes,
            Err(error) => {
                let guild = serving.invoker.guild;
                tracing::warn!(%guild, %error, "a file of the selected message could not be downloaded");
                serving.keep_waiting();
                return Err(Failure::Refused(if error.kind() == ErrorKind::TooLarge {
                    Text::AttachmentsTooLarge { limit }
                } else {
                    Text::DownloadFailed { filename }
                }));
            }
        };
        room = room.saturating_sub(bytes.len() as u64);
        let attachment = Attachment {
            filename,
            url: url.clone(),
            size: bytes.len() as u64,
            description: None,
            is_image: true,
        };
        found.push((url, Download { attachment, bytes }));
    }
    Ok(found)
}

/// If a permission or the channel is missing, the response says which.
pub(super) fn refused(error: Error, channel: ChannelId) -> Failure {
    let permissions = match error.code() {
        Some(code::UNKNOWN_CHANNEL) => return Failure::Refused(Text::ChannelGone {}),
        Some(code::MISSING_ACCESS) => FOR_MESSAGE.to_vec(),
        Some(code::MISSING_PERMISSIONS) => vec![
            Permission::SendMessages,
            Permission::EmbedLinks,
            Permission::AttachFiles,
        ],
        _ => return error.into(),
    };
    Failure::Refused(Text::MissingPermissions {
        missing: vec![Missing {
            channel,
            permissions,
        }],
    })
}

async fn take_back(serving: &Serving<'_>, channel: ChannelId, message: MessageId) {
    if let Err(error) = serving.app.discord.delete_message(channel, message).await {
        tracing::error!(
            %channel, %message, %error,
            "an inbox could not be stored, and its message could not be deleted; delete the message"
        );
    }
}
