use super::*;

#[test]
fn emojis_that_look_like_letters_are_reactions() {
    let mut scene = Scene::new();
    let (now, bot, general) = (scene.now, scene.ids.bot, scene.ids.general);
    let message = scene.say(bot, general, "vote").unwrap().value;
    for (emoji, expected) in [
        ("👍", 0),
        ("ℹ️", 0),
        ("🅰️", 0),
        ("Ⓜ️", 0),
        ("あ", 10014),
        ("", 10014),
        ("thumbsup", 10014),
    ] {
        let reacted = scene
            .world
            .react(now, scene.ids.owner, general, message, emoji);
        assert_eq!(code(&reacted), expected, "{emoji}");
    }
}
