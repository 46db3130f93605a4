//! What a person does.

use axum::extract::State;

use super::{Answer, TheHub};
use crate::control::act;
use crate::control::extract::{Body, MessageBody, Params, Reply};

pub(super) async fn send_message(params: Params, body: MessageBody) -> Answer {
    let (actor, channel) = (params.actor()?, params.id("channel")?);
    match body {
        MessageBody::Json(body) => actor.send(channel, body),
        MessageBody::Form(body, files) => actor.send_with(channel, &body, files),
    }
    .map(Reply)
}

pub(super) async fn start_typing(params: Params) -> Answer {
    let actor = params.actor()?;
    actor.start_typing(params.id("channel")?).map(Reply)
}

pub(super) async fn edit_message(params: Params, Body(body): Body) -> Answer {
    params
        .actor()?
        .edit(params.id("channel")?, params.id("message")?, &body)
        .map(Reply)
}

pub(super) async fn delete_message(params: Params) -> Answer {
    params
        .actor()?
        .delete_message(params.id("channel")?, params.id("message")?)
        .map(Reply)
}

pub(super) async fn react(params: Params) -> Answer {
    let (channel, message) = (params.id("channel")?, params.id("message")?);
    params
        .actor()?
        .react(channel, message, params.text("emoji")?)
        .map(Reply)
}

pub(super) async fn unreact(params: Params) -> Answer {
    let (channel, message) = (params.id("channel")?, params.id("message")?);
    let emoji = params.text("emoji")?.to_owned();
    params.actor()?.unreact(channel, message, emoji).map(Reply)
}

pub(super) async fn pins(params: Params) -> Answer {
    params.actor()?.pins(params.id("channel")?).map(Reply)
}

pub(super) async fn pin(params: Params) -> Answer {
    let (channel, message) = (params.id("channel")?, params.id("message")?);
    params
        .actor()?
        .set_pinned(channel, message, true)
        .map(Reply)
}

pub(super) async fn unpin(params: Params) -> Answer {
    let (channel, message) = (params.id("channel")?, params.id("message")?);
    params
        .actor()?
        .set_pinned(channel, message, false)
        .map(Reply)
}

pub(super) async fn use_invite(params: Params) -> Answer {
    params.actor()?.use_invite(params.text("code")?).map(Reply)
}

pub(super) async fn open_direct_messages(params: Params) -> Answer {
    params.actor()?.open_direct_messages().map(Reply)
}

pub(super) async fn bulk_delete(params: Params, Body(body): Body) -> Answer {
    params
        .actor()?
        .bulk_delete(params.id("channel")?, body)
        .map(Reply)
}

pub(super) async fn send_as_webhook(params: Params, Body(body): Body) -> Answer {
    params
        .actor()?
        .send_as_webhook(params.id("channel")?, body)
        .map(Reply)
}

pub(super) async fn run_command(params: Params, Body(body): Body) -> Answer {
    params.actor()?.run_command(body).map(Reply)
}

pub(super) async fn use_component(params: Params, Body(body): Body) -> Answer {
    let actor = params.actor()?;
    actor.look_before_clicking(&body).await;
    actor.use_component(body).map(Reply)
}

pub(super) async fn forge(params: Params, Body(body): Body) -> Answer {
    params.actor()?.forge(body).map(Reply)
}

pub(super) async fn submit_modal(params: Params, Body(body): Body) -> Answer {
    let actor = params.actor()?;
    actor.fill_in(&body).await;
    actor.submit_modal(body).map(Reply)
}

pub(super) async fn add_to_thread(params: Params) -> Answer {
    let actor = params.actor()?;
    actor
        .add_to_thread(params.id("channel")?, params.user(actor.id)?)
        .map(Reply)
}

pub(super) async fn remove_from_thread(params: Params) -> Answer {
    let actor = params.actor()?;
    actor
        .remove_from_thread(params.id("channel")?, params.user(actor.id)?)
        .map(Reply)
}

pub(super) async fn edit_channel(params: Params, Body(body): Body) -> Answer {
    params
        .actor()?
        .edit_channel(params.id("channel")?, &body)
        .map(Reply)
}

pub(super) async fn delete_channel(params: Params) -> Answer {
    params
        .actor()?
        .delete_channel(params.id("channel")?)
        .map(Reply)
}

pub(super) async fn create_thread_from_message(params: Params, Body(body): Body) -> Answer {
    let actor = params.actor()?;
    let (channel, message) = (params.id("channel")?, params.id("message")?);
    actor.create_thread_from(channel, message, &body).map(Reply)
}

pub(super) async fn create_thread(params: Params, Body(body): Body) -> Answer {
    params
        .actor()?
        .create_thread(params.id("channel")?, &body)
        .map(Reply)
}

pub(super) async fn set_overwrite(params: Params, Body(body): Body) -> Answer {
    params
        .actor()?
        .set_overwrite(params.id("channel")?, params.id("target")?, &body)
        .map(Reply)
}

pub(super) async fn delete_overwrite(params: Params) -> Answer {
    params
        .actor()?
        .delete_overwrite(params.id("channel")?, params.id("target")?)
        .map(Reply)
}

pub(super) async fn create_channel(params: Params, Body(body): Body) -> Answer {
    params
        .actor()?
        .create_channel(params.id("guild")?, &body)
        .map(Reply)
}

pub(super) async fn create_role(params: Params, Body(body): Body) -> Answer {
    params
        .actor()?
        .create_role(params.id("guild")?, &body)
        .map(Reply)
}

pub(super) async fn edit_role(params: Params, Body(body): Body) -> Answer {
    params
        .actor()?
        .edit_role(params.id("guild")?, params.id("role")?, &body)
        .map(Reply)
}

pub(super) async fn delete_role(params: Params) -> Answer {
    params
        .actor()?
        .delete_role(params.id("guild")?, params.id("role")?)
        .map(Reply)
}

pub(super) async fn give_role(params: Params) -> Answer {
    let actor = params.actor()?;
    actor
        .give_role(
            params.id("guild")?,
            params.user(actor.id)?,
            params.id("role")?,
        )
        .map(Reply)
}

pub(super) async fn take_role(params: Params) -> Answer {
    let actor = params.actor()?;
    actor
        .take_role(
            params.id("guild")?,
            params.user(actor.id)?,
            params.id("role")?,
        )
        .map(Reply)
}

pub(super) async fn add_member(params: Params) -> Answer {
    let actor = params.actor()?;
    actor
        .add_member(params.id("guild")?, params.user(actor.id)?)
        .map(Reply)
}

pub(super) async fn remove_member(params: Params) -> Answer {
    let actor = params.actor()?;
    actor
        .remove_member(params.id("guild")?, params.user(actor.id)?)
        .map(Reply)
}

pub(super) async fn edit_member(params: Params, Body(body): Body) -> Answer {
    let actor = params.actor()?;
    actor
        .edit_member(params.id("guild")?, params.user(actor.id)?, &body)
        .map(Reply)
}

pub(super) async fn bans(params: Params) -> Answer {
    params.actor()?.bans(params.id("guild")?).map(Reply)
}

pub(super) async fn ban(params: Params, Body(body): Body) -> Answer {
    let actor = params.actor()?;
    actor
        .ban(params.id("guild")?, params.user(actor.id)?, body)
        .map(Reply)
}

pub(super) async fn unban(params: Params) -> Answer {
    let actor = params.actor()?;
    actor
        .unban(params.id("guild")?, params.user(actor.id)?)
        .map(Reply)
}

pub(super) async fn edit_guild(params: Params, Body(body): Body) -> Answer {
    params
        .actor()?
        .edit_guild(params.id("guild")?, &body)
        .map(Reply)
}

pub(super) async fn edit_person(params: Params, Body(body): Body) -> Answer {
    params.actor()?.edit_self(body).map(Reply)
}

pub(super) async fn add_people(State(hub): TheHub, Body(body): Body) -> Answer {
    act::add_people(&hub, body).map(Reply)
}
