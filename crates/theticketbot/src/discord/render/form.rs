//! An inbox's form as a modal, and its answers as embeds.

use tickets::InboxId;
use tickets::form::{Form, Kind, MAX_FILES, MAX_LABEL, MAX_LONG, MAX_SHORT, Question, render};
use tickets::template::cut;
use tickets::text::Text;
use twilight_model::channel::message::component::{
    ButtonStyle, FileUpload, Label, SelectMenu, SelectMenuOption, SelectMenuType, TextInput,
    TextInputStyle,
};
use twilight_model::channel::message::embed::EmbedField;
use twilight_model::channel::message::{Component, Embed};
use twilight_model::http::interaction::InteractionResponseData;

use super::component::lone_button;
use super::message::empty_embed;
use crate::discord::custom_id::{ComponentId, ModalId, NO, QuestionId, YES};
use crate::translate::{Language, Phrase, phrase, say};

/// The questions of an inbox, as a member sees them.
pub fn form_modal(
    id: ModalId,
    title: &str,
    form: &Form,
    reader: Language,
) -> InteractionResponseData {
    let questions = form.questions.iter();
    let components = questions.map(|question| component(question, reader));
    InteractionResponseData {
        custom_id: Some(id.to_string()),
        title: Some(cut(title, MAX_LABEL).to_owned()),
        components: Some(components.collect()),
        ..InteractionResponseData::default()
    }
}

/// The button that shows a form without opening a ticket.
pub fn try_button(inbox: InboxId, reader: Language) -> Component {
    let label = phrase(Phrase::FormTry, reader);
    lone_button(ComponentId::TryForm(inbox), &label, ButtonStyle::Secondary)
}

/// Answers as Discord's embeds.
pub fn answer_embeds(page: Vec<render::Embed>) -> Vec<Embed> {
    page.into_iter().map(answer_embed).collect()
}

fn answer_embed(embed: render::Embed) -> Embed {
    let field = |field: render::Field| EmbedField {
        inline: false,
        name: field.name,
        value: field.value,
    };
    Embed {
        title: embed.title,
        description: embed.description,
        fields: embed.fields.into_iter().map(field).collect(),
        ..empty_embed()
    }
}

fn component(question: &Question, reader: Language) -> Component {
    let custom_id = QuestionId {
        kind: question.kind.word(),
        label: question.label.clone(),
    };
    let field = Field {
        custom_id: custom_id.to_string(),
        is_required: !question.is_optional,
    };
    let inner = match &question.kind {
        Kind::Short => field.text(TextInputStyle::Short, MAX_SHORT),
        Kind::Long => field.text(TextInputStyle::Paragraph, MAX_LONG),
        Kind::OneOf(choices) => field.choices(options(choices), 1),
        Kind::SomeOf(choices) => field.choices(options(choices), choices.len()),
        Kind::YesOrNo => {
            let yes = option(say(Text::FormYes {}, reader), YES.to_owned());
            let no = option(say(Text::FormNo {}, reader), NO.to_owned());
            field.choices(vec![yes, no], 1)
        }
        Kind::Member => field.menu(SelectMenuType::User, None, 1),
        Kind::Role => field.menu(SelectMenuType::Role, None, 1),
        Kind::Channel => field.menu(SelectMenuType::Channel, None, 1),
        Kind::Files => field.files(),
    };
    Component::Label(Label {
        component: Box::new(inner),
        description: question.description.clone(),
        id: None,
        label: question.label.clone(),
    })
}

fn options(choices: &[String]) -> Vec<SelectMenuOption> {
    let choices = choices.iter();
    choices
        .map(|choice| option(choice.clone(), choice.clone()))
        .collect()
}

fn option(label: String, value: String) -> SelectMenuOption {
    SelectMenuOption {
        default: false,
        description: None,
        emoji: None,
        label,
        value,
    }
}

/// The properties that all fields of a form have.
struct Field {
    custom_id: String,
    is_required: bool,
}

impl Field {
    fn text(self, style: TextInputStyle, max: usize) -> Component {
        #[expect(deprecated, reason = "the model still has the field")]
        let input = TextInput {
            custom_id: self.custom_id,
            id: None,
            label: None,
            max_length: u16::try_from(max).ok(),
            min_length: None,
            placeholder: None,
            required: Some(self.is_required),
            style,
            value: None,
        };
        Component::TextInput(input)
    }

    fn choices(self, options: Vec<SelectMenuOption>, max: usize) -> Component {
        self.menu(SelectMenuType::Text, Some(options), max)
    }

    fn menu(
        self,
        kind: SelectMenuType,
        options: Option<Vec<SelectMenuOption>>,
        max: usize,
    ) -> Component {
        Component::SelectMenu(SelectMenu {
            channel_types: None,
            custom_id: self.custom_id,
            default_values: None,
            disabled: false,
            id: None,
            kind,
            max_values: u8::try_from(max).ok(),
            // Discord requires 0 if the answer is optional.
            min_values: Some(u8::from(self.is_required)),
            options,
            placeholder: None,
            required: Some(self.is_required),
        })
    }

    fn files(self) -> Component {
        Component::FileUpload(FileUpload {
            custom_id: self.custom_id,
            id: None,
            max_values: u8::try_from(MAX_FILES).ok(),
            min_values: Some(u8::from(self.is_required)),
            required: Some(self.is_required),
            file_types: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn shown(text: &str) -> Value {
        let form = tickets::form::parse(text).unwrap().unwrap();
        let modal = form_modal(
            ModalId::Form(InboxId(40)),
            "Support",
            &form,
            Language::DEFAULT,
        );
        serde_json::to_value(&modal).unwrap()
    }

    #[test]
    fn a_form_is_a_modal_with_a_label_for_each_question() {
        let modal = shown("Who? | short\nWhy? | long | in a few words | optional");
        assert_eq!(
            modal,
            json!({
                "custom_id": "form:40",
                "title": "Support",
                "components": [
                    {"type": 18, "label": "Who?", "component": {"type": 4,
                        "custom_id": "ask:short:Who?", "max_length": 200, "required": true,
                        "style": 1}},
                    {"type": 18, "label": "Why?", "description": "in a few words", "component":
                        {"type": 4, "custom_id": "ask:long:Why?", "max_length": 1000,
                        "required": false, "style": 2}}]})
        );
    }

    #[test]
    fn what_can_be_chosen() {
        let modal = shown("a | one of: x, y\nb | some of: x, y, z | optional\nc | yes or no");
        let field = |index: usize| &modal["components"][index]["component"];
        let limits = |index| {
            let field = field(index);
            (&field["type"], &field["min_values"], &field["max_values"])
        };
        assert_eq!(limits(0), (&json!(3), &json!(1), &json!(1)));
        assert_eq!(limits(1), (&json!(3), &json!(0), &json!(3)));
        assert_eq!(limits(2), (&json!(3), &json!(1), &json!(1)));
        assert_eq!(field(0)["options"][1]["value"], "y");
        assert_eq!(field(2)["options"][0]["label"], "Yes");
        assert_eq!(field(2)["options"][0]["value"], "yes");
        assert_eq!(field(1)["required"], false);
    }

    #[test]
    fn members_roles_channels_and_files() {
        let modal = shown("a | member\nb | role\nc | channel | optional\nd | files | optional");
        let kinds: Vec<_> = (0..4)
            .map(|index| modal["components"][index]["component"]["type"].clone())
            .collect();
        assert_eq!(kinds, [5, 6, 8, 19]);
        let files = &modal["components"][3]["component"];
        assert_eq!(
            (&files["min_values"], &files["max_values"]),
            (&json!(0), &json!(10))
        );
    }

    #[test]
    fn a_title_is_cut() {
        let form = tickets::form::parse("a | short").unwrap().unwrap();
        let modal = form_modal(
            ModalId::TriedForm(InboxId(1)),
            &"é".repeat(50),
            &form,
            Language::DEFAULT,
        );
        assert_eq!(modal.title, Some("é".repeat(45)));
    }
}
