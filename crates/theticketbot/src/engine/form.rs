//! Forms: the bot posts their answers in the ticket, or gives them back to the member if that fails.

use std::collections::HashMap;
use std::sync::Arc;

use tickets::form::render::{self, Absent};
use tickets::form::{Answer, Form, Value};
use tickets::inbox::{Inbox, names};
use tickets::opening::Order;
use tickets::opening::step::{Posted, Reviewed};
use tickets::request::Attachment;
use tickets::setting;
use tickets::text::Text;
use tickets::{ChannelId, GuildId, InboxId};
use twilight_model::http::attachment::Attachment as Upload;

use super::facts::BEFORE_A_MODAL;
use super::response::Response;
use super::settings::channel_names;
use crate::app::{App, Failure};
use crate::discord::custom_id::ModalId;
use crate::discord::render::form::{answer_embeds, form_modal, try_button};
use crate::discord::render::message::{Download, MAX_FILES, Uploads};
use crate::discord::{Error, ErrorKind, Message};
use crate::translate::{Language, Phrase, phrase, say};

/// The largest file that Discord takes from a bot. Source: Discord's "Uploading Files".
const MAX_FILE: u64 = 10 * 1024 * 1024;

/// The most bytes that the files of one message may have together: Discord's limit for a request, less some
/// room for the rest of the request.
const MAX_SIZE: u64 = 24 * 1024 * 1024;

/// The messages with the answers. The first one has this text above them.
pub(super) fn messages(text: String, answers: &[Answer], reader: Language) -> Vec<Message> {
    let pages = render::messages(answers, |text| say(text, reader), |_, _| None);
    let mut messages: Vec<_> = pages.into_iter().map(page).collect();
    match messages.first_mut() {
        Some(first) => first.content = Some(text),
        None => messages.push(Message::text(text)),
    }
    messages
}

/// A sentence that ends a request, with the answers that the member submitted.
pub(super) fn refusal(text: Text, answers: &[Answer], reader: Language) -> Vec<Message> {
    let given = answers.iter().filter(|it| !it.value.is_nothing());
    let given: Vec<_> = given.cloned().collect();
    let mut text = say(text, reader);
    if !given.is_empty() {
        text = format!("{text}\n\n{}", say(Text::FormAnswersKept {}, reader));
    }
    messages(text, &given, reader)
}

fn page(embeds: Vec<render::Embed>) -> Message {
    Message {
        embeds: Some(answer_embeds(embeds)),
        ..Message::default()
    }
}

/// The response to an admin that the form is saved, with a button to try it.
pub(super) async fn offer(response: &Response, inbox: InboxId) -> Result<(), Error> {
    let reader = response.language();
    let message = Message {
        components: Some(vec![try_button(inbox, reader)]),
        ..Message::text(say(Text::FormSaved {}, reader))
    };
    response.send(message).await
}

/// Shows the inbox's form: to a member, or to an admin who tries it, which opens no ticket.
pub(super) async fn ask(
    response: &Response,
    id: ModalId,
    name: &str,
    form: &Form,
) -> Result<(), Error> {
    let modal = form_modal(id, name, form, response.language());
    response.show(modal).await
}

/// *Try it*: shows the form as it is now.
pub(super) async fn try_it(
    app: &App,
    response: &Response,
    guild: GuildId,
    inbox: InboxId,
) -> Result<(), Failure> {
    let known = app.store.inbox(inbox).await?;
    let known = known.filter(|it| it.guild == guild);
    let known = known.ok_or(Failure::Refused(Text::InboxGone {}))?;
    let form = known.get(setting::Form);
    let form = form.ok_or(Failure::Refused(Text::FormGone {}))?;
    let title = title(app, &known, None, response.language()).await?;
    Ok(ask(response, ModalId::TriedForm(inbox), &title, &form).await?)
}

/// The modal's title: the inbox's name as lists show it. `channel_name` is the name of the inbox's channel,
/// if the caller knows it; otherwise the bot asks Discord, for as long as a modal can wait.
pub(super) async fn title(
    app: &App,
    inbox: &Inbox,
    channel_name: Option<String>,
    reader: Language,
) -> Result<String, Failure> {
    if let Some(own) = inbox.own_name() {
        return Ok(own.to_owned());
    }
    let channels: Arc<[_]> = match channel_name {
        Some(name) => Arc::from([(inbox.channel, name)]),
        None => channel_names(app, inbox.guild, BEFORE_A_MODAL).await,
    };
    if !channels.iter().any(|(id, _)| *id == inbox.channel) {
        return Ok(phrase(Phrase::FormModalTitle, reader));
    }
    let all = app.store.inboxes_in(inbox.guild).await?;
    let mut all = all.iter().zip(names(&all, &channels));
    let known = all.find(|(it, _)| it.id == inbox.id);
    Ok(known.map_or_else(|| phrase(Phrase::FormModalTitle, reader), |(_, name)| name))
}

/// Shows an admin how a ticket would show these answers.
pub(super) async fn show_tried(response: &Response, answers: &[Answer]) -> Result<(), Error> {
    let reader = response.language();
    for message in messages(say(Text::FormTried {}, reader), answers, reader) {
        response.send(message).await?;
    }
    Ok(())
}

/// Posts the messages with the answers, except for the first `skip`, which exist already. Files that do not
/// fit into one message go into the next.
pub(super) async fn post(
    app: &App,
    order: &Order,
    language: Language,
    thread: ChannelId,
    skip: usize,
) -> Posted {
    let batches = batches(app, order);
    // Held until the files are sent and out of memory. Answers without files need no turn.
    let turn = if skip < batches.len() {
        app.openings.downloads.0.acquire().await.ok()
    } else {
        None
    };
    let mut shown = pages(order, language, &HashMap::new());
    let (mut index, mut last) = (skip, None);
    while index < shown.len().max(batches.len()) {
        let batch = batches.get(index).map_or(&[][..], Vec::as_slice);
        let mut files = download(app, batch).await;
        let mut attempt = "f";
        let sent = loop {
            if index == 0 {
                shown = pages(order, language, &files.absent);
            }
            let mut embeds = shown.get(index).cloned().unwrap_or_default();
            if index > 0 {
                embeds.extend(named(batch, &files.absent, language));
            }
            let has_files = !files.uploads.is_empty();
            let message = Message {
                attachments: has_files.then(|| std::mem::take(&mut files.uploads)),
                ..page(embeds)
            };
            let message = message.once(format!("{}{attempt}{index}", order.interaction));
            match app.discord.send(thread, &message).await {
                Err(error) if has_files && error.kind() == ErrorKind::TooLarge => {
                    tracing::warn!(
                        %thread,
                        "Discord refused the files of a form as too large; posting the answers \
                         without them"
                    );
                    files.refuse(batch);
                    attempt = "g";
                }
                sent => break sent,
            }
        };
        match sent {
            Ok(sent) => last = Some(sent.id),
            Err(error) => {
                tracing::warn!(%thread, %error, "the answers to a form could not be posted");
                return match error {
                    error if error.is_ambiguous() => Posted::Doubt,
                    error if error.is_transient() => Posted::Later(error.retry_in()),
                    _ => Posted::Refused,
                };
            }
        }
        index += 1;
    }
    drop(turn);
    last.map_or(Posted::Doubt, Posted::Sent)
}

/// The messages that follow the starting message.
fn pages(
    order: &Order,
    language: Language,
    absent: &HashMap<Place, Absent>,
) -> Vec<Vec<render::Embed>> {
    let mut pages = order.pages.clone();
    let in_pages: Vec<_> = all(order).filter(|((it, _), _)| *it == IN_PAGES).collect();
    if let (Some(first), Some(missing)) = (pages.first_mut(), named(&in_pages, absent, language)) {
        // The last embed makes room if there are too many: the old ticket has it, too.
        first.truncate(render::MAX_EMBEDS - 1);
        first.push(missing);
    }
    let absent = |answer, file| absent.get(&(answer, file)).cloned();
    let answers = render::messages(&order.answers, |text| say(text, language), absent);
    // The reporter's text goes below the message that they report.
    match pages.last_mut() {
        Some(page) if order.is_report => page.extend(answers.into_iter().flatten()),
        _ => pages.extend(answers),
    }
    pages
}

/// Names those of these files that could not be attached.
fn named(
    files: &[(Place, &Attachment)],
    absent: &HashMap<Place, Absent>,
    language: Language,
) -> Option<render::Embed> {
    let lines = files.iter().filter_map(|(place, file)| {
        let absent = absent.get(place)?;
        Some(say(absent.text(&file.filename), language))
    });
    let lines: Vec<_> = lines.collect();
    (!lines.is_empty()).then(|| render::Embed {
        description: Some(lines.join("\n")),
        ..render::Embed::default()
    })
}

/// The index of an answer, and of a file in it.
type Place = (usize, usize);

/// Stands for the answer's index if a file is in the copied pages instead.
const IN_PAGES: usize = usize::MAX;

/// Finds out which of the messages with answers exist.
pub(super) async fn review(
    app: &App,
    order: &Order,
    language: Language,
    thread: ChannelId,
    starter: Option<tickets::MessageId>,
) -> Reviewed {
    let after = starter.map_or(thread.0, |message| message.0);
    let me = app.cache().me();
    let messages = match app.discord.messages_after(thread, after).await {
        Err(error) if error.is_gone() => return Reviewed::Gone,
        Err(error) => {
            tracing::warn!(%thread, %error, "cannot search for the answers to a form");
            return Reviewed::Unclear;
        }
        Ok(messages) => messages,
    };
    // Every other message that the bot writes into a ticket has a text.
    let own = messages
        .iter()
        .filter(|it| it.is_own(me) && it.content.is_empty());
    let own: Vec<_> = own.map(|message| message.id).collect();
    let pages = pages(order, language, &HashMap::new());
    let count = pages.len().max(batches(app, order).len());
    match own.iter().max() {
        Some(last) if own.len() >= count => Reviewed::All(*last),
        _ => Reviewed::Some(own.len()),
    }
}

/// The files of one message.
#[derive(Default)]
struct Files {
    uploads: Vec<Upload>,
    absent: HashMap<Place, Absent>,
}

impl Files {
    /// Records that Discord refused all of these files.
    fn refuse(&mut self, batch: &[(Place, &Attachment)]) {
        for (place, _) in batch {
            self.absent.entry(*place).or_insert(Absent::Failed);
        }
    }
}

/// All files, each with its place.
fn all(order: &Order) -> impl Iterator<Item = (Place, &Attachment)> {
    let in_pages = order.files.iter().enumerate();
    let in_pages = in_pages.map(|(file, it)| ((IN_PAGES, file), it));
    let in_answers = order.answers.iter().enumerate().flat_map(|(answer, it)| {
        let files = match &it.value {
            Value::Files(files) => files.as_slice(),
            _ => &[],
        };
        let places = files.iter().enumerate();
        places.map(move |(file, it)| ((answer, file), it))
    });
    in_pages.chain(in_answers)
}

/// The files of each message, as many as one message takes.
fn batches<'a>(app: &App, order: &'a Order) -> Vec<Vec<(Place, &'a Attachment)>> {
    let limit = max_file(app);
    let mut batches: Vec<Vec<_>> = Vec::new();
    let mut used = 0;
    for (place, file) in all(order) {
        // A file that is too large is not attached, only named.
        let size = if file.size > limit { 0 } else { file.size };
        match batches.last_mut() {
            Some(batch) if batch.len() < MAX_FILES && used + size <= MAX_SIZE => {
                used += size;
                batch.push((place, file));
            }
            _ => {
                used = size;
                batches.push(vec![(place, file)]);
            }
        }
    }
    batches
}

/// Downloads the files of one message, one after the other.
async fn download(app: &App, batch: &[(Place, &Attachment)]) -> Files {
    let limit = max_file(app);
    let (mut uploads, mut absent) = (Uploads::default(), HashMap::new());
    for &(place, file) in batch {
        if file.size > limit {
            absent.insert(place, Absent::TooLarge(limit));
            continue;
        }
        match app.discord.download(&file.url, file.size).await {
            Ok(bytes) => {
                uploads.add(Download {
                    attachment: file.clone(),
                    bytes,
                });
            }
            Err(error) => {
                tracing::warn!(
                    %error,
                    "a file of a form could not be downloaded; posting the answers without it"
                );
                absent.insert(place, Absent::Failed);
            }
        }
    }
    Files {
        uploads: uploads.into_list(),
        absent,
    }
}

fn max_file(app: &App) -> u64 {
    app.max_attachment_size().min(MAX_FILE)
}
