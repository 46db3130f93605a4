//! The commands of the tour.

use twilight_model::application::command::{Command, CommandType};
use twilight_model::channel::ChannelType;
use twilight_util::builder::command::{
    ChannelBuilder, CommandBuilder, IntegerBuilder, StringBuilder, SubCommandBuilder, UserBuilder,
};

pub fn global() -> Vec<Command> {
    let tour = "What the client knows of the guild and of the options";
    vec![
        CommandBuilder::new("tour", tour, CommandType::ChatInput)
            .option(StringBuilder::new("word", "A word").required(true))
            .option(IntegerBuilder::new("times", "A number").required(true))
            .option(who())
            .option(place())
            .build(),
        CommandBuilder::new("Quote", "", CommandType::Message).build(),
        CommandBuilder::new("Greet", "", CommandType::User).build(),
    ]
}

pub fn guild() -> Vec<Command> {
    let slash = |name, description| CommandBuilder::new(name, description, CommandType::ChatInput);
    vec![
        slash("hall", "A message with buttons and menus").build(),
        slash("panel", "A message made of components").build(),
        slash("upload", "Sends a file, edits the message, adds a file").build(),
        slash("say", "Says something elsewhere")
            .option(place())
            .option(StringBuilder::new("text", "Words").required(true))
            .build(),
        slash("letter", "Writes to somebody directly")
            .option(who())
            .build(),
        CommandBuilder::new("Pin", "", CommandType::Message).build(),
        slash("thread", "Private threads")
            .option(SubCommandBuilder::new("open", "Opens a private thread").option(who()))
            .option(
                SubCommandBuilder::new("add", "Adds somebody to a thread")
                    .option(thread())
                    .option(who()),
            )
            .option(
                SubCommandBuilder::new("remove", "Removes somebody from a thread")
                    .option(thread())
                    .option(who()),
            )
            .option(SubCommandBuilder::new("archive", "Archives and locks").option(thread()))
            .build(),
    ]
}

fn who() -> UserBuilder {
    UserBuilder::new("who", "Somebody").required(true)
}

fn place() -> ChannelBuilder {
    let text = [ChannelType::GuildText];
    ChannelBuilder::new("where", "A channel")
        .channel_types(text)
        .required(true)
}

fn thread() -> ChannelBuilder {
    let threads = [ChannelType::PublicThread, ChannelType::PrivateThread];
    ChannelBuilder::new("thread", "A thread")
        .channel_types(threads)
        .required(true)
}
