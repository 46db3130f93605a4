//! The modals for a ticket's starting message and name.

use tickets::action::Modal;
use tickets::template::{MAX_NAME, MAX_STARTER, cut};
use twilight_model::channel::message::Component;
use twilight_model::channel::message::component::{Label, TextInput, TextInputStyle};
use twilight_model::http::interaction::InteractionResponseData;

use super::settings;
use crate::discord::custom_id::{MODAL_FIELD, ModalId};
use crate::translate::{Language, Phrase, default_starter_template, phrase};

/// The modal in the reader's language. Its default contents are in the server's.
pub fn modal(modal: &Modal, reader: Language, server: Language) -> InteractionResponseData {
    let (id, title, field) = match modal {
        Modal::Setting { inbox, key, value } => {
            return settings::control(*inbox, key, value, reader, server);
        }
        Modal::Inboxes {
            inbox,
            key,
            inboxes,
            chosen,
            is_shortened,
        } => {
            let description = is_shortened.then(|| phrase(Phrase::InboxesShortened, reader));
            let control = (*inbox, *key);
            return settings::inboxes_control(control, inboxes, *chosen, description, reader);
        }
        Modal::Starter { inbox, template } => (
            ModalId::Starter(*inbox),
            Phrase::StarterModalTitle,
            Field {
                label: Phrase::StarterModalLabel,
                description: Phrase::StarterModalDescription,
                style: TextInputStyle::Paragraph,
                max: MAX_STARTER,
                value: template
                    .clone()
                    .unwrap_or_else(|| default_starter_template(server)),
            },
        ),
        Modal::Name {
            inbox,
            template,
            has_form,
        } => (
            ModalId::Name(*inbox),
            Phrase::NameModalTitle,
            Field {
                label: Phrase::NameModalLabel,
                description: if *has_form {
                    Phrase::NameModalDescriptionForm
                } else {
                    Phrase::NameModalDescription
                },
                style: TextInputStyle::Short,
                max: MAX_NAME,
                value: template.clone(),
            },
        ),
    };
    InteractionResponseData {
        custom_id: Some(id.to_string()),
        title: Some(phrase(title, reader)),
        components: Some(vec![field.component(reader)]),
        ..InteractionResponseData::default()
    }
}

struct Field {
    label: Phrase,
    description: Phrase,
    style: TextInputStyle,
    max: usize,
    value: String,
}

impl Field {
    fn component(self, reader: Language) -> Component {
        // Discord rejects a modal with a value that is longer than its field allows.
        let value = cut(&self.value, self.max).to_owned();
        #[expect(deprecated, reason = "the model still has the field")]
        let input = TextInput {
            custom_id: MODAL_FIELD.to_owned(),
            id: None,
            label: None,
            max_length: u16::try_from(self.max).ok(),
            min_length: None,
            placeholder: None,
            // An empty field resets to the default.
            required: Some(false),
            style: self.style,
            value: (!value.is_empty()).then_some(value),
        };
        Component::Label(Label {
            component: Box::new(Component::TextInput(input)),
            description: Some(phrase(self.description, reader)),
            id: None,
            label: phrase(self.label, reader),
        })
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use tickets::InboxId;

    use super::*;

    const INBOX: InboxId = InboxId(40);

    fn field(modal: &InteractionResponseData) -> &TextInput {
        match modal.components.as_deref() {
            Some([Component::Label(label)]) => match &*label.component {
                Component::TextInput(input) => input,
                other => panic!("expected a text input, not {other:?}"),
            },
            other => panic!("expected one label, not {other:?}"),
        }
    }

    #[test]
    fn the_form_for_a_name() {
        let form = Modal::Name {
            inbox: INBOX,
            template: "$counter".into(),
            has_form: false,
        };
        let form = modal(&form, Language::DEFAULT, Language::DEFAULT);
        expect![[r#"
            {
              "components": [
                {
                  "type": 18,
                  "label": "Name",
                  "description": "You can use $year, $month, $day, $author and $counter. Leave empty for the default.",
                  "component": {
                    "type": 4,
                    "custom_id": "template",
                    "max_length": 100,
                    "required": false,
                    "style": 1,
                    "value": "$counter"
                  }
                }
              ],
              "custom_id": "name:40",
              "title": "Name of new tickets"
            }"#]].assert_eq(&serde_json::to_string_pretty(&form).unwrap());
    }

    #[test]
    fn without_an_own_starter_the_servers_default_is_shown() {
        let form = Modal::Starter {
            inbox: INBOX,
            template: None,
        };
        let german = Language::of("de");
        let form = modal(&form, Language::DEFAULT, german);
        assert_eq!(form.custom_id.as_deref(), Some("starter:40"));
        assert_eq!(field(&form).value, Some(default_starter_template(german)),);
        assert_eq!(
            form.title,
            Some(phrase(Phrase::StarterModalTitle, Language::DEFAULT))
        );
    }

    #[test]
    fn an_own_starter_is_shown_as_far_as_it_fits() {
        let shown = |template: String| {
            let form = Modal::Starter {
                inbox: INBOX,
                template: Some(template),
            };
            let form = modal(&form, Language::DEFAULT, Language::DEFAULT);
            assert_eq!(field(&form).max_length, Some(2000));
            assert_eq!(field(&form).required, Some(false));
            field(&form).value.clone()
        };
        assert_eq!(shown("Hi $author".into()).as_deref(), Some("Hi $author"));
        assert_eq!(shown("é".repeat(2100)), Some("é".repeat(2000)));
    }
}
