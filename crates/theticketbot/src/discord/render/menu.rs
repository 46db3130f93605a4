//! The menu with an inbox's staff.

use tickets::decide::inbox::MAX_STAFF;
use tickets::{InboxId, Mention};
use twilight_model::channel::message::Component;
use twilight_model::channel::message::component::{
    ButtonStyle, SelectDefaultValue, SelectMenu, SelectMenuType,
};
use twilight_model::id::Id;

use super::component::{lone_button, menu, row};
use crate::discord::custom_id::ComponentId;
use crate::translate::{Language, Phrase, phrase};

/// A menu of members and roles that shows the present staff, at most 25 of them.
pub fn staff_menu(inbox: InboxId, staff: &[Mention], language: Language) -> Vec<Component> {
    let menu = SelectMenu {
        max_values: u8::try_from(MAX_STAFF).ok(),
        min_values: Some(0),
        placeholder: Some(phrase(Phrase::StaffMenuPlaceholder, language)),
        ..mentions_menu(&ComponentId::Staff(inbox).to_string(), staff)
    };
    vec![row(vec![Component::SelectMenu(menu)])]
}

/// A menu of members and roles with these preselected, up to Discord's limit.
pub fn mentions_menu(id: &str, chosen: &[Mention]) -> SelectMenu {
    let defaults: Vec<_> = chosen
        .iter()
        .filter_map(|who| {
            Some(match *who {
                Mention::User(user) => SelectDefaultValue::User(Id::new_checked(user.0)?),
                Mention::Role(role) => SelectDefaultValue::Role(Id::new_checked(role.0)?),
            })
        })
        .take(MAX_STAFF)
        .collect();
    SelectMenu {
        default_values: Some(defaults),
        kind: SelectMenuType::Mentionable,
        options: None,
        ..menu(id.to_owned(), Vec::new())
    }
}

/// The button that saves the suggested staff. It is needed because clients send a menu only if it was
/// changed.
pub fn use_suggested_button(inbox: InboxId, reader: Language) -> Component {
    let id = ComponentId::UseSuggested(inbox);
    lone_button(
        id,
        &phrase(Phrase::UseSuggestedButton, reader),
        ButtonStyle::Primary,
    )
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use tickets::{RoleId, UserId};

    use super::*;

    #[test]
    fn the_menu_shows_todays_staff() {
        let staff = [Mention::Role(RoleId(30)), Mention::User(UserId(20))];
        let menu = staff_menu(InboxId(40), &staff, Language::DEFAULT);
        expect![[r#"
            [
              {
                "type": 1,
                "components": [
                  {
                    "type": 7,
                    "custom_id": "staff:40",
                    "default_values": [
                      {
                        "type": "role",
                        "id": "30"
                      },
                      {
                        "type": "user",
                        "id": "20"
                      }
                    ],
                    "disabled": false,
                    "max_values": 25,
                    "min_values": 0,
                    "placeholder": "Choose members and roles"
                  }
                ]
              }
            ]"#]]
        .assert_eq(&serde_json::to_string_pretty(&menu).unwrap());
    }

    #[test]
    fn a_menu_holds_25() {
        let staff: Vec<_> = (1..40).map(|id| Mention::User(UserId(id))).collect();
        let menu = staff_menu(InboxId(40), &staff, Language::DEFAULT);
        let json = serde_json::to_value(&menu).unwrap();
        let defaults = &json[0]["components"][0]["default_values"];
        assert_eq!(defaults.as_array().unwrap().len(), 25);
    }
}
