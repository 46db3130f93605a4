//! The commands about threads, and what is read from options.

use twilight_model::application::interaction::Interaction;
use twilight_model::application::interaction::application_command::{
    CommandDataOption, CommandOptionValue,
};
use twilight_model::channel::ChannelType;
use twilight_model::channel::message::MessageFlags;
use twilight_model::channel::thread::AutoArchiveDuration;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, UserMarker};

use crate::{Bot, Outcome};

impl Bot {
    pub async fn thread(
        &self,
        interaction: &Interaction,
        step: &str,
        options: &[CommandDataOption],
    ) -> Outcome {
        match (step, channel(options, "thread"), user(options, "who")) {
            ("open", None, Some(who)) => self.open(interaction, who).await,
            ("add", Some(thread), Some(who)) => {
                self.http.add_thread_member(thread, who).await?;
                self.count_members(interaction, thread).await
            }
            ("remove", Some(thread), Some(who)) => {
                self.http.remove_thread_member(thread, who).await?;
                self.count_members(interaction, thread).await
            }
            ("archive", Some(thread), None) => {
                self.http
                    .update_thread(thread)
                    .archived(true)
                    .locked(true)
                    .await?;
                self.whisper(interaction, "archived".to_owned()).await
            }
            _ => Err("an unknown thread command".into()),
        }
    }

    async fn open(&self, interaction: &Interaction, who: Id<UserMarker>) -> Outcome {
        self.defer(interaction, MessageFlags::EPHEMERAL).await?;
        let new = self
            .http
            .create_thread(channel_of(interaction)?, "tour", ChannelType::PrivateThread)
            .invitable(false)
            .auto_archive_duration(AutoArchiveDuration::Day);
        let thread = new.await?.model().await?;
        self.http.add_thread_member(thread.id, who).await?;
        self.http
            .create_message(thread.id)
            .content(&format!("hello <@{who}>"))
            .await?;
        self.http
            .interaction(self.application)
            .update_response(&interaction.token)
            .content(Some(&format!("opened <#{}>", thread.id)))
            .await?;
        Ok(())
    }

    async fn count_members(&self, interaction: &Interaction, thread: Id<ChannelMarker>) -> Outcome {
        let members = self.http.thread_members(thread).await?.models().await?;
        self.whisper(interaction, format!("members: {}", members.len()))
            .await
    }
}

pub fn channel_of(interaction: &Interaction) -> Result<Id<ChannelMarker>, &'static str> {
    interaction
        .channel
        .as_ref()
        .map(|channel| channel.id)
        .ok_or("not in a channel")
}

pub fn channel(options: &[CommandDataOption], name: &str) -> Option<Id<ChannelMarker>> {
    options.iter().find_map(|option| match option.value {
        CommandOptionValue::Channel(id) if option.name == name => Some(id),
        _ => None,
    })
}

pub fn user(options: &[CommandDataOption], name: &str) -> Option<Id<UserMarker>> {
    options.iter().find_map(|option| match option.value {
        CommandOptionValue::User(id) if option.name == name => Some(id),
        _ => None,
    })
}
