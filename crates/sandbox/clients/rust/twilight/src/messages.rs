//! The message with components, and the modal.

use twilight_model::channel::message::MessageFlags;
use twilight_model::channel::message::component::{
    ButtonStyle, Component, SelectMenuType, TextInput, TextInputStyle,
};
use twilight_model::http::interaction::InteractionResponseData;
use twilight_util::builder::message::{
    ActionRowBuilder, ButtonBuilder, ContainerBuilder, LabelBuilder, SectionBuilder,
    SelectMenuBuilder, SelectMenuOptionBuilder, TextDisplayBuilder,
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
        .component(button("survey", "Survey"))
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

pub fn survey() -> InteractionResponseData {
    let mood = SelectMenuBuilder::new("mood", SelectMenuType::Text);
    let mood = ["glad", "sad"].into_iter().fold(mood, |menu, mood| {
        menu.option(SelectMenuOptionBuilder::new(mood, mood))
    });
    let mood = Component::SelectMenu(mood.build());
    InteractionResponseData {
        custom_id: Some("survey".to_owned()),
        title: Some("A survey".to_owned()),
        components: Some(vec![Component::Label(
            LabelBuilder::new("Mood", mood).build(),
        )]),
        ..Default::default()
    }
}

/// Made of components only: a container with a text, and a section with a button.
pub fn panel() -> InteractionResponseData {
    let press = ButtonBuilder::new(ButtonStyle::Secondary)
        .custom_id("press")
        .label("Press")
        .build();
    let section = SectionBuilder::new(press)
        .component(TextDisplayBuilder::new("Press it.").build())
        .build();
    let container = ContainerBuilder::new()
        .accent_color(Some(0x58_65_F2))
        .component(TextDisplayBuilder::new("# Panel").build())
        .component(section)
        .build();
    InteractionResponseData {
        components: Some(vec![Component::Container(container)]),
        flags: Some(MessageFlags::IS_COMPONENTS_V2),
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
