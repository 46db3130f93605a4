use expect_test::expect;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn file(filename: &str, description: Option<&str>) -> Download {
    Download {
        attachment: Attachment {
            filename: filename.into(),
            url: format!("https://cdn.example/{filename}"),
            size: 3,
            description: description.map(str::to_owned),
            is_image: true,
        },
        bytes: vec![1, 2, 3],
    }
}

fn files(names: &[&str]) -> Vec<Download> {
    names.iter().map(|name| file(name, None)).collect()
}

fn text(text: &str, pictures: &[&str], others: &[&str]) -> InboxMessage {
    let body = Body::Text {
        text: text.into(),
        pictures: files(pictures),
        files: files(others),
    };
    inbox_message(body, &button(), Language::DEFAULT)
}

fn json_of(embeds: &[Embed]) -> Value {
    serde_json::to_value(embeds).unwrap()
}

fn names(message: &InboxMessage) -> Vec<&str> {
    let names = message.attachments.iter();
    names.map(|upload| upload.filename.as_str()).collect()
}

#[test]
fn pictures_that_are_uploaded_again_are_shown_wherever_they_were() {
    let (old, other) = (
        "https://cdn.discordapp.com/attachments/1/2/a.png?ex=1",
        "https://a.example/b.png",
    );
    let embed: Embed = serde_json::from_value(serde_json::json!({
        "type": "rich", "title": "Rules", "image": {"url": old}, "thumbnail": {"url": other},
        "author": {"name": "Us", "icon_url": old}, "footer": {"text": "x", "icon_url": other}}))
    .unwrap();
    assert_eq!(pictures(std::slice::from_ref(&embed)), [old, other]);
    let body = Body::Embeds {
        embeds: vec![embed],
        files: files(&["a.png"]),
        pictures: vec![(old.to_owned(), files(&["a.png"]).remove(0))],
    };
    let message = inbox_message(body, &button(), Language::DEFAULT);
    let [copy] = &message.embeds[..] else {
        panic!("one embed");
    };
    let image = copy.image.as_ref().map(|it| it.url.as_str());
    assert_eq!(image, Some("attachment://a-2.png"));
    let icon = copy.author.as_ref().and_then(|it| it.icon_url.as_deref());
    assert_eq!(icon, Some("attachment://a-2.png"));
    let thumbnail = copy.thumbnail.as_ref().map(|it| it.url.as_str());
    assert_eq!(thumbnail, Some(other), "it does not go with the message");
}

#[test]
fn the_button_speaks_the_servers_language() {
    let body = Body::Text {
        text: "hi".into(),
        pictures: vec![],
        files: vec![],
    };
    let message = inbox_message(body, &button(), Language::of("de"));
    expect![[r#"
        [
          {
            "type": 1,
            "components": [
              {
                "type": 2,
                "custom_id": "create-ticket",
                "label": "Ticket erstellen",
                "style": 1
              }
            ]
          }
        ]"#]]
    .assert_eq(&serde_json::to_string_pretty(&message.components).unwrap());
}

#[test]
fn a_text_becomes_an_embed() {
    let message = text("Need help?", &[], &[]);
    assert_eq!(
        json_of(&message.embeds),
        json!([{"type": "rich", "description": "Need help?"}])
    );
    assert_eq!(message.attachments, []);
}

#[test]
fn one_picture_is_in_the_embed() {
    let message = text("Need help?", &["cat.png"], &[]);
    assert_eq!(
        json_of(&message.embeds),
        json!([{
            "type": "rich",
            "description": "Need help?",
            "image": {"url": "attachment://cat.png"},
        }])
    );
    assert_eq!(names(&message), ["cat.png"]);
    assert_eq!(message.attachments[0].file, [1, 2, 3]);
    // Without text, there is only the picture.
    assert_eq!(
        json_of(&text("", &["cat.png"], &[]).embeds),
        json!([{"type": "rich", "image": {"url": "attachment://cat.png"}}])
    );
}

#[test]
fn several_pictures_are_galleries_of_four() {
    let pictures: Vec<_> = (1..=10).map(|n| format!("{n}.png")).collect();
    let pictures: Vec<_> = pictures.iter().map(String::as_str).collect();
    let message = text("Look", &pictures, &[]);
    let shown: Vec<_> = message
        .embeds
        .iter()
        .map(|embed| {
            let image = embed.image.as_ref().unwrap();
            (embed.url.as_deref().unwrap(), image.url.as_str())
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("https://discord.com/#1", "attachment://1.png"),
            ("https://discord.com/#1", "attachment://2.png"),
            ("https://discord.com/#1", "attachment://3.png"),
            ("https://discord.com/#1", "attachment://4.png"),
            ("https://discord.com/#2", "attachment://5.png"),
            ("https://discord.com/#2", "attachment://6.png"),
            ("https://discord.com/#2", "attachment://7.png"),
            ("https://discord.com/#2", "attachment://8.png"),
            ("https://discord.com/#3", "attachment://9.png"),
            ("https://discord.com/#3", "attachment://10.png"),
        ]
    );
    let texts: Vec<_> = message
        .embeds
        .iter()
        .map(|e| e.description.as_deref())
        .collect();
    assert_eq!(texts[0], Some("Look"));
    assert!(texts[1..].iter().all(Option::is_none));
}

#[test]
fn files_are_no_pictures() {
    let message = text("", &[], &["rules.pdf"]);
    assert_eq!(message.embeds, []);
    assert_eq!(names(&message), ["rules.pdf"]);

    let message = text("Read", &["cat.png"], &["rules.pdf", "SPOILER_dog.png"]);
    assert_eq!(names(&message), ["cat.png", "rules.pdf", "SPOILER_dog.png"]);
    assert_eq!(message.embeds.len(), 1);
    let ids: Vec<_> = message.attachments.iter().map(|upload| upload.id).collect();
    assert_eq!(ids, [0, 1, 2]);
}

#[test]
fn alt_texts_are_kept() {
    let body = Body::Text {
        text: String::new(),
        pictures: vec![
            file("a.png", Some("A cat")),
            file("b.png", Some("")),
            file("c.png", Some(&"x".repeat(2000))),
        ],
        files: vec![],
    };
    let message = inbox_message(body, &button(), Language::DEFAULT);
    let alt_texts: Vec<_> = message
        .attachments
        .iter()
        .map(|upload| upload.description.as_deref())
        .collect();
    assert_eq!(
        alt_texts,
        [Some("A cat"), None, Some("x".repeat(1024).as_str())]
    );
}

#[test]
fn names_are_safe_and_differ() {
    let pictures = [
        "cat.png",
        "cat.png",
        "CAT.png",
        "my cat.png",
        "../../cat.png",
        "猫.png",
        "犬.png",
        "",
        "png",
    ];
    let message = text("", &pictures, &["cat.png"]);
    assert_eq!(
        names(&message),
        [
            "cat.png",
            "cat-2.png",
            "CAT-3.png",
            "my_cat.png",
            ".._.._cat.png",
            "file.png",
            "file-2.png",
            "file",
            "png",
            "cat-4.png",
        ]
    );
    for (embed, name) in message.embeds.iter().zip(names(&message)) {
        let image = embed.image.as_ref().unwrap();
        assert_eq!(image.url, format!("attachment://{name}"));
    }
}

#[test]
fn a_long_name_keeps_its_extension() {
    let name = format!("{}.webp", "x".repeat(300));
    let safe = safe_filename(&name);
    assert_eq!(safe, format!("{}.webp", "x".repeat(95)));
    let odd = format!("a.{}", "x".repeat(300));
    assert_eq!(safe_filename(&odd).len(), 100);
}

/// A webhook's embed, as Discord sends it to the bot.
fn received() -> Value {
    json!({
        "type": "rich",
        "title": "Support",
        "description": "We help.",
        "url": "https://example.com/",
        "color": 0x00AA_BBCC,
        "timestamp": "2026-03-09T12:00:00.000000+00:00",
        "author": {
            "name": "Mia",
            "url": "https://example.com/mia",
            "icon_url": "https://example.com/mia.png",
            "proxy_icon_url": "https://proxy.example/mia.png",
        },
        "footer": {
            "text": "Bye",
            "icon_url": "https://example.com/bye.png",
            "proxy_icon_url": "https://proxy.example/bye.png",
        },
        "fields": [{"name": "When", "value": "Always", "inline": true}],
        "image": {
            "url": "https://example.com/big.png",
            "proxy_url": "https://proxy.example/big.png",
            "width": 10,
            "height": 20,
            "content_type": "image/png",
            "placeholder": "abc",
            "placeholder_version": 1,
            "flags": 0,
        },
        "thumbnail": {
            "url": "https://example.com/small.png",
            "proxy_url": "https://proxy.example/small.png",
            "width": 1,
            "height": 2,
        },
        "provider": {"name": "Example"},
        "video": {"url": "https://example.com/video.mp4"},
    })
}

#[test]
fn an_embed_is_copied_whole_but_for_what_discord_added() {
    let embed: Embed = serde_json::from_value(received()).unwrap();
    let body = Body::Embeds {
        embeds: vec![embed],
        files: files(&["rules.pdf"]),
        pictures: vec![],
    };
    let message = inbox_message(body, &button(), Language::DEFAULT);
    assert_eq!(names(&message), ["rules.pdf"]);
    assert_eq!(
        json_of(&message.embeds),
        json!([{
            "type": "rich",
            "title": "Support",
            "description": "We help.",
            "url": "https://example.com/",
            "color": 0x00AA_BBCC,
            "timestamp": "2026-03-09T12:00:00.000000+00:00",
            "author": {
                "name": "Mia",
                "url": "https://example.com/mia",
                "icon_url": "https://example.com/mia.png",
            },
            "footer": {"text": "Bye", "icon_url": "https://example.com/bye.png"},
            "fields": [{"name": "When", "value": "Always", "inline": true}],
            "image": {"url": "https://example.com/big.png"},
            "thumbnail": {"url": "https://example.com/small.png"},
        }])
    );
}

#[test]
fn previews_of_links_are_not_copied() {
    let embed = |kind: &str| Embed {
        kind: kind.into(),
        ..empty_embed()
    };
    let kinds = ["rich", "link", "video", "image", "gifv", "article", "rich"];
    let embeds: Vec<_> = kinds.into_iter().map(embed).collect();
    assert_eq!(own_embeds(&embeds).len(), 2);
    let many: Vec<_> = (0..15).map(|_| embed("rich")).collect();
    assert_eq!(own_embeds(&many).len(), 10);
}

proptest! {
    #[test]
    fn any_name_becomes_one_that_discord_leaves_alone(name in "\\PC{0,150}", again in 1_usize..4) {
        let mut uploads = Uploads::default();
        let mut seen = HashSet::new();
        for _ in 0..again {
            let name = uploads.add(file(&name, None));
            prop_assert!(!name.is_empty() && name.len() <= 110);
            prop_assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c)));
            prop_assert!(seen.insert(name));
        }
    }
}

fn button() -> inbox::Button {
    inbox::Button::default()
}

#[test]
fn a_button_of_ones_own() {
    let own = inbox::Button {
        label: Some("Apply".to_owned()),
        emoji: Some(Emoji::Custom {
            animated: false,
            name: "scroll".to_owned(),
            id: 9,
        }),
        colour: Colour::Green,
    };
    let row = serde_json::to_value(button_row(&own, Language::DEFAULT)).unwrap();
    let button = &row["components"][0];
    assert_eq!(
        (&button["label"], &button["style"]),
        (&"Apply".into(), &3.into())
    );
    assert_eq!(button["emoji"]["id"], "9");
    let bare = inbox::Button { emoji: None, ..own };
    let row = serde_json::to_value(button_row(&bare, Language::DEFAULT)).unwrap();
    assert!(row["components"][0].get("emoji").is_none());
}
