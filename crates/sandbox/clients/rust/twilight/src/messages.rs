//! The message with components, and the modal.

use twilight_model::channel::message::component::{
    ButtonStyle, Component, SelectMenuType, TextInput, TextInputStyle,
};
use twilight_model::http::interaction::InteractionResponseData;
use twilight_util::builder::message::{
    ActionRowBuilder, ButtonBuilder, LabelBuilder, SelectMenuBuilder, SelectMenuOptionBuilder,
};

pub fn hall() -> InteractionResponseData {
    let button = |id, label| {
        ButtonBuilder::new(ButtonStyle::Secondary)
            .custom_id(id)
            .label(label)
            .build()
    };
    let buttons = ActionRowBuilder::new()
        .component(button("knock", "Knock"))
        .component(button("form", "Form"))
        .build();

    let colours = SelectMenuBuilder::new("colours", SelectMenuType::Text)
        .min_values(1)
        .max_values(3);
    let colours = ["red", "green", "blue"]
        .into_iter()
        .fold(colours, |menu, colour| {
            menu.option(SelectMenuOptionBuilder::new(colour, colour))
        });
    let people = SelectMenuBuilder::new("people", SelectMenuType::User)
        .min_values(1)
        .max_values(2);

    InteractionResponseData {
        content: Some("hall".to_owned()),
        components: Some(vec![
            Component::ActionRow(buttons),
            Component::ActionRow(ActionRowBuilder::new().component(colours.build()).build()),
            Component::ActionRow(ActionRowBuilder::new().component(people.build()).build()),
        ]),
        ..Default::default()
    }
}

pub fn form() -> InteractionResponseData {
    let name = TextInput {
        max_length: Some(40),
        ..input("name", TextInputStyle::Short)
    };
    let why = TextInput {
        required: Some(false),
        value: Some("because".to_owned()),
        ..input("why", TextInputStyle::Paragraph)
    };
    InteractionResponseData {
        custom_id: Some("form".to_owned()),
        title: Some("A form".to_owned()),
        components: Some(vec![
            Component::Label(LabelBuilder::new("Name", Component::TextInput(name)).build()),
            Component::Label(LabelBuilder::new("Why", Component::TextInput(why)).build()),
        ]),
        ..Default::default()
    }
}

#[expect(
    deprecated,
    reason = "the deprecated label is a field like any other, and stays empty"
)]
fn input(custom_id: &str, style: TextInputStyle) -> TextInput {
    TextInput {
        custom_id: custom_id.to_owned(),
        id: None,
        label: None,
        max_length: None,
        min_length: None,
        placeholder: None,
        required: None,
        style,
        value: None,
    }
}
