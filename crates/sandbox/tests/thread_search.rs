//! The search among the posts of a forum and the threads of a channel, over REST.

mod bot;
mod control;

use bot::{Bot, id};
use control::Control;
use discord_sandbox::permissions::Permissions;
use discord_sandbox::{Error, Sandbox};
use reqwest::Method;
use serde_json::{Value, json};

/// The names of what was found.
fn names(found: &Value) -> Vec<&str> {
    let threads = found["threads"].as_array().unwrap();
    threads
        .iter()
        .map(|t| t["name"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn posts_are_found_by_words_tags_and_state() -> Result<(), Error> {
    let sandbox = Sandbox::builder().bad_requests_are_meant().start().await?;
    let bot = Bot::new(&sandbox);
    let (mia, max) = (sandbox.member(), sandbox.moderator());
    let wanted =
        json!({"name": "help", "type": 15, "available_tags": [{"name": "bug"}, {"name": "idea"}]});
    let channels = format!("/people/owner/guilds/{}/channels", sandbox.guild_id());
    let forum = Control::new(&sandbox).ok("POST", &channels, &wanted).await;
    let tags: Vec<String> = (0..2)
        .map(|n| id(&forum["available_tags"][n]).to_owned())
        .collect();
    let post = async |name: &str, applied: &[&String]| {
        let body = json!({"name": name, "message": {"content": "hi"}, "applied_tags": applied});
        let path = format!("/channels/{}/threads", id(&forum));
        bot.call(Method::POST, &path, Some(body), 201).await
    };
    let exit = post("Where is the exit?", &[&tags[0]]).await;
    post("The exit is on fire", &[&tags[0], &tags[1]]).await;
    post("A door", &[&tags[1]]).await;
    let done = post("Done: the exit", &[]).await;
    max.archive(id(&done).parse().unwrap()).await?;
    mia.send(id(&exit).parse().unwrap(), "me too").await?;

    let search = async |query: &str| {
        bot.get(&format!("/channels/{}/threads/search?{query}", id(&forum)))
            .await
    };
    let all = search("").await;
    let (found, first) = (names(&all), all["first_messages"].as_array().unwrap());
    assert_eq!(
        found,
        [
            "Where is the exit?",
            "Done: the exit",
            "A door",
            "The exit is on fire"
        ]
    );
    assert_eq!(
        (&all["total_results"], &all["has_more"]),
        (&json!(4), &json!(false))
    );
    assert_eq!(
        (&first[0]["id"], &first[0]["content"]),
        (&exit["id"], &json!("hi"))
    );
    assert_eq!(all["members"].as_array().unwrap().len(), 4);

    for (query, expected) in [
        (
            "name=EXIT&archived=false",
            vec!["Where is the exit?", "The exit is on fire"],
        ),
        ("name=exit&archived=true", vec!["Done: the exit"]),
        ("name=where+exit&slop=1", vec![]),
        ("name=where+exit&slop=2", vec!["Where is the exit?"]),
        (
            "sort_by=creation_time&sort_order=asc&limit=2&offset=1",
            vec!["The exit is on fire", "A door"],
        ),
    ] {
        assert_eq!(names(&search(query).await), expected, "{query}");
    }
    let [bug, idea] = &tags[..] else {
        panic!("two tags");
    };
    let both = format!("tag={bug}&tag={idea}&sort_by=creation_time");
    assert_eq!(search(&both).await["total_results"], 3);
    let both = search(&format!("{both}&tag_setting=match_all")).await;
    assert_eq!(names(&both), ["The exit is on fire"]);
    let newer = search(&format!("min_id={}&limit=1", id(&exit))).await;
    assert_eq!(
        (&newer["total_results"], &newer["has_more"]),
        (&json!(3), &json!(true))
    );

    let wrong = format!("/channels/{}/threads/search?sort_by=size", id(&forum));
    let refused = bot.call(Method::GET, &wrong, None, 400).await;
    assert_eq!(
        refused["errors"]["sort_by"]["_errors"][0]["code"],
        "BASE_TYPE_CHOICES"
    );
    sandbox.finish().await
}

#[tokio::test]
async fn threads_that_the_bot_cannot_see_are_not_found() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let bot = Bot::new(&sandbox);
    let general = sandbox.channel("general")?;
    let max = sandbox.moderator();
    max.create_thread(general, "open to all", false).await?;
    max.create_thread(general, "not for bots", true).await?;
    let found = bot
        .get(&format!(
            "/channels/{general}/threads/search?sort_order=asc"
        ))
        .await;
    // The bot has Manage Threads, so it sees both.
    assert_eq!(names(&found), ["open to all", "not for bots"]);
    let manage_threads = Permissions::MANAGE_THREADS.0;
    sandbox
        .owner()
        .set_member_overwrite(general, sandbox.bot_id(), 0, manage_threads)
        .await?;
    let found = bot
        .get(&format!("/channels/{general}/threads/search"))
        .await;
    assert_eq!(names(&found), ["open to all"]);
    sandbox.finish().await
}
