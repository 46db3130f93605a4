//! The objects of the world, as plain data. The rules are in the files named after what they change.

mod account;
mod channel;
mod command;
mod guild;
mod interaction;
mod message;

pub use account::{Application, InstallParams, Privileged, Profile, Token, User};
pub use channel::{Channel, ChannelKind, Place, Thread, ThreadKind};
pub use command::{Choice, Command, CommandKind, CommandOption, CommandSpec, OptionKind};
pub use guild::{Guild, Image, MadeEmoji, Member, Role, Webhook};
pub use interaction::{Interaction, InteractionData, InteractionState, Modal, Resolved};
pub use message::{
    Attachment, Author, Emoji, File, InteractionMetadata, Message, MessageKind, Reaction,
    Reference, flags,
};
