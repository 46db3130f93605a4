use serde_json::{Value, json};
use tickets::MessageId;

use super::*;

const ME: UserId = UserId(99);
const ID: &str = "175928847299117063";

fn interaction(kind: u8, data: Value) -> Interaction {
    let mut wire = json!({
        "id": ID, "application_id": "98", "type": kind, "token": "secret", "version": 1,
        "guild_id": "1", "channel_id": "10", "locale": "de", "guild_locale": "fr",
        "channel": {"id": "10", "type": 0, "rate_limit_per_user": 90},
        "member": {"nick": null, "roles": ["30"], "permissions": "17179869184",
            "joined_at": "2016-04-30T12:00:00.500000+00:00",
            "communication_disabled_until": "2016-04-30T12:00:00.500000+00:00", "user":
            {"id": "20", "username": "mia_", "global_name": "Mia", "avatar": null}},
        "message": {"id": "40", "content": ""},
    });
    wire["data"] = data;
    translate(serde_json::from_value(wire).unwrap(), ME)
}

fn request(kind: u8, data: Value) -> Request {
    match interaction(kind, data).invoked {
        Invoked::InGuild { request, .. } => request,
        Invoked::Elsewhere => panic!("it was in a server"),
        Invoked::Unknown(what) => panic!("unknown: {what}"),
    }
}

fn unknown(kind: u8, data: Value) -> bool {
    matches!(interaction(kind, data).invoked, Invoked::Unknown(_))
}

#[test]
fn who_invoked_and_how_they_are_answered() {
    let click = interaction(
        3,
        json!({"custom_id": "create-ticket", "component_type": 2}),
    );
    let Invoked::InGuild {
        invoker, request, ..
    } = click.invoked
    else {
        panic!("a click")
    };
    assert_eq!(
        invoker,
        Invoker {
            guild: GuildId(1),
            channel: ChannelId(10),
            user: UserId(20),
            display_name: "Mia".into(),
            username: "mia_".into(),
            manages: false,
            roles: vec![RoleId(30)],
            joined_at: Some(Timestamp(1_462_017_600_500)),
            permissions: Permissions(1 << 34),
            timed_out_until: Some(Timestamp(1_462_017_600_500)),
            at: Timestamp(1_462_015_105_796),
        }
    );
    assert_eq!(
        request,
        Request::OpenTicket {
            inbox: InboxId(40),
            slowmode: 90,
            channel_name: None,
            answers: None,
            menu: None,
        }
    );
    assert_eq!(
        (
            click.reply.locale.as_str(),
            click.reply.guild_locale.as_str()
        ),
        ("de", "fr")
    );
    assert!(click.reply.from_component);
}

#[test]
fn commands() {
    let inbox = |options: Value| json!({"id": "5", "name": "inbox", "options": [options]});
    let create = json!({"type": 1, "name": "create", "options": [
        {"type": 7, "name": "channel", "value": "10"},
        {"type": 7, "name": "destination", "value": "11"}]});
    assert_eq!(
        request(2, inbox(create)),
        Request::Inbox(InboxRequest::Create {
            channel: ChannelId(10),
            destination: Some(ChannelId(11)),
            name: None,
            panel: None,
        })
    );
    let entry = json!({"type": 1, "name": "create", "options": [
        {"type": 7, "name": "channel", "value": "10"},
        {"type": 3, "name": "name", "value": "Billing"},
        {"type": 3, "name": "panel", "value": "40"}]});
    assert_eq!(
        request(2, inbox(entry)),
        Request::Inbox(InboxRequest::Create {
            channel: ChannelId(10),
            destination: None,
            name: Some("Billing".into()),
            panel: Some("40".into()),
        })
    );
    let destination = json!({"type": 1, "name": "destination", "options": [
        {"type": 7, "name": "channel", "value": "11"}]});
    assert_eq!(
        request(2, inbox(destination)),
        Request::Inbox(InboxRequest::Change(Task::Destination(ChannelId(11))))
    );
    for (name, task) in [("message", Task::Message), ("staff", Task::Staff)] {
        let options = json!({"type": 1, "name": name});
        assert_eq!(
            request(2, inbox(options)),
            Request::Inbox(InboxRequest::Change(task))
        );
    }
    for (name, task) in [("starter", Task::Starter), ("name", Task::Name)] {
        let options = json!({"type": 2, "name": "new-tickets", "options": [
            {"type": 1, "name": name}]});
        assert_eq!(
            request(2, inbox(options)),
            Request::Inbox(InboxRequest::Change(task))
        );
    }
    let named = json!({"type": 1, "name": "staff", "options": [
        {"type": 3, "name": "inbox", "value": "40"}]});
    assert_eq!(
        request(2, inbox(named)),
        Request::Inbox(InboxRequest::ChangeNamed {
            task: Task::Staff,
            inbox: "40".into()
        })
    );
    assert!(unknown(2, inbox(json!({"type": 1, "name": "dance"}))));
    assert!(unknown(2, inbox(json!({"type": 1, "name": "panel"}))));
    assert!(unknown(2, json!({"name": "dance"})));
    assert!(unknown(4, json!({"name": "inbox"})));
}

/// The id of @everyone is the server's id, and no user has it.
#[test]
fn whoever_is_no_user_is_in_no_server() {
    for (id, resolved) in [
        ("1", json!({})),
        ("1", json!({"roles": {"1": {"name": "@everyone"}}})),
    ] {
        let option = json!([{"type": 6, "name": "member", "value": id}]);
        let add = json!({"name": "ticket", "resolved": resolved,
            "options": [{"type": 1, "name": "add", "options": option}]});
        let Request::Ticket(TicketRequest::Add(target)) = request(2, add) else {
            panic!("it is about somebody");
        };
        assert_eq!((target.user, target.permissions), (UserId(1), None));
    }
}

#[test]
fn settings_by_command_and_what_is_typed() {
    let options = json!({"name": "inbox", "options": [{"type": 1, "name": "settings",
        "options": [{"type": 3, "name": "setting", "value": "lock"}]}]});
    assert_eq!(
        request(2, options),
        Request::Settings(SettingsRequest::Open {
            inbox: None,
            setting: Some("lock".into())
        })
    );
    // A suggestion's translated name is accepted like its key.
    for (written, key) in [
        (" wartezeit zwischen Tickets", "cooldown"),
        ("Button-Text", "button-label"),
        ("button-label", "button-label"),
        ("Nichts", "Nichts"),
    ] {
        let options = json!({"name": "inbox", "options": [{"type": 1, "name": "settings",
            "options": [{"type": 3, "name": "setting", "value": written}]}]});
        let named = Request::Settings(SettingsRequest::Open {
            inbox: None,
            setting: Some(key.into()),
        });
        assert_eq!(request(2, options), named);
    }
    let typing = |name: &str| {
        json!({"name": "inbox", "options": [{"type": 1, "name": "settings", "options": [
            {"type": 3, "name": name, "value": "su", "focused": true}]}]})
    };
    let typed = "su".to_owned();
    assert_eq!(
        request(4, typing("inbox")),
        Request::Complete(Complete::Inbox {
            typed: typed.clone()
        })
    );
    assert_eq!(
        request(4, typing("setting")),
        Request::Complete(Complete::Setting { typed })
    );
    assert!(unknown(4, typing("colour")));
}

#[test]
fn settings_by_menu_modal_and_button() {
    let chosen =
        |id: &str, value: &str| json!({"custom_id": id, "component_type": 3, "values": [value]});
    assert_eq!(
        request(3, chosen("settings-of:lock", "40")),
        Request::Settings(SettingsRequest::ChooseInbox {
            inbox: InboxId(40),
            setting: Some("lock")
        })
    );
    assert_eq!(
        request(3, chosen("settings:tickets:40", "lock")),
        Request::Settings(SettingsRequest::Choose {
            inbox: Some(InboxId(40)),
            key: "lock"
        })
    );
    assert_eq!(
        request(3, chosen("settings:tickets:40", "lock=archive")),
        Request::Settings(SettingsRequest::Enter {
            inbox: Some(InboxId(40)),
            key: "lock",
            entered: Entered::Text("archive".into())
        })
    );
    assert!(unknown(3, chosen("settings:tickets:40", "nothing")));
    assert!(unknown(3, chosen("settings:tickets:40", "nothing=lock")));
    assert!(unknown(3, chosen("settings-of", "nothing")));
    let submitted = |id: &str, field: Value| json!({"custom_id": id, "components": [{"type": 18, "component": field}]});
    let line = json!({"type": 4, "custom_id": "template", "value": "5m"});
    assert_eq!(
        request(5, submitted("setting:cooldown:40", line)),
        Request::Settings(SettingsRequest::Enter {
            inbox: Some(InboxId(40)),
            key: "cooldown",
            entered: Entered::Text("5m".into())
        })
    );
    let menu = json!({"type": 3, "custom_id": "template", "values": ["lock"]});
    assert_eq!(
        request(5, submitted("setting:lock:40", menu)),
        Request::Settings(SettingsRequest::Enter {
            inbox: Some(InboxId(40)),
            key: "lock",
            entered: Entered::Chosen(vec!["lock".into()])
        })
    );
    let button = json!({"custom_id": "edit:cooldown:40", "component_type": 2});
    assert_eq!(
        request(3, button),
        Request::Settings(SettingsRequest::Edit {
            inbox: Some(InboxId(40)),
            key: "cooldown",
            written: String::new()
        })
    );
}

#[test]
fn a_selected_message() {
    let message = json!({
        "id": "41", "channel_id": "10", "content": "Need help?", "author": {"id": "20"},
        "attachments": [
            {"id": "1", "filename": "a.png", "url": "https://c/a.png", "size": 5,
             "content_type": "image/png", "width": 1, "height": 1, "description": "A"},
            {"id": "2", "filename": "b.svg", "url": "https://c/b.svg", "size": 6,
             "content_type": "image/svg+xml"},
            {"id": "3", "filename": "c.JPG", "url": "https://c/c", "size": 7}],
        "embeds": [{"type": "link", "url": "https://a.example"}],
        "components": [{"type": 1, "components": [
            {"type": 2, "style": 1, "custom_id": "create-ticket"}]}],
    });
    let data = |message: &Value| {
        json!({"name": "Select this message", "type": 3, "target_id": "41",
            "resolved": {"messages": {"41": message}}})
    };
    let Request::Inbox(InboxRequest::Select(selected)) = request(2, data(&message)) else {
        panic!("a selection")
    };
    assert_eq!(
        (selected.id, selected.channel),
        (MessageId(41), ChannelId(10))
    );
    assert_eq!(selected.text, "Need help?");
    assert!(!selected.has_embeds && !selected.looks_like_inbox);
    let shown: Vec<_> = selected
        .attachments
        .iter()
        .map(|file| file.is_image)
        .collect();
    assert_eq!(shown, [true, false, true]);
    assert_eq!(selected.attachments[0].description.as_deref(), Some("A"));

    let mut own = message.clone();
    own["author"] = json!({"id": "99", "bot": true});
    own["embeds"] = json!([{"type": "rich", "title": "Hi"}]);
    let invoked = interaction(2, data(&own)).invoked;
    let Invoked::InGuild {
        request: Request::Inbox(InboxRequest::Select(selected)),
        embeds,
        ..
    } = invoked
    else {
        panic!("a selection")
    };
    assert!(selected.has_embeds && selected.looks_like_inbox);
    assert_eq!(embeds.len(), 1);

    let mut renamed = message.clone();
    renamed["type"] = json!(4);
    let Request::Inbox(InboxRequest::Select(selected)) = request(2, data(&renamed)) else {
        panic!("a selection")
    };
    assert_eq!(selected.text, "");
    assert!(unknown(
        2,
        json!({"name": "Select this message", "target_id": "41"})
    ));
}

#[test]
fn the_menu_of_staff() {
    let data = json!({"custom_id": "staff:40", "component_type": 7, "values": ["20", "30"],
        "resolved": {"users": {"20": {"id": "20"}}, "members": {"20": {}}, "roles": {"30": {"a": 1}}}});
    assert_eq!(
        request(3, data),
        Request::Inbox(InboxRequest::ChooseStaff {
            inbox: InboxId(40),
            staff: vec![Mention::User(UserId(20)), Mention::Role(RoleId(30))],
        })
    );
    assert!(unknown(3, json!({"custom_id": "staff:x"})));
    assert!(unknown(3, json!({"custom_id": "something"})));
}

#[test]
fn forms() {
    let submitted = |id: &str, value: Value| {
        json!({"custom_id": id, "components": [{"type": 18, "id": 1, "component":
            {"type": 4, "id": 2, "custom_id": "template", "value": value}}]})
    };
    assert_eq!(
        request(5, submitted("starter:40", json!("Hi $author"))),
        Request::Inbox(InboxRequest::SetStarter {
            inbox: InboxId(40),
            template: "Hi $author".into()
        })
    );
    assert_eq!(
        request(5, submitted("name:40", Value::Null)),
        Request::Inbox(InboxRequest::SetName {
            inbox: InboxId(40),
            template: String::new()
        })
    );
    assert!(unknown(5, submitted("create-ticket", json!("x"))));
}

#[test]
fn the_answers_to_a_form() {
    let field = |id: &str, rest: Value| {
        let mut component = json!({"type": 4, "id": 2, "custom_id": id});
        let (all, rest) = (component.as_object_mut().unwrap(), rest);
        all.extend(rest.as_object().cloned().unwrap());
        json!({"type": 18, "id": 1, "component": component})
    };
    let data = json!({"custom_id": "form:40", "components": [
        field("ask:short:Who: you?", json!({"value": " Mia "})),
        field("ask:long:Why?", json!({"value": ""})),
        field("ask:some-of:Which?", json!({"values": ["a", "b"]})),
        field("ask:yes-or-no:Sure?", json!({"values": ["no"]})),
        field("ask:member:Whom?", json!({"values": ["20"]})),
        field("ask:role:What?", json!({"values": ["30"]})),
        field("ask:channel:Where?", json!({"values": []})),
        field("ask:files:Files", json!({"values": ["70", "71"]})),
        field("something", json!({"value": "else"}))],
        "resolved": {
            "users": {"20": {"id": "20", "username": "mia_", "global_name": "Mia"}},
            "members": {"20": {"nick": "Mimi"}},
            "roles": {"30": {"name": "Admins"}},
            "attachments": {"70": {"id": "70", "filename": "a.png", "size": 3,
                "url": "https://c/a.png", "content_type": "image/png"}}}});
    let Request::OpenTicket {
        inbox,
        slowmode,
        answers: Some(answers),
        ..
    } = request(5, data)
    else {
        panic!("a submission")
    };
    assert_eq!((inbox, slowmode), (InboxId(40), 90));
    let of = |label: &str| {
        let answer = answers.iter().find(|it| it.label == label);
        answer.unwrap_or_else(|| panic!("no {label}")).value.clone()
    };
    assert_eq!(answers.len(), 8);
    assert_eq!(of("Who: you?"), super::Value::Text("Mia".into()));
    assert!(of("Why?").is_nothing() && of("Where?").is_nothing());
    let both = vec!["a".into(), "b".into()];
    assert_eq!(of("Which?"), super::Value::Choices(both));
    assert_eq!(of("Sure?"), super::Value::YesOrNo(false));
    let member = super::Value::Member {
        id: UserId(20),
        name: "Mimi".into(),
    };
    assert_eq!(of("Whom?"), member);
    let role = super::Value::Role {
        id: RoleId(30),
        name: "Admins".into(),
    };
    assert_eq!(of("What?"), role);
    let super::Value::Files(files) = of("Files") else {
        panic!("files")
    };
    assert_eq!((files.len(), &*files[0].filename), (1, "a.png"));
}

#[test]
fn outside_of_servers_nothing_works() {
    let wire = json!({"id": ID, "application_id": "98", "type": 2, "token": "secret",
        "channel_id": "10", "user": {"id": "20"}, "locale": "de", "data": {"name": "inbox"}});
    let interaction = translate(serde_json::from_value(wire).unwrap(), ME);
    assert!(matches!(interaction.invoked, Invoked::Elsewhere));
}
