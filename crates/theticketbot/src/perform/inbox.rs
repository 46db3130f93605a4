//! Inboxes: posted, or their message replaced in place.

use tickets::action::{Content, PostInbox};
use tickets::decide::inbox::link;
use tickets::event::Attachment;
use tickets::permission::{FOR_MESSAGE, Missing, Permission};
use tickets::stored::Inbox;
use tickets::text::{MessageLink, Text};
use tickets::{ChannelId, MessageId};

use super::Asking;
use crate::context::Failure;
use crate::discord::{Error, Message, code};
use crate::store::Posting;
use crate::to_discord::message::{Body, Download, inbox_message};

/// Posts an inbox and remembers it. One that cannot be remembered is deleted again: its button
/// would do nothing.
pub(super) async fn post(asking: &Asking<'_>, post: PostInbox) -> Result<(), Failure> {
    let context = asking.context;
    asking.answer.defer().await?;
    let message = prepared(asking, post.content)
        .await?
        .once(asking.answer.id().to_string());
    let posting = Posting {
        guild: post.guild,
        channel: post.channel,
        destination: post.destination,
        staff: post.staff.clone(),
        message: None,
    };
    let interaction = asking.answer.id();
    context.store.begin_posting(interaction, posting).await?;
    let sent = context.discord.send(post.channel, &message).await;
    let id = sent.map_err(|error| refused(error, post.channel))?.id;
    let inbox = Inbox {
        id,
        guild: post.guild,
        channel: post.channel,
        destination: post.destination,
        staff: post.staff,
        starter: String::new(),
        name: String::new(),
        max_tickets_per_user: 1,
    };
    let inbox_link = link(&inbox);
    if let Err(error) = context.store.finish_posting(interaction, inbox).await {
        take_back(asking, post.channel, id).await;
        return Err(error.into());
    }
    asking
        .answer
        .say(Text::InboxCreated { inbox: inbox_link })
        .await?;
    Ok(())
}

/// Replaces what an inbox's message shows.
pub(super) async fn replace(
    asking: &Asking<'_>,
    inbox: MessageLink,
    shown: Content,
) -> Result<(), Failure> {
    let context = asking.context;
    asking.answer.defer().await?;
    let message = prepared(asking, shown).await?;
    let edited = context
        .discord
        .edit_message(inbox.channel, inbox.message, &message)
        .await;
    match edited {
        Err(error) if error.is_gone() => {
            context.store.forget_messages(&[inbox.message]).await?;
            return Err(Failure::Refused(Text::InboxGone {}));
        }
        edited => edited.map_err(|error| refused(error, inbox.channel))?,
    }
    asking.answer.say(Text::MessageReplaced { inbox }).await?;
    Ok(())
}

/// The message with everything downloaded that it shows.
async fn prepared(asking: &Asking<'_>, content: Content) -> Result<Message, Failure> {
    let body = match content {
        Content::Text {
            text,
            pictures,
            files,
        } => Body::Text {
            text,
            pictures: download(asking, pictures).await?,
            files: download(asking, files).await?,
        },
        Content::Embeds { files } => Body::Embeds {
            embeds: asking.embeds.to_vec(),
            files: download(asking, files).await?,
        },
    };
    let message = inbox_message(body, asking.guild_language);
    Ok(Message {
        // What an earlier version of the message had is not kept.
        content: Some(String::new()),
        embeds: Some(message.embeds),
        components: Some(message.components),
        attachments: Some(message.attachments),
        ..Message::default()
    })
}

async fn download(
    asking: &Asking<'_>,
    attachments: Vec<Attachment>,
) -> Result<Vec<Download>, Failure> {
    let mut downloads = Vec::with_capacity(attachments.len());
    for attachment in attachments {
        let downloaded = asking
            .context
            .discord
            .download(&attachment.url, attachment.size)
            .await;
        match downloaded {
            Ok(bytes) => downloads.push(Download { attachment, bytes }),
            Err(error) => {
                tracing::warn!(filename = attachment.filename, %error, "a download failed");
                asking.keep_waiting();
                let filename = attachment.filename;
                return Err(Failure::Refused(Text::DownloadFailed { filename }));
            }
        }
    }
    Ok(downloads)
}

/// What Discord refuses for lack of permissions, or of the channel, is told as such.
fn refused(error: Error, channel: ChannelId) -> Failure {
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

async fn take_back(asking: &Asking<'_>, channel: ChannelId, message: MessageId) {
    if let Err(error) = asking
        .context
        .discord
        .delete_message(channel, message)
        .await
    {
        tracing::error!(%channel, %message, %error, "an inbox that is not stored could not be deleted");
    }
}
